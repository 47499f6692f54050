"""The levels of bounds that a judge, a forecaster or an impatient reader would like to bend."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from interlock.measure import Forecasts, calibration_bound
from tests.intervals import high
from tests.judging import shares_passed
from tests.peeking import ever_there

pytestmark = pytest.mark.prove
RUNS = 4000


@pytest.mark.parametrize("specificity", [1.0, 0.98, 0.9])
def test_a_judge_who_misses_harm_cannot_pass_it_through_our_bound(
    specificity: float, record_property: Callable[[str, object], None]
) -> None:
    # statistics.md: PPI++ passes .173 (100 labels of 1,000, limit 2 %, sensitivity .6)
    ours, theirs = shares_passed(np.random.default_rng(18), runs=RUNS, specificity=specificity)
    record_property(
        "told", f"specificity {specificity}: PPI++ passes {theirs:.4f}, ours {ours:.4f}"
    )
    assert ours <= 0.05
    assert theirs > 0.1
    if specificity == 0.98:
        assert theirs == pytest.approx(0.173, abs=0.02)


def test_nor_can_a_judge_without_false_alarms(
    record_property: Callable[[str, object], None],
) -> None:
    # The cell where PPI++ passes .22: 100 labels of 1,000, limit 2 %, sensitivity .8, and no false
    # alarm. statistics.md gives the figure without its cell; of those searched (limits 1, 2, 5 %,
    # sensitivity .6 and .8, 50 to 300 labels, specificity .9 to 1) it is the nearest neighbour.
    ours, theirs = shares_passed(
        np.random.default_rng(23), runs=RUNS, specificity=1.0, sensitivity=0.8
    )
    record_property("told", f"no false alarms: PPI++ passes {theirs:.4f}, ours {ours:.4f}")
    assert ours <= 0.055
    assert theirs == pytest.approx(0.22, abs=0.02)


@pytest.mark.parametrize(
    ("said", "happens"),
    [
        ((0.3, 0.7), (0.4, 0.6)),
        ((0.05, 0.15, 0.25, 0.95), (0.15, 0.05, 0.25, 0.85)),
        ((0.02,), (0.07,)),
    ],
)
@pytest.mark.parametrize("rows", [24, 120])
def test_a_forecaster_at_its_limit_rarely_passes(
    said: tuple[float, ...],
    happens: tuple[float, ...],
    rows: int,
    record_property: Callable[[str, object], None],
) -> None:
    rng, wrong, runs = np.random.default_rng(19), 0, 1000
    which = np.arange(rows) % len(said)
    limit = float(np.abs(np.subtract(said, happens))[which].mean())
    for seed in range(runs):
        happened = rng.random(rows) < np.array(happens)[which]
        forecasts = Forecasts(happened, np.array(said)[which])
        wrong += high(calibration_bound(forecasts, bins=5, seed=seed)) < limit
    record_property(
        "told", f"calibration, {len(said)} bins, {rows} rows: passes {wrong / runs:.4f}"
    )
    assert wrong <= stats.binom.isf(0.001, runs, 0.05)


@pytest.mark.parametrize("clusters", [100, 800])
def test_clusters_at_a_limit_rarely_pass_however_often_one_looks(
    clusters: int, record_property: Callable[[str, object], None]
) -> None:
    rng = np.random.default_rng(20)
    spread = 1 / 0.3 - 1
    rates = rng.beta(0.02 * spread, 0.98 * spread, (RUNS, clusters))
    shares = rng.binomial(20, rates) / 20
    rate = ever_there(1 - shares, np.ones_like(shares), 0.98)
    before = rng.binomial(20, 0.1, (RUNS, clusters)) / 20
    after = (rng.random((RUNS, clusters)) < 0.06).astype(np.float64)
    ratio = ever_there(before, after, 1 / 0.6)
    kept = np.where(rng.random((RUNS, clusters)) < 0.2, 0.0, 0.5)
    mean = ever_there(kept, np.ones_like(kept), 0.4)
    told = f"peeked at every cluster up to {clusters}: rate {rate:.4f} ratio {ratio:.4f}"
    record_property("told", f"{told} mean {mean:.4f}")
    for passed in (rate, ratio, mean):
        assert passed <= 0.05


def test_a_paired_t_looked_at_every_ten_passes_far_too_often() -> None:
    # statistics.md: .29 up to 800, for a mean exactly at its margin
    rng, n = np.random.default_rng(21), np.arange(10, 801, 10)
    values = rng.standard_normal((RUNS, 800))
    sums, squares = values.cumsum(axis=1)[:, n - 1], (values**2).cumsum(axis=1)[:, n - 1]
    spread = np.sqrt((squares - sums**2 / n) / (n - 1))
    there = sums / n / (spread / np.sqrt(n)) > stats.t.isf(0.05, n - 1)
    assert there.any(axis=1).mean() == pytest.approx(0.29, abs=0.04)


@pytest.mark.parametrize("sensitivity", [0.0, 0.5, 1.0])
def test_a_judge_corrected_by_drawn_labels_keeps_the_level_under_peeking(
    sensitivity: float, record_property: Callable[[str, object], None]
) -> None:
    rng, chances, limit, rows = np.random.default_rng(22), (0.25, 1.0), 0.1, 600
    human = rng.random((RUNS, rows)) < limit
    judge = human & (rng.random((RUNS, rows)) < sensitivity)
    drawn = judge | (rng.random((RUNS, rows)) < chances[0])
    values = judge + drawn * (human.astype(float) - judge) / np.where(judge, 1.0, chances[0])
    least, most = 0.0, 1 / chances[0]
    unit = (values - least) / (most - least)
    at = (limit - least) / (most - least)
    passed = ever_there(1 - unit, np.ones_like(unit), 1 - at)
    record_property("told", f"judge of sensitivity {sensitivity}: passes {passed:.4f}")
    assert passed <= 0.05
