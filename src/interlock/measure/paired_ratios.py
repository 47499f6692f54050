"""How large a rate is in proportion to another on the same prompts."""

import math
from collections.abc import Callable

import numpy as np
from scipy import optimize, special

from interlock.errors import NotEstimableError
from interlock.measure.distributions import binomial_chances, binomial_point, normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.pairs import PairedCounts
from interlock.measure.sample import Numbers, tail

NUISANCES = 33
# The part of the level that buys the confidence set of the unknown share.
SPENT = 0.02
# Changed pairs either way from which the score is normal, up to known terms; and pairs with an
# event, beyond which leaps of the chance are too small to matter (none was seen from 200 on).
MANY = 1000
# Ratios beyond the bound are tried in steps of this part of its distance from the estimate.
FINE = 128


def score_paired_ratio(counts: PairedCounts, *, confidence: float = 0.90) -> Estimate:
    """Ratio of two rates on the same pairs with its asymptotic score interval.

    Args:
        counts: The paired table; pairs are independent draws from one population.
        confidence: Two-sided coverage, in (0, 1), reached with many events only.

    Returns:
        Rate after over rate before, 0 or more; ``high`` is ``None`` where no bound exists.

    Raises:
        NotEstimableError: The baseline shows no event.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Tang, Tang and Chan (2003), Statistics in Medicine 22:1217-1233. Shown beside
        `paired_ratio`, which decides: at level .05 this one passes .066 of bad candidates.
    """
    z = normal_point(tail(confidence))
    value = _observed(counts)
    cells = _cells(counts)
    low, high = score_interval(lambda ratio: float(paired_scores(cells, ratio)), value, z)
    return Estimate(
        value=value, low=low, high=high, confidence=confidence, n=counts.n, method="tang-score/1"
    )


def paired_ratio(counts: PairedCounts, *, confidence: float = 0.90) -> Estimate:
    """Ratio of two rates on the same pairs with bounds that keep their level at small counts.

    Args:
        counts: The paired table; pairs are independent draws from one population.
        confidence: Two-sided coverage, in (0, 1); each end alone is a bound at
            ``1 - (1 - confidence) / 2``, whatever the rates and the number of pairs.

    Returns:
        Rate after over rate before, 0 or more; ``high`` is ``None`` where no bound exists.

    Raises:
        NotEstimableError: The baseline shows no event.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        The score of Tang, Tang and Chan (2003) with its exact distribution in place of the normal
        one, see `exact_chance`. The chance does not only fall as the ratio moves away, so each end
        is the outermost possible ratio that a fine search beyond the first impossible one finds.
    """
    alpha = tail(confidence)
    value = _observed(counts)
    mirrored = PairedCounts(
        both=counts.both,
        only_before=counts.only_after,
        only_after=counts.only_before,
        neither=counts.neither,
    )
    reverse = _upper(mirrored, alpha) if counts.after else None
    high = _upper(counts, alpha)
    return Estimate(
        value=value,
        low=0.0 if reverse is None else min(1 / reverse, value),
        high=None if high is None else max(high, value),
        confidence=confidence,
        n=counts.n,
        method="tang-exact/1",
    )


def paired_scores(cells: Numbers, ratio: float) -> Numbers:
    """Standardised distance of paired tables from ``ratio``, negative where they lie below it.

    Args:
        cells: Shape ``(3, ...)``: pairs with the event in both arms, before only, after only.
        ratio: The ratio in question, above 0.

    Returns:
        Shape ``(...)``; 0 for a table without events.
    """
    both, only_before, only_after = cells
    events = both + only_before + only_after
    middle = both * (1 + ratio**2) + ratio**2 * only_before + only_after
    root = np.sqrt(np.maximum(middle**2 - 4 * ratio**2 * events * both, 0.0))
    shared = 2 * ratio * both / np.maximum(middle + root, 1e-300)
    gap = both + only_after - ratio * (both + only_before)
    spread = np.sqrt(np.maximum(events * ratio * (1 - shared), 0.0))
    return np.asarray(np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0))


def exact_chance(counts: PairedCounts, ratio: float, *, alpha: float) -> float:
    """The largest chance of a score as low as this one if the true ratio is ``ratio``.

    Given the number of pairs with any event, the table is a draw from a trinomial with one unknown
    left: the share of those pairs with the event in both arms. The chance is the largest over a
    confidence set of that share, plus the chance that the set misses it.

    Args:
        counts: The paired table; pairs are independent draws from one population.
        ratio: The ratio in question, above 0.
        alpha: The level in question; a fiftieth of it is spent on the confidence set.

    Returns:
        A p-value in [0, 1], exact up to the grid of 33 shares.

    Source:
        Berger and Boos (1994), JASA 89:1012-1016, for the confidence set: without it the chance is
        dominated by shares that the table rules out.
    """
    events = counts.n - counts.neither
    missed = SPENT * alpha
    most = min(ratio, 1 / ratio)
    low = (
        special.betaincinv(counts.both, events - counts.both + 1, missed / 2) if counts.both else 0
    )
    high = special.betainccinv(counts.both + 1, max(events - counts.both, 1e-9), missed / 2)
    shares = np.linspace(min(low, most), min(high, most), NUISANCES, dtype=np.float64)[:, None]
    first = binomial_point(1e-10, events, shares[0, 0])
    both = np.arange(first, binomial_point(1 - 1e-10, events, shares[-1, 0]) + 1.0)
    observed = float(paired_scores(_cells(counts), ratio))
    needed = _fewest(both, events, (ratio, observed))
    single = np.maximum((1 + ratio) * (1 - shares), 1e-300)
    before_only = np.clip((1 - ratio * shares) / single, 0.0, 1.0)
    spare = events - both - needed
    tails = special.betainc(np.maximum(needed, 1), np.maximum(spare, 0) + 1, before_only)
    tails = np.where(needed == 0, 1.0, np.where(spare < 0, 0.0, tails))
    chances = (binomial_chances(both, events, shares) * tails).sum(axis=1)
    return min(1.0, float(chances.max()) + missed)


