"""Whether events come in bursts, evenly, or as they please."""

import numpy as np
from numpy.typing import ArrayLike

from interlock.errors import NotEstimableError
from interlock.measure.estimate import Estimate
from interlock.measure.resampling import grouped, resampled
from interlock.measure.sample import Numbers, numbers


def burstiness(
    gaps: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    confidence: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """How bursty the gaps between events are: ``(s - m) / (s + m)`` of spread and mean.

    Args:
        gaps: Shape ``(n,)``, 0 or more, in any unit of time, of tokens or of words.
        clusters: Shape ``(n,)``, the label of the sequence that each gap belongs to; ``None``
            where gaps are independent. Sequences are independent draws from one population.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        In [-1, 1]: -1 where all gaps are equal, 0 where they are as those of a Poisson process, 1
        in the limit of the rarest and longest ones. An end is ``None`` where samples drawn may
        hold no gap but 0 and have no figure then, and with few clusters (see `resampled`).

    Raises:
        NotEnoughDataError: Fewer than two clusters.
        NotEstimableError: All gaps are 0.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A gap is negative, NaN or infinite.

    Source:
        Goh and Barabasi (2008), EPL 81:48002, with the population's standard deviation (over n)
        and a bootstrap over clusters. It is biased downwards in short samples.
    """
    found = numbers(gaps, low=0.0, high=np.inf, name="gaps")
    unit = float(found.max())
    if unit == 0:
        raise NotEstimableError("burstiness", "all gaps are 0")
    scaled = found / unit
    sums = grouped(np.column_stack([np.ones_like(scaled), scaled, scaled**2]), clusters)
    return resampled(_burst, sums, method="burstiness/1", confidence=confidence, seed=seed)


def _burst(totals: Numbers) -> Numbers:
    n, total, squares = totals.T
    mean = total / n
    spread = np.sqrt(np.maximum(squares / n - mean**2, 0.0))
    size = spread + mean
    unknown = np.full_like(mean, np.nan)
    return np.asarray(np.divide(spread - mean, size, out=unknown, where=size > 0))
