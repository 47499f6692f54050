"""A trial run by Inspect, block by block: what counts is read back from its closed logs."""

import asyncio
import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.inspect_told import STOPPED, Told, read_told
from interlock.adapters.journal import TrialJournal
from interlock.errors import (
    BadLogError,
    IncompleteRunError,
    NoEngineError,
    TargetDownError,
    TargetError,
)
from interlock.trial import Answer, Ruling, Turn, received, ruled
from interlock.trial.running import (
    Arm,
    Cell,
    Cluster,
    Finished,
    Look,
    Meter,
    Pace,
    Progress,
    StoppedError,
    Table,
    Trial,
    answers_wanted,
    cells_of,
    never,
)

TAKEN = "inspect"
"""The note in a journal of the logs that were read into it, as JSON: digest by name."""

_PACKAGE = "inspect_ai"
_BLOCK = 200


@dataclass(frozen=True, kw_only=True)
class Logs:
    """Where Inspect's logs of a trial go.

    Attributes:
        folder: The folder; nobody else writes there.
        seal: Identity of the seal, which every log must name.
        name: What people call the trial.
    """

    folder: Path
    seal: str
    name: str


def require_inspect() -> None:
    """See that Inspect is installed.

    Raises:
        NoEngineError: It is not.
    """
    if importlib.util.find_spec(_PACKAGE) is None:
        fault = "inspect-ai is not installed; run pip install 'interlock[inspect]'"
        raise NoEngineError("inspect", fault)


async def run_in_inspect(
    trial: Trial,
    journal: TrialJournal,
    *,
    logs: Logs,
    pace: Pace,
    look: Look = never,
    told: Callable[[Progress], None] = lambda _: None,
) -> Finished:
    """Run a trial in Inspect until it is complete, stopped by ``look``, or out of budget.

    Clusters are run in blocks, in the sealed order, each arm of a block as one
    run of Inspect. What its closed log says goes to the journal, and nothing
    else does: a run that was killed is made again, whole or as far as the
    journal lacks it. ``look`` is called for each cluster of a block once all
    arms have run it, so that a stop comes up to a block later than Interlock's
    own engine would stop calling; the rows are those before the stop.

    Raises:
        NoEngineError: Inspect is not installed.
        BadLogError, IncompleteRunError: A log that was closed just now cannot be believed.
        TargetDownError: A system or judge failed too often in a row, or Inspect itself failed
            before a call.
    """
    require_inspect()
    run = _Run(trial, journal, logs=logs, pace=pace, told=told)
    await run.take_in_earlier()
    handed_on = 0
    for block in _blocks(trial):
        for arm in trial.arms:
            await run.play(block, arm)
        for cluster in block:
            if not all(
                run.is_whole(cell) for arm in trial.arms for cell in run.cells(cluster, arm)
            ):
                return Finished(finish="budget", clusters=handed_on)
            handed_on += 1
            if await look(handed_on):
                return Finished(finish="stopped", clusters=handed_on)
    return Finished(finish="complete", clusters=handed_on)


def _blocks(trial: Trial) -> Iterator[Sequence[Cluster]]:
    """Clusters, so many together that a run of Inspect is worth its start."""
    block: list[Cluster] = []
    for cluster in trial.clusters:
        block.append(cluster)
        if sum(map(len, block)) * trial.epochs >= _BLOCK:
            yield block
            block = []
    if block:
        yield block


