"""What a judgement says, in a form that can be kept, named by digest, and read later."""

from collections.abc import Iterable
from typing import Literal, NoReturn

from interlock.admission import Basis, Outcome
from interlock.errors import NoTruthValueError
from interlock.ledger import record
from interlock.measure import Estimate


@record("part-verdict/1")
class PartVerdict:
    """What one required value of an ``all_of`` criterion came to.

    Attributes:
        value: The value of the slice it holds over.
        outcome: Passed, failed or undecided.
        estimate: What was measured; ``None`` where nothing could be.
        reason: Why, in words.
    """

    value: str
    outcome: Outcome
    estimate: Estimate | None
    reason: str


@record("criterion-verdict/1")
class CriterionVerdict:
    """What one criterion of a hypothesis came to.

    Attributes:
        criterion: The criterion's id.
        label: What it claims, in words.
        kind: Its kind.
        metric: Its metric.
        outcome: Passed, failed or undecided.
        estimate: What decided: the bound that had to be on the right side is
            one end of it. ``None`` where nothing could be estimated. A rate in
            [0, 1], a ratio of candidate to baseline, or a mean of after -
            before in the metric's unit; of an ``all_of``, its worst part.
        limit: The bar, in the estimate's unit.
        reason: Why, in words.
        attempt: Which attempt of its lineage this is; 0 outside any lineage.
        alpha: The one-sided chance of a wrong pass it was judged at.
        basis: Whether the evidence was drawn after the seal.
        rubric: Digest of the rubric it was scored by; empty where none is declared.
        parts: Every required value of an ``all_of``, in the order declared.
    """

    criterion: str
    label: str
    kind: str
    metric: str
    outcome: Outcome
    estimate: Estimate | None
    limit: float
    reason: str
    attempt: int
    alpha: float
    basis: Basis
    rubric: str
    parts: tuple[PartVerdict, ...] = ()

    def __bool__(self) -> NoReturn:
        raise NoTruthValueError("verdict")


@record("criterion-verdict/2")
class SequentialVerdict(CriterionVerdict):
    """What one criterion of a trial that may end early came to.

    Attributes:
        decided_at: The clusters of the sealed order after which it was decided; 0 where it is not.
        hopeless: Whether no further cluster of the sealed order can make it pass.
    """

    decided_at: int
    hopeless: bool


@record("slice-finding/1")
class SliceFinding:
    """How one metric moved in one slice that was searched after the fact.

    A search can show that a slice got worse; it can never show that one
    passed. A slice that must hold is declared as a criterion.

    Attributes:
        metric: The metric.
        slice: The slice's name.
        value: Its value.
        status: ``worse`` where the loss is significant among everything
            searched; ``no gain shown`` where a gain was claimed and the figure
            did not even move that way; else ``undecided``.
        before: The baseline's mean in the slice, unscored rows counted in its favour.
        after: The candidate's mean, unscored rows counted against it.
        rows: Pairs in the slice.
        clusters: Independent clusters among them.
        p: Chance of as many losses among the clusters that moved, were gain
            and loss equally likely (exact sign test; McNemar's for 0/1 rows).
        p_adjusted: The same by Holm over everything searched.
    """

    metric: str
    slice: str
    value: str
    status: Literal["worse", "no gain shown", "undecided"]
    before: float
    after: float
    rows: int
    clusters: int
    p: float
    p_adjusted: float


@record("evidence-counts/1")
class EvidenceCounts:
    """What became of the rows that were expected, both arms together.

    Attributes:
        expected: Two rows for every (metric, item, epoch) that either arm has.
        observed: Rows with a score.
        unscored: Rows without one, whether marked so or absent from one arm.
        errored: Rows whose measurement failed.
    """

    expected: int
    observed: int
    unscored: int
    errored: int


@record("judgement/1")
class Judgement:
    """What the numbers allow for one candidate: every verdict, and what it rests on.

    Attributes:
        hypothesis: Digest of the hypothesis.
        name: What people call it.
        outcome: Passed only if every verdict passed; see `overall`.
        basis: Whether the evidence was drawn after the seal.
        seed: Where the orders of all bets start from.
        verdicts: One for each criterion, in the hypothesis's order.
        slices: What the search over slices found, worst first.
        evidence: What became of the rows of the judged metrics.
        unjudged: Metrics in the evidence that the hypothesis does not judge:
            sealed or left over, or a name that was misspelt. Names only.
    """

    hypothesis: str
    name: str
    outcome: Outcome
    basis: Basis
    seed: int
    verdicts: tuple[CriterionVerdict, ...]
    slices: tuple[SliceFinding, ...]
    evidence: EvidenceCounts
    unjudged: tuple[str, ...] = ()

    def __bool__(self) -> NoReturn:
        raise NoTruthValueError("judgement")


Stop = Literal["passed", "failed", "hopeless", "cap", "open"]
"""Why a sequential trial ends: decided, decided by one failure, no way left to pass, all clusters
taken; or that nothing forbids to go on."""


@record("judgement/2")
class SequentialJudgement(Judgement):
    """What the numbers allow for one candidate of a trial that may end early.

    Attributes:
        taken: Clusters taken so far, in the sealed order.
        cap: The most that were drawn.
        stop: Why the trial ends here, or ``open`` where it need not.
    """

    verdicts: tuple[SequentialVerdict, ...]
    taken: int
    cap: int
    stop: Stop


def ended(judgement: Judgement) -> bool:
    """Whether further clusters of the sealed order cannot change what a candidate came to."""
    return not isinstance(judgement, SequentialJudgement) or judgement.stop != "open"


def overall(outcomes: Iterable[Outcome]) -> Outcome:
    """One outcome for many: nothing judged is nothing passed, and the worst decides."""
    found = tuple(outcomes)
    if "failed" in found:
        return "failed"
    return "passed" if found and all(one == "passed" for one in found) else "undecided"
