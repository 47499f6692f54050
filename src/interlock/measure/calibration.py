"""Whether things happen as often as they were said to: calibration, with its uncertainty."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlock.errors import MismatchedShapesError, NotEstimableError, ValueOutOfRangeError
from interlock.measure.estimate import Estimate
from interlock.measure.resampling import grouped, resampled
from interlock.measure.sample import Flags, Numbers, flags, numbers, same_length

Spread = Literal["width", "mass"]
Kind = Literal["expected", "greatest", "rms"]


class Forecasts:
    """Chances that were given to events, and whether these happened.

    Args:
        happened: Shape ``(n,)``, one flag a row.
        chances: Shape ``(n,)``, in [0, 1]: what each row's event was given.
        clusters: Shape ``(n,)``, the label of each row's cluster; ``None`` where rows are
            independent. Clusters are independent draws from one population.

    Raises:
        NotEnoughDataError: There is no row.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A flag is neither 0 nor 1, or a chance is outside [0, 1].
    """

    def __init__(
        self, happened: ArrayLike, chances: ArrayLike, clusters: ArrayLike | None = None
    ) -> None:
        self.happened: Flags = flags(happened)
        self.chances: Numbers = numbers(chances, low=0.0, high=1.0, name="chances")
        same_length(self.happened, self.chances)
        self.clusters = None if clusters is None else np.asarray(clusters)
        if self.clusters is not None and self.clusters.shape != self.chances.shape:
            wanted = f"the shape {self.chances.shape}"
            raise MismatchedShapesError("clusters", self.clusters.shape, wanted)

    def bins(self, count: int, spread: Spread = "width") -> tuple["Bin", ...]:
        """The rows by the chance they were given, for a reliability diagram.

        Args:
            count: How many bins, at least 1.
            spread: Equally wide, or with equally many rows as far as rows of one chance allow,
                which always share a bin.

        Returns:
            Every bin that has a row, counts shown. A bin is closed on its right: a chance of
            exactly .2 is in the bin that ends there, and 0 in the first.

        Raises:
            ValueOutOfRangeError: ``count`` is less than 1.
        """
        edges = self.edges(count, spread)
        place = placed(self.chances, edges)
        return tuple(
            Bin(
                above=float(edges[k]),
                up_to=float(edges[k + 1]),
                n=int((place == k).sum()),
                said=float(self.chances[place == k].mean()),
                happened=float(self.happened[place == k].mean()),
            )
            for k in np.unique(place)
        )

    def edges(self, count: int, spread: Spread) -> Numbers:
        """The ends of the bins, shape ``(bins + 1,)``, from 0 to 1.

        Raises:
            ValueOutOfRangeError: ``count`` is less than 1.
        """
        if count < 1:
            raise ValueOutOfRangeError("bins", count, (1.0, float("inf")))
        if spread == "width":
            return np.arange(count + 1) / count
        n = self.chances.size
        last = np.ceil(n * np.arange(1, count) / count).astype(np.intp) - 1
        inner = np.unique(np.sort(self.chances)[np.maximum(last, 0)])
        return np.concatenate([[0.0], inner[(inner > 0) & (inner < 1)], [1.0]])


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Rows that were given about the same chance.

    Attributes:
        above: The chance that the bin lies above (the first bin includes 0).
        up_to: The largest chance in it.
        n: Its rows.
        said: The mean chance that they were given.
        happened: The share of them on which the event happened.
    """

    above: float
    up_to: float
    n: int
    said: float
    happened: float


def calibration_error(
    forecasts: Forecasts,
    *,
    kind: Kind = "expected",
    bins: int = 10,
    spread: Spread = "width",
    confidence: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """How far the chances given lie from the shares that happened, over bins.

    Args:
        forecasts: The rows, each with the same weight.
        kind: The mean distance over rows (ECE), the greatest (MCE), or the root of the mean square.
        bins: How many, at least 1.
        spread: Equally wide, or with equally many rows; fixed before resampling.
        confidence: Two-sided coverage, in (0, 1), reached roughly and with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        A distance in [0, 1]; ``n`` counts clusters. It is biased upwards in small samples, so it
        is a description; `calibration_bound` decides.

    Raises:
        NotEnoughDataError: Fewer than two clusters.
        ValueOutOfRangeError: ``bins`` is less than 1, or ``confidence`` is no share.

    Source:
        Naeini, Cooper and Hauskrecht (2015), AAAI 29:2901-2907, with a bootstrap over clusters.
    """
    edges = forecasts.edges(bins, spread)
    member = placed(forecasts.chances, edges)[:, None] == np.arange(edges.size - 1)
    gap = (forecasts.happened - forecasts.chances)[:, None] * member
    sums = grouped(np.hstack([member.astype(np.float64), gap]), forecasts.clusters)
    k = edges.size - 1

    def distance(totals: Numbers) -> Numbers:
        rows, gaps = totals[:, :k], np.abs(totals[:, k:])
        each = np.divide(gaps, rows, out=np.zeros_like(gaps), where=rows > 0)
        if kind == "greatest":
            return np.asarray(each.max(axis=1))
        shares = rows / rows.sum(axis=1, keepdims=True)
        mean = (shares * (each if kind == "expected" else each**2)).sum(axis=1)
        return np.asarray(mean if kind == "expected" else np.sqrt(mean))

    method = f"calibration-{kind}-{spread}-{bins}/1"
    return resampled(distance, sums, method=method, confidence=confidence, seed=seed)


def brier(forecasts: Forecasts, *, confidence: float = 0.90, seed: int = 0) -> Estimate:
    """Mean squared distance of the chance given from what happened.

    Args:
        forecasts: The rows, each with the same weight.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        A score in [0, 1]; 0 is best.

    Raises:
        NotEnoughDataError: Fewer than two clusters.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Brier (1950), Monthly Weather Review 78:1-3, with a bootstrap over clusters.
    """
    squares = (forecasts.chances - forecasts.happened) ** 2
    sums = grouped(np.column_stack([squares, np.ones_like(squares)]), forecasts.clusters)
    return resampled(_mean, sums, method="brier/1", confidence=confidence, seed=seed)


def log_loss(forecasts: Forecasts, *, confidence: float = 0.90, seed: int = 0) -> Estimate:
    """Mean of minus the natural logarithm of the chance that was given to what happened.

    Args:
        forecasts: The rows, each with the same weight.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        A loss of 0 or more, in nats; 0 is best.

    Raises:
        NotEnoughDataError: Fewer than two clusters.
        NotEstimableError: Something happened that was given no chance. Chances are not moved away
            from 0, which would make the loss a matter of how far.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Good (1952), JRSS B 14:107-114, with a bootstrap over clusters.
    """
    given = np.where(forecasts.happened, forecasts.chances, 1 - forecasts.chances)
    if (given == 0).any():
        raise NotEstimableError("log loss", "something happened that was given no chance")
    sums = grouped(np.column_stack([-np.log(given), np.ones_like(given)]), forecasts.clusters)
    return resampled(_mean, sums, method="log-loss/1", confidence=confidence, seed=seed)


def placed(chances: Numbers, edges: Numbers) -> NDArray[np.intp]:
    """The bin of each chance, closed on its right; 0 is in the first."""
    return np.maximum(np.searchsorted(edges, chances, side="left") - 1, 0)


def _mean(totals: Numbers) -> Numbers:
    return np.asarray(totals[:, 0] / totals[:, 1])
