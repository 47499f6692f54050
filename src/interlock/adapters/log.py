"""The log in a database: one transaction an append, with its new cosigned checkpoint."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import Connection, insert, inspect, select, update

from interlock.adapters.clock import Clock
from interlock.adapters.sql import (
    WRITING,
    checkpoint_table,
    entry_table,
    open_engine,
    record_table,
    tables,
)
from interlock.errors import (
    LogMissingError,
    LogMovedError,
    LogRewrittenError,
    RecordMissingError,
)
from interlock.ledger import (
    Checkpoint,
    Cosigned,
    Entry,
    Envelope,
    Frontier,
    Receipt,
    Signer,
    Trust,
    cosign,
    digest,
    dump,
    leaf_hash,
    load,
    parse_claim,
    sign_checkpoint,
)

_HASH_LENGTH = 32
_PAGE = 1000


class LogReader:
    """A log that can be read without any key.

    Attributes:
        trust: Whose checkpoints are believed.
    """

    def __init__(self, place: str | Path, *, trust: Trust) -> None:
        if isinstance(place, Path) and not place.exists():
            raise LogMissingError(str(place))
        self.trust = trust
        self._engine = open_engine(place)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Number of entries under the newest checkpoint."""
        with self._engine.connect() as connection:
            return int(_newest(connection).size)

    def note(self) -> str:
        """The newest checkpoint note."""
        with self._engine.connect() as connection:
            return str(_newest(connection).note)

    def leaves(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The leaves in order, read in pages; each page is its own short transaction.

        Args:
            start: Index of the first leaf.
            stop: Index after the last; by default whatever is there. Give the
                size of a note to read exactly what it promises.
        """
        index = entry_table.c.index
        while stop is None or start < stop:
            page = select(index, entry_table.c.leaf).where(index >= start)
            if stop is not None:
                page = page.where(index < stop)
            with self._engine.connect() as connection:
                rows = connection.execute(page.order_by(index).limit(_PAGE)).all()
            if not rows:
                return
            for _, leaf in rows:
                yield leaf
            start = rows[-1][0] + 1

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """The entries in order; see `leaves`.

        Raises:
            InvalidEnvelopeError: A leaf is no entry.
        """
        return map(Entry.parse, self.leaves(start, stop))

    def receipt(self, identity: str) -> Receipt | None:
        """The receipt of a statement, as it was given when it was appended.

        Raises:
            LogRewrittenError: What is stored for it is not what was appended.
        """
        with self._engine.connect() as connection:
            return _receipt(connection, identity, self.trust)

    def copy_to(self, path: Path) -> None:
        """Copy the database, as it is at one moment, into a new SQLite file."""
        with closing(sqlite3.connect(path)) as target, self._engine.connect() as connection:
            source = connection.connection.driver_connection
            cast("sqlite3.Connection", source).backup(target)

    def record_bytes(self, named: str) -> bytes:
        """The canonical bytes of the record with this digest.

        Raises:
            RecordMissingError: It is not stored, or what is stored was altered.
        """
        query = select(record_table.c.bytes).where(record_table.c.digest == named)
        with self._engine.connect() as connection:
            data = connection.scalar(query)
        if data is None or hashlib.sha256(data).hexdigest() != named:
            raise RecordMissingError(named)
        return bytes(data)

    def record(self, named: str) -> Any:  # noqa: ANN401 - the kind decides the type
        """The record with this digest.

        Raises:
            RecordMissingError: It is not stored, or what is stored was altered.
            UnknownKindError: This version does not know its kind.
        """
        return load(self.record_bytes(named))

    def records(self, named: Iterable[str]) -> dict[str, Any]:
        """The records with these digests, by digest; see `record`."""
        return {each: self.record(each) for each in named}


class SqlLog(LogReader):
    """A log that can be appended to: the holder of its keys.

    Args:
        place: Database URL, or the path of a SQLite file.
        origin: The log's name, and the name of its key.
        signer: The log's key.
        witness: The witness's key, another than the log's.
        witness_name: Name of the witness's key.
        clock: Tells the time stamped on entries; it may stand still or jump
            back, the log's own time never does.
        create: Whether to begin a log where there is none. Only who makes a
            workspace says so: a log that was emptied is not signed as a new one.

    Raises:
        LogMissingError: There is no log, and none is to be made.
        InvalidCheckpointError: The log is signed by other keys.
        LogRewrittenError: The stored tree is not the one last signed.
    """

    def __init__(  # noqa: PLR0913 - a log is all of these, and whether it may be begun
        self,
        place: str | Path,
        *,
        origin: str,
        signer: Signer,
        witness: Signer,
        witness_name: str,
        clock: Clock,
        create: bool = False,
    ) -> None:
        if create and isinstance(place, Path):
            place.touch(mode=0o600)
        trust = Trust(origin, signer.public_key, witness_name, witness.public_key)
        super().__init__(place, trust=trust)
        self._signer, self._witness, self._clock = signer, witness, clock
        with self._writing() as connection:
            if create and not inspect(connection).has_table(checkpoint_table.name):
                tables.create_all(connection)
                _write_head(connection, Frontier(), self._sign(Frontier(), clock.now()))
            self._head(connection)

    def append(
        self,
        envelope: Envelope,
        *,
        expected_size: int | None = None,
        records: Iterable[object] = (),
        admitted: Callable[[str], object] | None = None,
    ) -> Receipt:
        """Append a statement, with the records it names, all or nothing.

        Whether the act is admissible is for `admission` to say, by ``admitted``.

        Args:
            envelope: The signed statement. One that is on the log already
                changes nothing, and its first receipt is given again.
            expected_size: The size the caller decided upon, if it must be that.
            records: Records to store with it.
            admitted: Called with the very time that will be stamped, before
                anything is written; what it raises ends the append.

        Returns:
            The receipt; when it is returned the entry is on disk.

        Raises:
            InvalidStatementError: The payload is no statement.
            LogMovedError: The log's size is not ``expected_size``.
            LogRewrittenError: The stored tree is not the one last signed.
        """
        parse_claim(envelope.payload)
        with self._writing() as connection:
            first = _receipt(connection, envelope.identity, self.trust)
            if first is not None:
                return first
            frontier, last = self._head(connection)
            index, proof = frontier.size, frontier.next_proof
            if expected_size not in {None, index}:
                raise LogMovedError(expected_size or 0, index)
            time = max(self._clock.now(), last.time)
            if admitted is not None:
                admitted(time)
            leaf = Entry(time, envelope).leaf()
            frontier.append(leaf_hash(leaf))
            note = self._sign(frontier, time)
            row = {"index": index, "time": time, "identity": envelope.identity, "leaf": leaf}
            connection.execute(insert(entry_table), row)
            _write_records(connection, records)
            _write_head(connection, frontier, note)
        return Receipt(index, proof, note)

    def refresh(self, *, expected: Checkpoint | None = None) -> str:
        """Have the witness cosign the newest checkpoint anew, for now; returns the note.

        Args:
            expected: The checkpoint the caller has audited, if it must be that.

        Raises:
            LogMovedError: The newest checkpoint is not ``expected``.
            LogRewrittenError: The stored tree is not the one last signed.
        """
        with self._writing() as connection:
            frontier, last = self._head(connection)
            if expected not in {None, last.checkpoint}:
                raise LogMovedError(expected.size if expected else 0, frontier.size)
            note = self._sign(frontier, max(self._clock.now(), last.time))
            same = checkpoint_table.c.size == frontier.size
            connection.execute(update(checkpoint_table).where(same), {"note": note})
        return note

    def put_records(self, *records: object) -> None:
        """Store records under their digests; one that is stored already stays as it is."""
        with self._writing() as connection:
            _write_records(connection, records)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            writer = connection.execution_options(**WRITING)
            with writer.begin():
                yield writer

    def _head(self, connection: Connection) -> tuple[Frontier, Cosigned]:
        """The tree to build on, checked to be the one this log signed last."""
        newest = _newest(connection)
        last = self.trust.open(newest.note)
        frontier = Frontier(newest.size, _peaks(newest.frontier))
        if (last.checkpoint.size, last.checkpoint.root) != (frontier.size, frontier.root):
            raise LogRewrittenError(newest.size)
        return frontier, last

    def _sign(self, frontier: Frontier, time: str) -> str:
        checkpoint = Checkpoint(self.trust.origin, frontier.size, frontier.root)
        note = sign_checkpoint(checkpoint, self._signer)
        return cosign(note, signer=self._witness, name=self.trust.witness_name, time=time)


def _newest(connection: Connection) -> Any:  # noqa: ANN401 - a row of checkpoint_table
    newest = select(checkpoint_table).order_by(checkpoint_table.c.size.desc()).limit(1)
    if inspect(connection).has_table(checkpoint_table.name):
        found = connection.execute(newest).one_or_none()
        if found is not None:
            return found
    raise LogMissingError(str(connection.engine.url.database))


def _receipt(connection: Connection, identity: str, trust: Trust) -> Receipt | None:
    index, leaf = entry_table.c.index, entry_table.c.leaf
    found = connection.execute(
        select(index, leaf).where(entry_table.c.identity == identity)
    ).one_or_none()
    if found is None:
        return None
    # The column only says where to look; the leaf, under its checkpoint, says what was logged.
    entry, at = Entry.parse(found.leaf), found[0]
    size = checkpoint_table.c.size
    heads = connection.execute(
        select(checkpoint_table).where(size.in_((at, at + 1))).order_by(size)
    ).all()
    if entry.identity != identity or len(heads) != 2:
        raise LogRewrittenError(at + 1)
    receipt = Receipt(at, Frontier(at, _peaks(heads[0].frontier)).next_proof, heads[1].note)
    receipt.check(entry, trust)
    return receipt


def _write_head(connection: Connection, frontier: Frontier, note: str) -> None:
    row = {"size": frontier.size, "note": note, "frontier": b"".join(frontier.peaks)}
    connection.execute(insert(checkpoint_table), row)


def _write_records(connection: Connection, records: Iterable[object]) -> None:
    named = record_table.c.digest
    for each in records:
        name = digest(each)
        if connection.scalar(select(named).where(named == name)) is None:
            connection.execute(insert(record_table), {"digest": name, "bytes": dump(each)})


def _peaks(stored: bytes) -> list[bytes]:
    return [stored[at : at + _HASH_LENGTH] for at in range(0, len(stored), _HASH_LENGTH)]
