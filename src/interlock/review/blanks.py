"""What stands between an assessment and a signature."""

from collections.abc import Iterator
from typing import get_args

from interlock.review.blank import Blank, empty, twice, unwritten
from interlock.review.blanks_case import case
from interlock.review.blanks_evidence import evidence
from interlock.review.blanks_operation import operation
from interlock.review.blanks_risk import risk
from interlock.review.document import SafetyImpactAssessment
from interlock.review.draft import Draft
from interlock.review.scope import Group


def blanks(document: SafetyImpactAssessment) -> tuple[Blank, ...]:
    """Everything that keeps the document from being put before a panel; empty if nothing does."""
    return (
        *_identity(document),
        *_use(document.draft),
        *_people(document.draft),
        *risk(document),
        *evidence(document),
        *_choice(document.draft),
        *case(document),
        *operation(document.draft),
    )


def _identity(document: SafetyImpactAssessment) -> Iterator[Blank]:
    draft = document.draft
    yield from unwritten("", id=draft.id, title=draft.title, product=draft.product)
    if draft.status != "final":
        yield Blank("status", "is draft; set it to final once you stand by every word")
    if draft.version > 1 and not draft.supersedes.strip():
        yield Blank("supersedes", f"is empty in version {draft.version}; name what it replaces")
    if draft.valid_days is None:
        yield Blank("valid_days", "a go without an end is none; say after how many days it expires")
    yield from empty(
        "reassess_when", draft.reassess_when, "name what makes another assessment necessary"
    )
    if draft.change == "standard" and not draft.follows:
        yield Blank("follows", "a standard change stays inside a standing go; give its identity")
    if draft.change == "standard" and not document.changed:
        yield Blank("change", "nothing differs from the baseline; a standard change changes a part")
    if draft.change != "standard" and draft.follows:
        yield Blank(
            "follows", f"belongs to a standard change, and this is {draft.change}: empty it"
        )


def _use(draft: Draft) -> Iterator[Blank]:
    yield from unwritten("", purpose=draft.purpose)
    yield from empty("users", draft.users, "name who is meant to use it")
    yield from empty("languages", draft.languages, "name the languages it is meant for")
    yield from empty("tiers", draft.tiers, "name the tiers of service it is meant for")
    yield from empty("excluded_uses", draft.excluded_uses, "name at least one use it is not for")
    yield from empty("misuse", draft.misuse, "name the misuse that can be foreseen")
    yield from empty(
        "limits", draft.limits, "name what the evidence does not cover; there is always something"
    )
    yield from unwritten("", elicitation=draft.elicitation)


def _people(draft: Draft) -> Iterator[Blank]:
    if not draft.regimes:
        yield Blank("regimes", "is empty; name the rules in play, and those that are not, and why")
    for k, regime in enumerate(draft.regimes):
        yield from unwritten(
            f"regimes[{k}]", name=regime.name, role=regime.role, reason=regime.reason
        )
    groups = {party.group for party in draft.affected}
    for group in get_args(Group):
        if group not in groups | {"others"}:
            yield Blank("affected", f"nobody is of the group {group}; say how it affects them")
    for k, party in enumerate(draft.affected):
        yield from unwritten(f"affected[{k}]", who=party.who, how=party.how)
    if not draft.interests:
        yield Blank("interests", "is empty; name who gains or loses, yourself first")
    for k, one in enumerate(draft.interests):
        yield from unwritten(
            f"interests[{k}]", person=one.person, interest=one.interest, handled=one.handled
        )
    yield from unwritten("", independence=draft.independence)


def _choice(draft: Draft) -> Iterator[Blank]:
    yield from unwritten("", not_shipping=draft.not_shipping)
    for k, other in enumerate(draft.alternatives):
        yield from unwritten(f"alternatives[{k}]", option=other.option, why_not=other.why_not)
    yield from empty("benefits", draft.benefits, "name what is gained, apart from the harm")
    yield from twice("disclosure[{}].field", (one.field for one in draft.disclosure))
