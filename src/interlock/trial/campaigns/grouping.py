"""Texts that are alike, put together: what a person then looks at and gives a name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster import hierarchy
from scipy.spatial import distance

from interlock.errors import TooManyTextsError

MOST = 3000
"""Texts that can be held against one another at once."""

ALIKE = 0.12
"""Mean similarity, from 0 to 1, from which two groups are one."""

_WORD = re.compile(r"\w[\w'-]*")
_GRAM = 4
_TERMS = 4
# What stands in more than this share of many texts tells none from another.
_COMMON = 0.4
_MANY = 20


@dataclass(frozen=True, kw_only=True)
class Group:
    """Texts that are alike.

    Attributes:
        members: Their positions, the most typical first.
        terms: Words that stand out in it, the strongest first.
        cohesion: Mean similarity of its members to each other, in [0, 1]; 1 for a single one.
    """

    members: tuple[int, ...]
    terms: tuple[str, ...]
    cohesion: float


def group_texts(texts: Sequence[str], *, alike: float = ALIKE) -> tuple[Group, ...]:
    """Put texts together by the words and pieces of words that they share.

    Average-link clustering on the cosine of TF-IDF weights of words, pairs of
    words and runs of four letters: the outcome hangs on no random number and on
    no order, unlike k-means, and needs no count of groups given beforehand.

    Args:
        texts: What is grouped; at most `MOST`.
        alike: Mean similarity, in (0, 1), from which two groups are one; higher makes more and
            tighter groups.

    Returns:
        The groups, the largest first.

    Raises:
        TooManyTextsError: There are more than can be held against one another.
    """
    if len(texts) > MOST:
        raise TooManyTextsError(len(texts), MOST)
    if not texts:
        return ()
    words = [_words(text) for text in texts]
    near = _similarity(_weights([_features(one) for one in words]))
    labels = _labels(near, alike)
    found = [_group(np.flatnonzero(labels == label), near, words) for label in np.unique(labels)]
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.members)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _features(words: list[str]) -> Counter[str]:
    pairs = (f"{a} {b}" for a, b in pairwise(words))
    padded = f" {' '.join(words)} "
    grams = (f"#{padded[k : k + _GRAM]}" for k in range(len(padded) - _GRAM + 1))
    return Counter([*words, *pairs, *grams])


def _weights(features: Sequence[Counter[str]]) -> Any:  # noqa: ANN401 - scipy has no types
    """Rows of unit length: how often a feature stands in a text, by how rare it is among texts."""
    names = {name: k for k, name in enumerate(sorted({name for one in features for name in one}))}
    rows = np.repeat(np.arange(len(features)), [len(one) for one in features])
    columns = np.array([names[name] for one in features for name in one], dtype=np.int64)
    counts = np.array([n for one in features for n in one.values()], dtype=np.float64)
    spread = np.bincount(columns, minlength=len(names))
    rarity = np.log((1 + len(features)) / (1 + spread)) + 1
    if len(features) >= _MANY:
        rarity[spread > _COMMON * len(features)] = 0.0
    weights = (1 + np.log(counts)) * rarity[columns]
    made = sparse.csr_array((weights, (rows, columns)), shape=(len(features), max(len(names), 1)))
    length = np.sqrt((made * made).sum(axis=1))
    return sparse.diags_array(1 / np.where(length > 0, length, 1.0)) @ made


def _similarity(weights: Any) -> NDArray[np.float64]:  # noqa: ANN401 - scipy has no types
    near = np.asarray((weights @ weights.T).toarray(), dtype=np.float64)
    np.fill_diagonal(near, 1.0)
    return np.clip(near, 0.0, 1.0)


def _labels(near: NDArray[np.float64], alike: float) -> NDArray[np.int64]:
    if len(near) == 1:
        return np.zeros(1, dtype=np.int64)
    # Rounded, or the last bit of a product decides which of two equal pairs is joined first.
    apart = np.round(1 - near, 9)
    joined = hierarchy.linkage(distance.squareform(apart, checks=False), "average")
    return np.asarray(hierarchy.fcluster(joined, 1 - alike, "distance"), dtype=np.int64)


def _group(
    members: NDArray[np.intp], near: NDArray[np.float64], words: Sequence[list[str]]
) -> Group:
    inside = near[np.ix_(members, members)]
    typical = members[np.argsort(-np.round(inside.sum(axis=1), 9), kind="stable")]
    pairs = len(members) * (len(members) - 1)
    cohesion = float((inside.sum() - len(members)) / pairs) if pairs else 1.0
    return Group(
        members=tuple(int(one) for one in typical),
        terms=_terms([words[one] for one in members], words),
        cohesion=min(max(cohesion, 0.0), 1.0),
    )


def _terms(inside: Sequence[list[str]], all_words: Sequence[list[str]]) -> tuple[str, ...]:
    """Words in many texts of the group and in few others; short ones name nothing."""
    within = Counter(word for one in inside for word in set(one) if len(word) > 3)
    everywhere = Counter(word for one in all_words for word in set(one))
    scores = {
        word: n / len(inside) * np.log((1 + len(all_words)) / everywhere[word])
        for word, n in within.items()
    }
    best = sorted(scores, key=lambda word: (-round(float(scores[word]), 9), word))
    return tuple(best[:_TERMS])
