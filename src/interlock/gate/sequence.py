"""Criteria of a trial that may end early: clusters taken in the sealed order, looked at each time.

Which test answers depends on the sealed bank alone: single rows are counted,
larger clusters bet on by their means. Where clusters differ in size, drawn or
not, the mean over rows is tested beside that over clusters, both have to pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from interlock.admission import Outcome
from interlock.charter import DifferenceNoninferior, RateUpper, RatioBelow
from interlock.errors import NotEstimableError
from interlock.gate.estimates import Level, Reach
from interlock.gate.finding import Finding, count, limit_of, undecided
from interlock.gate.scoring import Numbers, Scores
from interlock.gate.verdict import overall
from interlock.measure import (
    Estimate,
    RunningMean,
    RunningRate,
    RunningRatio,
    cluster_means,
)

Bounded = RateUpper | RatioBelow | DifferenceNoninferior
Running = RunningRate | RunningMean | RunningRatio

_NO_EVENT = (
    "not estimable: the baseline shows no event so far, and a share of nothing says nothing; "
    "judge the candidate's own rate beside it"
)


def follow(criterion: Bounded, scores: Scores, level: Level) -> Finding:
    """Judge a criterion on clusters taken one by one in the sealed order.

    Args:
        criterion: What is claimed.
        scores: Complete figures, or corrected ones.
        level: Its alpha, and what was drawn.
    """
    reach = level.reach or Reach(scores.clusters, scores.clusters, {})
    place = (criterion.metric, criterion.where)
    trail = _Trail(criterion, scores, level.at(place), reach.at(place, scores))
    found = [trail.over_clusters()]
    if len(trail.kinds) > 1:
        found.append(trail.over_rows())
    return _joined(found, better=getattr(criterion, "better", "lower"))


def counted(finding: Finding, reach: Reach | None) -> Finding:
    """A finding that no bet decided, with what can be said of when it was."""
    if reach is None:
        return finding
    done = finding.outcome != "undecided"
    return replace(
        finding, at=reach.taken if done else 0, hopeless=not done and reach.taken >= reach.whole
    )


def together(found: Sequence[Finding]) -> tuple[int, bool]:
    """After how many clusters all parts were decided, or one failed; and whether none can be."""
    outcome = overall(one.outcome for one in found)
    hopeless = outcome == "undecided" and any(one.hopeless for one in found)
    if outcome == "failed":
        return min(one.at for one in found if one.outcome == "failed"), hopeless
    return (max(one.at for one in found) if outcome == "passed" else 0), hopeless


@dataclass(frozen=True)
class _Trail:
    """One criterion's clusters in their order.

    Attributes:
        criterion: What is claimed.
        scores: The figures.
        level: Its alpha.
        sizes: Rows of each cluster that was drawn for it.
    """

    criterion: Bounded
    scores: Scores
    level: Level
    sizes: tuple[int, ...]

    @property
    def cap(self) -> int:
        """The most clusters it can see."""
        return len(self.sizes)

    @property
    def kinds(self) -> frozenset[int]:
        """Every size that a cluster can have, drawn or not."""
        return self.level.here | frozenset(self.sizes)

    def over_clusters(self) -> Finding:
        """Every cluster with the same weight."""
        scores, limit = self.scores, limit_of(self.criterion)
        match self.criterion:
            case RatioBelow():
                before, after = (
                    np.clip(self._means(one) / scores.scale.high, 0.0, 1.0)
                    for one in (scores.before, scores.after)
                )
                return self._ratio(before, after)
            case DifferenceNoninferior():
                width = scores.scale.width
                change = self._means(scores.after - scores.before)
                return self._mean(change, (limit, -width, width))
            case _ if self.kinds == {1} and scores.scale.high == 1:
                rate = RunningRate(limit=limit, alpha=self.level.alpha, cap=self.cap)
                taken = rate.take(self._means(scores.after).tolist())
                return self._finding(taken, taken.estimate(), seen=taken.n)
            case _:
                high = scores.scale.high
                return self._mean(self._means(scores.after), (limit, 0.0, high))

    def over_rows(self) -> Finding:
        """Every row with the same weight: a ratio of cluster totals, over the largest there is."""
        scores, most = self.scores, max(self.kinds)
        sizes = np.bincount(scores.groups) / most
        high, limit = scores.scale.high, limit_of(self.criterion)
        if isinstance(self.criterion, RatioBelow):
            before, after = (
                self._totals(one / high) / most for one in (scores.before, scores.after)
            )
            return self._ratio(before, after)
        worse, low, width, turned = scores.after, 0.0, high, False
        if isinstance(self.criterion, DifferenceNoninferior):
            worse, low = scores.after - scores.before, -scores.scale.width
            width, turned = 2 * scores.scale.width, self.criterion.better == "higher"
        unit = (worse - low) / width
        bar = (limit - low) / width
        if turned:
            unit, bar = 1 - unit, 1 - bar
        return self._share(sizes, self._totals(unit) / most, (bar, low, width, turned))

    def _mean(self, values: Numbers, bar: tuple[float, float, float]) -> Finding:
        limit, low, high = bar
        rising = getattr(self.criterion, "better", "lower") == "higher"
        better: Literal["higher", "lower"] = "higher" if rising else "lower"
        start = RunningMean(
            limit=limit, low=low, high=high, better=better, alpha=self.level.alpha, cap=self.cap
        )
        taken = start.take(np.clip(values, low, high).tolist())
        return self._finding(taken, taken.estimate(), seen=len(taken.values))

    def _ratio(self, before: Numbers, after: Numbers) -> Finding:
        taken = self._paired(before, after, limit_of(self.criterion))
        try:
            estimate = taken.estimate()
        except NotEstimableError:
            return undecided(self.criterion, _NO_EVENT)
        return self._finding(taken, estimate, seen=len(taken.before))

    def _share(
        self, sizes: Numbers, totals: Numbers, given: tuple[float, float, float, bool]
    ) -> Finding:
        bar, low, width, turned = given
        taken = self._paired(sizes, totals, bar)
        share = taken.estimate()
        ends = [share.low or 0.0, share.value, min(1.0 if share.high is None else share.high, 1.0)]
        if turned:
            ends = [1 - one for one in reversed(ends)]
        below, value, above = (low + width * one for one in ends)
        estimate = replace(
            share,
            low=min(below, value),
            value=value,
            high=max(above, value),
            method="betting-row-mean-anytime/1",
        )
        return self._finding(taken, estimate, seen=len(taken.before))

    def _paired(self, before: Numbers, after: Numbers, limit: float) -> RunningRatio:
        start = RunningRatio(limit=limit, alpha=self.level.alpha, cap=self.cap)
        pairs = zip(np.clip(before, 0, 1).tolist(), np.clip(after, 0, 1).tolist(), strict=True)
        return start.take(list(pairs))

    def _finding(self, state: Running, estimate: Estimate, *, seen: int) -> Finding:
        outcome: Outcome = state.outcome
        at = int(self.scores.places[seen - 1]) + 1 if outcome != "undecided" else 0
        spent = outcome == "undecided" and seen >= self.cap
        hopeless = spent or (isinstance(state, RunningRate) and state.hopeless)
        reason = _reason(outcome, estimate, (seen, self.cap), hopeless=hopeless)
        if self.scores.gaps:
            rows = 2 * len(self.scores.groups)
            reason += f"; {self.scores.gaps} of {rows} rows without a score count against it"
        return Finding(
            outcome, estimate, limit_of(self.criterion), reason, at=at, hopeless=hopeless
        )

    def _means(self, values: Numbers) -> Numbers:
        """One figure a cluster, in the sealed order."""
        return cluster_means(values, self.scores.groups)

    def _totals(self, values: Numbers) -> Numbers:
        return np.bincount(self.scores.groups, weights=values).astype(np.float64)


def _reason(
    outcome: Outcome, estimate: Estimate, counted: tuple[int, int], *, hopeless: bool
) -> str:
    seen, cap = counted
    so_far = f"after {seen} of at most {count(cap, 'cluster')}"
    ends = ["open" if end is None else f"{end:.4g}" for end in (estimate.low, estimate.high)]
    shown = f"the interval that holds at all times is {ends[0]} to {ends[1]}"
    if outcome != "undecided":
        return f"{outcome} {so_far}: {shown}"
    left = "and none left can make it pass" if hopeless else "which leaves it open"
    return f"{so_far} {shown}, {left}"


def _joined(found: Sequence[Finding], *, better: str) -> Finding:
    """Both averages: passed when both have, else what speaks against the release."""
    if len(found) == 1:
        return found[0]
    outcome = overall(one.outcome for one in found)
    same = [one for one in found if one.outcome == outcome]
    worst = max(same, key=lambda one: _against(one, better))
    if outcome == "undecided":
        return replace(worst, hopeless=any(one.hopeless for one in found))
    at = max(one.at for one in same) if outcome == "passed" else min(one.at for one in same)
    return replace(worst, at=at)


def _against(finding: Finding, better: str) -> float:
    """How far a bound reaches to the worse side."""
    one = finding.estimate
    if one is None:
        return np.inf
    if better == "higher":
        return np.inf if one.low is None else -one.low
    return np.inf if one.high is None else one.high
