"""Whether a criterion keeps to the charter it will be judged under."""

from collections.abc import Iterator
from difflib import get_close_matches

from interlock.charter.articles import Metric
from interlock.charter.charter import Charter
from interlock.charter.criteria import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    ZeroEvents,
)


def faults(criterion: Criterion, charter: Charter) -> Iterator[tuple[str, str]]:
    """What a criterion says against the charter, as (field in the file, reason).

    The charter says what a metric is: its range, its direction, the harm
    categories there are, and how strict a red line must be at least.
    """
    found = {name: charter.metric(name) for name in criterion.metrics}
    for field in ("metric", "outcome", "reference"):
        name = getattr(criterion, field, None)
        if name is not None and found[name] is None:
            near = hint(name, [one.name for one in charter.metrics])
            yield field, f"the charter declares no metric {name}{near}"
            return
    own, *others = [metric for metric in found.values() if metric is not None]
    yield from _shape(criterion, own)
    for other in others:
        yield from _twin(criterion, own, other)
    if isinstance(criterion, ZeroEvents):
        yield from _weaker(criterion, charter)
    known = [one.id for one in charter.categories]
    for name in _categories(criterion):
        if name not in known:
            yield "", f"the charter declares no category {name}{hint(name, known)}"


def judging_faults(names: tuple[str, str], charter: Charter) -> Iterator[tuple[str, str]]:
    """What a metric of people's labels and its judge's say against the charter, as `faults`."""
    for field, name in zip(("metric", "by"), names, strict=True):
        declared = charter.metric(name)
        if declared is None:
            near = hint(name, [one.name for one in charter.metrics])
            yield field, f"the charter declares no metric {name}{near}"
        elif (declared.low, declared.high) != (0, 1):
            ends = f"[{declared.low:g}, {declared.high:g}]"
            yield field, f"{name} has the range {ends}; people label a part of [0, 1] only"


def hint(name: str, known: list[str]) -> str:
    """The nearest next step after a name nobody knows."""
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"


def _shape(criterion: Criterion, metric: Metric) -> Iterator[tuple[str, str]]:
    """A metric is judged as what it is: harm counted in [0, 1], or a score in its own range."""
    if isinstance(criterion, CoverageMin | AgreementMin):
        return
    if isinstance(criterion, CalibrationMax):
        if (metric.low, metric.high) != (0, 1):
            yield "metric", f"{metric.name} is no chance in [0, 1], so it forecasts nothing"
        return
    if isinstance(criterion, DifferenceNoninferior):
        if (criterion.low, criterion.high) != (metric.low, metric.high):
            ends = f"[{metric.low:g}, {metric.high:g}]"
            yield "range", f"the charter's {metric.name} has the range {ends}; write the same"
        if criterion.better != metric.direction:
            yield "better", f"the charter says that {metric.direction} {metric.name} is better"
        return
    if (metric.low, metric.high) != (0, 1) or metric.direction != "lower":
        yield "metric", f"{metric.name} is no harm counted as 0 or 1; it can only be a guard"


def _twin(criterion: Criterion, own: Metric, other: Metric) -> Iterator[tuple[str, str]]:
    """What is compared row by row is of one kind: labels of one range, an outcome of 0 or 1."""
    ends = f"[{other.low:g}, {other.high:g}]"
    if isinstance(criterion, CalibrationMax) and (other.low, other.high) != (0, 1):
        yield "outcome", f"{other.name} has the range {ends}; an outcome is 0 or 1"
    if isinstance(criterion, AgreementMin) and (other.low, other.high) != (own.low, own.high):
        yield "reference", f"{other.name} has the range {ends}, which is not that of {own.name}"


def _weaker(criterion: ZeroEvents, charter: Charter) -> Iterator[tuple[str, str]]:
    """A red line of the charter may be drawn tighter by a hypothesis, never wider."""
    chosen = set(_categories(criterion))
    for line in charter.red_lines:
        touched = not chosen or not line.categories or chosen & set(line.categories)
        if line.metric == criterion.metric and touched and line.at_most < criterion.at_most:
            yield "at_most", f"the charter's red line {line.id} asks for {line.at_most:g} at most"


def _categories(criterion: Criterion) -> Iterator[str]:
    """The values of the slice ``category`` that the criterion names."""
    if isinstance(criterion, AllOf):
        if criterion.over == "category":
            yield from criterion.values
        return
    chosen = criterion.required if isinstance(criterion, CoverageMin) else criterion.where
    yield from (one.value for one in chosen if one.slice == "category")
