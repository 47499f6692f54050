"""Evidence on disk, written once and named by its digest; and its texts, apart from it."""

import fcntl
import hashlib
import hmac
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from interlock.errors import EvidenceError, InvalidFieldError, NoTextError
from interlock.trial import OBSERVATION_SCHEMA, Account

_TERMS = [field.name for field in OBSERVATION_SCHEMA if pa.types.is_dictionary(field.type)]
_OWN = pa.field("cluster", pa.string())
"""A cluster is left out where every item of a group is its own, as in any file of observations."""
_STORED = pa.schema(
    [
        field.with_type(pa.string()) if field.name in _TERMS else field
        for field in (_OWN if one.name == "cluster" else one for one in OBSERVATION_SCHEMA)
    ]
)
_ENCODED = [*_TERMS, "epoch", "value", "slices.key_value.key", "slices.key_value.value"]
_GROUP = 1 << 17
_KEY_BYTES = 32
_UNFINISHED = ".writing-"
_ACCOUNT = "interlock.account"


class EvidenceStore:
    """A folder of observations, each file named by the SHA-256 of its bytes.

    The name covers the bytes, not the rows, so that anyone can check it with
    ``sha256sum`` and without Interlock. The price: the same rows written by
    another version of Parquet's writer get another name. One version gives one
    name, however the rows were batched.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, batches: Iterable[pa.RecordBatch], *, account: Account | None = None) -> str:
        """Keep observations and name them.

        The rows appear under their name whole or not at all: they are written
        and synced beside it, then renamed. Writing the same rows again changes
        nothing. If the batches raise, nothing is kept. What an earlier import
        left when it was killed is removed.

        Args:
            batches: Batches of `OBSERVATION_SCHEMA`; at least one row.
            account: What another tool's log told besides its rows, which is
                kept with them; that of a table of observations is not.

        Returns:
            The digest, 64 hex characters. Once it is returned, the evidence
            survives a loss of power.

        Raises:
            EvidenceError: There was no row.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        _clear(self._folder)
        with _unfinished(self._folder) as unfinished:
            _fill(unfinished, batches, account)
            digest = _digest(unfinished)
            _sync(unfinished)
            unfinished.replace(self._path(digest))
        _sync(self._folder)
        return digest

    def open(self, digest: str, *, columns: Sequence[str] | None = None) -> pa.Table:
        """The observations of that name, in `OBSERVATION_SCHEMA`.

        Args:
            digest: What `write` returned.
            columns: The columns wanted, in any order; all where left out. All
                bytes are checked either way.

        Raises:
            EvidenceError: There are none, or the bytes are no longer those the
                name was made from.
        """
        if digest not in self:
            raise EvidenceError(digest, "it is not in this store; import it here first")
        # Read once, so that the bytes that are checked are those that are used.
        data = self._path(digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise EvidenceError(digest, "its bytes were altered; restore them from a backup")
        wanted = OBSERVATION_SCHEMA.names if columns is None else list(columns)
        read = [*wanted, "item"] if "item" not in wanted and "cluster" in wanted else wanted
        found = parquet.read_table(
            pa.BufferReader(data),
            columns=read,
            read_dictionary=[name for name in _TERMS if name in read],
        )
        if "cluster" in wanted:
            whole = pc.coalesce(found["cluster"], found["item"])
            found = found.set_column(found.schema.get_field_index("cluster"), _OWN, whole)
        return found.select(wanted).cast(pa.schema([OBSERVATION_SCHEMA.field(k) for k in wanted]))

    def __contains__(self, digest: str) -> bool:
        return _is_digest(digest) and self._path(digest).is_file()

    def digests(self) -> tuple[str, ...]:
        """Every name in the store, sorted; what was never finished has none."""
        names = (path.stem for path in self._folder.glob("*.parquet"))
        return tuple(sorted(name for name in names if _is_digest(name)))

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.parquet"


class TextStore:
    """Texts by keyed digest: HMAC-SHA256 under a key that never leaves the workspace.

    A plain hash would let anyone who holds the evidence test guesses of a
    prompt. Erasing a text takes its bytes out of the file; the evidence that
    refers to it keeps its digest and still verifies. Erased stays erased: the
    same text is not kept again when it comes back with a later import.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        """Open the store of a folder.

        Raises:
            InvalidFieldError: The key has fewer than 32 bytes.
        """
        if len(key) < _KEY_BYTES:
            raise InvalidFieldError("text store", "key", f"must have {_KEY_BYTES} bytes or more")
        self._folder, self._key = folder, key

    def put(self, texts: Sequence[str | None]) -> list[str | None]:
        """Keep texts; each is answered by its keyed digest, None by None."""
        refs = [None if text is None else self.ref(text) for text in texts]
        rows = {ref: text for ref, text in zip(refs, texts, strict=True) if ref is not None}
        with self._database() as database:
            database.executemany("INSERT OR IGNORE INTO text VALUES (?, ?)", rows.items())
        return refs

    def get(self, ref: str) -> str:
        """The text behind a reference.

        Raises:
            NoTextError: It was erased, or was never here.
        """
        with self._database() as database:
            row = database.execute("SELECT text FROM text WHERE ref = ?", (ref,)).fetchone()
        if row is None:
            raise NoTextError(ref, "it is not in this workspace; look where it was imported")
        if row[0] is None:
            raise NoTextError(ref, "it was erased on request; the evidence about it still stands")
        return str(row[0])

    def erase(self, ref: str) -> None:
        """Forget a text for good; only that there was one remains.

        Raises:
            NoTextError: It was never here.
        """
        with self._database() as database:
            erased = database.execute("UPDATE text SET text = NULL WHERE ref = ?", (ref,))
            if not erased.rowcount:
                raise NoTextError(ref, "it is not in this workspace, so nothing was erased")

    def ref(self, text: str) -> str:
        """The keyed digest of a text, 64 hex characters; it keeps nothing."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed and on disk at its end, or without effect."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / "texts.sqlite"
        path.touch(mode=0o600)
        with closing(sqlite3.connect(path, timeout=30)) as database:
            # Overwrite what is deleted, and keep no log beside the file that still has it.
            database.execute("PRAGMA secure_delete = ON")
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("CREATE TABLE IF NOT EXISTS text (ref TEXT PRIMARY KEY, text TEXT)")
            with database:
                yield database


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A file to write into, locked while its writer lives, and gone with it if not renamed."""
    while True:
        handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        # Another import may have taken it for a leftover before it was locked.
        if Path(name).exists():
            break
        os.close(handle)
    try:
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        os.close(handle)


def _clear(folder: Path) -> None:
    """Remove files whose writer was killed: those that nobody holds a lock on."""
    for path in folder.glob(f"{_UNFINISHED}*"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _fill(path: Path, batches: Iterable[pa.RecordBatch], account: Account | None) -> None:
    """Write the rows in groups of one size, so that their batches leave no mark."""
    with parquet.ParquetWriter(
        path,
        _STORED,
        compression="zstd",
        use_dictionary=_ENCODED,  # type: ignore[arg-type] # the stubs know only a flag
        write_page_checksum=True,
    ) as writer:
        rows = 0
        for group in _groups(batches):
            writer.write_table(_stored(group), row_group_size=_GROUP)
            rows += group.num_rows
        if account is not None and account.tool:
            told = json.dumps(asdict(account), sort_keys=True, allow_nan=False)
            writer.add_key_value_metadata({_ACCOUNT: told})
    if not rows:
        raise EvidenceError("", "it holds no rows; no data is no evidence")


def _stored(group: pa.Table) -> pa.Table:
    whole = group.cast(_STORED).combine_chunks()
    if not whole["cluster"].equals(whole["item"]):
        return whole
    place = whole.schema.get_field_index("cluster")
    return whole.set_column(place, _OWN, pa.nulls(whole.num_rows, pa.string()))


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    pending: list[pa.RecordBatch] = []
    for batch in batches:
        pending.append(batch)
        while sum(one.num_rows for one in pending) >= _GROUP:
            table = pa.Table.from_batches(pending, OBSERVATION_SCHEMA)
            yield table.slice(0, _GROUP)
            pending = table.slice(_GROUP).to_batches()
    if pending:
        yield pa.Table.from_batches(pending, OBSERVATION_SCHEMA)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, hashlib.sha256).hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_digest(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")
