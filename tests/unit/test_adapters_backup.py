import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from interlock.adapters.backup import Restored, backup, restore
from interlock.adapters.log import LogReader
from interlock.errors import (
    EntryRefusedError,
    InterlockError,
    InvalidCheckpointError,
    LogMissingError,
    LogTruncatedError,
    RestoreRefusedError,
)
from interlock.ledger import audit, claimed_checkpoint
from tests.fakes import TRUST, act, open_log


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "log.sqlite"
    grow(path, 0, 6)
    return path


@pytest.fixture
def copy(place: Path, tmp_path: Path) -> Path:
    path = tmp_path / "copy.sqlite"
    with LogReader(place, trust=TRUST) as log:
        backup(log, path)
    return path


def grow(path: Path, start: int, stop: int) -> str:
    with open_log(path) as log:
        for n in range(start, stop):
            log.append(act(n))
        return log.note()


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def put_back(copy: Path, place: Path, last_seen: str | None = None) -> Restored:
    return restore(copy, place, trust=TRUST, last_seen=last_seen)


def size_of(path: Path) -> int:
    with LogReader(path, trust=TRUST) as log:
        note = log.note()
        return audit(log.leaves(), note, TRUST).cosigned.checkpoint.size


def test_a_backup_is_one_file_that_holds(copy: Path) -> None:
    assert sorted(path.name for path in copy.parent.glob("*copy*")) == ["copy.sqlite"]
    assert size_of(copy) == 6


def test_a_backup_taken_while_others_append_is_of_one_moment(place: Path, tmp_path: Path) -> None:
    with open_log(place) as log:
        log.append(act(6))
        found = backup(log, tmp_path / "copy.sqlite")
        log.append(act(7))
        assert found.cosigned.checkpoint.size == 7
    assert size_of(tmp_path / "copy.sqlite") == 7
    assert size_of(place) == 8


def test_a_log_that_does_not_hold_is_not_backed_up_over_a_good_copy(
    place: Path, copy: Path
) -> None:
    change(place, 'DELETE FROM entry WHERE "index" = 5')
    with LogReader(place, trust=TRUST) as log, pytest.raises(LogTruncatedError):
        backup(log, copy)
    assert size_of(copy) == 6
    assert [path.name for path in copy.parent.glob(".*")] == []


def test_a_lost_log_comes_back_whole_when_nothing_was_appended_since(
    place: Path, copy: Path
) -> None:
    place.unlink()
    with LogReader(copy, trust=TRUST) as log:
        last_seen = log.note()
    restored = put_back(copy, place, last_seen)
    assert (restored.lost, restored.replaced) == (None, None)
    assert restored.recovery("The disk failed.") is None
    assert size_of(place) == 6


def test_a_lost_log_with_newer_statements_comes_back_owning_up_to_them(
    place: Path, copy: Path
) -> None:
    last_seen = grow(place, 6, 9)
    place.unlink()
    restored = put_back(copy, place, last_seen)
    assert restored.lost == claimed_checkpoint(last_seen)
    recovery = restored.recovery("The disk failed.")
    assert recovery is not None
    assert (recovery.size, recovery.lost_size) == (6, 9)
    assert recovery.lost_root_hash == claimed_checkpoint(last_seen).root.hex()
    assert recovery.root_hash == restored.checkpoint.root.hex()


def test_a_damaged_log_is_moved_aside_and_its_promise_kept(place: Path, copy: Path) -> None:
    last_note = grow(place, 6, 8)
    change(place, 'DELETE FROM entry WHERE "index" = 2')
    restored = put_back(copy, place)
    assert restored.lost == claimed_checkpoint(last_note)
    assert restored.replaced is not None
    with LogReader(restored.replaced, trust=TRUST) as damaged:
        assert damaged.note() == last_note
    assert size_of(place) == 6
    grow(place, 6, 7)
    assert size_of(place) == 7


def test_a_file_that_is_no_database_any_more_is_replaced(place: Path, copy: Path) -> None:
    place.write_bytes(b"not a database at all, only bytes that were left" * 100)
    assert put_back(copy, place).lost is None
    assert size_of(place) == 6


def test_a_whole_log_that_is_ahead_or_equal_is_never_overwritten(place: Path, copy: Path) -> None:
    with pytest.raises(RestoreRefusedError):
        put_back(copy, place)
    grow(place, 6, 7)
    with pytest.raises(RestoreRefusedError) as caught:
        put_back(copy, place)
    assert caught.value.args == (7, 6)
    assert size_of(place) == 7
    assert [path.name for path in place.parent.glob(".*")] == []


def test_a_whole_log_that_is_behind_is_brought_forward(place: Path, tmp_path: Path) -> None:
    ahead = tmp_path / "ahead.sqlite"
    shutil.copy(place, ahead)
    grow(ahead, 6, 9)
    assert put_back(ahead, place).lost is None
    assert size_of(place) == 9


def test_a_whole_log_is_not_overwritten_by_a_longer_one_of_another_history(
    place: Path, tmp_path: Path
) -> None:
    fork = tmp_path / "fork.sqlite"
    grow(fork, 100, 120)
    with pytest.raises(RestoreRefusedError):
        put_back(fork, place)
    assert size_of(place) == 6


def test_a_fork_of_what_was_seen_is_restored_only_with_a_recovery(
    place: Path, tmp_path: Path
) -> None:
    with LogReader(place, trust=TRUST) as log:
        last_seen = log.note()
    place.unlink()
    fork = tmp_path / "fork.sqlite"
    grow(fork, 100, 120)
    assert put_back(fork, place, last_seen).lost == claimed_checkpoint(last_seen)


def test_a_backup_that_was_tampered_with_is_refused(place: Path, copy: Path) -> None:
    place.unlink()
    change(copy, "UPDATE entry SET leaf = x'7b7d' WHERE \"index\" = 3")
    with pytest.raises(EntryRefusedError):
        put_back(copy, place)
    assert not place.exists()


def test_a_strangers_backup_is_refused(place: Path, copy: Path) -> None:
    place.unlink()
    change(copy, "UPDATE checkpoint SET note = replace(note, '—', '--')")
    with pytest.raises(InvalidCheckpointError):
        put_back(copy, place)


def test_a_backup_that_is_not_there_is_missing(place: Path, tmp_path: Path) -> None:
    with pytest.raises(LogMissingError):
        put_back(tmp_path / "none.sqlite", place)


def test_a_last_seen_note_that_nobody_signed_stops_the_restore(place: Path, copy: Path) -> None:
    last_seen = grow(place, 6, 7).replace("\n7\n", "\n5\n")
    place.unlink()
    with pytest.raises(InterlockError):
        put_back(copy, place, last_seen)
    assert not place.exists()
