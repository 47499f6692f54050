"""How large a rate is in proportion to another: candidate over baseline."""

import numpy as np
from numpy.typing import ArrayLike

from interlock.measure.betting import lower_ratio
from interlock.measure.clusters import cluster_means
from interlock.measure.distributions import normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.paired_ratios import refuse_empty_baseline, score_interval
from interlock.measure.sample import Numbers, flags, numbers, same_length, tail


def clustered_ratio(
    before: ArrayLike,
    after: ArrayLike,
    clusters: ArrayLike,
    *,
    confidence: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """Ratio of two mean rates on the same clusters, with bounds whose level is guaranteed.

    Args:
        before: Shape ``(n,)``, in [0, 1]: the baseline's event (or share of events) on each row.
        after: Shape ``(n,)``, in [0, 1]: the candidate's on the same row.
        clusters: Shape ``(n,)``, the label of each row's cluster; clusters are independent draws
            from one population, or at least each, whatever the others show, has the same ratio of
            expectations; rows within one may depend on each other and across arms in any way.
        confidence: Two-sided coverage, in (0, 1); each end alone is a bound with guaranteed level.
        seed: Fixes the orders in which the clusters are read; chosen without regard to the values.

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
    refuse_empty_baseline(float(baseline.sum()))
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
    """Ratio of two rates of separate samples, with its asymptotic score interval.

    Args:
        before: Shape ``(n,)``, the baseline's flags: independent draws from one population.
        after: Shape ``(m,)``, the candidate's flags; likewise, and independent of the baseline's.
        confidence: Two-sided coverage, in (0, 1), reached with many events only.

    Returns:
        Rate after over rate before, 0 or more; ``n`` counts the smaller sample.

    Raises:
        NotEnoughDataError: An arm has no row.
        NotEstimableError: The baseline shows no event.
        MismatchedShapesError: The flags are not in one row.
        ValueOutOfRangeError: A value is neither 0 nor 1, or ``confidence`` is no share.

    Source:
        Koopman (1984), Biometrics 40:513-517, with the small-sample factor of Miettinen and
        Nurminen (1985), Statistics in Medicine 4:213-226. Chosen over the log method, which needs
        events in both arms.
    """
    z = normal_point(tail(confidence))
    first, second = flags(before, name="before"), flags(after, name="after")
    events = np.array([first.sum(), second.sum()], dtype=np.float64)
    sizes = np.array([first.size, second.size], dtype=np.float64)
    refuse_empty_baseline(float(events[0]))
    value = float((events[1] / sizes[1]) / (events[0] / sizes[0]))
    low, high = score_interval(lambda ratio: float(unpaired_scores(events, sizes, ratio)), value, z)
    return Estimate(
        value=value,
        low=low,
        high=high,
        confidence=confidence,
        n=int(sizes.min()),
        method="ratio-score/1",
    )


def unpaired_scores(events: Numbers, sizes: Numbers, ratio: float) -> Numbers:
    """Standardised distance of separate samples from ``ratio``, negative where they lie below it.

    Args:
        events: Shape ``(2, ...)``: events before, events after.
        sizes: Rows before and after, of a shape that spreads to it.
        ratio: The ratio in question, above 0.
    """
    before, after = events
    n, m = sizes
    total = n + m
    middle = ratio * (m + before) + n + after
    root = np.sqrt(np.maximum(middle**2 - 4 * ratio * total * (before + after), 0.0))
    shared = 2 * (before + after) / np.maximum(middle + root, 1e-300)
    after_variance = np.maximum(ratio * shared * (1 - ratio * shared), 0.0) / m
    before_variance = np.maximum(shared * (1 - shared), 0.0) / n
    variance = after_variance + ratio**2 * before_variance
    spread = np.sqrt(variance * total / (total - 1))
    gap = after / m - ratio * before / n
    return np.asarray(np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0))
