"""Pictures over time and grids: whole, harmless, and the same facts in words."""

from xml.etree import ElementTree as ET

from interlock.measure import Estimate, bounded_mean
from interlock.review.pictures import (
    Trend,
    grid_plot,
    trend_plot,
)

SVG = "{http://www.w3.org/2000/svg}"


def words(picture: str) -> str:
    tree = ET.fromstring(picture)  # noqa: S314 - our own
    return " ".join(one.text or "" for one in tree.iter())


def estimate(share: float) -> Estimate:
    hits = round(40 * share)
    return bounded_mean([1.0] * hits + [0.0] * (40 - hits), low=0.0, high=1.0)


def test_a_trend_tells_every_point_with_its_interval_in_words_too() -> None:
    points = (("plain", estimate(0.5)), ("guarded", estimate(0.1)))
    told = words(trend_plot([Trend(heading="fraud", points=points)], title="Misuse"))
    for part in ("Misuse", "fraud", "plain", "guarded", "50", "10", "40 clusters"):
        assert part in told


def test_names_cannot_leave_the_picture() -> None:
    points = (("<script>x</script>", estimate(0.5)),)
    picture = trend_plot([Trend(heading='"><b', points=points)], title="<&>")
    grid = grid_plot({("<a>", '"'): 3}, title="<&>", rows="<r>", columns="<c>")
    for one in (picture, grid):
        tree = ET.fromstring(one)  # noqa: S314 - our own
        assert {each.tag.removeprefix(SVG) for each in tree.iter()} <= {
            "svg", "title", "desc", "rect", "text", "line", "path", "circle", "g",
        }  # fmt: skip


def test_an_open_end_and_nothing_at_all_are_drawn() -> None:
    open_end = Estimate(value=0.2, low=None, high=None, confidence=0.9, n=3, method="x/1")
    assert "no bound" in words(
        trend_plot([Trend(heading="a", points=(("b", open_end),))], title="")
    )
    assert words(trend_plot([], title="nothing yet")).strip().startswith("nothing yet")
    assert "nothing yet" in words(grid_plot({}, title="nothing yet"))


def test_a_cell_that_was_never_tried_is_left_empty() -> None:
    counts = {("a", "x"): 3, ("a", "y"): 0, ("b", "x"): 7}
    tree = ET.fromstring(grid_plot(counts, title="t"))  # noqa: S314 - our own
    shown = [one.text for one in tree.iter(f"{SVG}text")]
    assert shown.count("0") == 0
    assert {"3", "7"} <= set(shown)
