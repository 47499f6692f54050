"""One paper, three renderings: they say the same, and words from outside are words in each."""

import re

import pytest

from interlock.adapters.assessment_paper import assessment_paper
from interlock.adapters.html import html
from interlock.adapters.markdown import markdown
from interlock.adapters.paper import (
    Block,
    Branch,
    Bullets,
    Card,
    Code,
    Digest,
    Facts,
    Figure,
    Label,
    Link,
    Moment,
    Name,
    Paper,
    Part,
    Said,
    Section,
    Signal,
    Strong,
    Table,
    Tree,
    Words,
    Written,
)
from interlock.adapters.pdf import pdf
from tests.review_facts import NO_GO_PAGE, PAGE
from tests.unit.test_pages import read

IDENTITY = "ab" * 32
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="9"><title>t</title></svg>'


def paper(*blocks: Block, path: str = "") -> Paper:
    return Paper(
        title="A title",
        eyebrow="An eyebrow",
        sections=[Section("one", "One", blocks)],
        as_of=("As of ", Moment("2026-11-10T14:00:05Z")),
        path=path,
    )


EVERY = (
    Words(("a ", Strong("b"), " ", Code("c"), " ", Name("d"), " ", Label("e", "bad"))),
    Words((Digest(IDENTITY), " ", Digest(IDENTITY, whole=True), " ", Link("f", "#one"))),
    Said("g\nh"),
    Written("i\nj"),
    Bullets(["k", (Moment("2026-11-10T14:00:05Z"),)]),
    Facts([("l", [Words("m"), Words("n")])]),
    Table("o", ("p", "q"), [("r", "s")], numbers=(1,)),
    Figure(SVG, "what is drawn", "t"),
    Card("u", [Words("v")]),
    Part("w"),
    Tree([Branch("x", [Branch("y")])]),
)


def test_markdown_has_every_block_in_its_own_form() -> None:
    text = markdown(paper(*EVERY))
    for part in (
        "# A title",
        "## One",
        "a **b** `c` d **\\[e\\]**",
        f"`{IDENTITY}`",
        "> g  \n> h",
        "i  \nj",
        "- k\n- 10 November 2026, 14:00 UTC",
        "- **l**\n\n  m\n  \n  n",
        "*o*\n\n| p | q |\n| --- | ---: |\n| r | s |",
        "*t*",
        "### u\n\nv",
        "### w",
        "- x\n  - y",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("*loud* _soft_ `code`", "\\*loud\\* \\_soft\\_ \\`code\\`"),
        ("[here](https://evil.example)", "\\[here\\](https\\://evil.example)"),
        ("![x](y) <script>", "!\\[x\\](y) \\<script\\>"),
        ("# not a heading", "\\# not a heading"),
        ("- not a list", "\\- not a list"),
        ("1. not a list", "1\\. not a list"),
        ("a | b", "a \\| b"),
        ("two\nlines", "two lines"),
        ("www.evil.example", "www\\.evil.example"),
        ("hidden \u202e order", "hidden \ufffd order"),
    ],
)
def test_markdown_shows_what_would_be_markup_as_the_characters_it_is(
    words: str, shown: str
) -> None:
    assert f"\n\n{shown}\n" in markdown(paper(Words(words)))


def test_code_in_markdown_holds_backticks_and_bars() -> None:
    assert "``a`b``" in markdown(paper(Words((Code("a`b"),))))
    assert "|" not in markdown(paper(Words((Code("a|b"),)))).split("## One")[1]


def test_every_rendering_says_the_same_words() -> None:
    page = assessment_paper(PAGE)
    (body,) = read(html(page)).all("body")
    shown = " ".join(body.text.split())
    for line in markdown(page).replace("\\", "").splitlines():
        if line.startswith(("- **", "## ")) and ":" not in line:
            assert line.strip("#-* ") in shown


def test_links_lead_from_one_page_of_a_site_to_another() -> None:
    block = Words((Link("up", "index.html"), Digest(IDENTITY, "systems/x.html#parts")))
    deep = html(paper(block, path="decisions/a.html"))
    assert 'href="../index.html"' in deep
    assert 'href="../systems/x.html#parts"' in deep
    assert 'href="systems/x.html#parts"' in html(paper(block, path="index.html"))


def test_a_page_that_stands_alone_leads_nowhere_else() -> None:
    page = html(paper(Words((Link("up", "index.html"), Link("here", "#one")))))
    assert re.findall(r'href="([^"]*)"', page) == ["#content", "#one"]


def test_a_table_keeps_its_meaning_where_a_narrow_screen_takes_it_apart() -> None:
    reader = read(html(paper(*EVERY)))
    assert [one.attributes["role"] for one in reader.all("table")] == ["table"]
    cells = [one for one in reader.elements if one.attributes.get("role") == "cell"]
    assert [one.attributes["data-label"] for one in cells] == ["q"]


@pytest.mark.parametrize("page", [PAGE, NO_GO_PAGE], ids=["go", "no-go"])
def test_an_assessment_is_a_tagged_pdf_that_keeps_to_pdf_ua_1(page: object) -> None:
    made = pdf(assessment_paper(page))  # type: ignore[arg-type]
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/MarkInfo" in made
    assert b"A guarding system prompt for the assistant" in made, "the title is in its metadata"


def test_every_block_can_be_set_and_the_same_paper_gives_the_same_bytes() -> None:
    assert pdf(paper(*EVERY)) == pdf(paper(*EVERY))


def test_letters_that_no_font_has_cost_the_standard_and_not_the_page() -> None:
    made = pdf(paper(Words("\U000130b8 is a hieroglyph")))
    assert made.startswith(b"%PDF-1.7")


def test_a_signal_stands_first_in_every_rendering() -> None:
    shown = Paper(
        title="A title",
        eyebrow="An eyebrow",
        sections=[],
        signal=Signal("HELD", "bad", "Stopped.", "Too\nhot."),
    )
    assert "**HELD**: Stopped.\n\n> Too  \n> hot." in markdown(shown)
    assert '<p class="word">HELD</p>' in html(shown)
    assert "<title>HELD: A title</title>" in html(shown)
    assert pdf(shown).startswith(b"%PDF-")
