"""Pairs as figures to judge by: what was not scored counts against passing."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from interlock.charter import (
    AgreementMin,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    SliceValue,
)
from interlock.errors import OutOfRangeError
from interlock.gate.columns import Whole
from interlock.gate.pairing import SCORED, Arm, Pairs

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """The range of a metric, and which way is better."""

    low: float
    high: float
    better: Literal["higher", "lower"]

    @property
    def width(self) -> float:
        """How far two values can lie apart."""
        return self.high - self.low

    @property
    def worst(self) -> float:
        """The end of the range that speaks against a release."""
        return self.low if self.better == "higher" else self.high

    @property
    def best(self) -> float:
        """The other end."""
        return self.high if self.better == "higher" else self.low


HARM = Scale(0.0, 1.0, "lower")
"""A 0/1 event that should not happen."""


@dataclass(frozen=True)
class Scores:
    """Complete figures of both arms.

    Attributes:
        before: Shape ``(n,)``, the baseline; its gaps at the best of the range.
        after: Shape ``(n,)``, the candidate; its gaps at the worst.
        groups: Shape ``(n,)``, clusters numbered from 0 without gaps.
        clusters: How many there are.
        scale: The range both lie in.
        gaps: Rows of both arms that had no score.
        places: Shape ``(clusters,)``, each cluster's place in the sealed order, where there is one.
    """

    before: Numbers
    after: Numbers
    groups: Whole
    clusters: int
    scale: Scale
    gaps: int
    places: Whole

    @property
    def independent(self) -> bool:
        """Whether every pair is a cluster of its own."""
        return self.clusters == len(self.groups)


def scale_of(criterion: Criterion) -> Scale | None:
    """The scale a criterion judges its metric on; ``None`` where no value is the better one."""
    if isinstance(criterion, DifferenceNoninferior):
        return Scale(criterion.low, criterion.high, criterion.better)
    directionless = isinstance(criterion, CoverageMin | CalibrationMax | AgreementMin)
    return None if directionless else HARM


def scales_of(criterion: Criterion) -> dict[str, Scale]:
    """The scale of every metric of a criterion that has a declared range."""
    if isinstance(criterion, CalibrationMax):
        return dict.fromkeys(criterion.metrics, HARM)
    scale = scale_of(criterion)
    return {criterion.metric: scale} if scale is not None else {}


def select(pairs: Pairs, where: tuple[SliceValue, ...]) -> Pairs:
    """The pairs that carry all these slice values; every pair where none is given."""
    return pairs.part(positions(pairs, where)) if where else pairs


def positions(pairs: Pairs, where: tuple[SliceValue, ...]) -> Whole:
    """Which pairs carry all these slice values."""
    chosen = np.ones(len(pairs), dtype=np.bool_)
    for one in where:
        tag = pairs.tags.get(one.slice)
        chosen &= False if tag is None else tag.carries(one.value)
    return np.flatnonzero(chosen)


def fill(pairs: Pairs, scale: Scale) -> Scores:
    """Complete both arms, each gap at the value that is worst for passing.

    A row that is unscored, missing from one arm, or whose measurement failed
    is no evidence for a release: the candidate's counts as the worst of the
    range, the baseline's as the best.
    """
    return Scores(
        before=np.where(pairs.before.status == SCORED, pairs.before.value, scale.best),
        after=np.where(pairs.after.status == SCORED, pairs.after.value, scale.worst),
        groups=pairs.groups,
        clusters=pairs.clusters,
        scale=scale,
        gaps=int(np.count_nonzero(pairs.before.status) + np.count_nonzero(pairs.after.status)),
        places=pairs.places,
    )


def check_range(
    metric: str, pairs: Pairs, scale: Scale, *, names: tuple[str, str] = ("before", "after")
) -> None:
    """Refuse scores outside the declared range, on which every bound rests.

    Raises:
        OutOfRangeError: There is one; the first in the arm's own order is named.
    """
    for name, arm in zip(names, (pairs.before, pairs.after), strict=True):
        outside = _outside(arm, scale)
        if len(outside):
            first = int(outside[np.argmin(arm.row[outside])])
            raise OutOfRangeError(name, metric, (pairs.name(first), int(arm.row[first])))


def _outside(arm: Arm, scale: Scale) -> Whole:
    wild = (arm.value < scale.low) | (arm.value > scale.high)
    return np.flatnonzero((arm.status == SCORED) & wild)
