"""What a variant came to under one seal: attempts, alpha, outcomes, estimates."""

from dataclasses import dataclass, replace

from interlock.admission import Accepted, Outcome, Seal, State, Verdict
from interlock.app.attempts import count_attempts
from interlock.app.samples import sealed_bank
from interlock.app.verdicts import check_seal, judgement_of
from interlock.app.workspace import Workspace
from interlock.charter import Charter, Hypothesis
from interlock.errors import AlphaSpentError
from interlock.gate import alpha_of
from interlock.measure import Estimate
from interlock.review import Evidence, Scale, read_evidence


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One criterion of one seal of a variant.

    Attributes:
        seal: Statement identity of the seal.
        criterion: What it claims, in words.
        scale: How its figures are written.
        attempt: Which attempt it was judged as, or would be: the claim in any guise counts, which
            may be more than the lineage that the ledger sees.
        spent: What this attempt spends of the lineage's alpha.
        left: What all seals so far have left of it.
        outcome: What it came to; None where it was not judged yet.
        estimate: What was measured; None where nothing was, or could be.
        limit: The bar, in the estimate's unit; None before a verdict.
    """

    seal: str
    criterion: str
    scale: Scale
    attempt: int
    spent: float
    left: float
    outcome: Outcome | None
    estimate: Estimate | None
    limit: float | None


def tested(work: Workspace, seal: Accepted[Seal], system: str) -> tuple[Tested, ...]:
    """Every criterion of a seal for one of its candidates, judged or not.

    Raises:
        UntrueVerdictError: The verdict is not what its numbers say.
        UntrueSealError: The seal is not what its hypothesis says.
        HarvestedBankError: Its bank is a part of an earlier one of the product.
    """
    state = work.state()
    check_seal(work, seal)
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    charter: Charter = work.log.record(seal.act.charter)
    labels = {one.id: one.label for one in hypothesis.criteria}
    came = _came(work, state, state.verdicts.get((seal.identity, system), ""))
    numbers = _attempts(work, seal, hypothesis)
    found = []
    for one in seal.act.lineages:
        shown = came.get(one.criterion)
        attempt, made = numbers[one.claim]
        attempt = (shown.verdict.attempt if shown else 0) or attempt
        shares = [_share(k, charter, hypothesis.alpha) for k in range(1, max(made, attempt) + 1)]
        found.append(
            Tested(
                seal=seal.identity,
                criterion=labels.get(one.criterion, one.criterion[:12]),
                scale=shown.scale if shown else "score",
                attempt=attempt,
                spent=shares[attempt - 1],
                left=max(hypothesis.alpha - sum(shares), 0.0),
                outcome=shown.verdict.outcome if shown else None,
                estimate=shown.verdict.estimate if shown else None,
                limit=shown.verdict.limit if shown else None,
            )
        )
    return tuple(found)


def _attempts(
    work: Workspace, seal: Accepted[Seal], hypothesis: Hypothesis
) -> dict[str, tuple[int, int]]:
    """Which attempt a seal is at each of its claims, and how many there were so far."""
    act, state = seal.act, work.state()
    bank = sealed_bank(work, seal) if act.bank else None
    own = count_attempts(work, hypothesis, act.lineages, bank=bank, before=seal.index)
    after = tuple(
        replace(one, attempt=state.attempts_of(act.product, act.baseline, one.claim) + 1)
        for one in act.lineages
    )
    coming = count_attempts(work, hypothesis, after, bank=bank)
    return {claim: (attempt, coming[claim] - 1) for claim, attempt in own.items()}


def _came(work: Workspace, state: State, verdict: str) -> dict[str, Evidence]:
    """What a verdict says of each criterion; nothing where there is no verdict yet."""
    judged = state.find(verdict, Verdict)
    if judged is None:
        return {}
    hypothesis: Hypothesis = work.log.record(state.accepted[judged.act.seal].act.hypothesis)
    shown = read_evidence(hypothesis, judgement_of(work, judged))
    return {one.verdict.criterion: one for one in shown}


def _share(attempt: int, charter: Charter, whole: float) -> float:
    """What an attempt spends; 0 once the schedule has ended, when nothing can pass."""
    try:
        return alpha_of(attempt, alpha=whole, schedule=charter.schedule)
    except AlphaSpentError:
        return 0.0