def score_interval(
    score: Callable[[float], float], value: float, z: float
) -> tuple[float, float | None]:
    """The ratios at which a score that falls with the ratio crosses ``z`` and ``-z``.

    Args:
        score: The standardised distance of the sample from a ratio.
        value: The observed ratio, where the score is 0.
        z: The normal quantile.

    Returns:
        The ends; 0 and ``None`` where the score does not cross.
    """
    low = _crossing(lambda x: score(math.exp(x)) - z, value, -1) if value > 0 else 0.0
    high = _crossing(lambda x: score(math.exp(x)) + z, value, +1)
    return min(low or 0.0, value), None if high is None else max(high, value)


def refuse_empty_baseline(events: float) -> None:
    """Refuse to divide by a baseline of no events.

    Raises:
        NotEstimableError: There are none.
    """
    if events == 0:
        raise NotEstimableError(
            "ratio", "the baseline shows no event, so nothing can be in proportion to it"
        )


def _observed(counts: PairedCounts) -> float:
    refuse_empty_baseline(counts.before)
    return counts.after / counts.before


def _cells(counts: PairedCounts) -> Numbers:
    return np.array([counts.both, counts.only_before, counts.only_after], dtype=np.float64)


def _fewest(both: Numbers, events: int, case: tuple[float, float]) -> Numbers:
    """For each count of both, the fewest before-only pairs with a score as low as observed."""
    ratio, observed = case
    below, enough = np.full_like(both, -1.0), events - both + 1
    while (enough - below > 1).any():
        middle = np.floor((below + enough) / 2)
        cells = np.stack([both, middle, events - both - middle])
        low = paired_scores(cells, ratio) <= observed + 1e-9
        move = enough - below > 1
        enough = np.where(move & low, middle, enough)
        below = np.where(move & ~low, middle, below)
    return enough


def _upper(counts: PairedCounts, alpha: float) -> float | None:
    """The upper bound of the ratio, or ``None`` if every ratio is possible.

    Found from the score bound outwards. Where thousands of pairs changed either way the score bound
    itself is taken, at a level lowered by what the skewness (``z**3 / 6``) and the steps (``z``) of
    a count cost in relation to the level, over the root of the count.
    """
    fewest = min(counts.only_before, counts.only_after)
    z = normal_point(alpha)
    if fewest >= MANY:
        z = normal_point(alpha / (1 + (z + z**3 / 6) / math.sqrt(fewest)))
    cells, least = _cells(counts), max(counts.after, 0.5) / counts.before
    bound = score_interval(lambda ratio: float(paired_scores(cells, ratio)), least, z)[1]
    if bound is None or fewest >= MANY:
        return bound

    def chance(log_ratio: float) -> float:
        return exact_chance(counts, math.exp(log_ratio), alpha=alpha)

    # Without an event after, a low confidence may put the score bound at the search's own start.
    start, width = math.log(bound), max(math.log(bound / least), 0.1)
    way = 1 if chance(start) > alpha else -1
    near, far, step = start, start + way * width / 32, width / 32
    while (chance(far) > alpha) == (way > 0):
        step *= 2
        near, far = far, far + way * step
        if step > 64:
            return None
    # No power of two times the first step, or the last bit would decide how often it is halved.
    nearest = _halved(chance, (min(near, far), max(near, far)), (alpha, width / 2000))
    if counts.n - counts.neither > MANY:
        return math.exp(nearest)
    stretch = _beyond(chance, nearest, (alpha, width / FINE))
    return math.exp(_halved(chance, stretch, (alpha, width / 2000)) if stretch else nearest)


def _halved(
    chance: Callable[[float], float], between: tuple[float, float], to: tuple[float, float]
) -> float:
    """The impossible end of a stretch from possible to impossible, halved to a level and length."""
    (low, high), (alpha, length) = between, to
    while high - low > length:
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) > alpha else (low, middle)
    return high


def _beyond(
    chance: Callable[[float], float], bound: float, by: tuple[float, float]
) -> tuple[float, float] | None:
    """The last stretch beyond a bound that starts possible, stepped at a level and length.

    As the ratio rises the tables change their order by score, and at each change the chance may
    leap back over the level. No leap was seen to double it, so the search ends at half the level.
    """
    alpha, length = by
    last = None
    for place in bound + length * np.arange(1.0, FINE + 1):
        found = chance(place)
        if found > alpha:
            last = (float(place), float(place + length))
        elif found <= alpha / 2:
            break
    return last


def _crossing(gap: Callable[[float], float], value: float, way: int) -> float | None:
    start = math.log(value) if value > 0 else -30.0
    if gap(start) * way <= 0:
        return math.exp(start)
    reach = 1.0
    while gap(start + way * reach) * way > 0:
        reach *= 2
        if reach > 64:
            return None
    return math.exp(optimize.brentq(gap, start, start + way * reach, xtol=1e-13, rtol=1e-13))
