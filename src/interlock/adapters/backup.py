"""Backup and restore of a log, neither of which believes the file it reads."""

import dataclasses
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from interlock.adapters.files import flush, flush_folder
from interlock.adapters.log import LogReader
from interlock.admission import Recovery
from interlock.errors import (
    InterlockError,
    LogMissingError,
    LogRewrittenError,
    LogTruncatedError,
    NoBackupError,
    RestoreRefusedError,
)
from interlock.ledger import Audit, Checkpoint, KeyOf, Trust, audit


@dataclass(frozen=True)
class Restored:
    """A log that stands again, and what it no longer holds.

    Attributes:
        checkpoint: The restored tree.
        lost: The largest tree known before that the restored one does not
            continue.
        replaced: Where the damaged log was moved, if there was one.
    """

    checkpoint: Checkpoint
    lost: Checkpoint | None
    replaced: Path | None

    def recovery(self, reason: str) -> Recovery | None:
        """The act that the root keys must sign before anyone believes the log again.

        None where nothing was lost: the log then is what it was.
        """
        if self.lost is None:
            return None
        return Recovery(
            size=self.checkpoint.size,
            root_hash=self.checkpoint.root.hex(),
            lost_size=self.lost.size,
            lost_root_hash=self.lost.root.hex(),
            reason=reason,
        )


def backup(log: LogReader, path: Path, *, key_of: KeyOf = lambda _: None) -> Audit:
    """Copy a log as it is at one moment; the copy is audited before it gets its name.

    Args:
        log: The log; others may append to it meanwhile.
        path: The file to write. One that is there is replaced.
        key_of: The raw public key that a key id names; see `audit`.

    Raises:
        InterlockError: The log does not hold; see `audit`. Nothing is written.
    """
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    try:
        log.copy_to(aside)
        found = _audited(aside, log.trust, key_of)
        flush(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    flush_folder(path.parent)
    return found


def restore(
    copy: Path,
    place: Path,
    *,
    trust: Trust,
    last_seen: str | None,
    key_of: KeyOf = lambda _: None,
    amend: Callable[[Path, Restored], None] = lambda _path, _restored: None,
) -> Restored:
    """Put a backup in a log's place; stop whoever uses the log first.

    What stood there is moved aside, never deleted. A log restored to fewer
    statements looks truncated to everyone who saw more, until the root keys
    sign `Restored.recovery` onto it.

    Args:
        copy: The backup.
        place: The log's file, which may be damaged or gone.
        trust: Whose checkpoints are believed.
        last_seen: The newest note of this log seen by the user, if any.
        key_of: The raw public key that a key id names; see `audit`.
        amend: What is done to the audited copy, a file of its own, before it
            takes the log's place; if it raises, nothing is changed.

    Raises:
        LogMissingError: There is no file at ``copy``.
        NoBackupError: The file holds no log.
        RestoreRefusedError: The log in place is whole and all that was seen,
            and the backup adds nothing to it or would take something away.
        InterlockError: The backup does not hold; see `audit`. Nothing is changed.
    """
    if not copy.exists():
        raise LogMissingError(str(copy))
    aside = place.with_name(f".{place.name}.new")
    _discard(aside)
    try:
        shutil.copyfile(copy, aside)
        try:
            checkpoint = _audited(aside, trust, key_of).cosigned.checkpoint
        except DatabaseError as error:
            raise NoBackupError(str(copy)) from error
        standing = _note(place, trust)
        lost = [
            trust.open(note).checkpoint
            for note in (standing, last_seen)
            if note is not None and not _continues(aside, note, trust)
        ]
        if standing is not None and _whole(place, trust, last_seen=last_seen, key_of=key_of):
            size = trust.open(standing).checkpoint.size
            if lost or size >= checkpoint.size:
                raise RestoreRefusedError(size, checkpoint.size)
        found = Restored(checkpoint, max(lost, key=lambda each: each.size, default=None), None)
        amend(aside, found)
        flush(aside)
        replaced = _move_away(place)
        aside.replace(place)
    finally:
        _discard(aside)
    flush_folder(place.parent)
    return dataclasses.replace(found, replaced=replaced)


def _audited(path: Path, trust: Trust, key_of: KeyOf) -> Audit:
    with LogReader(path, trust=trust) as reader:
        note = reader.note()
        return audit(reader.leaves(), note, trust, key_of=key_of)


def _note(place: Path, trust: Trust) -> str | None:
    """The newest note of a log, however damaged, if its signatures still hold."""
    try:
        with LogReader(place, trust=trust) as reader:
            note = reader.note()
            trust.open(note)
    except (InterlockError, SQLAlchemyError):
        return None
    return note


def _continues(path: Path, note: str, trust: Trust) -> bool:
    """Whether a log that holds begins with the tree of a note."""
    with LogReader(path, trust=trust) as reader:
        try:
            audit(reader.leaves(), reader.note(), trust, since=note)
        except (LogTruncatedError, LogRewrittenError):
            return False
    return True


def _whole(place: Path, trust: Trust, *, last_seen: str | None, key_of: KeyOf) -> bool:
    """Whether a log holds and goes on from the note last seen; one cut short does not."""
    try:
        _audited(place, trust, key_of)
        return last_seen is None or _continues(place, last_seen, trust)
    except (InterlockError, SQLAlchemyError):
        return False


def _discard(aside: Path) -> None:
    """Remove a file that a restore works on, and what a killed one left beside it."""
    for suffix in ("-shm", "-wal", ""):
        Path(f"{aside}{suffix}").unlink(missing_ok=True)


def _move_away(place: Path) -> Path | None:
    """Rename a log's files; a stray write-ahead log would be read into the new one."""
    names = (place.with_name(f"{place.name}.replaced-{n}") for n in count(1))
    free = next(name for name in names if not name.exists())
    for suffix in ("-shm", "-wal", ""):
        part = Path(f"{place}{suffix}")
        if part.exists():
            part.rename(f"{free}{suffix}")
    return free if free.exists() else None
