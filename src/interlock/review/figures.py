"""Figures that were worked out by drawing: a distribution, with the error of the drawing itself."""

from typing import Annotated

from pydantic import Field

from interlock.ledger import record
from interlock.review.scope import StatedInput


@record("sensitivity/1")
class Sensitivity:
    """How closely the result follows one input, beside the others.

    Attributes:
        input: Its name; ``chance (Poisson)`` for how a count falls out at a known rate.
        share: Its share of squared rank correlation: the square of Spearman's correlation of
            its draws with the result, over the sum of these squares, in [0, 1]; 0 for what is
            known. It ranks the inputs and is no share of the variance.
    """

    input: str
    share: float


@record("simulation/1")
class Simulation:
    """A result as a distribution, from so many draws under one seed.

    Attributes:
        seed: Where the draws start from.
        draws: How many there are.
        mean: Their mean.
        p50: Their median.
        p50_low: Lower end of the median's 95 % interval, from the error of drawing alone.
        p50_high: Upper end.
        p95: Their 95th percentile.
        p95_low: Lower end of its 95 % interval.
        p95_high: Upper end.
        sensitivity: How closely it follows each input, and chance, the closest first.
    """

    seed: int
    draws: Annotated[int, Field(ge=1)]
    mean: float
    p50: float
    p50_low: float
    p50_high: float
    p95: float
    p95_low: float
    p95_high: float
    sensitivity: tuple[Sensitivity, ...]

    def __post_init__(self) -> None:
        ordered = (self.p50_low, self.p50, self.p50_high, self.p95_high)
        if list(ordered) != sorted(ordered) or not self.p95_low <= self.p95 <= self.p95_high:
            raise ValueError("percentiles must lie inside of their intervals, and in order")


@record("exceedance/1")
class Exceedance:
    """How often draws lie over a limit.

    Attributes:
        share: The share of the draws, in [0, 1].
        low: Lower end of its exact (Clopper-Pearson) 95 % interval, from the error of drawing
            alone.
        high: Upper end.
    """

    share: Annotated[float, Field(ge=0, le=1)]
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.share <= self.high <= 1:
            raise ValueError("a share must lie inside of its interval, and both in [0, 1]")


@record("score-weight/1")
class ScoreWeight:
    """How much one input counts in a weighted score."""

    input: str
    weight: float


@record("risk-score/1")
class RiskScore:
    """A named score of the charter, worked out. Without formula and interval there is none.

    Attributes:
        score: Its id in the charter.
        definition: What it says about a release, in the charter's words.
        formula: How it is worked out.
        weights: How much each input counts.
        inputs: What was put in, each as a range with its grounds.
        figures: What came out.
        limit: What its 95th percentile should not exceed; ``None`` where the charter sets none.
        exceedance: Chance that it exceeds the limit, if the ranges are right; ``None`` without
            one.
    """

    score: Annotated[str, Field(min_length=1)]
    definition: str
    formula: Annotated[str, Field(min_length=1)]
    weights: tuple[ScoreWeight, ...]
    inputs: Annotated[tuple[StatedInput, ...], Field(min_length=1)]
    figures: Simulation
    limit: float | None
    exceedance: Exceedance | None

    @property
    def over_limit(self) -> bool:
        """Whether its 95th percentile may lie over the limit, as far as the draws can tell."""
        return self.limit is not None and self.figures.p95_high > self.limit


@record("residual-risk/2")
class ResidualRisk:
    """What remains of one hazard, as far as evidence bounds it. Filled, never typed.

    Attributes:
        hazard: Position of the hazard in the draft, from 0.
        category: The category's name in the charter; empty if it has none.
        nist: Risks of NIST AI 600-1 section 2 that the charter's crosswalk gives it.
        severity: What the stated level means there; empty if it means nothing.
        bound: Upper bound of the candidate's own rate of the hazard's metric,
            a share in [0, 1]; ``None`` where no evidence bounds it.
        confidence: One-sided confidence of the bound; ``None`` without one.
        criterion: Id of the criterion the bound is from; empty without one.
        formula: How the figures are worked out; empty where there are none.
        figures: Severity points a year if the bound were the rate, and the ranges right; they
            treat levels of an ordinal scale as numbers. ``None`` where bound, exposure or
            severity is not there.
        exceedance: Chance that they exceed the accepted level, on the same terms; ``None``
            without either.
    """

    hazard: int
    category: str
    nist: tuple[str, ...] = ()
    severity: str
    bound: float | None
    confidence: float | None
    criterion: str
    formula: str = ""
    figures: Simulation | None = None
    exceedance: Exceedance | None = None
