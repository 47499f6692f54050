"""What was drawn for each criterion: known to everybody before any value is."""

from collections.abc import Iterator, Sequence

from interlock.charter import AllOf, CoverageMin, Criterion, Hypothesis, SliceValue
from interlock.gate.estimates import Place

DrawnCase = tuple[tuple[str, ...], tuple[SliceValue, ...]]
"""The metrics measured on a case, and its slices."""


def drawn_sizes(
    hypothesis: Hypothesis, clusters: Sequence[Sequence[DrawnCase]], *, epochs: int
) -> dict[Place, tuple[int, ...]]:
    """Rows of each drawn cluster that a criterion will see, by the criterion's place.

    Clusters without any are left out. Which test answers, how it bets and what
    it takes at most follow from these numbers, and never from a value.

    Args:
        hypothesis: What is claimed.
        clusters: Every drawn cluster with its cases.
        epochs: How often each case is run.
    """
    found = {}
    for metric, where in {one for each in hypothesis.criteria for one in _places(each)}:
        sizes = (
            epochs * sum(metric in metrics and set(where) <= set(slices) for metrics, slices in one)
            for one in clusters
        )
        found[metric, where] = tuple(size for size in sizes if size)
    return found


def _places(criterion: Criterion) -> Iterator[Place]:
    if isinstance(criterion, AllOf):
        yield from ((part.metric, part.where) for part in criterion.parts)
    elif not isinstance(criterion, CoverageMin):
        yield criterion.metric, criterion.where
