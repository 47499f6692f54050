"""Which estimator answers: exact where every row is a cluster of its own, betting where not.

Where clusters differ in size there are two honest averages, one that weighs
clusters alike and one that weighs rows alike. Whoever draws the clusters could
choose between them afterwards, by gathering all bad rows in one cluster or by
spreading them; so both are bounded, and the one that speaks against the
release decides.

Which of them is asked, and against how large a cluster the one over rows is
held, follows from every cluster there is in the sealed bank: a draw that
happened to miss the one large cluster says nothing of what is in it. Where no
bank was sealed the largest cluster that was seen has to stand for it, which
holds only if no larger one was left out for what it shows.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from interlock.charter import SliceValue
from interlock.gate.scoring import Numbers, Scores
from interlock.measure import (
    Estimate,
    PairedCounts,
    bounded_mean,
    cluster_means,
    clustered_ratio,
    exact_rate,
    paired_ratio,
)

Place = tuple[str, tuple[SliceValue, ...]]
"""A metric, and the slice values by which its rows are chosen."""


@dataclass(frozen=True)
class Reach:
    """What was drawn for a sequential trial, known before any value is.

    Attributes:
        whole: Clusters in all.
        taken: Clusters that the evidence reaches through.
        sizes: For each place its rows in each cluster that has some, in any order.
    """

    whole: int
    taken: int
    sizes: Mapping[Place, tuple[int, ...]]

    def at(self, place: Place, scores: Scores) -> tuple[int, ...]:
        """Rows of each cluster of a place; those seen stand for the rest where none was drawn."""
        found = self.sizes.get(place)
        if found:
            return found
        seen = [int(size) for size in np.bincount(scores.groups)]
        return (*seen, *([max(seen)] * (self.whole - len(seen))))


@dataclass(frozen=True)
class Level:
    """How sure a bound has to be, and where the orders of its bets start from.

    Attributes:
        alpha: The one-sided level.
        seed: Where the orders of all bets start from.
        reach: What a sequential trial can see at most; ``None`` where all is looked at once.
        bank: The sizes in rows that clusters of the sealed bank have, drawn or not, by place.
        here: Those of the place that is judged; see `at`.
    """

    alpha: float
    seed: int
    reach: Reach | None = None
    bank: Mapping[Place, frozenset[int]] = field(default_factory=dict)
    here: frozenset[int] = frozenset()

    def at(self, place: Place) -> "Level":
        """The level for the rows of a place."""
        return replace(self, here=self.bank.get(place, frozenset()))

    def sizes(self, scores: Scores) -> frozenset[int]:
        """Every size that a cluster there can have: in the bank, or among those seen."""
        return self.here | frozenset(np.bincount(scores.groups).tolist())

    @property
    def confidence(self) -> float:
        """Two-sided confidence of the interval whose ends are the one-sided bounds."""
        return 1 - 2 * self.alpha


def rate(scores: Scores, level: Level) -> Estimate:
    """The candidate's own rate."""
    even = len(level.sizes(scores)) == 1
    if even and _single_flags(scores, scores.after):
        return exact_rate(scores.after, confidence=level.confidence)
    span = (scores.scale.low, scores.scale.high)
    found = [_mean(_by_cluster(scores.after, scores), span, level)]
    if not even:
        found.append(_row_mean(scores.after, scores, (span, level)))
    return _highest(found)


def ratio(scores: Scores, level: Level) -> Estimate:
    """The candidate's rate over the baseline's.

    Raises:
        NotEstimableError: The baseline shows no event.
    """
    sizes = level.sizes(scores)
    if len(sizes) == 1 and _single_flags(scores, scores.before, scores.after):
        before, after = scores.before > 0, scores.after > 0
        counts = PairedCounts(
            both=int(np.count_nonzero(before & after)),
            only_before=int(np.count_nonzero(before & ~after)),
            only_after=int(np.count_nonzero(~before & after)),
            neither=int(np.count_nonzero(~before & ~after)),
        )
        return paired_ratio(counts, confidence=level.confidence)
    arms = (scores.before / scores.scale.high, scores.after / scores.scale.high)
    means = tuple(_by_cluster(values, scores) for values in arms)
    found = [_cluster_ratio(means[0], means[1], level)]
    if len(sizes) > 1:
        totals = tuple(_totals(values, scores) / max(sizes) for values in arms)
        found.append(_cluster_ratio(totals[0], totals[1], level))
    return _highest(found)


def difference(scores: Scores, level: Level) -> Estimate:
    """The mean of after - before."""
    width = scores.scale.width
    change = scores.after - scores.before
    found = [_mean(_by_cluster(change, scores), (-width, width), level)]
    if len(level.sizes(scores)) > 1:
        found.append(_row_mean(change, scores, ((-width, width), level)))
    if scores.scale.better == "lower":
        return _highest(found)
    return min(found, key=lambda one: -math.inf if one.low is None else one.low)


def rate_of_rows(scores: Scores, level: Level) -> Estimate:
    """The candidate's own rate, every row with the same weight."""
    return _row_mean(scores.after, scores, ((scores.scale.low, scores.scale.high), level))


def _highest(found: list[Estimate]) -> Estimate:
    return max(found, key=lambda one: math.inf if one.high is None else one.high)


def _totals(values: Numbers, scores: Scores) -> Numbers:
    return np.bincount(scores.groups, weights=values).astype(np.float64)


def _by_cluster(values: Numbers, scores: Scores) -> Numbers:
    return values if scores.independent else cluster_means(values, scores.groups)


def _mean(values: Numbers, span: tuple[float, float], level: Level) -> Estimate:
    """The mean of one figure a cluster, every cluster with the same weight."""
    low, high = span
    # Sorted, so that bets depend on the seed and not on the order of rows in a file; clipped,
    # because a mean of values at the end of the range may round to just outside of it.
    inside = np.clip(np.sort(values), low, high)
    return bounded_mean(inside, low=low, high=high, confidence=level.confidence, seed=level.seed)


def _row_mean(
    values: Numbers, scores: Scores, given: tuple[tuple[float, float], Level]
) -> Estimate:
    """The mean of one figure a row, every row with the same weight: a ratio of cluster totals."""
    (low, high), level = given
    sizes = np.bincount(scores.groups).astype(np.float64)
    most, width = max(level.sizes(scores)), high - low
    totals = np.clip(_totals((values - low) / width, scores) / most, 0.0, 1.0)
    share = _cluster_ratio(sizes / most, totals, level)
    upper = 1.0 if share.high is None else min(share.high, 1.0)
    value = float(values.mean())
    return Estimate(
        value=value,
        low=min(low + width * (share.low or 0.0), value),
        high=max(low + width * upper, value),
        confidence=share.confidence,
        n=share.n,
        method="betting-row-mean/1",
    )


def _cluster_ratio(before: Numbers, after: Numbers, level: Level) -> Estimate:
    """The ratio of two figures a cluster."""
    order = np.lexsort((after, before))
    return clustered_ratio(
        before[order],
        after[order],
        np.arange(len(order)),
        confidence=level.confidence,
        seed=level.seed,
    )


def _single_flags(scores: Scores, *columns: Numbers) -> bool:
    """Whether every pair is a cluster of its own, and no value can be other than 0 or 1.

    Corrected values reach beyond 1, even if none of those drawn does.
    """
    flags = all(bool(((one == 0) | (one == 1)).all()) for one in columns)
    return scores.independent and scores.scale.high == 1 and flags