class _Run:
    """One session: runs of Inspect, and what their logs bring."""

    def __init__(
        self,
        trial: Trial,
        journal: TrialJournal,
        *,
        logs: Logs,
        pace: Pace,
        told: Callable[[Progress], None],
    ) -> None:
        known = journal.totals()
        meter = Meter(
            budget=pace.budget,
            calls=known.calls,
            tokens=known.tokens,
            patience=max(5, 2 * pace.concurrency),
        )
        self._trial, self._journal, self._logs, self._pace = trial, journal, logs, pace
        self._desk = _Desk(Table(journal=journal, judges=trial.judges, meter=meter), trial, told)

    def cells(self, cluster: Cluster, arm: Arm) -> Iterator[Cell]:
        return cells_of(cluster, arm, epochs=self._trial.epochs)

    def is_whole(self, cell: Cell) -> bool:
        """Whether a cell has come to its end, with an answer or with a failure."""
        calls = (cell.call(number) for number in range(len(answers_wanted(cell.case))))
        known = [self._journal.outcome(call) for call in calls]
        return any(one is not None and one.ref is None for one in known) or None not in known

    async def play(self, block: Sequence[Cluster], arm: Arm) -> None:
        """Run what the journal lacks of a block on one arm, and read the log back."""
        items = {
            cell.sealed.item
            for cluster in block
            for cell in self.cells(cluster, arm)
            if self._desk.lacks(cell)
        }
        cells = [
            cell
            for cluster in block
            for cell in self.cells(cluster, arm)
            if cell.sealed.item in items
        ]
        if not cells or self._desk.table.meter.spent:
            return
        told = await self._take_in(await self._gone(cells, arm), arm)
        if self._desk.down is not None:
            raise self._desk.down
        by_key = {(cell.sealed.item, cell.epoch): cell for cell in cells}
        lost = [
            one.failure
            for one in told
            if one.failure and not one.stopped and not self.is_whole(by_key[one.item, one.epoch])
        ]
        if lost:
            raise TargetDownError("inspect", len(lost), lost[0])

    async def take_in_earlier(self) -> None:
        """Read logs that were closed in a session which ended before it could read them.

        One that was never closed tells nothing that could be believed; its
        samples are run again.
        """
        for arm in self._trial.arms:
            for path in sorted(self._folder(arm).glob("*.eval")):
                if self._name(path, arm) not in self._taken():
                    try:
                        await self._take_in(path, arm)
                    except (BadLogError, IncompleteRunError):
                        continue

    async def _gone(self, cells: Sequence[Cell], arm: Arm) -> Path:
        # Imported here, since Inspect is an extra that few have.
        from interlock.adapters.inspect_bridge import Errand, go  # noqa: PLC0415

        folder = self._folder(arm)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        errand = Errand(
            arm=arm,
            cells=cells,
            metrics=tuple(sorted(self._trial.judges)),
            epochs=self._trial.epochs,
            seal=self._logs.seal,
            name=self._logs.name,
            folder=folder,
            at_once=self._pace.concurrency,
        )
        try:
            log = await asyncio.to_thread(go, errand, self._desk, asyncio.get_running_loop())
        except asyncio.CancelledError:
            self._desk.table.meter.halted = True
            raise
        return Path(log.location.removeprefix("file://"))

    async def _take_in(self, path: Path, arm: Arm) -> tuple[Told, ...]:
        found = read_told(path, seal=self._logs.seal, metrics=self._trial.judges)
        cells = {
            (cell.sealed.item, cell.epoch): cell
            for cluster in self._trial.clusters
            for cell in self.cells(cluster, arm)
        }
        writes = [
            self._keep(cells[one.item, one.epoch], one)
            for one in found
            if (one.item, one.epoch) in cells
        ]
        await asyncio.gather(*writes)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        taken = self._taken() | {self._name(path, arm): digest}
        self._journal.write_note(TAKEN, json.dumps(taken))
        return found

    async def _keep(self, cell: Cell, told: Told) -> None:
        for number, answer in enumerate(told.answers):
            known = self._journal.outcome(cell.call(number))
            if known is None or known.ref is None:
                await self._journal.keep(cell.call(number), answer)
        if told.failure and not told.stopped:
            failed = cell.call(len(told.answers))
            known = self._journal.outcome(failed)
            if known is None or known.ref is None:
                await self._journal.fail(failed, told.failure)
        for metric, ruling in told.rulings.items():
            name = cell.ruling(metric, self._trial.judges[metric].identity)
            if self._journal.ruling(name) is None:
                await self._journal.rule(name, ruling)

    def _taken(self) -> dict[str, str]:
        noted = self._journal.note(TAKEN)
        return dict(json.loads(noted)) if noted else {}

    def _folder(self, arm: Arm) -> Path:
        return self._logs.folder / arm.system

    def _name(self, path: Path, arm: Arm) -> str:
        return f"{arm.system}/{path.name}"


class _Desk:
    """Calls and rulings asked for by a run of Inspect, each once."""

    def __init__(self, table: Table, trial: Trial, told: Callable[[Progress], None]) -> None:
        self.table = table
        self.down: TargetDownError | None = None
        self._told, self._ended, self._all_cells = told, 0, trial.cells

    def lacks(self, cell: Cell) -> bool:
        """Whether an answer of a cell, or a ruling on it, is not in the journal."""
        journal, judges = self.table.journal, self.table.judges
        last = journal.outcome(cell.call(len(answers_wanted(cell.case)) - 1))
        return (
            last is None
            or last.ref is None
            or any(
                journal.ruling(cell.ruling(metric, judges[metric].identity)) is None
                for metric in cell.sealed.metrics
                if metric in judges
            )
        )

    async def call(self, cell: Cell, number: int, said: Sequence[Turn]) -> Answer:
        """The answer that the journal has, or else a new one."""
        journal, meter = self.table.journal, self.table.meter
        known = journal.outcome(cell.call(number))
        if known is not None and known.ref is not None:
            text = journal.text(known.ref)
            if text is None:
                raise StoppedError(f"{STOPPED}: the answer was erased")
            return Answer(text=text, tokens_out=known.tokens_out, latency_ms=known.latency_ms)
        try:
            meter.take()
        except StoppedError:
            raise StoppedError(STOPPED) from None
        await journal.begin(cell.call(number))
        try:
            answer = await received(cell.arm.target, cell.request(said), name=cell.arm.name)
        except TargetError as error:
            self._failed(cell.arm.name, error)
            self._tell()
            raise
        meter.answered(cell.arm.name, answer)
        if number == len(answers_wanted(cell.case)) - 1:
            self._tell()
        return answer

    async def ruling(self, cell: Cell, metric: str, said: Sequence[Turn]) -> Ruling | None:
        """The ruling that the journal has, or else a new one; None where there is none to have."""
        judge, meter = self.table.judges[metric], self.table.meter
        known = self.table.journal.ruling(cell.ruling(metric, judge.identity))
        if known is not None or meter.halted:
            return known
        try:
            ruling = await ruled(judge, cell.case, said)
        except TargetError as error:
            self._failed(judge.identity, error)
            return None
        meter.answered(judge.identity)
        return ruling

    def _failed(self, name: str, error: TargetError) -> None:
        try:
            self.table.meter.failed(name, error)
        except TargetDownError as down:
            # Raised once the log is closed and read: what was answered in it is paid for.
            self.down = down

    def _tell(self) -> None:
        self._ended += 1
        meter = self.table.meter
        self._told(
            Progress(
                cells=min(self._ended, self._all_cells),
                of=self._all_cells,
                calls=meter.calls,
                tokens=meter.tokens,
            )
        )
