"""Means: against statsmodels and scipy, on the real scores, and at the edges."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from interlock.errors import MismatchedShapesError, NotEnoughDataError, ValueOutOfRangeError
from interlock.measure import bounded_mean, robust_mean, student_mean
from tests.intervals import ends, high, low

# XSTest, safe prompts, human labels, mistralinstruct -> mistralguard: change of helpfulness scored
# 10/5/0 and 10/0/0 (full, partial, no compliance); 203 + 4 prompts without a change.
GRADED = np.repeat([-10.0, -5.0, 0.0], [22, 21, 207])
STRICT = np.repeat([-10.0, 0.0], [43, 207])


def test_students_interval_equals_scipys_and_the_figures_of_the_design() -> None:
    estimate = student_mean(GRADED, confidence=0.95)
    theirs = stats.ttest_1samp(GRADED, 0).confidence_interval(0.95)
    assert ends(estimate) == pytest.approx(tuple(theirs), abs=1e-9)
    # From xstest.json, the figures of helpfulness_change.
    assert ends(estimate) == pytest.approx((-1.6788, -0.9212), abs=5e-5)
    assert low(student_mean(GRADED)) == pytest.approx(-1.6175, abs=5e-5)
    assert low(student_mean(STRICT)) == pytest.approx(-2.1148, abs=5e-5)


def test_the_guaranteed_bound_on_real_scores_is_at_most_half_wider_than_students() -> None:
    for scores, mean in ((GRADED, -1.3), (STRICT, -1.72)):
        ours, theirs = bounded_mean(scores, low=-10, high=10), student_mean(scores)
        assert ours.value == pytest.approx(mean)
        assert low(ours) < low(theirs)
        assert ours.value - low(ours) <= 1.5 * (theirs.value - low(theirs))


def test_on_real_scores_a_margin_of_two_passes_under_one_rubric_only() -> None:
    assert low(bounded_mean(GRADED, low=-10, high=10)) > -2.0
    strict = bounded_mean(STRICT, low=-10, high=10)
    assert low(strict) < -2.0 < high(strict)


def test_the_order_of_rows_and_the_seed_hardly_move_the_bound() -> None:
    rng = np.random.default_rng(5)
    lows = [
        low(bounded_mean(rng.permutation(GRADED), low=-10, high=10, seed=seed)) for seed in range(8)
    ]
    assert np.ptp(lows) < 0.08


def test_the_same_seed_gives_the_same_bound() -> None:
    first, second = (bounded_mean(GRADED, low=-10, high=10, seed=7) for _ in range(2))
    assert first == second


def test_a_bound_follows_a_change_of_unit() -> None:
    unit = bounded_mean((GRADED + 10) / 20, low=0, high=1)
    score = bounded_mean(GRADED, low=-10, high=10)
    assert low(score) == pytest.approx(20 * low(unit) - 10)
    assert high(score) == pytest.approx(20 * high(unit) - 10)


def test_one_cluster_still_has_a_bound_though_a_wide_one() -> None:
    estimate = bounded_mean([0.2], low=0, high=1)
    assert estimate.n == 1
    assert low(estimate) < 0.05
    assert high(estimate) > 0.95


@pytest.mark.parametrize("n", [2, 30, 600, 3000, 20_000])
def test_equal_values_leave_room_for_what_was_not_seen(n: int) -> None:
    estimate = bounded_mean(np.full(n, 1.0), low=0, high=1)
    assert estimate.value == high(estimate) == 1.0
    exact = 0.05 ** (1 / n)
    assert 1 - 1.2 * (1 - exact) <= low(estimate) <= exact


@pytest.mark.parametrize("n", [1000, 20_000, 70_000])
def test_long_samples_are_bounded_nearly_as_tightly_as_by_student(n: int) -> None:
    rng = np.random.default_rng(n)
    for values in (rng.choice([0.0, 0.5, 1.0], n, p=[0.1, 0.1, 0.8]), rng.random(n)):
        ours, theirs = bounded_mean(values, low=0, high=1), student_mean(values)
        width = theirs.value - low(theirs)
        assert 0.8 * width < ours.value - low(ours) < 1.5 * width
        assert 0.8 * width < high(ours) - ours.value < 1.5 * width


def test_the_cluster_robust_mean_equals_that_of_statsmodels() -> None:
    rng = np.random.default_rng(11)
    clusters = rng.integers(0, 17, 200)
    values = rng.normal(size=17)[clusters] + rng.normal(size=200)
    fit = sm.OLS(values, np.ones(200)).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}
    )
    estimate = robust_mean(values, clusters)
    assert estimate.value == pytest.approx(fit.params[0], abs=1e-12)
    assert ends(estimate) == pytest.approx(tuple(fit.conf_int(0.10)[0]), abs=1e-12)
    assert estimate.n == 17


def test_one_value_shows_no_spread() -> None:
    with pytest.raises(NotEnoughDataError):
        student_mean([1.0])
    with pytest.raises(NotEnoughDataError):
        robust_mean([1.0, 2.0], ["a", "a"])


def test_no_values_are_no_mean() -> None:
    with pytest.raises(NotEnoughDataError):
        bounded_mean([], low=0, high=1)
    with pytest.raises(NotEnoughDataError):
        student_mean([])


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -0.1, 1.1])
def test_a_value_outside_the_declared_range_is_refused(bad: float) -> None:
    with pytest.raises(ValueOutOfRangeError, match="values"):
        bounded_mean([0.5, bad], low=0, high=1)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (1.0, 1.0),
        (1.0, 0.0),
        (0.0, float("inf")),
        (float("-inf"), 1.0),
        (float("-inf"), float("inf")),
        (float("inf"), float("inf")),
        (-1e308, 1e308),
        (float("nan"), 1.0),
    ],
)
def test_a_range_without_ends_or_width_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueOutOfRangeError):
        bounded_mean([0.5], low=low, high=high)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(MismatchedShapesError):
        robust_mean([1.0, 2.0], [0])
    with pytest.raises(MismatchedShapesError):
        bounded_mean(np.zeros((2, 2)), low=0, high=1)
