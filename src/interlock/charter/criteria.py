"""The closed set of ways to say what must hold; no expressions, which fail open."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.charter.terms import Digest, Name, Outlook, Share
from interlock.errors import InvalidFieldError
from interlock.ledger import digest, record

Weights = Literal["equal", "linear", "quadratic"]
# The record leaves it to the criterion to refuse an end that is no number, as one fault of a range.
End = Annotated[float, Field(allow_inf_nan=True)]

# Beyond, sums and squares over a sample would overflow.
_FARTHEST = 1e100


class Measured:
    """What every criterion has: a name made of what it measures."""

    @property
    def id(self) -> str:
        """Digest of kind, metric, bar, filter and rubric; what people call it has no part."""
        return digest(self)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric whose rows it reads, its own first."""
        others = (getattr(self, name, "") for name in ("metric", "outcome", "reference"))
        return tuple(name for name in others if name)


@record("slice-value/1")
class SliceValue:
    """One value of one slice, such as language = de; it selects the rows that carry it."""

    slice: Name
    value: Name


@record("rate-upper/1")
class RateUpper(Measured):
    """The candidate's own rate of a 0/1 metric lies under a limit.

    Attributes:
        metric: What is counted.
        below: The limit, a share in (0, 1).
        where: Only rows that carry all these slice values; empty for all rows.
        rubric: Digest of the rubric the metric was scored by; empty where none is declared.
    """

    kind: Literal["rate_upper"] = "rate_upper"
    metric: Name
    below: Share
    where: tuple[SliceValue, ...] = ()
    rubric: Digest = ""

    def __post_init__(self) -> None:
        _check_order("where", self.where)

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        return f"rate of {self.metric}{_within(self.where)} below {self.below:g}"


@record("ratio-below/1")
class RatioBelow(Measured):
    """The candidate's rate is at most a stated part of the baseline's: the gain.

    Attributes:
        metric: A 0/1 metric of harm.
        cut: The share by which it must fall, in (0, 1); .40 asks for a ratio of at most .60.
        where: Only rows that carry all these slice values; empty for all rows.
        rubric: Digest of the rubric the metric was scored by; empty where none is declared.
    """

    kind: Literal["ratio_below"] = "ratio_below"
    metric: Name
    cut: Share
    where: tuple[SliceValue, ...] = ()
    rubric: Digest = ""

    def __post_init__(self) -> None:
        _check_order("where", self.where)

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        return f"{self.metric}{_within(self.where)} cut by at least {self.cut:.4g} of the baseline"


@record("difference-noninferior/1")
class DifferenceNoninferior(Measured):
    """The candidate's mean is not worse than the baseline's by more than a margin: a guard.

    Attributes:
        metric: A bounded score.
        margin: The greatest loss allowed, in the metric's unit, above 0.
        low: Lower end of the metric's range, from -1e100.
        high: Upper end of the metric's range, up to 1e100.
        better: Which way is better. ``higher``: the mean may not fall by more
            than the margin; ``lower``: it may not rise by more.
        where: Only rows that carry all these slice values; empty for all rows.
        rubric: Digest of the rubric the metric was scored by; empty where none is declared.
    """

    kind: Literal["difference_noninferior"] = "difference_noninferior"
    metric: Name
    margin: Annotated[float, Field(gt=0)]
    low: End = 0.0
    high: End = 1.0
    better: Outlook = "higher"
    where: tuple[SliceValue, ...] = ()
    rubric: Digest = ""

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise InvalidFieldError("criterion", "range", "its lower end must be under its upper")
        if not (self.low >= -_FARTHEST and self.high <= _FARTHEST):
            raise InvalidFieldError(
                "criterion", "range", "its ends must lie within -1e100 and 1e100"
            )
        if not self.margin < self.high - self.low:
            raise InvalidFieldError(
                "criterion", "margin", "a margin as wide as the range would guard nothing"
            )
        _check_order("where", self.where)

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        way = "down" if self.better == "higher" else "up"
        return f"{self.metric}{_within(self.where)} not {way} by more than {self.margin:g}"


@record("zero-events/1")
class ZeroEvents(Measured):
    """A red line: not one event was seen, and enough was looked at to say so.

    Attributes:
        metric: A 0/1 metric.
        at_most: The upper bound of the rate must lie at or under this share, in (0, 1).
        where: Only rows that carry all these slice values; empty for all rows.
        rubric: Digest of the rubric the metric was scored by; empty where none is declared.
    """

    kind: Literal["zero_events"] = "zero_events"
    metric: Name
    at_most: Share
    where: tuple[SliceValue, ...] = ()
    rubric: Digest = ""

    def __post_init__(self) -> None:
        _check_order("where", self.where)

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        return f"no {self.metric}{_within(self.where)} seen, its rate at most {self.at_most:g}"


