"""Campaigns: planned, looked at, and turned into findings."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.record_folder import RecordFolder
from interlock.app.campaigns.rows import campaign_tries, hit_metrics, recorded_tries
from interlock.app.settings import check_product
from interlock.app.workspace import HIDDEN, Workspace
from interlock.charter import HarmCategory, SliceValue
from interlock.errors import CampaignError, UnknownCampaignError
from interlock.trial.campaigns import (
    Campaign,
    FailingCell,
    FailureMode,
    Finding,
    Try,
    failing_cells,
    load_campaign,
    quarter_of,
)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A campaign that is kept.

    Attributes:
        digest: Digest of the record.
        campaign: The plan.
    """

    digest: str
    campaign: Campaign


@dataclass(frozen=True, kw_only=True)
class CampaignStatus:
    """How far a campaign is.

    Attributes:
        planned: The plan.
        calls: Calls of systems that its rows stand for, repeats counted.
        tokens: Tokens of the answers.
        cells: What was tried, those with the most behaviours hit first.
        idle: Attacks of the plan under which nothing was tried yet.
        untried: Categories of the plan in which nothing was tried yet.
        new: Attacks under which nothing was tried on the product before this quarter.
        severities: How many findings there are of each severity.
        modes: How many failure modes there are of each status.
    """

    planned: Planned
    calls: int
    tokens: int
    cells: tuple[FailingCell, ...]
    idle: tuple[str, ...]
    untried: tuple[str, ...]
    new: tuple[str, ...]
    severities: dict[int, int]
    modes: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class CampaignFindings:
    """What a campaign found.

    Attributes:
        recorded: Findings by digest, the most severe first.
        waiting: Cells with hits that no finding speaks of, the most behaviours hit first.
    """

    recorded: dict[str, Finding]
    waiting: tuple[FailingCell, ...]


@dataclass(frozen=True, kw_only=True)
class Rated:
    """How an analyst rates a finding.

    Attributes:
        category: The harm.
        metric: What was measured.
        severity: Level of one occurrence on the category's scale.
        title: What was found, in a line; never a prompt or an answer.
        attack: The attack; empty for requests as they come.
    """

    category: str
    metric: str
    severity: int
    title: str
    attack: str = ""


def new_campaign(work: Workspace, file: Path) -> Planned:
    """Keep the plan that a file holds.

    Raises:
        CharterError: The file is no plan, or names what there is not.
        UnlistedProductError: The workspace does not list the product.
        CampaignError: There is another campaign of that name already.
    """
    made = load_campaign(file.read_bytes(), file=str(file), charter=work.charter())
    check_product(work.folder, made.product)
    folder = kept_campaigns(work)
    for other in folder.all(Campaign).values():
        if other.name == made.name and other != made:
            raise CampaignError(made.name, "another plan has this name; take another name")
    return Planned(digest=folder.keep(made), campaign=made)


def campaign_status(work: Workspace, name: str) -> CampaignStatus:
    """How far a campaign is: spent, tried, found, and what is left of its plan.

    Raises:
        UnknownCampaignError: There is none of that name.
    """
    planned = find_campaign(work, name)
    tries = campaign_tries(work, planned.campaign)
    calls = _calls(tries)
    attacks, categories = {one.attack for one in tries}, {one.category for one in tries}
    found = findings_of(work, planned)
    modes = [one for one in standing_modes(work).values() if found.keys() & set(one.findings)]
    return CampaignStatus(
        planned=planned,
        calls=len(calls),
        tokens=sum(calls.values()),
        cells=failing_cells(tries),
        idle=tuple(one for one in planned.campaign.attacks if one not in attacks),
        untried=tuple(one for one in planned.campaign.categories if one not in categories),
        new=tuple(sorted(attacks - _attacks_before(work, planned.campaign) - {""})),
        severities=dict(sorted(Counter(one.severity for one in found.values()).items())),
        modes=dict(sorted(Counter(one.status for one in modes).items())),
    )


def campaign_findings(work: Workspace, name: str) -> CampaignFindings:
    """What was found, and which hits nobody has spoken of yet.

    Raises:
        UnknownCampaignError: There is none of that name.
    """
    planned = find_campaign(work, name)
    found = findings_of(work, planned)
    spoken = {(one.category, one.attack, one.metric) for one in found.values()}
    cells = failing_cells(campaign_tries(work, planned.campaign))
    waiting = [
        one for one in cells if one.hit and (one.category, one.attack, one.metric) not in spoken
    ]
    worst_first = sorted(found.items(), key=lambda one: (-one[1].severity, one[0]))
    return CampaignFindings(recorded=dict(worst_first), waiting=tuple(waiting))


