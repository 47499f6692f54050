"""How large a rate is in proportion to another: candidate over baseline."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from interlock.errors import NotEstimableError
from interlock.measure.betting import lower_ratio
from interlock.measure.clusters import cluster_means
from interlock.measure.estimate import Estimate
from interlock.measure.pairs import PairedCounts
from interlock.measure.sample import flags, numbers, same_length, tail

_ZERO_BASELINE = "the baseline shows no event, so nothing can be in proportion to it"


def score_paired_ratio(counts: PairedCounts, *, confidence: float = 0.90) -> Estimate:
    """Ratio of two rates on the same pairs with its asymptotic score interval.

    Args:
        counts: The paired table; pairs are independent.
        confidence: Two-sided coverage, in (0, 1), reached with many events only.

    Returns:
        Rate after over rate before, 0 or more.

    Raises:
        NotEstimableError: The baseline shows no event.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Tang, Tang and Chan (2003), Statistics in Medicine 22:1217-1233. Shown beside
        `paired_ratio`, which decides: this one passes up to .066 of bad candidates at level .05.
    """
    z = float(stats.norm.isf(tail(confidence)))
    return _paired(counts, z, (confidence, "tang-score/1"))


def paired_ratio(counts: PairedCounts, *, confidence: float = 0.90) -> Estimate:
    """Ratio of two rates on the same pairs with bounds that keep their level at small counts.

    Args:
        counts: The paired table; pairs are independent.
        confidence: Two-sided coverage, in (0, 1); each end alone is a bound at
            ``1 - (1 - confidence) / 2``.

    Returns:
        Rate after over rate before, 0 or more.

    Raises:
        NotEstimableError: The baseline shows no event.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        The score test of Tang, Tang and Chan (2003) with a quantile raised by `guarded_quantile`.
    """
    events = counts.n - counts.neither
    z = guarded_quantile(tail(confidence), events=max(events, 1))
    return _paired(counts, z, (confidence, "tang-guarded/1"))


def guarded_quantile(alpha: float, *, events: int) -> float:
    """The quantile at which the paired score test keeps level ``alpha`` with so few events.

    Under the null the statistic depends on the pairs with an event only, so its exact size is that
    of a trinomial of ``events`` trials.
    """
    exact = math.sqrt(events * math.expm1(-math.log(alpha) / events))
    return max(float(stats.norm.isf(alpha)), exact)


def paired_score(counts: PairedCounts, ratio: float) -> float:
    """Standardised distance of a paired table from ``ratio``; negative where it lies below."""
    return float(
        paired_scores(
            np.array([counts.both, counts.only_before, counts.only_after], dtype=np.float64), ratio
        )
    )


def paired_scores(cells: np.ndarray, ratio: float) -> np.ndarray:
    """`paired_score` of many tables: ``cells`` holds both, only before and only after, stacked."""
    both, only_before, only_after = cells
    events = both + only_before + only_after
    middle = both * (1 + ratio**2) + ratio**2 * only_before + only_after
    root = np.sqrt(np.maximum(middle**2 - 4 * ratio**2 * events * both, 0.0))
    shared = 2 * ratio * both / np.maximum(middle + root, 1e-300)
    gap = both + only_after - ratio * (both + only_before)
    spread = np.sqrt(events * ratio * (1 - shared))
    return np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0)


def clustered_ratio(
    before: ArrayLike, after: ArrayLike, clusters: ArrayLike, *, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Ratio of two mean rates on the same clusters, with bounds whose level is guaranteed.

    Args:
        before: Shape ``(n,)``, in [0, 1]: the baseline's event (or share of events) on each row.
        after: Shape ``(n,)``, in [0, 1]: the candidate's on the same row.
        clusters: Shape ``(n,)``, the label of each row's cluster; clusters are independent, rows
            within one may depend on each other and across arms in any way.
        confidence: Two-sided coverage, in (0, 1); each end alone is a bound with guaranteed level.
        seed: Fixes the orders in which the clusters are read.

    Returns:
        Mean of cluster means after over that before; ``high`` is ``None`` where no bound exists.

    Raises:
        NotEnoughDataError: There is no row.
        NotEstimableError: The baseline shows no event.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A value is NaN or outside [0, 1], or ``confidence`` is no share.

    Source:
        Betting on the mean of ``ratio * before - after``, see `interlock.measure.betting`. Chosen
        over the delta method, which fails with few clusters.
    """
    alpha = tail(confidence)
    first = numbers(before, low=0.0, high=1.0, name="before")
    second = numbers(after, low=0.0, high=1.0, name="after")
    same_length(first, second)
    baseline, candidate = cluster_means(first, clusters), cluster_means(second, clusters)
    if not baseline.any():
        raise NotEstimableError("ratio", _ZERO_BASELINE)
    value = float(candidate.mean() / baseline.mean())
    reverse = lower_ratio(baseline, candidate, alpha=alpha, seed=seed)
    return Estimate(
        value=value,
        low=min(lower_ratio(candidate, baseline, alpha=alpha, seed=seed), value),
        high=max(1 / reverse, value) if reverse > 0 else None,
        confidence=confidence,
        n=baseline.size,
        method="betting-ratio/1",
    )


