"""Files in which a judge's labels stand beside people's: any table, its columns named."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from interlock.adapters.table_csv import csv_batches
from interlock.errors import BadRowError, BadTableError
from interlock.trial.judges import JudgedLabels

_WORDS = {
    "yes": ("1", "1.0", "yes", "true", "y"),
    "no": ("0", "0.0", "no", "false", "n"),
}
_PLAIN = {word: meant for meant, words in _WORDS.items() for word in words}
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class LabelColumns:
    """Which column says what.

    Attributes:
        judge: The judge's label; empty or foreign cells are unreadable.
        human: People's label; rows without one are counted and left out.
        arm: The arm or group; empty for none.
        cluster: The unit of independence; empty where each row is its own.
        chance: The chance of the event that the judge gave; empty for none.
        yes: Labels that mean that the event happened; 1, yes and true where none is named.
    """

    judge: str
    human: str
    arm: str = ""
    cluster: str = ""
    chance: str = ""
    yes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LabelTable:
    """What a file of labels holds.

    Attributes:
        rows: Rows with a person's label.
        digest: SHA-256 of the file, hex.
        unlabelled: What the judge said of the rows without a person's label, by arm.
    """

    rows: JudgedLabels
    digest: str
    unlabelled: tuple[tuple[str, str | None], ...]


def read_labels(path: Path, columns: LabelColumns) -> LabelTable:
    """The labels of a file.

    A judge's label that no person ever gave and that is no yes cannot be read:
    it is neither yes nor no.

    Args:
        path: CSV, or JSON lines (``.jsonl``, ``.ndjson``), with any columns besides.
        columns: Which column says what.

    Raises:
        BadTableError: The file is no such table, or lacks a column.
        BadRowError: A chance is no number in [0, 1], an arm or cluster is empty, or, where no yes
            is named, a person's label is neither 1 nor 0, yes nor no, true nor false.
    """
    rows = list(_rows(path))
    if not rows:
        raise BadTableError(str(path), "it holds no rows; no data is no result")
    reader = _Reader(str(path), columns)
    for name in reader.named:
        if not any(name in row for row in rows):
            known = ", ".join(sorted(rows[0])[:20])
            fault = (
                f"it has no column {name!r}; it has {known} (and no comment lines may stand above)"
            )
            raise BadTableError(str(path), fault)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, hashlib.sha256).hexdigest()
    return reader.table(rows, digest)


@dataclass(frozen=True)
class _Reader:
    file: str
    columns: LabelColumns

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that must be there."""
        told = self.columns
        wanted = (told.judge, told.human, told.arm, told.cluster, told.chance)
        return tuple(name for name in wanted if name)

    def table(self, rows: list[Mapping[str, str]], digest: str) -> LabelTable:
        """The rows with a person's label, and what the judge said of the others."""
        told = self.columns
        human = [self._human(row, k) for k, row in enumerate(rows, start=1)]
        known = {*told.yes, *(one for one in human if one)} | (set() if told.yes else {"yes", "no"})
        judge = [self._judged(row, known) for row in rows]
        kept = [k for k, label in enumerate(human) if label is not None]
        arms = [self._given(row, k, told.arm) for k, row in enumerate(rows, start=1)]
        labels = JudgedLabels(
            human=[human[k] or "" for k in kept],
            judge=[judge[k] for k in kept],
            yes=frozenset(told.yes or ("yes",)),
            groups=[arms[k] for k in kept] if told.arm else (),
            clusters=[self._given(rows[k], k + 1, told.cluster) for k in kept]
            if told.cluster
            else (),
            chances=[self._chance(rows[k], k + 1) for k in kept] if told.chance else (),
        )
        others = ((arms[k], judge[k]) for k, label in enumerate(human) if label is None)
        return LabelTable(rows=labels, digest=digest, unlabelled=tuple(others))

    def _human(self, row: Mapping[str, str], number: int) -> str | None:
        label = row.get(self.columns.human, "").strip()
        if not label:
            return None
        if self.columns.yes:
            return label
        if label.lower() not in _PLAIN:
            fault = f"{label[:40]!r} is neither 1 nor 0; say with --yes which labels mean yes"
            raise BadRowError(self.file, number, self.columns.human, fault)
        return _PLAIN[label.lower()]

    def _judged(self, row: Mapping[str, str], known: set[str]) -> str | None:
        label = row.get(self.columns.judge, "").strip()
        said = label if self.columns.yes else _PLAIN.get(label.lower(), "")
        return said if said in known else None

    def _given(self, row: Mapping[str, str], number: int, column: str) -> str:
        value = row.get(column, "").strip() if column else ""
        if column and not value:
            raise BadRowError(self.file, number, column, "is empty; every row needs one")
        return value

    def _chance(self, row: Mapping[str, str], number: int) -> float | None:
        told = row.get(self.columns.chance, "").strip()
        if not told:
            return None
        try:
            chance = float(told)
        except ValueError:
            chance = math.nan
        if not 0 <= chance <= 1:
            fault = f"{told[:40]!r} is no chance; write a number from 0 to 1, or leave it empty"
            raise BadRowError(self.file, number, self.columns.chance, fault)
        return chance


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    file, suffix = str(path), path.suffix.lower()
    if not path.is_file():
        raise BadTableError(file, "there is no such file; check the path")
    if suffix in {".jsonl", ".ndjson"}:
        yield from _lines(path)
    elif suffix == ".csv":
        cells = (row for batch in csv_batches(path) for row in batch.to_pylist())
        for number, row in enumerate(cells, start=1):
            yield _decoded(file, number, row)
    else:
        raise BadTableError(file, "its name must end in .csv, .jsonl or .ndjson to say what it is")


def _decoded(file: str, number: int, row: Mapping[str, bytes | None]) -> Mapping[str, str]:
    try:
        return {name: (cell or b"").decode() for name, cell in row.items()}
    except UnicodeDecodeError as error:
        raise BadRowError(file, number, "", "is no UTF-8 text; save the file as UTF-8") from error


def _lines(path: Path) -> Iterator[Mapping[str, str]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if len(line) > _LONGEST_LINE:
                raise BadTableError(str(path), f"line {number} is over 1 MiB; this is no table")
            if line.strip():
                yield _object(str(path), number, line)


def _object(file: str, number: int, line: bytes) -> Mapping[str, str]:
    try:
        found = json.loads(line.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRowError(file, number, "", f"it is no strict JSON ({error})") from error
    if not isinstance(found, dict):
        raise BadRowError(file, number, "", "it is no object; write one object a line")
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
