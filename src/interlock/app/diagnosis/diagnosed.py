"""The rows of a file of observations that a diagnosis asks for, metric by metric."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from interlock.adapters.tables import read_observations
from interlock.errors import BadTableError

_COLUMNS = ("item", "cluster", "epoch", "metric", "value", "slices", "completion_ref")

Key = tuple[str, int]
"""An item and its epoch."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One scored observation.

    Attributes:
        cluster: The unit of independence.
        value: In the metric's unit.
        slices: Its slices.
        completion: A name for the text answered, the same for the same text; empty for none.
    """

    cluster: str
    value: float
    slices: dict[str, str]
    completion: str


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One metric of one file.

    Attributes:
        rows: Its scored rows by item and epoch, in the order of the file.
        left_out: Rows without a value.
    """

    rows: dict[Key, Row]
    left_out: int


class _Apart:
    """Names texts by their digest and keeps none of them."""

    def put(self, texts: Sequence[str | None]) -> list[str | None]:
        return [one if one is None else hashlib.sha256(one.encode()).hexdigest() for one in texts]


class Observed:
    """A file of observations, read once.

    Args:
        path: The file.

    Raises:
        BadTableError: The file is no table of observations.
        BadRowError: A row is refused; the error names file and row.
    """

    def __init__(self, path: Path) -> None:
        self.file = str(path)
        batches = [batch.select(_COLUMNS) for batch in read_observations(path, texts=_Apart())]
        self._rows: list[dict[str, Any]] = pa.Table.from_batches(batches).to_pylist()

    def metric(self, name: str | None) -> tuple[str, Measured]:
        """A metric's rows; where none is named, those of the only one.

        Raises:
            BadTableError: There is no such metric or no value of it, or none was named and there
                are several.
        """
        known = sorted({str(row["metric"]) for row in self._rows})
        if name is None and len(known) > 1:
            reason = f"it holds the metrics {', '.join(known)}; say which one is meant"
            raise BadTableError(self.file, reason)
        chosen = known[0] if name is None else name
        if chosen not in known:
            reason = f"no row has the metric {chosen}; it holds {', '.join(known)}"
            raise BadTableError(self.file, reason)
        found = [row for row in self._rows if row["metric"] == chosen]
        rows = {(row["item"], row["epoch"]): _row(row) for row in found if row["value"] is not None}
        if not rows:
            reason = f"no row of {chosen} has a value; no data is no result"
            raise BadTableError(self.file, reason)
        return chosen, Measured(rows=rows, left_out=len(found) - len(rows))

    def pairs(self, first: str, second: str) -> tuple[list[tuple[Row, Row]], int]:
        """Rows of two metrics on the same item and epoch, and how many rows found no partner.

        Raises:
            BadTableError: A metric is absent, or no item has both.
        """
        one, other = self.metric(first)[1], self.metric(second)[1]
        both = [key for key in one.rows if key in other.rows]
        if not both:
            reason = f"no item has a value of both {first} and {second} at the same epoch"
            raise BadTableError(self.file, reason)
        alone = len(one.rows) + len(other.rows) - 2 * len(both)
        pairs = [(one.rows[key], other.rows[key]) for key in both]
        return pairs, alone + one.left_out + other.left_out


def _row(row: dict[str, Any]) -> Row:
    return Row(
        cluster=row["cluster"],
        value=row["value"],
        slices=dict(row["slices"]),
        completion=row["completion_ref"] or "",
    )
