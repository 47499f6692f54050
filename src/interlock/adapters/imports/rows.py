"""Rows of another tool's file, piled up and handed on in batches."""

from typing import Any, NamedTuple

import pyarrow as pa

from interlock.adapters.imports.source import Source

_MOST_ROWS = 1 << 13
_MOST_TEXT = 16 << 20


class Row(NamedTuple):
    """What one score of one answer becomes.

    Attributes:
        item: What was asked, by a name that is the same in every run.
        metric: The score's name in the file.
        value: The score; None where there is none.
        cluster: What the row depends on.
        epoch: The repeat, from 0.
        failed: Whether there was no answer to score.
        judge: Who scored.
        slices: A value for each slice asked for.
        prompt: What was asked, in words.
        completion: What came back.
        tokens_out: Tokens of the answer.
        latency_ms: Milliseconds to it.
    """

    item: str
    metric: str
    value: float | None
    cluster: str
    epoch: int = 0
    failed: bool = False
    judge: str | None = None
    slices: tuple[str | None, ...] = ()
    prompt: str | None = None
    completion: str | None = None
    tokens_out: int | None = None
    latency_ms: float | None = None


_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("item", pa.string()),
    ("metric", pa.string()),
    ("value", pa.float64()),
    ("cluster", pa.string()),
    ("epoch", pa.int32()),
    ("status", pa.string()),
    ("judge", pa.string()),
    ("prompt", pa.string()),
    ("completion", pa.string()),
    ("tokens_out", pa.int64()),
    ("latency_ms", pa.float64()),
)


class Pile:
    """Rows made and not yet handed on."""

    def __init__(self, source: Source, **same: str) -> None:
        """Begin a pile.

        Args:
            source: The file they are of.
            same: What all rows have in common: ``run``, ``system``, ``suite``; empty where unknown.
        """
        tool, digest = source.account.tool, source.account.source
        self.same = {**same, "source": f"{tool} sha256:{digest}" if digest else tool}
        self._reading = source.reading
        self._rows: list[tuple[Any, ...]] = []
        self._text = 0

    @property
    def full(self) -> bool:
        """Whether they are enough for a batch, by their number or their texts."""
        return len(self._rows) >= _MOST_ROWS or self._text >= _MOST_TEXT

    def __len__(self) -> int:
        """How many rows wait."""
        return len(self._rows)

    def add(self, row: Row) -> None:
        """Pile up a row; one that failed keeps no value."""
        status = "error" if row.failed else "unscored" if row.value is None else "scored"
        self._rows.append(
            (
                row.item,
                self._reading.metric(row.metric),
                None if row.failed else row.value,
                row.cluster,
                row.epoch,
                status,
                row.judge,
                row.prompt,
                row.completion,
                row.tokens_out,
                row.latency_ms,
                *(row.slices or (None,) * len(self._reading.slices)),
            )
        )
        self._text += len(row.prompt or "") + len(row.completion or "")

    def batch(self) -> pa.RecordBatch:
        """The rows so far as a batch."""
        columns = list(zip(*self._rows, strict=True))
        made = {
            name: pa.array(column, kind)
            for (name, kind), column in zip(_COLUMNS, columns, strict=False)
        }
        for path, column in zip(self._reading.slices, columns[len(_COLUMNS) :], strict=True):
            made[f"slice.{path}"] = pa.array(column, pa.string())
        indices = pa.array([0] * len(self._rows), pa.int32())
        for name, text in self.same.items():
            if text:
                made[name] = pa.DictionaryArray.from_arrays(indices, pa.array([text]))
        self._rows, self._text = [], 0
        return pa.RecordBatch.from_pydict(made)
