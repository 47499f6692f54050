"""The journal of a trial on disk: an answer is there for good before anybody counts on it."""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from interlock.adapters.damage import readable
from interlock.errors import BrokenStoreError, BusyTrialError, NoTextError
from interlock.trial import Answer, Ruling
from interlock.trial.running import Outcome, Totals

_TABLES = """
CREATE TABLE IF NOT EXISTS call (
    name TEXT PRIMARY KEY, begun INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0,
    ref TEXT, failure TEXT,
    tokens_in INTEGER, tokens_out INTEGER, latency_ms REAL, finish TEXT, model TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ruling (
    name TEXT PRIMARY KEY, value REAL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
"""
_BEGIN = """
INSERT INTO call (name, begun) VALUES (?, 1)
ON CONFLICT (name) DO UPDATE SET begun = begun + 1, failure = NULL
"""
_KEEP = """
UPDATE call SET ended = ended + 1,
    ref = ?, tokens_in = ?, tokens_out = ?, latency_ms = ?, finish = ?, model = ?
WHERE name = ?
"""
_FAIL = "UPDATE call SET ended = ended + 1, failure = ? WHERE name = ?"
_RULE = "INSERT OR REPLACE INTO ruling (name, value, reason) VALUES (?, ?, ?)"
_NOTE = "INSERT OR REPLACE INTO note (name, text) VALUES (?, ?)"
_TOTALS = """
SELECT
    coalesce(sum(begun), 0),
    count(ref),
    count(failure),
    coalesce(sum(begun - ended), 0),
    coalesce(sum(coalesce(tokens_in, 0) + coalesce(tokens_out, 0)), 0)
FROM call
"""

_Value = str | float | int | None


class TextKeeper(Protocol):
    """Where texts are kept, apart from the journal, so that they can be erased."""

    def put(self, texts: Sequence[str | None]) -> list[str | None]:
        """Keep texts; each is answered by its keyed digest."""
        ...

    def get(self, ref: str) -> str:
        """The text behind a reference; NoTextError where it was erased."""
        ...


@dataclass(frozen=True)
class _Write:
    """One row on its way to disk; the reference of a text that is kept first stands before it."""

    statement: str
    values: tuple[_Value, ...]
    text: str | None
    done: "asyncio.Future[None]"


