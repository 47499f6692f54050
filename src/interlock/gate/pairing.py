"""Two arms side by side: each row of one paired with its twin in the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from interlock.errors import (
    ConflictingItemError,
    NotANumberError,
    PairedTwiceError,
    UnorderedClusterError,
)
from interlock.gate.columns import Coded, Codes, Column, Whole, code_tags, code_together

Chosen = slice | Whole

PAIRING_COLUMNS = ["metric", "item", "epoch", "cluster", "status", "value", "slices", "judge"]
"""The columns of observations that judging reads; it needs no text and no other."""

SCORED, UNSCORED, ERRORED, MISSING = 0, 1, 2, 3
"""What became of one row of one arm; ``MISSING`` means that only the other arm has it."""

_STATUSES = {"scored": SCORED, "unscored": UNSCORED, "error": ERRORED}


@dataclass(frozen=True)
class Arm:
    """One arm's side of the pairs of one metric.

    Attributes:
        value: Shape ``(n,)``; means nothing wherever ``status`` is not ``SCORED``.
        status: Shape ``(n,)``, one of the four codes above.
        row: Shape ``(n,)``, the row in the arm's table, counted from 1; 0 for none.
    """

    value: NDArray[np.float64]
    status: NDArray[np.int8]
    row: Whole

    def part(self, chosen: Chosen) -> "Arm":
        """The same, for a run of pairs, or those at these positions."""
        return Arm(self.value[chosen], self.status[chosen], self.row[chosen])


@dataclass(frozen=True)
class Tag:
    """One slice column over the pairs: ``values[codes[i]]``; code -1 for no value."""

    codes: Codes
    values: pa.StringArray

    def part(self, chosen: Chosen) -> "Tag":
        """The same, for a run of pairs, or those at these positions."""
        return Tag(self.codes[chosen], self.values)

    def carries(self, value: str) -> NDArray[np.bool_]:
        """Shape ``(n,)``, which pairs carry this value."""
        code = int(self.values.index(value).as_py())
        return np.equal(self.codes, code) & (self.codes >= 0)


@dataclass(frozen=True)
class Pairs:
    """Every pair of one metric, ordered by item, then epoch.

    Attributes:
        before: The baseline's side.
        after: The candidate's side.
        cluster: Shape ``(n,)``; pairs of equal code are not independent of each other. Where
            there is a sealed order, the cluster's place in it.
        tags: Slice columns by name.
        item: Shape ``(n,)``, codes into ``items``.
        items: The items' names, of all metrics alike.
        epoch: Shape ``(n,)``, codes of the epochs, of all metrics alike.
        epochs: The epochs themselves, by code.
    """

    before: Arm
    after: Arm
    cluster: Codes
    tags: Mapping[str, Tag]
    item: Whole
    items: pa.StringArray
    epoch: Whole
    epochs: Whole

    def __len__(self) -> int:
        return len(self.cluster)

    @cached_property
    def groups(self) -> Whole:
        """Cluster of each pair, numbered from 0 without gaps."""
        if (np.diff(self.cluster) > 0).all():
            return np.arange(len(self))
        return np.unique(self.cluster, return_inverse=True)[1]

    @cached_property
    def clusters(self) -> int:
        """How many clusters there are: the ``n`` of every estimate."""
        return int(self.groups.max()) + 1

    @cached_property
    def places(self) -> Whole:
        """The code of each cluster, by its number in ``groups``."""
        return np.unique(self.cluster).astype(np.int64)

    def name(self, position: int) -> str:
        """The item of one pair, for a person to find it."""
        return str(self.items[int(self.item[position])].as_py())

    def first(self, positions: Whole) -> str:
        """The item that comes first by its name among pairs; files may have any order."""
        return str(pc.min(self.items.take(np.unique(self.item[positions]))).as_py())

    def part(self, chosen: Chosen) -> "Pairs":
        """The same, for a run of pairs, or those at these positions."""
        return Pairs(
            before=self.before.part(chosen),
            after=self.after.part(chosen),
            cluster=self.cluster[chosen],
            tags={name: tag.part(chosen) for name, tag in self.tags.items()},
            item=self.item[chosen],
            items=self.items,
            epoch=self.epoch[chosen],
            epochs=self.epochs,
        )


def pair(
    before: pa.Table,
    after: pa.Table,
    *,
    names: tuple[str, str] = ("before", "after"),
    order: tuple[str, ...] = (),
) -> dict[str, Pairs]:
    """Pair two tables of observations by (metric, item, epoch); the pairs of each metric.

    What only one arm has is kept, ``MISSING`` in the other. Both tables carry
    the observation columns ``metric``, ``item``, ``epoch``, ``cluster``,
    ``status``, ``value`` and ``slices``; rows may come in any order, and a
    scored row without a value counts as unscored. Sorted as whole numbers,
    so that two million rows take about a second.

    Args:
        before: The baseline's observations.
        after: The candidate's.
        names: What errors call the two arms: their files, or their systems.
        order: The clusters in their sealed order, where there is one.

    Every item of a metric is expected in every epoch that any of them has.

    Raises:
        PairedTwiceError: One arm has the same (metric, item, epoch) twice. A
            copied row is no further evidence.
        ConflictingItemError: An item of a metric is in two clusters, or has two
            values of one slice, within an arm or between the arms: what is
            independent of what would depend on which row is asked.
        NotANumberError: A scored value is NaN or infinite.
        UnorderedClusterError: A cluster has no place in the sealed order.
    """
    arms = (before, after)
    metric = code_together(before["metric"], after["metric"])
    item = code_together(before["item"], after["item"])
    named = all(arm["cluster"].equals(arm["item"]) for arm in arms)
    cluster = item if named else code_together(before["cluster"], after["cluster"])
    if order:
        cluster = _in_order(cluster, order)
    keys, distinct = _keys(arms, metric, item)
    epochs = len(distinct)
    sorting = [_order(key) for key in keys]
    for name, key, by in zip(names, keys, sorting, strict=True):
        _refuse_twins(name, key[by], (by, key // epochs % len(item.names), item.names))
    union = _union(*(key[by] for key, by in zip(keys, sorting, strict=True)))
    union = _complete(union, len(item.names), epochs)
    rows = [_rows(union, key, by) for key, by in zip(keys, sorting, strict=True)]
    owner, item_of = union // epochs, union // epochs % len(item.names)
    merge = _Merge(owner, item_of, item.names, rows)
    every = Pairs(
        before=_arm(names[0], before, rows[0]),
        after=_arm(names[1], after, rows[1]),
        cluster=merge.agreed("cluster", cluster),
        tags={
            name: Tag(merge.agreed(f"slice.{name}", coded), coded.names)
            for name, coded in code_tags(before["slices"], after["slices"]).items()
        },
        item=item_of,
        items=item.names,
        epoch=union % epochs,
        epochs=distinct,
    )
    metric_of = owner // len(item.names)
    return {str(metric.names[code].as_py()): every.part(span) for code, span in _spans(metric_of)}


def _in_order(cluster: Coded, order: tuple[str, ...]) -> Coded:
    """Clusters coded by their place in the sealed order."""
    places = {name: place for place, name in enumerate(order)}
    names = [str(name) for name in cluster.names.to_pylist()]
    used = {int(code) for codes in (cluster.before, cluster.after) for code in np.unique(codes)}
    foreign = next((names[code] for code in sorted(used - {-1}) if names[code] not in places), None)
    if foreign is not None:
        raise UnorderedClusterError(foreign)
    by_code = np.array([*(places.get(name, -1) for name in names), -1], dtype=np.int32)
    return Coded(pa.array(order, pa.string()), by_code[cluster.before], by_code[cluster.after])


def _keys(arms: tuple[pa.Table, pa.Table], metric: Coded, item: Coded) -> tuple[list[Whole], Whole]:
    """Each arm's rows as whole numbers ordered by metric, item, epoch; and the epochs."""
    epochs = [arm["epoch"].to_numpy() for arm in arms]
    ends = [end for one in epochs if len(one) for end in (one.min(), one.max())]
    once = not ends or min(ends) == max(ends)
    distinct = np.unique(ends if once else np.concatenate(epochs)).astype(np.int64)
    codes = zip((metric.before, metric.after), (item.before, item.after), epochs, strict=True)
    keys = [
        (metrics.astype(np.int64) * len(item.names) + items) * max(len(distinct), 1)
        + (0 if once else np.searchsorted(distinct, numbers))
        for metrics, items, numbers in codes
    ]
    return keys, distinct if len(distinct) else np.zeros(1, dtype=np.int64)


