"""Files of observations: CSV, JSON lines and Parquet, read in a stream and refused by the row."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from interlock.adapters.table_csv import csv_batches
from interlock.adapters.table_jsonl import jsonl_batches
from interlock.adapters.table_parquet import parquet_batches
from interlock.errors import BadTableError
from interlock.trial import Intake, Texts

Batches = Iterator[pa.RecordBatch]

_READERS: dict[str, Callable[[Path], Batches]] = {
    ".csv": csv_batches,
    ".jsonl": jsonl_batches,
    ".ndjson": jsonl_batches,
    ".parquet": parquet_batches,
}
_PACKED = {b"\x1f\x8b": "gzip", b"PK": "zip", b"\x28\xb5": "zstd", b"BZ": "bzip2", b"\xfd7": "xz"}


def read_observations(path: Path, *, texts: Texts | None = None) -> Batches:
    """Read a file of observations in batches, in the order of its rows.

    Only ``item``, ``metric`` and ``value`` are required. Slices are columns
    named ``slice.NAME``. Rows count only when the whole stream was read: that
    none stands twice is known at its end. Memory is bounded by the batches and
    one key a row.

    Args:
        path: A ``.csv``, ``.jsonl``, ``.ndjson`` or ``.parquet`` file, not packed.
        texts: Where the columns ``prompt`` and ``completion`` go, to be
            replaced by references; without it they are left out.

    Yields:
        Batches of `OBSERVATION_SCHEMA`.

    Raises:
        BadTableError: The file as a whole is no table of observations.
        BadRowError: A row is refused; the error names file and row.
        DuplicateRowError: A (metric, item, epoch) stands twice.
    """
    reader = _reader(path)
    intake = Intake(str(path), texts=texts)
    for batch in reader(path):
        admitted = intake.admit(batch)
        if admitted.num_rows:
            yield admitted
    intake.close()


def _reader(path: Path) -> Callable[[Path], Batches]:
    """The reader for a file's name, once the file is one that can be read."""
    file = str(path)
    if not path.exists():
        raise BadTableError(file, "there is no such file; check the path")
    if not path.is_file():
        raise BadTableError(file, "it is no regular file; name one file of observations")
    with path.open("rb") as stream:
        start = stream.read(2)
    if not start:
        raise BadTableError(file, "it is empty; no data is no result")
    if start in _PACKED:
        raise BadTableError(file, f"it is packed with {_PACKED[start]}; unpack it first")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadTableError(file, f"its name must end in {', '.join(_READERS)} to say what it is")
    return reader
