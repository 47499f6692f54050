"""Ratios of rates: against the worked figures, a search for the null, and enumeration."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure import (
    PairedCounts,
    clustered_ratio,
    paired_ratio,
    score_paired_ratio,
    unpaired_ratio,
)
from interlock.measure.paired_ratios import exact_chance, paired_scores
from tests.intervals import ends, high, low

XSTEST = PairedCounts(both=5, only_before=123, only_after=2, neither=70)


def counts(both: int, only_before: int, only_after: int, neither: int = 0) -> PairedCounts:
    return PairedCounts(both=both, only_before=only_before, only_after=only_after, neither=neither)


def test_flags_are_counted_into_the_four_cells() -> None:
    table = PairedCounts.of([1, 1, 0, 0, 1], [1, 0, 1, 0, 0])
    assert table == counts(1, 2, 1, 1)
    assert (table.n, table.before, table.after) == (5, 3, 2)


@pytest.mark.shared
def test_the_score_interval_on_real_pairs_equals_the_oracle(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "xstest.json").read_text())
    table = PairedCounts(
        **{
            cell: number
            for cell, number in oracle["pairs"]["mistralinstruct->mistralguard"]["unsafe"].items()
            if cell != "n"
        }
    )
    assert table == XSTEST
    for confidence, wanted in oracle["paired_ratio_score_interval"].items():
        estimate = score_paired_ratio(table, confidence=float(confidence))
        assert ends(estimate) == pytest.approx(wanted, abs=1e-6)
    reduction = oracle["relative_reduction_unsafe_full_compliance"]
    assert 1 - score_paired_ratio(table).value == pytest.approx(reduction)


def test_the_score_interval_on_real_pairs_has_the_known_ends() -> None:
    # From xstest.json, the figures of paired_ratio_score_interval.
    estimate = score_paired_ratio(XSTEST)
    assert ends(estimate) == pytest.approx((0.029703701253821786, 0.09927610885129956), abs=1e-9)


def test_the_guaranteed_interval_is_a_little_wider_than_the_score_interval() -> None:
    ours, theirs = paired_ratio(XSTEST), score_paired_ratio(XSTEST)
    assert ours.value == theirs.value == 7 / 128
    assert low(ours) < low(theirs) < high(theirs) < high(ours) < 0.6
    assert math.log(high(ours) / low(ours)) < 1.2 * math.log(high(theirs) / low(theirs))


@pytest.mark.parametrize("cells", [(5, 12, 2), (3, 4, 9), (0, 7, 2), (6, 5, 0), (1, 1, 1)])
@pytest.mark.parametrize("ratio", [0.3, 0.8, 1.0, 1.7])
def test_the_score_uses_the_likeliest_table_under_the_null(
    cells: tuple[int, int, int], ratio: float
) -> None:
    both, only_before, only_after = cells
    n = sum(cells) + 11

    def unlikely(before: float) -> tuple[float, float]:
        """Least -log likelihood at a baseline rate, over the shared share."""

        def cost(shared: float) -> float:
            chances = np.array(
                [shared, before - shared, ratio * before - shared, 1 - before - ratio * before]
            )
            chances[3] += shared
            if (chances <= 0).any():
                return 1e9
            return float(-(np.array([*cells, 11]) * np.log(chances)).sum())

        top = min(before, ratio * before)
        found = optimize.minimize_scalar(
            cost, bounds=(0.0, top), method="bounded", options={"xatol": 1e-12}
        )
        return float(found.fun), float(found.x)

    best = optimize.minimize_scalar(
        lambda p: unlikely(p)[0],
        bounds=(1e-6, 1 - 1e-6),
        method="bounded",
        options={"xatol": 1e-12},
    )
    before, shared = float(best.x), unlikely(float(best.x))[1]
    variance = n * ratio * ((1 + ratio) * before - 2 * shared)
    gap = both + only_after - ratio * (both + only_before)
    ours = float(paired_scores(np.array(cells, dtype=float), ratio))
    assert ours == pytest.approx(gap / math.sqrt(variance), rel=2e-3)


def test_the_arms_are_treated_alike() -> None:
    there, back = paired_ratio(counts(5, 30, 9, 6)), paired_ratio(counts(5, 9, 30, 6))
    assert low(back) == pytest.approx(1 / high(there))
    assert high(back) == pytest.approx(1 / low(there))


def test_pairs_without_an_event_say_nothing_about_the_ratio() -> None:
    few, many = paired_ratio(counts(2, 9, 1)), paired_ratio(counts(2, 9, 1, 100_000))
    assert ends(few) == ends(many)


def test_a_bound_under_the_limit_is_a_chance_under_the_level() -> None:
    for only_before in range(1, 13):
        for only_after in range(13 - only_before):
            table = counts(12 - only_before - only_after, only_before, only_after)
            bound = high(paired_ratio(table))
            for ratio in (0.4, 0.6, 0.8, 1.0):
                assert (bound < ratio) == (exact_chance(table, ratio, alpha=0.05) <= 0.05)


@pytest.mark.parametrize(
    ("cells", "alpha", "first", "last"),
    [((1, 18, 1), 0.05, 0.319, 0.344), ((4, 14, 2), 0.025, 0.697, 0.733)],
)
def test_no_ratio_beyond_the_bound_is_possible_where_one_inside_is_not(
    cells: tuple[int, int, int], alpha: float, first: float, last: float
) -> None:
    table = counts(*cells)
    inside, outside = (exact_chance(table, ratio, alpha=alpha) for ratio in (first, last))
    assert inside <= alpha < outside
    bound = high(paired_ratio(table, confidence=1 - 2 * alpha))
    assert last < bound < 1.05 * last
    beyond = bound * np.geomspace(1.001, 2, 50)
    assert max(exact_chance(table, float(ratio), alpha=alpha) for ratio in beyond) <= alpha


@pytest.mark.parametrize("events", [3, 8, 15])
@pytest.mark.parametrize("ratio", [0.3, 0.6, 0.8, 1.0, 2.5])
def test_the_paired_bound_wrongly_passes_at_most_at_its_level(events: int, ratio: float) -> None:
    tables = [
        counts(both, only_before, events - both - only_before)
        for both in range(events + 1)
        for only_before in range(events + 1 - both)
    ]
    passing = [
        table for table in tables if table.before and exact_chance(table, ratio, alpha=0.05) <= 0.05
    ]
    for shared in min(ratio, 1 / ratio) * np.linspace(0, 1, 41):
        chances = [shared, (1 - ratio * shared) / (1 + ratio), (ratio - shared) / (1 + ratio)]
        cells = [[table.both, table.only_before, table.only_after] for table in passing]
        wrong = stats.multinomial.pmf(cells, events, chances).sum() if cells else 0.0
        assert wrong <= 0.05


@pytest.mark.parametrize("cells", [(0, 1000, 1000), (100, 20_000, 1000), (3000, 6000, 1200)])
@pytest.mark.parametrize("alpha", [0.05, 0.0025, 0.0004])
def test_many_changes_are_bounded_without_an_enumeration_at_the_same_level(
    cells: tuple[int, int, int], alpha: float
) -> None:
    table = counts(*cells)
    estimate = paired_ratio(table, confidence=1 - 2 * alpha)
    turned = counts(cells[0], cells[2], cells[1])
    assert exact_chance(table, high(estimate), alpha=alpha) <= 1.02 * alpha
    assert exact_chance(turned, 1 / low(estimate), alpha=alpha) <= 1.02 * alpha
    theirs = score_paired_ratio(table, confidence=1 - 2 * alpha)
    assert high(estimate) < high(theirs) ** 1.05 * theirs.value**-0.05


def test_a_harmless_candidate_is_bounded_exactly() -> None:
    estimate = paired_ratio(counts(0, 20, 0))
    assert (estimate.value, low(estimate)) == (0.0, 0.0)
    assert high(estimate) == pytest.approx(0.05 ** (-1 / 20) - 1, rel=0.02)


def test_a_single_event_decides_nothing() -> None:
    assert high(paired_ratio(counts(0, 1, 0))) > 10
    assert high(paired_ratio(counts(1, 0, 0))) > 1.5


@pytest.mark.parametrize("table", [counts(0, 0, 0, 9), counts(0, 0, 3, 9)])
def test_nothing_is_in_proportion_to_a_baseline_without_events(table: PairedCounts) -> None:
    for estimator in (paired_ratio, score_paired_ratio):
        with pytest.raises(NotEstimableError, match="baseline"):
            estimator(table)
    after = [0] * 9 + [1] * 3
    with pytest.raises(NotEstimableError, match="baseline"):
        unpaired_ratio([0] * 12, after)
    with pytest.raises(NotEstimableError, match="baseline"):
        clustered_ratio([0] * 12, after, range(12))


def test_separate_samples_give_the_figures_of_the_design_and_of_statsmodels() -> None:
    before, after = np.arange(500) < 100, np.arange(500) < 60
    estimate = unpaired_ratio(before, after, confidence=0.95)
    # From statistics.json, the figures of ratio_score_60_500_vs_100_500.
    assert ends(estimate) == pytest.approx((0.4466, 0.8044), abs=5e-5)
    for seen, n, base, m in ((60, 500, 100, 500), (3, 40, 9, 70), (0, 50, 6, 50), (20, 20, 5, 30)):
        theirs = confint_proportions_2indep(
            seen, n, base, m, method="score", compare="ratio", alpha=0.10
        )
        ours = unpaired_ratio(np.arange(m) < base, np.arange(n) < seen)
        assert low(ours) == pytest.approx(max(theirs[0], 0.0), abs=2e-6)
        assert high(ours) == pytest.approx(theirs[1], rel=2e-6)


def test_a_cut_of_the_design_has_its_known_interval() -> None:
    # From statistics.json, the figures of cut40_30_500_vs_80_500: by the log method, so only near.
    estimate = unpaired_ratio(np.arange(500) < 80, np.arange(500) < 30)
    assert estimate.value == pytest.approx(0.375)
    assert ends(estimate) == pytest.approx((0.26787, 0.52498), rel=0.02)


def test_a_clustered_ratio_counts_clusters_and_is_wider_than_a_paired_one() -> None:
    rng = np.random.default_rng(3)
    clusters = np.repeat(np.arange(40), 10)
    before = rng.random(400) < 0.6
    after = before & (rng.random(400) < 0.3)
    clustered = clustered_ratio(before, after, clusters)
    paired = score_paired_ratio(PairedCounts.of(before, after))
    assert clustered.n == 40
    assert clustered.value == pytest.approx(paired.value)
    assert 0 < low(clustered) < clustered.value < high(clustered) < 0.6


def test_a_clustered_ratio_without_a_bound_says_so() -> None:
    estimate = clustered_ratio([1, 0], [1, 1], [0, 1])
    assert high(estimate) > 5
    assert low(estimate) < 1


@pytest.mark.parametrize("bad", [float("nan"), 1.5, -0.1])
def test_shares_outside_zero_and_one_are_refused(bad: float) -> None:
    with pytest.raises(ValueOutOfRangeError, match="after"):
        clustered_ratio([1, 0], [0, bad], [0, 1])


def test_arms_of_different_length_are_no_pairs() -> None:
    with pytest.raises(MismatchedShapesError):
        clustered_ratio([1, 0], [0, 1, 1], [0, 1])
    with pytest.raises(MismatchedShapesError):
        PairedCounts.of([1, 0], [1])


def test_a_table_without_pairs_or_with_a_negative_cell_is_refused() -> None:
    with pytest.raises(NotEnoughDataError):
        counts(0, 0, 0, 0)
    with pytest.raises(ValueOutOfRangeError):
        counts(-1, 1, 1, 1)
    with pytest.raises(NotEnoughDataError):
        unpaired_ratio([], [1])


@pytest.mark.parametrize("confidence", [0.1, 0.5, 0.9, 0.99])
def test_a_paired_ratio_without_an_event_after_is_bounded_at_any_confidence(
    confidence: float,
) -> None:
    counts = PairedCounts(both=0, only_before=5, only_after=0, neither=10)
    bound = paired_ratio(counts, confidence=confidence)
    assert bound.low == bound.value == 0
    assert bound.high is not None
    assert 0 < bound.high < 4
