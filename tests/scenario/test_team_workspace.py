"""A workspace whose log is a team's: every action works, and old or forked logs are refused."""

import dataclasses
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner

from interlock.adapters.backup import backup
from interlock.adapters.cosigning import RemoteWitness
from interlock.adapters.keys import KeyStore
from interlock.adapters.log import LogReader
from interlock.adapters.log_client import TeamLog
from interlock.adapters.log_worker import LogService
from interlock.adapters.sql_log import SqlLog
from interlock.adapters.witness import Witness
from interlock.adapters.witness_worker import application
from interlock.admission import Hold
from interlock.app import (
    check_decision,
    history,
    hold,
    join_team,
    open_workspace,
    pin_minimum,
    restore_log,
    verify_log,
)
from interlock.app.places import locate
from interlock.app.workspace import Workspace
from interlock.cli import main
from interlock.errors import (
    BelowMinimumError,
    DoesNotHoldError,
    InterlockError,
    LogRolledBackError,
    NotHolderError,
    RefusedActError,
    ServiceRefusedError,
    UnavailableError,
    WitnessRefusedError,
)
from interlock.ledger import Envelope, NoteKey, Receipt, Trust, audit, dump
from tests.board import DEPLOYMENT, PASSPHRASE, Board, board_at, rows
from tests.served import Thread, served

DAY_S = 24 * 3600


@dataclass
class Office:
    """A board whose log is served, with everything at hand.

    Attributes:
        board: The board; its workspace is a client of the service.
        service: The log service.
        witness: The witness.
    """

    board: Board
    service: Thread
    witness: Thread

    def member(self, name: str, *, root: bytes | None = None) -> Workspace:
        """The workspace of somebody else, made of root.json and the service's URL alone."""
        folder = self.board.folder / name / "board"
        if not folder.exists():
            folder.mkdir(parents=True)
            settings = (self.board.place / "interlock.yaml").read_bytes()
            (folder / "interlock.yaml").write_bytes(settings)
            given = root or (self.board.place / "root.json").read_bytes()
            (folder / "root.json").write_bytes(given)
        return open_workspace(folder, home=folder.parent / "home", clock=self.board.clock)

    def standing(self, work: Workspace) -> str:
        """``holds``, or why the decision does not hold for somebody."""
        try:
            check_decision(work, self.board.made["decision"], deployment=DEPLOYMENT)
        except DoesNotHoldError as error:
            return error.reason
        return "holds"


@contextmanager
def office_of(board: Board) -> Iterator[Office]:
    """The board's own log, moved behind a service and a witness with the keys its root names."""
    place = locate(board.place, home=board.home)
    secret, root = place.secret.read_text(), place.root
    keys, memory = KeyStore(place.home), board.folder / "memory"
    memory.mkdir(exist_ok=True)
    witness = Witness(
        memory,
        name=root.witness_name,
        signer=keys.open("witness", secret),
        logs=[NoteKey.of_log(root.origin, root.trust.log_key)],
        clock=board.clock,
    )
    board.close_all()
    with served(lambda: application(witness)) as witnessing:
        key = NoteKey.of_witness(root.witness_name, root.trust.witness_key)

        def service() -> web.Application:
            log = SqlLog(
                board.log_file,
                origin=root.origin,
                signer=keys.open("log", secret),
                witness=RemoteWitness(witnessing.url, key),
                clock=board.clock,
            )
            return LogService(log, root).application()

        with served(service) as serving:
            settings = board.place / "interlock.yaml"
            settings.write_text(f"products: [assistant]\nlog_service: {serving.url}\n", "utf-8")
            yield Office(board, serving, witnessing)
            board.close_all()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with board_at("decided", tmp_path / "own") as board, office_of(board) as made:
        yield made


def test_the_whole_line_runs_through_a_service(tmp_path: Path) -> None:
    with board_at("convened", tmp_path / "own") as board, office_of(board):
        verdict = board.judged(rows(harm=3)).verdict.identity
        assessment = board.assess(verdict)
        board.vote_all(assessment)
        decision = board.close(assessment)
        assert isinstance(board.work.log, TeamLog)
        assert board.standing(decision) == "holds"
        assert board.bundle_standing(decision) == "holds"
        assert verify_log(board.work).refused == ()


