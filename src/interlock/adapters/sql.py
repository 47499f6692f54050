"""The log's tables, and how its transactions begin and end."""

import sqlite3
from pathlib import Path

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from interlock.errors import ForgetfulDatabaseError

tables = MetaData()

entry_table = Table(
    "entry",
    tables,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("time", String(20), nullable=False),
    Column("identity", String(64), nullable=False, unique=True),
    Column("leaf", LargeBinary, nullable=False),
)

checkpoint_table = Table(
    "checkpoint",
    tables,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)
"""One row a size; the frontier is the 32-byte peaks of that tree, from left to right."""

sequenced_table = Table(
    "sequenced",
    tables,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("time", String(20), nullable=False),
    Column("identity", String(64), nullable=False, unique=True),
    Column("leaf", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)
"""The entry that has its place and is signed by the log alone, while the witness is asked; none or
one row. Nobody reads it, and it has been acknowledged to nobody."""

record_table = Table(
    "record",
    tables,
    Column("digest", String(64), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

WRITING = {"writing": True}
"""Execution options of a transaction that will write."""

_WAIT_MS = 30_000
_LOCK = int.from_bytes(b"intrlock")
"""Names the log among the advisory locks of its database; one database holds one log."""


def open_engine(place: str | Path) -> Engine:
    """The engine of a database URL, or of a SQLite file.

    An acknowledged commit is on disk: SQLite runs with a write-ahead log and
    synchronous FULL, PostgreSQL with synchronous commits. A writing transaction
    takes a lock when it begins (SQLite the file's, PostgreSQL an advisory one),
    so that what it reads cannot change before it writes.
    """
    if isinstance(place, str) and "://" in place:
        engine = create_engine(place, pool_pre_ping=True)
    else:
        engine = create_engine(URL.create("sqlite", database=str(place)))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _begin_alone)
    return engine


def lost(error: DBAPIError) -> bool:
    """Whether an error says that a database server is gone or not there yet, not that it refuses.

    What was being committed may then be committed or not.
    """
    gone = error.connection_invalidated or isinstance(error, OperationalError)
    return gone and not isinstance(error.orig, sqlite3.Error)


def _durable(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions late, and deferred.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _begin_alone(connection: Connection) -> None:
    if not connection.get_execution_options().get("writing", False):
        return
    # In one statement: a writer holds up the others for every round trip.
    fsync, commits, _ = connection.exec_driver_sql(
        "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
        f" pg_advisory_xact_lock({_LOCK})"
    ).one()
    if fsync == "off":
        raise ForgetfulDatabaseError("fsync = off")
    if commits == "off":
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
