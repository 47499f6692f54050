"""JSON lines as batches: one object a line, each key once, nothing guessed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from interlock.errors import BadRowError, BadTableError

LONGEST_LINE = 1 << 20
_MOST_ROWS = 1 << 16
_MOST_BYTES = 16 << 20
_MOST_DIGITS = 18
_NUMBERS = ("value", "epoch", "tokens_out", "latency_ms")


def jsonl_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Read one JSON object a line; text columns as text, numeric ones as numbers.

    A key that a row leaves out is null there. Blank lines are no rows.

    Raises:
        BadTableError: A line is over 1 MiB.
        BadRowError: A line is no JSON object, names a key twice, or holds a
            value that is neither text, number nor null where its column has one.
    """
    pile = _Pile(file=str(path))
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise BadTableError(str(path), f"line {number} is over 1 MiB; this is no table")
            if not line.strip():
                continue
            pile.add(line)
            if pile.full:
                yield pile.batch()
    if pile.rows:
        yield pile.batch()


@dataclass
class _Pile:
    """Rows read and not yet handed on, column by column."""

    file: str
    first: int = 1
    rows: int = 0
    size: int = 0
    columns: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return self.rows >= _MOST_ROWS or self.size >= _MOST_BYTES

    def add(self, line: bytes) -> None:
        try:
            found = _parsed(line)
        except (ValueError, RecursionError) as error:
            cut = "" if line.endswith(b"\n") else "; the file may be cut off"
            raise self._refuse(self.rows, "", f"it is no strict JSON ({error}){cut}") from error
        if not isinstance(found, dict):
            raise self._refuse(self.rows, "", 'it is no object; write {"item": ..., "metric": ...}')
        for name in found:
            if name not in self.columns:
                self.columns[name] = [None] * self.rows
        for name, cells in self.columns.items():
            cells.append(found.get(name))
        self.rows, self.size = self.rows + 1, self.size + len(line)

    def batch(self) -> pa.RecordBatch:
        """The rows so far as a batch; the columns stay known."""
        made = {name: self._array(name, cells) for name, cells in self.columns.items()}
        self.first, self.rows, self.size = self.first + self.rows, 0, 0
        self.columns = {name: [] for name in self.columns}
        return pa.RecordBatch.from_pydict(made)

    def _array(self, name: str, cells: list[Any]) -> "pa.Array[Any]":
        """One column, typed by its name."""
        number = name in _NUMBERS
        allowed, what = ((int, float), "number") if number else ((str, int), "text")
        if not set(map(type, cells)) <= {*allowed, type(None)}:
            k = next(k for k, one in enumerate(cells) if type(one) not in {*allowed, type(None)})
            raise self._refuse(k, name, f"{_told(cells[k])} is no {what}; write it as {what}")
        kind = float if number else str
        made = [one if one is None else kind(one) for one in cells]
        return pa.array(made, pa.float64() if number else pa.string())

    def _refuse(self, k: int, column: str, reason: str) -> BadRowError:
        return BadRowError(self.file, self.first + k, column, reason)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"an integer has more than {_MOST_DIGITS} digits")
    return int(text)


_STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole)


def _parsed(line: bytes) -> object:
    found: object = _STRICT.decode(line.decode())
    if b"\\u" in line:
        # Half a surrogate pair can be written as an escape, but never as UTF-8.
        json.dumps(found, ensure_ascii=False).encode()
    return found


def _told(value: object) -> str:
    shown = json.dumps(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
