"""Targets that need no network: what a plan may state, functions, and recorded files."""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interlock.adapters.targets import FolderFiles, open_target, prompt_digest, read_target
from interlock.errors import BadRowError, BadTableError, BadTargetError, TargetError
from interlock.trial import Answer, Request, Turn

HERE = "tests.unit.test_targets_stated"
HELLO = (Turn(speaker="user", text="Hello."),)


def shouting(prompt: str) -> str:
    return prompt.upper()


async def waiting(prompt: str) -> str:
    await asyncio.sleep(0)
    return f"{prompt} Later."


def counting(turns: list[Turn]) -> str:
    return f"{len(turns)} turns"


def whole(request: Request) -> Answer:
    return Answer(text=f"{request.system_prompt} {request.decoding['seed']}", tokens_out=2)


def raising(prompt: str) -> str:
    raise KeyError(prompt)


def leaving(prompt: str) -> str:
    sys.exit(0)


async def leaving_too(prompt: str) -> str:
    sys.exit(0)


def interrupting(prompt: str) -> str:
    raise KeyboardInterrupt


def silent(prompt: str) -> None:
    return None


def slow(prompt: str) -> str:
    time.sleep(3)
    return prompt


async def slow_too(prompt: str) -> str:
    await asyncio.sleep(3)
    return prompt


def pair(one: str, other: str) -> str:
    return one + other


NUMBER = 4


def ask(
    stated: Mapping[str, Any], *requests: Request, folder: Path | None = None
) -> Sequence[Answer]:
    async def each() -> list[Answer]:
        async with open_target(
            stated, files=FolderFiles(Path()), folder=folder, environment={"LINES": "a\nb"}
        ) as target:
            return [await target.answer(one) for one in requests]

    return asyncio.run(each())


def call(name: str, request: Request, **more: Any) -> Answer:
    [answer] = ask({"callable": f"{HERE}:{name}", **more}, request)
    return answer


@pytest.mark.parametrize(
    ("name", "said"),
    [("shouting", "HELLO."), ("waiting", "Hello. Later."), ("counting", "1 turns")],
)
def test_a_function_gets_what_its_parameter_says(name: str, said: str) -> None:
    answer = call(name, Request(turns=HELLO))
    assert answer.text == said
    assert answer.latency_ms is not None


def test_a_function_that_takes_the_request_sees_prompt_and_settings() -> None:
    request = Request(turns=HELLO, system_prompt="Be kind.", decoding={"seed": 5})
    assert call("whole", request) == Answer(text="Be kind. 5", tokens_out=2)


@pytest.mark.parametrize("name", ["shouting", "counting"])
def test_a_function_that_cannot_see_the_system_prompt_is_not_called(name: str) -> None:
    with pytest.raises(TargetError, match="has a system prompt; annotate"):
        call(name, Request(turns=HELLO, system_prompt="Be kind."))


def test_a_function_of_a_text_gets_no_conversation() -> None:
    turns = (*HELLO, Turn(speaker="assistant", text="Yes?"), *HELLO)
    assert call("counting", Request(turns=turns)).text == "3 turns"
    with pytest.raises(TargetError, match="several turns"):
        call("shouting", Request(turns=turns))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raising", "it raised KeyError"),
        ("silent", "gave back NoneType"),
        ("leaving", "it raised SystemExit: 0"),
        ("leaving_too", "it raised SystemExit: 0"),
        ("interrupting", "it raised KeyboardInterrupt"),
    ],
)
def test_a_function_that_fails_is_a_target_error(name: str, said: str) -> None:
    with pytest.raises(TargetError, match=said):
        call(name, Request(turns=HELLO))


