import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from interlock.adapters.cosigning import Growth, OwnWitness
from interlock.adapters.log import LogReader
from interlock.adapters.sql_log import SqlLog
from interlock.admission.acts import Hold
from interlock.errors import (
    InterlockError,
    InvalidCheckpointError,
    InvalidStatementError,
    LogMissingError,
    LogMovedError,
    LogRewrittenError,
    RecordMissingError,
    RefusedActError,
    UnavailableError,
)
from interlock.ledger import Entry, Envelope, audit, digest, dump
from tests.fakes import (
    LOG_SIGNER,
    TRUST,
    WITNESS,
    WITNESS_SIGNER,
    MemorySigner,
    StepClock,
    act,
    open_log,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[SqlLog]:
    with open_log(path) as opened:
        yield opened


def change(path: Path, statement: str, *values: object) -> None:
    """Tamper with the file as its operator could."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement, values)
        connection.commit()


def check(log: LogReader) -> int:
    note = log.note()
    return audit(log.leaves(), note, TRUST).cosigned.checkpoint.size


def record(n: int) -> Hold:
    return Hold(product=f"record {n}", system="a" * 64, reason="stored", previous="")


def test_a_new_log_is_empty_and_signed(log: SqlLog) -> None:
    assert log.size == 0
    assert check(log) == 0


def test_every_append_gives_a_receipt_that_holds(log: SqlLog) -> None:
    receipts = [log.append(act(n)) for n in range(20)]
    for entry, receipt in zip(log.entries(), receipts, strict=True):
        assert receipt.check(entry, TRUST).checkpoint.size == receipt.index + 1
    assert [receipt.index for receipt in receipts] == list(range(20))
    assert check(log) == 20


def test_a_statement_that_arrives_twice_changes_nothing(log: SqlLog) -> None:
    first = [log.append(act(n)) for n in range(5)]
    before = (log.note(), list(log.leaves()))
    assert [log.append(act(n)) for n in range(5)] == first
    assert log.append(act(2, by=MemorySigner("eve")), expected_size=0) == first[2]
    assert (log.note(), list(log.leaves())) == before


def test_the_receipt_of_a_statement_can_be_asked_for_again(log: SqlLog) -> None:
    receipts = [log.append(act(n)) for n in range(3)]
    assert log.receipt(act(1).identity) == receipts[1]
    assert log.receipt("0" * 64) is None


def test_an_append_to_a_log_that_moved_is_refused(log: SqlLog) -> None:
    log.append(act(0), expected_size=0)
    with pytest.raises(LogMovedError) as caught:
        log.append(act(1), expected_size=0, records=[dump(record(1))])
    assert caught.value.args == (0, 1)
    assert log.size == 1
    with pytest.raises(RecordMissingError):
        log.record(digest(record(1)))


def test_an_append_asks_with_the_very_time_that_it_stamps(path: Path) -> None:
    asked: list[str] = []
    with open_log(path, StepClock(step=3)) as log:
        for n in range(3):
            log.append(act(n), admitted=asked.append)
        assert asked == [entry.time for entry in log.entries()]


def test_an_append_that_is_not_admitted_writes_nothing(log: SqlLog) -> None:
    def refuse(time: str) -> None:
        raise RefusedActError("late", f"{time} is too late")

    before = log.note()
    with pytest.raises(RefusedActError):
        log.append(act(1), records=[dump(record(1))], admitted=refuse)
    assert (log.size, log.note()) == (0, before)
    with pytest.raises(RecordMissingError):
        log.record(digest(record(1)))


def test_only_the_checkpoint_that_was_expected_is_cosigned_anew(path: Path) -> None:
    clock = StepClock()
    with open_log(path, clock) as log:
        log.append(act(0))
        audited = TRUST.open(log.note()).checkpoint
        log.append(act(1))
        before = log.note()
        clock.forward(3600)
        with pytest.raises(LogMovedError):
            log.refresh(expected=audited)
        assert log.note() == before
        assert log.refresh(expected=TRUST.open(before).checkpoint) != before


def test_only_statements_are_taken(log: SqlLog) -> None:
    with pytest.raises(InvalidStatementError):
        log.append(Envelope(b"{}", act(0).signatures))
    assert log.size == 0


def test_the_logs_time_never_runs_backwards(path: Path) -> None:
    clock = StepClock("2026-03-01T12:00:00Z", step=-30)
    with open_log(path, clock) as log:
        for n in range(4):
            log.append(act(n))
        log.refresh()
        assert {entry.time for entry in log.entries()} == {"2026-03-01T12:00:00Z"}
        assert check(log) == 4


def test_refreshing_moves_the_witnesss_time_and_nothing_else(path: Path) -> None:
    clock = StepClock("2026-03-01T12:00:00Z", step=0)
    with open_log(path, clock) as log:
        log.append(act(0))
        before = TRUST.open(log.note())
        clock.forward(3600)
        after = TRUST.open(log.refresh())
        assert after.checkpoint == before.checkpoint
        assert (before.time, after.time) == ("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z")
        assert log.note() == log.refresh()


def test_a_log_is_found_again_as_it_was_left(path: Path) -> None:
    with open_log(path) as log:
        log.append(act(0), records=[dump(record(0))])
    with open_log(path) as log:
        log.append(act(1))
        assert check(log) == 2
    with LogReader(path, trust=TRUST) as reader:
        assert check(reader) == 2
        assert reader.record(digest(record(0))) == record(0)


def test_leaves_are_read_across_pages(log: SqlLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interlock.adapters.log._PAGE", 3)
    for n in range(10):
        log.append(act(n))
    leaves = list(log.leaves())
    assert len(leaves) == 10
    assert list(log.leaves(4)) == leaves[4:]
    assert list(log.leaves(2, 9)) == leaves[2:9]
    assert list(log.leaves(3, 3)) == []


def test_records_are_found_by_their_digests_and_stay_as_they_are(log: SqlLog) -> None:
    log.put_records(record(1), record(2), record(1))
    log.put_records(record(1))
    both = [digest(record(1)), digest(record(2))]
    assert log.records(both) == {both[0]: record(1), both[1]: record(2)}
    assert log.record_bytes(both[0]) == dump(record(1))


def test_a_record_that_was_altered_is_not_found(log: SqlLog, path: Path) -> None:
    log.put_records(record(1))
    change(path, "UPDATE record SET bytes = ?", dump(record(2)))
    with pytest.raises(RecordMissingError):
        log.record(digest(record(1)))


def test_there_must_be_a_log_to_read(tmp_path: Path) -> None:
    with pytest.raises(LogMissingError):
        LogReader(tmp_path / "none.sqlite", trust=TRUST)
    assert list(tmp_path.iterdir()) == []


def test_a_log_does_not_open_under_other_keys(path: Path) -> None:
    with open_log(path) as log:
        log.append(act(0))
    with pytest.raises(InvalidCheckpointError):
        SqlLog(
            path,
            origin=TRUST.origin,
            signer=MemorySigner("eve"),
            witness=OwnWitness(WITNESS, WITNESS_SIGNER),
            clock=StepClock(),
        )


def test_an_act_under_another_acts_name_is_not_taken_for_logged(log: SqlLog, path: Path) -> None:
    log.append(act(0))
    change(path, "UPDATE entry SET identity = ?", act(1).identity)
    with pytest.raises(LogRewrittenError):
        log.append(act(1))
    with pytest.raises(LogRewrittenError):
        log.receipt(act(1).identity)
    assert log.size == 1


def test_an_act_put_in_the_place_of_another_is_not_taken_for_logged(
    log: SqlLog, path: Path
) -> None:
    log.append(act(0))
    leaf = Entry("2026-01-01T00:00:00Z", act(1)).leaf()
    change(path, "UPDATE entry SET identity = ?, leaf = ?", act(1).identity, leaf)
    with pytest.raises(InterlockError):
        log.append(act(1))


def reopened(path: Path) -> SqlLog:
    """The test log in a file, as whoever does not make one opens it."""
    return SqlLog(
        path,
        origin=TRUST.origin,
        signer=LOG_SIGNER,
        witness=OwnWitness(WITNESS, WITNESS_SIGNER),
        clock=StepClock(),
    )


@pytest.mark.parametrize("damage", ["DELETE FROM checkpoint", "DROP TABLE checkpoint"])
def test_a_log_whose_checkpoints_are_gone_is_not_signed_as_empty(path: Path, damage: str) -> None:
    open_log(path).close()
    change(path, damage)
    with pytest.raises(LogMissingError):
        reopened(path)
    with LogReader(path, trust=TRUST) as reader, pytest.raises(LogMissingError):
        reader.note()


def test_a_file_that_a_killed_init_left_is_no_log(path: Path) -> None:
    path.touch()
    with pytest.raises(LogMissingError):
        reopened(path)
    with LogReader(path, trust=TRUST) as reader, pytest.raises(LogMissingError):
        reader.note()


def test_opening_a_log_that_is_not_there_makes_no_file(path: Path) -> None:
    with pytest.raises(LogMissingError):
        reopened(path)
    assert not path.exists()


def test_a_log_signs_nothing_on_top_of_a_tree_it_did_not_sign(log: SqlLog, path: Path) -> None:
    log.append(act(0))
    change(path, "UPDATE checkpoint SET frontier = ? WHERE size = 1", bytes(32))
    with pytest.raises(LogRewrittenError):
        log.append(act(1))


def test_several_processes_append_to_one_log_without_losing_an_entry(path: Path) -> None:
    open_log(path).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_some, args=(path, start)) for start in (0, 100, 200)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with LogReader(path, trust=TRUST) as reader:
        assert check(reader) == 45
        found = {entry.identity for entry in reader.entries()}
    assert found == {act(start + n).identity for start in (0, 100, 200) for n in range(15)}


def append_some(path: Path, start: int) -> None:
    with SqlLog(
        path,
        origin=TRUST.origin,
        signer=LOG_SIGNER,
        witness=OwnWitness(WITNESS, WITNESS_SIGNER),
        clock=StepClock(),
    ) as log:
        for n in range(start, start + 15):
            log.append(act(n))


class DeafOnce(OwnWitness):
    """A witness that answers nothing the first time after a log has begun."""

    deaf = False

    def cosign(self, growth: Growth, *, at: str) -> str:
        if self.deaf:
            self.deaf = False
            raise UnavailableError("the witness", "nobody answers")
        return super().cosign(growth, at=at)


def test_what_a_process_left_without_cosignature_is_read_before_anything_is_decided(
    tmp_path: Path,
) -> None:
    witness = DeafOnce(WITNESS, WITNESS_SIGNER)
    with closing(
        SqlLog(
            tmp_path / "log.sqlite",
            origin=TRUST.origin,
            signer=LOG_SIGNER,
            witness=witness,
            clock=StepClock(),
            create=True,
        )
    ) as log:
        witness.deaf = True
        with pytest.raises(UnavailableError):
            log.append(act(1))
        assert log.size == 0
        log.catch_up()
        assert log.size == 1
        assert log.receipt(act(1).identity) is not None
