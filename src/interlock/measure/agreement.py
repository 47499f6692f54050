"""How far two raters agree beyond chance."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure.distributions import normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.sample import Numbers, tail

Weights = Literal["equal", "linear", "quadratic"]


def cohen_kappa(
    first: Sequence[str],
    second: Sequence[str],
    *,
    categories: Sequence[str] | None = None,
    weights: Weights = "equal",
    confidence: float = 0.90,
) -> Estimate:
    """Agreement of two raters on the same items, beyond what chance would give.

    Args:
        first: One label an item; items are independent.
        second: The other rater's labels of the same items.
        categories: All labels in their order; by default those met, sorted. The order counts with
            ``weights`` only.
        weights: What a disagreement costs: the same each, or by distance in the order, or by its
            square.
        confidence: Two-sided coverage, in (0, 1), reached with many items only.

    Returns:
        Kappa in [-1, 1]; 1 is full agreement, 0 is chance.

    Raises:
        NotEnoughDataError: There is no item.
        NotEstimableError: Both raters gave one and the same label throughout.
        MismatchedShapesError: The raters' columns differ in length.
        ValueOutOfRangeError: ``confidence`` is no share, or a label is not among ``categories``.

    Source:
        Cohen (1960, 1968); standard error of Fleiss, Cohen and Everitt (1969), Psychological
        Bulletin 72:323-327.
    """
    alpha = tail(confidence)
    shares = _table(first, second, categories)
    like = likeness(len(shares), weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    agreed, by_chance = float((like * shares).sum()), float(rows @ like @ columns)
    if math.isclose(by_chance, 1.0):
        raise NotEstimableError("kappa", "both raters gave one and the same label throughout")
    value = (agreed - by_chance) / (1 - by_chance)
    pull = np.add.outer(like @ columns, rows @ like)
    spread = float((shares * (like - pull * (1 - value)) ** 2).sum())
    centre = (value - by_chance * (1 - value)) ** 2
    error = math.sqrt(max(spread - centre, 0.0) / len(first)) / (1 - by_chance)
    half = normal_point(alpha) * error
    return Estimate(
        value=value,
        low=max(value - half, -1.0),
        high=min(value + half, 1.0),
        confidence=confidence,
        n=len(first),
        method=f"cohen-kappa-{weights}/1",
    )


def likeness(k: int, weights: Weights) -> Numbers:
    """How much two of ``k`` ordered labels agree: 1 on the diagonal, 0 at the costliest pair.

    Returns:
        Shape ``(k, k)``, in [0, 1].
    """
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(np.float64)
    cost = {"equal": np.sign(distance), "linear": distance, "quadratic": distance**2}[weights]
    return np.asarray(1 - cost / max(float(cost.max()), 1.0))


def _table(
    first: Sequence[str], second: Sequence[str], categories: Sequence[str] | None
) -> Numbers:
    if len(first) != len(second):
        raise MismatchedShapesError("second", (len(second),), f"the shape ({len(first)},)")
    if len(first) == 0:
        raise NotEnoughDataError("rated items", 0, 1)
    known = sorted({*first, *second}) if categories is None else list(categories)
    place = {label: index for index, label in enumerate(known)}
    strange = {*first, *second} - place.keys()
    if strange:
        raise ValueOutOfRangeError("label", float("nan"), (0.0, float(len(known))))
    cells: NDArray[np.float64] = np.zeros((len(known), len(known)))
    np.add.at(cells, ([place[x] for x in first], [place[x] for x in second]), 1.0)
    return cells / len(first)
