"""Dice that facts load: the same throw on every machine and with every version of a library."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Dice:
    """Chance for one attack on one text.

    Hashes rather than a random generator, whose stream its library may change:
    a bank that is built again must come out byte for byte the same.

    Attributes:
        owner: Whose dice they are, so that combined attacks do not throw alike.
        text: What is disguised.
        seed: Chosen by the plan.
    """

    owner: str
    text: str
    seed: int

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices; neighbouring seeds take neighbouring ones, so that tries differ."""
        return choices[(self._first(len(choices)) + self.seed) % len(choices)]

    def order(self, things: Sequence[T]) -> tuple[T, ...]:
        """All of the things, shuffled."""
        marks = self.throws(4 * len(things))
        ranks = [(marks[4 * k : 4 * k + 4], k) for k in range(len(things))]
        return tuple(things[k] for _, k in sorted(ranks))

    def throws(self, n: int) -> bytes:
        """``n`` numbers from 0 to 255."""
        return hashlib.shake_256(self._told(self.seed)).digest(n)

    def _first(self, n: int) -> int:
        return int.from_bytes(hashlib.sha256(self._told("first")).digest()[:8]) % n

    def _told(self, last: object) -> bytes:
        return "\x1f".join((self.owner, str(last), self.text)).encode("utf-8", "surrogatepass")
