"""The promise of every gate bound, in its worst cells, on a thousand samples each."""

import numpy as np
import pytest
from scipy import stats

from interlock.measure import bounded_mean, clustered_ratio
from tests.intervals import high, low
from tests.levels import QUICK, Cell, bet


@pytest.mark.parametrize("cell", QUICK, ids=lambda cell: cell.name)
def test_a_release_at_its_limit_rarely_passes_the_gate(cell: Cell) -> None:
    runs = 1000
    outcome = cell.play(np.random.default_rng(3), runs)
    assert outcome.guarded <= stats.binom.isf(0.001, runs, 0.05) / runs
    assert outcome.guarded < outcome.naive


def test_a_bound_beyond_the_limit_is_capital_that_reached_its_goal() -> None:
    rng = np.random.default_rng(6)
    values = (rng.random((200, 30)) < 0.7).astype(np.float64)
    passed = bet(values, None, 0.55, 1)
    bounds = np.array([low(bounded_mean(v, low=0, high=1)) for v in values])
    assert np.mean(passed == (bounds > 0.55)) > 0.9


def test_a_candidate_well_inside_its_limits_usually_passes() -> None:
    rng = np.random.default_rng(7)
    labels = np.arange(120)
    passed = 0
    for _ in range(20):
        before = rng.binomial(5, 0.5, 120) / 5
        after = rng.binomial(5, 0.15, 120) / 5
        passed += high(clustered_ratio(before, after, labels)) < 0.6
    assert passed >= 18