def test_a_member_with_root_json_alone_reads_checks_and_acts(office: Office) -> None:
    with closing(office.member("guest")) as guest:
        assert office.standing(guest) == "holds"
        eve = guest.keys.create("eve", PASSPHRASE)
        with pytest.raises(RefusedActError) as caught:
            hold(guest, office.board.made["decision"], "seen", signer=eve)
        assert caught.value.reason == "unknown-signer"


def test_what_one_member_does_the_other_sees(office: Office) -> None:
    with closing(office.member("guest")) as guest:
        assert office.standing(guest) == "holds"
        office.board.work.append(other_hold(1), office.board.key("carol"))
        assert guest.state().size == office.board.work.state().size


def test_a_team_log_is_read_on_and_not_anew(office: Office) -> None:
    work = office.board.work
    before = work.state()
    work.append(other_hold(1), office.board.key("carol"))
    after = work.state()
    assert after.size == before.size + 1
    assert before.size == after.size - 1
    assert verify_log(work).accepted == len(after.accepted)


def other_hold(n: int) -> Hold:
    return Hold(product=f"other {n}", system="a" * 64, reason="a test", previous="")


def test_cut_off_a_check_holds_until_the_allowed_age_and_then_does_not(office: Office) -> None:
    with closing(office.member("guest")) as guest:
        assert office.standing(guest) == "holds"
        assert guest.log.unreachable == ""
        office.service.cut_off()
        office.board.clock.forward(6 * DAY_S)
        assert office.standing(guest) == "holds"
        size = guest.root.trust.open(guest.log.note()).checkpoint.size
        assert f"as of checkpoint {size}" in guest.log.unreachable
        office.board.clock.forward(2 * DAY_S)
        assert office.standing(guest) == "stale-checkpoint"


def test_a_frozen_log_goes_stale_even_while_it_answers(office: Office) -> None:
    with closing(office.member("guest")) as guest:
        assert office.standing(guest) == "holds"
        office.witness.cut_off()
        office.board.clock.forward(6 * DAY_S)
        assert office.standing(guest) == "holds"
        office.board.clock.forward(2 * DAY_S)
        assert office.standing(guest) == "stale-checkpoint"


def test_cut_off_nothing_is_put_on_the_log(office: Office) -> None:
    with closing(office.member("guest")) as guest:
        guest.state()
        office.service.cut_off()
        with pytest.raises(UnavailableError):
            guest.append(other_hold(1), office.board.key("carol"))
    with pytest.raises(UnavailableError), closing(office.member("newcomer")) as newcomer:
        newcomer.state()


