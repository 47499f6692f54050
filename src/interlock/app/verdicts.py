"""What stands behind a decision: believed only where the records say what was signed."""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from interlock.admission import Accepted, Assessment, Basis, Run, Seal, State, Verdict
from interlock.app.acts import find_act
from interlock.app.attempts import count_attempts
from interlock.app.drawn_cases import Clusters
from interlock.app.harvests import check_harvest
from interlock.app.samples import (
    bank_fault,
    check_sample,
    clusters_of,
    drawn_clusters,
    root_after,
    sealed_bank,
    sealed_protocol,
)
from interlock.app.workspace import Workspace
from interlock.charter import Charter, Hypothesis, is_sequential
from interlock.errors import (
    InvalidRecordError,
    UntrueChangeError,
    UntrueSealError,
    UntrueVerdictError,
    WrongSampleError,
)
from interlock.gate import (
    PAIRING_COLUMNS,
    Judgement,
    Place,
    Terms,
    drawn_sizes,
    judge_variants,
    lineage_key,
    seed_of,
)
from interlock.trial import CaseBank, System, diff


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
        HarvestedBankError: Its bank is a part of an earlier one of the product.
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
        "bank": _suits(work, seal, hypothesis),
    }
    if not all(same.values()):
        raise UntrueSealError(
            seal.identity, tuple(name for name, holds in same.items() if not holds)
        )
    if act.bank:
        bank = sealed_bank(work, seal)
        check_harvest(work, work.state(), bank, product=act.product, before=seal.index)


def _suits(work: Workspace, seal: Accepted[Seal], hypothesis: Hypothesis) -> bool:
    """Whether the hypothesis can be tried on the seal's bank."""
    if not seal.act.bank:
        return not is_sequential(hypothesis)
    try:
        bank = sealed_bank(work, seal)
        cases = isinstance(bank, CaseBank)
        protocol = sealed_protocol(work, seal.identity) if cases else None
    except InvalidRecordError:
        return False
    charter: Charter = work.log.record(seal.act.charter)
    return not bank_fault(hypothesis, bank, protocol, charter=charter)


def terms_of(work: Workspace, seal: Accepted[Seal], *, basis: Basis) -> Terms:
    """The terms under which a seal is judged: attempts, seed, and the order that it drew.

    Args:
        work: The workspace.
        seal: The seal; it is what its hypothesis says (see `check_seal`).
        basis: What the evidence is.
    """
    charter: Charter = work.log.record(seal.act.charter)
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    terms = Terms(
        basis=basis,
        seed=seed_of(seal.identity, root_after(work, seal).hex()),
        attempts=count_attempts(
            work,
            hypothesis,
            seal.act.lineages,
            bank=sealed_bank(work, seal) if seal.act.bank else None,
            before=seal.index,
        ),
        schedule=charter.schedule,
        variants=len(seal.act.candidates),
    )
    bank = sealed_bank(work, seal) if seal.act.bank else None
    if not isinstance(bank, CaseBank):
        return terms
    epochs = sealed_protocol(work, seal.identity).epochs

    def sizes(clusters: Clusters) -> dict[Place, tuple[int, ...]]:
        cases = [[(one.metrics, one.slices) for one in each] for _, each in clusters]
        return drawn_sizes(hypothesis, cases, epochs=epochs)

    everywhere = sizes(clusters_of(bank, bank.clusters))
    terms = replace(terms, bank={place: frozenset(found) for place, found in everywhere.items()})
    if not is_sequential(hypothesis):
        return terms
    drawn = drawn_clusters(work, seal.identity)
    return replace(terms, order=tuple(name for name, _ in drawn), sizes=sizes(drawn))


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
        HarvestedBankError: Its bank is a part of an earlier one of the product.
        WrongSampleError: A run that calls itself prospective is not what the seal drew.
        InterlockError: The evidence is refused; see `gate.judge`.
    """
    check_seal(work, seal)
    _check_samples(work, seal, runs)
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    terms = terms_of(work, seal, basis=_basis(*runs.values()))
    rows = {system: _rows(work, run) for system, run in runs.items()}
    return judge_variants(hypothesis, rows.pop(seal.act.baseline), rows, terms=terms)


def _check_samples(
    work: Workspace, seal: Accepted[Seal], runs: Mapping[str, Accepted[Run]]
) -> None:
    """Every run is what the seal drew, and all of them reach equally far."""
    reached = {
        run.identity: check_sample(work, seal, work.evidence.open(run.act.evidence))
        for run in runs.values()
        if run.act.basis == "prospective"
    }
    if len(set(reached.values())) > 1:
        shortest = min(reached, key=lambda one: reached[one])
        found = f"the run {shortest[:12]} ends after {reached[shortest]} clusters"
        raise WrongSampleError(0, 1, f"{found}, another after {max(reached.values())}")


def _basis(*runs: Accepted[Run]) -> Basis:
    """Prospective only if every run is."""
    prospective = all(run.act.basis == "prospective" for run in runs)
    return "prospective" if prospective else "retrospective"


def _rows(work: Workspace, run: Accepted[Run]) -> pa.Table:
    return work.evidence.open(run.act.evidence, columns=PAIRING_COLUMNS)
