"""Capital that may be looked at after every value: evidence that allows stopping at any time.

A bettor with a capital of one who is not favoured while a claim holds ever reaches ``1 / alpha``
with a chance of at most ``alpha`` (Ville 1939). So a trial may be looked at after every value and
ended as soon as the capital is there, and a bound built of the claims that stand holds at all times
together. The price is a somewhat wider bound than that of `interlock.measure.betting`, which is
looked at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from interlock.measure.distributions import binomial_point, binomial_up_to
from interlock.measure.sample import Numbers

SHARES: Numbers = 0.95 * 0.5 ** np.arange(12.0)
"""Parts of the capital that are staked throughout, each by a bettor of its own. Their mean loses a
factor of twelve at most against the best of them, which need not be known beforehand."""

SURE = 0.95
# A bettor who knew the effect would stake, for each value's spread, 2.49 over the root of the
# values that a single look takes to see it at .05 with a chance of .8. One stakes somewhat less,
# so that an effect half as large again is not lost, one more, so that a larger one is seen soon.
AIMS: Numbers = np.array([2.0, 4.0])
TRUST: Numbers = np.array([0.6, 0.4])
# How far a rate's mixture reaches from the planned rate, as a part of the way to the limit.
FOCUS = 0.35
DESIGN = (0.05, 0.2)

FINE = 256


@dataclass(frozen=True)
class Bets:
    """What bettors stake, none of it steered by the value that it is staked on.

    Attributes:
        stakes: Shape ``(..., n, k)`` or ``(k,)``, in [0, .95]: for each value and bettor.
        trust: Shape ``(k,)``, the part of the capital that each bettor starts with; it sums to 1.
    """

    stakes: Numbers
    trust: Numbers


EVEN = Bets(SHARES, np.full(SHARES.size, 1 / SHARES.size))
"""Bets for a trial of any length."""


def planned_bets(gains: Numbers, costs: Numbers | None, ratio: float, *, cap: int) -> Bets:
    """Bets for a trial of at most ``cap`` values, planned for half of them looked at once.

    A bet is small where values scatter widely; how widely, only values before it have told. The
    first ones are taken to scatter as widely as they can at the claim.

    Args:
        gains: Shape ``(..., n)``, as for `log_growth`.
        costs: Same shape; ``None`` for ones.
        ratio: The sealed limit; bets stay the same when other ratios are tried.
        cap: The most values there can be, at least 1.
    """
    won = gains / ratio - (1.0 if costs is None else costs)
    count = np.arange(won.shape[-1])
    before = [np.cumsum(one, axis=-1) - one for one in (won, won * won)]
    scatter = np.maximum(before[1] - before[0] ** 2 / np.maximum(count, 1), 0.0)
    widest = 1 / ratio - 1 if costs is None else (1 / ratio**2 + 1) / 4
    spread = np.sqrt((widest + scatter) / (1 + count))
    return Bets(np.minimum(AIMS / (spread[..., None] * np.sqrt(cap / 2)), SURE), TRUST)


def planned_prior(limit: float, *, cap: int) -> tuple[float, float]:
    """The mixture for a rate in a trial of at most ``cap`` rows: both parameters of its beta.

    It is centred where an exact bound over half of the rows would pass with a chance of .8, and
    reaches about a third of the way from there to the limit.
    """
    n, (alpha, missed) = max(cap // 2, 1), DESIGN
    allowed = binomial_point(alpha, n, limit)
    if binomial_up_to(allowed, n, limit) > alpha:
        allowed -= 1
    allowed = min(max(allowed, 0), n - 1)
    rate = min(float(special.betaincinv(allowed + 1, n - allowed, missed)), 0.9 * limit)
    weight = max(rate * (1 - rate) / ((limit - rate) * FOCUS) ** 2 - 1, 1.0)
    return rate * weight, (1 - rate) * weight


def log_growth(gains: Numbers, costs: Numbers, ratio: float, *, bets: Bets = EVEN) -> Numbers:
    """Log growth of each bettor's capital on each value.

    Args:
        gains: Shape ``(...)``, in [0, 1], what a bettor wins on each value. Values come in an order
            fixed beforehand, and each, whatever came before it, has expectations on the same side
            of the claim ``E[gain] <= ratio * E[cost]``.
        costs: Same shape and range.
        ratio: Above 0.
        bets: What is staked.

    Returns:
        Shape ``(..., bettors)``. The mean over bettors of the exponential of the running sum has an
        expectation of at most 1 at any time while the claim holds; it falls as ``ratio`` rises.
    """
    won = gains / ratio - costs
    return np.asarray(np.log1p(bets.stakes * won[..., None]))


def log_capital(grown: Numbers, *, bets: Bets = EVEN) -> Numbers:
    """Log of what all bettors hold, from the log growth of each one's on the last axis."""
    return np.asarray(special.logsumexp(grown + np.log(bets.trust), axis=-1))


def log_mixture(
    events: ArrayLike, n: ArrayLike, *, limit: ArrayLike, prior: tuple[float, float]
) -> Numbers:
    """Log capital against the claim that a rate is at least ``limit``, after ``n`` rows.

    The likelihood of the rates below the limit, mixed by a beta distribution cut off there, over
    the likelihood at the limit.

    Args:
        events: Rows with the event, any shape. Rows may count in part: the likelihood bends
            upwards in each, so the capital is then less than a fair game would give.
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
    # Too little of the mixture lies below the limit for a number: nothing is staked.
    below = np.subtract(
        inside, cut, out=np.full(np.broadcast(inside, cut).shape, -np.inf), where=np.isfinite(cut)
    )
    return np.asarray(mixed + below - null)


def mixture_bound(events: float, n: int, *, prior: tuple[float, float], alpha: float) -> float:
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


def betting_bound(
    gains: Numbers, costs: Numbers | None, *, alpha: float, bets: Bets = EVEN
) -> float:
    """The largest ratio of means that the bettors refute after these values, at level ``alpha``.

    Args:
        gains: Shape ``(n,)``, in [0, 1], in the order fixed beforehand.
        costs: Same shape and range; ``None`` for ones.
        alpha: The chance, in (0, 1), that the bound ever lies above the truth.
        bets: What is staked, whatever ratio is tried.

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
        held = log_capital(log_growth(gains, spent, ratio, bets=bets).sum(axis=0), bets=bets)
        refuted, standing = (ratio, standing) if held >= -np.log(alpha) else (refuted, ratio)
    return refuted
