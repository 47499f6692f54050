"""The promise of every gate bound, in its worst cells, on a thousand samples each."""

import numpy as np
import pytest
from scipy import stats

from interlock.measure import bounded_mean, clustered_ratio
from interlock.measure.betting import capital, orders
from tests.intervals import high, low
from tests.levels import QUICK, Cell, size_of_the_paired_bound


@pytest.mark.parametrize("cell", QUICK, ids=lambda cell: cell.name)
def test_a_release_at_its_limit_rarely_passes_the_gate(cell: Cell) -> None:
    runs = 1000
    outcome = cell.play(np.random.default_rng(3), runs)
    assert outcome.guarded <= stats.binom.isf(0.001, runs, 0.05) / runs
    assert outcome.guarded < outcome.naive


@pytest.mark.parametrize("cell", QUICK, ids=lambda cell: cell.name)
def test_the_bound_the_gate_reads_rarely_passes_a_release_at_its_limit(cell: Cell) -> None:
    runs = 150
    passed = cell.judge(np.random.default_rng(4), runs)
    assert passed.sum() <= stats.binom.isf(0.001, runs, 0.05)


@pytest.mark.parametrize("limit", [0.2, 0.4, 0.6, 0.8, 0.95])
def test_the_bound_of_a_paired_ratio_keeps_its_level_on_every_table_of_12(limit: float) -> None:
    assert size_of_the_paired_bound(12, limit) <= 0.05


@pytest.mark.parametrize("n", [7, 30, 120])
@pytest.mark.parametrize("arms", [1, 2])
def test_a_bound_is_the_last_claim_against_which_the_capital_reached_its_goal(
    n: int, arms: int
) -> None:
    rng = np.random.default_rng(6)
    alpha = (1 - 0.9) / 2
    for seed in range(10):
        gains = rng.binomial(4, 0.7, n) / 4
        costs = None if arms == 1 else rng.binomial(4, 0.4, n) / 4
        order = orders(n, seed)
        if costs is None:
            bound = low(bounded_mean(gains, low=0, high=1, seed=seed))
        else:
            bound = 1 / high(clustered_ratio(gains, costs, np.arange(n), seed=seed))
        claims = bound * np.array([0.5, 1 - 1e-9, 1.01])
        held = capital(gains[order], None if costs is None else costs[order], claims, alpha=alpha)
        assert (held.mean(axis=0) >= 1 / alpha).tolist() == [True, True, False]


def test_a_candidate_well_inside_its_limits_usually_passes() -> None:
    rng = np.random.default_rng(7)
    labels = np.arange(120)
    passed = 0
    for _ in range(20):
        before = rng.binomial(5, 0.5, 120) / 5
        after = rng.binomial(5, 0.15, 120) / 5
        passed += high(clustered_ratio(before, after, labels)) < 0.6
    assert passed >= 18
