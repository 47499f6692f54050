"""A team on one machine: a witness, a log service with workers, and a person who holds releases."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import web

from interlock.adapters.keys import KeyStore
from interlock.adapters.log_client import TeamLog
from interlock.adapters.log_worker import LogService
from interlock.adapters.service_files import (
    LOG_KEY,
    ServiceFolder,
    create_witness,
    open_witness,
)
from interlock.adapters.witness_worker import application
from interlock.admission import (
    Enrolment,
    Hold,
    Keyring,
    Root,
    countersign,
    enrol,
    statement_of,
)
from interlock.ledger import EMPTY_ROOT, Envelope, NoteKey, base64_text, sign
from tests.fakes import MemorySigner
from tests.served import served

ROOT = Path(__file__).parents[1]
SECRET = "a machine's secret"  # noqa: S105 - keys that live for one test
ROOT_KEY = MemorySigner("team root")
PEOPLE = {"carol": ("chair", "on-call"), "olaf": ("on-call",)}


@dataclass
class Served:
    """A service in processes of its own.

    Attributes:
        process: The supervisor.
        url: Where it answers.
        command: What started it, so that it can be started again at the same place.
    """

    process: "subprocess.Popen[str]"
    url: str
    command: tuple[str, ...]

    def workers(self) -> list[int]:
        """Process ids of its workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(one) for one in children.split()]

    def kill_worker(self) -> int:
        """Kill one worker, as the machine would."""
        pid = self.workers()[0]
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill(self) -> None:
        """Kill all of it at once."""
        for pid in [self.process.pid, *self.workers()]:
            os.kill(pid, signal.SIGKILL)
        self.process.communicate()

    def end(self) -> int:
        """End it gracefully; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate()
        return self.process.returncode

    def again(self) -> "Served":
        """The same service at the same place, started anew."""
        what, folder, _, *rest = self.command
        return started(what, folder, self.url.rpartition(":")[2], *rest)


def started(*command: object) -> Served:
    """What a command of `tests.serve` serves."""
    words = tuple(map(str, command))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.serve", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    if not said.startswith("serving at "):
        process.communicate()
        raise AssertionError(f"{words} ended with {process.returncode}")
    return Served(process, said.removeprefix("serving at "), words)


class Place(Protocol):
    """Somewhere that answers."""

    url: str


@dataclass
class Team:
    """A team's log and everything that serves it, in processes or in threads of the test.

    Attributes:
        folder: Holds the service's folder, the witness's, and the members' copies.
        service: The log service.
        witness: The witness.
        root: The log's root.
    """

    folder: Path
    service: Place
    witness: Place
    root: Root

    def client(self, name: str = "member") -> TeamLog:
        """The log as a member sees it, with a copy of the member's own."""
        place = self.folder / f"{name}.sqlite"
        token = self.folder / f"{name}.token"
        return TeamLog(place, root=self.root, url=self.service.url, token=token)

    def hold(self, n: object) -> Envelope:
        """A hold on one of many products, which is admissible whatever else is on the log."""
        act = Hold(product=f"product {n}", system="a" * 64, reason="a test", previous="")
        return sign(statement_of(act), MemorySigner("carol"))


@dataclass
class ServedTeam(Team):
    """A team whose services are processes, which can be killed and started again."""

    service: Served
    witness: Served

    def end(self) -> None:
        """End what serves now, which a test may have started anew."""
        self.service.end()
        self.witness.end()


@contextmanager
def team_on(folder: Path, database: str, *, workers: int = 2) -> Iterator[ServedTeam]:
    """A team whose log is in a database, with its people enrolled."""
    root, known = _founded(folder)
    with ExitStack() as stack:
        witness = started("witness", folder / "witness", 0, known)
        stack.callback(witness.end)
        ServiceFolder(folder / "service").create(
            root, database=database, witness=witness.url, secret=SECRET
        )
        log = started("log", folder / "service", 0, workers)
        team = ServedTeam(folder, log, witness, root)
        stack.callback(team.end)
        _enrolled(team)
        yield team


@contextmanager
def team_in_threads(folder: Path, database: str, *, token: str | None = None) -> Iterator[Team]:
    """The same in one process, for what needs no process to die."""
    root, known = _founded(folder)
    witness = open_witness(folder / "witness", logs=[NoteKey.read(known)])
    service = ServiceFolder(folder / "service")
    with served(lambda: application(witness)) as witnessing:
        service.create(root, database=database, witness=witnessing.url, secret=SECRET)
        service.begin()

        def make() -> web.Application:
            return LogService(service.open_log(), root, token=token).application()

        with served(make) as serving:
            team = Team(folder, serving, witnessing, root)
            if token is None:
                _enrolled(team)
            yield team


def _founded(folder: Path) -> tuple[Root, str]:
    """A new team's root, and its log's verifier key; both folders hold their keys."""
    witness_key = create_witness(folder / "witness", "witness.example/one")
    log_key = KeyStore(folder / "service").create(LOG_KEY, SECRET).public_key
    root = Root(
        origin="interlock.example/team",
        log_key=base64_text(log_key),
        witness_name=witness_key.name,
        witness_key=base64_text(witness_key.key),
        root_keys=(base64_text(ROOT_KEY.public_key),),
        threshold=1,
        minimum_size=0,
        minimum_root_hash=EMPTY_ROOT.hex(),
        max_age_seconds=7 * 24 * 3600,
    )
    return root, NoteKey.of_log(root.origin, log_key).text


def _enrolled(team: Team) -> None:
    with team.client("founder") as founder:
        founder.append(keyring(team.root))


def keyring(root: Root) -> Envelope:
    """Everybody is enrolled; each vouches for the other."""
    names = list(PEOPLE)
    people: list[Enrolment] = []
    for name, other in zip(names, reversed(names), strict=True):
        asked = enrol(root.origin, name=name, roles=PEOPLE[name], signer=MemorySigner(name))
        beside = MemorySigner(other)
        people.append(countersign(root.origin, asked, countersigner=other, signer=beside))
    act = Keyring(previous="", people=tuple(sorted(people, key=lambda one: one.name)))
    return sign(statement_of(act), ROOT_KEY)


def wait_until(true: object, *, what: str) -> None:
    """Wait for something that another process brings about."""
    assert callable(true)
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, f"{what} has not come about in a minute"
        time.sleep(0.05)