def unpaired_ratio(before: ArrayLike, after: ArrayLike, *, confidence: float = 0.90) -> Estimate:
    """Ratio of two rates of separate samples, with Koopman's score interval.

    Args:
        before: Shape ``(n,)``, the baseline's flags; rows are independent.
        after: Shape ``(m,)``, the candidate's flags; rows are independent, also of the baseline's.
        confidence: Two-sided coverage, in (0, 1), reached with many events only.

    Returns:
        Rate after over rate before, 0 or more; ``n`` counts the smaller sample.

    Raises:
        NotEnoughDataError: An arm has no row.
        NotEstimableError: The baseline shows no event.
        MismatchedShapesError: The flags are not in one row.
        ValueOutOfRangeError: A value is neither 0 nor 1, or ``confidence`` is no share.

    Source:
        Koopman (1984), Biometrics 40:513-517. Chosen over the log method, which needs events in
        both arms.
    """
    z = float(stats.norm.isf(tail(confidence)))
    first, second = flags(before, name="before"), flags(after, name="after")
    events = np.array([first.sum(), second.sum()], dtype=np.float64)
    sizes = np.array([first.size, second.size], dtype=np.float64)
    if events[0] == 0:
        raise NotEstimableError("ratio", _ZERO_BASELINE)
    value = float((events[1] / sizes[1]) / (events[0] / sizes[0]))
    low, high = _ends(lambda ratio: float(unpaired_scores(events, sizes, ratio)), value, z)
    return Estimate(
        value=value,
        low=low,
        high=high,
        confidence=confidence,
        n=int(sizes.min()),
        method="koopman/1",
    )


def unpaired_scores(events: np.ndarray, sizes: np.ndarray, ratio: float) -> np.ndarray:
    """Standardised distance of unpaired counts (before, after stacked) from ``ratio``."""
    before, after = events
    n, m = sizes
    total = n + m
    middle = ratio * (m + before) + n + after
    root = np.sqrt(np.maximum(middle**2 - 4 * ratio * total * (before + after), 0.0))
    shared = 2 * (before + after) / np.maximum(middle + root, 1e-300)
    spread = np.sqrt(
        np.maximum(ratio * shared * (1 - ratio * shared) / m, 0.0)
        + ratio**2 * np.maximum(shared * (1 - shared), 0.0) / n
    )
    gap = after / m - ratio * before / n
    return np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0)


def _paired(counts: PairedCounts, z: float, told: tuple[float, str]) -> Estimate:
    if counts.before == 0:
        raise NotEstimableError("ratio", _ZERO_BASELINE)
    value = counts.after / counts.before
    low, high = _ends(lambda ratio: paired_score(counts, ratio), value, z)
    confidence, method = told
    return Estimate(
        value=value, low=low, high=high, confidence=confidence, n=counts.n, method=method
    )


def _ends(score: Callable[[float], float], value: float, z: float) -> tuple[float, float | None]:
    """The ratios at which a falling score crosses ``z`` and ``-z``, around the observed one."""
    low = _crossing(lambda x: score(math.exp(x)) - z, value, -1)
    high = _crossing(lambda x: score(math.exp(x)) + z, value, +1)
    return min(low or 0.0, value), None if high is None else max(high, value)


def _crossing(gap: Callable[[float], float], value: float, way: int) -> float | None:
    """Where ``gap`` changes sign on the way down or up from ``value``, in log ratios."""
    if value == 0 and way < 0:
        return None
    start = math.log(value) if value > 0 else -30.0
    reach = 1.0
    while gap(start + way * reach) * way > 0:
        reach *= 2
        if reach > 64:
            return None
    root = optimize.brentq(gap, start, start + way * reach, xtol=1e-13, rtol=1e-13)
    return math.exp(float(root))
