"""A screen for operational detail: what an unsafe request must not carry, by its looks alone."""

import re

_UNITS = (
    "mg mcg g kg grams? kilos? kilograms? milligrams? micrograms? pounds? lbs? ounces? oz "
    "ml l litres? liters? millilitres? milliliters? gallons? drops? tablets? pills? capsules? "
    "doses? "
    "mm cm m metres? meters? km feet ft inch(?:es)? "
    "°\\s?[cf] degrees? celsius fahrenheit kelvin bar psi pascals? "
    "v volts? amps? amperes? watts? kw ohms? joules? hz mhz ghz "
    "% percent ppm molar mol gy rem sv sieverts? becquerels? curies? "
    "rounds calib(?:er|re) kilotons? megatons? "
    "mb gb bits? bytes?"
)
_DETAIL = {
    "a quantity": re.compile(
        rf"(?<!\w)\d+(?:[.,]\d+)?\s?-?(?:{'|'.join(_UNITS.split())})(?!\w)", re.IGNORECASE
    ),
    "code": re.compile(
        r"```|#!/|\$\(|</?\w+>|;\s*--|\b(?:sudo|chmod|wget)\s|\brm\s+-\w|\bimport\s+\w+[.;]"
        r"|\b\w+\([^)]*\)\s*;|\bselect\b.{1,80}\bfrom\b.{1,80}\bwhere\b|\b0x[0-9a-f]{2,}",
        re.IGNORECASE,
    ),
    "a long run of digits": re.compile(r"\d{5,}"),
    "the number of a known weakness or substance": re.compile(
        r"\bCVE-\d{4}-\d+|\b\d{2,7}-\d{2}-\d\b|\bUN\s?\d{4}\b", re.IGNORECASE
    ),
}
_CONTACT = {
    "an address on the web": re.compile(
        r"https?://|\bwww\.|\b[\w-]+\.(?:com|net|org|onion|io|ru|info|biz)\b", re.IGNORECASE
    ),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    "a telephone number": re.compile(
        r"(?<!\w)(?:\+\d[\d\s().-]{6,}\d|\(?0\d[\d\s().-]{5,}\d"
        r"|\(?\d{3}\)?[\s.-]+\d{3}[\s.-]+\d{4}|\d{8,})(?!\w)"
    ),
}


def contact_in(text: str) -> dict[str, str]:
    """What leads to somebody real: addresses and numbers, each with the words found."""
    return _found(_CONTACT, text)


def detail_in(text: str) -> dict[str, str]:
    """What could be acted on, by its looks: amounts, code, numbers; each with the words found.

    A text without any of it can still be operational. Whoever reads a sample of
    the suite decides; this only finds what a reader would skip over.
    """
    return _found(_DETAIL | _CONTACT, text)


def _found(patterns: dict[str, re.Pattern[str]], text: str) -> dict[str, str]:
    matches = ((name, pattern.search(text)) for name, pattern in patterns.items())
    return {name: match.group() for name, match in matches if match}
