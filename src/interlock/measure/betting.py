"""Bounds with a guaranteed level for means of bounded values: a bettor who must reach a goal.

To show that ``E[gain] > ratio * E[cost]``, a bettor with a capital of one stakes some of it on each
value in turn and wins ``stake * (gain - ratio * cost)``. If the claim is false the game does not
favour the bettor, so by Markov's inequality the capital reaches ``1 / alpha`` with a chance of at
most ``alpha``: at every sample size and for every distribution on the range (Waudby-Smith and
Ramdas 2024, JRSS B 86:1-27). With a cost of one this bounds a mean; with the two arms of a trial,
the ratio of theirs.

How much is staked decides only how tight the bound is. The stake follows the price of an option
that pays the goal if the sum ends beyond its normal quantile, and nothing else: at a fixed ``n``
more than the goal is worthless. A constant bet ends ``sqrt(2 log(1 / alpha))`` standard errors from
the mean (2.45 at .05), this one nears the 1.645 of a normal test. (Betting for what is still to be
won is the idea of Voracek and Orabona 2025, *STaR-Bets*.)

The bound is found by bisection, so the capital must fall as ``ratio`` rises, whatever the data.
It does, step by step, because

- a stake never exceeds what could lose nine tenths of the capital, nor what could overshoot the
  goal, and between these is concave in the capital: more capital before a step is more after it;
- the scale of the values, learnt from earlier values only, never falls as the ratio rises, and
  scale over ratio never rises: at equal capital a step wins less against a higher ratio.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from interlock.measure.games import LONG, Game, game
from interlock.measure.sample import Numbers

# More orders cost time and hardly steady the bound any further.
ORDERS = 24
CANDIDATES = 16
# In units of 1 / alpha: two orders of three must reach the goal, so that a few unlucky ones do not
# spoil the mean. From 1.25 to 2 the width hardly changes.
GOAL = 1.5


def capital(gains: Numbers, costs: Numbers | None, ratios: Numbers, *, alpha: float) -> Numbers:
    """The bettor's capital against each ratio, after the last value of each order.

    Args:
        gains: Shape ``(orders, n)``, in [0, 1]: what the bettor wins, one value a cluster. Each
            has, whatever came before it in its order, an expectation on the same side of the claim,
            as independent draws from one population have.
        costs: Same shape and range; ``None`` stands for ones, which tests a mean.
        ratios: Shape ``(k,)``, above 0, and below 1 where ``costs`` is ``None``.
        alpha: The level aimed at, in (0, 1). It steers the stakes; validity does not rest on it.

    Returns:
        Shape ``(orders, k)``. Each entry has an expectation of at most 1 if
        ``E[gain] <= ratio * E[cost]`` on every cluster, and so has their mean over orders of one
        sample.
    """
    return _play(game(gains, costs), ratios, goal=GOAL / alpha)


def lower_ratio(gains: Numbers, costs: Numbers | None, *, alpha: float, seed: int) -> float:
    """The largest ratio of means that the sample refutes from below, at level ``alpha``.

    The capital is averaged over seeded orders of the sample (fewer where it is long), so that the
    result hardly depends on how the rows were sorted.

    Args:
        gains: Shape ``(n,)``, in [0, 1], one value a cluster; clusters are independent draws from
            one population, or at least each, whatever the others show, has the ratio of
            expectations that is bounded.
        costs: Same shape and range; ``None`` bounds the mean of ``gains``.
        alpha: The chance, in (0, 1), that the bound lies above the truth.
        seed: Fixes the orders; chosen without regard to the values. Where these come sorted, the
            level rests on that choice.

    Returns:
        The bound, at most the observed ratio; 0 where nothing can be refuted.
    """
    n, total = gains.size, float(gains.sum())
    if total == 0:
        return 0.0
    order = orders(n, seed)
    chosen = game(gains[order], None if costs is None else costs[order])
    refuted = 0.0
    standing = total / (n if costs is None else max(float(costs.sum()), 0.5))
    inner = standing * (1 - np.geomspace(1, 0.1 / n, 2 * CANDIDATES)[1:])
    for _ in range(3):
        held = _play(chosen, inner, goal=GOAL / alpha).mean(axis=0)
        first = int(np.argmin(np.append(held >= 1 / alpha, False)))
        ends = [refuted, *inner.tolist(), standing]
        refuted, standing = ends[first], ends[first + 1]
        inner = np.linspace(refuted, standing, CANDIDATES + 2)[1:-1]
    return refuted


def _play(chosen: Game, ratios: Numbers, *, goal: float) -> Numbers:
    steps = np.broadcast_arrays(*chosen.steps(ratios))
    held = np.ones(steps[0].shape[1:])
    for won, most, last in zip(*steps, strict=True):
        wanted = goal * np.exp(-0.5 * ndtri(np.minimum(held / goal, 1)) ** 2) / math.sqrt(math.tau)
        stake = np.minimum(np.minimum(wanted, held * most), (goal - held) * last)
        held = np.clip(held + stake * won, 0.0, goal)
    return held


def orders(n: int, seed: int) -> NDArray[np.intp]:
    """The orders in which a bound reads ``n`` values, one a row."""
    rng = np.random.default_rng(seed)
    count = max(1, min(ORDERS, 2 * LONG // n))
    if count == 1:
        return rng.permutation(n)[None, :]
    return rng.permuted(np.tile(np.arange(n), (count, 1)), axis=1)
