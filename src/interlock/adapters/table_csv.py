"""CSV as batches of bytes: strict about its shape, silent about its values."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from interlock.errors import BadRowError, BadTableError

LONGEST_LINE = 1 << 20
_BLOCK = 4 << 20
_RAGGED = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")
_NEWLINE, _QUOTE = 0x0A, 0x22


def csv_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Read comma-separated rows; every column as bytes, an empty cell as null.

    One pass of plain byte counting comes first: it finds lines over 1 MiB and
    quotation marks left open, which a CSV parser would read on and on for.

    Raises:
        BadTableError: The file is no CSV with a header line.
        BadRowError: A row has more or fewer cells than the header.
    """
    file = str(path)
    _check_bytes(path)
    names = _header(path)
    try:
        # Rows are numbered only where one thread reads them.
        with arrow_csv.open_csv(
            path,
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.binary()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        ) as reader:
            if reader.schema.names != names:
                raise BadTableError(file, "its header cannot be read; name each column plainly")
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
            yield from reader
    except UnicodeDecodeError as error:
        # The first line was blank, or ended inside quotes: what follows was taken for the header.
        reason = "its header is no UTF-8 text on the first line; begin with the header"
        raise BadTableError(file, reason) from error
    except pa.ArrowInvalid as error:
        _refuse(file, error)


def _refuse(file: str, error: pa.ArrowInvalid) -> NoReturn:
    # A handler of bad rows would be told the same, but fails on rows that are no UTF-8.
    if ragged := _RAGGED.search(str(error)):
        row, expected, found = map(int, ragged.groups())
        reason = f"it has {found} cells, and the header has {expected}"
        raise BadRowError(file, row - 1, "", f"{reason}; quote cells with commas")
    if "straddling" in str(error):
        raise BadTableError(file, "a row is over 4 MiB; is a quotation mark left open?")
    if "Empty CSV" in str(error):
        raise BadTableError(file, "it holds no rows; no data is no result")
    raise BadTableError(file, f"it is no CSV: {error}") from error


def _check_bytes(path: Path) -> None:
    """Refuse what can be seen without parsing, in bounded memory."""
    open_line, line, quotes = 0, 1, 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            data = np.frombuffer(block, np.uint8)
            quotes += int(np.count_nonzero(data == _QUOTE))
            ends = np.flatnonzero(data == _NEWLINE)
            lengths = np.diff(np.concatenate([[-1 - open_line], ends, [len(data)]])) - 1
            long = np.flatnonzero(lengths > LONGEST_LINE)
            if long.size:
                where = line + int(long[0])
                raise BadTableError(str(path), f"line {where} is over 1 MiB; this is no table")
            open_line, line = int(lengths[-1]), line + len(ends)
    if quotes % 2:
        raise BadTableError(str(path), "a quotation mark is left open; the file may be cut off")


def _header(path: Path) -> list[str]:
    with path.open("rb") as stream:
        line = stream.readline(LONGEST_LINE).rstrip(b"\r\n")
    if b"\r" in line:
        raise BadTableError(str(path), "its lines end in CR alone; save it with LF line ends")
    try:
        return next(csv.reader([line.decode("utf-8-sig")]), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTableError(str(path), "its header is no UTF-8 text; save it as UTF-8") from error
