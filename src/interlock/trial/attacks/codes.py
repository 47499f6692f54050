"""Codes that a text can be written in, each with the way back to exactly the same text."""

import base64
import codecs
import json
import re
from collections.abc import Callable, Mapping

from interlock.trial.attacks.dice import Dice

Encode = Callable[[str, Dice], str]
Decode = Callable[[str], str | None]
"""Raises ValueError where the text is not in the code."""

_ZERO, _ONE = "\u200b", "\u200c"
_JOINER = "\u2060"
_TAGS = 0xE0000
# Of 256: how often a letter is swapped where it can be.
_OFTEN = 192
_KNIT = 160

_LOOKALIKES = dict(
    zip(
        "aceijopsxyABCEHKMOPTX",
        "\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u0455\u0445\u0443"
        "\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425",
        strict=True,
    )
)
_LEET = dict(zip("aeiost", "431057", strict=True))


def plain(text: str, _: Dice) -> str:
    """The text as it is."""
    return text


def to_base64(text: str, _: Dice) -> str:
    """RFC 4648 base64 of its UTF-8."""
    return base64.b64encode(text.encode()).decode()


def from_base64(coded: str) -> str:
    """The text that base64 stands for."""
    return base64.b64decode(coded, validate=True).decode()


def to_hex(text: str, _: Dice) -> str:
    """Two hexadecimal digits for each byte of its UTF-8."""
    return text.encode().hex(" ")


def from_hex(coded: str) -> str:
    """The text that the digits stand for."""
    return bytes.fromhex(coded).decode()


def to_rot13(text: str, _: Dice) -> str:
    """Each Latin letter moved by half an alphabet; all else stays."""
    return codecs.encode(text, "rot13")


def from_rot13(coded: str) -> str:
    """The letters moved on to where they were."""
    return codecs.encode(coded, "rot13")


def to_json(text: str, _: Dice) -> str:
    """The inside of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def from_json(coded: str) -> str:
    """The text that the inside of a JSON string stands for."""
    return str(json.loads(f'"{coded}"'))


def to_tags(text: str, _: Dice) -> str:
    """Invisible Unicode tag characters, one for each character of the text as an ASCII string."""
    return "".join(chr(_TAGS + ord(one)) for one in json.dumps(text)[1:-1])


def from_tags(coded: str) -> str:
    """The text that tag characters stand for."""
    return from_json("".join(chr(ord(one) - _TAGS) for one in coded))


def to_bits(text: str, _: Dice) -> str:
    """Eight invisible characters, of two kinds, for each byte of its UTF-8."""
    bits = "".join(f"{one:08b}" for one in text.encode())
    return bits.translate({ord("0"): _ZERO, ord("1"): _ONE})


def from_bits(coded: str) -> str:
    """The text that invisible bits stand for."""
    bits = coded.translate({ord(_ZERO): "0", ord(_ONE): "1"})
    octets = [bits[k : k + 8] for k in range(0, len(bits), 8)]
    return bytes(int(one, 2) for one in octets).decode()


def to_knitted(text: str, dice: Dice) -> str:
    """Zero-width spaces strewn between its characters, so that no filter finds the words.

    A zero-width space of its own is written twice, and none is strewn beside it.
    """
    chances = dice.throws(len(text))
    made = []
    for k, one in enumerate(text):
        made.append(one * 2 if one == _ZERO else one)
        beside = k + 1 < len(text) and _ZERO not in (one, text[k + 1])
        if beside and chances[k] < _KNIT:
            made.append(_ZERO)
    return "".join(made)


def from_knitted(coded: str) -> str:
    """The text without the spaces that were strewn."""
    # Runs are of one, which was strewn, or of an even number, which were the text's own.
    return re.sub(f"{_ZERO}{{1,2}}", lambda run: run[0][1:], coded)


def swapper(pairs: Mapping[str, str], escape: str) -> tuple[Encode, Decode]:
    """Writes some letters as others that look like them, and the way back.

    Args:
        pairs: What a letter is written as; no stand-in is a letter of its own.
        escape: Stands before a character that looks like a stand-in and is none.
    """
    back = {stand_in: letter for letter, stand_in in pairs.items()}
    guarded = {escape, *back}

    def encode(text: str, dice: Dice) -> str:
        """The text with most letters that have a stand-in written as it."""
        chances = dice.throws(len(text))
        return "".join(
            escape + one if one in guarded else pairs.get(one, one) if chance < _OFTEN else one
            for one, chance in zip(text, chances, strict=True)
        )

    def decode(coded: str) -> str:
        """The text with each stand-in written as its letter."""
        made, escaped = [], False
        for one in coded:
            if one == escape and not escaped:
                escaped = True
                continue
            made.append(one if escaped else back.get(one, one))
            escaped = False
        return "".join(made)

    return encode, decode


to_lookalikes, from_lookalikes = swapper(_LOOKALIKES, _JOINER)
to_leet, from_leet = swapper(_LEET, "\\")
