"""Two metrics of the same rows side by side: forecasts and outcomes, a judge and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from interlock.charter import SliceValue
from interlock.errors import ConflictingItemError
from interlock.gate.columns import Whole
from interlock.gate.pairing import MISSING, SCORED, Arm, Pairs
from interlock.gate.scoring import Numbers, select

Side = Literal["before", "after"]


@dataclass(frozen=True)
class Column:
    """One metric's values of one arm.

    Attributes:
        value: Shape ``(n,)``; means nothing where ``known`` is false.
        known: Shape ``(n,)``, which rows were scored.
    """

    value: Numbers
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class Beside:
    """Rows of two metrics, matched by item and epoch.

    Attributes:
        groups: Shape ``(n,)``, the cluster of each row.
        clusters: How many clusters there are.
    """

    groups: Whole
    clusters: int
    _arms: Mapping[Side, tuple[Column, Column]]

    def columns(self, side: Side) -> tuple[Column, Column]:
        """The values of both metrics in one arm."""
        return self._arms[side]

    def gaps(self, side: Side) -> int:
        """Rows of an arm that lack one value or both."""
        first, second = self._arms[side]
        return int(np.count_nonzero(~(first.known & second.known)))


def put_beside(
    twins: tuple[Pairs | None, Pairs | None], where: tuple[SliceValue, ...]
) -> Beside | None:
    """Match the rows of two metrics; ``None`` where there is none to judge.

    A row that only one of them has is kept, with a gap in the other: to leave
    out what does not fit would make everything fit.

    Args:
        twins: The forecasts and the outcomes, or the judge's labels and the people's.
        where: Only rows that carry all these slice values.

    Raises:
        ConflictingItemError: An item is in one cluster by one metric and in
            another by the other.
    """
    chosen = [None if one is None else select(one, where) for one in twins]
    found = [one for one in chosen if one is not None and len(one)]
    if not found:
        return None
    epochs = 1 + max(int(one.epoch.max()) for one in found)
    keys = [
        np.empty(0, dtype=np.int64) if one is None else one.item * epochs + one.epoch
        for one in chosen
    ]
    rows = np.union1d(*keys)
    places = [_places(rows, key) for key in keys]
    cluster = _cluster(chosen, places)
    columns: dict[Side, tuple[Column, Column]] = {
        side: (
            _column(None if chosen[0] is None else getattr(chosen[0], side), places[0]),
            _column(None if chosen[1] is None else getattr(chosen[1], side), places[1]),
        )
        for side in ("before", "after")
    }
    groups = np.unique(cluster, return_inverse=True)[1]
    return Beside(groups=groups, clusters=int(groups.max()) + 1, _arms=columns)


def _places(rows: Whole, key: Whole) -> Whole:
    """Where each row stands among the keys of a metric; -1 where it does not."""
    if not len(key):
        return np.full(len(rows), -1)
    place = np.minimum(np.searchsorted(key, rows), len(key) - 1)
    return np.where(key[place] == rows, place, -1)


def _cluster(chosen: list[Pairs | None], places: list[Whole]) -> Whole:
    cluster = np.full(len(places[0]), -1)
    for one, place in zip(chosen, places, strict=True):
        if one is None:
            continue
        own = np.where(place >= 0, one.cluster[place], -1)
        conflict = (cluster >= 0) & (own >= 0) & (own != cluster)
        if conflict.any():
            raise ConflictingItemError(one.name(int(place[int(np.argmax(conflict))])), "cluster")
        cluster = np.where(own >= 0, own, cluster)
    return cluster


def _column(arm: Arm | None, place: Whole) -> Column:
    if arm is None:
        return Column(np.full(len(place), np.nan), np.zeros(len(place), dtype=np.bool_))
    status = np.where(place >= 0, arm.status[place], MISSING)
    known = status == SCORED
    return Column(np.where(known, arm.value[place], np.nan), known)
