"""How a command ends: never with the code of a verdict that nobody gave."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from interlock.app import Step
from interlock.cli import main
from interlock.cli.doors import Door, show
from interlock.cli.proof import _tree
from interlock.errors import LogMissingError

HOSTILE = "gone\x1b[2J\x9b2J\x7f\r\u202e"


@click.group(cls=Door)
def doors() -> None:
    """Commands that end badly."""


@doors.command("ask")
def ask() -> None:
    click.prompt("passphrase", hide_input=False)


@doors.command("talk")
def talk() -> None:
    raise BrokenPipeError(errno.EPIPE, "nobody listens")


@doors.command("stop")
def stop() -> None:
    raise KeyboardInterrupt


@doors.command("draw")
def draw() -> None:
    left = SystemExit(1)  # as rich does it
    left.__context__ = BrokenPipeError(errno.EPIPE, "nobody listens")
    raise left


@doors.command("refuse")
def refuse() -> None:
    raise LogMissingError(HOSTILE)


@doors.command("fail")
def fail() -> None:
    raise SystemExit(1)


@doors.command("list")
def listed() -> None:
    show({}, as_json=False, lines=[HOSTILE])


def test_a_question_that_nobody_answers_is_no_failed_verdict() -> None:
    done = CliRunner().invoke(doors, ["ask"], input="")
    assert done.exit_code == 5
    assert "set INTERLOCK_PASSPHRASE or run in a terminal" in done.stderr


def test_init_without_a_passphrase_makes_nothing(tmp_path: Path) -> None:
    given = {"INTERLOCK_HOME": str(tmp_path / "home"), "INTERLOCK_PASSPHRASE": None}
    done = CliRunner().invoke(main, ["init", str(tmp_path / "board")], input="", env=given)
    assert done.exit_code == 5
    assert not (tmp_path / "board").exists()


@pytest.mark.parametrize("command", ["talk", "draw"])
def test_a_reader_who_left_is_no_failed_verdict(command: str) -> None:
    done = CliRunner().invoke(doors, [command])
    assert (done.exit_code, done.output) == (5, "")


def test_a_command_that_was_interrupted_is_no_failed_verdict() -> None:
    done = CliRunner().invoke(doors, ["stop"])
    assert done.exit_code == 5
    assert "no verdict" in done.stderr


def test_an_error_told_as_json_is_told_to_people_as_well(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--workspace", str(tmp_path), "ledger", "list", "--json"])
    error = json.loads(done.stdout)["error"]
    assert done.stderr.startswith(f"refused ({error['code']}): ")


def test_a_verdict_keeps_its_code() -> None:
    assert CliRunner().invoke(doors, ["fail"]).exit_code == 1


def test_a_refusal_that_nobody_can_hear_is_a_fault(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [
        str(Path(sys.executable).with_name("interlock")),
        "--workspace",
        str(tmp_path),
        "ledger",
        "list",
    ]
    done = [
        subprocess.run([*command, *flags], stdout=writing, stderr=writing, check=False).returncode
        for flags in ([], ["--json"])
    ]
    os.close(writing)
    assert done == [5, 5]


@pytest.mark.parametrize("command", ["list", "refuse"])
def test_what_others_wrote_does_not_steer_the_terminal(command: str) -> None:
    done = CliRunner().invoke(doors, [command])
    assert "gone\ufffd[2J" in done.output
    assert not {"\x1b", "\x9b", "\x7f", "\r", "\u202e"} & set(done.output)


def test_a_trace_does_not_steer_the_terminal() -> None:
    console = Console(file=io.StringIO(), width=80)
    below = Step("hold", "b" * 64, HOSTILE, ())
    console.print(_tree(Step("hold", "a" * 64, HOSTILE, (below,))))
    assert isinstance(console.file, io.StringIO)
    drawn = console.file.getvalue()
    assert drawn.count("gone\ufffd[2J") == 2
    assert not {"\x1b", "\x9b", "\x7f", "\r", "\u202e"} & set(drawn)
