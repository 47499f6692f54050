"""The log in a database, as whoever holds no key of it reads it."""

import hashlib
import sqlite3
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import Connection, select

from interlock.adapters.log_rows import newest, receipt_of
from interlock.adapters.sql import (
    WRITING,
    entry_table,
    open_engine,
    record_table,
    sequenced_table,
)
from interlock.errors import LogMissingError, RecordMissingError
from interlock.ledger import Checkpoint, Entry, Envelope, Receipt, Trust, load

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
    def unreachable(self) -> str:
        """Why the log is seen as it last was and not as it is; empty where it is seen as it is."""
        return ""

    def catch_up(self) -> None:
        """See the log as it is now; nothing is to be done where the log itself is read."""

    @property
    def size(self) -> int:
        """Number of entries under the newest checkpoint."""
        with self._engine.connect() as connection:
            return int(newest(connection).size)

    def note(self) -> str:
        """The newest checkpoint note."""
        with self._engine.connect() as connection:
            return str(newest(connection).note)

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
                yield bytes(leaf)
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
            return receipt_of(connection, identity, self.trust)

    def copy_to(self, path: Path) -> None:
        """Copy the database, as it is at one moment, into a new SQLite file.

        What is not published yet was acknowledged to nobody, and stays behind.
        """
        with closing(sqlite3.connect(path)) as target, self._engine.connect() as connection:
            source = connection.connection.driver_connection
            cast("sqlite3.Connection", source).backup(target)
            target.execute(f"DROP TABLE IF EXISTS {sequenced_table.name}")
            target.commit()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            writer = connection.execution_options(**WRITING)
            with writer.begin():
                yield writer

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

    def record_digests(self) -> tuple[str, ...]:
        """The digests of all records stored, sorted."""
        columns = record_table.c
        with self._engine.connect() as connection:
            found = connection.scalars(select(columns.digest).order_by(columns.digest)).all()
        return tuple(found)

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


class LogWriter(LogReader):
    """A log that takes acts."""

    @abstractmethod
    def append(
        self,
        envelope: Envelope,
        *,
        expected_size: int | None = None,
        records: Iterable[bytes] = (),
        admitted: Callable[[str], object] | None = None,
    ) -> Receipt:
        """Append a statement, with the records it names, all or nothing.

        Args:
            envelope: The signed statement. One that is on the log already
                changes nothing, and its first receipt is given again.
            expected_size: The size the caller decided upon, if it must be that.
            records: Canonical bytes of records to store with it.
            admitted: Called with the time that will be stamped, before anything
                is written; what it raises ends the append.

        Returns:
            The receipt; when it is returned the entry is published.
        """

    @abstractmethod
    def refresh(self, *, expected: Checkpoint | None = None) -> str:
        """Have the witness cosign the newest checkpoint anew, for now; returns the note.

        Args:
            expected: The checkpoint the caller has audited, if it must be that.
        """
