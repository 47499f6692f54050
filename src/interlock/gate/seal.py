"""What only the seal and the log after it can decide: which items, in which order."""

import hashlib
from collections.abc import Iterator, Sequence

from interlock.errors import InvalidRecordError

_SEED_BITS = 52
_WORD = 64


def seed_of(seal: str, checkpoint_root: str) -> int:
    """The seed of everything random under a seal, in [0, 2^52).

    Derived from the seal and the first checkpoint after it, so that nobody
    could know it when sealing and nobody can choose it afterwards. Small enough
    to be written exactly as a JSON number.

    Args:
        seal: Statement identity of the seal, hex.
        checkpoint_root: Root hash of the first checkpoint after it, hex.
    """
    return int.from_bytes(_origin(seal, checkpoint_root, "seed")) >> (256 - _SEED_BITS)


def draw(items: Sequence[str], sample: int, *, seal: str, checkpoint_root: str) -> tuple[str, ...]:
    """Draw ``sample`` items without replacement, in the sealed order.

    Every ordered sample is equally likely (Fisher-Yates over SHA-256 in counter
    mode, with rejection, so that no item is favoured by a remainder), and the
    result depends on nothing but the set of items, the seal and the
    checkpoint: anyone can draw it again with a hash function alone.

    Args:
        items: The bank; its order means nothing.
        sample: How many to draw, at most all of them.
        seal: Statement identity of the seal, hex.
        checkpoint_root: Root hash of the first checkpoint after it, hex.

    Raises:
        InvalidRecordError: An item is in the bank twice (it would be drawn too
            often), or the bank holds fewer items than the sample needs.

    Source:
        Durstenfeld (1964), CACM 7:420.
    """
    bank = sorted(items)
    if len(set(bank)) < len(bank):
        raise InvalidRecordError("item bank", "an item stands in it twice")
    if not 0 < sample <= len(bank):
        raise InvalidRecordError("sample", f"cannot draw {sample} of {len(bank)} items")
    words = _words(_origin(seal, checkpoint_root, "draw"))
    for place in range(sample):
        chosen = place + _below(len(bank) - place, words)
        bank[place], bank[chosen] = bank[chosen], bank[place]
    return tuple(bank[:sample])


def _origin(seal: str, checkpoint_root: str, purpose: str) -> bytes:
    text = f"interlock/{purpose}/1\n{seal}\n{checkpoint_root}\n"
    return hashlib.sha256(text.encode()).digest()


def _words(key: bytes) -> Iterator[int]:
    """An endless stream of independent uniform 64-bit words."""
    counter = 0
    while True:
        block = hashlib.sha256(key + counter.to_bytes(8)).digest()
        for start in range(0, len(block), 8):
            yield int.from_bytes(block[start : start + 8])
        counter += 1


def _below(bound: int, words: Iterator[int]) -> int:
    """A uniform whole number in [0, bound)."""
    fair = 2**_WORD - 2**_WORD % bound
    return next(word for word in words if word < fair) % bound
