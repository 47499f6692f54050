"""The attacks that come with the product."""

from collections.abc import Mapping
from types import MappingProxyType

from interlock.trial.attacks import codes, texts
from interlock.trial.attacks.codes import Decode, Encode
from interlock.trial.attacks.dice import Dice
from interlock.trial.attacks.disguise import Disguise
from interlock.trial.attacks.split import from_pieces, to_pieces
from interlock.trial.case import Turn

_DIRECT = ("LLM01:2025", "LLM01:2026")
_INDIRECT = ("LLM01:2025", "LLM01:2026", "LLM03:2026", "LLM06:2025")
_LEAK = ("LLM01:2025", "LLM01:2026", "LLM07:2025", "LLM08:2026")

_INJECTED = "AML.T0051.000"
_PLANTED = "AML.T0051.001"
_JAILBREAK = "AML.T0054"
_HIDDEN = "AML.T0068"

_SCRIPTS = 6
_SHOTS = 12


def _framing(name: str, meaning: str, frames: tuple[str, ...]) -> Disguise:
    """A jailbreak that puts words around a request."""
    return Disguise(
        name=name,
        version="1",
        owasp=_DIRECT,
        atlas=(_INJECTED, _JAILBREAK),
        meaning=meaning,
        frames=frames,
    )


def _code(
    name: str,
    meaning: str,
    ways: tuple[Encode, Decode],
    *,
    frames: tuple[str, ...] = ("{request}",),
) -> Disguise:
    """A jailbreak that writes a request so that no filter reads it."""
    encode, decode = ways
    return Disguise(
        name=name,
        version="1",
        owasp=_DIRECT,
        atlas=(_INJECTED, _JAILBREAK, _HIDDEN),
        meaning=meaning,
        frames=frames,
        encode=encode,
        decode=decode,
    )


def _shots(number: int) -> tuple[Turn, ...]:
    """A conversation in which an assistant answers everything."""
    dice = Dice(owner="many-shot", text="", seed=number)
    said: list[Turn] = []
    for question, reply in dice.order(texts.SHOTS)[:_SHOTS]:
        said += [Turn(speaker="user", text=question), Turn(speaker="assistant", text=reply)]
    return tuple(said)


_FRAMINGS = (
    _framing("role-play", "Gives the product a part to play that knows no rules.", texts.ROLE_PLAY),
    _framing(
        "refusal-suppression",
        "Rules out the words that a refusal is made of.",
        texts.REFUSAL_SUPPRESSION,
    ),
    _framing("prefix-injection", "Dictates how the answer is to begin.", texts.PREFIX_INJECTION),
    Disguise(
        name="many-shot",
        version="1",
        owasp=_DIRECT,
        atlas=(_INJECTED, _JAILBREAK),
        meaning="Comes after many turns in which an assistant answered everything.",
        script=tuple(_shots(one) for one in range(_SCRIPTS)),
    ),
    Disguise(
        name="crescendo",
        version="1",
        owasp=_DIRECT,
        atlas=(_INJECTED, _JAILBREAK),
        meaning="Leads up to the request over several turns that the product answers itself.",
        script=texts.CRESCENDO,
        frames=texts.CRESCENDO_END,
    ),
    Disguise(
        name="system-prompt-extraction",
        version="1",
        owasp=_LEAK,
        atlas=(_INJECTED, "AML.T0056", "AML.T0069.002"),
        meaning="Asks for the product's own instructions under a pretext, then for the request.",
        frames=texts.EXTRACTION,
    ),
)

_INJECTIONS = (
    Disguise(
        name="document-injection",
        version="1",
        owasp=_INDIRECT,
        atlas=(_PLANTED,),
        meaning="Hides the request in a document that the product is asked to read.",
        script=texts.DOCUMENT_ASKED,
        frames=texts.DOCUMENT,
        speaker="document",
    ),
    Disguise(
        name="tool-result-injection",
        version="1",
        owasp=_INDIRECT,
        atlas=(_PLANTED, "AML.T0099"),
        meaning="Hides the request in what a tool answers.",
        script=texts.TOOL_ASKED,
        frames=texts.TOOL,
        encode=codes.to_json,
        decode=codes.from_json,
        speaker="tool",
    ),
)

_CODES = (
    _code(
        "base64",
        "Writes the request in base64.",
        (codes.to_base64, codes.from_base64),
        frames=texts.BASE64,
    ),
    _code(
        "hex",
        "Writes the request as hexadecimal bytes.",
        (codes.to_hex, codes.from_hex),
        frames=texts.HEX,
    ),
    _code(
        "rot13",
        "Moves each letter by half an alphabet.",
        (codes.to_rot13, codes.from_rot13),
        frames=texts.ROT13,
    ),
    _code("leetspeak", "Writes letters as figures.", (codes.to_leet, codes.from_leet)),
    _code(
        "homoglyph",
        "Writes Latin letters as Cyrillic ones that look the same.",
        (codes.to_lookalikes, codes.from_lookalikes),
    ),
    _code(
        "zero-width",
        "Strews invisible spaces between the letters.",
        (codes.to_knitted, codes.from_knitted),
    ),
    _code(
        "zero-width-smuggling",
        "Hides the request behind a harmless sentence, as invisible bits.",
        (codes.to_bits, codes.from_bits),
        frames=texts.BITS,
    ),
    _code(
        "tag-smuggling",
        "Hides the request behind a harmless sentence, as Unicode tags.",
        (codes.to_tags, codes.from_tags),
        frames=texts.TAGS,
    ),
    _code(
        "split-payload",
        "Cuts the request in pieces that the product is to join.",
        (to_pieces, from_pieces),
        frames=texts.SPLIT,
    ),
)

ATTACKS: Mapping[str, Disguise] = MappingProxyType(
    {one.name: one for one in (*_FRAMINGS, *_CODES, *_INJECTIONS)}
)
"""Every attack by name. OWASP entries are of the editions of 2025 and of 4 August 2026, techniques
of MITRE ATLAS 2026.09; which of them an attack stands for is our reading. A translation needs
texts, see `translation`."""

OBFUSCATIONS: tuple[str, ...] = tuple(one.name for one in _CODES)
"""Names of the attacks that change nothing but how a request is written."""
