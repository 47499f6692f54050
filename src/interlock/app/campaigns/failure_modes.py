"""Failure modes: proposed from failing prompts that are alike, named by a person, acted upon."""

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import Literal

from interlock.app.campaigns.findings import (
    find_campaign,
    findings_of,
    kept_campaigns,
    standing_modes,
)
from interlock.app.campaigns.rows import campaign_tries
from interlock.app.workspace import Workspace
from interlock.errors import CampaignError, NoTextError, UnknownCampaignError
from interlock.trial.campaigns import (
    Consequence,
    FailureMode,
    Group,
    ItemRef,
    Try,
    group_texts,
)

_EXEMPLARS = 3


@dataclass(frozen=True, kw_only=True)
class Among:
    """Which failing prompts are looked at.

    Prompts under an attack are alike by its words as much as by their own: ask for one attack,
    or for the empty one, to see what is behind.

    Attributes:
        category: Only this harm; all where empty.
        attack: Only this attack; empty for requests as they come, None for all.
    """

    category: str = ""
    attack: str | None = None


_ALL = Among()


@dataclass(frozen=True, kw_only=True)
class ProposedMode:
    """Failing prompts that are alike.

    Attributes:
        id: Its name until it has one: twelve digits that follow from its members.
        terms: Words that stand out, and may suggest a name.
        cohesion: Mean similarity of its members, in [0, 1].
        prompts: How many there are.
        clusters: Behaviours they stand for.
        categories: The harms, sorted.
        attacks: The attacks, sorted.
        exemplars: The most typical of them.
        findings: Digests of the recorded findings that its members belong to, sorted.
    """

    id: str
    terms: tuple[str, ...]
    cohesion: float
    prompts: int
    clusters: int
    categories: tuple[str, ...]
    attacks: tuple[str, ...]
    exemplars: tuple[ItemRef, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProposedModes:
    """What failing prompts of a campaign have in common.

    Attributes:
        modes: The proposals, the largest first.
        unread: Failing prompts whose text is not here: never kept, or erased.
    """

    modes: tuple[ProposedMode, ...]
    unread: int


def propose_modes(work: Workspace, name: str, *, among: Among = _ALL) -> ProposedModes:
    """Put a campaign's failing prompts together by their words; a person gives them meaning.

    Raises:
        UnknownCampaignError: There is no campaign of that name.
        TooManyTextsError: More prompts failed than can be held against one another.
    """
    planned = find_campaign(work, name)
    failing = [
        one
        for one in campaign_tries(work, planned.campaign)
        if one.hit and among.category in ("", one.category) and among.attack in (None, one.attack)
    ]
    chosen = {one.ref.prompt or one.ref.item: one for one in reversed(failing)}
    ordered = sorted(chosen.values(), key=lambda one: (one.ref.item, one.ref.evidence))
    texts = {k: text for k, one in enumerate(ordered) if (text := _text(work, one)) is not None}
    read = [ordered[k] for k in texts]
    findings = [
        (one.category, one.attack, digest) for digest, one in findings_of(work, planned).items()
    ]
    groups = group_texts(list(texts.values()))
    return ProposedModes(
        modes=tuple(_proposed(one, read, findings) for one in groups),
        unread=len(ordered) - len(read),
    )


def name_mode(
    work: Workspace,
    name: str,
    proposal: str,
    *,
    called: str,
    definition: str,
    among: Among = _ALL,
) -> tuple[str, FailureMode]:
    """Give a proposal the name and definition of a failure mode.

    Args:
        work: The workspace.
        name: The campaign.
        proposal: The proposal, by its `ProposedMode.id` or the beginning of it.
        called: What the failure mode is called.
        definition: What belongs to it and what does not.
        among: What was looked at when it was proposed.

    Raises:
        UnknownCampaignError: There is no such campaign or proposal.
        CampaignError: The name is taken, or no finding speaks of the proposal's prompts.
    """
    proposed = propose_modes(work, name, among=among).modes
    found = [one for one in proposed if proposal and one.id.startswith(proposal)]
    if len(found) != 1:
        raise UnknownCampaignError("proposal", proposal, tuple(one.id for one in proposed))
    if any(one.name == called for one in standing_modes(work).values()):
        raise CampaignError(called, "there is a failure mode of this name; take another name")
    if not found[0].findings:
        fault = "no finding speaks of its prompts; record one with `interlock campaign find` first"
        raise CampaignError(called, fault)
    made = FailureMode(
        name=called,
        definition=definition,
        findings=found[0].findings,
        exemplars=found[0].exemplars,
    )
    return kept_campaigns(work).keep(made), made


def list_modes(work: Workspace) -> dict[str, FailureMode]:
    """Every failure mode as it stands, by digest, in the order of their names."""
    return dict(sorted(standing_modes(work).items(), key=lambda one: one[1].name))


def link_mode(
    work: Workspace, called: str, *, kind: Literal["part", "mitigation", "boundary"], says: str
) -> tuple[str, FailureMode]:
    """Say what a failure mode led to; what was said before stays.

    Args:
        work: The workspace.
        called: The failure mode.
        kind: See `Consequence`.
        says: The part's name, or a sentence.

    Raises:
        UnknownCampaignError: There is none of that name.
        CampaignError: That was said of it already.
    """
    standing = standing_modes(work)
    found = [(digest, one) for digest, one in standing.items() if one.name == called]
    if not found:
        names = tuple(sorted({one.name for one in standing.values()}))
        raise UnknownCampaignError("failure mode", called, names)
    ((digest, before),) = found
    more = Consequence(kind=kind, says=says)
    if more in before.led_to:
        raise CampaignError(called, "this was said of it already")
    made = dataclasses.replace(before, led_to=(*before.led_to, more), follows=digest)
    return kept_campaigns(work).keep(made), made


def _text(work: Workspace, one: Try) -> str | None:
    """What was sent; None where it is not here."""
    try:
        return work.texts.get(one.ref.prompt) if one.ref.prompt else None
    except NoTextError:
        return None


def _proposed(group: Group, read: list[Try], findings: list[tuple[str, str, str]]) -> ProposedMode:
    members = [read[k] for k in group.members]
    names = "\n".join(sorted(f"{one.ref.evidence} {one.ref.item}" for one in members))
    cells = {(one.category, one.attack) for one in members}
    return ProposedMode(
        id=hashlib.sha256(names.encode()).hexdigest()[:12],
        terms=group.terms,
        cohesion=group.cohesion,
        prompts=len(members),
        clusters=len({one.ref.cluster for one in members}),
        categories=tuple(sorted({category for category, _ in cells})),
        attacks=tuple(sorted({attack for _, attack in cells})),
        exemplars=tuple(one.ref for one in members[:_EXEMPLARS]),
        findings=tuple(sorted(digest for *cell, digest in findings if tuple(cell) in cells)),
    )