class TrialJournal:
    """One trial's calls and rulings, in a SQLite file.

    Rows that arrive while a transaction is being committed wait and go into
    the next one together, so that a thousand answers at once cost few commits
    and a single one waits for none. Texts are kept before the rows that refer
    to them. One process has the journal at a time.
    """

    def __init__(self, path: Path, *, texts: TextKeeper) -> None:
        """Open the journal, made if absent.

        Raises:
            BusyTrialError: Another process has it.
            BrokenStoreError: The file is none, or damaged.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise BusyTrialError(str(path)) from error
        self._texts = texts
        path.touch(mode=0o600)
        # One thread writes; the loop's own thread reads what is committed.
        try:
            self._writer, self._reader = _opened(path), _opened(path)
        except BrokenStoreError:
            os.close(self._lock)
            raise
        self._writer.executescript(_TABLES)
        self._hand = ThreadPoolExecutor(1)
        self._pending: list[_Write] = []
        self._committing: asyncio.Task[None] | None = None

    def outcome(self, call: str) -> Outcome | None:
        """What came of a call; None where it never ended."""
        row = self._reader.execute(
            "SELECT ref, tokens_out, latency_ms, failure FROM call WHERE name = ?", (call,)
        ).fetchone()
        if row is None or (row[0] is None and row[3] is None):
            return None
        return Outcome(ref=row[0], tokens_out=row[1], latency_ms=row[2], failure=row[3] or "")

    def text(self, ref: str) -> str | None:
        """An answer's text; None where it was erased."""
        try:
            return self._texts.get(ref)
        except NoTextError:
            return None

    def ruling(self, name: str) -> Ruling | None:
        """What a judge said; None where it was not asked."""
        row = self._reader.execute(
            "SELECT value, reason FROM ruling WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else Ruling(value=row[0], reason=row[1])

    def note(self, name: str) -> str:
        """A note on the trial as a whole; empty where there is none."""
        return _note(self._reader, name)

    def write_note(self, name: str, text: str) -> None:
        """Keep a note on the trial as a whole; it is on disk when this returns."""
        with self._writer:
            self._writer.execute(_NOTE, (name, text))

    def totals(self) -> Totals:
        """What all sessions came to so far."""
        return _totals(self._reader)

    async def begin(self, call: str) -> None:
        """Remember that a call is about to be sent."""
        await self._written(_BEGIN, (call,))

    async def keep(self, call: str, answer: Answer) -> None:
        """Remember an answer."""
        facts = (answer.tokens_in, answer.tokens_out, answer.latency_ms)
        await self._written(_KEEP, (*facts, answer.finish, answer.model, call), text=answer.text)

    async def fail(self, call: str, reason: str) -> None:
        """Remember that a call ended without an answer."""
        await self._written(_FAIL, (reason, call))

    async def rule(self, name: str, ruling: Ruling) -> None:
        """Remember what a judge said."""
        await self._written(_RULE, (name, ruling.value, ruling.reason))

    def close(self) -> None:
        """Let go of the file."""
        self._hand.shutdown()
        self._writer.close()
        self._reader.close()
        os.close(self._lock)

    async def _written(
        self, statement: str, values: tuple[_Value, ...], *, text: str | None = None
    ) -> None:
        done = asyncio.get_running_loop().create_future()
        self._pending.append(_Write(statement, values, text, done))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        await done

    async def _commit_all(self) -> None:
        """Commit whatever is waiting until nothing is."""
        loop = asyncio.get_running_loop()
        try:
            while self._pending:
                batch, self._pending = self._pending, []
                work = loop.run_in_executor(self._hand, self._commit, batch)
                # Whatever it is that failed, who waits is told: else they would wait for ever.
                (fault,) = await asyncio.gather(work, return_exceptions=True)
                _tell(batch, fault)
        finally:
            self._committing = None

    def _commit(self, batch: list[_Write]) -> None:
        said = [one.text for one in batch if one.text is not None]
        refs = iter(self._texts.put(said) if said else [])
        with self._writer:
            for one in batch:
                before = () if one.text is None else (next(refs),)
                self._writer.execute(one.statement, before + one.values)


def read_totals(path: Path, *, note: str) -> tuple[Totals, str]:
    """What a journal has come to and one of its notes, also while its trial runs.

    Where there is no journal yet, nothing was begun.

    Raises:
        BrokenStoreError: The file is none, or damaged.
    """
    if not path.exists():
        return Totals(calls=0, answered=0, failed=0, open=0, tokens=0, rulings=0), ""
    with closing(_opened(path)) as database:
        return _totals(database), _note(database, note)


def _totals(database: sqlite3.Connection) -> Totals:
    calls, answered, failed, left, tokens = database.execute(_TOTALS).fetchone()
    (rulings,) = database.execute("SELECT count(*) FROM ruling").fetchone()
    return Totals(
        calls=calls, answered=answered, failed=failed, open=left, tokens=tokens, rulings=rulings
    )


def _note(database: sqlite3.Connection, name: str) -> str:
    row = database.execute("SELECT text FROM note WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def _opened(path: Path) -> sqlite3.Connection:
    # Used by one thread at a time, if not always by the same one.
    database = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        with readable(path, lost="which calls were answered, and what judges said,"):
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BrokenStoreError:
        database.close()
        raise
    return database


def _tell(batch: list[_Write], error: BaseException | None) -> None:
    for one in batch:
        with suppress(asyncio.InvalidStateError):
            if error is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(error)
