"""Labels in two phases: people see all that a judge flagged, and a drawn part of the rest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from interlock.charter import JudgedMetric, SliceValue
from interlock.errors import ConflictingItemError
from interlock.gate.beside import Side
from interlock.gate.columns import Codes, Whole
from interlock.gate.pairing import MISSING, SCORED, Arm, Pairs, Tag
from interlock.gate.scoring import Numbers, Scale, Scores, positions

Flags = NDArray[np.bool_]

FLAGGED = 0.5
"""From this value on a judge has flagged a row."""

_SIDES: tuple[Side, ...] = ("before", "after")
_WORDS = 2**64


def needs_label(item: str, epoch: int, *, seed: int, chance: float) -> bool:
    """Whether a row is drawn for a label whatever the judge says of it; nobody chooses.

    The same in every arm, and for everyone who asks: a hash of the row and of
    what the seal and the checkpoint after it fixed.

    Args:
        item: The row's item.
        epoch: Its epoch.
        seed: `seed_of` the seal.
        chance: The sealed chance, in (0, 1].
    """
    text = f"interlock/label/1\n{seed}\n{epoch}\n{item}\n"
    word = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return word < chance * _WORDS


@dataclass(frozen=True)
class Labelled:
    """Rows that a judge saw all of, and people what was due.

    A row that the judge flagged or did not score is due, and so is a drawn one.
    A label that is due and absent counts as the worst for passing, one that is
    not due counts for nothing: whoever labels more than was drawn could choose.

    Attributes:
        people: Every row that either saw, with people's labels.
        flagged: Of each arm, shape ``(n,)``: which rows the judge flagged, or did not score.
        drawn: Shape ``(n,)``, which rows the seal drew.
        chance: The chance with which it drew them.
    """

    people: Pairs
    flagged: Mapping[Side, Flags]
    drawn: Flags
    chance: float

    def __len__(self) -> int:
        return len(self.people)

    def select(self, where: tuple[SliceValue, ...]) -> "Labelled":
        """The rows that carry all these slice values."""
        if not where:
            return self
        chosen = positions(self.people, where)
        return Labelled(
            self.people.part(chosen),
            {side: flags[chosen] for side, flags in self.flagged.items()},
            self.drawn[chosen],
            self.chance,
        )

    def due(self, side: Side) -> Flags:
        """Which rows of an arm people have to label."""
        return np.asarray(self.flagged[side] | self.drawn)

    def known(self, side: Side) -> Flags:
        """Which labels are due and there."""
        return np.asarray(self.due(side) & (self._arm(side).status == SCORED))

    def counts(self, side: Side) -> Flags:
        """Which rows of an arm say something: labelled, or passed by the judge and not drawn."""
        return np.asarray(self.known(side) | ~self.due(side))

    @property
    def gaps(self) -> int:
        """Labels of both arms that are due and absent."""
        return sum(int(np.count_nonzero(self.due(one) & ~self.known(one))) for one in _SIDES)

    @property
    def positives(self) -> int:
        """Rows of both arms in which people found the event."""
        return sum(
            int(np.count_nonzero(self.known(one) & (self._arm(one).value >= FLAGGED)))
            for one in _SIDES
        )

    def labels(self, side: Side, *, otherwise: float) -> Numbers:
        """Shape ``(n,)``: labels where they are due, those absent filled; NaN where none is due."""
        filled = np.where(self.known(side), self._arm(side).value, otherwise)
        return np.where(self.due(side), filled, np.nan)

    def scale(self, better: str) -> Scale:
        """The range of corrected values."""
        return Scale(0.0, 1 / self.chance, "higher" if better == "higher" else "lower")

    def scores(self, better: str) -> Scores:
        """Values whose mean is that of people's labels of all rows, whatever the judge is worth.

        A flagged row counts by its label; of the rest a drawn one counts for
        all that were not, so its label is divided by the chance.
        """
        worst = 0.0 if better == "higher" else 1.0
        return Scores(
            before=self._corrected("before", otherwise=1 - worst),
            after=self._corrected("after", otherwise=worst),
            groups=self.people.groups,
            clusters=self.people.clusters,
            scale=self.scale(better),
            gaps=self.gaps,
            places=self.people.places,
        )

    @cached_property
    def whole(self) -> bool:
        """Whether every label that is due and there is 0 or 1."""
        return all(
            bool(np.isin(self._arm(one).value[self.known(one)], (0.0, 1.0)).all()) for one in _SIDES
        )

    def _corrected(self, side: Side, *, otherwise: float) -> Numbers:
        labels = np.nan_to_num(self.labels(side, otherwise=otherwise))
        return np.where(self.flagged[side], labels, np.where(self.drawn, labels / self.chance, 0.0))

    def _arm(self, side: Side) -> Arm:
        return self.people.before if side == "before" else self.people.after


def labelled(
    people: Pairs | None, judge: Pairs | None, entry: JudgedMetric, *, seed: int
) -> Labelled | None:
    """People's labels beside what the judge said; ``None`` where there is no row of either.

    Raises:
        ConflictingItemError: An item is in one cluster or slice by the one
            metric, and in another by the other.
    """
    if people is None and judge is None:
        return None
    rows = _union(people, judge)
    said = _aligned(judge, rows)
    names = rows.items.to_pylist()
    numbers = rows.epochs[rows.epoch]
    drawn = np.array(
        [
            needs_label(str(names[item]), int(epoch), seed=seed, chance=entry.labelled)
            for item, epoch in zip(rows.item, numbers, strict=True)
        ],
        dtype=np.bool_,
    )
    arms: Mapping[Side, Arm] = {"before": said[0], "after": said[1]}
    flagged = {
        side: np.asarray((arm.status != SCORED) | (arm.value >= FLAGGED))
        for side, arm in arms.items()
    }
    return Labelled(rows, flagged, drawn, entry.labelled)


def _union(people: Pairs | None, judge: Pairs | None) -> Pairs:
    """Every row of either, with people's labels."""
    given = [one for one in (people, judge) if one is not None]
    model = given[0]
    keys = np.unique(np.concatenate([_keys(one) for one in given]))
    item, epoch = keys // len(model.epochs), keys % len(model.epochs)
    bare = Pairs(
        before=_absent(len(keys)),
        after=_absent(len(keys)),
        cluster=np.full(len(keys), -1, dtype=np.int32),
        tags={},
        item=item,
        items=model.items,
        epoch=epoch,
        epochs=model.epochs,
    )
    places = [_places(bare, one) for one in given]
    columns = list(zip(given, places, strict=True))
    before, after = _aligned(people, bare)
    return replace(
        bare,
        before=before,
        after=after,
        cluster=_agreed(bare, "cluster", [(one.cluster, at) for one, at in columns]),
        tags={
            name: Tag(
                _agreed(bare, f"slice.{name}", [(one.tags[name].codes, at) for one, at in columns]),
                tag.values,
            )
            for name, tag in model.tags.items()
        },
    )


