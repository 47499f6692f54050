"""A team's log behind a real service, witness and database: what it takes, and what it survives."""

import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from interlock.adapters.cosigning import OwnWitness
from interlock.adapters.remote import Remote
from interlock.adapters.service_files import ServiceFolder
from interlock.adapters.sql_log import SqlLog
from interlock.admission import Adoption, statement_of
from interlock.errors import (
    BadTokenError,
    InvalidCheckpointError,
    LogMovedError,
    RecordMissingError,
    RefusedActError,
    ServiceRefusedError,
    TokenRefusedError,
    UnavailableError,
    WitnessRefusedError,
)
from interlock.ledger import Envelope, Signature, audit, digest, dump, parse_statement, sign
from tests.fakes import (
    LOG_SIGNER,
    ORIGIN,
    TRUST,
    WITNESS,
    WITNESS_SIGNER,
    MemorySigner,
    StepClock,
    act,
)
from tests.postgres import Postgres, running_postgres
from tests.team import ROOT_KEY, ServedTeam, Team, keyring, team_in_threads, team_on, wait_until

SURROGATE = json.dumps(
    {"envelope": act(1).to_json(), "records": ["\ud800"], "expected_size": None}
).encode()
DATABASES = ("sqlite", "postgres")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/log.sqlite"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database(tmp_path.name)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with team_in_threads(tmp_path, f"sqlite:///{tmp_path}/log.sqlite") as made:
        yield made


@pytest.fixture
def served_team(tmp_path: Path) -> Iterator[ServedTeam]:
    with team_on(tmp_path, f"sqlite:///{tmp_path}/log.sqlite", workers=1) as made:
        yield made


def opened(database: str, *, create: bool = False) -> SqlLog:
    return SqlLog(
        database,
        origin=ORIGIN,
        signer=LOG_SIGNER,
        witness=OwnWitness(WITNESS, WITNESS_SIGNER),
        clock=StepClock(),
        create=create,
    )


def whole(team: Team) -> list[str]:
    """The identities on the log, as a newcomer finds it who audits it from its first entry."""
    with team.client("auditor") as reader:
        reader.catch_up()
        note = reader.note()
        audit(reader.leaves(), note, team.root.trust)
        return [entry.identity for entry in reader.entries()]


def test_of_two_who_append_at_once_one_is_told_that_the_log_moved(database: str) -> None:
    opened(database, create=True).close()
    both = threading.Barrier(2)

    def append(n: int) -> tuple[int, ...]:
        with closing(opened(database)) as log:
            both.wait()
            try:
                log.append(act(n), expected_size=0)
            except LogMovedError as error:
                return (error.expected, error.size)
            return ()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(append, (1, 2))) == [(), (0, 1)]
    with closing(opened(database)) as log:
        assert audit(log.leaves(), log.note(), TRUST).cosigned.checkpoint.size == 1


def test_several_members_append_at_once_and_every_act_lands_once(
    database: str, tmp_path: Path
) -> None:
    with team_on(tmp_path, database, workers=2) as team:

        def some(member: int) -> list[str]:
            with team.client(f"member{member}") as log:
                acts = [team.hold(f"{member}-{n}") for n in range(15)]
                for each in acts:
                    receipt = log.append(each)
                    assert log.append(each) == receipt
                return [each.identity for each in acts]

        with ThreadPoolExecutor(3) as pool:
            given = [name for names in pool.map(some, range(3)) for name in names]
        found = whole(team)
    assert sorted(found[1:]) == sorted(given)


