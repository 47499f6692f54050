"""Capital that may be looked at after every value: evidence that allows stopping at any time.

A bettor with a capital of one who is not favoured while a claim holds ever reaches ``1 / alpha``
with a chance of at most ``alpha`` (Ville 1939). So a trial may be looked at after every value and
ended as soon as the capital is there, and a bound built of the claims that stand holds at all times
together. The price is a somewhat wider bound than that of `interlock.measure.betting`, which is
looked at once.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from interlock.measure.sample import Numbers

SHARES: Numbers = 0.95 * 0.5 ** np.arange(12.0)
"""Parts of the capital that are staked throughout, each by a bettor of its own. Their mean loses a
factor of twelve at most against the best of them, which need not be known beforehand."""

FINE = 256


def log_growth(gains: Numbers, costs: Numbers, ratio: float) -> Numbers:
    """Log growth of each bettor's capital on each value.

    Args:
        gains: Shape ``(...)``, in [0, 1], what a bettor wins on each value. Values come in an order
            fixed beforehand, and each, whatever came before it, has expectations on the same side
            of the claim ``E[gain] <= ratio * E[cost]``.
        costs: Same shape and range.
        ratio: Above 0.

    Returns:
        Shape ``(..., 12)``. The mean over bettors of the exponential of the running sum has an
        expectation of at most 1 at any time while the claim holds; it falls as ``ratio`` rises.
    """
    won = gains / ratio - costs
    return np.asarray(np.log1p(SHARES * won[..., None]))


def log_capital(grown: Numbers) -> Numbers:
    """Log of the bettors' mean capital, from the log of each one's on the last axis."""
    return np.asarray(special.logsumexp(grown, axis=-1) - np.log(SHARES.size))


def log_mixture(
    events: ArrayLike, n: ArrayLike, *, limit: ArrayLike, prior: tuple[float, float]
) -> Numbers:
    """Log capital against the claim that a rate is at least ``limit``, after ``n`` rows.

    The likelihood of the rates below the limit, mixed by a beta distribution cut off there, over
    the likelihood at the limit.

    Args:
        events: Rows with the event, any shape.
        n: Rows, of a shape that spreads to the same; independent of each other.
        limit: In (0, 1), of a shape that spreads to the same.
        prior: Both parameters of the beta distribution, above 0. They decide how soon a candidate
            passes, not whether the level holds.

    Returns:
        The log capital, in the shape of the arguments. Cut off, it is not favoured at any rate of
        at least ``limit``; mixed over all rates it would be, and would call a harmful candidate
        safe as soon as it is surely harmful.

    Source:
        Robbins (1970), Annals of Mathematical Statistics 41:1397-1409.
    """
    first, second = prior
    seen = np.asarray(events, dtype=np.float64)
    others, at = np.asarray(n, dtype=np.float64) - seen, np.asarray(limit, dtype=np.float64)
    with np.errstate(divide="ignore"):
        inside = np.log(special.betainc(first + seen, second + others, at))
        cut = np.log(special.betainc(first, second, at))
    mixed = special.betaln(first + seen, second + others) - special.betaln(first, second)
    null = special.xlogy(seen, at) + special.xlog1py(others, -at)
    return np.asarray(mixed + inside - cut - null)


def mixture_bound(events: int, n: int, *, prior: tuple[float, float], alpha: float) -> float:
    """The largest rate that the mixture does not refute after ``n`` rows, at level ``alpha``.

    Returns:
        A bound in [0, 1], at least the observed share.
    """
    if events == n:
        return 1.0
    low, high = events / n, 1.0
    for _ in range(3):
        tried = np.linspace(low, high, FINE + 2)[1:-1]
        held = log_mixture(events, n, limit=tried, prior=prior) < -np.log(alpha)
        last = int(np.flatnonzero(held)[-1]) if held.any() else -1
        ends = [low, *tried.tolist(), high]
        low, high = ends[last + 1], ends[last + 2]
    return high


def betting_bound(gains: Numbers, costs: Numbers | None, *, alpha: float) -> float:
    """The largest ratio of means that the bettors refute after these values, at level ``alpha``.

    Args:
        gains: Shape ``(n,)``, in [0, 1], in the order fixed beforehand.
        costs: Same shape and range; ``None`` for ones.
        alpha: The chance, in (0, 1), that the bound ever lies above the truth.

    Returns:
        The bound, at most the observed ratio; 0 where nothing can be refuted.
    """
    total = float(gains.sum())
    if total == 0:
        return 0.0
    spent = np.ones_like(gains) if costs is None else costs
    refuted, standing = 0.0, total / max(float(spent.sum()), 0.5)
    for _ in range(50):
        ratio = (refuted + standing) / 2
        held = log_capital(log_growth(gains, spent, ratio).sum(axis=0))
        refuted, standing = (ratio, standing) if held >= -np.log(alpha) else (refuted, ratio)
    return refuted
