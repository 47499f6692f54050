"""How often a betting bound would clear a limit: many samples tried at once, for planning."""

from collections.abc import Iterator

import numpy as np

from interlock.measure.betting import capital, orders
from interlock.measure.sample import Flags, Numbers

# Values in memory at once.
AT_ONCE = 2**21


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
