"""A paper as PDF, typeset by typst; words from outside reach it as data and never as markup."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

import typst

from interlock.adapters.paper import (
    Block,
    Branch,
    Bullets,
    Card,
    Digest,
    Facts,
    Figure,
    Inline,
    Line,
    Moment,
    Paper,
    Part,
    Said,
    Table,
    Tree,
    Words,
    Written,
    inlines,
)
from interlock.adapters.wording import moment
from interlock.review import visible

Data = dict[str, Any]

_FIGURE_WIDTH = 640


def pdf(paper: Paper) -> bytes:
    """The paper as a PDF file.

    The same paper gives the same bytes, but for letters that no font shipped
    with typst has: for those, fonts of the machine stand in. Tagged, and held
    to PDF/UA-1; where not even the machine has a font for a letter no file can
    keep that standard, and the letter is shown as a box.
    """
    at = next((one.time for one in inlines(paper.as_of) if isinstance(one, Moment)), "")
    stamped = datetime.fromisoformat(at) if at else datetime(1970, 1, 1, tzinfo=UTC)
    inputs = {"paper": json.dumps(_paper(paper), ensure_ascii=False)}
    try:
        return _typeset(inputs, stamped, accessible=True)
    except typst.TypstError:
        return _typeset(inputs, stamped, accessible=False)


def _typeset(inputs: dict[str, str], stamped: datetime, *, accessible: bool) -> bytes:
    made = typst.compile(
        _template(),
        sys_inputs=inputs,
        timestamp=stamped,
        pdf_standards="ua-1" if accessible else None,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


@cache
def _template() -> bytes:
    return resources.files("interlock.adapters").joinpath("templates/paper.typ").read_bytes()


def _paper(paper: Paper) -> Data:
    signal = paper.signal
    return {
        "title": visible(paper.title),
        "kind": visible(paper.kind),
        "eyebrow": _line(paper.eyebrow),
        "signal": signal
        and {
            "word": signal.word,
            "tone": signal.tone,
            "line": _line(signal.line),
            "reason": visible(signal.reason),
        },
        "as_of": _line(paper.as_of),
        "foot": _line(paper.foot),
        "lead": _blocks(paper.lead),
        "sections": [
            {
                "title": visible(one.title),
                "labels": _line(one.labels),
                "blocks": _blocks(one.blocks),
            }
            for one in paper.sections
        ],
    }


def _line(line: Line) -> list[Data]:
    return [_piece(one) for one in inlines(line)]


def _piece(one: Inline) -> Data:
    match one:
        case str():
            return {"is": "text", "words": visible(one)}
        case Moment():
            return {"is": "text", "words": moment(one.time)}
        case Digest():
            return {"is": "digest", "words": visible(one.value if one.whole else one.value[:12])}
        case _:
            tone = getattr(one, "tone", "plain")
            return {"is": type(one).__name__.lower(), "words": visible(one.words), "tone": tone}


def _blocks(blocks: Iterable[Block]) -> list[Data]:
    return [_block(one) for one in blocks]


def _branches(branches: Iterable[Branch]) -> list[Data]:
    return [{"line": _line(one.line), "below": _branches(one.below)} for one in branches]


def _block(one: Block) -> Data:  # noqa: PLR0911 - one arm a kind
    kind = {"is": type(one).__name__.lower()}
    match one:
        case Words():
            return kind | {"line": _line(one.line), "soft": one.soft}
        case Said() | Written():
            return kind | {"lines": visible(one.text).splitlines()}
        case Bullets():
            return kind | {"lines": [_line(each) for each in one.lines]}
        case Tree():
            return kind | {"branches": _branches(one.branches)}
        case Part():
            return kind | {"title": _line(one.title)}
        case Figure():
            # A drawing takes the width it is given; on paper somebody has to give it one.
            svg = one.svg.replace('width="100%"', f'width="{_FIGURE_WIDTH}"', 1)
            return kind | {"svg": svg, "told": visible(one.told), "caption": visible(one.caption)}
        case Table():
            return kind | {
                "caption": visible(one.caption),
                "head": [visible(name) for name in one.head],
                "rows": [[_line(cell) for cell in row] for row in one.rows],
                "numbers": list(one.numbers),
            }
        case Facts():
            rows = [{"term": visible(term), "blocks": _blocks(said)} for term, said in one.rows]
            return kind | {"rows": rows}
        case Card():
            badge = one.badge and _piece(one.badge)
            return kind | {
                "title": _line(one.title),
                "badge": badge,
                "blocks": _blocks(one.blocks),
            }
