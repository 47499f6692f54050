"""Rows of an Inspect log, piled up and handed on in batches."""

import re
from typing import Any

import pyarrow as pa

from interlock.adapters.inspect_header import SELF_GRADERS, Header
from interlock.adapters.inspect_sample import Sample, Scored
from interlock.trial import Reading

_MOST_ROWS = 1 << 13
_MOST_TEXT = 16 << 20
_UNFIT = re.compile(r"[\s#]+")
_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("item", pa.string()),
    ("metric", pa.string()),
    ("value", pa.float64()),
    ("status", pa.string()),
    ("epoch", pa.int32()),
    ("cluster", pa.string()),
    ("judge", pa.string()),
    ("prompt", pa.string()),
    ("completion", pa.string()),
    ("tokens_out", pa.int64()),
    ("latency_ms", pa.float64()),
)

_COMPARING = frozenset({"answer", "choice", "exact", "f1", "includes", "match", "math", "pattern"})


def judge_of(scorer: str) -> str:
    """Who a scorer is to the gate, by its name.

    Inspect's own that hold an answer against the sample's target are exact,
    those graded by a model are models; every other one follows some rule, and
    what it misses nobody knows.

    Source:
        Inspect 0.3.285, ``inspect_ai.scorer``.
    """
    name = scorer.rpartition("/")[2]
    kind = "exact" if name in _COMPARING else "rule"
    return f"{'model' if name in SELF_GRADERS else kind}:inspect/{_UNFIT.sub('-', scorer)}"


class Pile:
    """Rows made and not yet handed on."""

    def __init__(self, header: Header, reading: Reading, source: str) -> None:
        self._same = {
            "run": header.run,
            "system": header.model,
            "suite": header.task,
            "source": f"inspect sha256:{source}" if source else "inspect",
        }
        self._reading = reading
        self._rows: list[tuple[Any, ...]] = []
        self._text = 0

    @property
    def rows(self) -> int:
        """How many rows wait."""
        return len(self._rows)

    @property
    def full(self) -> bool:
        """Whether they are enough for a batch, by their number or their texts."""
        return len(self._rows) >= _MOST_ROWS or self._text >= _MOST_TEXT

    def add(self, sample: Sample, score: Scored) -> None:
        """Pile up the row of one score of a sample; a sample that failed keeps no value."""
        failed = sample.failed
        self._rows.append(
            (
                sample.item,
                self._reading.metric(score.name),
                None if failed else score.value,
                "error" if failed else "unscored" if score.value is None else "scored",
                sample.epoch,
                sample.cluster,
                judge_of(score.scorer),
                sample.prompt,
                sample.completion,
                sample.tokens_out,
                sample.latency_ms,
                *sample.slices,
            )
        )
        self._text += len(sample.prompt or "") + len(sample.completion or "")

    def batch(self) -> pa.RecordBatch:
        """The rows so far as a batch."""
        columns = list(zip(*self._rows, strict=True))
        made = {
            name: pa.array(column, kind)
            for (name, kind), column in zip(_COLUMNS, columns, strict=False)
        }
        slices = columns[len(_COLUMNS) :]
        for path, column in zip(self._reading.slices, slices, strict=True):
            made[f"slice.{path}"] = pa.array(column, pa.string())
        indices = pa.array([0] * len(self._rows), pa.int32())
        for name, text in self._same.items():
            if text:
                made[name] = pa.DictionaryArray.from_arrays(indices, pa.array([text]))
        self._rows, self._text = [], 0
        return pa.RecordBatch.from_pydict(made)
