"""A member's copy of a team's log, which several processes of that member keep up at once."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from interlock.adapters import log_wire as wire
from interlock.adapters.log import LogReader
from interlock.adapters.log_client import TeamLog
from interlock.adapters.log_worker import LogService
from interlock.adapters.remote import Answer, Remote
from interlock.admission import Recovery, Root, statement_of
from interlock.errors import DamagedCopyError, LogRolledBackError
from interlock.ledger import EMPTY_ROOT, audit, base64_text, sign
from tests.fakes import LOG_SIGNER, ORIGIN, TRUST, WITNESS, WITNESS_SIGNER, act, open_log
from tests.served import served
from tests.team import ROOT_KEY, Team, keyring, team_in_threads


class Interrupted(Remote):
    """A service that things happen to just after it has said what its newest checkpoint is."""

    def __init__(self, url: str, *meanwhile: Callable[[], object]) -> None:
        super().__init__(url, name="the log service")
        self.meanwhile = list(meanwhile)

    def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        answer = super().ask(method, path, body)
        while path in {wire.CHECKPOINT, wire.REFRESH} and self.meanwhile:
            self.meanwhile.pop(0)()
        return answer


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with team_in_threads(tmp_path, f"sqlite:///{tmp_path}/log.sqlite") as made:
        yield made


def interrupted(team: Team, *meanwhile: Callable[[], object]) -> TeamLog:
    """The member's copy in a process that is slow to read the service's answer."""
    return after_an_answer(team.client(), Interrupted(team.service.url, *meanwhile))


def after_an_answer(log: TeamLog, service: Interrupted) -> TeamLog:
    log._remote.close()
    log._remote = service
    return log


@pytest.mark.parametrize("known", [True, False])
def test_what_another_process_takes_in_meanwhile_is_no_rollback(team: Team, known: bool) -> None:
    with team.client() as fast:
        if known:
            fast.catch_up()
        meanwhile = (lambda: fast.append(team.hold(1)), fast.catch_up)
        with interrupted(team, *meanwhile) as slow:
            slow.catch_up()
            assert slow.size == fast.size == 2
            audit(slow.leaves(), slow.note(), team.root.trust)


def test_what_another_process_took_in_too_late_does_not_hide_what_is_newer(team: Team) -> None:
    asked, go_on = threading.Event(), threading.Event()
    with (
        ThreadPoolExecutor(1) as pool,
        team.client("other") as other,
        interrupted(team, asked.set, go_on.wait) as early,
    ):
        done = pool.submit(early.catch_up)
        asked.wait()
        other.append(team.hold(1))
        with interrupted(team, go_on.set, done.result) as late:
            late.catch_up()
            assert late.size == 2


def test_a_refresh_during_which_another_process_takes_in_more_is_no_rollback(team: Team) -> None:
    with team.client() as fast:
        fast.catch_up()
        meanwhile = (lambda: fast.append(team.hold(1)), fast.catch_up)
        with interrupted(team, *meanwhile) as slow:
            assert team.root.trust.open(slow.refresh()).checkpoint.size == 1
            assert slow.size == 2


def test_processes_of_one_member_share_a_new_copy_and_each_finds_its_own_acts(team: Team) -> None:
    def append_some(process: int) -> None:
        for n in range(6):
            with team.client() as log:
                mine = team.hold(f"{process}-{n}")
                index = log.append(mine).index
                log.catch_up()
                (found,) = log.entries(index, index + 1)
                assert found.identity == mine.identity

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append_some, range(4)))
    with team.client() as log:
        assert audit(log.leaves(), log.note(), team.root.trust).cosigned.checkpoint.size == 25


@dataclass
class Restored:
    """A log of three entries, as it was served, and restored from a copy of its first."""

    folder: Path
    root: Root
    lost: str
    restored: str

    def client(self, url: str, *meanwhile: Callable[[], object]) -> TeamLog:
        log = TeamLog(
            self.folder / "copy.sqlite", root=self.root, url=url, token=self.folder / "token"
        )
        return after_an_answer(log, Interrupted(url, *meanwhile))


@contextmanager
def restored_log(folder: Path, *, admitted: bool) -> Iterator[Restored]:
    root = Root(
        origin=ORIGIN,
        log_key=base64_text(LOG_SIGNER.public_key),
        witness_name=WITNESS,
        witness_key=base64_text(WITNESS_SIGNER.public_key),
        root_keys=(base64_text(ROOT_KEY.public_key),),
        threshold=1,
        minimum_size=0,
        minimum_root_hash=EMPTY_ROOT.hex(),
        max_age_seconds=7 * 24 * 3600,
    )
    lost, restored = open_log(folder / "lost.sqlite"), folder / "restored.sqlite"
    lost.append(keyring(root))
    lost.copy_to(restored)
    before = TRUST.open(lost.note()).checkpoint
    for n in range(2):
        lost.append(act(n))
    gone = TRUST.open(lost.note()).checkpoint
    log = open_log(restored)
    if admitted:
        recovery = Recovery(
            size=before.size,
            root_hash=before.root.hex(),
            lost_size=gone.size,
            lost_root_hash=gone.root.hex(),
            reason="the disk broke",
        )
        log.append(sign(statement_of(recovery), ROOT_KEY))
    with (
        served(lambda: LogService(lost, root).application()) as old,
        served(lambda: LogService(log, root).application()) as new,
    ):
        yield Restored(folder, root, old.url, new.url)


def test_a_log_that_shows_less_than_the_copy_is_still_a_rollback(tmp_path: Path) -> None:
    with restored_log(tmp_path, admitted=False) as made:
        with made.client(made.lost) as log:
            log.catch_up()
        with made.client(made.restored) as log, pytest.raises(LogRolledBackError):
            log.catch_up()


def test_of_two_processes_that_see_a_restored_log_one_keeps_the_old_copy(tmp_path: Path) -> None:
    with restored_log(tmp_path, admitted=True) as made:
        with made.client(made.lost) as log:
            log.catch_up()
            assert log.size == 3
        with made.client(made.restored) as fast, made.client(made.restored, fast.catch_up) as slow:
            slow.catch_up()
            assert slow.size == fast.size == 2
    (kept,) = tmp_path.glob("copy.sqlite.replaced-*")
    with LogReader(kept, trust=TRUST) as old:
        assert audit(old.leaves(), old.note(), TRUST).cosigned.checkpoint.size == 3


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE checkpoint SET frontier = x'00'",
        "UPDATE checkpoint SET frontier = zeroblob(32)",
        "UPDATE checkpoint SET note = 'nobody signed this'",
        "DELETE FROM entry",
    ],
)
def test_a_copy_that_contradicts_itself_is_fetched_anew(team: Team, damage: str) -> None:
    with team.client() as log:
        log.catch_up()
    with closing(sqlite3.connect(team.folder / "member.sqlite")) as copy:
        copy.execute(damage)
        copy.commit()
    with team.client() as log:
        log.catch_up()
        audit(log.leaves(), log.note(), team.root.trust)
        assert log.size == 1


def test_a_copy_that_is_no_database_is_named(team: Team) -> None:
    file = team.folder / "member.sqlite"
    file.write_bytes(b"no database " * 400)
    with pytest.raises(DamagedCopyError) as caught:
        team.client()
    assert str(file) in str(caught.value)
    file.unlink()
    with team.client() as log:
        log.catch_up()
        assert log.size == 1