@record("coverage-min/1")
class CoverageMin(Measured):
    """The evidence reaches everywhere it must: enough clusters in every required slice.

    Attributes:
        metric: The metric whose scored rows are counted.
        required: Slice values that must each be covered; empty counts all rows together.
        clusters: Independent clusters needed in each, at least 1.
    """

    kind: Literal["coverage_min"] = "coverage_min"
    metric: Name
    required: tuple[SliceValue, ...] = ()
    clusters: Annotated[int, Field(ge=1)] = 1

    def __post_init__(self) -> None:
        _check_order("required", self.required)

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        place = f" in each of {len(self.required)} slices" if self.required else ""
        return f"at least {self.clusters} clusters of {self.metric}{place}"


@record("all-of/1")
class AllOf(Measured):
    """One rate limit in every required value of a slice; a value without rows is undecided.

    An intersection-union claim: every part is judged at its own full alpha.

    Attributes:
        metric: What is counted.
        below: The limit that holds in each, a share in (0, 1).
        over: The slice, ``category`` as a rule.
        values: The required values, sorted: declared once, never read from the data.
        rubric: Digest of the rubric the metric was scored by; empty where none is declared.
    """

    kind: Literal["all_of"] = "all_of"
    metric: Name
    below: Share
    over: Name = "category"
    values: Annotated[tuple[Name, ...], Field(min_length=1)]
    rubric: Digest = ""

    def __post_init__(self) -> None:
        if list(self.values) != sorted(set(self.values)):
            raise InvalidFieldError("criterion", "values", "must be sorted, each once")

    @property
    def parts(self) -> tuple[RateUpper, ...]:
        """The limit in each required value, in their order."""
        return tuple(
            RateUpper(
                metric=self.metric,
                below=self.below,
                where=(SliceValue(slice=self.over, value=value),),
                rubric=self.rubric,
            )
            for value in self.values
        )

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        return f"rate of {self.metric} below {self.below:g} in each {self.over}"


@record("calibration-max/1")
class CalibrationMax(Measured):
    """The candidate's stated chances are right on average: its calibration error is small.

    Attributes:
        metric: The forecasts, each a chance in [0, 1].
        outcome: The 0/1 metric of the same items that they are forecasts of.
        at_most: Limit of the expected calibration error, a share in (0, 1).
        bins: Into how many bins of equal width the forecasts are sorted, 2 to 10.
        where: Only rows that carry all these slice values; empty for all rows.
        rubric: Digest of the rubric the metric was scored by; empty where none is declared.
    """

    kind: Literal["calibration_max"] = "calibration_max"
    metric: Name
    outcome: Name
    at_most: Share
    bins: Annotated[int, Field(ge=2, le=10)] = 10
    where: tuple[SliceValue, ...] = ()
    rubric: Digest = ""

    def __post_init__(self) -> None:
        if self.outcome == self.metric:
            raise InvalidFieldError("criterion", "outcome", "a metric is no forecast of itself")
        _check_order("where", self.where)

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        what = f"{self.metric} as a chance of {self.outcome}{_within(self.where)}"
        return f"calibration error of {what} below {self.at_most:g}"


@record("agreement-min/1")
class AgreementMin(Measured):
    """A judge agrees with people, beyond chance, on every row that ``where`` selects.

    Without it a judge's figures say what the judge thinks. It holds in both
    arms: a judge that fails on one of them shifts every comparison. A row that
    only one of them labelled counts as a disagreement. Where people label a
    part, a slice that rows of both metrics carry says which.

    Attributes:
        metric: The judge's labels.
        reference: The people's labels of the same items.
        at_least: Limit of Cohen's kappa, in (0, 1).
        weights: What a disagreement costs: the same each, or by distance, or
            by its square.
        where: Only rows that carry all these slice values, such as
            ``labelled`` = ``yes``; empty for all rows.
        rubric: Digest of the rubric the metric was scored by; empty where none is declared.
    """

    kind: Literal["agreement_min"] = "agreement_min"
    metric: Name
    reference: Name
    at_least: Share
    weights: Weights = "equal"
    where: tuple[SliceValue, ...] = ()
    rubric: Digest = ""

    def __post_init__(self) -> None:
        if self.reference == self.metric:
            raise InvalidFieldError("criterion", "reference", "a judge agrees with itself always")
        _check_order("where", self.where)

    @property
    def label(self) -> str:
        """What is claimed, in words."""
        who = f"{self.metric} with {self.reference}{_within(self.where)}"
        return f"agreement of {who} above {self.at_least:g}"


Criterion = Annotated[
    RateUpper
    | RatioBelow
    | DifferenceNoninferior
    | ZeroEvents
    | CalibrationMax
    | AgreementMin
    | CoverageMin
    | AllOf,
    Field(discriminator="kind"),
]


def _check_order(field: str, chosen: tuple[SliceValue, ...]) -> None:
    """One selection has one spelling, so that one criterion has one id."""
    pairs = [(one.slice, one.value) for one in chosen]
    if pairs != sorted(set(pairs)):
        raise InvalidFieldError("criterion", field, "must be sorted by slice and value, each once")


def _within(where: tuple[SliceValue, ...]) -> str:
    """The selection in words, with a leading space; empty for all rows."""
    if not where:
        return ""
    return " where " + " and ".join(f"{one.slice} is {one.value}" for one in where)
