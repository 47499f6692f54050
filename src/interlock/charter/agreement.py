"""Whether a criterion keeps to the charter it will be judged under."""

from collections.abc import Iterator
from difflib import get_close_matches

from interlock.charter.articles import Charter, Metric
from interlock.charter.hypothesis import (
    AllOf,
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
    metric = charter.metric(criterion.metric)
    if metric is None:
        known = [one.name for one in charter.metrics]
        near = hint(criterion.metric, known)
        yield "metric", f"the charter declares no metric {criterion.metric}{near}"
        return
    yield from _shape(criterion, metric)
    if isinstance(criterion, ZeroEvents):
        yield from _weaker(criterion, charter)
    known = [one.id for one in charter.categories]
    for name in _categories(criterion):
        if name not in known:
            yield "", f"the charter declares no category {name}{hint(name, known)}"


def hint(name: str, known: list[str]) -> str:
    """The nearest next step after a name nobody knows."""
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"


def _shape(criterion: Criterion, metric: Metric) -> Iterator[tuple[str, str]]:
    """A metric is judged as what it is: harm counted in [0, 1], or a score in its own range."""
    if isinstance(criterion, CoverageMin):
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
