"""A paper as HTML: whole in itself, harmless to a browser, fit to be listened to.

No script, nothing fetched: the page's own content security policy allows its
own stylesheet alone, by hash, so that even text that escaped its element could
neither run nor load anything.
"""

import base64
import hashlib
import posixpath
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

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
from interlock.review import mark, visible

SHAPES = {"good": "passed", "bad": "failed", "open": "undecided", "plain": "undecided"}
"""The form that stands beside the colour of each tone."""

_SHORT = 12


def html(paper: Paper) -> str:
    """The paper as one HTML document."""
    style = _stylesheet()
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    said = _Voice(paper.path)
    return _frame().render(
        paper=paper,
        voice=said,
        shapes=SHAPES,
        title=visible(paper.title),
        menu=[(one, said.place(one.href), one.href == paper.path) for one in paper.menu],
        style=Markup(style),  # noqa: S704 - our own stylesheet, a file of this package
        allowed=allowed,
    )


@cache
def _frame() -> Template:
    environment = Environment(
        loader=PackageLoader("interlock.adapters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mark"] = lambda shape: _drawn(mark(shape))
    environment.filters["seen"] = _text
    return environment.get_template("paper.html")


@cache
def _stylesheet() -> str:
    sheet = resources.files("interlock.adapters").joinpath("templates/paper.css")
    return sheet.read_text("utf-8")


class _Voice:
    """Says blocks and lines in HTML, as seen from one place of a site."""

    def __init__(self, path: str) -> None:
        self._path = path

    def place(self, href: str) -> str:
        """A link's target from here; empty where it leads nowhere from a page that stands alone."""
        if href.startswith("#"):
            return href
        if not self._path:
            return ""
        target, _, anchor = href.partition("#")
        way = posixpath.relpath(target, posixpath.dirname(self._path) or ".")
        return f"{way}#{anchor}" if anchor else way

    def line(self, line: Line) -> Markup:
        """A line's pieces."""
        return Markup("").join(self._piece(one) for one in inlines(line))

    def blocks(self, blocks: Iterable[Block]) -> Markup:
        """Blocks, one below the other."""
        return Markup("\n").join(self._block(one) for one in blocks)

    def _piece(self, one: Inline) -> Markup:  # noqa: C901, PLR0911 - one arm a kind
        match one:
            case str():
                return _text(one)
            case Strong():
                return Markup("<strong>{}</strong>").format(_text(one.words))
            case Code():
                return Markup("<code>{}</code>").format(_text(one.words))
            case Name():
                return Markup("<bdi>{}</bdi>").format(_text(one.words))
            case Moment():
                return _moment(one.time)
            case Label():
                return Markup('<span class="label {}">{}</span>').format(one.tone, _text(one.words))
            case Badge():
                return _badge(one)
            case Anchor():
                return Markup('<span id="{}">{}</span>').format(one.id, _text(one.words))
            case Link():
                return self._linked(_text(one.words), one.href)
            case Digest():
                return self._linked(_digest(one), one.href)

    def _linked(self, shown: Markup, href: str) -> Markup:
        place = self.place(href) if href else ""
        return Markup('<a href="{}">{}</a>').format(place, shown) if place else shown

    def _block(self, one: Block) -> Markup:  # noqa: C901, PLR0911 - one arm a kind
        match one:
            case Words():
                soft = Markup(' class="by"') if one.soft else ""
                return Markup("<p{}>{}</p>").format(soft, self.line(one.line))
            case Said():
                return Markup('<blockquote dir="auto">{}</blockquote>').format(_text(one.text))
            case Written():
                return Markup('<p dir="auto" class="answer">{}</p>').format(_text(one.text))
            case Bullets():
                lines = (Markup("<li>{}</li>").format(self.line(each)) for each in one.lines)
                return Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(lines))
            case Tree():
                return self._tree(one.branches)
            case Figure():
                told = Markup("<figcaption>{}</figcaption>").format(_text(one.caption))
                return Markup("<figure>{}{}</figure>").format(
                    _drawn(one.svg), told if one.caption else ""
                )
            case Part():
                return Markup("<h3{}>{}</h3>").format(_id(one.id), self.line(one.title))
            case Facts():
                return self._facts(one)
            case Table():
                return self._table(one)
            case Card():
                badge = _badge(one.badge) if one.badge else ""
                return Markup("<article{}>\n{}<h3>{}</h3>\n{}\n</article>").format(
                    _id(one.id), badge, self.line(one.title), self.blocks(one.blocks)
                )

    def _tree(self, branches: Sequence[Branch]) -> Markup:
        lines = (
            Markup("<li>{}{}</li>").format(
                self.line(each.line), self._tree(each.below) if each.below else ""
            )
            for each in branches
        )
        return Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(lines))

    def _facts(self, facts: Facts) -> Markup:
        rows = (
            Markup("<div><dt>{}</dt>\n<dd>{}</dd></div>").format(_text(term), self.blocks(blocks))
            for term, blocks in facts.rows
        )
        kind = "facts small" if facts.small else "facts"
        return Markup('<dl class="{}">\n{}\n</dl>').format(kind, Markup("\n").join(rows))

    def _table(self, table: Table) -> Markup:
        # A narrow screen shows rows as blocks, which would cost the table its meaning
        # to those who listen, were the roles not stated.
        numbers = set(table.numbers)
        head = Markup("\n").join(
            Markup('<th scope="col" role="columnheader"{}>{}</th>').format(
                _number(k in numbers), _text(name)
            )
            for k, name in enumerate(table.head)
        )
        rows = Markup("\n").join(self._row(table.head, row, numbers) for row in table.rows)
        return Markup(
            '<div class="wide" role="region" tabindex="0" aria-label="{caption}">\n'
            '<table role="table">\n<caption>{caption}</caption>\n'
            '<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
            '<tbody role="rowgroup">\n{rows}\n</tbody>\n</table>\n</div>'
        ).format(caption=_text(table.caption), head=head, rows=rows)

    def _row(self, head: Sequence[str], row: Sequence[Line], numbers: set[int]) -> Markup:
        cells = [
            Markup('<td role="cell" data-label="{}"{}>{}</td>').format(
                _text(name), _number(k in numbers), self.line(cell)
            )
            for k, (name, cell) in enumerate(zip(head, row, strict=True))
        ]
        cells[0] = Markup('<th scope="row" role="rowheader"{}>{}</th>').format(
            _number(0 in numbers), self.line(row[0])
        )
        return Markup('<tr role="row">{}</tr>').format(Markup("\n").join(cells))


def _text(words: str) -> Markup:
    """Text as a reader must see it: no hidden control, no reordered letters, no markup."""
    return escape(visible(words))


def _moment(time: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(_text(time), moment(time))


def _digest(one: Digest) -> Markup:
    """The whole digest, which the stylesheet cuts short, so that a click copies all of it."""
    kind = "digest whole" if one.whole else "digest"
    full = _text(one.value)
    return Markup('<code class="{}" title="{}">{}</code>').format(kind, full, full)


def _badge(one: Badge) -> Markup:
    return Markup('<span class="badge {}">{}{}</span>').format(
        one.tone, _drawn(mark(SHAPES[one.tone])), _text(one.words)
    )


def _id(name: str) -> Markup:
    return Markup(' id="{}"').format(name) if name else Markup("")


def _number(is_one: bool) -> Markup:
    return Markup(' class="number"') if is_one else Markup("")


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn by review, which escapes every word it is given
