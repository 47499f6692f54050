"""Our distributions against scipy's, which the product leaves out for its slow import."""

import numpy as np
import pytest
from scipy import stats

from interlock.errors import ValueOutOfRangeError
from interlock.measure import exact_power_rate
from interlock.measure.distributions import (
    binomial_chances,
    binomial_point,
    binomial_up_to,
    normal_point,
)

CASES = [(n, share) for n in (1, 7, 200, 20_000) for share in (0.0, 1e-4, 0.05, 0.5, 0.97, 1.0)]


@pytest.mark.parametrize("alpha", [1e-12, 0.001, 0.05, 0.5, 0.9])
def test_a_normal_number_exceeds_its_point_with_the_given_chance(alpha: float) -> None:
    assert normal_point(alpha) == stats.norm.isf(alpha)


@pytest.mark.parametrize(("n", "share"), CASES)
def test_the_chance_of_at_most_so_many_events_is_the_binomial_one(n: int, share: float) -> None:
    for events in {-1, 0, int(n * share) - 1, int(n * share), n - 1, n, n + 1}:
        expected = stats.binom.cdf(events, n, share)
        assert float(binomial_up_to(events, n, share)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("n", "share"), CASES)
def test_a_binomial_point_is_the_first_count_to_reach_the_chance(n: int, share: float) -> None:
    for chance in (1e-10, 0.05, 0.5, 1 - 1e-10):
        assert binomial_point(chance, n, share) == stats.binom.ppf(chance, n, share)


@pytest.mark.parametrize(("n", "share"), CASES)
def test_the_chances_of_neighbouring_counts_are_the_binomial_ones(n: int, share: float) -> None:
    likely = np.arange(binomial_point(1e-10, n, share), binomial_point(1 - 1e-10, n, share) + 1.0)
    assert binomial_chances(likely, n, share) == pytest.approx(
        stats.binom.pmf(likely, n, share), rel=1e-11, abs=1e-14
    )


def test_several_shares_are_counted_at_once() -> None:
    counts, shares = np.arange(3.0, 40.0), np.array([[0.0], [0.05], [0.4], [1.0]])
    assert binomial_chances(counts, 60, shares) == pytest.approx(
        stats.binom.pmf(counts, 60, shares), rel=1e-11, abs=1e-14
    )


def test_a_limit_that_is_no_rate_is_refused_by_the_power_of_a_rate() -> None:
    with pytest.raises(ValueOutOfRangeError):
        exact_power_rate(10, truth=0.1, limit=1.5)
