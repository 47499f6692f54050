"""Recorded evidence as tries: by product, by quarter, by system."""

from collections.abc import Iterator
from dataclasses import dataclass

from interlock.admission import Decision, Run, Seal
from interlock.app.systems import system_names
from interlock.app.workspace import Workspace
from interlock.trial.campaigns import Campaign, Try, quarter_of, tries_of


@dataclass(frozen=True, kw_only=True)
class RecordedTries:
    """The rows of one run.

    Attributes:
        system: Digest of the system that was tried.
        name: What people call it.
        time: When the run was recorded, by the log's clock.
        evidence: Digest of the observations.
        tries: Its rows of the metrics asked for.
    """

    system: str
    name: str
    time: str
    evidence: str
    tries: tuple[Try, ...]


def hit_metrics(work: Workspace) -> tuple[str, ...]:
    """Metrics of the charter on which 1 is the worst and 0 the best that can happen."""
    metrics = work.charter().metrics
    found = [one for one in metrics if one.direction == "lower" and (one.low, one.high) == (0, 1)]
    return tuple(sorted(one.name for one in found))


def recorded_tries(
    work: Workspace, product: str, *, metrics: tuple[str, ...], quarter: str = ""
) -> Iterator[RecordedTries]:
    """Every run of a product, in the log's order; evidence that several runs name comes once.

    Args:
        work: The workspace.
        product: The product.
        metrics: Rows of which metrics are wanted.
        quarter: Only runs recorded in it; all where empty.

    Raises:
        EvidenceError: Evidence on the log is not in this workspace, or was altered.
    """
    state = work.state()
    seen: set[str] = set()
    for run in state.of(Run):
        seal = state.find(run.act.seal, Seal)
        there = seal is not None and seal.act.product == product
        if seal is None or not there or run.act.evidence in seen:
            continue
        if quarter and quarter_of(run.time) != quarter:
            continue
        seen.add(run.act.evidence)
        rows = work.evidence.open(run.act.evidence)
        yield RecordedTries(
            system=run.act.system,
            name=system_names(work, seal.act).get(run.act.system, run.act.system[:12]),
            time=run.time,
            evidence=run.act.evidence,
            tries=tuple(tries_of(rows, evidence=run.act.evidence, metrics=metrics)),
        )


def campaign_tries(work: Workspace, campaign: Campaign) -> tuple[Try, ...]:
    """The rows that a campaign made: those that name it, or that nothing but its plan explains.

    A row whose slice ``campaign`` names another is another's. One that names none counts where
    its product, quarter, category and attack are the plan's.
    """
    runs = recorded_tries(
        work, campaign.product, metrics=hit_metrics(work), quarter=campaign.period
    )
    return tuple(one for run in runs for one in run.tries if _belongs(one, campaign))


def released(work: Workspace, product: str) -> frozenset[str]:
    """Systems of a product that a decision once let go."""
    decisions = work.state().of(Decision)
    return frozenset(
        one.act.system
        for one in decisions
        if one.act.product == product and one.act.outcome == "go"
    )


def _belongs(one: Try, campaign: Campaign) -> bool:
    named = one.slices.get("campaign", "")
    if named:
        return named == campaign.name
    return one.category in campaign.categories and one.attack in ("", *campaign.attacks)
