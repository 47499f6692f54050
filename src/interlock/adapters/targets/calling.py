"""Targets that are Python functions."""

import asyncio
import importlib
import inspect
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_type_hints

from interlock.adapters.plugins import UNIMPORTABLE, outcome
from interlock.errors import BadTargetError, TargetError
from interlock.trial import Answer, Request, Target

Takes = Literal["text", "turns", "request"]


@dataclass(frozen=True, kw_only=True)
class Called:
    """A function that answers.

    By the annotation of its one parameter it is given the `Request` as it is,
    the turns (annotated as a list, tuple or sequence), or else the text of a
    single turn. It gives back a text or an `Answer`. A function that is not
    asynchronous runs in a thread of its own.

    Attributes:
        name: ``module:function``.
        function: The function.
        takes: What it is given.
        timeout_s: How long it is waited for; 0 for as long as it takes. A thread that is
            given up on cannot be ended, and goes on beside the trial.
    """

    name: str
    function: Callable[[Any], Any]
    takes: Takes
    timeout_s: float = 0.0

    async def answer(self, request: Request) -> Answer:
        """Answer once.

        Raises:
            TargetError: The function raised, took too long, gave back something
                else, or is not given what the case needs.
        """
        given = self._given(request)
        begun = time.perf_counter()
        made = await self._called(given)
        if isinstance(made, Answer):
            return made
        if not isinstance(made, str):
            kind = type(made).__name__
            raise self._error(f"it gave back {kind}; let it give back a text or an Answer")
        return Answer(text=made, latency_ms=1000 * (time.perf_counter() - begun), finish="stop")

    async def _called(self, given: object) -> object:
        work = partial(self.function, given)
        if not inspect.iscoroutinefunction(self.function):
            work = partial(_in_thread, self.function, given)
        try:
            async with asyncio.timeout(self.timeout_s or None):
                made: object = await outcome(work, self.name)
        except TimeoutError as error:
            raise self._error(f"no answer within {self.timeout_s:g} s") from error
        return made

    def _given(self, request: Request) -> object:
        if self.takes == "request":
            return request
        for lost, what in (
            (request.system_prompt, "a system prompt"),
            (request.decoding, "decoding settings"),
            (request.attachments, "attachments"),
        ):
            if lost:
                raise self._error(f"the system has {what}; annotate its parameter as Request")
        if self.takes == "turns":
            return list(request.turns)
        if len(request.turns) > 1:
            raise self._error("the case has several turns; annotate its parameter as list[Turn]")
        return request.turns[0].text

    def _error(self, reason: str) -> TargetError:
        return TargetError(self.name, reason)


@dataclass(frozen=True)
class Plugged:
    """A target of a plug-in, whose faults are errors of single rows.

    Attributes:
        name: What errors call it.
        target: What the plug-in made.
    """

    name: str
    target: Target

    async def answer(self, request: Request) -> Answer:
        """Answer once.

        Raises:
            TargetError: The plug-in says so, or raised anything else.
        """
        made: Answer = await outcome(partial(self.target.answer, request), self.name)
        return made


def find_function(named: str, *, timeout_s: float = 0.0) -> Called:
    """The function that ``module:function`` names.

    Raises:
        BadTargetError: There is none, or it does not take one argument.
    """
    place, colon, name = named.partition(":")
    if not (colon and place and name):
        raise BadTargetError(named, "callable", "write it as module:function")
    try:
        function = getattr(importlib.import_module(place), name)
    except UNIMPORTABLE as error:
        fault = f"it cannot be imported ({error}); is its folder on PYTHONPATH?"
        raise BadTargetError(named, "callable", fault) from error
    if not callable(function):
        raise BadTargetError(named, "callable", "it is no function; name one")
    return Called(name=named, function=function, takes=_takes(function, named), timeout_s=timeout_s)


def _takes(function: Callable[[Any], Any], named: str) -> Takes:
    try:
        signature = inspect.signature(function)
        signature.bind(None)
        hints = get_type_hints(function)
    except (TypeError, ValueError, NameError) as error:
        fault = f"it must take one argument ({error}); annotate it as str, list[Turn] or Request"
        raise BadTargetError(named, "callable", fault) from error
    hint = hints.get(next(iter(signature.parameters)), str)
    if hint is Request:
        return "request"
    return "text" if hint in {str, object, Any} else "turns"


async def _in_thread(function: Callable[[Any], Any], given: object) -> Any:  # noqa: ANN401 - whatever it gives
    """What a function gives, from a thread that keeps neither loop nor process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()

    def settle(made: Any, error: BaseException | None) -> None:  # noqa: ANN401 - as above
        if not done.done():
            done.set_result((made, error))

    def run() -> None:
        made, fault = None, None
        try:
            made = function(given)
        except BaseException as error:  # noqa: BLE001 - told in the thread that waits
            fault = error
        with suppress(RuntimeError):  # the loop may have ended before
            loop.call_soon_threadsafe(settle, made, fault)

    threading.Thread(target=run, daemon=True).start()
    made, fault = await done
    # Given and not raised: in a task, the wish to end the process would end the loop.
    return made if fault is None else fault
