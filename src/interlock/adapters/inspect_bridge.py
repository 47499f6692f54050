"""Inspect as what drives a trial: its model asks our targets, its scorers ask our judges."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from inspect_ai import Task
from inspect_ai import eval as run_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    get_model,
    modelapi,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interlock.adapters.inspect_header import SEAL
from interlock.adapters.inspect_told import ANSWERED, CALLS, NOT_ASKED, score_names
from interlock.trial import Answer, Ruling, Turn
from interlock.trial.running import Arm, Cell, answers_wanted, transcript

_PROVIDER = "interlock"
_T = TypeVar("_T")


class Desk(Protocol):
    """Where calls and rulings are asked for, on the loop that the targets belong to."""

    async def call(self, cell: Cell, number: int, said: Sequence[Turn]) -> Answer:
        """The system's answer number ``number`` of a cell; raises whatever kept it from one."""
        ...

    async def ruling(self, cell: Cell, metric: str, said: Sequence[Turn]) -> Ruling | None:
        """What a metric's judge says of the conversation; None where it was not heard."""
        ...


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One run of Inspect: some cells of one arm.

    Attributes:
        arm: The system.
        cells: The cells, in the sealed order; whole items, so that every epoch of one is there.
        metrics: The metrics that judges score.
        epochs: How often each case is run.
        seal: Identity of the seal.
        name: What people call the trial.
        folder: Where the log goes.
        at_once: Samples that are under way at once.
    """

    arm: Arm
    cells: Sequence[Cell]
    metrics: Sequence[str]
    epochs: int
    seal: str
    name: str
    folder: Path
    at_once: int


@dataclass(frozen=True, kw_only=True)
class _Call:
    """The call that the model is about to be asked for."""

    cell: Cell
    number: int
    said: tuple[Turn, ...]


_asked: ContextVar[_Call] = ContextVar("interlock_call")


def go(errand: Errand, desk: Desk, loop: asyncio.AbstractEventLoop) -> EvalLog:
    """Run an errand to its closed log; to be called in a thread other than the loop's.

    Args:
        errand: What is to be run.
        desk: Where calls and rulings are asked for.
        loop: The loop that the desk belongs to.

    Returns:
        The header of the log; ``location`` says where it is.
    """
    cells = {(cell.sealed.item, cell.epoch): cell for cell in errand.cells}
    across = _Across(desk, loop)
    names = score_names(errand.metrics)
    scorers = [scorer(metrics=[mean()], name=ANSWERED)(_answered)()]
    for metric, name in names.items():
        scorers.append(scorer(metrics=[mean()], name=name)(_judged)(_Judged(metric, cells, across)))
    task = Task(
        name=errand.name,
        dataset=MemoryDataset(_samples(errand)),
        solver=_talk(cells),
        scorer=scorers,
        epochs=errand.epochs,
    )
    model = get_model(f"{_PROVIDER}/{errand.arm.name}", memoize=False, across=across)
    (log,) = run_eval(
        task,
        model=model,
        score_display=False,
        display="none",
        fail_on_error=False,
        continue_on_fail=True,
        log_realtime=False,
        log_format="eval",
        log_header_only=True,
        log_dir=str(errand.folder),
        max_samples=errand.at_once,
        max_connections=errand.at_once,
        ctl_server=False,
        metadata={SEAL: errand.seal},
    )
    return log


@dataclass(frozen=True)
class _Across:
    """The way from Inspect's loop to the one that the targets belong to."""

    desk: Desk
    loop: asyncio.AbstractEventLoop

    async def __call__(self, asked: Callable[[Desk], Awaitable[_T]]) -> _T:
        async def there() -> _T:
            return await asked(self.desk)

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(there(), self.loop))


def _samples(errand: Errand) -> list[Sample]:
    cases = {cell.sealed.item: cell.case for cell in errand.cells}
    return [Sample(id=item, input=transcript(case)) for item, case in cases.items()]


