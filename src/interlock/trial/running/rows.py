"""Rows: what the journal remembers of cells, as observations of one system."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from interlock.trial.case import Case
from interlock.trial.intake import Intake, Texts
from interlock.trial.protocol import TrialProtocol, judge_kind
from interlock.trial.running.arms import Arm, Cell, Cluster, answers_wanted, cells_of
from interlock.trial.running.journal import Journal, Outcome

_BATCH = 2_000
_LOST = Outcome(ref=None, tokens_out=None, latency_ms=None, failure="it was never answered")
_COLUMNS: dict[str, pa.DataType] = {
    "run": pa.string(),
    "system": pa.string(),
    "suite": pa.string(),
    "item": pa.string(),
    "cluster": pa.string(),
    "epoch": pa.int64(),
    "metric": pa.string(),
    "value": pa.float64(),
    "status": pa.string(),
    "slices": pa.map_(pa.string(), pa.string()),
    "prompt": pa.string(),
    "completion_ref": pa.string(),
    "attachment_ref": pa.string(),
    "judge": pa.string(),
    "rater": pa.string(),
    "tokens_out": pa.int64(),
    "latency_ms": pa.float64(),
}


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a person said of one answer.

    Attributes:
        value: In the metric's unit; None where they could not tell.
        rater: Who said it.
    """

    value: float | None
    rater: str


Labels = Callable[[Cell, str], Label | None]
"""What a person said of a cell's answer on a metric; None where nobody did."""


def nobody(cell: Cell, metric: str) -> Label | None:
    """No person has said anything."""
    del cell, metric
    return None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """How cells become rows.

    Attributes:
        run: What people call the trial.
        journal: Remembers what came of every cell.
        protocol: Who scores each metric.
        labels: What people said.
    """

    run: str
    journal: Journal
    protocol: TrialProtocol
    labels: Labels = nobody

    def table(self, clusters: Iterable[Cluster], arm: Arm) -> pa.Table:
        """The rows of whole clusters on one arm, without texts, to be judged at a look."""
        return pa.Table.from_batches(list(self.batches(clusters, arm, texts=None)))

    def batches(
        self, clusters: Iterable[Cluster], arm: Arm, *, texts: Texts | None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of whole clusters on one arm, as observations, in the sealed order.

        One row for each metric of each cell. A call without an answer is an
        error on every metric; an answer that nobody could or did score is unscored.

        Args:
            clusters: Clusters in the sealed order.
            arm: The system.
            texts: Where prompts go; without it, rows have no reference to one.

        Raises:
            BadTableError: There is no cluster.
            DuplicateRowError: A case stands twice.
        """
        intake = Intake(f"the trial {self.run}", texts=texts)
        epochs = self.protocol.epochs
        cells = (cell for cluster in clusters for cell in cells_of(cluster, arm, epochs=epochs))
        while some := list(islice(cells, _BATCH)):
            yield intake.admit(self._batch(some))
        intake.close()

    def _batch(self, cells: Sequence[Cell]) -> pa.RecordBatch:
        rows = [row for cell in cells for row in self.rows(cell)]
        columns = {
            name: pa.array([row[name] for row in rows], kind) for name, kind in _COLUMNS.items()
        }
        return pa.RecordBatch.from_pydict(columns)

    def rows(self, cell: Cell) -> Iterator[dict[str, Any]]:
        """A row for each metric of a cell: columns of `OBSERVATION_SCHEMA`, and the prompt."""
        last = len(answers_wanted(cell.case)) - 1
        outcome = self.journal.outcome(cell.call(last)) or _LOST
        shared = {
            "run": self.run,
            "system": cell.arm.name,
            "suite": cell.case.slice("category") or None,
            "item": cell.sealed.item,
            "cluster": cell.sealed.cluster,
            "epoch": cell.epoch,
            "slices": [(one.slice, one.value) for one in cell.case.slices],
            "prompt": transcript(cell.case),
            "completion_ref": outcome.ref,
            "attachment_ref": _attached(cell.case),
            "tokens_out": outcome.tokens_out,
            "latency_ms": outcome.latency_ms,
        }
        for metric in cell.sealed.metrics:
            yield shared | self._scored(cell, metric, outcome)

    def _scored(self, cell: Cell, metric: str, outcome: Outcome) -> dict[str, Any]:
        judge = self.protocol.judge(metric)
        value, rater = None, None
        if judge_kind(judge) == "human":
            label = self.labels(cell, metric)
            value, rater = (label.value, label.rater) if label else (None, None)
        elif (ruling := self.journal.ruling(cell.ruling(metric, judge))) is not None:
            value = ruling.value
        status = "unscored" if value is None else "scored"
        if outcome.ref is None:
            value, status = None, "error"
        return {"metric": metric, "value": value, "status": status, "judge": judge, "rater": rater}


def transcript(case: Case) -> str:
    """What is sent of a case, as people read it: one turn as it stands, several by speaker.

    Files come first, each on a line with its digest.
    """
    said = "\n\n".join(f"[{turn.speaker}]\n{turn.text}" for turn in case.turns)
    if len(case.turns) == 1:
        said = case.turns[0].text
    return "\n\n".join([*sent_files(case), said])


def sent_files(case: Case) -> list[str]:
    """The files that a case sends, as people read of them."""
    return [
        f"[file {one.digest}, {one.media_type}, {one.width} x {one.height}]"
        for one in case.attachments
    ]


def _attached(case: Case) -> str | None:
    return " ".join(one.digest for one in case.attachments) or None
