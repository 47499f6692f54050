"""Near-duplicates: cases that say the same in almost the same words, told as if independent."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from interlock.errors import NearDuplicateError
from interlock.trial.case import Case
from interlock.trial.suites.noise import Sifted, sift

WORDS_ALIKE = 0.5
"""Jaccard likeness of the sets of three words in a row over which two texts are near-duplicates."""

LETTERS_ALIKE = 0.6
"""The same of five characters in a row."""

LEFT_ALIKE = 0.8
"""The same of either kind for requests without noise, of which little more than a frame is left."""

_WORD = re.compile(r"\w+")
_BLOCK = 512

Likeness = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class NearDuplicate:
    """Two cases of different clusters that say nearly the same.

    Attributes:
        first: Id of the one that comes first.
        second: Id of the other.
        words: Jaccard likeness of the three words in a row of their requests, in [0, 1];
            of those without noise where that is more.
        letters: The same of five characters in a row.
    """

    first: str
    second: str
    words: float
    letters: float


def near_duplicates(cases: Iterable[Case]) -> tuple[NearDuplicate, ...]:
    """Pairs of cases in different clusters whose words or letters overlap too much.

    Case, punctuation and spacing count for nothing. What the user says and what
    there is to read are compared apart, and both must be alike: twenty different
    letters with the same question about them are twenty cases, and so are twenty
    questions about one long text. Only, a text must be one: the very same question
    beside fewer than twenty words stays the same, and words that no other cluster
    uses count for nothing where a text has hardly others, or where they make up
    half of a request and more. Compare cases before they are expanded or
    attacked; the frame that all of them then share would count as likeness. Nor
    are cases compared that both send files and none in common: one question about
    twenty pictures is twenty cases.

    Likeness of words is a sign and no proof. Who says the same in other words, in
    another language, or with a real document beside it that has no part in the
    question, is not seen here, and has to be seen by whoever reads the suite.

    Returns:
        The pairs, in the order of the cases.

    Source:
        Broder (1997), On the resemblance and containment of documents. Computed
        for all pairs and exactly, not sketched: a suite is small, and a refusal
        must come out the same every time.
    """
    listed = list(cases)
    if not listed:
        return ()
    clusters: dict[str, int] = {}
    places = np.array([clusters.setdefault(one.cluster, len(clusters)) for one in listed])
    compared = _Compared(listed, places)
    found: list[NearDuplicate] = []
    for start in range(0, len(listed), _BLOCK):
        rows = slice(start, min(start + _BLOCK, len(listed)))
        alike, words, letters = compared.likeness(rows)
        alike &= places[rows, None] != places[None, :]
        alike &= np.arange(rows.start, rows.stop)[:, None] < np.arange(len(listed))[None, :]
        found += (
            NearDuplicate(
                first=listed[start + i].id,
                second=listed[j].id,
                words=round(float(words[i, j]), 3),
                letters=round(float(letters[i, j]), 3),
            )
            for i, j in zip(*np.nonzero(alike), strict=True)
            if not _sends_others(listed[i + start], listed[j])
        )
    return tuple(found)


def check_independent(cases: Iterable[Case]) -> None:
    """Refuse cases of different clusters that are near-duplicates.

    Raises:
        NearDuplicateError: Some are; the first pair is named. Taken as
            independent they would make a sample look larger than it is.
    """
    found = near_duplicates(cases)
    if found:
        raise NearDuplicateError(found[0].first, found[0].second, len(found))


class _Compared:
    """Both sides of all conversations, and their requests without noise."""

    def __init__(self, cases: Sequence[Case], places: NDArray[np.int_]) -> None:
        asked = [_words(_said(one, ("user",))) for one in cases]
        given = [_words(_said(one, ("assistant", "document", "tool"))) for one in cases]
        self._sifted = sift(places.tolist(), asked, given)
        self._asked, self._given = _Side(asked), _Side(given)
        self._left = _Side(_noisy_requests(self._sifted))
        known: dict[tuple[str, ...], int] = {}
        self._same = np.array([known.setdefault(one, len(known)) for one in self._sifted.requests])

    def likeness(self, rows: slice) -> tuple[NDArray[np.bool_], Likeness, Likeness]:
        """Which conversations are alike, and how far their requests are: some against all."""
        words, letters = self._asked.likeness(rows)
        alike = (words > WORDS_ALIKE) | (letters > LETTERS_ALIKE)
        noisy = _both(self._sifted.noisy, rows)
        if noisy.any():
            left = [one * noisy for one in self._left.likeness(rows)]
            alike |= (left[0] > LEFT_ALIKE) | (left[1] > LEFT_ALIKE)
            words, letters = np.maximum(words, left[0]), np.maximum(letters, left[1])
        same = self._same[rows, None] == self._same[None, :]
        read = self._given.likeness(rows)
        given = (read[0] > WORDS_ALIKE) | (read[1] > LETTERS_ALIKE)
        given |= _both(self._sifted.unfamiliar, rows)
        given |= _both(self._sifted.slight, rows) & same
        return (alike | same) & given, words, letters


class _Side:
    """One side of every conversation, as sets of what stands in a row."""

    def __init__(self, spelt: Sequence[Sequence[str]]) -> None:
        self._words = _Rows([_in_a_row(one, 3) for one in spelt])
        self._letters = _Rows([_in_a_row(" ".join(one), 5) for one in spelt])

    def likeness(self, rows: slice) -> tuple[Likeness, Likeness]:
        """How far texts are alike in words and in letters: some texts against all."""
        return self._words.likeness(rows), self._letters.likeness(rows)


class _Rows:
    """Sets as the rows of a matrix of zeros and ones, so that one product counts all overlaps."""

    def __init__(self, sets: Sequence[set[str]]) -> None:
        columns: dict[str, int] = {}
        # Sorted, since the order of a set changes from process to process.
        indices = [columns.setdefault(one, len(columns)) for each in sets for one in sorted(each)]
        starts = np.concatenate([[0], np.cumsum([len(each) for each in sets])])
        ones = np.ones(len(indices), np.float32)
        shape = (len(sets), max(len(columns), 1))
        self._matrix = csr_array((ones, np.array(indices, np.int64), starts), shape=shape)
        self._sizes = np.diff(starts).astype(np.float32)

    def likeness(self, rows: slice) -> Likeness:
        """Jaccard likeness of some sets to all, in [0, 1]; of two empty sets it is 1."""
        common = (self._matrix[rows] @ self._matrix.T).toarray()
        either = self._sizes[rows, None] + self._sizes[None, :] - common
        found: Likeness = np.divide(common, either, out=np.ones_like(common), where=either > 0)
        return found


def _both(flags: NDArray[np.bool_], rows: slice) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = flags[rows, None] & flags[None, :]
    return found


def _noisy_requests(sifted: Sifted) -> list[tuple[str, ...]]:
    """What is left of the noisy ones; of the others nothing, since nobody compares it."""
    pairs = zip(sifted.requests, sifted.noisy, strict=True)
    return [one if noisy else () for one, noisy in pairs]


def _sends_others(one: Case, other: Case) -> bool:
    """Whether both send files, and no file is sent by both."""
    mine, theirs = ({file.digest for file in case.attachments} for case in (one, other))
    return bool(mine and theirs) and not mine & theirs


def _said(case: Case, speakers: Sequence[str]) -> str:
    return " ".join(one.text for one in case.turns if one.speaker in speakers)


def _words(text: str) -> list[str]:
    """The words of a text, small and in one spelling; characters that nobody sees part no word."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall("".join(one for one in folded if unicodedata.category(one) != "Cf"))


def _in_a_row(text: Sequence[str], length: int) -> set[str]:
    """Everything of some length that stands in a row; of a shorter text, all of it."""
    last = max(len(text) - length, 0)
    joint = "" if isinstance(text, str) else " "
    return {joint.join(text[k : k + length]) for k in range(last + 1)} - {""}
