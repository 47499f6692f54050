"""One column of a file, checked as a whole and blamed by the row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from interlock.errors import BadRowError, BadTableError

Array = Any
"""A pyarrow array. Its stubs know neither kernels on Python scalars nor dictionary members,
so that a precise type here would need a cast at every call."""

_TERM = pa.dictionary(pa.int32(), pa.string())
_SPACE = 0x20
_RAW = {
    pa.string(): pa.binary(),
    pa.large_string(): pa.large_binary(),
    pa.string_view(): pa.binary_view(),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A named stretch of one column.

    Attributes:
        file: The file by which errors call it.
        name: The column's name.
        first: Row of its first value in the file, counted from 1.
        values: The values as the file has them.
    """

    file: str
    name: str
    first: int
    values: Array

    def refuse(self, k: int, reason: str) -> BadRowError:
        """The error that blames value ``k``."""
        return BadRowError(self.file, self.first + k, self.name, reason)

    def text(self) -> Array:
        """The values as text; integers are written out, an empty text is no value.

        Raises:
            BadRowError: A value is not UTF-8 or holds a control character
                (which is what a quotation mark left open looks like).
            BadTableError: The column holds something that is no text.
        """
        return self._clean(self._decoded(self.values))

    def prose(self) -> Array:
        """The values as text of any form: line breaks belong to it, nothing is dropped.

        Raises:
            BadRowError: A value is not UTF-8.
            BadTableError: The column holds something that is no text.
        """
        return self._decoded(self.values)

    def term(self) -> Array:
        """The same as `text`, as a dictionary."""
        if not pa.types.is_dictionary(self.values.type):
            return self.text().dictionary_encode()
        words = self._decoded(self.values.dictionary)
        odd = pc.any(pc.equal(words, pa.scalar(""))).as_py() or words.null_count
        if odd or _has_control(words):
            return self.text().dictionary_encode()
        return pa.DictionaryArray.from_arrays(self.values.indices.cast(pa.int32()), words)

    def number(self) -> Array:
        """The values as finite numbers.

        Raises:
            BadRowError: A value is no number, not finite, or a flag.
        """
        made = self._cast(self._digits(), pa.float64(), "is no number; write it in decimals")
        self.demand(pc.is_finite(made), "is not finite; leave the value empty where there is none")
        return made

    def whole(self) -> Array:
        """The values as whole numbers from 0 up.

        Raises:
            BadRowError: A value is no whole number, or is negative.
        """
        made = self._cast(self.number(), pa.int64(), "is no whole number")
        self.demand(pc.greater_equal(made, pa.scalar(0)), "is negative; count from 0")
        return made

    def epoch(self) -> Array:
        """The values as repeats of an item, 0 where there is none.

        Raises:
            BadRowError: A value is no whole number from 0 up to 2^31 - 1.
        """
        made = self.whole().fill_null(0)
        self.demand(pc.less(made, pa.scalar(2**31)), "is too large; count repeats from 0")
        return made.cast(pa.int32())

    def demand(self, holds: Array, reason: str) -> None:
        """Refuse the first value for which ``holds`` is false; null holds.

        Raises:
            BadRowError: There is one.
        """
        if pc.all(holds).as_py() is False:
            k = int(pc.index(holds, False).as_py())
            raise self.refuse(k, f"{_told(self.values[k])} {reason}")

    def _digits(self) -> Array:
        """Values ready to be read as numbers: text decoded, the rest as it is."""
        kind, types = self.values.type, pa.types
        if types.is_dictionary(kind) or _is_text(kind):
            return pc.utf8_trim_whitespace(self.text())
        if types.is_boolean(kind):
            self.demand(self.values.is_null(), "is a flag; write 1 for true and 0 for false")
            return pa.nulls(len(self.values))
        if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
            return self.values
        if types.is_null(kind):
            return self.values
        raise self._mistyped("numbers")

    def _decoded(self, values: Array) -> Array:
        kind = values.type
        if pa.types.is_dictionary(kind):
            values = values.cast(kind.value_type)
        if not (_is_text(values.type) or pa.types.is_integer(kind) or pa.types.is_null(kind)):
            raise self._mistyped("text")
        if (raw := _RAW.get(values.type)) is not None:
            # A file can claim text that is none; only a cast from bytes looks at them.
            values = values.cast(raw)
        return self._cast(values, pa.string(), "is not UTF-8; save the file as UTF-8")

    def _mistyped(self, wanted: str) -> BadTableError:
        kind = self.values.type
        return BadTableError(
            self.file, f"the column {self.name} holds {kind} and must hold {wanted}; convert it"
        )

    def _clean(self, words: Array) -> Array:
        if _has_control(words):
            bad = pc.match_substring_regex(words, r"[\x00-\x1f]")
            reason = "holds a control character or line break; is a quotation mark left open?"
            self.demand(pc.invert(bad), reason)
        empty = pc.equal(words, pa.scalar(""))
        if pc.any(empty).as_py():
            return pc.if_else(empty, pa.scalar(None, pa.string()), words)
        return words

    def _cast(self, values: Array, kind: pa.DataType, reason: str) -> Array:
        try:
            return values.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            k = _first_failure(values, lambda part: part.cast(kind))
            raise self.refuse(k, f"{_told(values[k])} {reason}") from None


def _first_failure(values: Array, cast: Callable[[Array], object]) -> int:
    """Position of the first value that a cast refuses, by halving."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            cast(values.slice(low, middle - low))
            low = middle
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            high = middle
    return low


def _has_control(words: Array) -> bool:
    """Whether any byte of the text is a control character (never part of another in UTF-8)."""
    offsets = np.frombuffer(words.buffers()[1], np.int32)[words.offset :][: len(words) + 1]
    data = words.buffers()[2]
    if data is None or len(words) == 0:
        return False
    return bool((np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]] < _SPACE).any())


def _is_text(kind: pa.DataType) -> bool:
    return kind in _RAW or kind in _RAW.values()


def _told(value: Array) -> str:
    """A value as errors show it: short, and with its quotation marks."""
    shown = repr(value.as_py())
    return shown if len(shown) <= 60 else shown[:57] + "..."
