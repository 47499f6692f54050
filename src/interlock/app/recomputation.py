"""Recomputation: a second person derives a verdict again from the rows, and signs what came out."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from interlock.admission import Accepted, Recomputation, Run, Seal, State, Verdict
from interlock.app.acts import find_act
from interlock.app.verdicts import derive, judgement_of, says
from interlock.app.workspace import Appended, Workspace
from interlock.errors import (
    AlphaSpentError,
    BrokenOrderError,
    ConflictingItemError,
    HarvestedBankError,
    InvalidRecordError,
    NotANumberError,
    OutOfRangeError,
    PairedTwiceError,
    RecordMissingError,
    UnorderedClusterError,
    UntrueSealError,
    UntrueVerdictError,
    WrongSampleError,
)
from interlock.gate import EvidenceCounts, Judgement
from interlock.ledger import Signer, digest

_UNDERIVABLE = (
    AlphaSpentError,
    BrokenOrderError,
    ConflictingItemError,
    HarvestedBankError,
    InvalidRecordError,
    NotANumberError,
    OutOfRangeError,
    PairedTwiceError,
    UnorderedClusterError,
    UntrueSealError,
    WrongSampleError,
)
"""What the seal and the rows themselves forbid; evidence that is not at hand is another matter."""


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """What a second person arrived at.

    Attributes:
        act: The recomputation on the log.
        verdict: Statement identity of the verdict derived again.
        judgement: What came out.
        differs: What is not as it was recorded, in words; nothing where it agrees.
    """

    act: Appended
    verdict: str
    judgement: Judgement
    differs: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every figure came out as it was recorded, bit for bit."""
        return not self.differs


def recompute(work: Workspace, verdict_id: str, *, signer: Signer) -> Recomputed:
    """Derive a verdict again from the recorded rows, and sign what came out, whatever it is.

    Where it is not what was recorded the verdict is disputed for good: no go
    rests on it, and a standing one falls. So it is where the verdict is not
    what its own record says, or where the seal or the rows let nothing be
    derived, which the judgement signed says in its name.

    Raises:
        NotOnLogError: There is no such verdict.
        RefusedActError: The signer made the verdict, may not derive it, or
            somebody has said the same of it before.
        InterlockError: The evidence is not stored here, or was altered.
    """
    state = work.state()
    found = find_act(state, verdict_id, Verdict)
    recorded = _recorded(work, found)
    try:
        fresh = _derived(work, state, found, recorded=recorded)
    except _UNDERIVABLE as error:
        fresh = _nothing(state, found, reason=str(error))
    named = digest(fresh) == found.act.judgement
    # A record kept in an older form has another digest than the same figures have today.
    same = fresh == recorded or (named and says(found.act, fresh))
    if named and not same:
        # The verdict belies the very record it names, which would look like agreement.
        fresh = replace(fresh, name=f"{fresh.name} (the verdict says otherwise)")
    act = Recomputation(
        verdict=found.identity, judgement=found.act.judgement if same else digest(fresh)
    )
    done = work.append(act, signer, records=() if fresh == recorded else (fresh,))
    differs = () if same else _differing(recorded, fresh)
    return Recomputed(act=done, verdict=found.identity, judgement=fresh, differs=differs)


def _recorded(work: Workspace, verdict: Accepted[Verdict]) -> Judgement | None:
    """The judgement that a verdict names; nothing where it is not stored, or says otherwise."""
    try:
        return judgement_of(work, verdict)
    except (RecordMissingError, UntrueVerdictError):
        return None


def _nothing(state: State, verdict: Accepted[Verdict], *, reason: str) -> Judgement:
    """A judgement that nothing could be judged, and why."""
    seal = find_act(state, verdict.act.seal, Seal)
    return Judgement(
        hypothesis=seal.act.hypothesis,
        name=f"nothing can be derived: {reason}",
        outcome="undecided",
        basis=seal.act.basis,
        seed=0,
        verdicts=(),
        slices=(),
        evidence=EvidenceCounts(expected=0, observed=0, unscored=0, errored=0),
        unjudged=(),
    )


def _derived(
    work: Workspace, state: State, verdict: Accepted[Verdict], *, recorded: Judgement | None
) -> Judgement:
    """What the rows come to, on the runs that were there when the verdict was derived."""
    seal = find_act(state, verdict.act.seal, Seal)
    tried = []
    for runs in _moments(state, seal, verdict):
        tried.append(derive(work, seal, runs)[verdict.act.system])
        if tried[-1] == recorded:
            break
    return tried[-1] if tried[-1] == recorded else tried[0]


def _moments(
    state: State, seal: Accepted[Seal], verdict: Accepted[Verdict]
) -> Iterator[dict[str, Accepted[Run]]]:
    """The runs recorded by then, the likeliest moment first.

    Candidates share what a seal may spend, so it matters who was there. A run
    may have been recorded while the verdict was being derived, which did not
    see it; so each moment since the verdict's own runs is tried.
    """
    own = {identity: state.accepted[identity] for identity in verdict.act.runs}
    systems = (seal.act.baseline, *seal.act.candidates)
    runs = (state.runs.get((seal.identity, system)) for system in systems)
    before = [run for run in runs if run is not None and run.index < verdict.index]
    there = sorted(before, key=lambda run: run.index)
    earliest = max(run.index for run in own.values())
    while there and there[-1].index >= earliest:
        yield {run.act.system: run for run in there}
        there.pop()


def _differing(recorded: Judgement | None, fresh: Judgement) -> tuple[str, ...]:
    """What is not the same in two judgements: the criteria first, then everything else."""
    if recorded is None:
        return (f"{fresh.outcome} came out; the verdict's own record is absent or says otherwise",)
    criteria = [
        f"{one.label}: {before.outcome} was recorded, {one.outcome} came out"
        for before, one in zip(recorded.verdicts, fresh.verdicts, strict=False)
        if before != one
    ]
    beside = [
        each.name
        for each in fields(fresh)
        if getattr(recorded, each.name) != getattr(fresh, each.name)
    ]
    return (*criteria, *beside)
