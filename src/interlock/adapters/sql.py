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

record_table = Table(
    "record",
    tables,
    Column("digest", String(64), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

WRITING = {"writing": True}
"""Execution options of a transaction that will write."""

_WAIT_MS = 30_000


def open_engine(place: str | Path) -> Engine:
    """The engine of a database URL, or of a SQLite file.

    On SQLite an acknowledged commit is on disk (write-ahead log, synchronous
    FULL), and a writing transaction takes the file's write lock when it begins,
    so that what it reads cannot change before it writes.
    """
    if isinstance(place, str) and "://" in place:
        engine = create_engine(place)
    else:
        engine = create_engine(URL.create("sqlite", database=str(place)))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    return engine


def _durable(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions late, and deferred.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
