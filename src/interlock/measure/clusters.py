"""What rows that belong together share: cluster means, their correlation, what n is worth."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from interlock.errors import NotEnoughDataError, NotEstimableError
from interlock.measure.estimate import Estimate
from interlock.measure.sample import Numbers, numbers, same_length, tail


def cluster_means(values: ArrayLike, clusters: ArrayLike) -> Numbers:
    """The mean of each cluster, in the order of the cluster labels.

    Args:
        values: Shape ``(n,)``, finite, in any unit; flags count as 0 and 1.
        clusters: Shape ``(n,)``, the label of each row's cluster, of a sortable type.

    Returns:
        Shape ``(clusters,)``, in the unit of ``values``.

    Raises:
        NotEnoughDataError: There is no row.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A value is NaN or infinite.
    """
    sample, members = _columns(values, clusters)
    return np.bincount(members, weights=sample) / np.bincount(members)


def icc(values: ArrayLike, clusters: ArrayLike, *, confidence: float = 0.90) -> Estimate:
    """Intra-cluster correlation: the share of the variance that lies between clusters.

    Args:
        values: Shape ``(n,)``, finite. Clusters are independent and share one variance.
        clusters: Shape ``(n,)``, the label of each row's cluster.
        confidence: Two-sided coverage, in (0, 1), for normal values.

    Returns:
        A correlation in ``[-1, 1]``; slightly negative values are sampling noise around 0.

    Raises:
        NotEnoughDataError: Fewer than two clusters, or no cluster has two rows.
        NotEstimableError: No value differs from another.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A value is NaN or infinite, or ``confidence`` no share.

    Source:
        One-way analysis of variance, with the interval of Searle (1971), Linear Models, p. 414,
        at the mean size of Donner (1986) for unequal clusters. A description, never a gate.
    """
    alpha = tail(confidence)
    sample, members = _columns(values, clusters)
    sizes = np.bincount(members)
    groups, n = sizes.size, sample.size
    if groups < 2 or n == groups:
        raise NotEnoughDataError("clusters with more than one row", 0 if n == groups else groups, 2)
    means = np.bincount(members, weights=sample) / sizes
    between = float((sizes * (means - sample.mean()) ** 2).sum()) / (groups - 1)
    within = float(((sample - means[members]) ** 2).sum()) / (n - groups)
    if between + within == 0:
        raise NotEstimableError("intra-cluster correlation", "all values are equal")
    size = (n - float((sizes**2).sum()) / n) / (groups - 1)

    def correlation(scale: float) -> float:
        top, bottom = between - scale * within, between + (size - 1) * scale * within
        return max(-1.0, top / bottom)

    return Estimate(
        value=correlation(1.0),
        low=correlation(float(special.fdtri(groups - 1, n - groups, 1 - alpha))),
        high=correlation(float(special.fdtri(groups - 1, n - groups, alpha))),
        confidence=confidence,
        n=groups,
        method="anova-icc/1",
    )


def effective_n(clusters: ArrayLike, *, correlation: float) -> float:
    """How many independent rows the clustered rows are worth for a mean.

    Args:
        clusters: Shape ``(n,)``, the label of each row's cluster.
        correlation: The intra-cluster correlation; below 0 it counts as 0.

    Returns:
        Rows, at most ``n``: ``n`` over the design effect ``1 + (m - 1) * correlation``, where ``m``
        is the mean cluster size met by a row.

    Raises:
        NotEnoughDataError: There is no row.

    Source:
        Kish (1965), Survey Sampling.
    """
    labels = np.asarray(clusters)
    if labels.size == 0:
        raise NotEnoughDataError("clusters", 0, 1)
    sizes = np.unique(labels, return_counts=True)[1]
    met = float((sizes**2).sum() / sizes.sum())
    return float(labels.size / (1 + (met - 1) * max(correlation, 0.0)))


def _columns(values: ArrayLike, clusters: ArrayLike) -> tuple[Numbers, NDArray[np.intp]]:
    sample = numbers(values, low=-np.inf, high=np.inf)
    labels = np.asarray(clusters)
    same_length(sample, labels)
    return sample, np.unique(labels, return_inverse=True)[1]
