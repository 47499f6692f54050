"""Trials that may end early: results taken one at a time, looked at after each.

The state of a trial is a record, so that a trial can be put away and taken up again. Each side is
tested at the level ``alpha`` whatever the number of looks: the chance that a candidate that is as
bad as its limit or worse ever passes is at most ``alpha``, and so is the chance that one within it
ever fails. The order of the clusters, the limit and all else that steers the bets are sealed
before the first result.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    TrialEndedError,
    ValueOutOfRangeError,
)
from interlock.ledger import Json, record, upcast
from interlock.measure.anytime import (
    EVEN,
    Bets,
    betting_bound,
    log_capital,
    log_growth,
    log_mixture,
    mixture_bound,
    planned_bets,
    planned_prior,
)
from interlock.measure.estimate import Estimate
from interlock.measure.paired_ratios import refuse_empty_baseline
from interlock.measure.sample import Numbers, finite_width, numbers

Progress = Literal["passed", "failed", "undecided"]
Race = tuple[Numbers, Numbers]
"""Log capital after each result: against a candidate at its limit, and against one within it."""
Places = NDArray[np.intp]
Level = Annotated[float, Field(gt=0, lt=0.5)]
Share = Annotated[float, Field(ge=0, le=1)]
Cap = Annotated[int, Field(ge=0)]


@record("running-rate/2")
class RunningRate:
    """A rate that must be under its limit, one independent row at a time.

    Attributes:
        limit: The rate, in (0, 1), that must not be reached.
        alpha: The chance, in (0, 0.5), that a candidate at its limit ever passes.
        events: Rows so far on which the event happened; one that happened in part counts in part.
        n: Rows so far.
        cap: The most rows there will be, for which the test is at its best; 0 where nobody knows.
    """

    limit: Annotated[float, Field(gt=0, lt=1)]
    alpha: Level = 0.05
    events: Annotated[float, Field(ge=0)] = 0.0
    n: Annotated[int, Field(ge=0)] = 0
    cap: Cap = 0

    def __post_init__(self) -> None:
        if self.events > self.n:
            raise ValueOutOfRangeError("events", self.events, (0.0, float(self.n)))

    @property
    def outcome(self) -> Progress:
        """Passed or failed as soon as the evidence is there, undecided so far."""
        return _outcome(self._race(np.array([self.events]), np.array([self.n])), self.alpha)

    @property
    def hopeless(self) -> bool:
        """Whether it cannot pass any more, even if nothing happens until the cap."""
        if not self.cap or self.outcome == "passed":
            return False
        end = np.array([max(self.cap, self.n)])
        return bool(self._race(np.array([self.events]), end)[0][0] < -math.log(self.alpha))

    def take(self, happened: Sequence[float]) -> Self:
        """The state after these rows, looked at one by one; none after the trial's end.

        Args:
            happened: 1 or true where the event happened, 0 where not, between them in part.

        Raises:
            TrialEndedError: It had ended before the first of them.
            ValueOutOfRangeError: A value is outside [0, 1].
        """
        _refuse_ended(self.outcome, self.n)
        if len(happened) == 0:
            return self
        rows = numbers(happened, low=0.0, high=1.0)
        events = self.events + np.append(0.0, np.cumsum(rows))
        n = self.n + np.arange(events.size)
        seen = _looked_at(self._race(events, n), self.alpha)
        return replace(self, events=float(events[seen]), n=int(n[seen]))

    def estimate(self) -> Estimate:
        """The share so far, with ends that hold at all times together.

        Raises:
            NotEnoughDataError: No row was taken yet.
        """
        if self.n == 0:
            raise NotEnoughDataError("rows", 0, 1)
        value, none = self.events / self.n, self.n - self.events
        low = 1 - mixture_bound(none, self.n, prior=self._priors[1], alpha=self.alpha)
        return Estimate(
            value=value,
            low=min(low, value),
            high=mixture_bound(self.events, self.n, prior=self._priors[0], alpha=self.alpha),
            confidence=1 - 2 * self.alpha,
            n=self.n,
            method="mixture-anytime/1",
        )

    @property
    def _priors(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Of the event below its limit, and of its absence below the rest: where each may lie."""
        if not self.cap:
            first, second = 0.5, 1 / self.limit
            return (first, second), (second, first)
        return (
            planned_prior(self.limit, cap=self.cap),
            planned_prior(1 - self.limit, cap=self.cap),
        )

    def _race(self, events: Numbers, n: Places) -> Race:
        passing, failing = self._priors
        below = log_mixture(events, n, limit=self.limit, prior=passing)
        return below, log_mixture(n - events, n, limit=1 - self.limit, prior=failing)


