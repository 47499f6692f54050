"""Evidence is written once, is whole or absent, and outlives the texts it speaks of."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.tables import read_observations
from interlock.errors import EvidenceError, InvalidFieldError, NoTextError
from interlock.trial import OBSERVATION_SCHEMA
from tests.arms import arm, scored

KEY = b"k" * 32
TABLE = arm(
    [
        {"item": "a", "value": 1.0, "slices": {"language": "de"}},
        {"item": "b", "value": None, "cluster": "a"},
        {"item": "c", "value": 0.0, "metric": "help"},
    ]
)


def batches(table: pa.Table, size: int) -> Iterator[pa.RecordBatch]:
    yield from table.to_batches(max_chunksize=size)


def test_evidence_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    found = store.open(store.write(TABLE.to_batches()))
    assert found.schema == OBSERVATION_SCHEMA
    assert found.to_pylist() == TABLE.to_pylist()


def test_evidence_is_named_by_the_sha_256_of_its_bytes(tmp_path: Path) -> None:
    digest = EvidenceStore(tmp_path).write(TABLE.to_batches())
    (path,) = tmp_path.iterdir()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert path.name == f"{digest}.parquet"


def test_the_name_does_not_depend_on_how_rows_were_batched(tmp_path: Path) -> None:
    table, store = arm(scored([float(k % 2) for k in range(1000)])), EvidenceStore(tmp_path)
    names = {store.write(batches(table, size)) for size in (1, 7, 1000)}
    assert len(names) == 1
    assert store.digests() == tuple(names)


def test_other_rows_have_another_name(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    names = {store.write([batch]) for batch in batches(TABLE, 1)}
    assert len(names) == 3
    assert len(store.digests()) == 3


@pytest.mark.parametrize("columns", [["cluster"], ["value", "metric"], ["item", "slices"]])
def test_only_the_columns_asked_for_are_read(tmp_path: Path, columns: list[str]) -> None:
    store = EvidenceStore(tmp_path)
    found = store.open(store.write(TABLE.to_batches()), columns=columns)
    assert found.column_names == columns
    assert found.to_pylist() == TABLE.select(columns).to_pylist()


def test_stored_evidence_can_be_imported_again(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    digest = store.write(TABLE.to_batches())
    assert store.write(read_observations(tmp_path / f"{digest}.parquet")) == digest


@pytest.mark.parametrize("where", [0, 4, 500, -5, -1])
def test_altered_evidence_is_refused(tmp_path: Path, where: int) -> None:
    store = EvidenceStore(tmp_path)
    digest = store.write(TABLE.to_batches())
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[where] ^= 1
    path.write_bytes(data)
    with pytest.raises(EvidenceError, match="bytes were altered"):
        store.open(digest)


@pytest.mark.parametrize("name", ["a" * 64, "", "../../etc/passwd", "A" * 64])
def test_evidence_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    store = EvidenceStore(tmp_path)
    assert name not in store
    with pytest.raises(EvidenceError, match="not in this store"):
        store.open(name)


def test_no_rows_are_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no rows"):
        EvidenceStore(tmp_path).write([])
    assert list(tmp_path.iterdir()) == []


def test_an_import_that_fails_leaves_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "rows.csv"
    bad.write_text("item,metric,value\na,m,1\na,m,1\n")
    store = EvidenceStore(tmp_path / "evidence")
    with pytest.raises(Exception, match="repeats row 1"):
        store.write(read_observations(bad))
    assert list((tmp_path / "evidence").iterdir()) == []


def test_what_was_never_finished_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / ".writing-x").write_bytes(b"PAR1")
    (tmp_path / "notes.parquet").write_bytes(b"PAR1")
    assert EvidenceStore(tmp_path).digests() == ()


def test_a_text_is_kept_under_a_keyed_digest(tmp_path: Path) -> None:
    store = TextStore(tmp_path, KEY)
    first, none, again = store.put(["How do I kill a process?", None, "How do I kill a process?"])
    assert first == again
    assert none is None
    assert first is not None
    assert store.get(first) == "How do I kill a process?"


def test_a_guessed_text_cannot_be_confirmed_without_the_key(tmp_path: Path) -> None:
    text = "my password is hunter2"
    ref = TextStore(tmp_path, KEY).ref(text)
    assert ref != hashlib.sha256(text.encode()).hexdigest()
    assert ref != TextStore(tmp_path, b"j" * 32).ref(text)


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFieldError, match="32 bytes"):
        TextStore(tmp_path, b"k" * 31)


@pytest.mark.parametrize("length", [1, 5_000])
def test_the_evidence_stands_after_its_text_is_erased(tmp_path: Path, length: int) -> None:
    source = tmp_path / "rows.csv"
    told = "the patient is called Ada Lovelace " * length
    source.write_text(f"item,metric,value,prompt\na,harm,1,{told}\nb,harm,0,hello\n")
    texts, store = TextStore(tmp_path / "texts", KEY), EvidenceStore(tmp_path / "evidence")
    digest = store.write(read_observations(source, texts=texts))
    ref = store.open(digest)["prompt_ref"][0].as_py()
    assert isinstance(ref, str)
    assert texts.get(ref) == told
    texts.erase(ref)
    with pytest.raises(NoTextError, match="erased on request"):
        texts.get(ref)
    assert store.open(digest)["prompt_ref"][0].as_py() == ref
    source.unlink()
    assert not any(told[:30].encode() in path.read_bytes() for path in _files(tmp_path))


def test_erased_stays_erased_when_the_text_comes_back(tmp_path: Path) -> None:
    texts = TextStore(tmp_path, KEY)
    (ref,) = texts.put(["secret"])
    assert ref is not None
    texts.erase(ref)
    assert texts.put(["secret"]) == [ref]
    with pytest.raises(NoTextError, match="erased on request"):
        texts.get(ref)


def test_a_text_that_was_never_here_is_not_called_erased(tmp_path: Path) -> None:
    texts = TextStore(tmp_path, KEY)
    for ask in (texts.get, texts.erase):
        with pytest.raises(NoTextError, match="not in this workspace"):
            ask("f" * 64)


def test_texts_are_for_the_owner_alone(tmp_path: Path) -> None:
    TextStore(tmp_path / "texts", KEY).put(["secret"])
    assert os.stat(tmp_path / "texts").st_mode & 0o077 == 0
    assert os.stat(tmp_path / "texts" / "texts.sqlite").st_mode & 0o077 == 0


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_the_next_import_removes_what_a_kill_left_and_nothing_that_lives(tmp_path: Path) -> None:
    (tmp_path / ".writing-left").write_bytes(b"PAR1")
    (tmp_path / ".writing-live").write_bytes(b"PAR1")
    with (tmp_path / ".writing-live").open("rb") as live:
        fcntl.flock(live, fcntl.LOCK_EX)
        digest = EvidenceStore(tmp_path).write(TABLE.to_batches())
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {".writing-live", f"{digest}.parquet"}


def test_an_import_within_an_import_keeps_both(tmp_path: Path) -> None:
    store, within = EvidenceStore(tmp_path), []

    def slowly() -> Iterator[pa.RecordBatch]:
        within.append(store.write(TABLE.slice(0, 1).to_batches()))
        yield from TABLE.to_batches()

    assert {store.write(slowly()), *within} == set(store.digests())
