"""Power: the figures that the planner shows, and agreement with the tests that decide."""

import numpy as np
import pytest
from scipy import stats

from interlock.errors import NotEnoughDataError, NotEstimableError, ValueOutOfRangeError
from interlock.measure import (
    PairedCounts,
    clusters_for_rate,
    exact_power_difference,
    exact_power_rate,
    exact_power_ratio,
    exact_rate,
    simulated_power_paired_ratio,
)
from interlock.measure.paired_ratios import exact_chance
from tests.intervals import high, low


@pytest.mark.parametrize(
    ("limit", "truth", "about"), [(0.05, 0.01, 260), (0.02, 0.002, 460), (0.01, 0.001, 920)]
)
def test_all_seventeen_categories_pass_nine_times_in_ten_with_the_clusters_of_the_design(
    limit: float, truth: float, about: int
) -> None:
    n = clusters_for_rate(limit=limit, truth=truth, chance=0.90, criteria=17)
    assert n == pytest.approx(about, rel=0.01)
    assert exact_power_rate(n, truth=truth, limit=limit) ** 17 >= 0.90
    assert exact_power_rate(n - 1, truth=truth, limit=limit) ** 17 < 0.90


def test_the_power_of_a_rate_is_the_chance_that_its_bound_is_under_the_limit() -> None:
    n, truth, limit = 120, 0.01, 0.05
    chances = stats.binom.pmf(np.arange(n + 1), n, truth)
    highs = [high(exact_rate(np.arange(n) < k)) for k in range(n + 1)]
    passing = sum(p for p, high in zip(chances, highs, strict=True) if high <= limit)
    assert exact_power_rate(n, truth=truth, limit=limit) == pytest.approx(passing)


def test_too_few_trials_have_no_power_at_all() -> None:
    assert exact_power_rate(58, truth=0.0, limit=0.05) == 0.0
    assert exact_power_rate(59, truth=0.0, limit=0.05) == 1.0


def test_enumeration_needs_fewer_rows_than_the_normal_approximation_says() -> None:
    # From statistics.json, the figures of samplesize_..10_vs_.05_power80_one_sided05_per_arm
    assert exact_power_difference(335, before=0.10, after=0.05) == pytest.approx(0.8007, abs=5e-5)
    assert exact_power_difference(334, before=0.10, after=0.05) < 0.80


@pytest.mark.parametrize(("ratio", "n"), [(0.3, 500), (0.45, 2200), (0.5, 5200)])
def test_a_forty_percent_cut_needs_about_the_rows_of_the_design(ratio: float, n: int) -> None:
    assert exact_power_ratio(n, before=0.1, after=0.1 * ratio, limit=0.6) == pytest.approx(
        0.80, abs=0.03
    )


def test_the_enumeration_agrees_with_a_simulation() -> None:
    rng = np.random.default_rng(1)
    before, after = rng.binomial(60, 0.4, 20_000), rng.binomial(60, 0.15, 20_000)
    pooled = (before + after) / 120
    z = (before - after) / 60 / np.sqrt(np.maximum(2 * pooled * (1 - pooled) / 60, 1e-12))
    simulated = (z * np.sqrt(119 / 120) >= stats.norm.isf(0.05)).mean()
    exact = exact_power_ratio(60, before=0.4, after=0.15, limit=1.0)
    assert exact == pytest.approx(simulated, abs=0.012)


def test_pairing_saves_some_forty_percent_of_the_rows() -> None:
    paired = simulated_power_paired_ratio(1320, (0.038, 0.062, 0.007), limit=0.6)
    assert low(paired) > 0.75
    assert exact_power_ratio(1320, before=0.1, after=0.045, limit=0.6) < 0.70


def test_the_stand_in_passes_nearly_as_often_as_the_exact_test_of_the_gate() -> None:
    n, shares = 80, (0.1, 0.5, 0.06)
    drawn = np.random.default_rng(8).multinomial(n, [*shares, 1 - sum(shares)], size=400)
    passed = [
        exact_chance(PairedCounts(both=a, only_before=b, only_after=c, neither=d), 0.45, alpha=0.05)
        <= 0.05
        for a, b, c, d in drawn.tolist()
    ]
    planned = simulated_power_paired_ratio(n, shares, limit=0.45).value
    assert planned == pytest.approx(np.mean(passed), abs=0.06)


def test_more_than_the_limit_can_never_be_shown_to_be_under_it() -> None:
    for truth in (0.05, 0.06):
        with pytest.raises(NotEstimableError, match="clusters"):
            clusters_for_rate(truth=truth, limit=0.05)


def test_plans_that_mean_nothing_are_refused() -> None:
    with pytest.raises(NotEnoughDataError):
        exact_power_rate(0, truth=0.1, limit=0.2)
    with pytest.raises(NotEnoughDataError):
        clusters_for_rate(truth=0.01, limit=0.05, criteria=0)
    for bad in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueOutOfRangeError):
            exact_power_rate(10, truth=bad, limit=0.2)
        with pytest.raises(ValueOutOfRangeError):
            exact_power_ratio(10, before=0.2, after=bad, limit=0.6)
        with pytest.raises(ValueOutOfRangeError):
            exact_power_rate(10, truth=0.1, limit=0.2, alpha=bad)
        with pytest.raises(ValueOutOfRangeError):
            simulated_power_paired_ratio(10, (0.1, bad, 0.1), limit=0.6)
    for limit in (0.0, -1.0, float("inf"), float("nan")):
        with pytest.raises(ValueOutOfRangeError):
            exact_power_ratio(10, before=0.2, after=0.1, limit=limit)
