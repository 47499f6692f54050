"""Eight processes at one team's log, while writers, workers, witness and database die."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from interlock.ledger import audit
from tests.conformance.test_tlog_witness import witness_in
from tests.postgres import Postgres, running_postgres
from tests.prove.kill import READY, ROOT, killed_at_random
from tests.prove.witness_forever import submission
from tests.team import ServedTeam, team_on

pytestmark = pytest.mark.prove

WRITERS, ACTS, WORKERS = 8, 200, 3
KILLED_AFTER, DISTURBED_AFTER = 60, 400


@dataclass
class Writer:
    """A process that appends, and what was acknowledged to it."""

    process: "subprocess.Popen[str]"
    acknowledged: list[str] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # A last line without its end was being written when the process died.
            if line.endswith("\n") and line.strip() != READY:
                self.acknowledged.append(line.strip())


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/log.sqlite"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database(tmp_path.name)


@contextmanager
def writing(team: ServedTeam) -> Iterator[list[Writer]]:
    """Eight writers at once, until all have ended."""
    command = [sys.executable, "-m", "tests.prove.team_writer", str(team.folder), team.service.url]
    writers = [
        Writer(
            subprocess.Popen(
                [*command, f"writer-{k}", str(ACTS)], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
        )
        for k in range(WRITERS)
    ]
    listening = [threading.Thread(target=one.listen) for one in writers]
    for one in listening:
        one.start()
    try:
        yield writers
    finally:
        for one in listening:
            one.join()
        for writer in writers:
            # Its output has been read to the end; this closes it.
            writer.process.communicate()


def when(acknowledged: Callable[[], int], enough: int, writers: list[Writer]) -> None:
    """Wait until so many acts are acknowledged, however slow the machine is."""
    while acknowledged() < enough:
        assert any(one.process.poll() is None for one in writers), "all writers have ended"
        time.sleep(0.01)


def survives(team: ServedTeam, disturb: Callable[[ServedTeam], object]) -> None:
    """Kill one writer and disturb the rest; every acknowledged act is on one whole log, once."""
    with writing(team) as writers:
        when(lambda: len(writers[0].acknowledged), KILLED_AFTER, writers)
        writers[0].process.kill()
        total = sum(len(one.acknowledged) for one in writers)
        when(
            lambda: sum(len(one.acknowledged) for one in writers),
            max(total, DISTURBED_AFTER),
            writers,
        )
        disturb(team)
    assert [one.process.returncode for one in writers[1:]] == [0] * (WRITERS - 1)
    given = [name for one in writers for name in one.acknowledged]
    assert len(given) == len(set(given)) >= (WRITERS - 1) * ACTS + KILLED_AFTER
    with team.client("auditor") as log:
        log.catch_up()
        shown = log.note()
        size = audit(log.leaves(), shown, team.root.trust).cosigned.checkpoint.size
        found = [entry.identity for entry in log.entries()]
    assert len(found) == size == len(set(found))
    assert set(given) <= set(found)
    # Beyond the keyring and what was acknowledged, only the one act whose answer nobody heard.
    assert size - 1 - len(given) in {0, 1}


def test_one_log_comes_out_when_a_writer_and_a_worker_are_killed(
    tmp_path: Path, database: str
) -> None:
    with team_on(tmp_path, database, workers=WORKERS) as team:
        survives(team, lambda it: it.service.kill_worker())


def test_one_log_comes_out_when_its_database_is_restarted_underneath(
    tmp_path: Path, postgres: Postgres
) -> None:
    with team_on(tmp_path, postgres.new_database(tmp_path.name), workers=WORKERS) as team:
        survives(team, lambda _: postgres.restart())


def test_one_log_comes_out_when_service_and_witness_are_killed_and_started_again(
    tmp_path: Path, database: str
) -> None:
    def disturb(team: ServedTeam) -> None:
        team.witness.kill()
        team.service.kill()
        team.witness = team.witness.again()
        team.service = team.service.again()

    with team_on(tmp_path, database, workers=WORKERS) as team:
        survives(team, disturb)


def test_a_killed_witness_remembers_all_it_vouched_for(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    vouched = known = 0
    for _ in range(25):
        told = killed_at_random("tests.prove.witness_forever", [tmp_path], rng=rng)
        vouched = max([vouched, *map(int, told)])
        answer = witness_in(tmp_path).answer(submission(vouched + 10, vouched + 11))
        before, known = known, int(answer.body)
        # One more than anybody was told may be on disk after each kill, never one less.
        assert vouched <= known <= max(vouched, before) + 1
    assert vouched
