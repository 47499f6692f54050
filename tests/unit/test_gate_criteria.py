"""Each kind of criterion: what passes, what fails, and what stays undecided."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from interlock.charter import (
    AllOf,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    SliceValue,
    ZeroEvents,
)
from interlock.errors import NoTruthValueError, OutOfRangeError
from interlock.gate import CriterionVerdict, Terms, judge, overall
from tests.arms import Row, Rows, arm, scored

TERMS = Terms(basis="retrospective", seed=7)
LIMIT = RateUpper(metric="harm", below=0.10)
CUT = RatioBelow(metric="harm", cut=0.40)
GUARD = DifferenceNoninferior(metric="helpfulness", margin=2.0, low=0.0, high=10.0)


def verdict(criterion: Criterion, before: Rows, after: Rows) -> CriterionVerdict:
    return verdicts((criterion,), arm(before), arm(after))[0]


def verdicts(
    criteria: tuple[Criterion, ...], before: pa.Table, after: pa.Table
) -> tuple[CriterionVerdict, ...]:
    # A gain needs a guard and a judged criterion beside coverage; both may find no rows.
    filler = DifferenceNoninferior(metric="filler", margin=0.5)
    hypothesis = Hypothesis(name="test", criteria=(*criteria, filler))
    return judge(hypothesis, before, after, terms=TERMS).verdicts


def events(seen: int, n: int, **same: Any) -> list[Row]:
    return scored([1.0] * seen + [0.0] * (n - seen), **same)


@pytest.mark.parametrize(("seen", "outcome"), [(2, "passed"), (15, "undecided"), (60, "failed")])
def test_a_rate_passes_fails_or_stays_undecided_by_its_bounds(seen: int, outcome: str) -> None:
    found = verdict(LIMIT, events(0, 200), events(seen, 200))
    assert found.outcome == outcome
    assert found.estimate is not None
    assert found.estimate.method == "clopper-pearson/1"
    assert (found.estimate.value, found.estimate.n) == (seen / 200, 200)
    assert found.limit == 0.10


def test_the_interval_shown_ends_in_the_bounds_that_decided() -> None:
    found = verdict(LIMIT, events(0, 20), events(0, 20))
    assert found.estimate is not None
    assert found.estimate.confidence == pytest.approx(0.90)
    assert found.estimate.high == pytest.approx(0.1391083, abs=1e-7)


def test_repeats_of_an_item_are_judged_as_one_cluster_by_betting() -> None:
    rows = [
        {"item": f"i{k}", "value": 0.0, "epoch": epoch} for k in range(20) for epoch in range(30)
    ]
    found = verdict(LIMIT, rows, rows)
    assert found.estimate is not None
    assert found.estimate.n == 20
    assert found.estimate.method == "betting-mean/1"
    assert found.outcome == "undecided"


def test_shares_under_a_rate_are_bounded_by_betting() -> None:
    rows = scored([0.5, 0.0] * 100)
    found = verdict(LIMIT, rows, rows)
    assert found.outcome == "failed"
    assert found.estimate is not None
    assert found.estimate.method == "betting-mean/1"


@pytest.mark.parametrize(("seen", "outcome"), [(5, "passed"), (60, "undecided"), (99, "failed")])
def test_a_cut_is_judged_by_the_paired_ratio(seen: int, outcome: str) -> None:
    found = verdict(CUT, events(100, 200), events(seen, 200))
    assert found.outcome == outcome
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(seen / 100)
    assert found.limit == 0.6


def test_the_ratio_of_repeated_items_is_judged_by_cluster() -> None:
    before = [{"item": f"i{k}", "value": 1.0, "epoch": e} for k in range(60) for e in (0, 1)]
    after = [{**row, "value": 0.0} for row in before]
    found = verdict(CUT, before, after)
    assert found.outcome == "passed"
    assert found.estimate is not None
    assert (found.estimate.method, found.estimate.n) == ("betting-ratio/1", 60)


@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("seen", [0, 1])
def test_a_baseline_without_events_is_not_estimable(seen: int, repeats: int) -> None:
    rows = [
        {"item": f"i{k}", "value": float(k < seen), "epoch": e}
        for k in range(50)
        for e in range(repeats)
    ]
    found = verdict(CUT, [{**row, "value": 0.0} for row in rows], rows)
    assert found.outcome == "undecided"
    assert found.estimate is None
    assert "not estimable" in found.reason


@pytest.mark.parametrize(
    ("drop", "outcome"), [(0.5, "passed"), (2.0, "undecided"), (5.0, "failed")]
)
def test_a_guard_is_judged_by_the_mean_change(drop: float, outcome: str) -> None:
    rng = np.random.default_rng(3)
    before = rng.uniform(6, 9, 300)
    found = verdict(
        GUARD,
        scored(list(before), metric="helpfulness"),
        scored(list(before - drop), metric="helpfulness"),
    )
    assert found.outcome == outcome
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(-drop)
    assert found.limit == -2.0


def test_where_lower_is_better_a_rise_is_the_loss() -> None:
    refusals = DifferenceNoninferior(metric="refusal", margin=0.1, better="lower")
    before, after = events(40, 400, metric="refusal"), events(200, 400, metric="refusal")
    assert verdict(refusals, before, after).outcome == "failed"
    assert verdict(refusals, after, before).outcome == "passed"
    assert verdict(refusals, after, before).limit == 0.1


def test_means_of_repeats_may_sit_on_the_very_end_of_the_range() -> None:
    guard = DifferenceNoninferior(metric="helpfulness", margin=0.05, low=0.0, high=0.1)
    before = [{"item": "a", "metric": "helpfulness", "value": 0.0, "epoch": e} for e in range(3)]
    after = [{**row, "value": 0.1} for row in before]
    assert verdict(guard, before, after).outcome == "undecided"


@pytest.mark.parametrize(("n", "outcome"), [(58, "undecided"), (59, "passed"), (300, "passed")])
def test_a_red_line_needs_no_event_and_enough_trials(n: int, outcome: str) -> None:
    found = verdict(ZeroEvents(metric="harm", at_most=0.05), events(0, n), events(0, n))
    assert found.outcome == outcome
    if outcome == "undecided":
        assert "takes 59 clean clusters" in found.reason


def test_one_event_crosses_a_red_line_however_many_trials() -> None:
    found = verdict(ZeroEvents(metric="harm", at_most=0.05), events(0, 3000), events(1, 3000))
    assert found.outcome == "failed"
    assert "harm-00000" in found.reason


def test_an_unscored_row_cannot_be_called_clean_at_a_red_line() -> None:
    after: Rows = scored([0.0] * 299 + [None])
    found = verdict(ZeroEvents(metric="harm", at_most=0.05), events(0, 300), after)
    assert found.outcome == "undecided"
    assert "1 of 600 rows" in found.reason


def test_repeats_do_not_lend_a_red_line_trials() -> None:
    rows = [{"item": f"i{k}", "value": 0.0, "epoch": e} for k in range(20) for e in range(30)]
    found = verdict(ZeroEvents(metric="harm", at_most=0.05), rows, rows)
    assert found.outcome == "undecided"


def categories(counts: dict[str, int], *, value: float = 0.0) -> list[Row]:
    return [
        {"item": f"{name}-{k}", "value": value, "slices": {"category": name}}
        for name, n in counts.items()
        for k in range(n)
    ]


def test_all_categories_must_pass_each_at_its_own_level() -> None:
    rows = categories({"a": 60, "b": 60, "c": 60})
    found = verdict(AllOf(metric="harm", below=0.05, values=("a", "b", "c")), rows, rows)
    assert found.outcome == "passed"
    assert [part.value for part in found.parts] == ["a", "b", "c"]
    assert all(part.estimate and part.estimate.n == 60 for part in found.parts)


def test_a_missing_category_is_undecided_though_all_others_pass() -> None:
    rows = categories({"a": 60, "b": 60})
    found = verdict(AllOf(metric="harm", below=0.05, values=("a", "b", "c")), rows, rows)
    assert found.outcome == "undecided"
    assert found.reason == "c undecided"
    assert "cannot pass" in found.parts[2].reason


def test_one_bad_category_fails_all_and_shows_its_estimate() -> None:
    good, bad = categories({"a": 60, "b": 60}), categories({"c": 60}, value=1.0)
    found = verdict(
        AllOf(metric="harm", below=0.05, values=("a", "b", "c")), [*good, *bad], [*good, *bad]
    )
    assert found.outcome == "failed"
    assert found.estimate is not None
    assert found.estimate.value == 1.0


def test_coverage_counts_clusters_scored_in_both_arms() -> None:
    places = tuple(SliceValue(slice="category", value=value) for value in ("a", "b"))
    coverage = CoverageMin(metric="harm", required=places, clusters=30)
    rows = categories({"a": 30, "b": 30})
    assert verdict(coverage, rows, rows).outcome == "passed"
    assert verdict(coverage, rows, rows[:-1]).outcome == "undecided"
    assert verdict(coverage, rows, rows[:-1]).reason.endswith("b has 29")
    assert verdict(coverage, [], []).outcome == "undecided"


def test_a_criterion_reads_only_the_slice_it_is_about() -> None:
    rows = [*categories({"a": 100}), *categories({"b": 100}, value=1.0)]
    place = (SliceValue(slice="category", value="a"),)
    found = verdict(RateUpper(metric="harm", below=0.05, where=place), rows, rows)
    assert found.outcome == "passed"
    nowhere = (SliceValue(slice="country", value="a"),)
    found = verdict(RateUpper(metric="harm", below=0.05, where=nowhere), rows, rows)
    assert found.outcome == "undecided"
    absent = (SliceValue(slice="category", value="z"),)
    found = verdict(RateUpper(metric="harm", below=0.05, where=absent), rows, rows)
    assert found.outcome == "undecided"


@pytest.mark.parametrize("value", [1.5, -0.1, 2.0])
def test_a_value_outside_the_range_is_refused_and_named(value: float) -> None:
    with pytest.raises(OutOfRangeError, match="range of harm") as refused:
        verdict(LIMIT, events(0, 5), scored([0, 0, 0, value, 0]))
    assert (refused.value.item, refused.value.row) == ("harm-00003", 4)


def test_gaps_count_against_passing_in_both_arms() -> None:
    full = verdict(CUT, events(100, 200), events(30, 200))
    assert full.estimate is not None
    assert full.outcome == "passed"
    unseen_after = verdict(CUT, events(100, 200), scored([1.0] * 30 + [0.0] * 100 + [None] * 70))
    assert unseen_after.estimate is not None
    assert unseen_after.estimate.value == pytest.approx(1.0)
    unseen_before = verdict(CUT, scored([None] * 80 + [1.0] * 20 + [0.0] * 100), events(30, 200))
    assert unseen_before.estimate is not None
    assert unseen_before.estimate.value == pytest.approx(1.5)
    assert "80 of 400 rows without a score" in unseen_before.reason


def test_a_gap_in_helpfulness_is_the_whole_range_lost() -> None:
    scores = scored([8.0] * 100, metric="helpfulness")
    gaps: list[Row] = scored([8.0] * 90 + [None] * 10, metric="helpfulness")
    lost = verdict(GUARD, scores, gaps)
    assert lost.estimate is not None
    assert lost.estimate.value == pytest.approx(-0.8)
    unknown = verdict(GUARD, gaps, scores)
    assert unknown.estimate is not None
    assert unknown.estimate.value == pytest.approx(-0.2)


def test_nothing_measured_is_undecided_for_every_kind() -> None:
    criteria = (LIMIT, CUT, GUARD, ZeroEvents(metric="harm", at_most=0.1))
    for found in verdicts(criteria, arm([]), arm([])):
        assert found.outcome == "undecided"
        assert found.estimate is None


def test_a_verdict_is_neither_true_nor_false() -> None:
    with pytest.raises(NoTruthValueError):
        bool(verdict(LIMIT, events(0, 200), events(0, 200)))


def test_the_worst_outcome_decides_and_nothing_judged_is_nothing_passed() -> None:
    assert overall(()) == "undecided"
    assert overall(("passed", "passed")) == "passed"
    assert overall(("passed", "undecided")) == "undecided"
    assert overall(("undecided", "failed", "passed")) == "failed"
