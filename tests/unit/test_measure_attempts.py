"""Attack success at k tries: against the oracle, against enumeration, and its refusals."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from interlock.errors import MismatchedShapesError, NotEnoughDataError, ValueOutOfRangeError
from interlock.measure import (
    bounded_mean,
)
from interlock.measure.diagnostics import attack_success_at, attack_success_change


@pytest.mark.shared
def test_the_worked_example_comes_out(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "statistics.json").read_text("utf-8"))["asr_at_k"]
    found = attack_success_at([oracle["n"]], [oracle["c"]], k=oracle["k"])
    assert found.value == pytest.approx(oracle["value"], abs=5e-8)
    assert found.n == 1


@pytest.mark.parametrize("n", [1, 4, 7])
def test_it_is_the_share_of_draws_that_hold_a_success(n: int) -> None:
    for c in range(n + 1):
        for k in range(1, n + 1):
            draws = [any(one < c for one in drawn) for drawn in combinations(range(n), k)]
            found = attack_success_at([n], [c], k=k)
            assert found.value == pytest.approx(sum(draws) / len(draws)), (n, c, k)


def test_each_behaviour_counts_once_however_often_it_was_tried() -> None:
    found = attack_success_at([10, 1000], [10, 0], k=1)
    assert found.value == pytest.approx(0.5)
    assert found.n == 2


def test_its_interval_is_that_of_a_bounded_mean_over_behaviours() -> None:
    tries, won = np.full(40, 10), np.arange(40) % 3
    shares = [attack_success_at([10], [c], k=3).value for c in won]
    whole = bounded_mean(shares, low=0.0, high=1.0)
    found = attack_success_at(tries, won, k=3)
    assert (found.value, found.low, found.high) == pytest.approx(
        (whole.value, whole.low, whole.high)
    )
    assert found.method == "attack-success-at-3/1"


def test_it_is_unbiased_where_the_plain_formula_is_not() -> None:
    """Enumerated: n tries with a chance of .3 each, k of them; the truth is 1 - .7^3."""
    n, k, p = 6, 3, 0.3
    chances = [
        len(list(combinations(range(n), c))) * p**c * (1 - p) ** (n - c) for c in range(n + 1)
    ]
    ours = sum(chance * attack_success_at([n], [c], k=k).value for c, chance in enumerate(chances))
    plain = sum(chance * (1 - (1 - c / n) ** k) for c, chance in enumerate(chances))
    assert ours == pytest.approx(1 - 0.7**3)
    assert plain < 1 - 0.7**3 - 0.03


def test_who_succeeded_in_fewer_tries_succeeds_in_more() -> None:
    found = attack_success_at([1, 2, 5, 5], [1, 1, 1, 0], k=5)
    assert (found.value, found.n) == (0.75, 4)
    change = attack_success_change(([1, 5], [1, 0]), ([5, 2], [0, 1]), k=5)
    assert change.value == 0.0


def test_very_many_tries_stay_within_a_share() -> None:
    assert attack_success_at([10**9], [10**9 - 1], k=1000).value == 1.0
    assert attack_success_at([10**9], [0], k=1000).value == 0.0


@pytest.mark.parametrize(
    ("tries", "won", "k", "error"),
    [
        ([], [], 1, NotEnoughDataError),
        ([2, 3], [0, 0], 3, NotEnoughDataError),
        ([2], [0], 0, NotEnoughDataError),
        ([2, 3], [0], 1, MismatchedShapesError),
        ([2], [3], 1, ValueOutOfRangeError),
        ([2.5], [1], 1, ValueOutOfRangeError),
        ([2], [-1], 1, ValueOutOfRangeError),
        ([float("nan")], [1], 1, ValueOutOfRangeError),
    ],
)
def test_what_is_no_count_of_tries_is_refused(
    tries: list[float], won: list[float], k: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        attack_success_at(tries, won, k=k)
