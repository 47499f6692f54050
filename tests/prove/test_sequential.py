"""Trials that may end early: their level under any peeking, and what ending early costs and saves.

The cap is twice what a single look takes for a chance of .8 at the planned effect. Rates of single
rows are enumerated; everything else is simulated, 20,000 trials at the limit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from interlock.measure import (
    RunningRate,
    exact_power_rate,
    simulated_power_paired_ratio,
)
from interlock.measure.anytime import (
    log_capital,
    log_growth,
    log_mixture,
    planned_bets,
    planned_prior,
)
from interlock.measure.simulation import (
    means_bounded_under,
    ratios_bounded_under,
)

pytestmark = pytest.mark.prove

Array = NDArray[np.float64]
ALPHA, NULLS, RUNS, AT_ONCE = 0.05, 20_000, 2_000, 500
Draw = Callable[[np.random.Generator, int, int], tuple[Array, Array | None]]
"""Gains and costs of so many trials of so many clusters."""


@dataclass(frozen=True)
class Design:
    """A trial bet on by cluster, and the design it competes with.

    Attributes:
        name: What people call it.
        once: Clusters that a single look takes.
        claim: Limit of gain over cost.
        draws: At the limit, at the planned effect, and at twice its distance from the limit.
    """

    name: str
    once: int
    claim: float
    draws: tuple[Draw, Draw, Draw]


def ends(design: Design, draw: Draw, runs: int) -> tuple[float, float]:
    """Share of trials that pass, and mean clusters taken in units of a single look's."""
    rng, passed, taken, cap = np.random.default_rng(21), 0, 0, 2 * design.once
    for _ in range(runs // AT_ONCE):
        gains, costs = draw(rng, AT_ONCE, cap)
        bets = planned_bets(gains, costs, design.claim, cap=cap)
        spent = np.ones_like(gains) if costs is None else costs
        grown = np.cumsum(log_growth(gains, spent, design.claim, bets=bets), axis=1)
        there = log_capital(grown, bets=bets) >= -np.log(ALPHA)
        passes = there.any(axis=1)
        passed += int(passes.sum())
        taken += int(np.where(passes, there.argmax(axis=1) + 1, cap).sum())
    return passed / runs, taken / runs / design.once


def fewest(power: Callable[[int], float]) -> int:
    """Clusters with which a single look passes with a chance of .8."""
    low, high = 8, 16
    while power(high) < 0.8:
        low, high = high, 2 * high
    while high - low > max(1, high // 60):
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= 0.8 else (middle, high)
    return high


def clusters_of_30(limit: float, truth: float) -> Design:
    """A rate over clusters of 30 rows with a correlation of .3."""

    def shares(rng: np.random.Generator, runs: int, n: int, rate: float) -> Array:
        spread = 1 / 0.3 - 1
        chances = rng.beta(rate * spread, (1 - rate) * spread, (runs, n)) if rate > 0 else 0.0
        return rng.binomial(30, chances, (runs, n)) / 30

    def draw(rate: float) -> Draw:
        return lambda rng, runs, n: (1 - shares(rng, runs, n, rate), None)

    def power(n: int) -> float:
        seen = shares(np.random.default_rng(n), 400, n, truth)
        return float(means_bounded_under(seen, limit=limit, alpha=ALPHA).mean())

    draws = draw(limit), draw(truth), draw(max(0.0, 2 * truth - limit))
    return Design(f"clusters of 30 at {limit}", fewest(power), 1 - limit, draws)


def paired_ratio(before: float, truth: float, limit: float = 0.6) -> Design:
    """A ratio of independent events on the same single rows."""

    def draw(ratio: float) -> Draw:
        return lambda rng, runs, n: (
            (rng.random((runs, n)) < before).astype(np.float64),
            (rng.random((runs, n)) < before * ratio).astype(np.float64),
        )

    first, second = before, before * truth
    cells = first * second, first * (1 - second), second * (1 - first)

    def power(n: int) -> float:
        return simulated_power_paired_ratio(n, cells, limit=limit, alpha=ALPHA).value

    draws = draw(limit), draw(truth), draw(max(0.0, 2 * truth - limit))
    return Design(f"ratio {truth} of {before}", fewest(power), 1 / limit, draws)


def clustered_ratio(before: float, truth: float, limit: float = 0.6) -> Design:
    """A ratio over clusters of 30 rows with a correlation of .3."""

    def shares(rng: np.random.Generator, size: tuple[int, int], rate: float) -> Array:
        spread = 1 / 0.3 - 1
        chances = rng.beta(rate * spread, (1 - rate) * spread, size) if rate > 0 else 0.0
        return rng.binomial(30, chances, size) / 30

    def draw(ratio: float) -> Draw:
        return lambda rng, runs, n: (
            shares(rng, (runs, n), before),
            shares(rng, (runs, n), before * ratio),
        )

    def power(n: int) -> float:
        gains, costs = draw(truth)(np.random.default_rng(n), 400, n)
        assert costs is not None
        return float(ratios_bounded_under(gains, costs, limit=limit, alpha=ALPHA).mean())

    draws = draw(limit), draw(truth), draw(max(0.0, 2 * truth - limit))
    return Design(f"ratio {truth} of {before}, clusters", fewest(power), 1 / limit, draws)


def mean_change(margin: float, spread: float) -> Design:
    """A mean of changes of 0/10 scores, planned for no change."""
    chance = (spread / 10) ** 2

    def changes(rng: np.random.Generator, runs: int, n: int, mean: float) -> Array:
        """Changes of 10 either way, so that mean and spread come out."""
        up, down = (chance + mean / 10) / 2, (chance - mean / 10) / 2
        drawn = rng.random((runs, n))
        return 10.0 * ((drawn < up).astype(float) - ((drawn >= up) & (drawn < up + down)))

    def draw(mean: float) -> Draw:
        return lambda rng, runs, n: ((changes(rng, runs, n, mean) + 10) / 20, None)

    def power(n: int) -> float:
        loss = (10 - changes(np.random.default_rng(n), 400, n, 0.0)) / 20
        return float(means_bounded_under(loss, limit=(10 + margin) / 20, alpha=ALPHA).mean())

    draws = draw(-margin), draw(0.0), draw(margin)
    return Design(f"mean, margin {margin}", fewest(power), (10 - margin) / 20, draws)


DESIGNS: dict[str, Callable[[], Design]] = {
    "clusters of 30, .10 against .05": lambda: clusters_of_30(0.1, 0.05),
    "clusters of 30, .02 against .01": lambda: clusters_of_30(0.02, 0.01),
    "paired ratio, half of the rows": lambda: paired_ratio(0.5, 0.3),
    "paired ratio, one row in ten": lambda: paired_ratio(0.1, 0.3),
    "ratio over clusters of 30": lambda: clustered_ratio(0.3, 0.3),
    "mean change of scores": lambda: mean_change(1.0, 4.0),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_a_sequential_test_keeps_its_level_and_costs_no_more_than_a_single_look(name: str) -> None:
    design = DESIGNS[name]()
    at_limit, planned, twice = design.draws
    wrong = ends(design, at_limit, NULLS)[0]
    assert stats.beta.ppf(0.01, wrong * NULLS, NULLS - wrong * NULLS + 1) <= ALPHA, wrong
    power, cost = ends(design, planned, RUNS)
    assert power >= 0.8, (design.once, power)
    assert cost <= 1.1, (design.once, cost)
    power, cost = ends(design, twice, RUNS)
    assert power >= 0.99
    assert cost <= 0.5, (design.once, cost)


def enumerated(limit: float, cap: int, truth: float) -> tuple[float, float]:
    """The exact chance that a rate passes, and the mean of rows taken, to pass, failure or cap."""
    prior, other = planned_prior(limit, cap=cap), planned_prior(1 - limit, cap=cap)
    counts = np.arange(cap + 1.0)
    hopeful = log_mixture(counts, cap, limit=limit, prior=prior) >= -np.log(ALPHA)
    most = int(np.flatnonzero(hopeful).max(initial=-1))
    going_on = np.zeros(cap + 1)
    going_on[0], passed, mean = 1.0, 0.0, 0.0
    for n in range(1, cap + 1):
        happens = truth * going_on[:-1]
        going_on *= 1 - truth
        going_on[1:] += happens
        seen = counts[: n + 1]
        safe = log_mixture(seen, n, limit=limit, prior=prior) >= -np.log(ALPHA)
        bad = log_mixture(n - seen, n, limit=1 - limit, prior=other) >= -np.log(ALPHA)
        passed += float(going_on[: n + 1][safe].sum())
        ended = safe | bad | (seen > most) | (n == cap)
        mean += n * float(going_on[: n + 1][ended].sum())
        going_on[: n + 1][ended] = 0
    return passed, mean


@pytest.mark.parametrize(
    ("limit", "truth"), [(0.1, 0.05), (0.05, 0.025), (0.02, 0.01), (0.3, 0.2), (0.5, 0.4)]
)
def test_a_rate_of_single_rows_costs_no_more_than_a_single_look(limit: float, truth: float) -> None:
    once = next(n for n in range(20, 2000) if exact_power_rate(n, truth=truth, limit=limit) >= 0.8)
    assert enumerated(limit, 2 * once, limit)[0] <= ALPHA
    power, mean = enumerated(limit, 2 * once, truth)
    assert power >= exact_power_rate(once, truth=truth, limit=limit)
    assert mean <= 1.1 * once
    power, mean = enumerated(limit, 2 * once, max(0.0, 2 * truth - limit))
    assert power >= 0.999
    assert mean <= 0.5 * once


def test_the_design_of_335_rows_keeps_its_promise_too() -> None:
    assert enumerated(0.1, 670, 0.1)[0] <= ALPHA
    power, mean = enumerated(0.1, 670, 0.05)
    assert power >= exact_power_rate(335, truth=0.05, limit=0.1)
    assert mean <= 1.1 * 335
    assert enumerated(0.1, 670, 0.0)[1] <= 0.5 * 335


def test_rows_that_count_in_part_pass_no_more_often() -> None:
    rng, passed, cap, runs = np.random.default_rng(22), 0, 200, 4_000
    prior, looks = planned_prior(0.2, cap=cap), np.arange(1, cap + 1)
    for _ in range(runs // AT_ONCE):
        rows = rng.choice([0.0, 0.5, 1.0], p=[0.7, 0.2, 0.1], size=(AT_ONCE, cap))
        held = log_mixture(np.cumsum(rows, axis=1), looks, limit=0.2, prior=prior)
        passed += int((held >= -np.log(ALPHA)).any(axis=1).sum())
    assert passed <= stats.binom.isf(0.01, runs, ALPHA)


def test_a_trial_without_any_way_left_to_pass_says_so() -> None:
    state = RunningRate(limit=0.05, cap=118).take([True, True, True])
    assert state.hopeless
    assert RunningRate(limit=0.05, cap=118).take([False, True]).outcome == "undecided"
