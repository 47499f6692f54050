"""What must be gained, and what may not be lost while gaining it."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.charter.criteria import (
    AgreementMin,
    AllOf,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    RatioBelow,
)
from interlock.charter.terms import Name
from interlock.errors import InvalidFieldError
from interlock.ledger import record

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
        return tuple(sorted({name for criterion in self.criteria for name in criterion.metrics}))


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