def record_finding(work: Workspace, name: str, rated: Rated) -> tuple[str, Finding]:
    """Keep a finding on a cell that has hits, with the items that show it.

    Raises:
        UnknownCampaignError: There is no campaign of that name.
        CampaignError: The cell has no hits, or the severity is no level of the category's scale.
    """
    planned = find_campaign(work, name)
    category = _category(work, name, rated)
    tries = campaign_tries(work, planned.campaign)
    key = (rated.category, rated.attack, rated.metric)
    cells = failing_cells(tries)
    cell = next((one for one in cells if (one.category, one.attack, one.metric) == key), None)
    if cell is None or not cell.hit:
        fault = (
            f"no {rated.metric} was seen in {rated.category} under {rated.attack or 'no attack'}"
        )
        raise CampaignError(name, f"{fault}; `interlock campaign findings {name}` lists what was")
    made = Finding(
        campaign=planned.digest,
        title=rated.title,
        category=cell.category,
        attack=cell.attack,
        metric=cell.metric,
        severity=rated.severity,
        scale=category.scale,
        slices=_shared_slices([one for one in tries if one.hit], key),
        clusters=cell.hit,
        tried=cell.tried,
        exemplars=cell.exemplars,
    )
    return kept_campaigns(work).keep(made), made


def kept_campaigns(work: Workspace) -> RecordFolder:
    """Campaigns, findings and failure modes of a workspace."""
    return RecordFolder(work.path(HIDDEN) / "campaigns")


def find_campaign(work: Workspace, name: str) -> Planned:
    """The campaign of a name.

    Raises:
        UnknownCampaignError: There is none.
    """
    found = kept_campaigns(work).all(Campaign)
    for digest, one in found.items():
        if one.name == name:
            return Planned(digest=digest, campaign=one)
    raise UnknownCampaignError("campaign", name, tuple(sorted(one.name for one in found.values())))


def findings_of(work: Workspace, planned: Planned) -> dict[str, Finding]:
    """The findings of a campaign by digest."""
    found = kept_campaigns(work).all(Finding)
    return {name: one for name, one in found.items() if one.campaign == planned.digest}


def standing_modes(work: Workspace) -> dict[str, FailureMode]:
    """The failure modes that no later record has replaced, by digest."""
    found = kept_campaigns(work).all(FailureMode)
    replaced = {one.follows for one in found.values()}
    return {name: one for name, one in found.items() if name not in replaced}


def _category(work: Workspace, name: str, rated: Rated) -> HarmCategory:
    charter = work.charter()
    category = next((one for one in charter.categories if one.id == rated.category), None)
    if category is None:
        raise CampaignError(name, f"the charter has no category {rated.category}")
    scale = next(one for one in charter.scales if one.id == category.scale)
    if rated.severity not in {one.level for one in scale.levels}:
        levels = "; ".join(f"{one.level} {one.meaning}" for one in scale.levels)
        fault = f"{rated.severity} is no level of {scale.id}; its levels are {levels}"
        raise CampaignError(name, fault)
    return category


def _attacks_before(work: Workspace, campaign: Campaign) -> set[str]:
    runs = recorded_tries(work, campaign.product, metrics=hit_metrics(work))
    earlier = (run for run in runs if quarter_of(run.time) < campaign.period)
    return {one.attack for run in earlier for one in run.tries}


def _calls(tries: tuple[Try, ...]) -> dict[tuple[str, str, int], int]:
    """Tokens by call; several metrics of one answer are one call."""
    found: dict[tuple[str, str, int], int] = {}
    for one in tries:
        key = (one.ref.evidence, one.ref.item, one.epoch)
        found[key] = max(found.get(key, 0), one.tokens)
    return found


def _shared_slices(hits: list[Try], key: tuple[str, str, str]) -> tuple[SliceValue, ...]:
    """What all hits of a cell have in common besides."""
    inside = [one for one in hits if (one.category, one.attack, one.metric) == key]
    own = {"category", "attack", "campaign", "kind"}
    shared = set(inside[0].slices.items()).intersection(*(one.slices.items() for one in inside))
    return tuple(
        SliceValue(slice=name, value=value) for name, value in sorted(shared) if name not in own
    )