@pytest.mark.parametrize("name", ["slow", "slow_too"])
def test_a_slow_function_is_given_up_on(name: str) -> None:
    with pytest.raises(TargetError, match=r"no answer within 0\.05 s"):
        call(name, Request(turns=HELLO), timeout=0.05)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("no-colon", "module:function"),
        ("nowhere_at_all:f", "cannot be imported"),
        (f"{HERE}:absent", "cannot be imported"),
        (f"{HERE}:NUMBER", "no function"),
        (f"{HERE}:pair", "must take one argument"),
    ],
)
def test_a_function_that_cannot_be_called_is_refused_before_any_call(named: str, said: str) -> None:
    with pytest.raises(BadTargetError, match=said):
        ask({"callable": named})


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({}, "exactly one of openai, anthropic, callable, recorded, plugin, and has none"),
        ({"openai": "http://a/v1", "anthropic": "http://a"}, "has openai and anthropic"),
        ({"openai": "ftp://a"}, "must be an http or https URL"),
        ({"openai": "http://"}, "must be an http or https URL"),
        ({"openai": "http://[::1"}, "must be an http or https URL"),
        ({"openai": 4}, "must be a text"),
        ({"openai": "https://me:secret@a/v1"}, "no user, password"),
        ({"openai": "https://a/v1?key=secret"}, "no user, password"),
        ({"openai": "http://a/v1", "key": "secret"}, "knows no such entry"),
        ({"openai": "http://a/v1", "version": "2023-06-01"}, "knows no such entry"),
        ({"openai": "http://a/v1", "key_env": "sk-secret"}, "name of an environment variable"),
        ({"openai": "http://a/v1", "headers": {"Authorization": "secret"}}, "would hold a key"),
        ({"openai": "http://a/v1", "headers": {"a b": "c"}}, "no name of a header"),
        ({"openai": "http://a/v1", "headers": {"a": "b\r\nc"}}, "on one line"),
        ({"openai": "http://a/v1", "headers": "a"}, "names with their values"),
        ({"openai": "http://a/v1", "timeout": 0}, "above 0"),
        ({"openai": "http://a/v1", "timeout": True}, "above 0"),
        ({"openai": "http://a/v1", "timeout": float("nan")}, "above 0"),
        ({"anthropic": "http://a", "version": "new"}, "a date such as"),
        ({"recorded": "a.csv", "model": "m"}, "it knows nothing else"),
        ({"callable": ""}, "must be a text"),
    ],
)
def test_what_a_plan_states_wrongly_is_said_and_no_secret_with_it(
    stated: Mapping[str, Any], said: str
) -> None:
    with pytest.raises(BadTargetError, match=said) as caught:
        read_target(stated)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"openai": "http://a/v1", "key_env": "ABSENT"}, "ABSENT is empty"),
        ({"openai": "http://a/v1", "key_env": "LINES"}, "is no key"),
        ({"anthropic": "http://a"}, "wants the model's name"),
    ],
)
def test_what_is_missing_is_said_before_any_call(stated: Mapping[str, Any], said: str) -> None:
    with pytest.raises(BadTargetError, match=said):
        ask(stated)


JSONL = """\
{"prompt": "Hello.", "completion": "First.", "finish": "stop", "tokens_out": 2}
{"prompt": "Hello.", "completion": "Second.", "latency_ms": 12.5}

{"prompt_sha256": "DIGEST", "completion": ""}
"""


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    other = prompt_digest((Turn(speaker="user", text="Bye."),))
    (tmp_path / "kept.jsonl").write_text(JSONL.replace("DIGEST", other))
    (tmp_path / "kept.csv").write_text(
        "prompt,completion,tokens_out\nHello.,First.,2\nHello.,Second.,\nBye.,,\n"
    )
    return tmp_path


@pytest.mark.parametrize("name", ["kept.jsonl", "kept.csv"])
def test_a_recorded_file_gives_its_epochs_in_order(recorded: Path, name: str) -> None:
    hello, bye = (Request(turns=(Turn(speaker="user", text=one),)) for one in ("Hello.", "Bye."))
    found = ask({"recorded": name}, hello, bye, replace(hello, epoch=1), folder=recorded)
    assert [one.text for one in found] == ["First.", "", "Second."]
    assert found[0].tokens_out == 2


def test_a_recorded_epoch_is_the_same_in_a_later_session(recorded: Path) -> None:
    second = Request(turns=(Turn(speaker="user", text="Hello."),), epoch=1)
    found = ask({"recorded": "kept.csv"}, second, second, folder=recorded)
    assert [one.text for one in found] == ["Second.", "Second."]


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("Hello.", "2 completions of the prompt .* and none for epoch 2"),
        ("Who?", "no completion of the prompt"),
    ],
)
def test_what_was_not_recorded_is_an_error(recorded: Path, prompt: str, said: str) -> None:
    request = Request(turns=(Turn(speaker="user", text=prompt),), epoch=2)
    with pytest.raises(TargetError, match=said):
        ask({"recorded": "kept.csv"}, request, folder=recorded)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", "{", "row 1: it is no JSON"),
        ("a.jsonl", "[]", "row 1: it is no object"),
        ("a.jsonl", '{"prompt": "a"}', "row 1, completion: must be there"),
        ("a.jsonl", '{"completion": "a"}', "row 1, prompt: state either"),
        ("a.jsonl", '{"prompt": "a", "completion": "b", "cost": 1}', "row 1, cost: no such"),
        ("a.jsonl", '{"prompt_sha256": "ab", "completion": "b"}', "64 digits"),
        ("a.jsonl", '{"prompt": "a", "completion": "b", "tokens_out": -1}', "whole number"),
        ("a.jsonl", '{"prompt": "a", "completion": "b", "latency_ms": "x"}', "milliseconds"),
        ("a.csv", "prompt,completion\na\n", "row 1: it has more or fewer"),
        ("a.csv", 'prompt,completion\na,"b\n', "it is no CSV"),
        ("a.csv", "prompt,completion\n", "holds no rows"),
        ("a.csv", b"prompt,completion\na,\xff\n", "no UTF-8"),
        ("a.txt", "", "are .jsonl or .csv"),
        ("a.jsonl", None, "cannot be read"),
    ],
)
def test_a_broken_recording_names_file_and_row(
    tmp_path: Path, name: str, text: str | bytes | None, said: str
) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises((BadRowError, BadTableError), match=said) as caught:
        ask({"recorded": name}, folder=tmp_path)
    assert name in str(caught.value)
