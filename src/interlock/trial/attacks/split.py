"""A request cut in pieces that are harmless one by one."""

import json

from interlock.trial.attacks.dice import Dice

_NAMES = ("a", "b", "c", "d", "e")


def to_pieces(text: str, dice: Dice) -> str:
    """Three to five assignments of strings, one a line, which joined give the text."""
    count = dice.pick((3, 4, 5))
    throws = dice.throws(2 * count)
    chosen = [int.from_bytes(throws[2 * k : 2 * k + 2]) for k in range(count - 1)]
    cuts = sorted(one % (len(text) + 1) for one in chosen)
    ends = zip([0, *cuts], [*cuts, len(text)], strict=True)
    pieces = zip(_NAMES, (text[start:end] for start, end in ends), strict=False)
    return "\n".join(f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in pieces)


def from_pieces(coded: str) -> str:
    """The pieces joined.

    Raises:
        ValueError: A line is no assignment of a string.
    """
    return "".join(str(json.loads(one.partition(" = ")[2])) for one in coded.split("\n"))
