"""What must be gained, what may not be lost, and the closed set of ways to say so."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.errors import InvalidFieldError
from interlock.ledger import digest, record

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Share = Annotated[float, Field(gt=0, lt=1)]
Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Outlook = Literal["higher", "lower"]
# The record leaves it to the criterion to refuse an end that is no number, as one fault of a range.
End = Annotated[float, Field(allow_inf_nan=True)]

# Beyond, sums and squares over a sample would overflow.
_FARTHEST = 1e100

# Where a hypothesis file states each kind, so that a fault is shown there.
_SECTIONS = {
    "ratio_below": "gain",
    "difference_noninferior": "guards",
    "rate_upper": "limits",
    "all_of": "limits",
    "zero_events": "red_lines",
    "coverage_min": "coverage",
}


class Measured:
    """What every criterion has: a name made of what it measures."""

    @property
    def id(self) -> str:
        """Digest of kind, metric, bar, filter and rubric; what people call it has no part."""
        return digest(self)


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


Criterion = Annotated[
    RateUpper | RatioBelow | DifferenceNoninferior | ZeroEvents | CoverageMin | AllOf,
    Field(discriminator="kind"),
]


@record("hypothesis/1")
class Hypothesis:
    """What must be gained, and what may not be lost while gaining it.

    Sealed before the first trial; afterwards only its digest speaks for it.

    Attributes:
        name: What people call it; it decides nothing.
        product: The product it speaks about; empty for `interlock compare`.
        baseline: Name of the baseline system; empty for `interlock compare`.
        candidates: Names of the candidate systems; empty for `interlock compare`.
        basis: ``prospective`` where evidence is drawn after the seal.
        confirmatory: An exploratory hypothesis can never lead to GO.
        alpha: Chance of a wrong pass that each criterion's lineage may spend
            in all, one-sided, in (0, .5).
        cluster: What one cluster is, in words (a template, a conversation).
        criteria: Everything that is judged; all of it must pass.
        slices: Slice names searched after the fact for what the average hides.
        sealed: Engagement metrics nobody may read until the criteria have passed.
    """

    name: Name
    product: str = ""
    baseline: str = ""
    candidates: tuple[Name, ...] = ()
    basis: Literal["prospective", "retrospective"] = "retrospective"
    confirmatory: bool = True
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    cluster: str = ""
    criteria: tuple[Criterion, ...]
    slices: tuple[Name, ...] = ()
    sealed: tuple[Name, ...] = ()

    def __post_init__(self) -> None:
        if not any(criterion.kind != "coverage_min" for criterion in self.criteria):
            raise InvalidFieldError("hypothesis", "criteria", "nothing is judged")
        if self.gains and not self.guards:
            raise InvalidFieldError("hypothesis", "guards", "a gain needs at least one guard")
        for metric in self.metrics:
            if metric in self.sealed:
                raise InvalidFieldError(
                    "hypothesis", "sealed", f"the sealed metric {metric} cannot be judged"
                )
        _check_bars(self.criteria)
        for field in ("candidates", "slices", "sealed"):
            named = getattr(self, field)
            if len(set(named)) < len(named):
                raise InvalidFieldError("hypothesis", field, "the same name stands twice")
        if self.baseline and self.baseline in self.candidates:
            raise InvalidFieldError("hypothesis", "candidates", "the baseline is no candidate")

    @property
    def gains(self) -> tuple[RatioBelow, ...]:
        """What must improve against the baseline."""
        return tuple(one for one in self.criteria if isinstance(one, RatioBelow))

    @property
    def guards(self) -> tuple[DifferenceNoninferior, ...]:
        """What may not be lost."""
        return tuple(one for one in self.criteria if isinstance(one, DifferenceNoninferior))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that is judged, sorted."""
        return tuple(sorted({criterion.metric for criterion in self.criteria}))


def _check_bars(criteria: tuple[Criterion, ...]) -> None:
    """One claim has one bar: a second leaves open which of them was meant."""
    stated: dict[tuple[object, ...], Criterion] = {}
    for one in criteria:
        other = stated.get(_claim(one))
        stated[_claim(one)] = one
        if other is None:
            continue
        if other == one:
            raise InvalidFieldError("hypothesis", "criteria", "the same criterion stands twice")
        raise InvalidFieldError(
            "hypothesis",
            _SECTIONS[one.kind],
            f"{other.label!r} and {one.label!r} are one claim with two bars; keep one",
        )


def _claim(criterion: Criterion) -> tuple[object, ...]:
    """What a criterion claims, without its bar: a fall and a rise are two claims."""
    if isinstance(criterion, CoverageMin):
        return criterion.kind, criterion.metric, criterion.required
    place = criterion.over if isinstance(criterion, AllOf) else criterion.where
    way = criterion.better if isinstance(criterion, DifferenceNoninferior) else ""
    return criterion.kind, criterion.metric, place, criterion.rubric, way


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
