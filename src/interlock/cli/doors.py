"""What every command shares: who acts, where, how answers are printed, and how it ends."""

import json
import os
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console
from sqlalchemy.exc import DatabaseError

from interlock.adapters.files import replace
from interlock.app import Appended, Workspace, open_workspace, user_folder
from interlock.errors import InterlockError, InvalidRecordError, NoWorkspaceError, UnavailableError
from interlock.ledger import Signer, dump, load
from interlock.review import visible

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

REFUSED = 4
FAULT = 5
_JSON = "interlock.json"
_OFFLINE = "interlock.offline"
EXIT = {"passed": 0, "failed": 1, "undecided": 3}


class Door(click.Group):
    """A group of commands that turns every error into one clear message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401, C901 - click decides the type; one door, every way out
        """Run the chosen command; this is the entry point where errors are caught.

        Exits 4 where the input is refused or a check does not hold, and 5
        where the machine or Interlock itself is at fault.
        """
        try:
            return super().invoke(ctx)
        except UnavailableError as error:
            fault(ctx, error.code, str(error))
        except InterlockError as error:
            refuse(ctx, error)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except click.Abort:
            fault(
                ctx,
                "aborted",
                "a question was left unanswered, which is no verdict: "
                "set INTERLOCK_PASSPHRASE or run in a terminal",
            )
        except KeyboardInterrupt:
            fault(
                ctx,
                "interrupted",
                "stopped before it was done, which is no verdict; an act is on the log whole or "
                "not at all: look with `interlock ledger list` before you act again",
            )
        except BrokenPipeError:
            _end_unheard()
        except SystemExit as end:
            # rich ends the program by itself, with the code that means failed.
            if isinstance(end.__context__, BrokenPipeError):
                _end_unheard()
            raise
        except (OSError, sqlite3.DatabaseError, DatabaseError) as error:
            said = error.orig if isinstance(error, DatabaseError) else error
            fault(
                ctx,
                "machine",
                f"{said}; this is a fault of the machine and no verdict. An act is on the log "
                "whole or not at all: mend the machine, and look with `interlock ledger list` "
                "before you act again",
            )
        except Exception as error:  # noqa: BLE001 - the last door: a fault must not look like a verdict
            if os.environ.get("INTERLOCK_DEBUG"):
                traceback.print_exc()
            fault(
                ctx,
                "fault",
                f"{type(error).__name__}: {error}; this is a fault of Interlock: "
                "run again with INTERLOCK_DEBUG=1 and report what it prints",
            )


def refuse(ctx: click.Context, error: InterlockError) -> NoReturn:
    """Print a refusal to standard error, as JSON also to standard output, and exit 4."""
    facts = {
        "code": error.code,
        "message": str(error),
        "file": _text(getattr(error, "file", None)),
        "row": getattr(error, "row", None),
    }
    _last_words(ctx, "refused", facts)
    raise SystemExit(REFUSED)


def fault(ctx: click.Context, code: str, message: str) -> NoReturn:
    """Print a fault to standard error, as JSON also to standard output, and exit 5."""
    _last_words(ctx, "fault", {"code": code, "message": message, "file": None, "row": None})
    raise SystemExit(FAULT)


def _last_words(ctx: click.Context, word: str, facts: dict[str, Any]) -> None:
    try:
        if ctx.meta.get(_JSON):
            click.echo(json.dumps({"error": facts}))
        # With JSON too: where that is piped on to be read for one field, nobody sees the reason.
        Console(stderr=True).print(f"[bold red]{word}[/] ({facts['code']}): ", end="")
        click.echo(on_screen(str(facts["message"])), err=True)
        sys.stdout.flush()
    except (OSError, ValueError, SystemExit):
        # Nobody can be told: the stream is closed, full, or cannot spell the words.
        _end_unheard()


def _end_unheard() -> NoReturn:
    """Exit 5 and write no more, not even what is still buffered: that would choose another code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    raise SystemExit(FAULT)


def on_screen(words: str) -> str:
    """Words that cannot steer a terminal: of all controls only tab and line end are left."""
    return visible(words).replace("\r", "\ufffd")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def json_option(command: F) -> F:
    """Add ``--json``: the same facts as one JSON object on standard output."""

    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
        ctx.meta[_JSON] = value
        return value

    return click.option(
        "--json", "as_json", is_flag=True, callback=remember, help="Print one JSON object."
    )(command)


def as_option(command: F) -> F:
    """Add ``--as NAME``: whose key signs."""
    return click.option(
        "--as",
        "person",
        metavar="NAME",
        required=True,
        envvar="INTERLOCK_AS",
        help="Whose key signs; the key file is in your own directory.",
    )(command)


@contextmanager
def workspace() -> Iterator[Workspace]:
    """The workspace of ``--workspace``, or the nearest one at or above the current folder.

    Where a team's log was seen as it last was and not as it is, that is said on
    standard error, and by `show` in what it prints as JSON.
    """
    context = click.get_current_context()
    chosen = context.find_root().params.get("folder")
    work = open_workspace(Path(chosen) if chosen else Path.cwd(), home=user_folder(os.environ))
    try:
        yield work
    finally:
        context.meta[_OFFLINE] = work.log.unreachable
        if work.log.unreachable and not context.meta.get(_JSON):
            click.echo(on_screen(work.log.unreachable), err=True)
        work.close()


def passphrase(name: str, *, confirm: bool = False) -> str:
    """The passphrase of a key: from INTERLOCK_PASSPHRASE, else asked for."""
    given = os.environ.get("INTERLOCK_PASSPHRASE")
    if given is not None:
        return given
    return str(
        click.prompt(
            f"passphrase of {name}'s key", hide_input=True, confirmation_prompt=confirm, err=True
        )
    )


def signer(work: Workspace, person: str) -> Signer:
    """The key of the person who acts."""
    return work.person(person, passphrase(person))


def show(facts: dict[str, Any], *, as_json: bool, lines: list[str]) -> None:
    """Print facts: one JSON object, or the lines made of them for people."""
    if as_json:
        offline = click.get_current_context().meta.get(_OFFLINE)
        told = facts | {"offline": offline} if offline else facts
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in lines:
        click.echo(on_screen(line))


def show_act(done: Appended, what: str, *, as_json: bool) -> None:
    """Say what was put on the log, and where."""
    show(
        {"act": what, "id": done.identity, "index": done.receipt.index},
        as_json=as_json,
        lines=[f"{what} {done.identity} is on the log at index {done.receipt.index}"],
    )


def write_record(path: Path, made: object) -> None:
    """Write a record as a file, whole or not at all."""
    replace(path, dump(made))


def read_record(path: Path, kind: type[T]) -> T:
    """A record of one kind from a file.

    Raises:
        InvalidRecordError: The file holds something else.
    """
    what = f"{kind.__name__} file"
    try:
        made = load(path.read_bytes())
    except InterlockError as error:
        raise InvalidRecordError(what, f"{path}: {error}") from error
    if not isinstance(made, kind):
        raise InvalidRecordError(what, f"{path} holds a {type(made).__name__}")
    return made


@contextmanager
def nearest_workspace() -> Iterator[Workspace | None]:
    """The workspace, or none where nobody named one and none is near."""
    with ExitStack() as stack:
        try:
            work = stack.enter_context(workspace())
        except NoWorkspaceError:
            if click.get_current_context().find_root().params.get("folder"):
                raise
            work = None
        yield work
