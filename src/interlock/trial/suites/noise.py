"""Noise: words added to a case that only it uses, so that the same request looks like another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OWN = 0.25
"""Share of a request's words that must be its cluster's own before they are taken for noise."""

REMAINDER = 5
"""Least number of words that must be left of a request without them; fewer ask nothing."""

FAMILIAR = 0.1
"""Share of a text's words that must occur elsewhere too; any language repeats its small words."""

SUBSTANTIAL = 20
"""Least number of words in a text before the same request about it is another request."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    "|[^\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
"""A letter of a script that parts no words, or what else stands together."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Sifted:
    """Conversations without the words that a single cluster uses.

    Attributes:
        requests: What is left of each request; all of it where little is noise.
        noisy: Where enough of the request was noise, and enough is left.
        unfamiliar: Where what there is to read is nothing but noise, or nothing.
        slight: Where what there is to read is no text of its own: noise, or
            fewer words than ``SUBSTANTIAL``.
    """

    requests: tuple[tuple[str, ...], ...]
    noisy: Flags
    unfamiliar: Flags
    slight: Flags


def sift(
    clusters: Sequence[int], asked: Sequence[Sequence[str]], given: Sequence[Sequence[str]]
) -> Sifted:
    """Take from each conversation the words that no other cluster of the collection uses.

    A real request has such words as well; what is left without them is another
    remainder than everybody else's. The shares were chosen so that no shipped
    suite, by itself or beside all others, has two requests with one remainder.

    Args:
        clusters: The cluster of each conversation, as a number.
        asked: The words of each request.
        given: The words of what there is to read beside it.
    """
    asked, given = [_units(one) for one in asked], [_units(one) for one in given]
    home: dict[str, int] = {}
    shared: set[str] = set()
    for cluster, request, text in zip(clusters, asked, given, strict=True):
        shared |= {one for one in {*request, *text} if home.setdefault(one, cluster) != cluster}
    left = [tuple(word for word in one if word in shared) for one in asked]
    noisy = [
        len(rest) >= REMAINDER and len(rest) <= (1 - OWN) * len(one)
        for one, rest in zip(asked, left, strict=True)
    ]
    unfamiliar = [sum(word in shared for word in one) < FAMILIAR * len(one) for one in given]
    unfamiliar = [alien or not one for alien, one in zip(unfamiliar, given, strict=True)]
    slight = [alien or len(one) < SUBSTANTIAL for alien, one in zip(unfamiliar, given, strict=True)]
    return Sifted(
        requests=tuple(
            rest if hit else tuple(one) for one, rest, hit in zip(asked, left, noisy, strict=True)
        ),
        noisy=np.array(noisy, bool),
        unfamiliar=np.array(unfamiliar, bool),
        slight=np.array(slight, bool),
    )


def _units(words: Sequence[str]) -> list[str]:
    return [unit for word in words for unit in _UNSPACED.findall(word)]
