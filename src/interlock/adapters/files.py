"""Files that are whole or absent: written aside, flushed to disk, then given their name."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whose name is free.

    Args:
        path: The name.
        data: The content.
        private: Whether nobody but the owner may read it; else the user's own
            defaults (umask) say who may.

    Raises:
        FileExistsError: There is a file of this name; it is left as it was.
    """
    aside = _write_aside(path, data, private=private)
    try:
        os.link(aside, path)
    finally:
        aside.unlink()
    flush_folder(path.parent)


def replace(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file in place of the one that has its name; readers see one or the other."""
    _write_aside(path, data, private=private).replace(path)
    flush_folder(path.parent)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock file: no other thread or process may compare and write at once."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def flush(path: Path) -> None:
    """Wait until a file's content is on disk."""
    _flush(path, os.O_RDWR)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    _flush(folder, os.O_RDONLY)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_aside(path: Path, data: bytes, *, private: bool) -> Path:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return aside
