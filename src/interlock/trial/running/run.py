"""The runner: all arms at once, cluster by cluster, handed on in the sealed order alone."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from interlock.trial.conversation import Finish, Judge
from interlock.trial.running.arms import Arm, Cell, Cluster, cells_of
from interlock.trial.running.journal import Journal
from interlock.trial.running.plan import Budget
from interlock.trial.running.talk import Meter, StoppedError, Table, play


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What is to be run.

    Attributes:
        clusters: Drawn clusters of cases in the sealed order.
        arms: Every system; each runs every cluster.
        epochs: How often each case is run.
        judges: Who scores each metric that no person scores, by metric.
    """

    clusters: Sequence[Cluster]
    arms: Sequence[Arm]
    epochs: int
    judges: Mapping[str, Judge]

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return sum(map(len, self.clusters)) * len(self.arms) * self.epochs


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast, and how far.

    Attributes:
        concurrency: How many cells are under way at once.
        budget: What may be spent, in all sessions.
    """

    concurrency: int = 8
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a trial is.

    Attributes:
        cells: Cells that are done.
        of: Cells there are.
        calls: Calls begun, in all sessions.
        tokens: Tokens sent and received, in all sessions.
    """

    cells: int
    of: int
    calls: int
    tokens: int


@dataclass(frozen=True, kw_only=True)
class Finished:
    """How a session ended.

    Attributes:
        finish: Complete, stopped, or out of budget.
        clusters: Clusters handed on: the first so many of the sealed order.
    """

    finish: Finish
    clusters: int


Look = Callable[[int], Awaitable[bool]]
"""Called with the number of clusters that are whole, each number once and in order; True stops."""


async def never(clusters: int) -> bool:
    """Look at nothing, and go on to the end."""
    return clusters < 0


async def run(
    trial: Trial,
    journal: Journal,
    *,
    pace: Pace,
    look: Look = never,
    told: Callable[[Progress], None] = lambda _: None,
) -> Finished:
    """Run a trial until it is complete, stopped by ``look``, or out of budget.

    Cells start in the sealed order, all arms of a cluster together, and end in
    any order; a cluster is handed to ``look`` only when it is whole on every
    arm and all before it were handed on. How fast anything answers therefore
    decides nothing that ``look`` can see. No more clusters are open than cells
    may be under way, so that memory does not grow with the trial and little is
    paid for beyond a stop.

    Args:
        trial: What is to be run.
        journal: Remembers every answer and ruling, and those of earlier sessions.
        pace: How many at once, and the budget.
        look: Judges the first so many clusters.
        told: Called after each cell.

    Raises:
        TargetDownError: A system or judge failed too often in a row; what was
            answered is remembered.
    """
    known = journal.totals()
    meter = Meter(
        budget=pace.budget,
        calls=known.calls,
        tokens=known.tokens,
        patience=max(5, 2 * pace.concurrency),
    )
    table = Table(journal=journal, judges=trial.judges, meter=meter)
    session = _Session(trial, table, pace=pace, told=told)
    try:
        return await session.run(look)
    except asyncio.CancelledError:
        session.cancel()
        raise
    finally:
        await session.close()


class _Session:
    """One session of a trial."""

    def __init__(
        self, trial: Trial, table: Table, *, pace: Pace, told: Callable[[Progress], None]
    ) -> None:
        self._trial, self._table, self._told = trial, table, told
        self._slots = asyncio.Semaphore(pace.concurrency)
        self._most_open = pace.concurrency
        self._open: deque[list[asyncio.Task[bool]]] = deque()
        self._handed_on = self._cells = 0
        self._all_cells = trial.cells

    async def run(self, look: Look) -> Finished:
        for cluster in self._trial.clusters:
            if self._table.meter.spent:
                break
            self._open.append([])
            for arm in self._trial.arms:
                for cell in cells_of(cluster, arm, epochs=self._trial.epochs):
                    self._open[-1].append(await self._started(cell))
            while self._open and (len(self._open) > self._most_open or self._is_done()):
                if (end := await self._hand_on(look)) is not None:
                    return end
        while self._open:
            if (end := await self._hand_on(look)) is not None:
                return end
        left = len(self._trial.clusters) - self._handed_on
        return Finished(finish="budget" if left else "complete", clusters=self._handed_on)

    def cancel(self) -> None:
        """Cut off what is under way: somebody wants to be gone."""
        for task in self._left():
            task.cancel()

    async def close(self) -> None:
        """Let what is under way end, since it is paid for; begin nothing more."""
        self._table.meter.halted = True
        await asyncio.gather(*self._left(), return_exceptions=True)

    def _left(self) -> list[asyncio.Task[bool]]:
        return [task for tasks in self._open for task in tasks]

    async def _started(self, cell: Cell) -> asyncio.Task[bool]:
        await self._slots.acquire()
        return asyncio.create_task(self._played(cell))

    async def _played(self, cell: Cell) -> bool:
        """Whether the cell is whole."""
        try:
            await play(cell, self._table)
        except StoppedError:
            return False
        finally:
            self._slots.release()
        self._cells += 1
        meter = self._table.meter
        self._told(
            Progress(cells=self._cells, of=self._all_cells, calls=meter.calls, tokens=meter.tokens)
        )
        return True

    def _is_done(self) -> bool:
        return all(task.done() for task in self._open[0])

    async def _hand_on(self, look: Look) -> Finished | None:
        """Hand on the oldest open cluster; how the session ends, if it ends with it."""
        whole = await asyncio.gather(*self._open[0])
        self._open.popleft()
        if not all(whole):
            return Finished(finish="budget", clusters=self._handed_on)
        self._handed_on += 1
        if await look(self._handed_on):
            return Finished(finish="stopped", clusters=self._handed_on)
        return None
