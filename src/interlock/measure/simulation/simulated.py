"""How often a betting bound would clear a limit: many samples tried at once, for planning."""

from collections.abc import Iterator

import numpy as np

from interlock.measure.anytime import (
    log_capital,
    log_growth,
    log_mixture,
    planned_bets,
    planned_prior,
)
from interlock.measure.betting import capital, orders
from interlock.measure.sample import Flags, Numbers

# Values in memory at once.
AT_ONCE = 2**21
LOOKS = 400


def means_bounded_under(values: Numbers, *, limit: float, alpha: float, seed: int = 0) -> Flags:
    """Of many samples, those whose mean `bounded_mean` would bound under a limit.

    Args:
        values: Shape ``(samples, n)``, in [0, 1], one value a cluster.
        limit: The limit, in (0, 1).
        alpha: One-sided level of the bound, in (0, 1).
        seed: Fixes the orders of all bets.

    Returns:
        Shape ``(samples,)``. To ask about one limit takes one game a sample; to find a bound
        takes fifty.
    """
    wins = [
        _won((1 - part, None), 1 - limit, alpha=alpha, seed=seed)
        for part, _ in _parts(values, values)
    ]
    return np.concatenate(wins)


def ratios_bounded_under(
    before: Numbers, after: Numbers, *, limit: float, alpha: float, seed: int = 0
) -> Flags:
    """Of many samples, those whose ratio `clustered_ratio` would bound under a limit.

    Args:
        before: Shape ``(samples, n)``, in [0, 1]: the baseline's mean in each cluster.
        after: Same shape and range: the candidate's.
        limit: The limit of after over before, above 0.
        alpha: One-sided level of the bound, in (0, 1).
        seed: Fixes the orders of all bets.
    """
    wins = [_won(part, 1 / limit, alpha=alpha, seed=seed) for part in _parts(before, after)]
    return np.concatenate(wins)


def rates_followed_under(values: Numbers, *, limit: float, alpha: float) -> Flags:
    """Of many trials of single rows, those that `RunningRate` would let pass by their end.

    Args:
        values: Shape ``(samples, n)``, in [0, 1], one row each, in the order taken; ``n`` is
            the cap.
        limit: The limit, in (0, 1).
        alpha: One-sided level, in (0, 1).

    Returns:
        Shape ``(samples,)``. Long trials are looked at 400 times instead of after each row.
    """
    n = values.shape[1]
    looks = np.unique(np.linspace(1, n, min(n, LOOKS)).astype(np.int64))
    prior, events = planned_prior(limit, cap=n), np.cumsum(values, axis=1)[:, looks - 1]
    held = log_mixture(events, looks, limit=limit, prior=prior)
    return np.asarray((held >= -np.log(alpha)).any(axis=1))


def means_followed_under(values: Numbers, *, limit: float, alpha: float) -> Flags:
    """Of many trials, those that `RunningMean` would let pass by their end.

    Args:
        values: Shape ``(samples, n)``, in [0, 1], one a cluster, in the order taken; ``n`` is the
            cap.
        limit: The limit, in (0, 1).
        alpha: One-sided level, in (0, 1).
    """
    return _followed(1 - values, None, 1 - limit, alpha=alpha)


def ratios_followed_under(before: Numbers, after: Numbers, *, limit: float, alpha: float) -> Flags:
    """Of many trials, those that `RunningRatio` would let pass by their end.

    Args:
        before: Shape ``(samples, n)``, in [0, 1]: the baseline's mean in each cluster, in the order
            taken; ``n`` is the cap.
        after: Same shape and range: the candidate's.
        limit: The limit of after over before, above 0.
        alpha: One-sided level, in (0, 1).
    """
    return _followed(before, after, 1 / limit, alpha=alpha)


def _followed(gains: Numbers, costs: Numbers | None, ratio: float, *, alpha: float) -> Flags:
    n, there = gains.shape[1], []
    step = max(1, AT_ONCE // n)
    for start in range(0, len(gains), step):
        won = gains[start : start + step]
        paid = None if costs is None else costs[start : start + step]
        bets = planned_bets(won, paid, ratio, cap=n)
        spent = np.ones_like(won) if paid is None else paid
        grown = np.cumsum(log_growth(won, spent, ratio, bets=bets), axis=1)
        there.append((log_capital(grown, bets=bets) >= -np.log(alpha)).any(axis=1))
    return np.concatenate(there)


def _parts(first: Numbers, second: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    n = first.shape[1]
    step = max(1, AT_ONCE // (len(orders(n, 0)) * n))
    for start in range(0, len(first), step):
        yield first[start : start + step], second[start : start + step]


def _won(sample: tuple[Numbers, Numbers | None], claim: float, *, alpha: float, seed: int) -> Flags:
    gains, costs = sample
    order = orders(gains.shape[1], seed)
    won = gains[:, order].reshape(-1, order.shape[1])
    paid = None if costs is None else costs[:, order].reshape(-1, order.shape[1])
    held = capital(won, paid, np.array([claim]), alpha=alpha)
    return np.asarray(held.reshape(len(gains), -1).mean(axis=1) >= 1 / alpha)
