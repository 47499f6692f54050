"""One cell from its first turn to its last ruling, with no call repeated that was answered once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from interlock.errors import TargetDownError, TargetError
from interlock.trial.case import Turn
from interlock.trial.conversation import Answer, Judge
from interlock.trial.received import received, ruled
from interlock.trial.running.arms import Cell, answers_wanted
from interlock.trial.running.journal import Journal
from interlock.trial.running.plan import Budget

_LEAST_FAILURES = 5


class StoppedError(Exception):
    """No further call is to be begun; what is under way may end."""


@dataclass(kw_only=True)
class Meter:
    """What a trial has spent, and when it must begin nothing more.

    Attributes:
        budget: What it may cost.
        calls: Calls begun so far, in all sessions.
        tokens: Tokens sent and received so far.
        patience: Failures in a row, of one endpoint, after which it is down.
        halted: Whether nothing more is to be begun, by systems or judges.
        spent: Whether the budget is spent: no system is called, and what was answered is judged.
    """

    budget: Budget
    calls: int
    tokens: int
    patience: int = _LEAST_FAILURES
    halted: bool = False
    spent: bool = False
    _answered: set[str] = field(default_factory=set)
    _in_a_row: dict[str, int] = field(default_factory=dict)

    def take(self) -> None:
        """Count one more call.

        Raises:
            StoppedError: It must not be begun.
        """
        calls, tokens = self.budget.calls, self.budget.tokens
        if (calls and self.calls >= calls) or (tokens and self.tokens >= tokens):
            self.spent = True
        if self.halted or self.spent:
            raise StoppedError
        self.calls += 1

    def check(self) -> None:
        """Refuse to begin anything once the trial has stopped.

        Raises:
            StoppedError: It has.
        """
        if self.halted:
            raise StoppedError

    def answered(self, name: str, answer: Answer | None = None) -> None:
        """An endpoint gave an answer, so it is there."""
        self._answered.add(name)
        self._in_a_row.pop(name, None)
        if answer is not None:
            self.tokens += (answer.tokens_in or 0) + (answer.tokens_out or 0)

    def failed(self, name: str, error: TargetError) -> None:
        """An endpoint gave none; refusing single requests it is there, giving nothing it is not.

        Raises:
            TargetDownError: It has failed too often in a row.
        """
        if name in self._answered and not error.retryable:
            return
        self._in_a_row[name] = self._in_a_row.get(name, 0) + 1
        if self._in_a_row[name] >= self.patience:
            self.halted = True
            raise TargetDownError(name, self._in_a_row[name], error.reason)


@dataclass(frozen=True, kw_only=True)
class Table:
    """What every cell is played with.

    Attributes:
        journal: Remembers calls and rulings.
        judges: Who scores each metric that no person scores, by metric.
        meter: What is spent.
    """

    journal: Journal
    judges: Mapping[str, Judge]
    meter: Meter


async def play(cell: Cell, table: Table) -> None:
    """Get every answer of a cell and every ruling on the last one, as far as they are not there.

    A call that failed is no answer: it is made again in a later session. Where
    an answer was erased, whatever would have to be read from it stays undone.

    Raises:
        StoppedError: The trial stopped before the cell was whole.
        TargetDownError: A system or a judge has failed too often in a row.
    """
    wanted = answers_wanted(cell.case)
    if _is_whole(cell, len(wanted) - 1, table):
        return
    said: list[Turn] = []
    start = 0
    for number, place in enumerate(wanted):
        said += cell.case.turns[start : place + 1]
        start = place + 1
        text = await _answer(cell, number, said=said, table=table)
        if text is None:
            return
        said.append(Turn(speaker="assistant", text=text))
    await _judged(cell, said, table)


def _is_whole(cell: Cell, last: int, table: Table) -> bool:
    """Whether the last answer and all rulings on it are there, so that no text need be read."""
    known = table.journal.outcome(cell.call(last))
    return (
        known is not None
        and known.ref is not None
        and not any(True for _ in _to_judge(cell, table))
    )


def _to_judge(cell: Cell, table: Table) -> Iterator[tuple[str, Judge]]:
    """Rulings that are not there yet, as (name in the journal, judge)."""
    for metric in cell.sealed.metrics:
        if (judge := table.judges.get(metric)) is not None:
            name = cell.ruling(metric, judge.identity)
            if table.journal.ruling(name) is None:
                yield name, judge


async def _answer(cell: Cell, number: int, *, said: Sequence[Turn], table: Table) -> str | None:
    """The system's answer; None where the call failed, or the answer was erased."""
    call = cell.call(number)
    known = table.journal.outcome(call)
    if known is not None and known.ref is not None:
        return table.journal.text(known.ref)
    table.meter.take()
    await table.journal.begin(call)
    try:
        answer = await received(cell.arm.target, cell.request(said), name=cell.arm.name)
    except TargetError as error:
        await table.journal.fail(call, error.reason)
        table.meter.failed(cell.arm.name, error)
        return None
    table.meter.answered(cell.arm.name, answer)
    await table.journal.keep(call, answer)
    return answer.text


async def _judged(cell: Cell, said: Sequence[Turn], table: Table) -> None:
    for name, judge in list(_to_judge(cell, table)):
        table.meter.check()
        try:
            ruling = await ruled(judge, cell.case, said)
        except TargetError as error:
            # Not remembered: the row is unscored for now, and the next session asks again.
            table.meter.failed(judge.identity, error)
            continue
        table.meter.answered(judge.identity)
        await table.journal.rule(name, ruling)
