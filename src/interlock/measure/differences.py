"""How far a rate lies from another: candidate minus baseline."""

import math
from collections.abc import Callable

from numpy.typing import ArrayLike
from scipy import optimize

from interlock.measure.distributions import normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.pairs import PairedCounts
from interlock.measure.rates import wilson_ends
from interlock.measure.sample import flags, tail


def paired_difference(counts: PairedCounts, *, confidence: float = 0.90) -> Estimate:
    """Rate after minus rate before on the same pairs, with Tango's score interval.

    Args:
        counts: The paired table; pairs are independent.
        confidence: Two-sided coverage, in (0, 1), close to exact from a few pairs on.

    Returns:
        A difference of rates in [-1, 1].

    Raises:
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Tango (1998), Statistics in Medicine 17:891-908. Chosen over Wald's, which has no width when
        no pair changes.
    """
    z = normal_point(tail(confidence))
    n, gained, lost = counts.n, counts.only_after, counts.only_before
    value = (gained - lost) / n

    def score(difference: float) -> float:
        linear = (2 * n - gained + lost) * difference - gained - lost
        constant = -lost * difference * (1 - difference)
        share = (math.sqrt(max(linear**2 - 8 * n * constant, 0.0)) - linear) / (4 * n)
        spread = n * (2 * share + difference * (1 - difference))
        return (gained - lost - n * difference) / math.sqrt(spread) if spread > 0 else 0.0

    return Estimate(
        value=value,
        low=_crossing(lambda d: score(d) - z, -1.0, value),
        high=_crossing(lambda d: score(d) + z, 1.0, value),
        confidence=confidence,
        n=n,
        method="tango/1",
    )


def newcombe_paired(counts: PairedCounts, *, confidence: float = 0.90) -> Estimate:
    """Rate after minus rate before on the same pairs, with Newcombe's hybrid interval.

    Args:
        counts: The paired table; pairs are independent.
        confidence: Two-sided coverage, in (0, 1), approximate.

    Returns:
        A difference of rates in [-1, 1].

    Raises:
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Newcombe (1998), Statistics in Medicine 17:2635-2650, method 10. Shown beside
        `paired_difference` because readers know it.
    """
    n = counts.n
    margins = counts.before * (n - counts.before) * counts.after * (n - counts.after)
    crossed = counts.both * counts.neither - counts.only_before * counts.only_after
    corrected = max(crossed - n / 2, 0.0) if crossed > 0 else float(crossed)
    likeness = corrected / math.sqrt(margins) if margins else 0.0
    value, low, high = _hybrid(
        (counts.before, n), (counts.after, n), alpha=tail(confidence), likeness=likeness
    )
    return Estimate(
        value=value, low=low, high=high, confidence=confidence, n=n, method="newcombe-10/1"
    )


def unpaired_difference(
    before: ArrayLike, after: ArrayLike, *, confidence: float = 0.90
) -> Estimate:
    """Rate after minus rate before of separate samples, with Newcombe's hybrid interval.

    Args:
        before: Shape ``(n,)``, the baseline's flags; rows are independent.
        after: Shape ``(m,)``, the candidate's flags; rows are independent, also of the baseline's.
        confidence: Two-sided coverage, in (0, 1), approximate.

    Returns:
        A difference of rates in [-1, 1]; ``n`` counts the smaller sample.

    Raises:
        NotEnoughDataError: An arm has no row.
        MismatchedShapesError: The flags are not in one row.
        ValueOutOfRangeError: A value is neither 0 nor 1, or ``confidence`` is no share.

    Source:
        Newcombe (1998), Statistics in Medicine 17:873-890, method 10: Wilson's intervals combined.
    """
    first, second = flags(before, name="before"), flags(after, name="after")
    value, low, high = _hybrid(
        (int(first.sum()), first.size), (int(second.sum()), second.size), alpha=tail(confidence)
    )
    return Estimate(
        value=value,
        low=low,
        high=high,
        confidence=confidence,
        n=min(first.size, second.size),
        method="newcombe/1",
    )


def _hybrid(
    before: tuple[int, int], after: tuple[int, int], *, alpha: float, likeness: float = 0.0
) -> tuple[float, float, float]:
    """The difference and its ends, from events and rows of each arm and the arms' correlation."""
    was, now = before[0] / before[1], after[0] / after[1]
    was_low, was_high = wilson_ends(*before, alpha=alpha)
    now_low, now_high = wilson_ends(*after, alpha=alpha)

    def width(one: float, other: float) -> float:
        return math.sqrt(max(one**2 + other**2 - 2 * likeness * one * other, 0.0))

    value = now - was
    return (
        value,
        value - width(now - now_low, was_high - was),
        value + width(now_high - now, was - was_low),
    )


def _crossing(gap: Callable[[float], float], end: float, value: float) -> float:
    """Where ``gap`` changes sign between ``end`` of the range and the observed ``value``."""
    edge = end * (1 - 1e-12)
    if value == end or gap(edge) * gap(value) >= 0:
        return end
    return float(optimize.brentq(gap, edge, value, xtol=1e-13, rtol=1e-13))
