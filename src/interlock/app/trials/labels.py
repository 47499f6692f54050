"""People's labels in a trial: which answers are due, which are in, and which are still open."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from interlock.adapters.labels import LabelStore
from interlock.app.judging.scales import scale_of
from interlock.app.workspace import Workspace
from interlock.charter import Hypothesis, JudgedMetric, judged_of
from interlock.gate import FLAGGED, needs_label
from interlock.trial import TrialProtocol, judge_kind
from interlock.trial.judges import LabelTask
from interlock.trial.running import (
    Arm,
    Cell,
    Cluster,
    Journal,
    Label,
    answers_wanted,
    cells_of,
    sent_files,
    transcript,
)


@dataclass(frozen=True, kw_only=True)
class People:
    """What people have to say of one trial.

    Attributes:
        seal: Statement identity of the seal.
        hypothesis: What is claimed.
        protocol: Who scores each metric.
        seed: Where everything random under the seal starts from.
        journal: Remembers answers and rulings.
        store: The labelling queue.
    """

    seal: str
    hypothesis: Hypothesis
    protocol: TrialProtocol
    seed: int
    journal: Journal
    store: LabelStore

    @cached_property
    def metrics(self) -> frozenset[str]:
        """The metrics that people score."""
        return frozenset(
            one.metric for one in self.protocol.judges if judge_kind(one.judge) == "human"
        )

    @cached_property
    def given(self) -> Mapping[tuple[str, str, int, str], Label]:
        """Settled labels, by system, item, epoch and metric."""
        return {
            (row.system, row.item, row.epoch, row.metric): Label(
                value=row.value, rater=", ".join(row.raters)
            )
            for row in (self.store.labels_of(self.seal) if self.metrics else ())
            if row.value is not None
        }

    def label(self, cell: Cell, metric: str) -> Label | None:
        """What people came to on a cell's answer; None where they have not."""
        return self.given.get((cell.arm.system, cell.sealed.item, cell.epoch, metric))

    def due(self, cell: Cell) -> Iterator[str]:
        """The metrics on which people have to label a cell's answer.

        All of what a judge flagged or could not score, and of the rest what the
        seal's own chance draws; without a judge beside them, everything. A call
        that failed has no answer to label.
        """
        last = len(answers_wanted(cell.case)) - 1
        outcome = self.journal.outcome(cell.call(last))
        if outcome is None or outcome.ref is None:
            return
        partly = {one.metric: one for one in judged_of(self.hypothesis)}
        for metric in cell.sealed.metrics:
            if metric not in self.metrics:
                continue
            judged = partly.get(metric)
            if judged is None or self._flagged(cell, judged.by) or self._drawn(cell, judged):
                yield metric

    def open(self, clusters: Iterable[Cluster], arm: Arm) -> Iterator[tuple[Cell, str]]:
        """Labels of an arm that are due and not in."""
        if not self.metrics:
            return
        for cluster in clusters:
            for cell in cells_of(cluster, arm, epochs=self.protocol.epochs):
                for metric in self.due(cell):
                    if self.label(cell, metric) is None:
                        yield cell, metric

    def _drawn(self, cell: Cell, judged: JudgedMetric) -> bool:
        chance = judged.labelled
        return needs_label(cell.sealed.item, cell.epoch, seed=self.seed, chance=chance)

    def _flagged(self, cell: Cell, by: str) -> bool:
        ruling = self.journal.ruling(cell.ruling(by, self.protocol.judge(by)))
        return ruling is None or ruling.value is None or ruling.value >= FLAGGED


def enqueue(work: Workspace, people: People, wanted: Iterable[tuple[Cell, str]]) -> int:
    """Put answers in the labelling queue; returns how many of them are there, new or not."""
    listed = list(wanted)
    said = [conversation(cell, people.journal) for cell, _ in listed]
    intents = [cell.case.intent or None for cell, _ in listed]
    prompts, meant = work.texts.put(said), work.texts.put(intents)
    people.store.enqueue(
        [
            LabelTask(
                seal=people.seal,
                system=cell.arm.system,
                item=cell.sealed.item,
                epoch=cell.epoch,
                metric=metric,
                prompt_ref=prompts[k] or "",
                completion_ref=_answered(cell, people.journal),
                intent_ref=meant[k] or "",
            )
            for k, (cell, metric) in enumerate(listed)
        ],
        scales={
            (people.seal, metric): scale_of(work, people.seal, metric)
            for metric in {name for _, name in listed}
        },
    )
    return len(listed)


def conversation(cell: Cell, journal: Journal) -> str:
    """What was said before a cell's last answer, the system's earlier answers among it."""
    wanted = answers_wanted(cell.case)
    if len(wanted) == 1:
        return transcript(cell.case)
    parts = sent_files(cell.case)
    for place, turn in enumerate(cell.case.turns):
        parts.append(f"[{turn.speaker}]\n{turn.text}")
        if place in wanted[:-1]:
            outcome = journal.outcome(cell.call(wanted.index(place)))
            text = journal.text(outcome.ref) if outcome and outcome.ref else None
            parts.append(f"[assistant]\n{text if text is not None else '(erased)'}")
    return "\n\n".join(parts)


def _answered(cell: Cell, journal: Journal) -> str:
    last = len(answers_wanted(cell.case)) - 1
    outcome = journal.outcome(cell.call(last))
    return (outcome.ref if outcome else "") or ""
