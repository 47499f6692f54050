"""The command line is a door and no room: every action has a command, every command an action."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from interlock import app, cli
from interlock.app import campaigns, diagnosis, judging, trials, variants

CLI = Path(inspect.getfile(cli)).parent

ACTIONS = sorted(
    name
    for door in (app, campaigns, diagnosis, judging, trials, variants)
    for name in door.__all__
    if inspect.isfunction(getattr(door, name))
)


def commands(
    command: click.Command, path: str = "interlock"
) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, f"{path} {name}")
    else:
        yield path, command


COMMANDS = dict(commands(cli.main))


def called(tree: ast.AST) -> set[str]:
    """Names that some code calls, plainly or as a method."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = {one.id for one in functions if isinstance(one, ast.Name)}
    return plain | {one.attr for one in functions if isinstance(one, ast.Attribute)}


def test_every_action_is_reachable_from_a_command() -> None:
    reached: set[str] = set()
    for path in CLI.glob("*.py"):
        reached |= called(ast.parse(path.read_text("utf-8")))
    assert not set(ACTIONS) - reached


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_asks_the_application(path: str) -> None:
    function = inspect.unwrap(COMMANDS[path].callback or (lambda: None))
    asked = called(ast.parse(inspect.getsource(function)))
    assert asked & {*ACTIONS, "workspace"}, f"{path} does the work itself"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_says_what_it_does(path: str) -> None:
    told = COMMANDS[path].help or ""
    assert told.split("\n")[0].rstrip().endswith("."), path
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Option) and parameter.help is None:
            assert plain(parameter), f"{path} {parameter.opts[0]} needs a word of help"


def plain(option: click.Option) -> bool:
    """Options whose names say all there is to say, in every command alike."""
    return option.name in {"role", "reason", "until", "verdict", "clusters"}


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_that_takes_arguments_shows_an_example(path: str) -> None:
    command = COMMANDS[path]
    options = [one for one in command.params if isinstance(one, click.Option) and one.required]
    needed = [one for one in options if one.name not in {"person", "reason"}]
    shown = f"{command.help} {command.epilog}"
    assert not needed or path in shown, f"{path} has {needed[0].opts[0]} and no example"
