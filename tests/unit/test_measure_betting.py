"""The bettor: never favoured by a game that is fair, and always poorer against a higher ratio."""

from itertools import product

import numpy as np
import pytest

from interlock.measure import games
from interlock.measure.betting import GOAL, capital, lower_ratio


@pytest.fixture
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples count as long from three values on, so that blocks can be enumerated."""
    monkeypatch.setattr(games, "ONE_BY_ONE", 2)
    monkeypatch.setattr(games, "REBALANCINGS", 2)


def every(values: list[float], n: int) -> np.ndarray:
    return np.array(list(product(values, repeat=n)))


def expected(values: list[float], chances: list[float], n: int) -> float:
    """Mean capital over all samples of ``n`` values, against the values' true mean."""
    samples = every(values, n)
    weights = every(chances, n).prod(axis=1)
    truth = float(np.dot(values, chances))
    return float(weights @ capital(samples, None, np.array([truth]), alpha=0.05)[:, 0])


@pytest.mark.parametrize("truth", [0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_fair_game_leaves_the_mean_capital_where_it_was(truth: float) -> None:
    assert expected([0.0, 1.0], [1 - truth, truth], 10) == pytest.approx(1, abs=1e-9)


def test_a_game_of_three_scores_is_fair_too() -> None:
    assert expected([0.0, 0.5, 1.0], [0.1, 0.2, 0.7], 7) == pytest.approx(1, abs=1e-9)


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("truth", [0.02, 0.5, 0.95])
def test_blocks_never_favour_the_bettor(truth: float) -> None:
    assert 0.2 < expected([0.0, 1.0], [1 - truth, truth], 10) <= 1 + 1e-9


@pytest.mark.parametrize("long", [False, True])
def test_a_fair_game_between_two_arms_does_not_favour_the_bettor(
    long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if long:
        monkeypatch.setattr(games, "ONE_BY_ONE", 2)
        monkeypatch.setattr(games, "REBALANCINGS", 2)
    kinds = {(0, 0): 0.4, (1, 0): 0.2, (0, 1): 0.1, (1, 1): 0.3}
    samples = np.array(list(product(kinds, repeat=6)), dtype=float)
    weights = np.array(list(product(kinds.values(), repeat=6))).prod(axis=1)
    held = capital(samples[:, :, 0], samples[:, :, 1], np.array([0.5 / 0.4]), alpha=0.05)
    assert float(weights @ held[:, 0]) <= 1 + 1e-9


def test_the_capital_never_leaves_nothing_and_the_goal() -> None:
    samples = every([0.0, 0.4, 1.0], 8)
    held = capital(samples, None, np.array([0.001, 0.2, 0.8, 0.999]), alpha=0.05)
    assert held.min() >= 0
    assert held.max() <= GOAL / 0.05


@pytest.mark.parametrize("n", [5, 60, 700, 20_000])
@pytest.mark.parametrize("arms", [1, 2])
def test_more_is_never_won_against_a_higher_ratio(n: int, arms: int) -> None:
    rng = np.random.default_rng(n + arms)
    shared = rng.random((1, n))
    for spread in (0.05, 1.0):
        gains = np.round(0.7 * shared + 0.3 * rng.random((1, n)) ** (1 / spread), 1)
        costs = None if arms == 1 else np.round(0.8 * shared + 0.2 * rng.random((1, n)), 1)
        top = 0.999 if arms == 1 else 3.0
        held = capital(gains, costs, np.linspace(0.001, top, 400), alpha=0.05)[0]
        assert (np.diff(held) <= 1e-9).all()


@pytest.mark.usefixtures("short_blocks")
def test_more_is_never_won_against_a_higher_ratio_in_blocks_either() -> None:
    samples = every([0.0, 1.0], 9)
    held = capital(samples, None, np.linspace(0.001, 0.999, 200), alpha=0.05)
    assert (np.diff(held, axis=1) <= 1e-9).all()
    pairs = np.array(list(product([(0, 0), (1, 0), (0, 1), (1, 1)], repeat=5)), dtype=float)
    held = capital(pairs[:, :, 0], pairs[:, :, 1], np.linspace(0.01, 9, 200), alpha=0.05)
    assert (np.diff(held, axis=1) <= 1e-9).all()


def test_the_bound_is_the_last_ratio_that_was_refuted() -> None:
    gains = np.array([0.9, 0.7, 0.8, 1.0] * 10)
    bound = lower_ratio(gains, None, alpha=0.05, seed=1)
    assert 0.5 < bound < gains.mean()
    assert lower_ratio(gains, None, alpha=0.01, seed=1) < bound


def test_nothing_won_refutes_nothing() -> None:
    assert lower_ratio(np.zeros(9), None, alpha=0.05, seed=0) == 0.0


def test_a_long_sample_of_many_values_is_pooled_without_losing_its_mean() -> None:
    values = np.random.default_rng(1).random(50_000)
    bound = lower_ratio(values, None, alpha=0.05, seed=0)
    assert 0.45 < bound < 0.5
    ratio = lower_ratio(values, 1 - values, alpha=0.05, seed=0)
    assert 0.95 < ratio < values.sum() / (1 - values).sum()