@record("running-mean/2")
class RunningMean:
    """A mean that must be on the better side of its limit, one cluster at a time.

    Attributes:
        limit: The mean that must not be reached, strictly between ``low`` and ``high``.
        low: Least possible value of a cluster, in the unit of the values.
        high: Greatest possible value.
        better: Which side of the limit passes.
        alpha: The chance, in (0, 0.5), that a candidate at its limit ever passes.
        values: One value a cluster so far. Each, whatever came before it, has an expectation on the
            same side of the limit, as independent draws from one population have.
        cap: The most clusters there will be, for which the test is at its best; 0 where nobody
            knows.
    """

    limit: float
    low: float
    high: float
    better: Literal["lower", "higher"]
    alpha: Level = 0.05
    values: tuple[float, ...] = ()
    cap: Cap = 0

    def __post_init__(self) -> None:
        finite_width(self.low, self.high)
        if not self.low < self.limit < self.high:
            raise ValueOutOfRangeError("limit", self.limit, (self.low, self.high))
        if self.values:
            numbers(self.values, low=self.low, high=self.high)

    @property
    def outcome(self) -> Progress:
        """Passed or failed as soon as the evidence is there, undecided so far."""
        return _outcome(self._race(self.values), self.alpha)

    def take(self, values: Sequence[float]) -> Self:
        """The state after these clusters, looked at one by one; none after the trial's end.

        Raises:
            TrialEndedError: It had ended before the first of them.
            ValueOutOfRangeError: A value is NaN or outside its range.
        """
        _refuse_ended(self.outcome, len(self.values))
        if len(values):
            numbers(values, low=self.low, high=self.high)
        longer = replace(self, values=(*self.values, *map(float, values)))
        seen = _looked_at(longer._race(longer.values), self.alpha)
        return replace(self, values=longer.values[:seen])

    def estimate(self) -> Estimate:
        """The mean so far, with ends that hold at all times together.

        Raises:
            NotEnoughDataError: No cluster was taken yet.
        """
        if not self.values:
            raise NotEnoughDataError("clusters", 0, 1)
        value, width = math.fsum(self.values) / len(self.values), self.high - self.low
        unit, limit = self._unit(self.values), float(self._unit([self.limit])[0])
        rising, falling = (
            _Game(gains, None, claim, cap=self.cap)
            for gains, claim in ((unit, limit), (1 - unit, 1 - limit))
        )
        below = self.low + width * rising.bound(self.alpha)
        above = self.high - width * falling.bound(self.alpha)
        return Estimate(
            value=value,
            low=min(below, value),
            high=max(above, value),
            confidence=1 - 2 * self.alpha,
            n=len(self.values),
            method="betting-anytime/1",
        )

    def _unit(self, values: Sequence[float]) -> Numbers:
        return np.clip((np.asarray(values, float) - self.low) / (self.high - self.low), 0.0, 1.0)

    def _race(self, values: Sequence[float]) -> Race:
        unit, limit = self._unit(values), float(self._unit([self.limit])[0])
        below = _Game(1 - unit, None, 1 - limit, cap=self.cap).path()
        above = _Game(unit, None, limit, cap=self.cap).path()
        return (below, above) if self.better == "lower" else (above, below)