def test_acts_land_once_while_the_database_restarts_and_a_worker_dies(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.new_database(tmp_path.name)
    with team_on(tmp_path, url, workers=2) as team, team.client() as log:
        killed = team.service.kill_worker()
        postgres.restart()
        given = [team.hold(n) for n in range(5)]
        for each in given:
            log.append(each)
        postgres.restart()
        late = team.hold("late")
        log.append(late)
        wait_until(
            lambda: len(team.service.workers()) == 2 and killed not in team.service.workers(),
            what="a new worker",
        )
        assert whole(team)[1:] == [each.identity for each in (*given, late)]


def test_without_its_witness_nothing_is_published_and_nothing_is_lost(
    served_team: ServedTeam,
) -> None:
    team = served_team
    with team.client() as log:
        team.witness.kill()
        waiting = team.hold("waiting")
        with pytest.raises(UnavailableError):
            log.append(waiting)
        log.catch_up()
        assert log.size == 1
        assert log.receipt(waiting.identity) is None
        team.witness = team.witness.again()
        other = log.append(team.hold("other"))
        again = log.append(waiting)
        assert (again.index, other.index) == (1, 2)
    assert len(whole(team)) == 3


def test_a_log_that_went_back_is_not_cosigned(team: Team, tmp_path: Path) -> None:
    file = tmp_path / "log.sqlite"
    with team.client() as log:
        with (
            closing(sqlite3.connect(file)) as source,
            closing(sqlite3.connect(tmp_path / "older")) as older,
        ):
            source.backup(older)
        log.append(team.hold(1))
        with (
            closing(sqlite3.connect(tmp_path / "older")) as older,
            closing(sqlite3.connect(file)) as source,
        ):
            older.backup(source)
        with team.client("other") as other, pytest.raises(WitnessRefusedError) as caught:
            other.append(team.hold(2))
        assert "another log" in str(caught.value)


def test_an_act_that_a_rule_forbids_is_refused_with_its_reason(team: Team) -> None:
    with team.client() as log:
        with pytest.raises(RefusedActError) as caught:
            log.append(act(1, by=MemorySigner("stranger")))
        assert caught.value.reason == "unknown-signer"
        assert caught.value.sentence
        with pytest.raises(LogMovedError) as moved:
            log.append(team.hold(1), expected_size=0)
        assert (moved.value.expected, moved.value.size) == (0, 1)
        log.catch_up()
        assert log.size == 1


def test_only_records_that_an_act_names_are_kept(team: Team) -> None:
    hold = team.hold(1)
    stranger = parse_statement(team.hold(2).payload).predicate
    with team.client() as log:
        with pytest.raises(ServiceRefusedError) as caught:
            log.append(hold, records=[dump(stranger)])
        assert caught.value.reason == "unnamed-record"
        with pytest.raises(RecordMissingError):
            log.record(digest(stranger))
        log.catch_up()
        assert log.size == 1


def test_a_service_with_a_token_answers_nobody_without_it(tmp_path: Path) -> None:
    database, word = f"sqlite:///{tmp_path}/log.sqlite", "a word that few know"
    with team_in_threads(tmp_path, database, token=word) as team:
        with team.client("guest") as log, pytest.raises(TokenRefusedError) as caught:
            log.catch_up()
        assert caught.value.file == str(tmp_path / "guest.token")
        (tmp_path / "guest.token").write_text(f"{word}\n", "utf-8")
        with team.client("guest") as log:
            log.append(keyring(team.root))
        remote = Remote(team.service.url, name="the service")
        assert remote.ask("GET", "/healthz").status == 200
        remote.close()


@pytest.mark.parametrize("header", [b"Bearer \xff\xfe", b"Bearer", b"\xc3\xa9", b""])
def test_a_nonsense_header_is_no_token(tmp_path: Path, header: bytes) -> None:
    database = f"sqlite:///{tmp_path}/log.sqlite"
    with team_in_threads(tmp_path, database, token="") as team:
        host, _, port = team.service.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(b"GET /v1/checkpoint HTTP/1.1\r\nHost: a\r\nConnection: close\r\n")
            line.sendall(b"Authorization: " + header + b"\r\n\r\n")
            assert line.makefile("rb").readline().split()[1] == b"401"


@pytest.mark.parametrize("word", ["", "  \n", "two\nlines", "caf\u00e9"])
def test_a_file_that_holds_no_token_opens_nothing(tmp_path: Path, word: str) -> None:
    with team_in_threads(tmp_path / "whole", f"sqlite:///{tmp_path}/log.sqlite") as team:
        for file in (tmp_path / "whole" / "guest.token", tmp_path / "whole" / "service" / "token"):
            file.write_text(word, "utf-8")
        with pytest.raises(BadTokenError) as caught:
            team.client("guest")
        assert caught.value.file == str(tmp_path / "whole" / "guest.token")
        service = ServiceFolder(tmp_path / "whole" / "service")
        with pytest.raises(BadTokenError):
            service.begin()
        with pytest.raises(BadTokenError):
            assert service.token


def test_an_act_is_taken_only_with_the_records_it_takes(team: Team) -> None:
    charter = parse_statement(team.hold(2).payload).predicate
    adopted = sign(statement_of(adoption(digest(charter))), ROOT_KEY)
    with team.client() as log:
        with pytest.raises(ServiceRefusedError) as caught:
            log.append(adopted)
        assert caught.value.reason == "unsent-record"
        assert log.append(adopted, records=[dump(charter)]).index == 1
        assert log.append(adopted).index == 1


def test_sending_an_act_again_fills_in_the_records_that_are_missing(
    team: Team, tmp_path: Path
) -> None:
    charter = parse_statement(team.hold(2).payload).predicate
    adopted = sign(statement_of(adoption(digest(charter))), ROOT_KEY)
    with team.client() as log:
        first = log.append(adopted, records=[dump(charter)])
        with closing(sqlite3.connect(tmp_path / "log.sqlite")) as database:
            database.execute("DELETE FROM record")
            database.commit()
        with pytest.raises(RecordMissingError):
            log.record(digest(charter))
        assert log.append(adopted, records=[dump(charter)]).index == first.index
        assert log.record(digest(charter)) == charter


def adoption(charter: str) -> Adoption:
    return Adoption(
        previous="",
        charter=charter,
        required=("chair",),
        advisory=(),
        retrospective=False,
        recomputation=False,
        standard_parts=(),
        emergency=(),
        ratify_hours=72,
        evidence_days=0,
    )


def test_a_statement_that_stands_is_acknowledged_to_nobody_else(team: Team) -> None:
    hold, founding = team.hold(1), keyring(team.root)
    with team.client() as log:
        first = log.append(hold)
        for envelope in (
            forged(hold),
            forged(founding),
            sign(parse_statement(hold.payload), MemorySigner("olaf")),
        ):
            with pytest.raises(RefusedActError):
                log.append(envelope)
        assert log.append(hold).index == first.index
        assert log.append(founding).index == 0


def test_a_statement_that_waits_is_acknowledged_to_nobody_else(served_team: ServedTeam) -> None:
    team = served_team
    with team.client() as log:
        team.witness.kill()
        waiting = team.hold("waiting")
        with pytest.raises(UnavailableError):
            log.append(waiting)
        team.witness = team.witness.again()
        with pytest.raises(RefusedActError) as caught:
            log.append(sign(parse_statement(waiting.payload), MemorySigner("olaf")))
        assert caught.value.reason == "said-by-another"
        assert log.append(waiting).index == 1


def forged(envelope: Envelope) -> Envelope:
    """The same statement with a signature that nobody gave."""
    return Envelope(envelope.payload, (Signature(envelope.signatures[0].keyid, bytes(64)),))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/statements", b"", 422),
        ("POST", "/v1/statements", b"[1]", 422),
        ("POST", "/v1/statements", b'{"envelope":{},"records":[],"expected_size":null}', 422),
        ("POST", "/v1/statements", b"[" * 100_000, 422),
        ("POST", "/v1/statements", SURROGATE, 422),
        ("POST", "/v1/refresh", b'{"size":"a","root":7}', 422),
        ("GET", "/v1/leaves", None, 400),
        ("GET", "/v1/leaves?start=-1&stop=2", None, 400),
        ("GET", "/v1/records/" + "0" * 64, None, 404),
        ("GET", "/v1/receipts/" + "0" * 64, None, 404),
        ("GET", "/v1/nothing", None, 404),
        ("DELETE", "/v1/statements", None, 405),
    ],
)
def test_every_refusal_is_a_code_and_a_message(
    shared_team: Team, method: str, path: str, body: bytes | None, status: int
) -> None:
    remote = Remote(shared_team.service.url, name="the service")
    answer = remote.ask(method, path, body)
    remote.close()
    assert answer.status == status
    facts = json.loads(answer.body)
    assert facts["code"]
    assert facts["message"]


@pytest.fixture(scope="module")
def shared_team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("shared")
    with team_in_threads(folder, f"sqlite:///{folder}/log.sqlite") as made:
        yield made


def test_a_service_that_is_told_to_end_finishes_and_no_worker_outlives_its_supervisor(
    served_team: ServedTeam,
) -> None:
    with served_team.client() as log:
        log.append(served_team.hold(1))
    assert served_team.service.end() == 0
    workers = served_team.witness.workers()
    served_team.witness.process.kill()
    served_team.witness.process.communicate()
    wait_until(lambda: not any(alive(pid) for pid in workers), what="the workers' end")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_database_that_holds_another_log_is_refused(database: str, tmp_path: Path) -> None:
    opened(database, create=True).close()
    with pytest.raises(InvalidCheckpointError), team_in_threads(tmp_path, database):
        pass
