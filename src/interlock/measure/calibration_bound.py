"""The most by which forecasts can be miscalibrated, with a level a gate can rest on."""

from itertools import product

import numpy as np

from interlock.errors import ValueOutOfRangeError
from interlock.measure.betting import capital, lower_ratio, orders
from interlock.measure.calibration import Forecasts, placed
from interlock.measure.clusters import cluster_means
from interlock.measure.estimate import Estimate
from interlock.measure.sample import Numbers, tail

MOST_BINS = 10
# Directions tried at once: what they need of memory grows with the sample.
AT_ONCE = 2**20


def calibration_bound(
    forecasts: Forecasts, *, bins: int = 10, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Expected calibration error over equally wide bins, with bounds whose level is guaranteed.

    Args:
        forecasts: The rows. Each cluster has the same weight, whatever its number of rows.
        bins: How many, 1 to 10; declared without regard to the rows.
        confidence: Two-sided coverage, in (0, 1). Each end alone holds with a chance of at least
            ``1 - (1 - confidence) / 2`` for every distribution and any number of clusters.
        seed: Fixes the orders in which clusters are read; chosen without regard to them.

    Returns:
        An error in [0, 1]. The upper end is wide with few clusters: nothing is taken as calibrated
        because it was hardly looked at.

    Raises:
        ValueOutOfRangeError: ``bins`` is not 1 to 10, or ``confidence`` is no share.

    Source:
        The error is the largest, over every choice of a direction for each bin, of the mean of
        (happened - said) in these directions. So it is under a limit only if all of these means
        are, each of which the betting bound of `interlock.measure.betting` tests at the full level:
        an intersection-union test. Chosen over a bound for each bin at its part of the level, whose
        widths add up to more than twice as much at ten bins. The lower end takes the direction that
        the sample shows and pays for all of them.
    """
    if not 1 <= bins <= MOST_BINS:
        raise ValueOutOfRangeError("bins", bins, (1.0, float(MOST_BINS)))
    alpha = tail(confidence)
    gaps = _gaps(forecasts, bins)
    seen = np.where(gaps.mean(axis=0) >= 0, 1.0, -1.0)
    value = float(gaps.mean(axis=0) @ seen)
    paid = alpha / 2 ** gaps.shape[1]
    least = 2 * lower_ratio(_unit(gaps @ seen), None, alpha=paid, seed=seed) - 1
    return Estimate(
        value=value,
        low=min(max(least, 0.0), value),
        high=max(min(_upper(gaps, seen, alpha=alpha, seed=seed), 1.0), value),
        confidence=confidence,
        n=len(gaps),
        method=f"calibration-betting-{bins}/1",
    )


def _gaps(forecasts: Forecasts, bins: int) -> Numbers:
    """Shape ``(clusters, bins)``: each cluster's mean of happened - said in each bin met."""
    place = placed(forecasts.chances, forecasts.edges(bins, "width"))
    gap = forecasts.happened - forecasts.chances
    rows = np.arange(gap.size) if forecasts.clusters is None else forecasts.clusters
    return np.column_stack(
        [cluster_means(np.where(place == k, gap, 0.0), rows) for k in np.unique(place)]
    )


def _upper(gaps: Numbers, seen: Numbers, *, alpha: float, seed: int) -> float:
    """The largest bound over all directions, found without bounding each."""

    def bound(direction: Numbers) -> float:
        return 1 - 2 * lower_ratio(1 - _unit(gaps @ direction), None, alpha=alpha, seed=seed)

    highest = bound(seen)
    standing = np.array(list(product((-1.0, 1.0), repeat=gaps.shape[1])))
    while highest < 1 and len(standing):
        held = _capital(gaps @ standing.T, highest, alpha=alpha, seed=seed)
        poorest = held.argmin()
        if held[poorest] >= 1 / alpha:
            break
        highest = max(highest, bound(standing[poorest]))
        held[poorest] = np.inf
        standing = standing[held < 1 / alpha]
    return highest


def _capital(sums: Numbers, limit: float, *, alpha: float, seed: int) -> Numbers:
    """What a bettor ends with against each column of ``sums`` having a mean of ``limit``."""
    order = orders(len(sums), seed)
    claim = np.array([(1 - limit) / 2])
    step = max(1, AT_ONCE // order.size)
    ends = []
    for start in range(0, sums.shape[1], step):
        gains = 1 - _unit(sums[:, start : start + step].T[:, order])
        held = capital(gains.reshape(-1, order.shape[1]), None, claim, alpha=alpha)
        ends.append(held.reshape(len(gains), -1).mean(axis=1))
    return np.concatenate(ends)


def _unit(values: Numbers) -> Numbers:
    """Values on [-1, 1] as values on [0, 1]."""
    return np.asarray(np.clip((values + 1) / 2, 0.0, 1.0))
