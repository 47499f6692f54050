"""Adherence over edge cases: whole behaviours, agreement of variants, sure violations."""

from itertools import combinations

import numpy as np
import pytest

from interlock.errors import InterlockError, NotEstimableError
from interlock.measure import exact_rate
from interlock.measure.adherence import adherence, sure_violations


def test_a_behaviour_holds_as_a_whole_or_not_at_all() -> None:
    found = adherence([1, 1, 1, 1, 0, 1], ["a", "a", "b", "b", "c", "c"])
    assert found.whole == exact_rate([True, True, False])
    assert found.agreement.value == pytest.approx(2 / 3)
    assert found.agreement.n == 3


def test_agreement_is_the_share_of_pairs_that_came_out_alike() -> None:
    rng = np.random.default_rng(1)
    held, names = rng.random(60) < 0.7, rng.integers(0, 12, 60)
    shares = [
        np.mean([one == other for one, other in combinations(held[names == name], 2)])
        for name in np.unique(names)
        if (names == name).sum() > 1
    ]
    assert adherence(held, names).agreement.value == pytest.approx(np.mean(shares))


def test_a_behaviour_with_one_variant_has_no_pair_but_counts_as_whole() -> None:
    found = adherence([0, 1, 1], ["a", "b", "b"])
    assert (found.whole.value, found.whole.n) == (0.5, 2)
    assert (found.agreement.value, found.agreement.n) == (1.0, 1)
    with pytest.raises(NotEstimableError, match="one variant only"):
        adherence([1, 1], ["a", "b"])


def test_the_bounds_hold_over_behaviours_however_many_variants_they_have() -> None:
    rng, missed, runs = np.random.default_rng(2), 0, 200
    names = np.repeat(np.arange(40), 20)
    for _ in range(runs):
        good = np.repeat(rng.random(40) < 0.8, 20)
        high = adherence(good, names).whole.high
        assert high is not None
        missed += high < 0.8
    assert missed / runs <= 0.1


def test_violations_are_sure_from_nine_in_ten_on() -> None:
    found = sure_violations([0.95, 0.9, 0.89, np.nan], ["a", "a", "b", "b"])
    assert found.rows == (0, 1)
    assert found.silent == 1
    assert found.rate.value == pytest.approx(0.5)
    assert found.rate.n == 2


@pytest.mark.parametrize("chances", [[], [1.5], [[0.5]], [0.5, 0.5]])
def test_chances_that_are_none_are_refused(chances: list[float]) -> None:
    with pytest.raises(InterlockError):
        sure_violations(chances, ["a"])
