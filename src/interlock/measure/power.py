"""How many clusters a claim needs, before any of them is spent."""

import math
from bisect import bisect_left

import numpy as np

from interlock.errors import NotEnoughDataError, NotEstimableError, ValueOutOfRangeError
from interlock.measure.distributions import (
    binomial_chances,
    binomial_point,
    binomial_up_to,
    normal_point,
)
from interlock.measure.estimate import Estimate
from interlock.measure.paired_ratios import paired_scores
from interlock.measure.rates import exact_rate
from interlock.measure.ratios import unpaired_scores
from interlock.measure.sample import Numbers

RUNS = 20_000
MOST = 10_000_000


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
    _refuse(n, alpha, limit, rate=truth)
    _refuse(n, alpha, limit, rate=limit)
    allowed = binomial_point(alpha, n, limit)
    if binomial_up_to(allowed, n, limit) > alpha:
        allowed -= 1
    return float(binomial_up_to(allowed, n, truth))


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
    _refuse(criteria, alpha, limit, rate=truth)
    _refuse(criteria, chance, limit)
    if not truth < limit < 1:
        raise NotEstimableError("number of clusters", "the assumed rate is not below the limit")
    wanted = chance ** (1 / criteria)

    def clusters(events: int) -> int:
        sizes = range(events + 1, MOST)
        return sizes[
            bisect_left(sizes, -alpha, key=lambda n: -float(binomial_up_to(events, n, limit)))
        ]

    def passes(events: int) -> bool:
        return bool(binomial_up_to(events, clusters(events), truth) >= wanted)

    most = int(MOST * limit / 2)
    if not passes(most):
        raise NotEstimableError("number of clusters", "the assumed rate is too near the limit")
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
    _refuse(n, alpha, limit, rate=before)
    _refuse(n, alpha, limit, rate=after)
    z = normal_point(alpha)
    first, second = _likely(n, before), _likely(n, after)
    sizes = np.array([n, n], dtype=np.float64)
    weights = binomial_chances(first, n, before)
    chance = 0.0
    for events, weight in zip(second, binomial_chances(second, n, after), strict=True):
        cells = np.stack([first, np.full_like(first, events)])
        passed = unpaired_scores(cells, sizes[:, None], limit) <= -z
        chance += float(weight * weights[passed].sum())
    return min(chance, 1.0)


def simulated_power_paired_ratio(
    n: int, shares: tuple[float, float, float], *, limit: float, alpha: float = 0.05, seed: int = 0
) -> Estimate:
    """Chance that pairs show a ratio of rates under ``limit``.

    Args:
        n: Independent pairs.
        shares: Shares of pairs with the event in both arms, before only and after only.
        limit: The limit of after over before, above 0; a cut of 40 % is .6.
        alpha: One-sided level, in (0, 1).
        seed: Fixes the 20,000 simulated trials.

    Returns:
        A chance in [0, 1], with the interval that the simulation leaves. The score test at nine
        tenths of the level stands in for the exact test of `paired_ratio`, whose chance is nearly
        the same from some twenty events on.

    Raises:
        NotEnoughDataError: ``n`` is less than 1.
        ValueOutOfRangeError: A share, the limit or the level is outside its range.
    """
    _refuse(n, alpha, limit)
    for share in (*shares, sum(shares)):
        _refuse(n, alpha, limit, rate=share)
    everything = [*shares, max(0.0, 1 - sum(shares))]
    drawn = np.random.default_rng(seed).multinomial(n, everything, size=RUNS)
    cells = drawn.T[:3].astype(np.float64)
    low = paired_scores(cells, limit) <= -normal_point(0.9 * alpha)
    return exact_rate(low & (cells[0] + cells[1] > 0))


def _likely(n: int, truth: float) -> Numbers:
    """All counts of events but those in tails of 1e-10."""
    return np.arange(binomial_point(1e-10, n, truth), binomial_point(1 - 1e-10, n, truth) + 1.0)


def _refuse(n: int, alpha: float, limit: float, *, rate: float = 0.0) -> None:
    """Refuse what is no plan: ``n`` under 1, a level or rate that is no share, a limit of 0."""
    if n < 1:
        raise NotEnoughDataError("clusters", n, 1)
    if not 0 < alpha < 1:
        raise ValueOutOfRangeError("alpha", alpha, (0.0, 1.0))
    if not 0 < limit < math.inf:
        raise ValueOutOfRangeError("limit", limit, (0.0, math.inf))
    if not 0 <= rate <= 1:
        raise ValueOutOfRangeError("rate", rate, (0.0, 1.0))
