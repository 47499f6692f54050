"""A 64-bit fingerprint of every text of a column: unlike ones show that the texts are unlike."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Prints = NDArray[np.uint64]

_WORD = 8
_MASKS = np.array([(1 << (8 * k)) - 1 for k in range(_WORD + 1)], np.uint64)
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))
_SHIFT = np.uint64(29)


def fingerprints(words: Any) -> Prints:  # noqa: ANN401 - a StringArray
    """Fingerprint texts, eight bytes of all of them at a time.

    Equal texts have equal fingerprints. The reverse is not promised (a hostile
    file may collide on purpose), so equal fingerprints prove nothing.

    Args:
        words: A ``StringArray`` of n texts without nulls.

    Returns:
        Shape ``(n,)``.
    """
    n = len(words)
    ends = np.frombuffer(words.buffers()[1], np.int32)[words.offset :][: n + 1]
    first, size = int(ends[0]), int(ends[-1] - ends[0])
    padded = np.zeros(size + _WORD, np.uint8)
    if size:
        padded[:size] = np.frombuffer(words.buffers()[2], np.uint8)[first : first + size]
    # A view of the eight bytes that start at each byte; only whole words are read from it.
    anywhere = np.ndarray((size + 1,), np.uint64, padded.data, strides=(1,))
    at, left = ends[:-1] - first, np.diff(ends)
    prints = mix(np.zeros(n, np.uint64), left.astype(np.uint64))
    for start in range(0, int(left.max(initial=0)), _WORD):
        word = anywhere[np.minimum(at + start, size)] & _MASKS[np.clip(left - start, 0, _WORD)]
        # A text that has ended takes no further part: what stands beside it must not matter.
        prints = np.where(left > start, mix(prints, word), prints)
    return prints


def mix(prints: Prints, more: Prints) -> Prints:
    """Fold further values into fingerprints."""
    mixed = (prints ^ (more * _ODD[0])) * _ODD[1]
    return np.asarray(mixed ^ (mixed >> _SHIFT), np.uint64)


def term_prints(terms: Any) -> Prints:  # noqa: ANN401 - a DictionaryArray
    """Fingerprint a dictionary column without nulls by way of its few texts."""
    few = fingerprints(terms.dictionary)
    return few[np.asarray(terms.indices, np.int64)]


def are_distinct(prints: list[Prints]) -> bool:
    """Whether no two fingerprints are equal."""
    ranked = np.sort(np.concatenate(prints))
    return not bool((ranked[1:] == ranked[:-1]).any())
