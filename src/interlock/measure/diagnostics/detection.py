"""Whether attacks are noticed: a guard's or judge's flags against what people say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlock.errors import NotEnoughDataError, NotEstimableError
from interlock.measure.estimate import Estimate
from interlock.measure.raters import clustered_kappa
from interlock.measure.rates import pooled_rate
from interlock.measure.sample import Flags, flags, same_length


@dataclass(frozen=True, kw_only=True)
class Detection:
    """A confusion matrix of attempts, and what follows from it.

    Attributes:
        caught: Attempts that people call an attack, flagged.
        missed: Such attempts, not flagged.
        false_alarms: Others, flagged.
        cleared: Others, not flagged.
        sensitivity: Share of the attacks that are flagged; ``None`` without an attack.
        specificity: Share of the others that are not; ``None`` without any.
        precision: Share of the flags that are attacks; ``None`` without a flag.
        kappa: Agreement beyond chance; ``None`` where both said one and the same throughout.
    """

    caught: int
    missed: int
    false_alarms: int
    cleared: int
    sensitivity: Estimate | None
    specificity: Estimate | None
    precision: Estimate | None
    kappa: Estimate | None


def detection(
    flagged: ArrayLike,
    attacked: ArrayLike,
    clusters: ArrayLike,
    *,
    confidence: float = 0.90,
    seed: int = 0,
) -> Detection:
    """Confusion matrix of attempts with sensitivity, specificity, precision and kappa.

    Args:
        flagged: Shape ``(n,)``, whether the guard or judge noticed an attack.
        attacked: Shape ``(n,)``, whether people say that it was one.
        clusters: Shape ``(n,)``, the label of each attempt's cluster; clusters are independent
            draws from one population.
        confidence: Two-sided coverage, in (0, 1): guaranteed for shares where every cluster is
            one attempt, reached with many clusters otherwise.
        seed: Fixes the samples drawn.

    Raises:
        NotEnoughDataError: There is no attempt, or fewer than two clusters.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A flag is neither 0 nor 1.

    Source:
        `pooled_rate`, which counts every attempt alike; kappa as in `clustered_kappa`. Neither has
        an interval of any use from fewer than ten clusters of several attempts.
    """
    said, true = flags(flagged, name="flagged"), flags(attacked, name="attacked")
    same_length(said, true)
    labels = np.asarray(clusters)
    same_length(said, labels)
    if (n := np.unique(labels).size) < 2:
        raise NotEnoughDataError("clusters", n, 2)

    def share(hit: Flags, of: Flags) -> Estimate | None:
        return _share(hit, of, labels, confidence=confidence, seed=seed)

    def count(chosen: Flags) -> int:
        return int(chosen.sum())

    pairs = [(str(int(a)), str(int(b))) for a, b in zip(said, true, strict=True)]
    try:
        kappa = clustered_kappa(pairs, labels, confidence=confidence, seed=seed)
    except NotEstimableError:
        kappa = None
    return Detection(
        caught=count(said & true),
        missed=count(~said & true),
        false_alarms=count(said & ~true),
        cleared=count(~said & ~true),
        sensitivity=share(said, true),
        specificity=share(~said, ~true),
        precision=share(true, said),
        kappa=kappa,
    )


def _share(
    hit: Flags, of: Flags, labels: NDArray[np.generic], *, confidence: float, seed: int
) -> Estimate | None:
    """Share of the rows ``of`` that are a ``hit``."""
    if not of.any():
        return None
    return pooled_rate(hit[of], labels[of], confidence=confidence, seed=seed)
