"""Rates of one arm: against statsmodels, the worked figures, and their own promise."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from interlock.errors import MismatchedShapesError, NotEnoughDataError, ValueOutOfRangeError
from interlock.measure import clustered_rate, exact_rate, rate, zero_failure_n
from tests.intervals import ends, high, low


def first(seen: int, n: int) -> np.ndarray:
    return np.arange(n) < seen


@pytest.mark.parametrize("seen", [0, 1, 12, 50, 99, 100])
def test_wilson_and_exact_intervals_equal_those_of_statsmodels(seen: int) -> None:
    for ours, name in ((rate, "wilson"), (exact_rate, "beta")):
        estimate = ours(first(seen, 100), confidence=0.95)
        theirs = proportion_confint(seen, 100, alpha=0.05, method=name)
        assert ends(estimate) == pytest.approx(theirs, abs=1e-9)
        assert estimate.value == seen / 100
        assert estimate.n == 100


def test_twelve_of_a_hundred_give_the_figures_of_the_design() -> None:
    # From statistics.json, the figures of wilson_12_100 and clopper_pearson_12_100.
    wilson = rate(first(12, 100), confidence=0.95)
    exact = exact_rate(first(12, 100), confidence=0.95)
    assert ends(wilson) == pytest.approx((0.0699941, 0.1981210), abs=1e-7)
    assert ends(exact) == pytest.approx((0.0635689, 0.2002357), abs=1e-7)


def test_the_interval_shown_has_the_one_sided_bounds_as_its_ends() -> None:
    # From statistics.json, the figures of bound_0_of_20_one_sided95 and of
    # clopper_pearson_upper_0_300_two_sided.
    assert high(exact_rate(first(0, 20))) == pytest.approx(0.13910834066826516, abs=1e-12)
    assert high(exact_rate(first(0, 300), confidence=0.95)) == pytest.approx(0.012221, abs=1e-6)


@pytest.mark.parametrize(("limit", "n"), [(0.05, 59), (0.02, 149), (0.01, 299), (0.001, 2995)])
def test_as_many_clean_trials_as_the_design_says_put_the_bound_at_the_limit(
    limit: float, n: int
) -> None:
    assert zero_failure_n(limit) == n
    assert high(exact_rate(first(0, n))) <= limit < high(exact_rate(first(0, n - 1)))


@pytest.mark.parametrize("truth", [0.001, 0.02, 0.10, 0.50, 0.97])
@pytest.mark.parametrize("n", [7, 50, 200])
def test_each_exact_bound_misses_the_truth_in_at_most_five_percent_of_samples(
    truth: float, n: int
) -> None:
    estimates = [exact_rate(first(k, n)) for k in range(n + 1)]
    chances = stats.binom.pmf(np.arange(n + 1), n, truth)
    above = sum(p for p, e in zip(chances, estimates, strict=True) if low(e) > truth)
    below = sum(p for p, e in zip(chances, estimates, strict=True) if high(e) < truth)
    assert max(above, below) <= 0.05


@pytest.mark.parametrize("truth", [0.02, 0.10, 0.50])
def test_wilsons_interval_covers_the_truth_about_as_often_as_it_says(truth: float) -> None:
    n = 200
    covered = 0.0
    for k in range(n + 1):
        estimate = rate(first(k, n), confidence=0.95)
        if low(estimate) <= truth <= high(estimate):
            covered += float(stats.binom.pmf(k, n, truth))
    assert covered == pytest.approx(0.95, abs=0.025)


def test_rows_of_one_cluster_do_not_count_as_evidence_of_their_own() -> None:
    clean = np.zeros(600, dtype=bool)
    clusters = np.repeat(np.arange(20), 30)
    estimate = clustered_rate(clean, clusters)
    assert estimate.n == 20
    assert high(estimate) > high(exact_rate(np.zeros(20))) > 0.13


def test_a_clustered_rate_weighs_every_cluster_the_same() -> None:
    estimate = clustered_rate([1, 1, 1, 0], ["a", "a", "a", "b"])
    assert estimate.value == 0.5


@pytest.mark.parametrize("estimator", [rate, exact_rate])
def test_no_rows_are_no_rate_of_zero(estimator: type) -> None:
    with pytest.raises(NotEnoughDataError):
        estimator([])
    with pytest.raises(NotEnoughDataError):
        estimator(np.array([], dtype=bool))


@pytest.mark.parametrize("bad", [[0, 2], [0, 0.5], [0, float("nan")], [0, float("inf")], [-1, 0]])
def test_what_is_neither_yes_nor_no_is_refused(bad: list[float]) -> None:
    for estimator in (rate, exact_rate):
        with pytest.raises(ValueOutOfRangeError):
            estimator(bad)
    with pytest.raises(ValueOutOfRangeError):
        clustered_rate(bad, [0, 1])


def test_a_table_is_no_column_of_flags() -> None:
    for table in (np.zeros((2, 2), dtype=bool), np.zeros((2, 2))):
        with pytest.raises(MismatchedShapesError):
            rate(table)
    with pytest.raises(MismatchedShapesError):
        clustered_rate([0, 1, 1], [0, 1])


@pytest.mark.parametrize("confidence", [0.0, 1.0, 1.5, -0.1, float("nan")])
def test_a_confidence_that_is_no_share_is_refused(confidence: float) -> None:
    with pytest.raises(ValueOutOfRangeError, match="confidence"):
        rate([0, 1], confidence=confidence)


@pytest.mark.parametrize("limit", [0.0, 1.0, float("nan")])
def test_a_limit_that_is_no_rate_needs_no_number_of_trials(limit: float) -> None:
    with pytest.raises(ValueOutOfRangeError, match="limit"):
        zero_failure_n(limit)