def _order(key: Whole) -> Whole:
    """The rows of one arm in the order of their keys."""
    if (key[1:] > key[:-1]).all():
        return np.arange(len(key))
    return np.argsort(key, kind="stable")


def _refuse_twins(name: str, key: Whole, where: tuple[Whole, Whole, pa.StringArray]) -> None:
    order, item, items = where
    twins = np.flatnonzero(key[1:] == key[:-1])
    if len(twins):
        row = int(order[twins + 1].min())
        raise PairedTwiceError(name, str(items[int(item[row])].as_py()), row + 1)


def _union(before: Whole, after: Whole) -> Whole:
    return before if np.array_equal(before, after) else np.union1d(before, after)


def _complete(union: Whole, items: int, epochs: int) -> Whole:
    """Every item of a metric in every epoch that the metric has anywhere.

    Who repeats some items only, say those that failed, has not run the others:
    their repeats are missing, and count as such.
    """
    if epochs == 1:
        return union
    owner, epoch = union // epochs, union % epochs
    parts = []
    for _, span in _spans(owner // items):
        whole = np.unique(owner[span])[:, None] * epochs + np.unique(epoch[span])[None, :]
        parts.append(whole.ravel())
    return np.concatenate(parts) if parts else union


def _rows(union: Whole, key: Whole, order: Whole) -> Whole:
    """For each pair the row of one arm's table, counted from 0; -1 where it has none."""
    if len(union) == len(key):
        return order
    rows = np.full(len(union), -1)
    rows[np.searchsorted(union, key[order])] = order
    return rows


def _arm(name: str, table: pa.Table, rows: Whole) -> Arm:
    statuses = _statuses(table["status"])
    empty = table["value"].is_null().to_numpy()
    statuses[(statuses == SCORED) & empty] = UNSCORED
    values = table["value"].to_numpy().astype(np.float64)
    wild = np.flatnonzero((statuses == SCORED) & ~np.isfinite(values))
    if len(wild):
        row = int(wild[0])
        raise NotANumberError(name, str(table["item"][row].as_py()), row + 1)
    there = rows >= 0
    if there.all():
        return Arm(values[rows], statuses[rows], rows + 1)
    value, found = np.full(len(rows), np.nan), np.full(len(rows), MISSING, dtype=np.int8)
    value[there], found[there] = values[rows[there]], statuses[rows[there]]
    return Arm(value, found, rows + 1)


def _statuses(column: Column) -> NDArray[np.int8]:
    """Status codes; a word that is no status says nothing was scored."""
    coded = code_together(column, column.slice(0, 0))
    known = [_STATUSES.get(str(word), ERRORED) for word in coded.names.to_pylist()]
    return np.array([*known, ERRORED], dtype=np.int8)[coded.before]


@dataclass(frozen=True)
class _Merge:
    """What both arms say about each pair, merged where they agree.

    Attributes:
        owner: Shape ``(n,)``; equal neighbours are epochs of one item of one metric.
        item: Codes into ``items``.
        items: The items' names.
        rows: For both arms, the row of each pair; -1 for none.
    """

    owner: Whole
    item: Whole
    items: pa.StringArray
    rows: list[Whole]

    def agreed(self, column: str, coded: Coded) -> Codes:
        """One code a pair, from whichever arm has one.

        Raises:
            ConflictingItemError: They have different ones.
        """
        first, second = self._taken(coded.before, 0), self._taken(coded.after, 1)
        if np.array_equal(first, second):
            merged = first
        else:
            self._refuse(column, (first != second) & (first >= 0) & (second >= 0))
            merged = np.where(first >= 0, first, second)
        self._refuse_change(column, merged)
        return self._filled(merged)

    def _taken(self, codes: Codes, arm: int) -> Codes:
        rows = self.rows[arm]
        if not len(codes):
            return np.full(len(rows), -1, dtype=np.int32)
        taken = codes[rows]
        taken[rows < 0] = -1
        return taken

    def _filled(self, merged: Codes) -> Codes:
        """An item's code also for epochs that neither arm ran."""
        absent = np.flatnonzero((self.rows[0] < 0) & (self.rows[1] < 0))
        known = np.flatnonzero(merged >= 0)
        if not len(absent) or not len(known):
            return merged
        owner = self.owner[known]
        place = np.minimum(np.searchsorted(owner, self.owner[absent]), len(known) - 1)
        filled = merged.copy()
        filled[absent] = np.where(owner[place] == self.owner[absent], merged[known[place]], -1)
        return filled

    def _refuse_change(self, column: str, merged: Codes) -> None:
        """Refuse an item with two codes; epochs without one stand between them or not."""
        known = np.flatnonzero(merged >= 0)
        owner, codes = self.owner[known], merged[known]
        changed = (owner[1:] == owner[:-1]) & (codes[1:] != codes[:-1])
        if changed.any():
            raise self._conflict(column, int(known[int(np.argmax(changed))]))

    def _refuse(self, column: str, conflict: NDArray[np.bool_]) -> None:
        if conflict.any():
            raise self._conflict(column, int(np.argmax(conflict)))

    def _conflict(self, column: str, position: int) -> ConflictingItemError:
        item = self.items[int(self.item[position])]
        return ConflictingItemError(str(item.as_py()), column)


def _spans(codes: Whole) -> Iterator[tuple[int, slice]]:
    """Each run of equal codes in a sorted array."""
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(codes)], strict=False):
        yield int(codes[start]), slice(int(start), int(end))
