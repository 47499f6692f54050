"""How far raters agree beyond chance, with intervals over clusters of items."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure.agreement import Weights, likeness
from interlock.measure.estimate import Estimate
from interlock.measure.resampling import grouped, resampled
from interlock.measure.sample import Numbers

Labels = Sequence[Sequence[str | None]]
"""One row an item, one label a rater; ``None`` where a rater did not rate it."""


def clustered_kappa(
    pairs: Sequence[tuple[str, str]],
    clusters: ArrayLike,
    *,
    categories: Sequence[str] | None = None,
    weights: Weights = "equal",
    confidence: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """Cohen's kappa of two raters, with an interval that allows for dependence within clusters.

    Args:
        pairs: Both raters' labels of one item, one pair an item.
        clusters: Shape ``(items,)``, the label of each item's cluster; clusters are independent
            draws from one population.
        categories: All labels in their order; by default those met, sorted.
        weights: What a disagreement costs: the same each, or by distance in the order, or by its
            square.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        Kappa in [-1, 1], every item with the same weight; ``n`` counts clusters.

    Raises:
        NotEnoughDataError: There is no item, or fewer than two clusters.
        NotEstimableError: Both raters gave one and the same label throughout.
        MismatchedShapesError: There is not one cluster label an item.
        ValueOutOfRangeError: ``confidence`` is no share, or a label is not among ``categories``.

    Source:
        Cohen (1960, 1968), with a bootstrap over clusters. `cohen_kappa` has the formula for
        independent items.
    """
    counts = tallies(pairs, categories)
    k = counts.shape[2]
    like = likeness(k, weights)
    cells = np.einsum("ni,nj->nij", counts[:, 0], counts[:, 1]).reshape(len(counts), k * k)

    def kappa(totals: Numbers) -> Numbers:
        shares = (totals / totals.sum(axis=1, keepdims=True)).reshape(-1, k, k)
        by_chance = np.einsum("di,ij,dj->d", shares.sum(axis=2), like, shares.sum(axis=1))
        agreed = (like * shares).sum(axis=(1, 2))
        return beyond_chance(agreed, by_chance)

    sums = grouped(cells, clusters)
    mean = sums.mean(axis=0).reshape(k, k)
    _refuse_one_label(counts)
    return resampled(
        kappa,
        sums,
        method=f"cohen-kappa-{weights}-resampled/1",
        confidence=confidence,
        seed=seed,
        unseen=np.outer(mean.sum(axis=1), mean.sum(axis=0)).ravel() / mean.sum(),
    )


def fleiss_kappa(
    ratings: Labels,
    *,
    clusters: ArrayLike | None = None,
    confidence: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """Agreement of a fixed number of raters an item, beyond what chance would give.

    Args:
        ratings: One row an item, one label a rater; ``None`` where a rater did not rate it. The
            raters may differ from item to item, their number may not.
        clusters: Shape ``(items,)``, the label of each item's cluster; ``None`` where items are
            independent.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        Kappa in [-1, 1], every item with the same weight; ``n`` counts clusters.

    Raises:
        NotEnoughDataError: There is no item, an item has fewer than two ratings, or there are fewer
            than two clusters.
        NotEstimableError: Only one label was given, or items differ in their number of ratings
            (`krippendorff_alpha` allows that).
        MismatchedShapesError: Rows differ in length, or there is not one cluster label an item.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Fleiss (1971), Psychological Bulletin 76:378-382, with a bootstrap over clusters.
    """
    counts = tallies(ratings, None)
    table = counts.sum(axis=1)
    raters = int(table[0].sum())
    if (table.sum(axis=1) != raters).any():
        raise NotEstimableError("Fleiss kappa", "items differ in their number of ratings")
    if raters < 2:
        raise NotEnoughDataError("ratings of an item", raters, 2)
    agreed = (table * (table - 1)).sum(axis=1) / (raters * (raters - 1))

    def kappa(totals: Numbers) -> Numbers:
        items = totals[:, 1:].sum(axis=1) / raters
        shares = totals[:, 1:] / (items * raters)[:, None]
        return beyond_chance(totals[:, 0] / items, (shares**2).sum(axis=1))

    sums = grouped(np.column_stack([agreed, table]), clusters)
    unseen = sums.mean(axis=0)
    unseen[0] = (unseen[1:] ** 2).sum() / unseen[1:].sum() / raters
    _refuse_one_label(counts)
    return resampled(
        kappa, sums, method="fleiss-kappa/1", confidence=confidence, seed=seed, unseen=unseen
    )


def tallies(ratings: Labels, categories: Sequence[str] | None) -> Numbers:
    """Which rater gave which label.

    Args:
        ratings: Labels, one row an item.
        categories: All labels in their order; by default those met, sorted.

    Returns:
        Shape ``(items, raters, categories)``: 1 for the label given, 0 elsewhere.

    Raises:
        NotEnoughDataError: There is no item.
        MismatchedShapesError: Rows differ in length.
        ValueOutOfRangeError: A label is not among ``categories``.
    """
    if len(ratings) == 0:
        raise NotEnoughDataError("rated items", 0, 1)
    raters = len(ratings[0])
    met = {label for row in ratings for label in row if label is not None}
    known = sorted(met) if categories is None else list(categories)
    if not met <= set(known):
        raise ValueOutOfRangeError("label", float("nan"), (0.0, float(len(known))))
    place = {label: index for index, label in enumerate(known)}
    counts = np.zeros((len(ratings), raters, len(known)))
    for item, row in enumerate(ratings):
        if len(row) != raters:
            raise MismatchedShapesError("ratings", (len(row),), f"the shape ({raters},)")
        for rater, label in enumerate(row):
            if label is not None:
                counts[item, rater, place[label]] = 1
    return counts


def beyond_chance(agreed: Numbers, by_chance: Numbers) -> Numbers:
    """Agreement beyond chance in units of what chance leaves; NaN where it leaves nothing."""
    room = 1 - by_chance
    left = ~np.isclose(room, 0)
    return np.divide(agreed - by_chance, room, out=np.full_like(room, np.nan), where=left)


def _refuse_one_label(counts: Numbers) -> None:
    """Refuse ratings without a second label.

    Raises:
        NotEstimableError: There is only one, so chance alone explains any agreement.
    """
    if (counts.sum(axis=(0, 1)) > 0).sum() < 2:
        raise NotEstimableError("agreement", "one and the same label was given throughout")
