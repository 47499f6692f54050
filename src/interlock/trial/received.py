"""What systems and judges give back, checked before anybody counts on it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from interlock.errors import TargetError
from interlock.trial.case import Case, Turn
from interlock.trial.conversation import Answer, Judge, Request, Ruling, Target

_LARGEST_COUNT = 2**53
_LARGEST_VALUE = 1e300
_SURROGATE = re.compile("[\ud800-\udfff]")


async def received(target: Target, request: Request, *, name: str) -> Answer:
    """A target's answer to a request, as a journal can keep it.

    Lone surrogates, which JSON can spell and no text file can hold, become
    U+FFFD in whatever is text; nothing else is changed.

    Raises:
        TargetError: There is no answer, or its parts are not what they must be: it goes by the
            name of the system, and is this one row's error.
    """
    try:
        answer = await target.answer(request)
    except TargetError as error:
        raise _told(error) from error
    return checked(answer, name=name)


async def ruled(judge: Judge, case: Case, said: Sequence[Turn]) -> Ruling:
    """A judge's ruling on a conversation, as a journal can keep it; see `received`.

    Raises:
        TargetError: There is no ruling, or it has no finite value and no text as its reason.
    """
    try:
        ruling = await judge.judge(case, said)
    except TargetError as error:
        raise _told(error) from error
    if not isinstance(ruling, Ruling):
        raise TargetError(judge.identity, f"it gave back {type(ruling).__name__} and no Ruling")
    value = ruling.value
    if value is not None:
        is_number = isinstance(value, int | float)
        if not is_number or not -_LARGEST_VALUE < value < _LARGEST_VALUE:
            fault = f"its ruling has a value of {_shown(value)}; give a finite number or None"
            raise TargetError(judge.identity, fault)
        value = float(value)
    if not isinstance(ruling.reason, str):
        raise TargetError(judge.identity, "its ruling's reason is no text; give one, or none")
    return Ruling(value=value, reason=_whole(ruling.reason))


def checked(answer: Answer, *, name: str) -> Answer:
    """An answer whose parts are what they must be.

    Raises:
        TargetError: They are not; in the name of the system that gave it.
    """
    if not isinstance(answer, Answer):
        raise TargetError(name, f"it gave back {type(answer).__name__} and no Answer; mend it")
    for part in ("text", "finish", "model"):
        found = getattr(answer, part)
        if not isinstance(found, str):
            fault = f"the {part} of its answer is {type(found).__name__}; it must be a text"
            raise TargetError(name, fault)
    for part in ("tokens_in", "tokens_out"):
        found = getattr(answer, part)
        if found is not None and not _is_count(found):
            fault = f"{part} of its answer is {_shown(found)}; it must be a count below 2**53"
            raise TargetError(name, fault)
    latency = answer.latency_ms
    if latency is not None and not (
        isinstance(latency, int | float) and 0 <= latency < _LARGEST_VALUE
    ):
        fault = f"latency_ms of its answer is {_shown(latency)}; it must be milliseconds, or None"
        raise TargetError(name, fault)
    return replace(
        answer,
        text=_whole(answer.text),
        finish=_whole(answer.finish),
        model=_whole(answer.model),
        latency_ms=None if latency is None else float(latency),
    )


def _is_count(found: object) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and 0 <= found < _LARGEST_COUNT


def _told(error: TargetError) -> TargetError:
    return TargetError(error.target, _whole(str(error.reason)), retryable=error.retryable)


def _whole(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _shown(found: object) -> str:
    """What was given, in short; an integer may be too long to be written at all."""
    if isinstance(found, int) and abs(found) >= _LARGEST_COUNT:
        return "too large"
    return str(found)[:40] if isinstance(found, int | float) else type(found).__name__
