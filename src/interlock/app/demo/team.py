"""The team of the demonstration: a log service, a witness in another process, and two machines."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from interlock.app.demo.scene import PASSPHRASE, Scene, Tell, convene
from interlock.app.places import open_workspace
from interlock.app.team import Team, TeamPlan, create_team, join_team, make_witness
from interlock.app.workspace import Workspace

_DOOR = "from interlock.cli import main; main()"


def share(folder: Path, tell: Tell) -> dict[str, Any]:
    """Put a board's first acts on a team's log, read them elsewhere, and cut the service off."""
    tell("\n7. A team: the log service alone holds the log's key, another process witnesses")
    home = folder / "team-keys"
    with ExitStack() as running:
        made, url = _served(folder, home, running)
        operator = running.enter_context(closing(open_workspace(made.folder, home=home)))
        convene(Scene(operator, folder, lambda _: None))
        root = made.folder / "root.json"
        member = join_team(
            folder / "member", root, url, home=folder / "member-keys", token=made.token
        )
        here, there = (work.read().cosigned.checkpoint for work in (operator, member))
        tell(f"   {here.size} acts through the service; a second machine reads the same tree")
    with closing(member):
        return _cut_off(member, {"same_tree": here == there, "size": here.size}, tell=tell)


def _served(folder: Path, home: Path, running: ExitStack) -> tuple[Team, str]:
    """A team's log, served and witnessed by processes that end with the stack."""
    url, witness_url = (f"http://127.0.0.1:{_free_port()}" for _ in range(2))
    witness = make_witness(folder / "witness", "witness.demo")
    plan = TeamPlan(
        database=f"sqlite:///{folder / 'team.sqlite'}",
        service=url,
        witness=witness_url,
        witness_key=witness.text,
    )
    made = create_team(folder / "team", plan, home=home, passphrase=PASSPHRASE)
    vouch = ["witness", "serve", str(folder / "witness"), "--log", made.log_key.text]
    running.enter_context(_process(vouch, witness_url))
    running.enter_context(_process(["team", "serve", str(made.service)], url))
    return made, url


def _cut_off(member: Workspace, facts: dict[str, Any], *, tell: Tell) -> dict[str, Any]:
    """What a machine can still do without the service: read, and say as of when."""
    seen = member.read().cosigned
    tell(f"   cut off: it still reads checkpoint {seen.checkpoint.size}, as of {seen.time}")
    ok = facts["same_tree"] and seen.checkpoint.size == facts["size"]
    return {"ok": ok, **facts, "cut_off": {"size": seen.checkpoint.size, "as_of": seen.time}}


@contextmanager
def _process(arguments: list[str], url: str) -> Iterator[None]:
    """A part of the product as a process of its own, which has said that it answers."""
    command = [sys.executable, "-c", _DOOR, *arguments, "--port", url.rpartition(":")[2]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            if process.stdout is not None:
                process.stdout.readline()
            yield
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
