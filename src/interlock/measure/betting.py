"""Bounds with a guaranteed level for means of bounded values: a bettor who must reach a goal.

To show that ``E[gain] > ratio * E[cost]``, a bettor with one unit of capital stakes some of it on
each value in turn and wins ``stake * (gain - ratio * cost)``. If the claim is false the game is
unfavourable, so by Markov's inequality the capital reaches ``1 / alpha`` with a chance of at most
``alpha``, at every sample size and for every distribution on the range (Waudby-Smith and Ramdas
2024, JRSS B 86:1-27). With ``cost`` one this bounds a mean; with the two arms of a trial, their
ratio.

The stakes decide only how tight the bound is. They follow the price of the option that pays the
goal if the sum ends beyond its normal quantile and nothing else: it aims at what a test at a fixed
``n`` needs, and no more. A constant bet needs ``sqrt(2 log(1 / alpha))`` standard errors (2.45 at
.05), this one approaches the normal 1.645 (the idea of betting for what is still to be won is that
of Voracek and Orabona 2025, *STaR-Bets*).

Two limits on the stake make the final capital fall as ``ratio`` rises, for every order of the data,
so that the ratios not refuted form an interval and bisection finds its end: the stake never exceeds
what can be lost (``capital / ratio``) or what can still be won (``(goal - capital) / best gain``),
which makes a step non-decreasing in the capital; and the scale of the values, estimated from earlier
values only, is non-decreasing in ``ratio`` while scale over ratio is non-increasing, which makes a
step non-increasing in ``ratio``.
"""

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import ndtri

from interlock.measure.sample import Numbers

ORDERS = 24
ONE_BY_ONE = 2048
REBALANCINGS = 128
GOAL = 1.5
FUND = 4.0
BEST_FUND = 4.0
LEVELS = 128
POOLED = 2**14
CANDIDATES = 32


def capital(gains: Numbers, costs: Numbers | None, ratios: Numbers, *, alpha: float) -> Numbers:
    """The bettor's capital against each ratio, after the last value of each order.

    Args:
        gains: Shape ``(orders, n)``, in [0, 1]: what the bettor wins. Rows of a sample must be
            independent, with one row a cluster.
        costs: Same shape and range; ``None`` stands for ones, which tests a mean.
        ratios: Shape ``(k,)``, above 0 (and below 1 where ``costs`` is ``None``).
        alpha: The level aimed at; it steers the stakes, and validity does not rest on it.

    Returns:
        Shape ``(orders, k)``. Each entry has an expectation of at most 1 if
        ``E[gains] <= ratio * E[costs]``, and so has their mean over orders.
    """
    goal = GOAL / alpha
    if gains.shape[1] <= ONE_BY_ONE:
        return _one_by_one(gains, costs, ratios, goal)
    ones = np.ones_like(gains) if costs is None else costs
    rows = zip(gains, ones, strict=True)
    mean_only = costs is None
    return np.stack([_in_blocks(a, b, (ratios, goal, mean_only)) for a, b in rows])


def lower_ratio(gains: Numbers, costs: Numbers | None, *, alpha: float, seed: int) -> float:
    """The largest ratio of means that the sample refutes from below, at level ``alpha``.

    The capital is averaged over seeded orders of the sample (one order where it is large), so that
    the result hardly depends on how the rows were sorted.

    Args:
        gains: Shape ``(n,)``, in [0, 1], one value a cluster; clusters are independent.
        costs: Same shape and range; ``None`` bounds the mean of ``gains``.
        alpha: The chance, in (0, 1), that the bound lies above the truth.
        seed: Fixes the orders.

    Returns:
        The bound, at most the observed ratio; 0 where nothing can be refuted.
    """
    n = gains.size
    total = float(gains.sum())
    if total == 0:
        return 0.0
    ceiling = total / (n if costs is None else max(float(costs.sum()), 0.5))
    rng = np.random.default_rng(seed)
    if n > ONE_BY_ONE:
        order = rng.permutation(n)[None, :]
    else:
        order = rng.permuted(np.tile(np.arange(n), (ORDERS, 1)), axis=1)
    ordered = gains[order], None if costs is None else costs[order]
    refuted, standing = 0.0, ceiling
    below = np.append(ceiling * (1 - np.geomspace(1, 0.1 / n, CANDIDATES + 1))[1:], ceiling)
    for _ in range(3):
        inner = below[(below > refuted) & (below < standing)]
        enough = capital(*ordered, inner, alpha=alpha).mean(axis=0) >= 1 / alpha
        first = int(np.argmin(enough)) if not enough.all() else enough.size
        ends = np.concatenate([[refuted], inner, [standing]])
        refuted, standing = float(ends[first]), float(ends[first + 1])
        below = np.linspace(refuted, standing, CANDIDATES + 2)[1:-1]
    return refuted


