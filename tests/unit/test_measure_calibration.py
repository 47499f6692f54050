"""Calibration: the design's figures, bins that are closed on the right, and a bound that holds."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.tools.eval_measures import mse

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure import (
    Forecasts,
    brier,
    calibration_bound,
    calibration_error,
    exact_rate,
    log_loss,
)
from tests.intervals import high, low

HAPPENED = [0, 0, 0, 1, 1, 1, 1, 0, 1, 1]
CHANCES = [0.05, 0.15, 0.15, 0.35, 0.35, 0.55, 0.75, 0.75, 0.95, 0.95]
KNOWN = Forecasts(HAPPENED, CHANCES)


@pytest.mark.parametrize(
    ("kind", "known"), [("expected", 0.27), ("greatest", 0.65), ("rms", 0.3490463)]
)
def test_calibration_errors_are_those_of_the_design(kind: str, known: float) -> None:
    found = calibration_error(KNOWN, kind=kind, bins=5)  # type: ignore[arg-type]
    assert found.value == pytest.approx(known, abs=1e-7)
    assert low(found) < known < high(found)


def test_scores_are_those_of_other_implementations() -> None:
    assert brier(KNOWN).value == pytest.approx(0.1725)
    assert brier(KNOWN).value == pytest.approx(mse(np.array(HAPPENED), np.array(CHANCES)))
    theirs = stats.bernoulli.logpmf(HAPPENED, CHANCES)
    assert log_loss(KNOWN).value == pytest.approx(-np.mean(theirs))


@pytest.mark.parametrize("count", [1, 3, 5, 7, 10, 30])
def test_a_chance_exactly_on_an_edge_is_in_the_bin_that_ends_there(count: int) -> None:
    edges = [k / count for k in range(1, count + 1)]
    bins = Forecasts([1] * count, edges).bins(count)
    assert [one.n for one in bins] == [1] * count
    assert [one.said for one in bins] == edges
    just_above = [np.nextafter(k / count, 1) for k in range(count)]
    assert [one.n for one in Forecasts([1] * count, just_above).bins(count)] == [1] * count


def test_no_chance_at_all_is_in_the_first_bin() -> None:
    (only,) = Forecasts([0, 0], [0.0, 0.2]).bins(5)
    assert (only.above, only.up_to, only.n, only.happened) == (0.0, 0.2, 2, 0.0)


def test_every_bin_shows_how_many_rows_it_has() -> None:
    assert [one.n for one in KNOWN.bins(5)] == [3, 2, 1, 2, 2]


def test_bins_of_equal_mass_never_part_rows_of_one_chance() -> None:
    rows = Forecasts([1, 0, 1, 0, 1, 0], [0.3, 0.3, 0.3, 0.4, 0.8, 0.9])
    assert [one.n for one in rows.bins(2, "mass")] == [3, 3]
    assert [one.n for one in rows.bins(3, "mass")] == [3, 1, 2]
    assert [one.n for one in Forecasts([1, 0], [0.5, 0.5]).bins(4, "mass")] == [2]
    even = Forecasts(np.zeros(100), np.linspace(0.005, 0.995, 100)).bins(4, "mass")
    assert [one.n for one in even] == [25, 25, 25, 25]


def test_rows_that_belong_together_make_the_interval_wider() -> None:
    rng = np.random.default_rng(4)
    chances = rng.random(60)
    happened = rng.random(60) < chances
    labels = np.repeat(np.arange(60), 5)
    for score in (brier, log_loss, calibration_error):
        apart = score(Forecasts(np.repeat(happened, 5), np.repeat(chances, 5)))
        together = score(Forecasts(np.repeat(happened, 5), np.repeat(chances, 5), labels))
        assert together.n == 60
        assert high(together) - low(together) > 1.5 * (high(apart) - low(apart))


def test_something_that_happened_without_a_chance_has_no_finite_loss() -> None:
    with pytest.raises(NotEstimableError, match="no chance"):
        log_loss(Forecasts([1, 0], [0.0, 0.5]))


def test_with_one_bin_the_bound_is_that_of_a_mean() -> None:
    few = calibration_bound(Forecasts([1] * 20, [1.0] * 20), bins=1)
    assert few.value == 0
    assert 0 < high(few) < 0.2
    # Twenty rows without a miss bound the share of misses at .139 exactly.
    assert high(few) >= high(exact_rate([0] * 20))


def test_a_handful_of_rows_leaves_the_error_open() -> None:
    found = calibration_bound(KNOWN, bins=5)
    assert found.value == pytest.approx(0.27)
    assert low(found) == 0
    assert high(found) > 0.5


def test_the_bound_comes_down_with_more_rows_and_finds_a_forecaster_out() -> None:
    rng = np.random.default_rng(9)
    chances = rng.beta(0.5, 0.5, 2000)
    happened = rng.random(2000) < chances
    assert high(calibration_bound(Forecasts(happened, chances), bins=5)) < 0.05
    boasting = Forecasts(rng.random(2000) < 0.5, chances)
    assert low(calibration_bound(boasting, bins=5)) > 0.15


def test_the_bound_rarely_lies_under_the_truth() -> None:
    # Half of the rows are said .3 and happen at .4, half said .7 and happen at .6: the error is .1.
    rng, wrong, runs = np.random.default_rng(10), 0, 80
    chances = np.repeat([0.3, 0.7], 60)
    for seed in range(runs):
        happened = rng.random(120) < np.repeat([0.4, 0.6], 60)
        wrong += high(calibration_bound(Forecasts(happened, chances), bins=2, seed=seed)) < 0.1
    assert wrong <= stats.binom.isf(0.001, runs, 0.05)


def test_clusters_count_once_in_the_bound() -> None:
    happened, chances = np.repeat(HAPPENED, 8), np.repeat(CHANCES, 8)
    clustered = calibration_bound(Forecasts(happened, chances, np.repeat(np.arange(10), 8)), bins=5)
    assert clustered == calibration_bound(KNOWN, bins=5)


def test_what_is_no_forecast_is_refused() -> None:
    with pytest.raises(NotEnoughDataError):
        Forecasts([], [])
    with pytest.raises(MismatchedShapesError):
        Forecasts([1, 0], [0.5])
    with pytest.raises(MismatchedShapesError):
        Forecasts([1, 0], [0.5, 0.5], ["a"])
    with pytest.raises(ValueOutOfRangeError):
        Forecasts([1], [1.5])
    with pytest.raises(ValueOutOfRangeError):
        Forecasts([0.5], [0.5])
    with pytest.raises(ValueOutOfRangeError, match="bins"):
        KNOWN.bins(0)
    with pytest.raises(ValueOutOfRangeError, match="bins"):
        calibration_bound(KNOWN, bins=11)
    with pytest.raises(NotEnoughDataError, match="clusters"):
        brier(Forecasts([1, 0], [0.5, 0.5], ["a", "a"]))
