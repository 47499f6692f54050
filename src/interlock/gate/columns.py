"""Columns of text as numbers, coded alike in both arms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Column: TypeAlias = "pa.ChunkedArray[Any]"
Codes = NDArray[np.int32]
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
    before: Codes
    after: Codes


def code_together(before: Column, after: Column) -> Coded:
    """Code a text column of two tables, plain or a dictionary in both, by one dictionary."""
    if before.equals(after):
        names, codes = _encoded(before)
        return Coded(names, codes, codes)
    names, codes = _encoded(pa.chunked_array(before.chunks + after.chunks, type=before.type))
    return Coded(names, codes[: len(before)], codes[len(before) :])


def code_tags(before: Column, after: Column) -> dict[str, Coded]:
    """Code a column of maps (name to value) of two tables: one `Coded` for every name."""
    first, second = _entries(before), _entries(after)
    names = code_together(first.names, second.names)
    values = code_together(first.values, second.values)
    spread = (
        _spread(first.rows, len(before), (names.before, values.before)),
        _spread(second.rows, len(after), (names.after, values.after)),
    )
    return {
        str(name): Coded(values.names, *(one(code) for one in spread))
        for code, name in enumerate(names.names.to_pylist())
    }


def _encoded(column: Column) -> tuple[pa.StringArray, Codes]:
    coded = pa.types.is_dictionary(column.type)
    encoded = cast(
        "pa.DictionaryArray[Any, Any]",
        (column.unify_dictionaries() if coded else column.dictionary_encode()).combine_chunks(),
    )
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return cast("pa.StringArray", encoded.dictionary), codes.astype(np.int32, copy=False)


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


def _spread(rows: Whole, n: int, coded: tuple[Codes, Codes]) -> Callable[[int], Codes]:
    """Entries back in their rows: for one name's code, the code of its value in each row."""
    names, values = coded

    def spread(name: int) -> Codes:
        found = np.full(n, -1, dtype=np.int32)
        chosen = names == name
        found[rows[chosen]] = values[chosen]
        return found

    each = len(names) // n if n else 0
    if not each or len(names) != n * each:
        return spread
    layout = names.reshape(n, each)
    if (layout != layout[0]).any() or len(set(layout[0])) < each:
        return spread
    places = {int(name): place for place, name in enumerate(layout[0])}
    columns = values.reshape(n, each)
    return lambda name: columns[:, places[name]] if name in places else spread(name)