@record("running-ratio/2")
class RunningRatio:
    """A ratio of the candidate's mean to the baseline's that must be under its limit.

    Attributes:
        limit: The ratio, above 0, that must not be reached; a cut of 40 % is .6.
        alpha: The chance, in (0, 0.5), that a candidate at its limit ever passes.
        before: One value in [0, 1] a cluster so far: the baseline's mean on it.
        after: The candidate's mean on the same clusters. Each cluster, whatever came before it, has
            expectations on the same side of the limit.
        cap: The most clusters there will be, for which the test is at its best; 0 where nobody
            knows.
    """

    limit: Annotated[float, Field(gt=0)]
    alpha: Level = 0.05
    before: tuple[Share, ...] = ()
    after: tuple[Share, ...] = ()
    cap: Cap = 0

    def __post_init__(self) -> None:
        if len(self.before) != len(self.after):
            wanted = f"the shape ({len(self.before)},)"
            raise MismatchedShapesError("after", (len(self.after),), wanted)

    @property
    def outcome(self) -> Progress:
        """Passed or failed as soon as the evidence is there, undecided so far."""
        return _outcome(self._race(), self.alpha)

    def take(self, pairs: Sequence[tuple[float, float]]) -> Self:
        """The state after these clusters, looked at one by one; none after the trial's end.

        Args:
            pairs: Each cluster's mean before and after, in [0, 1].

        Raises:
            TrialEndedError: It had ended before the first of them.
            ValueOutOfRangeError: A value is NaN or outside [0, 1].
        """
        _refuse_ended(self.outcome, len(self.before))
        if len(pairs):
            numbers(np.ravel(pairs), low=0.0, high=1.0)
        before = (*self.before, *(float(one) for one, _ in pairs))
        after = (*self.after, *(float(other) for _, other in pairs))
        longer = replace(self, before=before, after=after)
        seen = _looked_at(longer._race(), self.alpha)
        return replace(self, before=before[:seen], after=after[:seen])

    def estimate(self) -> Estimate:
        """The ratio so far, with ends that hold at all times together.

        Raises:
            NotEnoughDataError: No cluster was taken yet.
            NotEstimableError: The baseline shows nothing so far.
        """
        if not self.before:
            raise NotEnoughDataError("clusters", 0, 1)
        before, after = np.array(self.before), np.array(self.after)
        refuse_empty_baseline(float(before.sum()))
        value = float(after.sum() / before.sum())
        falling, rising = self._games()
        reverse = falling.bound(self.alpha)
        return Estimate(
            value=value,
            low=min(rising.bound(self.alpha), value),
            high=max(1 / reverse, value) if reverse > 0 else None,
            confidence=1 - 2 * self.alpha,
            n=before.size,
            method="betting-ratio-anytime/1",
        )

    def _race(self) -> Race:
        falling, rising = self._games()
        return falling.path(), rising.path()

    def _games(self) -> tuple["_Game", "_Game"]:
        before, after = np.array(self.before), np.array(self.after)
        return (
            _Game(before, after, 1 / self.limit, cap=self.cap),
            _Game(after, before, self.limit, cap=self.cap),
        )


class _Game:
    """Bets that ``E[gain] > ratio * E[cost]``, over the values so far.

    Args:
        gains: Shape ``(n,)``, in [0, 1].
        costs: Same shape and range; ``None`` for ones.
        ratio: The sealed limit.
        cap: The most values there will be; 0 where nobody knows.
    """

    def __init__(self, gains: Numbers, costs: Numbers | None, ratio: float, *, cap: int) -> None:
        self._gains, self._ratio = gains, ratio
        self._costs = np.ones_like(gains) if costs is None else costs
        self._bets: Bets = planned_bets(gains, costs, ratio, cap=cap) if cap else EVEN

    def path(self) -> Numbers:
        """Log capital before the first value and after each."""
        grown = log_growth(self._gains, self._costs, self._ratio, bets=self._bets)
        nothing = np.zeros((1, grown.shape[-1]))
        return log_capital(np.vstack([nothing, np.cumsum(grown, axis=0)]), bets=self._bets)

    def bound(self, alpha: float) -> float:
        """The largest ratio refuted from below, of the values so far."""
        return betting_bound(self._gains, self._costs, alpha=alpha, bets=self._bets)


@upcast("running-rate/1", "running-rate/2")
@upcast("running-mean/1", "running-mean/2")
@upcast("running-ratio/1", "running-ratio/2")
def _first(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version did not know how long a trial would be at most."""
    return fields


def _looked_at(race: Race, alpha: float) -> int:
    """How many results are looked at until one side is there, or all."""
    there = np.maximum(*race) >= -math.log(alpha)
    return int(there.argmax()) if there.any() else there.size - 1


def _outcome(race: Race, alpha: float) -> Progress:
    passing, failing = race
    if passing[-1] >= -math.log(alpha):
        return "passed"
    return "failed" if failing[-1] >= -math.log(alpha) else "undecided"


def _refuse_ended(outcome: Progress, n: int) -> None:
    """Refuse to go on once the outcome is there.

    Raises:
        TrialEndedError: It is.
    """
    if outcome != "undecided":
        raise TrialEndedError(outcome, n)
