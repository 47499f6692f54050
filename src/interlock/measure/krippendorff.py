"""How far any number of raters agree beyond chance, with some of their ratings missing."""

import math
from collections.abc import Sequence
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlock.errors import MismatchedShapesError, NotEnoughDataError, NotEstimableError
from interlock.measure.estimate import Estimate
from interlock.measure.raters import Labels, tallies
from interlock.measure.resampling import grouped, resampled
from interlock.measure.sample import Numbers, numbers

Scale = Literal["nominal", "ordinal", "interval"]
Ratings = Labels | Sequence[Sequence[float | None]]


def krippendorff_alpha(
    ratings: Ratings,
    *,
    scale: Scale = "nominal",
    categories: Sequence[str] | None = None,
    clusters: ArrayLike | None = None,
    confidence: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """Agreement of any number of raters, some ratings missing, beyond what chance would give.

    Args:
        ratings: One row an item, one entry a rater: a label, or a number where ``scale`` is
            ``interval``; ``None`` where there is none. Items with one rating show no agreement and
            do not count.
        scale: What a disagreement costs: the same each, by the ratings that lie between, or by the
            square of the difference.
        categories: All labels in their order; by default those met, sorted. The order counts with
            the ordinal scale only.
        clusters: Shape ``(items,)``, the label of each item's cluster; ``None`` where items are
            independent.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        Alpha, at most 1; 1 is full agreement, 0 is chance. Every rating that has another beside it
        has the same weight; ``n`` counts clusters with such an item.

    Raises:
        NotEnoughDataError: Fewer than two clusters have an item with two ratings.
        NotEstimableError: Only one value was given.
        MismatchedShapesError: Rows differ in length, or there is not one cluster label an item.
        ValueOutOfRangeError: ``confidence`` is no share, a number is not finite, or a label is not
            among ``categories``.

    Source:
        Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, with a bootstrap over
        clusters.
    """
    interval = scale == "interval"
    parts = _moments(ratings) if interval else _coincidences(ratings, categories)
    paired = parts[:, 0] > 0
    sums = grouped(parts[paired, 1:], _only(clusters, paired))
    if len(sums) == 0:
        raise NotEnoughDataError("items with two ratings", 0, 2)
    figure = {"nominal": _nominal, "ordinal": _ordinal, "interval": _interval}[scale]
    if np.isnan(figure(sums.sum(axis=0)[None, :])[0]):
        raise NotEstimableError("agreement", "one and the same value was given throughout")
    return resampled(
        figure,
        sums,
        method=f"krippendorff-{scale}/1",
        confidence=confidence,
        seed=seed,
        unseen=(_unrelated_numbers if interval else _unrelated)(sums),
    )


def _only(clusters: ArrayLike | None, paired: NDArray[np.bool_]) -> ArrayLike | None:
    """The cluster labels of the items that count.

    Raises:
        MismatchedShapesError: There is not one cluster label an item.
    """
    if clusters is None:
        return None
    labels = np.asarray(clusters)
    if labels.shape != paired.shape:
        raise MismatchedShapesError("clusters", labels.shape, f"the shape {paired.shape}")
    return labels[paired]


def _coincidences(ratings: Ratings, categories: Sequence[str] | None) -> Numbers:
    """An item a row: whether it counts, then how often each label stood beside each other one."""
    table = tallies(cast("Labels", ratings), categories).sum(axis=1)
    number, k = table.sum(axis=1), table.shape[1]
    pairs = np.einsum("ni,nj->nij", table, table) - table[:, :, None] * np.eye(k)
    each = pairs / np.maximum(number - 1, 1)[:, None, None]
    return np.column_stack([number >= 2, each.reshape(len(table), k * k)])


def _moments(ratings: Ratings) -> Numbers:
    """An item a row: whether it counts, then its ratings' number, sum, squares and disagreement."""
    if len(ratings) == 0:
        raise NotEnoughDataError("rated items", 0, 1)
    width = len(ratings[0])
    for row in ratings:
        if len(row) != width:
            raise MismatchedShapesError("ratings", (len(row),), f"the shape ({width},)")
    given = np.array([[value is not None for value in row] for row in ratings])
    values = np.array([[0 if value is None else value for value in row] for row in ratings], float)
    met = numbers(values[given], low=-np.inf, high=np.inf, name="ratings")
    values = np.where(given, values - met.mean(), 0.0)
    number, total, squares = given.sum(axis=1), values.sum(axis=1), (values**2).sum(axis=1)
    differing = 2 * (number * squares - total**2) / np.maximum(number - 1, 1)
    return np.column_stack([number >= 2, number, total, squares, differing])


def _nominal(totals: Numbers) -> Numbers:
    k = math.isqrt(totals.shape[1])
    return _alpha(totals, np.broadcast_to(1 - np.eye(k), (len(totals), k, k)))


def _ordinal(totals: Numbers) -> Numbers:
    """The distance of two labels is that of their mean ranks."""
    k = math.isqrt(totals.shape[1])
    given = totals.reshape(-1, k, k).sum(axis=2)
    ranks = given.cumsum(axis=1) - given / 2
    return _alpha(totals, (ranks[:, :, None] - ranks[:, None, :]) ** 2)


def _alpha(totals: Numbers, costs: Numbers) -> Numbers:
    seen = totals.reshape(costs.shape)
    given = seen.sum(axis=2)
    expected = np.einsum("di,dj->dij", given, given)
    expected = expected / np.maximum(given.sum(axis=1) - 1, 1)[:, None, None]
    return _one_less((seen * costs).sum(axis=(1, 2)), (expected * costs).sum(axis=(1, 2)))


def _interval(totals: Numbers) -> Numbers:
    number, total, squares, differing = totals.T
    by_chance = 2 * (number * squares - total**2) / np.maximum(number - 1, 1)
    return _one_less(differing, np.where(by_chance > 1e-12 * squares, by_chance, 0.0))


def _one_less(observed: Numbers, by_chance: Numbers) -> Numbers:
    """One less the disagreement in units of chance's; NaN where chance cannot disagree."""
    left = by_chance > 0
    return 1 - np.divide(observed, by_chance, out=np.full_like(by_chance, np.nan), where=left)


def _unrelated(sums: Numbers) -> Numbers:
    """A cluster of mean size whose ratings have nothing to do with each other."""
    given = sums.mean(axis=0).reshape(-1, math.isqrt(sums.shape[1])).sum(axis=1)
    return np.asarray(np.outer(given, given).ravel() / given.sum())


def _unrelated_numbers(sums: Numbers) -> Numbers:
    number, total, squares, _ = sums.mean(axis=0)
    return np.array([number, total, squares, 2 * (squares - total**2 / number)])
