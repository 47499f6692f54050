"""What stands behind a decision: believed only where the records say what was signed."""

from collections.abc import Mapping

import pyarrow as pa

from interlock.admission import Accepted, Assessment, Basis, Run, Seal, State, Verdict
from interlock.app.acts import find_act
from interlock.app.samples import check_sample, root_after
from interlock.app.workspace import Workspace
from interlock.charter import Charter, Hypothesis
from interlock.errors import UntrueChangeError, UntrueSealError, UntrueVerdictError
from interlock.gate import PAIRING_COLUMNS, Judgement, Terms, judge_variants, lineage_key, seed_of
from interlock.trial import System, diff


def judgement_of(work: Workspace, verdict: Accepted[Verdict]) -> Judgement:
    """The judgement that a verdict names, if the verdict says what it says.

    Whoever signs a verdict signs a digest and the outcomes beside it; the log
    cannot see that the two belong together, so every use looks.

    Raises:
        UntrueVerdictError: The record is no judgement, or came to something else.
    """
    found = work.log.record(verdict.act.judgement)
    if not isinstance(found, Judgement) or not says(verdict.act, found):
        raise UntrueVerdictError(verdict.identity)
    return found


def says(verdict: Verdict, judgement: Judgement) -> bool:
    """Whether a verdict says of every criterion what a judgement came to."""
    signed = {one.criterion: one.outcome for one in verdict.criteria}
    came = {one.criterion: one.outcome for one in judgement.verdicts}
    return judgement.outcome == verdict.outcome and came == signed


def check_verdict(work: Workspace, state: State, verdict_id: str) -> None:
    """Refuse a verdict that is not what its numbers, or its seal what its hypothesis, says.

    Raises:
        UntrueVerdictError: The verdict is not what its numbers came to.
        UntrueSealError: Its seal is not what the hypothesis says.
    """
    verdict = find_act(state, verdict_id, Verdict)
    judgement_of(work, verdict)
    check_seal(work, find_act(state, verdict.act.seal, Seal))


def check_basis(work: Workspace, state: State, assessed: Accepted[Assessment]) -> None:
    """Refuse an assessment whose verdict, seal or standard change is not what its records say.

    Raises:
        UntrueVerdictError: The verdict is not what its numbers came to.
        UntrueSealError: Its seal is not what the hypothesis says.
        UntrueChangeError: The system differs from the baseline in other parts.
    """
    check_verdict(work, state, assessed.act.verdict)
    if assessed.act.change != "standard":
        return
    verdict = find_act(state, assessed.act.verdict, Verdict)
    seal = find_act(state, verdict.act.seal, Seal)
    before: System = work.log.record(seal.act.baseline)
    after: System = work.log.record(assessed.act.system)
    found = diff(before, after).changed
    if found != assessed.act.changed:
        raise UntrueChangeError(assessed.identity, found, assessed.act.changed)


def check_seal(work: Workspace, seal: Accepted[Seal]) -> None:
    """Refuse a seal that is not what its hypothesis says: its attempts would be miscounted.

    The log sees digests and cannot look into the hypothesis; its own rules
    count attempts by the claims that the seal says are its hypothesis's.

    Raises:
        UntrueSealError: Something of it differs, all of which is named.
    """
    act, hypothesis = seal.act, work.log.record(seal.act.hypothesis)
    if not isinstance(hypothesis, Hypothesis):
        raise UntrueSealError(seal.identity, ("hypothesis",))
    claims = {(each.id, lineage_key(each)) for each in hypothesis.criteria}
    same = {
        "product": act.product == hypothesis.product,
        "confirmatory": act.confirmatory == hypothesis.confirmatory,
        "basis": act.basis == hypothesis.basis,
        "candidates": len(act.candidates) == len(hypothesis.candidates),
        "claims": {(each.criterion, each.claim) for each in act.lineages} == claims,
    }
    if not all(same.values()):
        raise UntrueSealError(
            seal.identity, tuple(name for name, holds in same.items() if not holds)
        )


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
        UntrueSealError: The seal is not what its hypothesis says.
        WrongSampleError: A run that calls itself prospective is not what the seal drew.
        InterlockError: The evidence is refused; see `gate.judge`.
    """
    check_seal(work, seal)
    for run in runs.values():
        if run.act.basis == "prospective":
            check_sample(work, seal, work.evidence.open(run.act.evidence))
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
