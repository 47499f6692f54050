"""Columns of text as numbers, coded alike in both arms."""

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Column: TypeAlias = "pa.ChunkedArray[Any]"
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Coded:
    """One column of two tables, as codes into one list of names.

    Attributes:
        names: The distinct values of both tables.
        before: Shape ``(rows of the first table,)``; -1 where there is no value.
        after: The same for the second table.
    """

    names: pa.StringArray
    before: Whole
    after: Whole


def code_together(before: Column, after: Column) -> Coded:
    """Code a text column of two tables, plain or a dictionary in both, by one dictionary."""
    whole = pa.chunked_array(before.chunks + after.chunks, type=before.type)
    coded = pa.types.is_dictionary(before.type)
    encoded = cast(
        "pa.DictionaryArray[Any, Any]",
        (whole.unify_dictionaries() if coded else whole.dictionary_encode()).combine_chunks(),
    )
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    names = cast("pa.StringArray", encoded.dictionary)
    return Coded(names, codes[: len(before)], codes[len(before) :])


def code_tags(before: Column, after: Column) -> dict[str, Coded]:
    """Code a column of maps (name to value) of two tables: one `Coded` for every name."""
    first, second = _entries(before), _entries(after)
    names = code_together(first.names, second.names)
    values = code_together(first.values, second.values)
    return {
        str(name): Coded(
            values.names,
            _spread(values.before[names.before == code], first.rows[names.before == code], before),
            _spread(values.after[names.after == code], second.rows[names.after == code], after),
        )
        for code, name in enumerate(names.names.to_pylist())
    }


@dataclass(frozen=True)
class _Entries:
    """All entries of a column of maps, end to end, and the row each came from."""

    rows: Whole
    names: Column
    values: Column


def _entries(column: Column) -> _Entries:
    rows, names, values, start = [np.empty(0, dtype=np.int64)], [], [], 0
    for chunk in cast("list[pa.MapArray[Any, Any]]", column.chunks):
        offsets = chunk.offsets.to_numpy()
        rows.append(start + np.repeat(np.arange(len(chunk)), np.diff(offsets)))
        names.append(chunk.keys[offsets[0] : offsets[-1]])
        values.append(chunk.items[offsets[0] : offsets[-1]])
        start += len(chunk)
    return _Entries(
        np.concatenate(rows),
        pa.chunked_array(names, type=pa.string()),
        pa.chunked_array(values, type=pa.string()),
    )


def _spread(codes: Whole, rows: Whole, column: Column) -> Whole:
    """Entries back in their rows; -1 where a row has none."""
    spread = np.full(len(column), -1, dtype=np.int64)
    spread[rows] = codes
    return spread
