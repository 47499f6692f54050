"""What stands behind a decision: believed only where the records say what was signed."""

from collections.abc import Mapping

import pyarrow as pa

from interlock.admission import Accepted, Assessment, Basis, Run, Seal, State, Verdict
from interlock.app.acts import find_act
from interlock.app.samples import root_after
from interlock.app.workspace import Workspace
from interlock.charter import Charter, Hypothesis
from interlock.errors import UntrueChangeError, UntrueVerdictError
from interlock.gate import PAIRING_COLUMNS, Judgement, Terms, judge_variants, seed_of
from interlock.trial import System, diff


def judgement_of(work: Workspace, verdict: Accepted[Verdict]) -> Judgement:
    """The judgement that a verdict names, if the verdict says what it says.

    Whoever signs a verdict signs a digest and the outcomes beside it; the log
    cannot see that the two belong together, so every use looks.

    Raises:
        UntrueVerdictError: The record is no judgement, or came to something else.
    """
    found = work.log.record(verdict.act.judgement)
    signed = {one.criterion: one.outcome for one in verdict.act.criteria}
    if (
        not isinstance(found, Judgement)
        or found.outcome != verdict.act.outcome
        or {one.criterion: one.outcome for one in found.verdicts} != signed
    ):
        raise UntrueVerdictError(verdict.identity)
    return found


def check_basis(work: Workspace, state: State, assessed: Accepted[Assessment]) -> None:
    """Refuse an assessment whose verdict, or whose standard change, is not what its records say.

    Raises:
        UntrueVerdictError: The verdict is not what its numbers came to.
        UntrueChangeError: The system differs from the baseline in other parts.
    """
    verdict = find_act(state, assessed.act.verdict, Verdict)
    judgement_of(work, verdict)
    if assessed.act.change != "standard":
        return
    seal = find_act(state, verdict.act.seal, Seal)
    before: System = work.log.record(seal.act.baseline)
    after: System = work.log.record(assessed.act.system)
    found = diff(before, after).changed
    if found != assessed.act.changed:
        raise UntrueChangeError(assessed.identity, found, assessed.act.changed)


def derive(
    work: Workspace, seal: Accepted[Seal], runs: Mapping[str, Accepted[Run]]
) -> dict[str, Judgement]:
    """What the recorded rows come to for every candidate that has a run, by its digest.

    The orders of all bets derive from the seal and the first checkpoint after
    it, so that deriving it again gives the same, bit for bit.

    Args:
        work: The workspace.
        seal: The seal.
        runs: The runs to judge on, by system; the baseline's is among them.

    Raises:
        InterlockError: The evidence is refused; see `gate.judge`.
    """
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    charter: Charter = work.log.record(seal.act.charter)
    terms = Terms(
        basis=_basis(*runs.values()),
        seed=seed_of(seal.identity, root_after(work, seal).hex()),
        attempts={one.claim: one.attempt for one in seal.act.lineages},
        schedule=charter.schedule,
        variants=len(seal.act.candidates),
    )
    rows = {system: _rows(work, run) for system, run in runs.items()}
    return judge_variants(hypothesis, rows.pop(seal.act.baseline), rows, terms=terms)


def _basis(*runs: Accepted[Run]) -> Basis:
    """Prospective only if every run is."""
    prospective = all(run.act.basis == "prospective" for run in runs)
    return "prospective" if prospective else "retrospective"


def _rows(work: Workspace, run: Accepted[Run]) -> pa.Table:
    return work.evidence.open(run.act.evidence, columns=PAIRING_COLUMNS)
