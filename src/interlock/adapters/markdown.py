"""A paper as Markdown (CommonMark with tables), in which words from outside are never markup."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from interlock.adapters.paper import (
    Anchor,
    Badge,
    Block,
    Branch,
    Bullets,
    Card,
    Code,
    Digest,
    Facts,
    Figure,
    Inline,
    Label,
    Line,
    Link,
    Moment,
    Name,
    Paper,
    Part,
    Said,
    Strong,
    Table,
    Tree,
    Words,
    Written,
    inlines,
)
from interlock.adapters.wording import moment
from interlock.review import visible

_MEANT = re.compile(r"[\\`*_\[\]<>|~&@$^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LEADING = re.compile(r"^([-+=#>:]|[0-9]+(?=[.)]))")
_SPACE = re.compile(r"\s+")


def markdown(paper: Paper) -> str:
    """The paper as Markdown text."""
    parts = [f"# {_text(paper.title)}", _line(paper.eyebrow)]
    if paper.signal:
        parts.append(f"**{_text(paper.signal.word)}**: {_line(paper.signal.line)}")
        if paper.signal.reason:
            parts.append(_quoted(paper.signal.reason))
    if paper.as_of:
        parts.append(f"*{_line(paper.as_of)}*")
    parts += _blocks(paper.lead, level=3)
    for section in paper.sections:
        parts.append(f"## {_text(section.title)}")
        if section.labels:
            parts.append(" ".join(_piece(one) for one in section.labels))
        parts += _blocks(section.blocks, level=3)
    if paper.foot:
        parts += ["---", _line(paper.foot)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _blocks(blocks: Iterable[Block], *, level: int) -> Iterator[str]:
    for one in blocks:
        yield from _block(one, level)


def _block(one: Block, level: int) -> Iterator[str]:  # noqa: C901 - one arm a kind
    match one:
        case Words():
            yield _line(one.line)
        case Said():
            yield _quoted(one.text)
        case Written():
            yield _lines(one.text)
        case Bullets():
            yield "\n".join(f"- {_line(each)}" for each in one.lines)
        case Tree():
            yield _tree(one.branches, "")
        case Figure():
            yield f"*{_text(one.caption or one.told)}*"
        case Part():
            yield f"{'#' * level} {_line(one.title)}"
        case Table():
            yield _table(one)
        case Facts():
            yield "\n".join(_fact(term, blocks) for term, blocks in one.rows)
        case Card():
            yield from _card(one, level)


def _card(card: Card, level: int) -> Iterator[str]:
    badge = f" ({_text(card.badge.words)})" if card.badge else ""
    yield f"{'#' * level} {_line(card.title)}{badge}"
    yield from _blocks(card.blocks, level=level + 1)


def _fact(term: str, blocks: Iterable[Block]) -> str:
    """A term with its blocks indented below it, so that they stay its own."""
    parts = list(_blocks(blocks, level=4))
    head = f"- **{_text(term)}**"
    if len(parts) == 1 and "\n" not in parts[0] and not parts[0].startswith(("-", ">", "|")):
        return f"{head}: {parts[0]}"
    below = "\n\n".join(parts).replace("\n", "\n  ")
    return f"{head}\n\n  {below}"


def _tree(branches: Iterable[Branch], indent: str) -> str:
    lines = []
    for each in branches:
        lines.append(f"{indent}- {_line(each.line)}")
        if each.below:
            lines.append(_tree(each.below, f"{indent}  "))
    return "\n".join(lines)


def _table(table: Table) -> str:
    marks = [" ---: " if k in set(table.numbers) else " --- " for k, _ in enumerate(table.head)]
    rows = ["|".join(["", *(f" {_line(cell)} " for cell in row), ""]) for row in table.rows]
    head = "|".join(["", *(f" {_text(name)} " for name in table.head), ""])
    return "\n".join([f"*{_text(table.caption)}*", "", head, "|".join(["", *marks, ""]), *rows])


def _line(line: Line) -> str:
    return _begun("".join(_piece(one) for one in inlines(line)).strip())


def _begun(line: str) -> str:
    """A line that begins no list, heading, quotation or rule."""
    found = _LEADING.match(line)
    if found is None:
        return line
    first = found.group()
    return f"{first}\\{line[len(first) :]}" if first.isdigit() else f"\\{line}"


def _piece(one: Inline) -> str:  # noqa: PLR0911 - one arm a kind
    match one:
        case str():
            return _text(one)
        case Strong() | Badge():
            return f"**{_text(one.words)}**"
        case Label():
            return f"**\\[{_text(one.words)}\\]**"
        case Name() | Link() | Anchor():
            return _text(one.words)
        case Moment():
            return moment(one.time)
        case Code():
            return _code(one.words)
        case Digest():
            return _code(one.value)


def _text(words: str) -> str:
    """Words in one line in which no character means anything but itself."""
    plain = _SPACE.sub(" ", visible(words))
    return _MEANT.sub(lambda found: f"\\{found.group()}", plain)


def _code(words: str) -> str:
    """Words in a fence of backticks longer than any run inside of them; a bar would end a cell."""
    plain = _SPACE.sub(" ", visible(words)).replace("|", "\u2223")
    longest = max((len(run) for run in re.findall("`+", plain)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}" if plain.strip() else ""


def _lines(text: str) -> str:
    """Words at length: line ends kept, nothing else meant."""
    return "  \n".join(_begun(_text(line).strip()) for line in visible(text).strip().splitlines())


def _quoted(text: str) -> str:
    """Words on the record, every line of them marked as quoted."""
    lines = [_begun(_text(line).strip()) for line in visible(text).splitlines()] or [""]
    return "\n".join(
        f"> {line}{'  ' if following else ''}".rstrip("\n")
        for line, following in zip_longest(lines, lines[1:], fillvalue="")
    )
