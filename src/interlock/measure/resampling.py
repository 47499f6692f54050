"""An interval from resampled clusters, for figures that have no formula of their own."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from interlock.errors import MismatchedShapesError, NotEnoughDataError
from interlock.measure.distributions import normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.sample import Numbers, tail

FEW = 10
"""Clusters from which resampling them says how far a figure may be off."""

DRAWS = 2000
AT_ONCE = 250

Figure = Callable[[Numbers], Numbers]
"""Totals of shape ``(draws, k)`` to one figure a draw; NaN where it has no meaning."""


def resampled(
    figure: Figure,
    sums: Numbers,
    *,
    method: str,
    confidence: float,
    seed: int,
    unseen: Numbers | None = None,
) -> Estimate:
    """A figure with its bias-corrected and accelerated bootstrap interval over clusters.

    Args:
        figure: What is estimated, as a function of totals; it has a meaning on the whole sample.
        sums: Shape ``(clusters, k)``: each cluster's part of the totals. Clusters are independent
            draws from one population.
        method: The estimator and its version.
        confidence: Two-sided coverage, in (0, 1), kept roughly and with many clusters only: of the
            perplexity of 5 clusters an interval of 90 % holds the truth in 79 %.
        seed: Fixes the 2,000 samples drawn.
        unseen: Shape ``(k,)``, a cluster that speaks against the figure. It joins the sample where
            every draw gives one and the same value: that no cluster differed from the others is no
            proof that none would.

    Returns:
        The estimate; unbounded on a side to which draws without a meaning reach. Fewer than `FEW`
        clusters have no interval, and neither have clusters that are all alike without ``unseen``:
        both ends are ``None``, since a short interval would claim what nobody knows.

    Raises:
        NotEnoughDataError: Fewer than two clusters show no spread.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Efron (1987), JASA 82:171-185. Chosen over plain percentiles, which a figure that is biased
        in small samples (a calibration error is) shifts twice.
    """
    alpha = tail(confidence)
    if len(sums) < 2:
        raise NotEnoughDataError("clusters", len(sums), 2)
    value = float(figure(sums.sum(axis=0)[None, :])[0])
    low, high = _ends(figure, sums, (value, alpha, seed), unseen=unseen)
    return Estimate(
        value=value,
        low=None if low == -np.inf else min(low, value),
        high=None if high == np.inf else max(high, value),
        confidence=confidence,
        n=len(sums),
        method=method,
    )


def grouped(parts: Numbers, clusters: ArrayLike | None) -> Numbers:
    """Rows of parts added up by cluster.

    Args:
        parts: Shape ``(n, k)``.
        clusters: Shape ``(n,)``, the label of each row's cluster; ``None`` where each is its own.

    Raises:
        MismatchedShapesError: There is not one label a row.
    """
    if clusters is None:
        return parts
    labels = np.asarray(clusters)
    if labels.shape != parts.shape[:1]:
        raise MismatchedShapesError("clusters", labels.shape, f"the shape ({len(parts)},)")
    members: NDArray[np.intp] = np.unique(labels, return_inverse=True)[1]
    sums = np.zeros((int(members.max(initial=-1)) + 1, parts.shape[1]))
    np.add.at(sums, members, parts)
    return sums


def _ends(
    figure: Figure, sums: Numbers, given: tuple[float, float, int], *, unseen: Numbers | None
) -> tuple[float, float]:
    """Both ends around a value at a level, drawn by a seed; infinite where there is no bound."""
    value, alpha, seed = given
    if len(sums) < FEW:
        return -np.inf, np.inf
    drawn = _drawn(figure, sums, seed)
    bias, pull = _bias(drawn, value), _acceleration(figure(sums.sum(axis=0) - sums))
    if np.isclose(drawn[~np.isnan(drawn)], value).all():
        if unseen is None:
            return -np.inf, np.inf
        drawn, bias, pull = _drawn(figure, np.vstack([sums, unseen]), seed), 0.0, 0.0
    z = normal_point(alpha)
    low = _point(np.where(np.isnan(drawn), -np.inf, drawn), _level(bias, pull, -z))
    high = _point(np.where(np.isnan(drawn), np.inf, drawn), _level(bias, pull, z))
    return low, high


def _drawn(figure: Figure, sums: Numbers, seed: int) -> Numbers:
    rng = np.random.default_rng(seed)
    even = np.full(len(sums), 1 / len(sums))
    return np.concatenate(
        [
            figure(rng.multinomial(len(sums), even, size=AT_ONCE) @ sums)
            for _ in range(DRAWS // AT_ONCE)
        ]
    )


def _bias(drawn: Numbers, value: float) -> float:
    """How far the middle of the draws lies above the value, in normal units."""
    seen = drawn[~np.isnan(drawn)]
    below = float((seen < value).sum() + 0.5 * (seen == value).sum())
    return float(special.ndtri((below + 0.5) / (seen.size + 1)))


def _acceleration(left_out: Numbers) -> float:
    """How the spread changes with the value, from the values with one cluster left out."""
    left_out = left_out[np.isfinite(left_out)]
    if left_out.size == 0:
        return 0.0
    # By a power of two, which rounds nothing: cubes of large values would be beyond all numbers.
    left_out = np.ldexp(left_out, -np.frexp(np.abs(left_out).max())[1])
    pulls = left_out.mean() - left_out
    size = float((pulls**2).sum())
    return float((pulls**3).sum()) / (6 * size**1.5) if size > 0 else 0.0


def _level(bias: float, pull: float, z: float) -> float:
    room = 1 - pull * (bias + z)
    return float(special.ndtr(bias + (bias + z) / room)) if room > 0 else float(z > 0)


def _point(drawn: Numbers, level: float) -> float:
    ordered = np.sort(drawn)
    return float(ordered[min(int(level * ordered.size), ordered.size - 1)])
