"""Commands of a team's log: make it, serve it, join it; and of the witness that watches it."""

import os
from collections.abc import Callable
from pathlib import Path

import click

from interlock.adapters.supervisor import Door
from interlock.app import (
    TeamPlan,
    create_team,
    join_team,
    make_witness,
    pin_minimum,
    serve_team,
    serve_witness,
    user_folder,
)
from interlock.cli.doors import json_option, passphrase, show, workspace
from interlock.cli.inputs import EXISTING, WORDS
from interlock.ledger import NoteKey

_FOLDER = click.Path(file_okay=False, path_type=Path)
_SERVED = click.Path(file_okay=False, exists=True, path_type=Path)


@click.group()
def team() -> None:
    """A log for several people: one service holds its key, everybody else is its client."""


@team.command("create")
@click.argument("folder", type=_FOLDER)
@click.option("--database", required=True, help="SQLAlchemy URL of the log's database.")
@click.option("--service", required=True, help="URL under which members will reach the service.")
@click.option("--witness", required=True, help="URL of the witness.")
@click.option("--witness-key", required=True, help="The line `interlock witness create` printed.")
@click.option(
    "--product",
    "products",
    type=WORDS,
    multiple=True,
    default=("assistant",),
    show_default=True,
    help="What the board decides on; may be given several times.",
)
@json_option
def create_command(
    folder: Path,
    database: str,
    service: str,
    witness: str,
    witness_key: str,
    products: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a workspace in FOLDER whose log is a team's, and a folder to serve that log from.

    The folder to serve from holds the log's key and goes to your own directory.
    Give the log's verifier key that is printed to whoever runs the witness.

    \b
    Example:
        interlock team create board --service http://127.0.0.1:8471 \\
          --database postgresql+psycopg://interlock@db.example/interlock \\
          --witness http://witness.example:8472 --witness-key "$WITNESS_KEY"
    """
    plan = TeamPlan(database=database, service=service, witness=witness, witness_key=witness_key)
    made = create_team(
        folder,
        plan,
        home=user_folder(os.environ),
        passphrase=passphrase("the root", confirm=True),
        products=products,
    )
    facts = {
        "workspace": str(made.folder),
        "origin": made.root.origin,
        "service_folder": str(made.service),
        "log_key": made.log_key.text,
        "token": str(made.token),
    }
    lines = [
        f"made {made.folder}, log {made.root.origin}",
        f"log key: {made.log_key.text}",
        f"serve from: {made.service}",
        f"token, for members: {made.token}",
        "next: interlock witness serve WITNESS --log LOG-KEY, then interlock team serve FOLDER",
    ]
    show(facts, as_json=as_json, lines=lines)


@team.command("join")
@click.argument("folder", type=_FOLDER)
@click.option("--root", type=EXISTING, required=True, help="The team's root.json.")
@click.option("--service", required=True, help="URL of the team's log service.")
@click.option("--token", type=EXISTING, help="File with the service's token.")
@json_option
def join_command(folder: Path, root: Path, service: str, token: Path | None, as_json: bool) -> None:
    """Make a workspace in FOLDER on your own machine, with a copy of the team's log.

    Get root.json by another way than the log, from somebody you know.

    \b
    Example:
        interlock team join board --root root.json --token token \
          --service http://log.example:8471
    """
    work = join_team(folder, root, service, home=user_folder(os.environ), token=token)
    size = work.state().size
    work.close()
    show(
        {"workspace": str(work.folder), "origin": work.root.origin, "size": size},
        as_json=as_json,
        lines=[f"made {work.folder}, log {work.root.origin}, {size} entries"],
    )


@team.command("serve")
@click.argument("folder", type=_SERVED)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to answer at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8471, show_default=True, help="Port."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes that answer; one that dies is replaced.",
)
@json_option
def serve_command(folder: Path, host: str, port: int, workers: int, as_json: bool) -> None:
    """Serve a team's log from FOLDER, which `interlock team create` printed, until told to end.

    Put a proxy with TLS before it where it is reached from other machines. A
    file `token` in FOLDER holds the token that clients must show, if they must.

    \b
    Example:
        interlock team serve ~/.local/share/interlock/board-1d55e0/service --workers 4
    """
    serve_team(folder, Door(host, port, workers), opened=_said(as_json=as_json))


@click.group()
def witness() -> None:
    """A second opinion on a log: a process that vouches for its checkpoints with its own key."""


@witness.command("create")
@click.argument("folder", type=_FOLDER)
@click.option("--name", type=WORDS, required=True, help="Name of its key, a URL without scheme.")
@json_option
def witness_create_command(folder: Path, name: str, as_json: bool) -> None:
    """Make a witness's key and memory in FOLDER, and print its verifier key.

    \b
    Example:
        interlock witness create witness --name witness.example/one
    """
    key = make_witness(folder, name)
    show({"name": name, "key": key.text}, as_json=as_json, lines=[key.text])


@witness.command("serve")
@click.argument("folder", type=_SERVED)
@click.option("--log", "logs", multiple=True, required=True, help="Verifier key of a log it knows.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to answer at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8472, show_default=True, help="Port."
)
@json_option
def witness_serve_command(
    folder: Path, logs: tuple[str, ...], host: str, port: int, as_json: bool
) -> None:
    """Vouch for logs from FOLDER until told to end; it speaks C2SP tlog-witness.

    Run it where whoever runs the log has no say.

    \b
    Example:
        interlock witness serve witness --log "$LOG_KEY"
    """
    opened = _said(as_json=as_json)
    serve_witness(folder, tuple(map(NoteKey.read, logs)), Door(host, port), opened=opened)


@click.command("pin")
@json_option
def pin_command(as_json: bool) -> None:
    """Write into root.json that no log shorter than now is believed; hand root.json out anew."""
    with workspace() as work:
        root = pin_minimum(work)
    show(
        {"minimum_size": root.minimum_size, "minimum_root_hash": root.minimum_root_hash},
        as_json=as_json,
        lines=[f"root.json: no fewer than {root.minimum_size} entries; hand it out anew"],
    )


def _said(*, as_json: bool) -> Callable[[str], None]:
    """How a service says that it answers."""
    return lambda url: show({"serving": url}, as_json=as_json, lines=[f"serving at {url}"])
