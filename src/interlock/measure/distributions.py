"""The two distributions by which estimates count chances, in closed form and close to rounding."""

from bisect import bisect_left

import numpy as np
from scipy import special

from interlock.measure.sample import Numbers


def normal_point(alpha: float) -> float:
    """The value that a standard normal number exceeds with a chance of ``alpha``, in (0, 1)."""
    return -float(special.ndtri(alpha))


def binomial_up_to(events: float, n: int, share: Numbers | float) -> Numbers:
    """Chance of at most so many events in ``n`` independent rows.

    Args:
        events: A whole number; fewer than 0 have no chance.
        n: Rows, at least 1.
        share: Chance of the event on a row, in [0, 1]; one number or any shape.

    Returns:
        Chances in [0, 1], of the shape of ``share``.

    Source:
        The incomplete beta function. Chosen over `scipy.special.bdtr`, which is off by 1e-10 at
        100,000 rows and by 1e-3 at ten million.
    """
    if not 0 <= events < n:
        return np.full_like(share, float(events >= n), dtype=np.float64)
    return np.asarray(special.betaincc(events + 1, n - events, share))


def binomial_chances(events: Numbers, n: int, share: Numbers | float) -> Numbers:
    """Chance of each of several numbers of events in ``n`` independent rows.

    Args:
        events: Shape ``(k,)``, consecutive whole numbers from 0 to ``n``.
        n: Rows, at least 1.
        share: Chance of the event on a row, in [0, 1]: one number, or shape ``(m, 1)``.

    Returns:
        Shape ``(k,)`` or ``(m, k)``.

    Source:
        The ratios of neighbouring chances, scaled to the chance of the whole stretch. Chosen over
        factorials, whose logarithms lose digits with thousands of rows.
    """
    first, last = events[0], events[-1]
    ways = np.append(0.0, np.cumsum(np.log((n - events[:-1]) / events[1:])))
    logs = ways + special.xlogy(events - first, share) + special.xlog1py(last - events, -share)
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    stretch = binomial_up_to(last, n, share) - binomial_up_to(first - 1, n, share)
    return np.asarray(weights * (stretch / weights.sum(axis=-1, keepdims=True)))


def binomial_point(chance: float, n: int, share: float) -> int:
    """The fewest events of which ``n`` independent rows show no more with this chance or a greater.

    Args:
        chance: In (0, 1).
        n: Rows, at least 1.
        share: Chance of the event on a row, in [0, 1].

    Returns:
        A number of events, 0 to ``n``.
    """
    return bisect_left(range(n), chance, key=lambda count: float(binomial_up_to(count, n, share)))
