"""A page as plain structure, before it is HTML, Markdown or PDF.

Whoever says something to people builds a `Paper`; every renderer escapes for
itself, so that words from outside are only ever words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "bad", "open", "plain"]


@dataclass(frozen=True)
class Strong:
    """Words that carry the weight of their line."""

    words: str


@dataclass(frozen=True)
class Code:
    """Words that a machine reads: a method, a command, a version."""

    words: str


@dataclass(frozen=True)
class Digest:
    """An identity: shown by its beginning, kept whole, so that it can be copied.

    Attributes:
        value: 64 hex digits, as a rule.
        href: Where it leads within the site; empty for nowhere.
        whole: Show all of it.
    """

    value: str
    href: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Moment:
    """A time of the log, RFC 3339 in UTC."""

    time: str


@dataclass(frozen=True)
class Name:
    """A name from outside, whose direction of writing must not spread."""

    words: str


@dataclass(frozen=True)
class Link:
    """Words that lead elsewhere: to a file of the same site from its root, or ``#id``."""

    words: str
    href: str


@dataclass(frozen=True)
class Label:
    """A word set apart, such as ``Retrospective``."""

    words: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Badge:
    """An outcome: a word, a form and a colour."""

    words: str
    tone: Tone


@dataclass(frozen=True)
class Anchor:
    """Words at which a link arrives."""

    words: str
    id: str


Inline = str | Strong | Code | Digest | Moment | Name | Link | Label | Badge | Anchor
Line = Sequence[Inline]
"""What stands in one line; a text alone is a line too."""


@dataclass(frozen=True)
class Words:
    """A paragraph; a soft one stands back."""

    line: Line
    soft: bool = False


@dataclass(frozen=True)
class Said:
    """What somebody said on the record, verbatim, line by line."""

    text: str


@dataclass(frozen=True)
class Written:
    """What somebody wrote at length, its line ends kept."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of lines."""

    lines: Sequence[Line]


@dataclass(frozen=True)
class Facts:
    """Terms and what is to be said of each; the small form belongs into a card."""

    rows: Sequence[tuple[str, Sequence["Block"]]]
    small: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first of each being its heading.

    Attributes:
        caption: What the table is.
        head: The columns' headings.
        rows: The cells.
        numbers: Places of the columns that hold figures.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Line]]
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class Figure:
    """A drawing of `interlock.review`, which has escaped its words, and what it shows."""

    svg: str
    told: str
    caption: str = ""


@dataclass(frozen=True)
class Card:
    """Blocks that belong together under a heading of their own."""

    title: Line
    blocks: Sequence["Block"]
    badge: Badge | None = None
    id: str = ""


@dataclass(frozen=True)
class Part:
    """A smaller heading within a section."""

    title: Line
    id: str = ""


@dataclass(frozen=True)
class Tree:
    """Lines, each over those it rests on."""

    branches: Sequence["Branch"]


@dataclass(frozen=True)
class Branch:
    """One line of a tree, and what lies below it."""

    line: Line
    below: Sequence["Branch"] = ()


Block = Words | Said | Written | Bullets | Facts | Table | Figure | Card | Part | Tree


@dataclass(frozen=True)
class Section:
    """A chapter of a paper.

    Attributes:
        id: Where links arrive.
        title: Its heading.
        blocks: Its content.
        short: Its name in the contents; by default the heading.
        labels: What it is marked with, such as who filled it in.
    """

    id: str
    title: str
    blocks: Sequence[Block]
    short: str = ""
    labels: Sequence[Label] = ()


@dataclass(frozen=True)
class Signal:
    """What the paper comes to, in one word and one sentence.

    Attributes:
        word: ``GO``, ``HELD``.
        tone: What the word means.
        line: The sentence.
        reason: Why, verbatim, where somebody stopped it; else empty.
    """

    word: str
    tone: Tone
    line: Line
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One whole page.

    Attributes:
        title: Its heading.
        eyebrow: What kind of page it is of what.
        sections: Its chapters.
        signal: What it comes to, if it comes to something.
        as_of: What the page speaks from.
        foot: What stands at its end.
        lead: Paragraphs before the first chapter.
        path: Its place in a site, such as ``systems/ab.html``; empty where it
            stands alone and its links to other pages are words only.
        menu: The site's rooms.
        kind: What browsers add to the title.
    """

    title: str
    eyebrow: Line
    sections: Sequence[Section]
    signal: Signal | None = None
    as_of: Line = ()
    foot: Line = ()
    lead: Sequence[Block] = ()
    path: str = ""
    menu: Sequence[Link] = ()
    kind: str = ""


def inlines(line: Line) -> tuple[Inline, ...]:
    """A line's pieces, where a text alone is one piece."""
    return (line,) if isinstance(line, str) else tuple(line)