@modelapi(_PROVIDER)
class _Bridge(ModelAPI):
    """A model whose answers are those of a trial's target."""

    def __init__(self, model_name: str, *, across: _Across, **given: Any) -> None:  # noqa: ANN401 - Inspect's own
        super().__init__(model_name, config=given.get("config", GenerateConfig()))
        self._across = across

    async def generate(self, *_: Any, **__: Any) -> ModelOutput:  # noqa: ANN401 - what is sent is the cell's
        """The answer to the call that the solver is at, whatever Inspect shows of it."""
        call = _asked.get()
        answer = await self._across(lambda desk: desk.call(call.cell, call.number, call.said))
        kept = _asked_calls.get()
        kept.append({name: value for name, value in asdict(answer).items() if name != "logprobs"})
        output = ModelOutput.from_content(self.model_name, answer.text)
        sent, got = answer.tokens_in or 0, answer.tokens_out or 0
        # Inspect counts for itself where nobody did, and fetches a tokenizer for it.
        output.usage = ModelUsage(input_tokens=sent, output_tokens=got, total_tokens=sent + got)
        return output


_asked_calls: ContextVar[list[dict[str, Any]]] = ContextVar("interlock_calls")


@solver
def _talk(cells: Mapping[tuple[str, int], Cell]) -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        cell = cells[_key(state)]
        kept: list[dict[str, Any]] = []
        state.metadata[CALLS] = kept
        _asked_calls.set(kept)
        said: list[Turn] = []
        start = 0
        for number, place in enumerate(answers_wanted(cell.case)):
            said += cell.case.turns[start : place + 1]
            start = place + 1
            _asked.set(_Call(cell=cell, number=number, said=tuple(said)))
            state.messages = _shown(cell, said)
            state = await generate(state)
            said.append(Turn(speaker="assistant", text=str(kept[-1]["text"])))
        return state

    return solve


def _shown(cell: Cell, said: Sequence[Turn]) -> list[ChatMessage]:
    """A conversation as Inspect shows it; what is sent is the request itself."""
    shown: list[ChatMessage] = []
    if cell.arm.system_prompt:
        shown.append(ChatMessageSystem(content=cell.arm.system_prompt))
    for turn in said:
        if turn.speaker == "assistant":
            shown.append(ChatMessageAssistant(content=turn.text))
        else:
            head = "" if turn.speaker == "user" else f"[{turn.speaker}]\n"
            shown.append(ChatMessageUser(content=head + turn.text))
    return shown


def _answered() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        del state, target
        return Score(value=True)

    return score


@dataclass(frozen=True)
class _Judged:
    """What a scorer needs to ask a metric's judge."""

    metric: str
    cells: Mapping[tuple[str, int], Cell]
    across: _Across


def _judged(by: _Judged) -> Scorer:
    async def score(state: TaskState, target: Target) -> Score | None:
        del target
        cell = by.cells[_key(state)]
        if by.metric not in cell.sealed.metrics:
            return None
        said = _said(cell, [str(one["text"]) for one in state.metadata[CALLS]])
        ruling = await by.across(lambda desk: desk.ruling(cell, by.metric, said))
        if ruling is None:
            return Score(value=math.nan, explanation=NOT_ASKED)
        value = math.nan if ruling.value is None else ruling.value
        return Score(value=value, explanation=ruling.reason)

    return score


def _said(cell: Cell, answers: Sequence[str]) -> list[Turn]:
    """The whole conversation, which ends with the last answer."""
    said: list[Turn] = []
    start = 0
    for place, text in zip(answers_wanted(cell.case), answers, strict=True):
        said += [*cell.case.turns[start : place + 1], Turn(speaker="assistant", text=text)]
        start = place + 1
    return said


def _key(state: TaskState) -> tuple[str, int]:
    return str(state.sample_id), state.epoch - 1
