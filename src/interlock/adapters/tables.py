"""Files of results: tables of observations and logs of other tools, all through one door."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from interlock.adapters.inspect_log import inspect_batches
from interlock.adapters.table_csv import csv_batches
from interlock.adapters.table_jsonl import jsonl_batches
from interlock.adapters.table_parquet import parquet_batches
from interlock.errors import BadTableError
from interlock.trial import Account, Intake, Reading, Texts

Batches = Iterator[pa.RecordBatch]

_READERS: dict[str, Callable[[Path], Batches]] = {
    ".csv": csv_batches,
    ".jsonl": jsonl_batches,
    ".ndjson": jsonl_batches,
    ".parquet": parquet_batches,
}
_LOGS = (".eval", ".json")
_PACKED = {b"\x1f\x8b": "gzip", b"PK": "zip", b"\x28\xb5": "zstd", b"BZ": "bzip2", b"\xfd7": "xz"}


def read_observations(
    path: Path,
    *,
    texts: Texts | None = None,
    reading: Reading | None = None,
    account: Account | None = None,
) -> Batches:
    """Read a file of results as observations in batches, in the order of its rows.

    Of a table only ``item``, ``metric`` and ``value`` are required, and slices
    are columns named ``slice.NAME``; it is read as it stands. Rows count only
    when the whole stream was read: that none stands twice is known at its end.
    Memory is bounded by the batches and one key a row.

    Args:
        path: A table (``.csv``, ``.jsonl``, ``.ndjson``, ``.parquet``), not
            packed, or a log of Inspect (``.eval``, ``.json``).
        texts: Where the columns ``prompt`` and ``completion`` go, to be
            replaced by references; without it they are left out.
        reading: What is asked of a log.
        account: Told what a log says besides its rows.

    Yields:
        Batches of `OBSERVATION_SCHEMA`.

    Raises:
        BadTableError: The file as a whole is no table of observations.
        BadRowError: A row is refused; the error names file and row.
        DuplicateRowError: A (metric, item, epoch) stands twice.
        BadLogError: A log is damaged or cannot be believed; see `inspect_batches`.
        IncompleteRunError: The run of a log did not end as planned.
    """
    reading, account = reading or Reading(), account or Account()
    batches = _batches(path, reading, account)
    intake = Intake(str(path), texts=texts)
    for batch in batches:
        admitted = intake.admit(batch)
        if admitted.num_rows:
            yield admitted
    intake.close()


def _batches(path: Path, reading: Reading, account: Account) -> Batches:
    """The rows of a file as it has them, once it is one that can be read."""
    file, suffix = str(path), path.suffix.lower()
    start = _start(path)
    if suffix in _LOGS:
        with path.open("rb") as stream:
            account.source = hashlib.file_digest(stream, hashlib.sha256).hexdigest()
        return inspect_batches(path, reading, account)
    if start in _PACKED:
        raise BadTableError(file, f"it is packed with {_PACKED[start]}; unpack it first")
    reader = _READERS.get(suffix)
    if reader is None:
        known = ", ".join((*_READERS, *_LOGS))
        raise BadTableError(file, f"its name must end in {known} to say what it is")
    if reading.asks:
        reason = "it is a table of observations, which is read as it stands; ask nothing of it"
        raise BadTableError(file, reason)
    return reader(path)


def _start(path: Path) -> bytes:
    """The first two bytes of a file that is there, is one, and holds something."""
    file = str(path)
    if not path.exists():
        raise BadTableError(file, "there is no such file; check the path")
    if not path.is_file():
        raise BadTableError(file, "it is no regular file; name one file of observations")
    with path.open("rb") as stream:
        start = stream.read(2)
    if not start:
        raise BadTableError(file, "it is empty; no data is no result")
    return start