def _keys(pairs: Pairs) -> Whole:
    return pairs.item * len(pairs.epochs) + pairs.epoch


def _places(rows: Pairs, pairs: Pairs) -> Whole:
    """Where each row stands among those of one metric; -1 where it does not."""
    keys, wanted = _keys(pairs), _keys(rows)
    if not len(keys):
        return np.full(len(wanted), -1)
    found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[found] == wanted, found, -1)


def _aligned(pairs: Pairs | None, rows: Pairs) -> tuple[Arm, Arm]:
    """Both arms of one metric, row for row beside these."""
    if pairs is None or not len(pairs):
        return _absent(len(rows)), _absent(len(rows))
    at = _places(rows, pairs)
    return _at(pairs.before, at), _at(pairs.after, at)


def _at(arm: Arm, at: Whole) -> Arm:
    there = at >= 0
    return Arm(
        np.where(there, arm.value[at], np.nan),
        np.where(there, arm.status[at], MISSING).astype(np.int8),
        np.where(there, arm.row[at], 0),
    )


def _absent(n: int) -> Arm:
    return Arm(np.full(n, np.nan), np.full(n, MISSING, dtype=np.int8), np.zeros(n, dtype=np.int64))


def _agreed(rows: Pairs, column: str, given: list[tuple[Codes, Whole]]) -> Codes:
    merged = np.full(len(rows), -1, dtype=np.int32)
    for codes, at in given:
        own = np.where(at >= 0, codes[at], -1).astype(np.int32) if len(codes) else merged
        conflict = (merged >= 0) & (own >= 0) & (own != merged)
        if conflict.any():
            raise ConflictingItemError(rows.name(int(np.argmax(conflict))), column)
        merged = np.where(own >= 0, own, merged)
    return merged
