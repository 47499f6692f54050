"""The chance to pass where a judge of assumed quality sees all rows, and people label a part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlock.charter import (
    AllOf,
    CoverageMin,
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.gate.chances import RUNS, JudgeQuality, Sample, Truth
from interlock.gate.finding import limit_of
from interlock.gate.scoring import Numbers
from interlock.gate.twophase import Flags
from interlock.measure import FEWEST, two_phase_ends
from interlock.measure.simulation import (
    means_bounded_under,
    means_followed_under,
    rates_followed_under,
    ratios_bounded_under,
    ratios_followed_under,
)

Bounded = RateUpper | AllOf | RatioBelow | DifferenceNoninferior | ZeroEvents
Labelled = Bounded | CoverageMin
"""Criteria that corrected labels decide; agreement and calibration read the labels as they are."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """How the rows of a metric come to be labelled.

    Attributes:
        judge: How good the judge is assumed to be.
        labelled: The sealed chance, in (0, 1], of a label whatever the judge says.
        parts: In how many slices a criterion must hold; events found in any of them count.
    """

    judge: JudgeQuality
    labelled: float
    parts: int = 1

    def share(self, rate: float) -> float:
        """The expected share of rows that people label, where the event has this rate."""
        flagged = self.judge.flags(rate)
        return flagged + (1 - flagged) * self.labelled

    def found(self, rate: float) -> float:
        """The expected share of rows on which people find the event."""
        seen = self.judge.sensitivity
        return rate * (seen + (1 - seen) * self.labelled)


def chance_watched(
    criterion: Labelled, truth: Truth, given: tuple[Sample, Watched]
) -> tuple[float, str]:
    """The chance that a criterion passes, or one part of it, and how it was worked out.

    Each of 400 simulated samples is bounded as the gate bounds it: in two exact
    parts where rows are clusters of their own and looked at once, else by bets
    on corrected values. Fewer than five events found by people pass nothing.

    Args:
        criterion: What is claimed.
        truth: The rates of the event in both arms.
        given: What the criterion would see, and how its rows come to be labelled.
    """
    sample, watched = given
    if isinstance(criterion, CoverageMin):
        return float(sample.n >= criterion.clusters), "exact"
    rng = np.random.default_rng(sample.n)
    before, after = (_arm(rate, given, rng) for rate in (truth.before, truth.after))
    found = before.found + after.found
    rest = (watched.parts - 1) * sample.n * sample.within.rows
    for rate in (truth.before, truth.after):
        found = found + rng.binomial(rest, watched.found(rate), RUNS)
    single = sample.within.rows == 1 and not sample.sequential
    if single and not isinstance(criterion, DifferenceNoninferior):
        passes = _in_two_parts(criterion, (before, after), sample.alpha)
    else:
        values = before.values(watched.labelled), after.values(watched.labelled)
        passes = _by_bets(criterion, values, (sample, watched.labelled))
    if isinstance(criterion, ZeroEvents):
        passes = passes & (after.found == 0)
    return float((passes & (found >= FEWEST)).mean()), "simulated"


@dataclass(frozen=True)
class _Arm:
    """One arm of all samples.

    Attributes:
        caught: Shape ``(samples, clusters)``, events that the judge flagged.
        missed: The same of events it did not flag, and people found in a drawn row.
        sampled: Shape ``(samples,)``, drawn rows that the judge did not flag.
        unflagged: Shape ``(samples,)``, all rows that it did not flag.
        rows: Rows in a cluster.
    """

    caught: Counts
    missed: Counts
    sampled: Counts
    unflagged: Counts
    rows: int

    @property
    def found(self) -> Counts:
        """Shape ``(samples,)``, events that people found."""
        return np.asarray(self.caught.sum(axis=1) + self.missed.sum(axis=1))

    def values(self, labelled: float) -> Numbers:
        """Shape ``(samples, clusters)``: corrected means of clusters, over their range."""
        return np.asarray((self.caught * labelled + self.missed) / self.rows)

    def ends(self, alpha: float) -> tuple[Numbers, Numbers]:
        """Shape ``(samples,)``: both exact bounds of the rate."""
        n = self.caught.shape[1] * self.rows
        counts = (self.caught.sum(axis=1), self.missed.sum(axis=1), self.sampled, self.unflagged)
        kinds, place = np.unique(np.column_stack(counts), axis=0, return_inverse=True)
        ends = np.array(
            [
                two_phase_ends((int(c), n), (int(m), int(s)), int(u), alpha=alpha)
                for c, m, s, u in kinds
            ]
        )
        low, high = ends[place.ravel()].T
        return low, np.where((self.sampled == 0) & (self.unflagged > 0), 1.0, high)


def _arm(rate: float, given: tuple[Sample, Watched], rng: np.random.Generator) -> _Arm:
    (sample, watched), rows = given, given[0].within.rows
    judge, chance = watched.judge, watched.labelled
    shares = sample.within.shares(rate, (RUNS, sample.n), rng)
    events = np.rint(shares * rows).astype(np.int64)
    caught = rng.binomial(events, judge.sensitivity)
    missed = rng.binomial(events - caught, chance)
    clean = sample.n * rows - events.sum(axis=1)
    passed = rng.binomial(clean, judge.specificity)
    unflagged = passed + (events - caught).sum(axis=1)
    sampled = rng.binomial(passed, chance) + missed.sum(axis=1)
    return _Arm(caught, missed, sampled, unflagged, rows)


def _in_two_parts(
    criterion: RateUpper | AllOf | RatioBelow | ZeroEvents, arms: tuple[_Arm, _Arm], alpha: float
) -> Flags:
    limit, (before, after) = limit_of(criterion), arms
    if isinstance(criterion, RatioBelow):
        least, most = before.ends(alpha / 2)[0], after.ends(alpha / 2)[1]
        return np.asarray((least > 0) & (most < limit * least))
    high = after.ends(alpha)[1]
    return np.asarray(high <= limit if isinstance(criterion, ZeroEvents) else high < limit)


def _by_bets(
    criterion: Bounded, arms: tuple[Numbers, Numbers], given: tuple[Sample, float]
) -> Flags:
    (sample, labelled), (before, after) = given, arms
    alpha, limit = sample.alpha, limit_of(criterion)
    if isinstance(criterion, RatioBelow):
        bound_ratio = ratios_followed_under if sample.sequential else ratios_bounded_under
        return bound_ratio(before, after, limit=limit, alpha=alpha)
    bar = limit * labelled
    if isinstance(criterion, DifferenceNoninferior):
        worse = before - after if criterion.better == "higher" else after - before
        after, bar = (worse + 1) / 2, (criterion.margin * labelled + 1) / 2
    elif sample.sequential and sample.within.rows == 1 and labelled == 1:
        return rates_followed_under(after, limit=limit, alpha=alpha)
    bound = means_followed_under if sample.sequential else means_bounded_under
    return bound(after, limit=bar, alpha=alpha)
