"""What holds for every sample: the estimate lies inside, and more confidence is more width."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.measure import (
    Estimate,
    PairedCounts,
    bounded_mean,
    clustered_ratio,
    exact_rate,
    newcombe_paired,
    paired_difference,
    paired_ratio,
    rate,
    score_paired_ratio,
)
from tests.intervals import high, low

flags = st.lists(st.booleans(), min_size=1, max_size=40)
scores = st.lists(st.integers(0, 10), min_size=1, max_size=40)
cells = st.integers(0, 25)
tables = st.builds(
    PairedCounts, both=cells, only_before=st.integers(1, 25), only_after=cells, neither=cells
)


def assert_nested(narrow: Estimate, wide: Estimate) -> None:
    assert narrow.value == wide.value
    assert low(wide) <= low(narrow) + 1e-6
    assert high(narrow) <= high(wide) * (1 + 1e-3) + 1e-6


@given(flags)
@settings(deadline=None)
def test_rates_stay_between_nothing_and_all(happened: list[bool]) -> None:
    for estimator in (rate, exact_rate):
        narrow, wide = estimator(happened), estimator(happened, confidence=0.99)
        assert_nested(narrow, wide)
        assert 0 <= low(wide) <= high(wide) <= 1


@given(flags)
@settings(deadline=None)
def test_one_more_event_never_lowers_the_bound_of_a_rate(happened: list[bool]) -> None:
    if not all(happened):
        worse = list(happened)
        worse[worse.index(False)] = True
        assert high(exact_rate(worse)) >= high(exact_rate(happened))


@given(scores, st.integers(0, 5))
@settings(deadline=None, max_examples=40)
def test_a_bounded_mean_turned_upside_down_has_its_ends_exchanged(
    values: list[int], seed: int
) -> None:
    here = bounded_mean(values, low=0, high=10, seed=seed)
    there = bounded_mean([10 - v for v in values], low=0, high=10, seed=seed)
    assert math.isclose(low(here), 10 - high(there), abs_tol=1e-9)
    assert 0 <= low(here) <= here.value <= high(here) <= 10


@given(scores)
@settings(deadline=None, max_examples=40)
def test_a_wider_declared_range_never_tightens_a_bound_much(values: list[int]) -> None:
    narrow = bounded_mean(values, low=0, high=10)
    wide = bounded_mean(values, low=-10, high=20)
    assert high(wide) - low(wide) >= 0.8 * (high(narrow) - low(narrow))


@given(tables)
@settings(deadline=None, max_examples=40)
def test_paired_intervals_hold_their_estimate_and_widen_with_confidence(
    table: PairedCounts,
) -> None:
    for estimator in (score_paired_ratio, paired_ratio, paired_difference, newcombe_paired):
        assert_nested(estimator(table), estimator(table, confidence=0.99))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
@settings(deadline=None, max_examples=40)
def test_a_clustered_ratio_of_arms_exchanged_is_its_reciprocal(
    pairs: list[tuple[bool, bool]],
) -> None:
    before, after = (np.array(arm, dtype=float) for arm in zip(*pairs, strict=True))
    if before.any() and after.any():
        labels = np.arange(before.size)
        there, back = clustered_ratio(before, after, labels), clustered_ratio(after, before, labels)
        assert math.isclose(there.value * back.value, 1)
        if math.isfinite(high(there)):
            assert math.isclose(high(there) * low(back), 1, rel_tol=1e-6)