@dataclass
class Rollback:
    """A service that shows an older log than it has shown.

    Attributes:
        board: Its board.
        older: The log's file as it was.
    """

    board: Board
    older: Path

    @contextmanager
    def shown(self) -> Iterator[Office]:
        """The older log, by a service that has a witness without memory."""
        shutil.rmtree(self.board.folder / "memory")
        with self.forked() as made:
            yield made

    @contextmanager
    def forked(self) -> Iterator[Office]:
        """The older log, by a service whose witness remembers the newer one."""
        self.board.close_all()
        for suffix in ("-shm", "-wal", ""):
            Path(f"{self.board.log_file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.older, self.board.log_file)
        with office_of(self.board) as made:
            yield made


@pytest.fixture
def rollback(tmp_path: Path) -> Iterator[Rollback]:
    """A log of which everybody has seen more than is shown from now on."""
    with board_at("decided", tmp_path / "own") as board:
        older = tmp_path / "older.sqlite"
        with (
            closing(sqlite3.connect(board.log_file)) as source,
            closing(sqlite3.connect(older)) as copy,
        ):
            source.backup(copy)
        with office_of(board) as made:
            board.work.append(other_hold(1), board.key("carol"))
            for name in ("guest", "early"):
                with closing(made.member(name)) as member:
                    member.state()
        yield Rollback(board, older)


def moved(office: Office, name: str) -> None:
    """Let a member's settings name where the service is now."""
    settings = (office.board.place / "interlock.yaml").read_bytes()
    (office.board.folder / name / "board" / "interlock.yaml").write_bytes(settings)


def test_a_rolled_back_log_is_refused_by_whoever_has_seen_more(rollback: Rollback) -> None:
    with rollback.shown() as office:
        moved(office, "guest")
        with closing(office.member("guest")) as guest:
            with pytest.raises(LogRolledBackError):
                guest.state()
            # The copy is still what it was, and no reading of it hides the refusal.
            with pytest.raises(LogRolledBackError):
                office.standing(guest)


def test_a_rolled_back_log_is_refused_without_the_copy_by_memory_alone(
    rollback: Rollback,
) -> None:
    with rollback.shown() as office:
        moved(office, "guest")
        home = locate(rollback.board.folder / "guest" / "board", home=home_of(rollback, "guest"))
        home.mirror.unlink()
        with closing(office.member("guest")) as guest, pytest.raises(InterlockError):
            guest.state()


def home_of(rollback: Rollback, name: str) -> Path:
    return rollback.board.folder / name / "home"


def test_a_rewritten_log_of_the_same_length_is_refused(rollback: Rollback) -> None:
    with rollback.shown() as office:
        office.board.home.rename(office.board.folder / "forgotten")
        shutil.copytree(office.board.folder / "forgotten", office.board.home)
        shutil.rmtree(next(office.board.home.iterdir()) / "seen")
        locate(office.board.place, home=office.board.home).mirror.unlink()
        office.board.work.append(other_hold(2), office.board.key("carol"))
        moved(office, "guest")
        with closing(office.member("guest")) as guest, pytest.raises(LogRolledBackError):
            guest.state()


def test_a_newcomer_refuses_a_rolled_back_log_through_the_pinned_minimum(
    rollback: Rollback,
) -> None:
    with closing(LogReader(rollback.board.log_file, trust=trust_of(rollback))) as log:
        seen = log.trust.open(log.note()).checkpoint
    root = locate(rollback.board.place, home=rollback.board.home).root
    pinned = dataclasses.replace(root, minimum_size=seen.size, minimum_root_hash=seen.root.hex())
    readings: tuple[Callable[[Workspace], object], ...] = (
        Workspace.state,
        verify_log,
        history,
        pin_minimum,
        office_check(rollback),
    )
    with rollback.shown() as office:
        with closing(office.member("newcomer", root=dump(pinned))) as newcomer:
            for reading in readings:
                with pytest.raises(BelowMinimumError):
                    reading(newcomer)
            assert newcomer.path("root.json").read_bytes() == dump(pinned)
            assert newcomer.keys.last_seen(pinned.origin) is None
        with closing(office.member("trusting")) as trusting:
            assert office.standing(trusting) == "holds"


def office_check(rollback: Rollback) -> Callable[[Workspace], object]:
    decision = rollback.board.made["decision"]
    return lambda work: check_decision(work, decision, deployment=DEPLOYMENT)


def test_joining_a_log_below_the_pinned_minimum_leaves_nothing_behind(office: Office) -> None:
    root = dataclasses.replace(office.board.work.root, minimum_size=900, minimum_root_hash="a" * 64)
    given, folder = office.board.folder / "given.json", office.board.folder / "late"
    given.write_bytes(dump(root))
    with pytest.raises(BelowMinimumError):
        join_team(folder / "board", given, office.service.url, home=folder / "home")
    assert not (folder / "board").exists()
    assert not list((folder / "home").iterdir())


def test_a_witness_that_refuses_ends_a_check_and_says_why(rollback: Rollback) -> None:
    with rollback.forked() as office, closing(office.member("newcomer")) as newcomer:
        assert newcomer.state().size
        with pytest.raises(WitnessRefusedError) as caught:
            office.standing(newcomer)
        assert "has seen" in str(caught.value)


def test_what_is_not_cosigned_anew_is_said(office: Office) -> None:
    with closing(office.member("guest")) as guest:
        assert office.standing(guest) == "holds"
        office.witness.cut_off()
        assert office.standing(guest) == "holds"
        assert "the witness" in guest.log.unreachable
        assert "as of checkpoint" in guest.log.unreachable


def test_a_hold_that_waits_for_the_witness_stops_the_release(office: Office) -> None:
    decision = office.board.made["decision"]
    with closing(office.member("guest")) as guest:
        assert office.standing(guest) == "holds"
        office.witness.cut_off()
        with pytest.raises(UnavailableError):
            hold(office.board.work, decision, "seen", signer=office.board.key("carol"))
        assert office.standing(guest) == "unpublished"
        assert "the witness" in guest.log.unreachable


def trust_of(rollback: Rollback) -> Trust:
    return locate(rollback.board.place, home=rollback.board.home).root.trust


def test_pinning_makes_the_log_as_it_is_the_least_that_is_believed(office: Office) -> None:
    work = office.board.work
    root = pin_minimum(work)
    office.board.close_all()
    assert office.board.work.root == root
    assert root.minimum_size == office.board.work.state().size
    assert office.standing(office.board.work) == "holds"


def test_a_backup_of_a_team_log_is_whole_with_every_record(office: Office, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with closing(office.member("guest")) as guest:
        guest.state()
        backup(guest.log, copy)
        with closing(LogReader(copy, trust=guest.root.trust)) as log:
            audit(log.leaves(), log.note(), guest.root.trust)
            with closing(LogReader(office.board.log_file, trust=guest.root.trust)) as original:
                assert log.record_digests() == original.record_digests()


def test_a_team_log_is_not_restored_from_a_members_place(office: Office, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    backup(office.board.work.log, copy)
    with pytest.raises(NotHolderError):
        restore_log(
            office.board.place, copy, "a test", home=office.board.home, passphrase=PASSPHRASE
        )


def test_an_assessment_is_taken_only_with_the_fields_its_manifest_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with board_at("judged", tmp_path / "own") as board, office_of(board):
        log = board.work.log
        assert isinstance(log, TeamLog)
        append = log.append

        def forgetful(envelope: Envelope, **said: Any) -> Receipt:
            return append(envelope, **said | {"records": tuple(said["records"])[:-1]})

        monkeypatch.setattr(log, "append", forgetful)
        with pytest.raises(ServiceRefusedError) as caught:
            board.assess(board.made["verdict"])
        assert caught.value.reason == "unsent-record"


def test_an_empty_name_of_a_root_of_ones_own_is_nobody_believed(office: Office) -> None:
    place = ["--workspace", str(office.board.place), "check", office.board.made["decision"]]
    for said in ("", "nowhere.json"):
        done = CliRunner(env={"INTERLOCK_ROOT": said}).invoke(main, place)
        assert done.exit_code == 2, done.output
        assert "root" in done.stderr.lower() or said in done.stderr


def test_commands_say_as_of_when_they_speak_and_that_nothing_was_written(office: Office) -> None:
    with closing(office.member("guest")) as guest:
        guest.state()
    office.service.cut_off()
    folder = office.board.folder / "guest"
    environment = {"INTERLOCK_HOME": str(folder / "home"), "INTERLOCK_PASSPHRASE": PASSPHRASE}
    run = CliRunner(env=environment).invoke
    place = ["--workspace", str(folder / "board")]
    listed = run(main, [*place, "ledger", "list"])
    assert listed.exit_code == 0
    assert "cannot be reached" in listed.stderr
    told = json.loads(run(main, [*place, "ledger", "list", "--json"]).stdout)
    assert told["offline"].startswith("as of checkpoint ")
    place_of = locate(folder / "board", home=folder / "home")
    shutil.copytree(
        locate(office.board.place, home=office.board.home).home / "keys",
        place_of.home / "keys",
        dirs_exist_ok=True,
    )
    decision = office.board.made["decision"]
    faulty = run(main, [*place, "hold", decision, "--reason", "seen", "--as", "carol"])
    assert faulty.exit_code == 5, faulty.output
    assert "cannot be reached" in faulty.stderr
