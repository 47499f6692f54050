"""How often something happened: one arm, with an interval for the rate."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from interlock.errors import ValueOutOfRangeError
from interlock.measure.clusters import cluster_means
from interlock.measure.distributions import normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.means import bounded_mean
from interlock.measure.resampling import FEW, grouped, resampled
from interlock.measure.sample import Numbers, flags, same_length, tail


def rate(happened: ArrayLike, *, confidence: float = 0.90) -> Estimate:
    """Share of rows on which the event happened, with Wilson's interval.

    Args:
        happened: Shape ``(n,)``, one flag a row; rows are independent.
        confidence: Two-sided coverage, in (0, 1).

    Returns:
        An estimate in [0, 1]. Its coverage holds on average over rates, not at each one, so it is
        shown beside `exact_rate` and decides nothing.

    Raises:
        NotEnoughDataError: There is no row. No data is not a rate of zero.
        MismatchedShapesError: The flags are not in one row.
        ValueOutOfRangeError: A value is neither 0 nor 1, or ``confidence`` is no share.

    Source:
        Wilson (1927), JASA 22:209-212. Chosen over Wald's: it keeps its width when nothing
        happened.
    """
    events = flags(happened)
    n, seen = events.size, int(events.sum())
    low, high = wilson_ends(seen, n, alpha=tail(confidence))
    return Estimate(
        value=seen / n, low=low, high=high, confidence=confidence, n=n, method="wilson/1"
    )


def wilson_ends(seen: int, n: int, *, alpha: float) -> tuple[float, float]:
    """Both ends of Wilson's interval, each missed with a chance of about ``alpha``."""
    z, share = normal_point(alpha), seen / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return min(max(centre - half, 0.0), share), max(min(centre + half, 1.0), share)


def exact_rate(happened: ArrayLike, *, confidence: float = 0.90) -> Estimate:
    """Share of rows on which the event happened, with exact bounds.

    Args:
        happened: Shape ``(n,)``, one flag a row; rows are independent. Several rows of one cluster
            need `clustered_rate`.
        confidence: Two-sided coverage, in (0, 1). Each end alone holds with a chance of at least
            ``1 - (1 - confidence) / 2``, at every rate and ``n``.

    Returns:
        An estimate in [0, 1].

    Raises:
        NotEnoughDataError: There is no row. No data is not a rate of zero.
        MismatchedShapesError: The flags are not in one row.
        ValueOutOfRangeError: A value is neither 0 nor 1, or ``confidence`` is no share.

    Source:
        Clopper and Pearson (1934), Biometrika 26:404-413. Chosen for gates over Wilson's: its
        level is guaranteed.
    """
    events = flags(happened)
    n, seen = events.size, int(events.sum())
    low, high = exact_ends(seen, n, alpha=tail(confidence))
    return Estimate(
        value=seen / n, low=low, high=high, confidence=confidence, n=n, method="clopper-pearson/1"
    )


def exact_ends(seen: int, n: int, *, alpha: float) -> tuple[float, float]:
    """Both ends of the exact interval, each missed with a chance of at most ``alpha``."""
    return (
        float(special.betaincinv(seen, n - seen + 1, alpha)) if seen else 0.0,
        float(special.betainccinv(seen + 1, n - seen, alpha)) if seen < n else 1.0,
    )


def clustered_rate(
    happened: ArrayLike, clusters: ArrayLike, *, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Mean over clusters of the share of a cluster's rows on which the event happened.

    Args:
        happened: Shape ``(n,)``, one flag a row.
        clusters: Shape ``(n,)``, the label of each row's cluster. Clusters are independent draws
            from one population, or at least each, whatever the others show, has the same expected
            share; rows of one cluster may depend on each other in any way.
        confidence: Two-sided coverage, in (0, 1); each end is a bound with guaranteed level.
        seed: Fixes the orders in which the betting bound reads the clusters; chosen without regard
            to the values.

    Returns:
        An estimate in [0, 1], every cluster with the same weight; ``n`` counts clusters.

    Raises:
        NotEnoughDataError: There is no row.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A value is neither 0 nor 1, or ``confidence`` is no share.

    Source:
        `bounded_mean` of the cluster means. Row-wise exact bounds, cluster-robust normal ones and
        the bootstrap wrongly pass a rare rate at its limit in a third of all samples.
    """
    shares = cluster_means(flags(happened), clusters)
    return bounded_mean(shares, low=0.0, high=1.0, confidence=confidence, seed=seed)


def pooled_rate(
    happened: ArrayLike, clusters: ArrayLike, *, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Share of all rows on which the event happened, with an interval over clusters.

    Args:
        happened: Shape ``(n,)``, one flag a row.
        clusters: Shape ``(n,)``, the label of each row's cluster; clusters are independent draws
            from one population.
        confidence: Two-sided coverage, in (0, 1): guaranteed where every cluster is one row,
            reached with many clusters otherwise.
        seed: Fixes the samples drawn.

    Returns:
        An estimate in [0, 1], every row with the same weight, so that it is the quotient of the
        counts beside it, which `clustered_rate` is not. Fewer clusters than resampling needs, of
        several rows, leave the interval wholly open: from 0 to 1.

    Raises:
        NotEnoughDataError: There is no row.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A value is neither 0 nor 1, or ``confidence`` is no share.

    Source:
        Clopper and Pearson (1934) where rows are independent, a bootstrap over clusters where not;
        where all clusters agree, one that does not is thought to be among them.
    """
    events, labels = flags(happened), np.asarray(clusters)
    same_length(events, labels)
    n, value = np.unique(labels).size, float(events.mean())
    if n == labels.size:
        return exact_rate(events, confidence=confidence)
    if n < FEW:
        tail(confidence)
        return Estimate(
            value=value, low=0.0, high=1.0, confidence=confidence, n=n, method="few-clusters/1"
        )
    sums = grouped(np.column_stack([events, np.ones(events.size)]).astype(np.float64), labels)
    size = float(sums[:, 1].mean())
    return resampled(
        _quotient,
        sums,
        method="share-resampled/1",
        confidence=confidence,
        seed=seed,
        unseen=np.array([0.0 if value >= 0.5 else size, size]),
    )


def _quotient(totals: Numbers) -> Numbers:
    return np.asarray(totals[:, 0] / totals[:, 1])


def zero_failure_n(limit: float, *, confidence: float = 0.90) -> int:
    """Trials without any event that put the upper bound of its rate at ``limit`` or below.

    Args:
        limit: A rate in (0, 1).
        confidence: Two-sided; the bound is one-sided at ``1 - (1 - confidence) / 2``.

    Raises:
        ValueOutOfRangeError: ``limit`` or ``confidence`` is not strictly between 0 and 1.
    """
    if not 0 < limit < 1:
        raise ValueOutOfRangeError("limit", limit, (0.0, 1.0))
    return math.ceil(math.log(tail(confidence)) / math.log1p(-limit))
