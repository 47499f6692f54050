"""Choices that follow from a seed alone: the same bytes on every machine and in every version."""

import hashlib
from collections.abc import Iterator, Sequence
from math import gcd
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of choices named by words and numbers.

    SHA-256 in counter mode, since generators of libraries change their streams
    between versions, and what was generated once must be generated for ever.

    Args:
        named: What the stream depends on, in order.
    """

    def __init__(self, *named: str | int) -> None:
        self._name = "\x1f".join(str(one) for one in named).encode()
        self._count = 0

    def below(self, n: int) -> int:
        """A whole number from 0 to ``n`` - 1, each as likely to one part in 2^64 / n."""
        self._count += 1
        drawn = hashlib.sha256(self._name + b"\x1e" + str(self._count).encode()).digest()
        return int.from_bytes(drawn[:8], "big") % n

    def one_of(self, options: Sequence[T]) -> T:
        """One of some options."""
        return options[self.below(len(options))]

    def order(self, n: int) -> Iterator[int]:
        """Every number from 0 to ``n`` - 1 once, in an order that costs no memory.

        A linear walk over the residues: enough to spread choices, no shuffle.
        """
        step = self.below(n) + 1
        while gcd(step, n) > 1:
            step += 1
        start = self.below(n)
        return ((start + k * step) % n for k in range(n))
