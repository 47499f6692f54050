"""How many clusters a claim needs, before any of them is spent."""

import math
from bisect import bisect_left

import numpy as np
from scipy import stats

from interlock.errors import NotEnoughDataError, NotEstimableError, ValueOutOfRangeError
from interlock.measure.estimate import Estimate
from interlock.measure.rates import exact_rate
from interlock.measure.ratios import guarded_quantile, paired_scores, unpaired_scores
from interlock.measure.sample import Numbers

_MOST = 10_000_000


def exact_power_rate(n: int, *, truth: float, limit: float, alpha: float = 0.05) -> float:
    """Chance that the exact upper bound of a rate ends at ``limit`` or below.

    Args:
        n: Independent clusters.
        truth: The candidate's rate, in [0, 1].
        limit: The limit, in (0, 1).
        alpha: One-sided level of the bound, in (0, 1).

    Returns:
        A chance in [0, 1], by enumeration.

    Raises:
        NotEnoughDataError: ``n`` is less than 1.
        ValueOutOfRangeError: A rate or the level is outside its range.
    """
    _refuse(n, truth=truth, limit=limit, alpha=alpha)
    allowed = int(stats.binom.ppf(alpha, n, limit))
    if stats.binom.cdf(allowed, n, limit) > alpha:
        allowed -= 1
    return float(stats.binom.cdf(allowed, n, truth))


def clusters_for_rate(
    *, truth: float, limit: float, chance: float = 0.90, criteria: int = 1, alpha: float = 0.05
) -> int:
    """Clusters a criterion with which all of several rate criteria pass often enough.

    Args:
        truth: The candidate's rate on each criterion, in [0, ``limit``).
        limit: The limit of each, in (0, 1).
        chance: The chance wanted that all criteria pass, in (0, 1).
        criteria: How many there are, independent of each other.
        alpha: One-sided level of each bound, in (0, 1).

    Returns:
        The fewest clusters, among those numbers at which one more event becomes allowed.

    Raises:
        NotEstimableError: The truth is not below the limit, or too close to it.
        NotEnoughDataError: ``criteria`` is less than 1.
        ValueOutOfRangeError: A rate, the chance or the level is outside its range.
    """
    _refuse(criteria, truth=truth, limit=limit, alpha=alpha)
    _refuse(1, truth=truth, limit=chance, alpha=alpha)
    wanted = chance ** (1 / criteria)

    def clusters(events: int) -> int:
        sizes = range(events + 1, _MOST)
        return sizes[bisect_left(sizes, -alpha, key=lambda n: -stats.binom.cdf(events, n, limit))]

    def passes(events: int) -> bool:
        return bool(stats.binom.cdf(events, clusters(events), truth) >= wanted)

    most = int(_MOST * limit / 2)
    if truth >= limit or not passes(most):
        raise NotEstimableError("number of clusters", "the assumed rate is not below the limit")
    return clusters(bisect_left(range(most), True, key=passes))


def exact_power_difference(n: int, *, before: float, after: float, alpha: float = 0.05) -> float:
    """Chance that two separate samples show a fall of a rate, by the pooled z test.

    Args:
        n: Independent rows an arm.
        before: The baseline's rate, in [0, 1].
        after: The candidate's rate, in [0, 1].
        alpha: One-sided level, in (0, 1).

    Returns:
        A chance in [0, 1], by enumeration of both arms.

    Raises:
        NotEnoughDataError: ``n`` is less than 1.
        ValueOutOfRangeError: A rate or the level is outside its range.
    """
    _refuse(n, truth=before, limit=0.5, alpha=alpha)
    return exact_power_ratio(n, before=before, after=after, limit=1.0, alpha=alpha)


def exact_power_ratio(
    n: int, *, before: float, after: float, limit: float, alpha: float = 0.05
) -> float:
    """Chance that two separate samples show a ratio of rates under ``limit``, by the score test.

    Args:
        n: Independent rows an arm.
        before: The baseline's rate, in [0, 1].
        after: The candidate's rate, in [0, 1].
        limit: The limit of after over before, above 0; a cut of 40 % is .6.
        alpha: One-sided level, in (0, 1).

    Returns:
        A chance in [0, 1], by enumeration of both arms, except tails of less than 1e-9.

    Raises:
        NotEnoughDataError: ``n`` is less than 1.
        ValueOutOfRangeError: A rate or the level is outside its range.
    """
    _refuse(n, truth=before, limit=0.5, alpha=alpha)
    _refuse(n, truth=after, limit=0.5, alpha=alpha)
    z = float(stats.norm.isf(alpha))
    first, second = _likely(n, before), _likely(n, after)
    sizes = np.array([n, n], dtype=np.float64)
    chance = 0.0
    for events, weight in zip(second, stats.binom.pmf(second, n, after), strict=True):
        cells = np.stack([first, np.full_like(first, events)])
        passed = first[unpaired_scores(cells, sizes[:, None], limit) <= -z]
        chance += float(weight * stats.binom.pmf(passed, n, before).sum())
    return min(chance, 1.0)


def simulated_power_paired_ratio(
    n: int, shares: tuple[float, float, float], *, limit: float, alpha: float = 0.05, seed: int = 0
) -> Estimate:
    """Chance that pairs show a ratio of rates under ``limit``, by the gate's own test.

    Args:
        n: Independent pairs.
        shares: Shares of pairs with the event in both arms, before only and after only.
        limit: The limit of after over before, above 0; a cut of 40 % is .6.
        alpha: One-sided level, in (0, 1).
        seed: Fixes the 20,000 simulated trials.

    Returns:
        A chance in [0, 1], with the interval that the simulation leaves.

    Raises:
        NotEnoughDataError: ``n`` is less than 1.
        ValueOutOfRangeError: A share or the level is outside its range.
    """
    _refuse(n, truth=sum(shares), limit=0.5, alpha=alpha)
    drawn = np.random.default_rng(seed).multinomial(n, [*shares, 1 - sum(shares)], size=20_000)
    cells = drawn.T[:3].astype(np.float64)
    events = cells.sum(axis=0)
    quantile = np.array([guarded_quantile(alpha, events=max(int(m), 1)) for m in np.unique(events)])
    needed = quantile[np.searchsorted(np.unique(events), events)]
    passed = (paired_scores(cells, limit) <= -needed) & (cells[0] + cells[1] > 0)
    return exact_rate(passed)


def _likely(n: int, truth: float) -> Numbers:
    """All counts of events but those in tails of 1e-10."""
    low, high = stats.binom.ppf([1e-10, 1 - 1e-10], n, truth)
    return np.arange(max(low, 0), high + 1, dtype=np.float64)


def _refuse(n: int, *, truth: float, limit: float, alpha: float) -> None:
    if n < 1:
        raise NotEnoughDataError("clusters", n, 1)
    if not 0 <= truth <= 1:
        raise ValueOutOfRangeError("rate", truth, (0.0, 1.0))
    for name, share in (("limit", limit), ("alpha", alpha)):
        if not 0 < share < 1:
            raise ValueOutOfRangeError(name, share, (0.0, 1.0))
