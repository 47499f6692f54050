"""Rates through a judge's eyes: the bound keeps its level where its customary companions do not."""

import numpy as np
import pytest
from scipy import stats

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure import JudgedRows, judge_corrected_rate, ppi_rate, rogan_gladen
from tests.intervals import ends, high, low
from tests.judging import drawn_rows, shares_passed


def rows(*groups: tuple[int, int, float]) -> JudgedRows:
    """Rows from (how many, the judge's flag, the label)."""
    judge = np.concatenate([np.full(n, flag) for n, flag, _ in groups])
    human = np.concatenate([np.full(n, label, dtype=float) for n, _, label in groups])
    return JudgedRows(judge, human)


NAN = float("nan")
KNOWN = rows((30, 1, 1), (10, 1, 0), (4, 0, 1), (96, 0, 0), (860, 0, NAN))


def test_the_rate_adds_what_was_caught_to_what_the_sample_says_was_missed() -> None:
    found = judge_corrected_rate(KNOWN)
    assert found.value == pytest.approx(30 / 1000 + 0.96 * 4 / 100)
    caught, missed = stats.beta.isf(0.025, 31, 970), stats.beta.isf(0.025, 5, 96)
    assert high(found) == pytest.approx(caught + (1 - caught) * missed)
    assert low(found) < found.value


def test_the_more_of_the_judges_negatives_are_labelled_the_closer_the_bound() -> None:
    more = rows((30, 1, 1), (10, 1, 0), (36, 0, 1), (864, 0, 0), (60, 0, NAN))
    assert high(judge_corrected_rate(more)) < high(judge_corrected_rate(KNOWN))


def test_a_judge_who_flags_everything_leaves_only_the_labels() -> None:
    everything = judge_corrected_rate(rows((20, 1, 1), (80, 1, 0)))
    assert everything.value == pytest.approx(0.2)
    assert high(everything) == pytest.approx(stats.beta.isf(0.025, 21, 80))


def test_with_fewer_than_five_events_found_by_people_nothing_is_estimated() -> None:
    with pytest.raises(NotEstimableError, match="found 4 events"):
        judge_corrected_rate(rows((3, 1, 1), (1, 0, 1), (96, 0, 0), (900, 0, NAN)))


def test_a_flagged_row_without_a_label_is_refused() -> None:
    with pytest.raises(NotEstimableError, match="flagged has no label"):
        judge_corrected_rate(rows((9, 1, 1), (1, 1, NAN), (90, 0, 0)))
    with pytest.raises(NotEstimableError, match="passed has a label"):
        judge_corrected_rate(rows((9, 1, 1), (90, 0, NAN)))


def test_prediction_powered_inference_uses_the_judge_as_far_as_it_is_worth_it() -> None:
    rng = np.random.default_rng(15)
    human = rng.random(2000) < 0.3
    labelled = np.where(np.arange(2000) < 400, human, np.nan)
    agreeing = ppi_rate(JudgedRows(human, labelled))
    guessing = ppi_rate(JudgedRows(rng.random(2000) < 0.5, labelled))
    only = human[:400].mean()
    half = 1.6448536 * human[:400].std(ddof=1) / 20
    assert high(agreeing) - low(agreeing) < 1.1 * half
    assert ends(guessing) == pytest.approx((only - half, only + half), abs=0.01)


def test_rogan_and_gladen_undo_the_judges_errors() -> None:
    # A judge of sensitivity .8 and specificity .9 flags 24 % where the truth is 20 %.
    found = rogan_gladen(
        rows((16, 1, 1), (4, 0, 1), (8, 1, 0), (72, 0, 0), (216, 1, NAN), (684, 0, NAN))
    )
    assert found.value == pytest.approx(0.2)
    assert low(found) < 0.2 < high(found)


@pytest.mark.parametrize(("sensitivity", "specificity"), [(0.6, 0.98), (0.8, 1.0)])
def test_our_bound_keeps_its_level_where_prediction_powered_inference_does_not(
    sensitivity: float, specificity: float
) -> None:
    rng = np.random.default_rng(16)
    ours, theirs = shares_passed(rng, runs=400, specificity=specificity, sensitivity=sensitivity)
    assert theirs > 0.1
    assert ours <= stats.binom.isf(0.001, 400, 0.05) / 400


def test_the_bound_still_passes_a_candidate_well_inside_its_limit() -> None:
    rng = np.random.default_rng(17)
    judge, human = drawn_rows(rng, 3000, rate=0.01, specificity=0.98)
    labels = np.where(judge | (rng.random(3000) < 0.5), human, np.nan)
    assert high(judge_corrected_rate(JudgedRows(judge, labels))) < 0.03


def test_what_is_no_sample_of_judged_rows_is_refused() -> None:
    with pytest.raises(NotEnoughDataError):
        JudgedRows([], [])
    with pytest.raises(MismatchedShapesError):
        JudgedRows([1, 0], [1.0])
    with pytest.raises(ValueOutOfRangeError, match="human"):
        JudgedRows([1, 0], [1.0, 0.5])
    with pytest.raises(NotEstimableError):
        ppi_rate(rows((1, 1, 1), (9, 0, NAN)))
    with pytest.raises(NotEstimableError):
        ppi_rate(rows((5, 1, 1), (5, 0, 0)))
    with pytest.raises(NotEstimableError, match="same label"):
        rogan_gladen(rows((5, 1, 1), (5, 0, NAN)))
    with pytest.raises(NotEstimableError, match="chance"):
        rogan_gladen(rows((5, 0, 1), (5, 1, 0)))
