"""Clusters: what they are worth, and the edges."""

import numpy as np
import pytest
from scipy import stats

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure import cluster_means, effective_n, icc
from tests.intervals import high, low


def test_cluster_means_follow_the_order_of_the_labels() -> None:
    means = cluster_means([4, 1, 2, 3, 9], ["b", "a", "b", "a", "c"])
    assert means.tolist() == [2.0, 3.0, 9.0]


def test_rows_of_a_cluster_are_worth_less_than_independent_ones() -> None:
    # From statistics.json, the figures of design_effect_m5_icc..3
    clusters = np.repeat(np.arange(40), 5)
    assert 200 / effective_n(clusters, correlation=0.3) == pytest.approx(2.2)
    assert effective_n(clusters, correlation=-0.1) == 200
    assert effective_n(np.arange(7), correlation=0.9) == 7


def test_the_correlation_is_that_of_the_analysis_of_variance() -> None:
    rng = np.random.default_rng(9)
    groups = rng.normal(size=(30, 1)) + rng.normal(size=(30, 4))
    result = icc(groups.ravel(), np.repeat(np.arange(30), 4))
    f = stats.f_oneway(*groups).statistic
    assert result.value == pytest.approx((f - 1) / (f + 3))
    assert result.n == 30
    assert low(result) < 0.5 < high(result)


def test_the_interval_of_the_correlation_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(10)
    clusters = np.repeat(np.arange(12), 5)
    covered = 0
    for _ in range(400):
        values = np.sqrt(0.3) * rng.normal(size=12)[clusters] + np.sqrt(0.7) * rng.normal(size=60)
        estimate = icc(values, clusters)
        covered += low(estimate) <= 0.3 <= high(estimate)
    assert covered / 400 == pytest.approx(0.90, abs=0.04)


def test_clusters_without_difference_inside_are_wholly_correlated() -> None:
    assert icc([1, 1, 0, 0, 3, 3], [0, 0, 1, 1, 2, 2]).value == 1.0


def test_a_correlation_needs_clusters_rows_and_differences() -> None:
    with pytest.raises(NotEnoughDataError):
        icc([1, 2], [0, 0])
    with pytest.raises(NotEnoughDataError):
        icc([1, 2], [0, 1])
    with pytest.raises(NotEstimableError):
        icc([1, 1, 1, 1], [0, 0, 1, 1])
    with pytest.raises(NotEnoughDataError):
        effective_n([], correlation=0.1)


def test_columns_that_do_not_match_and_values_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(MismatchedShapesError):
        cluster_means([1, 2], [0])
    with pytest.raises(ValueOutOfRangeError):
        cluster_means([1, float("nan")], [0, 1])
    with pytest.raises(NotEnoughDataError):
        cluster_means([], [])
