"""Rows on their way in: what is known only at the end, and what nobody can slip past."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from interlock.errors import BadTableError, DuplicateRowError
from interlock.trial import Intake
from interlock.trial.fingerprint import fingerprints, mix

_FACTORS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9)


def rows(*items: str) -> pa.RecordBatch:
    n = len(items)
    return pa.RecordBatch.from_pydict(
        {"item": list(items), "metric": ["harm"] * n, "value": [1.0] * n}
    )


def colliding_texts() -> tuple[str, str]:
    """Two texts of 16 characters with one fingerprint, as a hostile file might bring them.

    The fold of the last word can be turned back, so that every other first word
    has a second one that collides; among 40,000 of them some are printable.
    """
    letters = itertools.product("abcdefghijklmnopqrstuvwxyz", repeat=8)
    firsts = ["".join(word) for word in itertools.islice(letters, 40_000)]
    before = _unfolded(fingerprints(pa.array([first + "ijklmnop" for first in firsts])))
    turned = np.uint64(pow(_FACTORS[0], -1, 2**64))
    target = before[0] ^ (_word("ijklmnop") * np.uint64(_FACTORS[0]))
    for first, second in zip(firsts[1:], ((target ^ before[1:]) * turned).tolist(), strict=True):
        data = second.to_bytes(8, "little")
        if all(0x20 <= byte < 0x7F for byte in data):
            return firsts[0] + "ijklmnop", first + data.decode()
    raise AssertionError("no collision among all first words")


def _unfolded(prints: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Undo the fold of the last word: its shift, its product, its exclusive or."""
    mixed = prints ^ (prints >> np.uint64(29)) ^ (prints >> np.uint64(58))
    mixed = mixed * np.uint64(pow(_FACTORS[1], -1, 2**64))
    return np.asarray(mixed ^ (_word("ijklmnop") * np.uint64(_FACTORS[0])), np.uint64)


def _word(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode(), np.uint64)


def test_texts_that_collide_on_purpose_are_told_apart() -> None:
    one, other = colliding_texts()
    prints = fingerprints(pa.array([one, other]))
    assert one != other
    assert prints[0] == prints[1]
    intake = Intake("x.csv")
    intake.admit(rows(one, other, "z"))
    intake.close()


def test_a_row_repeated_in_a_later_batch_is_found_at_the_end() -> None:
    intake = Intake("x.csv")
    for batch in (rows("a", "b"), rows("c"), rows("d", "b")):
        intake.admit(batch)
    with pytest.raises(DuplicateRowError, match="repeats row 2") as caught:
        intake.close()
    assert caught.value.row == 5


def test_a_file_that_brought_no_rows_is_refused_at_its_end() -> None:
    intake = Intake("x.csv")
    intake.admit(rows())
    with pytest.raises(BadTableError, match="no rows"):
        intake.close()


def test_folding_a_value_in_changes_a_fingerprint() -> None:
    prints = fingerprints(pa.array(["a", "b"]))
    assert (mix(prints, prints) != prints).all()
    assert len(set(prints.tolist())) == 2
