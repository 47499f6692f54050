"""The pen: pure SVG shapes and text whose places are shares of the picture's width."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from interlock.review.evidence import Scale, figure

EDGE = 4.0
"""Per cent of the width left free on either side of an axis."""

PASSING = "#1f9254"

_COLOURS = {
    "passed": PASSING,
    "failed": "#d64545",
    "worse": "#d64545",
    "undecided": "#b37a00",
    "no gain shown": "#b37a00",
}
_SHAPES = {
    "passed": '<circle r="6" fill="{}"/>',
    "failed": '<rect x="-5.5" y="-5.5" width="11" height="11" fill="{}"/>',
    "worse": '<rect x="-5.5" y="-5.5" width="11" height="11" fill="{}"/>',
    "undecided": '<path d="M0-7 7 0 0 7-7 0Z" fill="{}"/>',
    "no gain shown": '<path d="M0-6.5 6.5 5-6.5 5Z" fill="{}"/>',
}
_FONT = 'font-family="system-ui, -apple-system, sans-serif" fill="currentColor"'
_LONGEST = 26
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A straight axis from ``low`` to ``high``; what lies beyond is drawn at its end."""

    low: float
    high: float
    scale: Scale

    def at(self, value: float) -> str:
        """Where a value lies, as a percentage of the width."""
        return f"{self.share(value):.2f}%"

    def share(self, value: float) -> float:
        """Where a value lies, in [EDGE, 100 - EDGE]."""
        part = (value - self.low) / (self.high - self.low)
        return EDGE + min(max(part, 0.0), 1.0) * (100 - 2 * EDGE)

    def drawn(self, y: float) -> str:
        """The axis line with its ticks, their figures below."""
        ticks = self._ticks()
        marks = "".join(
            f'<line x1="{self.at(one)}" x2="{self.at(one)}" y1="{y}" y2="{y + 4}"/>'
            for one in ticks
        )
        figures = "".join(
            text(figure(one, self.scale), x=self.at(one), y=y + 17, anchor="middle")
            for one in ticks
        )
        line = f'<line x1="{EDGE}%" x2="{100 - EDGE}%" y1="{y}" y2="{y}"/>'
        return f'<g stroke="currentColor" stroke-opacity="0.6">{line}{marks}</g>{figures}'

    def _ticks(self) -> list[float]:
        step = _round_step((self.high - self.low) / 6)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [k * step for k in range(first, last + 1)]


def spanning(values: Sequence[float], scale: Scale) -> Axis:
    """An axis that holds all values, with air at an end that is not a natural zero."""
    low, high = min(values), max(values)
    air = 0.08 * (high - low) or 0.05 * abs(high) or 0.05
    start = low if low == 0.0 and scale != "difference" else low - air
    return Axis(low=start, high=high + air, scale=scale)


def picture(height: int, *, title: str, told: str, body: str) -> str:
    """A drawing as wide as the place it is put, its facts told in words as well."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" role="img">'
        f"<title>{safe(title)}</title><desc>{safe(told)}</desc>{body}</svg>"
    )


def standing_alone(size: tuple[int, int], body: str, *, title: str, told: str) -> str:
    """A whole file: width and height in pixels, a title, and what it shows in words."""
    width, height = size
    ground = (
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10" '
        'fill="#ffffff" stroke="#c9ced6"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" color="#1c2430" role="img">'
        f"<title>{safe(title)}</title><desc>{safe(told)}</desc>"
        f"{ground}{text(title, x='28', y=36, size=18)}{body}</svg>\n"
    )


def text(words: str, *, x: str, y: float, anchor: str = "start", size: int = 12) -> str:
    """Words at a place; those above 13 pixels are headings and stand bold."""
    weight = ' font-weight="600"' if size > 13 else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}"{weight} {_FONT}>'
        f"{safe(words)}</text>"
    )


def short(words: str) -> str:
    """Words cut to what a row of a phone can bear; the whole stands in the table below it."""
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "\u2026"


def beside(words: str, x: float, y: float) -> str:
    """Words next to a line at ``x`` per cent, on the side that has more room."""
    anchor, gap = ("end", "-5") if x > 50 else ("start", "5")
    return moved(f"{x:.2f}%", y, text(words, x=gap, y=0, anchor=anchor))


def shape(standing: str) -> str:
    """The mark of an outcome or a slice's standing: each has a form and a colour."""
    return _SHAPES[standing].format(_COLOURS[standing])


def colour(standing: str) -> str:
    """The colour of an outcome, at least 3 : 1 against a white and a dark page alike."""
    return _COLOURS[standing]


def moved(x: str, y: float, drawn: str) -> str:
    """A shape drawn around its own origin, put at a place that may be a percentage."""
    return f'<svg x="{x}" y="{y}" overflow="visible">{drawn}</svg>'


def visible(words: str) -> str:
    """Text whose hidden characters show as the replacement character.

    Controls that XML forbids, lone surrogates, and the overrides that make a
    reader see another order of letters than was signed.
    """
    return _HIDDEN.sub("\ufffd", words)


def safe(words: str) -> str:
    """Text that cannot leave the element or attribute it is put in."""
    return escape(visible(words))


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 times a power of ten that is at least ``rough``."""
    power: float = 10.0 ** floor(log10(rough))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= rough * 0.999)
