"""How a judgement looks in a terminal."""

import io

import pytest
from rich.console import Console

from interlock.charter import DifferenceNoninferior, Hypothesis, RateUpper, RatioBelow
from interlock.cli.judgement import drawn, plot
from interlock.gate import Judgement, Terms, judge
from interlock.measure import Estimate
from tests.arms import arm, scored


def estimate(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value=value, low=low, high=high, confidence=0.9, n=20, method="test/1")


def test_an_interval_under_its_limit_is_drawn_left_of_it() -> None:
    line = plot(estimate(0.2, 0.0, 0.4), 1.0)
    assert line == "├────●────┤             │"


def test_a_limit_inside_the_interval_is_drawn_across_it() -> None:
    line = plot(estimate(0.0, -1.0, 1.0), 0.5)
    assert line[0] + line[12] + line[18] + line[24] == "├●│┤"


def test_an_end_without_a_bound_runs_off_the_axis() -> None:
    assert plot(estimate(0.2, 0.0, None), 0.6).endswith("──│")
    assert plot(estimate(0.2, None, 0.6), 0.1)[0] == "│"


def test_a_terminal_without_unicode_gets_ascii() -> None:
    plot(estimate(0.2, 0.0, 0.4), 1.0, ascii_only=True).encode("ascii")


def test_an_estimate_on_its_limit_can_be_drawn() -> None:
    assert plot(estimate(0.5, 0.5, 0.5), 0.5) == "│"


def judged(slice_value: str = "fi") -> Judgement:
    hypothesis = Hypothesis(
        name="guard-prompt",
        criteria=(
            RatioBelow(metric="harm", cut=0.4),
            DifferenceNoninferior(metric="helpfulness", margin=0.2),
            RateUpper(metric="harm", below=0.1),
        ),
    )
    rows = scored([0.0] * 30, slices={"language": slice_value})
    rows += scored([0.5] * 30, metric="helpfulness")
    return judge(hypothesis, arm(rows), arm(rows), terms=Terms(basis="retrospective", seed=1))


def shown(found: Judgement, *, width: int, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, width=width)
    console.print(drawn(found, console))
    stream.seek(0)
    return stream.read()


@pytest.mark.parametrize("width", [30, 80, 99, 100, 200])
def test_every_verdict_is_shown_with_its_reason_at_any_width(width: int) -> None:
    text = " ".join(shown(judged(), width=width).split())
    assert "not estimable: the baseline shows no event" in text
    assert text.count("undecided") >= 2
    assert "passed" in text
    assert "language = fi" in text


def test_an_ascii_terminal_can_show_everything() -> None:
    for width in (80, 120):
        assert "language = f\\xef" in shown(judged("f\xef"), width=width, encoding="ascii")


def test_what_a_file_says_cannot_steer_the_terminal() -> None:
    text = shown(judged("\x1b[2Jfi\x07\u202e\x9b"), width=120)
    assert "\x1b" not in text
    assert not any(sign in text for sign in "\x07\u202e\x9b")
    assert "[2Jfi" in text


def test_what_a_file_says_is_not_markup() -> None:
    assert "[red]fi[/red]" in shown(judged("[red]fi[/red]"), width=120)