def _one_by_one(gains: Numbers, costs: Numbers | None, ratios: Numbers, goal: float) -> Numbers:
    """Stake on one value at a time; shapes as in `capital`."""
    orders, n = gains.shape
    scale = _Scale(gains, costs)
    best = 1 - ratios if costs is None else np.ones_like(ratios)
    held = np.ones((orders, ratios.size))
    for t in range(n):
        won = gains[:, t, None] - (ratios if costs is None else ratios * costs[:, t, None])
        wanted = goal * _density(held / goal) / (scale.at(t, ratios) * math.sqrt(n - t))
        stake = np.minimum(np.minimum(wanted, held / ratios), (goal - held) / best)
        held = np.clip(held + stake * won, 0.0, goal)
    return held


def _in_blocks(
    gains: Numbers, costs: Numbers, game: tuple[Numbers, float, bool]
) -> Numbers:
    """Stake on blocks of one long order; returns shape ``(k,)``.

    A block is a fund that compounds a fixed share over its values, cut off at five times its price
    (cutting a win off cannot help the bettor on average). What is put into the fund depends on the
    capital alone, so the two limits above still hold.
    """
    ratios, goal, mean_only = game
    gains, costs = _pooled(gains, costs)
    n = gains.size
    kinds, which = np.unique(gains + 2j * costs, return_inverse=True)
    scale = _Scale(gains[None, :], None if mean_only else costs[None, :])
    held = np.ones(ratios.size)
    for start, size in _blocks(n):
        if kinds.size <= LEVELS:
            counts = np.bincount(which[start : start + size], minlength=kinds.size)
            a, b = kinds.real, kinds.imag / 2
        else:
            counts = np.ones(size)
            a, b = gains[start : start + size], costs[start : start + size]
        deviation = scale.at(start, ratios)[0] * math.sqrt(n - start)
        share = np.minimum(FUND / deviation, (1 - 1e-9) / ratios)
        grown = counts @ np.log1p(share * (a[:, None] - ratios * b[:, None]))
        won = np.minimum(np.expm1(np.minimum(grown, 3.0)), BEST_FUND)
        invested = np.minimum(
            np.minimum(goal * _density(held / goal) / FUND, held), (goal - held) / BEST_FUND
        )
        held = np.clip(held + invested * won, 0.0, goal)
    return held


class _Scale:
    """Standard deviation of ``gain - ratio * cost`` as the values before each one show it.

    Each variance starts as one value's worth of the largest possible, 1/4.
    """

    def __init__(self, gains: Numbers, costs: Numbers | None) -> None:
        before = np.arange(gains.shape[1])
        self._gain = _variance(gains, gains, before)
        self._cost = None if costs is None else _variance(costs, costs, before)
        self._both = None if costs is None else _covariance(gains, costs, before)

    def at(self, t: int, ratios: Numbers) -> Numbers:
        """Shape ``(orders, k)``; non-decreasing in the ratio, and less than in proportion to it."""
        gain = self._gain[:, t, None]
        if self._cost is None or self._both is None:
            return np.sqrt(gain)
        cost, both = self._cost[:, t, None], np.maximum(self._both[:, t, None], 0.0)
        least, most = both / cost, gain / np.maximum(both, 1e-12)
        inside = np.clip(ratios, least, most)
        variance = gain - 2 * both * inside + cost * inside**2
        return np.sqrt(variance) * np.maximum(ratios / inside, 1.0)


def _variance(values: Numbers, others: Numbers, before: Numbers) -> Numbers:
    return (0.25 + _products(values, others, before)) / (1 + before)


def _covariance(values: Numbers, others: Numbers, before: Numbers) -> Numbers:
    return _products(values, others, before) / (1 + before)


def _products(values: Numbers, others: Numbers, before: Numbers) -> Numbers:
    """Sums of products of deviations from the mean, over the values before each one."""
    first = np.cumsum(values, axis=1) - values
    second = np.cumsum(others, axis=1) - others
    crossed = np.cumsum(values * others, axis=1) - values * others
    return crossed - first * second / np.maximum(before, 1)


def _density(price: Numbers) -> Numbers:
    """How fast the option's price moves with the sum, in standard deviations still to come."""
    return np.exp(-0.5 * ndtri(np.clip(price, 0.0, 1.0)) ** 2) / math.sqrt(2 * math.pi)


def _blocks(n: int) -> Iterator[tuple[int, int]]:
    """Blocks that shrink with what is left, down to single values."""
    start = 0
    while start < n:
        size = max(1, (n - start) // REBALANCINGS)
        yield start, size
        start += size


def _pooled(gains: Numbers, costs: Numbers) -> tuple[Numbers, Numbers]:
    """Means of neighbours where a long sample has many distinct values; still independent."""
    if gains.size <= POOLED or np.unique(gains[:POOLED] + 2j * costs[:POOLED]).size <= LEVELS:
        return gains, costs
    width = -(-gains.size // POOLED)
    starts = np.arange(0, gains.size, width)
    sizes = np.diff(np.append(starts, gains.size))
    return np.add.reduceat(gains, starts) / sizes, np.add.reduceat(costs, starts) / sizes
