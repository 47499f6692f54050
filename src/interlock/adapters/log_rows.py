"""The log's rows: what is read and written inside one transaction."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from interlock.adapters.sql import (
    checkpoint_table,
    entry_table,
    lost,
    record_table,
    sequenced_table,
)
from interlock.errors import LogMissingError, LogRewrittenError
from interlock.ledger import Entry, Frontier, Receipt, Trust

_HASH_LENGTH = 32


@dataclass(frozen=True)
class Sequenced:
    """An entry that has its place on the log and is not published yet.

    Attributes:
        index: Its place, counted from 0.
        time: When the log took it.
        identity: Its statement identity.
        leaf: Its leaf.
        note: The checkpoint of the tree that it completes, signed by the log alone.
        frontier: That tree's peaks.
    """

    index: int
    time: str
    identity: str
    leaf: bytes
    note: str
    frontier: bytes


@dataclass(frozen=True)
class Head:
    """A checkpoint as it is stored.

    Attributes:
        size: Number of entries.
        note: The checkpoint's note.
        frontier: The tree's peaks, from left to right.
    """

    size: int
    note: str
    frontier: bytes

    @property
    def tree(self) -> Frontier:
        """The tree to build on."""
        return Frontier(self.size, peaks(self.frontier))


def newest(connection: Connection) -> Head:
    """The newest checkpoint.

    Raises:
        LogMissingError: There is none.
    """
    columns = checkpoint_table.c
    query = select(columns.size, columns.note, columns.frontier).order_by(columns.size.desc())
    try:
        found = connection.execute(query.limit(1)).one_or_none()
    except DBAPIError as error:
        if lost(error) or inspect(connection.engine).has_table(checkpoint_table.name):
            raise
        found = None
    if found is None:
        raise LogMissingError(str(connection.engine.url.database))
    return Head(*found)


def receipt_of(connection: Connection, identity: str, trust: Trust) -> Receipt | None:
    """The receipt of a published statement, as it was given when it was appended.

    Raises:
        LogRewrittenError: What is stored for it is not what was appended.
    """
    index, leaf = entry_table.c.index, entry_table.c.leaf
    found = connection.execute(
        select(index, leaf).where(entry_table.c.identity == identity)
    ).one_or_none()
    if found is None:
        return None
    # The column only says where to look; the leaf, under its checkpoint, says what was logged.
    entry, at = Entry.parse(bytes(found.leaf)), found[0]
    size = checkpoint_table.c.size
    heads = connection.execute(
        select(checkpoint_table).where(size.in_((at, at + 1))).order_by(size)
    ).all()
    if entry.identity != identity or len(heads) != 2:
        raise LogRewrittenError(at + 1)
    receipt = Receipt(at, Frontier(at, peaks(heads[0].frontier)).next_proof, heads[1].note)
    receipt.check(entry, trust)
    return receipt


def sequenced(connection: Connection) -> Sequenced | None:
    """The entry that waits to be published, if one does."""
    found = connection.execute(select(sequenced_table)).one_or_none()
    return None if found is None else Sequenced(**found._mapping)


def write_sequenced(connection: Connection, waiting: Sequenced) -> None:
    """Give an entry its place."""
    connection.execute(insert(sequenced_table), vars(waiting))


def publish_sequenced(connection: Connection, waiting: Sequenced, note: str) -> None:
    """Let readers see an entry, under its cosigned checkpoint."""
    connection.execute(
        insert(entry_table),
        {
            "index": waiting.index,
            "time": waiting.time,
            "identity": waiting.identity,
            "leaf": waiting.leaf,
        },
    )
    write_head(connection, Frontier(waiting.index + 1, peaks(waiting.frontier)), note)
    connection.execute(delete(sequenced_table))


def write_head(connection: Connection, frontier: Frontier, note: str) -> None:
    """Write a checkpoint with what is needed to build on it."""
    row = {"size": frontier.size, "note": note, "frontier": b"".join(frontier.peaks)}
    connection.execute(insert(checkpoint_table), row)


def write_records(connection: Connection, records: Iterable[bytes]) -> None:
    """Store the canonical bytes of records that are not stored yet."""
    write_record_bytes(connection, {hashlib.sha256(each).hexdigest(): each for each in records})


def write_record_bytes(connection: Connection, records: dict[str, bytes]) -> None:
    """Store the canonical bytes of records, by digest, that are not stored yet."""
    named = record_table.c.digest
    for name, data in records.items():
        if connection.scalar(select(named).where(named == name)) is None:
            connection.execute(insert(record_table), {"digest": name, "bytes": data})


def peaks(stored: bytes) -> list[bytes]:
    """The peaks of a stored frontier."""
    return [bytes(stored[at : at + _HASH_LENGTH]) for at in range(0, len(stored), _HASH_LENGTH)]
