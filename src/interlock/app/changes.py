"""Changes of a system: what differs, which evidence that makes stale, what has aged out."""

from collections.abc import Iterator
from dataclasses import dataclass

from interlock.admission import Accepted, Outcome, Seal, State, Verdict
from interlock.app.ageing import bears_until, recorded_since
from interlock.app.charters import charter_in_force
from interlock.app.systems import Manifest, show_system
from interlock.app.workspace import Workspace
from interlock.charter import Charter, Hypothesis
from interlock.trial import Difference, diff, stale


@dataclass(frozen=True, kw_only=True)
class CarriedEvidence:
    """What a change leaves of the evidence under one seal on the system it starts from.

    Attributes:
        seal: Statement identity of the seal.
        hypothesis: What people call its hypothesis.
        role: ``baseline`` or ``candidate``.
        verdict: Statement identity of the verdict on the system; empty without one.
        outcome: What the verdict came to; ``None`` without one.
        stays: Judged metrics whose evidence still speaks about the changed system.
        stale: Judged metrics that must be run again.
        recorded: When the oldest of its evidence, its baseline's included, was first
            recorded, be it under an earlier seal; empty where it was not.
        ages_out: When it becomes too old to bear a GO; empty where it does not age.
        aged_out: Whether it is too old already.
    """

    seal: str
    hypothesis: str
    role: str
    verdict: str
    outcome: Outcome | None
    stays: tuple[str, ...]
    stale: tuple[str, ...]
    recorded: str
    ages_out: str
    aged_out: bool

    @property
    def seal_again(self) -> bool:
        """Whether its hypothesis must be sealed and run again for the changed system."""
        return bool(self.stale) or self.aged_out


@dataclass(frozen=True, kw_only=True)
class SystemChange:
    """One system compared with another.

    Attributes:
        before: The system there is evidence on.
        after: The system it became.
        difference: Every part that differs.
        standard: Whether the charter lets all of these parts change without the panel.
        evidence: What is left of the evidence under each seal, in the log's order.
    """

    before: Manifest
    after: Manifest
    difference: Difference
    standard: bool
    evidence: tuple[CarriedEvidence, ...]


def compare_systems(work: Workspace, before: str, after: str) -> SystemChange:
    """What a change from one system to another makes of the evidence on the first.

    Nothing is decided here: a GO on the changed system takes a verdict of its
    own, whatever stays.

    Raises:
        ManifestMissingError: There is no such manifest.
        CharterError: A manifest is not valid.
        NoCharterError: No charter was adopted yet.
    """
    first, second = show_system(work, before), show_system(work, after)
    charter = charter_in_force(work)
    difference = diff(first.system, second.system)
    changed = set(difference.changed)
    return SystemChange(
        before=first,
        after=second,
        difference=difference,
        standard=bool(changed) and changed <= set(charter.changes.standard_parts),
        evidence=tuple(_carried(work, first.digest, (difference, charter))),
    )


def _carried(
    work: Workspace, system: str, given: tuple[Difference, Charter]
) -> Iterator[CarriedEvidence]:
    state, (difference, charter) = work.state(), given
    for seal in state.of(Seal):
        if system not in (seal.act.baseline, *seal.act.candidates):
            continue
        hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
        touched = stale(difference, charter, hypothesis.metrics)
        verdict = _verdict(state, seal, system)
        recorded = _recorded(state, seal, system)
        days = charter.evidence_days
        ages_out = bears_until(recorded, days) if recorded and days else ""
        yield CarriedEvidence(
            seal=seal.identity,
            hypothesis=hypothesis.name,
            role="baseline" if system == seal.act.baseline else "candidate",
            verdict=verdict.identity if verdict else "",
            outcome=verdict.act.outcome if verdict else None,
            stays=tuple(one for one in hypothesis.metrics if one not in touched),
            stale=touched,
            recorded=recorded,
            ages_out=ages_out,
            aged_out=bool(ages_out) and ages_out <= work.clock.now(),
        )


def _verdict(state: State, seal: Accepted[Seal], system: str) -> Accepted[Verdict] | None:
    found = (
        one
        for one in state.of(Verdict)
        if one.act.seal == seal.identity and one.act.system == system
    )
    return next(found, None)


def _recorded(state: State, seal: Accepted[Seal], system: str) -> str:
    """Since when the evidence on a system counts, a candidate's together with its baseline's."""
    if (seal.identity, system) not in state.runs:
        return ""
    found = (state.runs.get((seal.identity, each)) for each in (seal.act.baseline, system))
    return recorded_since(state, (run.act for run in found if run is not None))
