"""A real PostgreSQL server of a test's own: on a free port of this machine, gone with the test."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Postgres:
    """A running server.

    Attributes:
        data: Its data directory.
        port: Where it listens, on 127.0.0.1.
        programs: Folder of its programs.
    """

    data: Path
    port: int
    programs: Path

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://tester@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """The URL of a new, empty database."""
        self._run(
            "psql",
            "-h127.0.0.1",
            f"-p{self.port}",
            "-Utester",
            "-dpostgres",
            "-qc",
            f'CREATE DATABASE "{name}"',
        )
        return self.url(name)

    def restart(self) -> None:
        """Stop as a crash does, without a checkpoint, and start again."""
        self.control("restart", "-m", "immediate")

    def control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", *words)

    def _run(self, program: str, *words: object) -> None:
        command = [*_as_somebody(), str(self.programs / program), *map(str, words)]
        done = subprocess.run(
            command,
            cwd=self.data.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A new server with fsync on; skips, loudly, where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="interlock-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _somebody())
        server = Postgres(folder / "data", _free_port(), programs)
        server._run("initdb", "-D", server.data, "-Utester", "-Atrust", "-EUTF8", "--no-locale")
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={server.port} -c fsync=on"
            f" -c unix_socket_directories={folder} -c max_connections=60"
        )
        server.control("-o", options, "start")
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    found = [*installed, *([Path(on_path).parent] if on_path else [])]
    return next((each for each in found if (each / "pg_ctl").exists()), None)


def _somebody() -> str:
    """A user who is not root, as whom the server may run."""

    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _as_somebody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_somebody()}", f"--regid={_group()}", "--clear-groups"]


def _group() -> str:

    return str(pwd.getpwnam(_somebody()).pw_gid)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
