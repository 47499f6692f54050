"""What must be gained, and what may not be lost while gaining it."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.charter.criteria import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    RatioBelow,
)
from interlock.charter.terms import Name
from interlock.errors import InvalidFieldError
from interlock.ledger import record

Stopping = Literal["fixed", "sequential"]

# Where a hypothesis file states each kind, so that a fault is shown there.
_SECTIONS = {
    "ratio_below": "gain",
    "difference_noninferior": "guards",
    "rate_upper": "limits",
    "all_of": "limits",
    "zero_events": "red_lines",
    "calibration_max": "calibration",
    "agreement_min": "agreement",
    "coverage_min": "coverage",
}

# What speaks of the evidence alone and not of the release.
_OF_EVIDENCE = (CoverageMin, AgreementMin)


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
        if all(isinstance(criterion, _OF_EVIDENCE) for criterion in self.criteria):
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
        """Every metric whose rows are judged, sorted."""
        return tuple(sorted(_named(self.criteria)))


@record("judged-metric/1")
class JudgedMetric:
    """A metric of people's labels of which an automatic judge saw every row, and people a part.

    People label every row that the judge flagged (a value of at least .5, or
    none), and of the rest those that a sealed chance draws.

    Attributes:
        metric: What people label, in [0, 1].
        by: The judge's own metric of the same rows.
        labelled: The chance, in (0, 1], that a row is drawn for a label whatever the judge says.
    """

    metric: Name
    by: Name
    labelled: Annotated[float, Field(gt=0, le=1)]


@record("hypothesis/2")
class TrialHypothesis(Hypothesis):
    """A hypothesis that may end early, or on which an automatic judge saves people work.

    One that says neither stays a `Hypothesis` of the first version, so that
    what was sealed before keeps its digest.

    Attributes:
        stopping: ``sequential`` where the trial ends as soon as the sealed test allows.
        judged: The metrics of which people label a part, sorted by metric.
    """

    stopping: Stopping
    judged: tuple[JudgedMetric, ...]

    def __post_init__(self) -> None:
        Hypothesis.__post_init__(self)
        if self.stopping == "fixed" and not self.judged:
            raise InvalidFieldError("hypothesis", "stopping", "it says nothing of a first version")
        if self.stopping == "sequential":
            _check_sequential(self)
        _check_judged(self)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric whose rows are judged or say which rows people label, sorted."""
        return tuple(sorted(_named(self.criteria) | {one.by for one in self.judged}))


def judged_of(hypothesis: Hypothesis) -> tuple[JudgedMetric, ...]:
    """The metrics of which people label a part only."""
    return hypothesis.judged if isinstance(hypothesis, TrialHypothesis) else ()


def is_sequential(hypothesis: Hypothesis) -> bool:
    """Whether the trial ends as soon as the sealed test allows."""
    return isinstance(hypothesis, TrialHypothesis) and hypothesis.stopping == "sequential"


def _named(criteria: tuple[Criterion, ...]) -> set[str]:
    return {name for criterion in criteria for name in criterion.metrics}


def _check_sequential(hypothesis: Hypothesis) -> None:
    if hypothesis.basis != "prospective":
        raise InvalidFieldError(
            "hypothesis",
            "stopping",
            "a sequential test takes clusters in the order that the seal draws; "
            "write basis: prospective",
        )
    for one in hypothesis.criteria:
        if isinstance(one, CalibrationMax | AgreementMin):
            raise InvalidFieldError(
                "hypothesis",
                _SECTIONS[one.kind],
                f"{one.label!r} has no bound that may be looked at again and again; "
                "write stopping: fixed",
            )


def _check_judged(hypothesis: TrialHypothesis) -> None:
    names = [one.metric for one in hypothesis.judged]
    if names != sorted(set(names)):
        raise InvalidFieldError("hypothesis", "judged", "must be sorted by metric, each once")
    claimed = {one.metric for one in hypothesis.criteria}
    for one in hypothesis.judged:
        if one.metric not in claimed:
            fault = f"nothing is claimed of {one.metric}; leave it out"
            raise InvalidFieldError("hypothesis", "judged", fault)
        if one.by in {*names, *hypothesis.sealed}:
            fault = f"{one.metric} cannot be judged by {one.by}: that is sealed, or judged itself"
            raise InvalidFieldError("hypothesis", "judged", fault)
    for each in hypothesis.criteria:
        scored = isinstance(each, DifferenceNoninferior) and (each.low, each.high) != (0, 1)
        if each.metric in names and scored:
            fault = f"{each.metric} has another range than 0 to 1; people label all rows of such"
            raise InvalidFieldError("hypothesis", "judged", fault)


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
    return criterion.kind, criterion.metrics, place, criterion.rubric, way
