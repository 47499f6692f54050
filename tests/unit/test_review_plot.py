"""Pictures of verdicts: true to the numbers, readable without colour, harmless."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from interlock.review import (
    Evidence,
    SliceEvidence,
    interval_plot,
    mark,
    parts_strip,
    slices_strip,
    verdict_strip,
)
from interlock.review.drawing import spanning, visible
from tests.review_facts import DOCUMENT, NO_GO_PAGE, estimate

SVG = "{http://www.w3.org/2000/svg}"
THIN = NO_GO_PAGE.document.evidence
ALLOWED = {"svg", "title", "desc", "g", "line", "rect", "circle", "path", "text"}


def drawn(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - our own output


def every_picture() -> list[str]:
    pictures = [verdict_strip(one) for one in (*DOCUMENT.evidence, *THIN)]
    pictures += [parts_strip(THIN[3]), slices_strip(DOCUMENT.slices)]
    pictures += [interval_plot(THIN, title="Bars"), *(mark(word) for word in ("passed", "failed"))]
    return pictures


@pytest.mark.parametrize("picture", every_picture())
def test_a_picture_is_plain_svg_that_the_strictest_policy_shows(picture: str) -> None:
    for element in drawn(picture).iter():
        assert element.tag.removeprefix(SVG) in ALLOWED
        for name in element.attrib:
            assert name not in {"style", "href", "class"}
            assert not name.startswith("on")


def test_a_strip_tells_its_facts_to_who_cannot_see_it() -> None:
    root = drawn(verdict_strip(DOCUMENT.evidence[0]))
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert "5.47" in str(root.findtext(f"{SVG}desc"))


def test_interval_value_and_limit_lie_where_the_numbers_say() -> None:
    root = drawn(verdict_strip(DOCUMENT.evidence[0]))
    lines = [(one.get("x1"), one.get("x2")) for one in root.findall(f"{SVG}line")]
    (limit, _), _, (low, high) = lines
    axis = spanning([0.6, 1.0, 7 / 128, 0.0265, 0.1106, 0.0], "share of baseline")
    assert (limit, low, high) == (axis.at(0.6), axis.at(0.0265), axis.at(0.1106))
    assert axis.share(0.0265) < axis.share(7 / 128) < axis.share(0.1106) < axis.share(0.6)


def test_the_shaded_side_is_the_one_that_passes() -> None:
    below, above = DOCUMENT.evidence[0], DOCUMENT.evidence[1]
    left, right = (drawn(verdict_strip(one)).find(f"{SVG}rect") for one in (below, above))
    assert left is not None
    assert right is not None
    assert left.get("x") == "4.00%"
    assert float(str(right.get("x")).rstrip("%")) > 4.0


def test_every_outcome_has_a_form_of_its_own() -> None:
    forms = [
        mark(word).split('aria-hidden="true">')[1].split("fill")[0]
        for word in ("passed", "failed", "undecided")
    ]
    assert len(set(forms)) == 3


def test_an_interval_without_an_end_is_drawn_as_an_arrow() -> None:
    assert "M-6-7 0 0-6 7" in verdict_strip(THIN[2])
    assert "M-6-7 0 0-6 7" not in verdict_strip(DOCUMENT.evidence[2])


def test_what_cannot_be_estimated_is_shown_without_a_mark() -> None:
    picture = verdict_strip(THIN[4])
    assert "not estimable" in picture
    assert "<circle" not in picture


def test_a_joined_criterion_shows_every_part_with_its_outcome() -> None:
    texts = [one.text for one in drawn(parts_strip(THIN[3])).iter(f"{SVG}text")]
    assert texts[1:5] == ["privacy", "failed", "violent-crime", "undecided"]


def test_slices_are_drawn_in_the_order_given_with_their_standing() -> None:
    texts = [one.text for one in drawn(slices_strip(DOCUMENT.slices)).iter(f"{SVG}text")]
    assert texts[:4] == [
        "type: privacy_fictional",
        "worse",
        "type: contrast_discr",
        "no gain shown",
    ]


def test_no_slices_make_no_picture() -> None:
    assert slices_strip([]) == ""


def test_a_long_slice_name_is_cut_in_the_row_and_whole_in_the_description() -> None:
    one = DOCUMENT.slices[0]
    long = replace(one, finding=replace(one.finding, value="v" * 90))
    root = drawn(slices_strip([long]))
    assert len(str(next(root.iter(f"{SVG}text")).text)) == 26
    assert "v" * 90 in str(root.findtext(f"{SVG}desc"))


def test_the_standing_picture_fits_its_width_and_holds_every_estimated_verdict() -> None:
    root = drawn(interval_plot(THIN, title="Bars"))
    words = [str(one.text) for one in root.iter(f"{SVG}text")]
    assert [word for word in words if word in {"passed", "failed", "undecided"}] == [
        "passed",
        "undecided",
        "failed",
        "failed",
        "undecided",
    ]
    assert max(len(word) for word in words if word.startswith(("The", "In", "Not"))) <= 82
    assert root.get("height") == str(root.get("viewBox")).split()[3]


def flat(one: Evidence, value: float) -> Evidence:
    verdict = replace(one.verdict, estimate=estimate(value, value, value), limit=value)
    return replace(one, verdict=verdict)


@pytest.mark.parametrize("value", [0.0, 1e-9, 1.0, -3.0, 1e12])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_any_numbers_make_a_picture(value: float, position: int) -> None:
    assert drawn(verdict_strip(flat(DOCUMENT.evidence[position], value))).tag == f"{SVG}svg"


@pytest.mark.parametrize(
    "hostile", ["</title><script>alert(1)</script>", '" onload="x', "a\x00\x1b&<"]
)
def test_words_of_others_cannot_become_markup(hostile: str) -> None:
    evidence = DOCUMENT.evidence[3]
    parts = tuple(replace(part, value=hostile) for part in evidence.verdict.parts)
    words = replace(evidence, verdict=replace(evidence.verdict, label=hostile, parts=parts))
    one = DOCUMENT.slices[0]
    sliced: SliceEvidence = replace(one, finding=replace(one.finding, slice=hostile))
    for picture in (
        parts_strip(words),
        verdict_strip(words),
        slices_strip([sliced]),
        interval_plot([replace(words, claim=hostile)], title=hostile),
    ):
        for element in drawn(picture).iter():
            assert element.tag.removeprefix(SVG) in ALLOWED
            assert "onload" not in element.attrib


def test_characters_that_hide_or_reorder_text_are_made_visible() -> None:
    assert visible("go\u202eog\x07 \ud800") == "go\ufffdog\ufffd \ufffd"
    assert visible("naïve, שלום, 20\u202f%\n") == "naïve, שלום, 20\u202f%\n"
