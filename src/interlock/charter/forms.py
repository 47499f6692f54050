"""The hypothesis file: the short form people write, turned into criteria."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from interlock.charter.criteria import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    SliceValue,
    Weights,
    ZeroEvents,
)
from interlock.charter.hypothesis import Stopping
from interlock.charter.terms import Name, Outlook, Share

T = TypeVar("T")
Stated = tuple[tuple[str, ...], type[Any], dict[str, Any]]
Some = Annotated[tuple[T, ...], Field(min_length=1)]
Where = Annotated[dict[Name, Name], Field(min_length=1)]

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_LIMIT = ConfigDict(**_STRICT, json_schema_extra={"not": {"required": ["each", "where"]}})
_FILE = ConfigDict(
    **_STRICT,
    json_schema_extra={
        "dependentRequired": {"gain": ["guards"]},
        "anyOf": [
            {"required": [key]} for key in ("gain", "guards", "limits", "red_lines", "calibration")
        ],
    },
)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class GainForm:
    """The safety change to be shown: the candidate's rate at most 1 - cut of the baseline's."""

    metric: Name
    cut: Share
    where: Where = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class GuardForm:
    """What may not be lost: a mean not worse by more than the margin, in the metric's unit."""

    metric: Name
    margin: Annotated[float, Field(gt=0)]
    range: tuple[float, float] = (0.0, 1.0)
    better: Outlook = "higher"
    where: Where = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=_LIMIT)
class LimitForm:
    """The candidate's own rate under a limit; with ``each``, in every value coverage requires."""

    metric: Name
    below: Share
    where: Where = Field(default_factory=dict)
    each: Name | None = None

    def __post_init__(self) -> None:
        if self.each is not None and self.where:
            raise ValueError("each and where exclude one another; keep one of them")


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class RedLineForm:
    """No event may be seen, and the rate's upper bound may not exceed ``at_most``."""

    metric: Name
    at_most: Share
    where: Where = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class CalibrationForm:
    """The candidate's chances in ``metric`` must come true as the 0/1 metric ``outcome`` says.

    The expected calibration error over ``bins`` of equal width must lie under ``at_most``.
    """

    metric: Name
    outcome: Name
    at_most: Share
    bins: Annotated[int, Field(ge=2, le=10)] = 10
    where: Where = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AgreementForm:
    """The judge's ``metric`` must agree with the people's ``reference``, by Cohen's kappa.

    Every row of ``where`` needs both labels; one that lacks either counts against passing.
    """

    metric: Name
    reference: Name
    at_least: Share
    weights: Weights = "equal"
    where: Where = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class CoverageForm:
    """Where the evidence must reach; declared here once for every ``each``.

    ``categories`` is short for the values of the slice ``category``. Rows of
    ``metric`` are counted; where it is left out, of the first metric judged.
    """

    metric: Name | None = None
    categories: Some[Name] = ()
    slices: Annotated[dict[Name, Some[Name]], Field(min_length=1)] = Field(default_factory=dict)
    clusters: Annotated[int, Field(ge=1, le=10**9)] = 1


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class JudgedForm:
    """People label what the automatic judge's metric ``by`` flags, and of the rest a share.

    Every criterion on ``metric`` is then bounded in two parts. ``labelled`` is
    the chance that a row is drawn for a label whatever the judge says.
    """

    metric: Name
    by: Name
    labelled: Annotated[float, Field(gt=0, le=1)]


@dataclass(frozen=True, kw_only=True, config=_FILE)
class HypothesisForm:
    """A hypothesis: what must be gained, and what may not be lost while gaining it."""

    hypothesis: Name
    product: Name | None = None
    baseline: Name | None = None
    candidates: Some[Name] = ()
    basis: Literal["prospective", "retrospective"] = "retrospective"
    confirmatory: bool = True
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    cluster: Name | None = None
    stopping: Stopping = "fixed"
    judged: Some[JudgedForm] = ()
    gain: GainForm | None = None
    guards: Some[GuardForm] = ()
    limits: Some[LimitForm] = ()
    red_lines: Some[RedLineForm] = ()
    calibration: Some[CalibrationForm] = ()
    agreement: Some[AgreementForm] = ()
    coverage: CoverageForm | None = None
    slices: Some[Name] = ()
    sealed: Some[Name] = ()
    rubrics: Annotated[dict[Name, Name], Field(min_length=1)] = Field(default_factory=dict)


def stated(form: HypothesisForm) -> Iterator[Stated]:
    """Every criterion of the file, not yet made, as (path in the file, type, fields).

    In the order gain, guards, limits, red lines, calibration, agreement, coverage.
    """
    if form.gain is not None:
        gain = form.gain
        yield ("gain",), RatioBelow, {"metric": gain.metric, "cut": gain.cut, **_where(gain.where)}
    for k, guard in enumerate(form.guards):
        yield ("guards", str(k)), DifferenceNoninferior, _guard(guard)
    for k, limit in enumerate(form.limits):
        yield ("limits", str(k)), *_limit(limit, form)
    for k, line in enumerate(form.red_lines):
        fields = {"metric": line.metric, "at_most": line.at_most, **_where(line.where)}
        yield ("red_lines", str(k)), ZeroEvents, fields
    for k, stated_chances in enumerate(form.calibration):
        yield ("calibration", str(k)), CalibrationMax, _copied(stated_chances)
    for k, judge in enumerate(form.agreement):
        yield ("agreement", str(k)), AgreementMin, _copied(judge)
    metric = _counted(form)
    if form.coverage is not None and metric is not None:
        places = _values(form).items()
        wanted = _selection((name, value) for name, values in places for value in values)
        fields = {"metric": metric, "required": wanted, "clusters": form.coverage.clusters}
        yield ("coverage",), CoverageMin, fields


def _copied(form: CalibrationForm | AgreementForm) -> dict[str, Any]:
    """The fields of a form that is written as its criterion is."""
    return {**vars(form), **_where(form.where)}


def _guard(guard: GuardForm) -> dict[str, Any]:
    low, high = guard.range
    fields: dict[str, Any] = {"metric": guard.metric, "margin": guard.margin}
    return {**fields, "low": low, "high": high, "better": guard.better, **_where(guard.where)}


def _limit(limit: LimitForm, form: HypothesisForm) -> tuple[type[Any], dict[str, Any]]:
    fields: dict[str, Any] = {"metric": limit.metric, "below": limit.below}
    if limit.each is None:
        return RateUpper, {**fields, **_where(limit.where)}
    values = tuple(sorted(_values(form).get(limit.each, ())))
    return AllOf, {**fields, "over": limit.each, "values": values}


def _values(form: HypothesisForm) -> dict[str, tuple[str, ...]]:
    """The values each slice must cover, as the file's coverage declares them."""
    coverage = form.coverage or CoverageForm()
    found = dict(coverage.slices)
    if coverage.categories:
        found["category"] = (*found.get("category", ()), *coverage.categories)
    return found


def _counted(form: HypothesisForm) -> str | None:
    """The metric whose rows coverage counts; None where the file judges nothing."""
    if form.coverage is not None and form.coverage.metric is not None:
        return form.coverage.metric
    judged = (form.gain, *form.limits, *form.red_lines, *form.guards, *form.calibration)
    return next((one.metric for one in judged if one is not None), None)


def _where(where: dict[str, str]) -> dict[str, Any]:
    return {"where": _selection(where.items())}


def _selection(pairs: Iterable[tuple[str, str]]) -> tuple[SliceValue, ...]:
    return tuple(SliceValue(slice=name, value=value) for name, value in sorted(pairs))
