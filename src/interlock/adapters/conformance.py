"""What a plug-in must keep, as checks that anybody can run on theirs."""

import asyncio
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from interlock.errors import InterlockError, TargetError
from interlock.trial import AUTOMATIC, Answer, Attack, Judge, Request, Ruling, Target, Turn
from interlock.trial.attacks import CONFORMANCE, odd_cases

Check = Callable[[], Awaitable[str]]
"""Says what is wrong; empty where nothing is."""

_IDENTITY = re.compile(rf"(exact|{'|'.join(AUTOMATIC)}):[^\s#/]+/[^\s#]+(#[0-9a-f]{{12}})?")
_AT_ONCE = 8
_NONSENSE: Mapping[str, bytes] = {
    "empty.jsonl": b"",
    "noise.bin": bytes(range(256)) * 8,
    "cut.json": b'{"results": [{"prompt": "x"',
    "other.json": b'{"nothing": "of yours"}',
    "list.jsonl": b"[]\n[]\n",
    "header.csv": b"prompt,score\n",
}


@dataclass(frozen=True)
class Finding:
    """How one check came out.

    Attributes:
        check: What must hold, in few words.
        holds: Whether it does.
        said: What is wrong; empty where it holds.
    """

    check: str
    holds: bool
    said: str = ""


def check_attack(attack: Attack) -> tuple[Finding, ...]:
    """Hold an attack against `interlock.trial.attacks.CONFORMANCE`, on odd requests among others.

    It says what it is, the same seed gives the same case, only what is its own
    changes, its decoder leads back to the intent, and no request makes it fail.
    """

    def one(name: str) -> Check:
        async def check() -> str:
            CONFORMANCE[name](attack)
            return ""

        return check

    return _findings({name.replace("_", " "): one(name) for name in CONFORMANCE})


def check_judge(judge: Judge) -> tuple[Finding, ...]:
    """Hold a judge against what every judge must keep.

    Its identity has the form of one, it rules on odd conversations too, with a
    finite number or none and the reason, and rules the same when asked again.
    """
    talks = [
        (case, (*case.turns, Turn(speaker="assistant", text=text)))
        for case in odd_cases()
        for text in ("", "I cannot help with that.", case.turns[-1].text)
    ]

    async def says_what_it_is() -> str:
        fits = isinstance(judge.identity, str) and _IDENTITY.fullmatch(judge.identity)
        return "" if fits else f"{judge.identity!r} is not kind:name/version or kind:...#digest"

    async def rules_on_everything() -> str:
        for case, said in talks:
            ruling = await judge.judge(case, said)
            if not isinstance(ruling, Ruling):
                return f"{case.id} gives {type(ruling).__name__} and no Ruling"
            value = ruling.value
            if value is not None and not (_is_number(value) and math.isfinite(value)):
                return f"{case.id} gives the value {value!r}; give a finite number or None"
            if value is None and not ruling.reason:
                return f"{case.id} gives no value and no reason why"
        return ""

    async def repeats_itself() -> str:
        for case, said in talks:
            first, second = [await judge.judge(case, said) for _ in range(2)]
            if first != second:
                return f"{case.id} gives {first.value} and then {second.value}"
        return ""

    return _findings(
        {
            "says what it is": says_what_it_is,
            "rules on everything": rules_on_everything,
            "repeats itself": repeats_itself,
        }
    )


def check_target(target: Target) -> tuple[Finding, ...]:
    """Hold a target against what every target must keep.

    It gives an `Answer` or a `TargetError` to odd requests too, and keeps calls
    apart that run at once. That it repeats itself is not asked: systems need not.
    """
    requests = [
        Request(turns=case.turns, system_prompt="Be brief.", decoding={"max_tokens": 8})
        for case in odd_cases()
    ]

    async def answers_or_says_why() -> str:
        for request in requests:
            try:
                answer = await target.answer(request)
            except TargetError:
                continue
            if wrong := _wrong_answer(answer):
                return wrong
        return ""

    async def takes_calls_at_once() -> str:
        calls = (target.answer(requests[3]) for _ in range(_AT_ONCE))
        found = await asyncio.gather(*calls, return_exceptions=True)
        odd = [one for one in found if not isinstance(one, Answer | TargetError)]
        return f"{_AT_ONCE} calls at once give {odd[0]!r}" if odd else ""

    return _findings(
        {"answers or says why": answers_or_says_why, "takes calls at once": takes_calls_at_once}
    )


def check_importer(importer: Callable[[Path], Any]) -> tuple[Finding, ...]:
    """Hold an importer against what every importer must keep.

    It is a function of a path that gives record batches of observations; of a
    file that is nothing of its own it makes no rows, and an error of the
    product's own kind rather than any other.
    """

    def refuses(name: str, data: bytes) -> Check:
        async def check() -> str:
            with TemporaryDirectory() as folder:
                place = Path(folder) / name
                place.write_bytes(data)
                try:
                    batches = list(importer(place))
                except InterlockError:
                    return ""
            if not all(isinstance(one, pa.RecordBatch) for one in batches):
                return "it gives something else than record batches"
            rows = sum(one.num_rows for one in batches)
            return f"it makes {rows} rows of it" if rows else "it takes no rows for a result"

        return check

    return _findings({f"refuses {name}": refuses(name, data) for name, data in _NONSENSE.items()})


CHECKS: Mapping[str, Callable[[Any], tuple[Finding, ...]]] = {
    "interlock.targets": check_target,
    "interlock.attacks": check_attack,
    "interlock.judges": check_judge,
    "interlock.importers": check_importer,
}
"""What is checked of each group's objects, as they are once made."""


def _wrong_answer(answer: object) -> str:
    if not isinstance(answer, Answer):
        return f"it gives {type(answer).__name__} and no Answer"
    if not isinstance(answer.text, str):
        return f"the text of its answer is {type(answer.text).__name__}"
    for name in ("tokens_in", "tokens_out"):
        count = getattr(answer, name)
        if count is not None and not (isinstance(count, int) and count >= 0):
            return f"{name} is {count!r}; give a count or None"
    return ""


def _findings(checks: Mapping[str, Check]) -> tuple[Finding, ...]:
    async def all_of_them() -> list[str | BaseException]:
        # Code of others may raise anything, and each of its faults is a finding.
        return [
            (await asyncio.gather(check(), return_exceptions=True))[0] for check in checks.values()
        ]

    found = asyncio.run(all_of_them())
    return tuple(_finding(name, said) for name, said in zip(checks, found, strict=True))


def _finding(name: str, said: str | BaseException) -> Finding:
    if isinstance(said, InterlockError):
        return Finding(name, holds=False, said=str(said))
    if isinstance(said, BaseException):
        return Finding(name, holds=False, said=f"it raises {type(said).__name__}: {said}")
    return Finding(name, holds=not said, said=said)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
