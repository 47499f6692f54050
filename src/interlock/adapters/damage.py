"""Databases that are damaged: an error that says what is lost, and no traceback."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interlock.errors import BrokenStoreError

_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


@contextmanager
def readable(path: Path, *, lost: str) -> Iterator[None]:
    """Work with a SQLite file that may be damaged, or none.

    Args:
        path: The file.
        lost: What it holds, in words.

    Raises:
        BrokenStoreError: SQLite says that it is.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        # Only what SQLite itself found has a code; what our statements got wrong has none.
        if getattr(error, "sqlite_errorcode", 0) not in _DAMAGED:
            raise
        raise BrokenStoreError(str(path), str(error), lost) from error
