"""Whether attacks are noticed: a guard's or judge's flags against what people say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlock.errors import NotEstimableError
from interlock.measure.estimate import Estimate
from interlock.measure.raters import clustered_kappa
from interlock.measure.rates import exact_rate
from interlock.measure.resampling import grouped, resampled
from interlock.measure.sample import Flags, Numbers, flags, same_length


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
        Clopper and Pearson (1934) where rows are independent, a bootstrap over clusters that
        counts every attempt alike where not; kappa as in `clustered_kappa`.
    """
    said, true = flags(flagged, name="flagged"), flags(attacked, name="attacked")
    same_length(said, true)
    labels = np.asarray(clusters)
    same_length(said, labels)

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
    """Share of the rows ``of`` that are a ``hit``; wholly open where one cluster holds them all."""
    if not of.any():
        return None
    inside, groups = hit[of], labels[of]
    n = np.unique(groups).size
    if n == groups.size:
        return exact_rate(inside, confidence=confidence)
    if n == 1:
        value = float(inside.mean())
        return Estimate(
            value=value, low=0.0, high=1.0, confidence=confidence, n=1, method="one-cluster/1"
        )
    sums = grouped(np.column_stack([inside, np.ones(inside.size)]).astype(np.float64), groups)
    size = sums[:, 1].mean()
    against = np.array([0.0 if inside.mean() >= 0.5 else size, size])
    return resampled(
        _ratio, sums, method="share-resampled/1", confidence=confidence, seed=seed, unseen=against
    )


def _ratio(totals: Numbers) -> Numbers:
    return np.asarray(totals[:, 0] / totals[:, 1])
