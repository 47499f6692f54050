"""Differences of rates: the worked figures, statsmodels, and coverage by enumeration."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from interlock.errors import NotEnoughDataError, ValueOutOfRangeError
from interlock.measure import (
    PairedCounts,
    newcombe_paired,
    paired_difference,
    unpaired_difference,
)
from tests.intervals import ends, high, low

TABLE = PairedCounts(both=36, only_before=12, only_after=2, neither=0)


def test_a_paired_table_gives_the_intervals_of_the_design() -> None:
    # From statistics.json, the figures of paired_36_12_2_0., there before minus after
    tango = paired_difference(TABLE, confidence=0.95)
    assert ends(tango) == pytest.approx((-0.34470875, -0.06111241), abs=1e-7)
    newcombe = newcombe_paired(TABLE, confidence=0.95)
    assert ends(newcombe) == pytest.approx((-0.3404276, -0.05692958), abs=1e-7)
    assert tango.value == pytest.approx(-0.2)
    assert tango.n == newcombe.n == 50


def test_separate_samples_give_the_interval_of_the_design_and_of_statsmodels() -> None:
    before, after = np.arange(80) < 48, np.arange(70) < 56
    estimate = unpaired_difference(before, after, confidence=0.95)
    # From statistics.json, the figures of newcombe_56_70_vs_48_80.
    assert ends(estimate) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    theirs = confint_proportions_2indep(56, 70, 48, 80, method="newcomb", compare="diff")
    assert ends(estimate) == pytest.approx(theirs, abs=1e-9)


def test_the_paired_intervals_do_not_care_which_arm_is_called_before() -> None:
    turned = PairedCounts(both=36, only_before=2, only_after=12, neither=0)
    for estimator in (paired_difference, newcombe_paired):
        there, back = estimator(TABLE), estimator(turned)
        assert low(there) == pytest.approx(-high(back))
        assert high(there) == pytest.approx(-low(back))


def test_tangos_ends_lie_where_the_score_reaches_the_quantile() -> None:
    estimate = paired_difference(TABLE)
    n, lost, gained = 50, 12, 2
    for end, sign in ((low(estimate), 1), (high(estimate), -1)):
        assert end is not None
        linear = (2 * n - gained + lost) * end - gained - lost
        share = (np.sqrt(linear**2 + 8 * n * lost * end * (1 - end)) - linear) / (4 * n)
        score = (gained - lost - n * end) / np.sqrt(n * (2 * share + end * (1 - end)))
        assert score == pytest.approx(sign * stats.norm.isf(0.05), abs=1e-6)


def test_tangos_interval_covers_about_as_often_as_it_says() -> None:
    n, lost, gained = 25, 0.2, 0.05
    covered = 0.0
    for b in range(n + 1):
        for c in range(n + 1 - b):
            table = PairedCounts(both=n - b - c, only_before=b, only_after=c, neither=0)
            estimate = paired_difference(table)
            if low(estimate) <= gained - lost <= high(estimate):
                chances = [lost, gained, 1 - lost - gained]
                covered += float(stats.multinomial.pmf([b, c, n - b - c], n, chances))
    assert covered == pytest.approx(0.90, abs=0.025)


@pytest.mark.parametrize("n", [1, 30])
def test_pairs_that_never_differ_leave_room_for_a_difference(n: int) -> None:
    for table in (
        PairedCounts(both=n, only_before=0, only_after=0, neither=0),
        PairedCounts(both=0, only_before=0, only_after=0, neither=n),
    ):
        for estimator in (paired_difference, newcombe_paired):
            estimate = estimator(table)
            assert estimate.value == 0
            assert low(estimate) < 0 < high(estimate)


def test_pairs_that_always_differ_reach_the_end_of_the_range() -> None:
    estimate = paired_difference(PairedCounts(both=0, only_before=9, only_after=0, neither=0))
    assert estimate.value == low(estimate) == -1
    assert -1 < high(estimate) < 0


def test_an_arm_without_rows_has_no_difference() -> None:
    with pytest.raises(NotEnoughDataError, match="before"):
        unpaired_difference([], [1])
    with pytest.raises(NotEnoughDataError, match="after"):
        unpaired_difference([1], [])
    with pytest.raises(ValueOutOfRangeError, match="after"):
        unpaired_difference([1], [0.5])
    with pytest.raises(ValueOutOfRangeError, match="confidence"):
        paired_difference(TABLE, confidence=1.0)
