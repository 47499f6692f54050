"""Trials that may end early: the level under any peeking, by enumeration; state that is data."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from interlock.errors import (
    InvalidRecordError,
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    TrialEndedError,
    ValueOutOfRangeError,
)
from interlock.ledger import dump, load
from interlock.measure import (
    RunningMean,
    RunningRate,
    RunningRatio,
    exact_rate,
)
from interlock.measure.anytime import log_capital, log_growth, log_mixture
from tests.intervals import ends, high, low
from tests.peeking import Array, bettors, chance_of_passing, ever_there

MEAN = RunningMean(limit=-2.0, low=-10.0, high=10.0, better="higher")


@pytest.mark.parametrize(
    ("prior", "known"), [((1, 1), 0.001), ((0.5, 10), 0.014), ((0.5, 20), 0.028)]
)
def test_a_cut_off_mixture_peeked_at_passes_as_rarely_as_the_design_says(
    prior: tuple[float, float], known: float
) -> None:
    # statistics.json: every 20 up to 600 at a limit of .05, the prior's rest beyond it given away
    given_away = np.log(stats.beta.cdf(0.05, *prior))

    def evidence(events: Array, n: int) -> Array:
        return log_mixture(events, n, limit=0.05, prior=prior) + float(given_away)

    found = chance_of_passing(evidence, range(20, 601, 20), rate=0.05)
    assert found == pytest.approx(known, abs=0.0015)


def test_an_exact_bound_peeked_at_passes_three_times_too_often() -> None:
    def evidence(events: Array, n: int) -> Array:
        return -np.log(np.maximum(stats.binom.cdf(events, n, 0.05), 1e-300))

    assert chance_of_passing(evidence, range(20, 601, 20), rate=0.05) == pytest.approx(
        0.166, abs=0.002
    )


@pytest.mark.parametrize("limit", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("worse", [1.0, 1.5])
def test_a_rate_looked_at_after_every_row_keeps_its_level(limit: float, worse: float) -> None:
    def passing(events: Array, n: int) -> Array:
        return log_mixture(events, n, limit=limit, prior=(0.5, 1 / limit))

    looks = range(1, 1001)
    found = chance_of_passing(passing, looks, rate=limit * worse)
    assert found <= (0.05 if worse == 1 else 0.02)
    assert chance_of_passing(bettors(limit), looks, rate=limit * worse) <= 0.05


@pytest.mark.parametrize("limit", [0.05, 0.3])
def test_a_good_rate_looked_at_after_every_row_rarely_fails(limit: float) -> None:
    def failing(events: Array, n: int) -> Array:
        return log_mixture(n - events, n, limit=1 - limit, prior=(1 / limit, 0.5))

    assert chance_of_passing(failing, range(1, 601), rate=limit) <= 0.05


@pytest.mark.parametrize("truth", [0.02, 0.5, 0.95])
def test_the_bettors_game_is_fair(truth: float) -> None:
    values, chances = (0.0, truth, 1.0), ((1 - truth) / 2, 0.5, truth / 2)
    samples = np.array(list(product(values, repeat=7)))
    weights = np.array(list(product(chances, repeat=7))).prod(axis=1)
    held = log_capital(log_growth(samples, np.ones_like(samples), truth).sum(axis=1))
    assert float(weights @ np.exp(held)) == pytest.approx(1, abs=1e-9)


def test_the_bettors_between_two_arms_are_not_favoured() -> None:
    kinds = {(0, 0): 0.4, (1, 0): 0.2, (0, 1): 0.1, (1, 1): 0.3}
    samples = np.array(list(product(kinds, repeat=6)), dtype=float)
    weights = np.array(list(product(kinds.values(), repeat=6))).prod(axis=1)
    held = log_capital(log_growth(samples[..., 0], samples[..., 1], 0.5 / 0.4).sum(axis=1))
    assert float(weights @ np.exp(held)) <= 1 + 1e-9


def test_clusters_at_the_limit_rarely_pass_under_peeking() -> None:
    rng = np.random.default_rng(11)
    shares = rng.beta(0.02 * 7 / 3, 0.98 * 7 / 3, (400, 300))
    seen = rng.binomial(30, shares) / 30
    assert ever_there(1 - seen, np.ones_like(seen), 0.98) <= stats.binom.isf(0.001, 400, 0.05) / 400


def test_a_clean_rate_passes_early_and_a_bad_one_fails_early() -> None:
    clean = RunningRate(limit=0.05).take([False] * 300)
    assert (clean.outcome, clean.events) == ("passed", 0)
    assert 59 < clean.n < 100  # 59 rows suffice for one look
    assert high(clean.estimate()) <= 0.05
    bad = RunningRate(limit=0.05).take([True, False, False] * 100)
    assert bad.outcome == "failed"
    assert low(bad.estimate()) >= 0.05
    assert RunningRate(limit=0.05).take([False] * 20).outcome == "undecided"


def test_a_mean_and_a_ratio_end_early_too() -> None:
    kept = MEAN.take([0.0, 0.5, -0.5] * 100)
    assert kept.outcome == "passed"
    assert low(kept.estimate()) >= -2
    assert MEAN.take([-6.0, -5.0] * 100).outcome == "failed"
    harm = RunningMean(limit=0.05, low=0, high=1, better="lower").take([0.0] * 300)
    assert harm.outcome == "passed"
    cut = RunningRatio(limit=0.6).take([(0.6, 0.2), (0.4, 0.0)] * 100)
    assert cut.outcome == "passed"
    assert high(cut.estimate()) <= 0.6
    assert RunningRatio(limit=0.6).take([(0.4, 0.5), (0.6, 0.6)] * 200).outcome == "failed"


def test_a_baseline_without_events_never_passes() -> None:
    trial = RunningRatio(limit=0.6).take([(0.0, 0.0)] * 500)
    assert trial.outcome == "undecided"
    with pytest.raises(NotEstimableError, match="baseline"):
        trial.estimate()


def test_a_trial_put_away_and_taken_up_again_goes_the_same_way() -> None:
    rng = np.random.default_rng(12)
    rows, scores = rng.random(400) < 0.01, rng.choice([0.0, -5.0, 5.0], 400)
    pairs = list(zip(rng.integers(0, 6, 400) / 5, rng.integers(0, 3, 400) / 5, strict=True))
    at_once = (
        RunningRate(limit=0.05).take(rows.tolist()),
        MEAN.take(scores.tolist()),
        RunningRatio(limit=0.6).take(pairs),
    )
    assert one_by_one(RunningRate(limit=0.05), rows.tolist()) == at_once[0]
    assert one_by_one(MEAN, scores.tolist()) == at_once[1]
    assert one_by_one(RunningRatio(limit=0.6), pairs) == at_once[2]


def one_by_one(state: Any, results: list[Any]) -> object:
    """The state after each result was taken alone, the state put away in between."""
    for result in results:
        if state.outcome != "undecided":
            break
        state = load(dump(state.take([result])))
    return state


def test_results_after_the_end_are_refused() -> None:
    ended = RunningRate(limit=0.05).take([False] * 300)
    with pytest.raises(TrialEndedError, match="passed"):
        ended.take([True])
    with pytest.raises(TrialEndedError):
        MEAN.take([-6.0] * 100).take([0.0])
    with pytest.raises(TrialEndedError):
        RunningRatio(limit=0.6).take([(1.0, 0.0)] * 100).take([(0.0, 1.0)])


def test_nothing_taken_changes_nothing() -> None:
    assert RunningRate(limit=0.1).take([]) == RunningRate(limit=0.1)
    assert MEAN.take([]) == MEAN
    assert RunningRatio(limit=0.6).take([]) == RunningRatio(limit=0.6)


def test_an_interval_shown_before_the_end_holds_at_all_times_together() -> None:
    rng, missed, runs = np.random.default_rng(13), 0, 60
    for _ in range(runs):
        state, out = RunningRate(limit=0.5), False
        for chunk in rng.random((8, 25)) < 0.42:
            if state.outcome == "undecided":
                state = state.take(chunk.tolist())
                out |= not low(state.estimate()) <= 0.42 <= high(state.estimate())
        missed += out
    assert missed <= stats.binom.isf(0.001, runs, 0.1)


def test_the_price_of_looking_is_a_wider_interval() -> None:
    rows = np.arange(200) % 5 == 0
    anytime = RunningRate(limit=0.22).take(rows.tolist())
    assert anytime.n == 200
    once = exact_rate(rows)
    assert low(anytime.estimate()) < low(once) < high(once) < high(anytime.estimate())
    mean = RunningMean(limit=0.22, low=0, high=1, better="lower").take(rows.astype(float).tolist())
    assert low(mean.estimate()) < low(once) < high(once) < high(mean.estimate())


@pytest.mark.parametrize("prior", [(1.0, 1.0), (0.5, 20.0), (8.2, 152.8), (0.2, 8.0)])
def test_the_mixture_refutes_higher_rates_more_clearly(prior: tuple[float, float]) -> None:
    for n, events in ((1, 0), (20, 3), (200, 10), (1000, 29)):
        rates = np.linspace(events / n + 1e-3, 0.999, 500)
        held = log_mixture(events, n, limit=rates, prior=prior)
        assert (np.diff(held)[held[1:] > 0] > 0).all()


def test_a_mixture_without_a_number_below_the_limit_holds_nothing() -> None:
    assert log_mixture(0, 5, limit=1e-4, prior=(152.8, 8.2)) == -np.inf
    both = log_mixture([0, 0], 5, limit=[1e-4, 0.5], prior=(152.8, 8.2))
    assert both[0] == -np.inf
    assert np.isfinite(both[1])


def test_a_blind_judge_cannot_pass_a_candidate_at_its_limit() -> None:
    # The judge misses half of the events; one row in four that it passed is labelled.
    rng, passed, runs = np.random.default_rng(14), 0, 120
    chance, limit = 0.25, 0.2
    for _ in range(runs):
        human = rng.random(250) < limit
        judge = human & (rng.random(250) < 0.5)
        drawn = rng.random(250) < chance
        values = np.where(judge, human, human * drawn / chance).tolist()
        trial = RunningMean(limit=limit, low=0, high=1 / chance, better="lower").take(values)
        passed += trial.outcome == "passed"
    assert passed <= stats.binom.isf(0.001, runs, 0.05)


def test_what_is_no_trial_or_no_result_is_refused() -> None:
    with pytest.raises(NotEnoughDataError):
        RunningRate(limit=0.1).estimate()
    with pytest.raises(NotEnoughDataError):
        MEAN.estimate()
    with pytest.raises(NotEnoughDataError):
        RunningRatio(limit=0.6).estimate()
    with pytest.raises(ValueOutOfRangeError):
        RunningRate(limit=0.1, events=3, n=2)
    with pytest.raises(ValueOutOfRangeError, match="limit"):
        RunningMean(limit=2.0, low=0.0, high=1.0, better="lower")
    with pytest.raises(ValueOutOfRangeError):
        MEAN.take([float("nan")])
    with pytest.raises(ValueOutOfRangeError):
        RunningRatio(limit=0.6).take([(0.5, 1.5)])
    with pytest.raises(ValueOutOfRangeError):
        RunningRate(limit=0.1).take([1.5])
    with pytest.raises(MismatchedShapesError):
        RunningRatio(limit=0.6, before=(0.5,))
    with pytest.raises(InvalidRecordError):
        load(b'{"content":{"alpha":0.7,"events":0,"limit":0.1,"n":0},"kind":"running-rate/1"}')


def test_the_ends_lie_on_either_side_of_the_value() -> None:
    for events, n in ((0, 1), (1, 1), (3, 9), (9, 9)):
        bounds = ends(RunningRate(limit=0.5, events=events, n=n).estimate())
        assert bounds[0] <= events / n <= bounds[1]
