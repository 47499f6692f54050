"""Parquet as batches: as fast as it can be read, whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from interlock.errors import BadTableError
from interlock.trial import OBSERVATION_SCHEMA

_MOST_ROWS = 1 << 17
_BATCH_BYTES = 64 << 20


def parquet_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Read the rows of a Parquet file; columns of few distinct texts as dictionaries.

    Raises:
        BadTableError: The file is no Parquet, or a part of it is missing.
    """
    try:
        with parquet.ParquetFile(path) as plain:
            schema, rows = plain.schema_arrow, _rows_at_once(plain.metadata)
        terms = [
            field.name
            for field in OBSERVATION_SCHEMA
            if pa.types.is_dictionary(field.type) and _is_text(schema, field.name)
        ]
        with parquet.ParquetFile(path, read_dictionary=terms) as file:
            yield pa.RecordBatch.from_pylist([], schema=file.schema_arrow)
            yield from file.iter_batches(batch_size=rows)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise BadTableError(str(path), f"it is no whole Parquet file: {error}") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise BadTableError(str(path), f"it is no whole Parquet file: {error}") from error


def _rows_at_once(metadata: parquet.FileMetaData) -> int:
    """Rows of one batch, so that long texts do not fill the memory."""
    size = sum(metadata.row_group(k).total_byte_size for k in range(metadata.num_row_groups))
    each = max(1, size // max(1, metadata.num_rows))
    return max(1, min(_MOST_ROWS, _BATCH_BYTES // each))


def _is_text(schema: pa.Schema, name: str) -> bool:
    return schema.names.count(name) == 1 and pa.types.is_string(schema.field(name).type)
