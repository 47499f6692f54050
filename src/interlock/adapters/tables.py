"""Files of results: tables of observations and logs of other tools, all through one door."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from interlock.adapters.imports import READERS, kind_of
from interlock.adapters.plugins import load_plugin
from interlock.adapters.table_csv import csv_batches
from interlock.adapters.table_jsonl import jsonl_batches
from interlock.adapters.table_parquet import parquet_batches
from interlock.errors import BadTableError
from interlock.trial import Account, Intake, Reading, Texts

Batches = Iterator[pa.RecordBatch]

_TABLES: dict[str, Callable[[Path], Batches]] = {
    ".csv": csv_batches,
    ".jsonl": jsonl_batches,
    ".ndjson": jsonl_batches,
    ".parquet": parquet_batches,
}
_TABLE, _PLUGIN = "table", "plugin:"
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
            packed, or a file of another tool, which is told by what is in it.
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
        PluginError: There is no such reader of another distribution.
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
    start, tool = _start(path), reading.tool
    if start in _PACKED and tool != "inspect" and path.suffix.lower() != ".eval":
        raise BadTableError(str(path), f"it is packed with {_PACKED[start]}; unpack it first")
    if tool.startswith(_PLUGIN):
        return _plugged(path, tool.removeprefix(_PLUGIN), account)
    tool = tool or kind_of(path) or _TABLE
    if tool == _TABLE:
        return _table(path, reading)
    if tool not in READERS:
        known = ", ".join((*READERS, _TABLE))
        raise BadTableError(str(path), f"nothing here reads files of {tool!r}; there are {known}")
    account.source = _digest(path)
    return READERS[tool](path, reading, account)


def _table(path: Path, reading: Reading) -> Batches:
    reader = _TABLES.get(path.suffix.lower())
    if reader is None:
        known = ", ".join((*_TABLES, ".eval", ".json"))
        raise BadTableError(
            str(path),
            f"its name must end in {known} to say what it is, or be told with --from",
        )
    if reading.asks:
        reason = "it is a table of observations, which is read as it stands; ask nothing of it"
        raise BadTableError(str(path), reason)
    return reader(path)


def _plugged(path: Path, name: str, account: Account) -> Batches:
    """The rows that a reader of another distribution makes of a file.

    Raises:
        PluginError: There is no such reader, or it is not what it must be.
        BadTableError: It makes something else than batches.
    """
    plugin = load_plugin("interlock.importers", name)
    account.tool, account.source = plugin.listed.identity, _digest(path)
    for batch in plugin.object(path):
        if not isinstance(batch, pa.RecordBatch):
            reason = f"the reader {plugin.listed.identity} gave no batch of rows; have it mended"
            raise BadTableError(str(path), reason)
        account.found = account.expected = account.found + batch.num_rows
        yield batch


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, hashlib.sha256).hexdigest()


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
