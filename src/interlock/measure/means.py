"""How large something is on average: the bound a gate uses and those shown beside it."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from interlock.errors import NotEnoughDataError
from interlock.measure.betting import lower_ratio
from interlock.measure.clusters import cluster_means
from interlock.measure.distributions import normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.sample import finite_width, numbers, tail


def bounded_mean(
    values: ArrayLike, *, low: float, high: float, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Mean of values on a declared range, with bounds whose level is guaranteed.

    Args:
        values: Shape ``(n,)``, one value a cluster, each in ``[low, high]``; clusters are
            independent draws from one population, or at least each, whatever the others show, has
            the same expectation. For a paired difference of scores on ``[a, b]`` the range is
            ``[a - b, b - a]``.
        low: Least possible value, finite, in the unit of ``values``.
        high: Greatest possible value, finite.
        confidence: Two-sided coverage, in (0, 1). Each end alone holds with a chance of at least
            ``1 - (1 - confidence) / 2`` for every distribution on the range and every ``n``, one
            cluster included.
        seed: Fixes the orders in which the values are read; chosen without regard to them.

    Returns:
        An estimate in the unit of ``values``, within ``[low, high]``.

    Raises:
        NotEnoughDataError: There is no value.
        MismatchedShapesError: The values are not in one row.
        ValueOutOfRangeError: A value is NaN, infinite or outside its range, the range is empty,
            infinite or wider than a number can say, or ``confidence`` is no share.

    Source:
        Betting, see `interlock.measure.betting`. Chosen over Student's interval, which misses rare
        large losses, and over Hoeffding's, which is blind to a small variance.
    """
    alpha = tail(confidence)
    width = finite_width(low, high)
    sample = numbers(values, low=low, high=high)
    unit = np.clip((sample - low) / width, 0.0, 1.0)
    value = float(sample.mean())
    below = low + width * lower_ratio(unit, None, alpha=alpha, seed=seed)
    above = high - width * lower_ratio(1 - unit, None, alpha=alpha, seed=seed)
    return Estimate(
        value=value,
        low=min(below, value),
        high=max(above, value),
        confidence=confidence,
        n=sample.size,
        method="betting-mean/1",
    )


def student_mean(values: ArrayLike, *, confidence: float = 0.90) -> Estimate:
    """Mean of independent values with Student's interval.

    Args:
        values: Shape ``(n,)``, one value a cluster: independent draws from one population that is
            close to normal.
        confidence: Two-sided coverage, in (0, 1), exact for normal values only.

    Raises:
        NotEnoughDataError: Fewer than two values show no spread.
        MismatchedShapesError: The values are not in one row.
        ValueOutOfRangeError: A value is NaN or infinite, or ``confidence`` is no share.

    Source:
        Student (1908), Biometrika 6:1-25. Shown beside `bounded_mean`, never decides: it wrongly
        passes up to a third of candidates with rare large losses.
    """
    alpha = tail(confidence)
    sample = numbers(values, low=-np.inf, high=np.inf)
    if sample.size < 2:
        raise NotEnoughDataError("values", sample.size, 2)
    value = float(sample.mean())
    error = float(sample.std(ddof=1)) / math.sqrt(sample.size)
    half = -float(special.stdtrit(sample.size - 1, alpha)) * error
    return Estimate(
        value=value,
        low=value - half,
        high=value + half,
        confidence=confidence,
        n=sample.size,
        method="student/1",
    )


def robust_mean(values: ArrayLike, clusters: ArrayLike, *, confidence: float = 0.90) -> Estimate:
    """Mean over rows with a normal interval that allows for dependence within clusters.

    Args:
        values: Shape ``(n,)``, finite.
        clusters: Shape ``(n,)``, the label of each row's cluster; clusters are independent draws
            from one population.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.

    Returns:
        An estimate in the unit of ``values``; every row has the same weight, ``n`` counts clusters.

    Raises:
        NotEnoughDataError: Fewer than two clusters.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A value is NaN or infinite, or ``confidence`` is no share.

    Source:
        Liang and Zeger (1986), Biometrika 73:13-22, without small-sample correction, as Miller
        (2024), arXiv:2411.00640, proposes for evaluations. Shown, never decides.
    """
    alpha = tail(confidence)
    sample = numbers(values, low=-np.inf, high=np.inf)
    value = float(sample.mean())
    means = cluster_means(sample, clusters)
    sizes = np.unique(np.asarray(clusters), return_counts=True)[1]
    if means.size < 2:
        raise NotEnoughDataError("clusters", means.size, 2)
    error = math.sqrt(float(((sizes * (means - value)) ** 2).sum())) / sample.size
    half = normal_point(alpha) * error
    return Estimate(
        value=value,
        low=value - half,
        high=value + half,
        confidence=confidence,
        n=means.size,
        method="cluster-robust/1",
    )
