"""Planning: how likely a true hypothesis passes, and how many clusters it takes."""

import numpy as np
import pytest

from interlock.charter import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.errors import UnassumedMetricError, UnderpoweredError
from interlock.gate import (
    Aim,
    Plan,
    Terms,
    Truth,
    Within,
    check_power,
    judge,
    lineage_key,
    plan,
    rehearse,
)
from interlock.gate.chances import clean_cluster
from tests.arms import arm, scored

TERMS = Terms(basis="prospective", seed=7)
CLUSTERED = Within(rows=5, icc=0.3)
GUARD = DifferenceNoninferior(metric="helpfulness", margin=2.0, low=0.0, high=10.0)
CATEGORIES = tuple(f"category-{k:02d}" for k in range(17))


def planned(*criteria: Criterion, truth: Truth, clusters: int = 100, needed: float = 0.8) -> Plan:
    hypothesis = Hypothesis(name="test", criteria=criteria)
    truths = dict.fromkeys(hypothesis.metrics, truth)
    return plan(hypothesis, truths, clusters=clusters, terms=TERMS, aim=Aim(needed=needed))


@pytest.mark.parametrize(
    ("limit", "rate", "clusters"), [(0.05, 0.01, 260), (0.02, 0.002, 460), (0.01, 0.001, 920)]
)
def test_seventeen_categories_need_hundreds_of_clusters_each(
    limit: float, rate: float, clusters: int
) -> None:
    made = planned(
        AllOf(metric="harm", below=limit, values=CATEGORIES),
        truth=Truth(before=rate, after=rate),
        clusters=clusters,
        needed=0.9,
    )
    assert made.enough == pytest.approx(clusters, rel=0.02)
    assert made.power >= 0.9
    assert made.criteria[0].parts == 17


@pytest.mark.parametrize(("ratio", "unpaired"), [(0.3, 500), (0.45, 2200), (0.5, 5200)])
def test_a_forty_percent_cut_needs_about_as_many_pairs_as_statistics_says(
    ratio: float, unpaired: int
) -> None:
    gain = RatioBelow(metric="harm", cut=0.4)
    truth = Truth(before=0.1, after=0.1 * ratio, spread=1.0)
    hypothesis = Hypothesis(name="test", criteria=(gain, GUARD))
    made = plan(
        hypothesis,
        {"harm": truth, "helpfulness": Truth(before=8, after=8, spread=1.0)},
        clusters=100,
        terms=TERMS,
    )
    # Nothing is gained by pairing where the arms' events are independent, as planning assumes.
    assert made.enough == pytest.approx(unpaired, rel=0.1)


def test_power_grows_with_the_sample_and_shrinks_with_attempts() -> None:
    limit = RateUpper(metric="harm", below=0.1)
    truth = Truth(before=0.05, after=0.05)
    assert planned(limit, truth=truth, clusters=400).power > planned(limit, truth=truth).power
    hypothesis = Hypothesis(name="test", criteria=(limit,))
    again = Terms(basis="prospective", seed=7, attempts={lineage_key(limit): 2})
    third = plan(hypothesis, {"harm": truth}, clusters=100, terms=again)
    assert third.criteria[0].alpha == 0.0125
    assert third.power < planned(limit, truth=truth).power


def test_a_red_line_has_no_power_below_its_least_sample() -> None:
    line = ZeroEvents(metric="leak", at_most=0.05)
    truth = Truth(before=0.0, after=0.001)
    assert planned(line, truth=truth, clusters=58).power == 0.0
    assert planned(line, truth=truth, clusters=59).power == pytest.approx(0.999**59)


def test_coverage_is_met_by_planning_enough_clusters() -> None:
    limit, truth = RateUpper(metric="harm", below=0.5), Truth(before=0.0, after=0.0)
    coverage = CoverageMin(metric="harm", clusters=200)
    assert planned(limit, coverage, truth=truth, clusters=199).power == 0.0
    assert planned(limit, coverage, truth=truth, clusters=200).enough == 200


def test_a_hypothesis_that_cannot_pass_has_no_number_of_clusters() -> None:
    limit = RateUpper(metric="harm", below=0.1)
    assert planned(limit, truth=Truth(before=0.2, after=0.2)).enough is None


def test_an_underpowered_hypothesis_is_not_confirmatory() -> None:
    limit = RateUpper(metric="harm", below=0.1)
    made = planned(limit, truth=Truth(before=0.05, after=0.05))
    confirmatory = Hypothesis(name="test", criteria=(limit,))
    with pytest.raises(UnderpoweredError, match="clusters a criterion") as refused:
        check_power(confirmatory, made)
    assert refused.value.clusters == made.enough
    check_power(Hypothesis(name="test", criteria=(limit,), confirmatory=False), made)
    enough = planned(limit, truth=Truth(before=0.05, after=0.05), clusters=made.enough or 0)
    check_power(confirmatory, enough)


def test_a_metric_without_an_assumption_is_refused() -> None:
    hypothesis = Hypothesis(name="test", criteria=(RateUpper(metric="harm", below=0.1),))
    with pytest.raises(UnassumedMetricError, match="harm"):
        plan(hypothesis, {}, clusters=100, terms=TERMS)


@pytest.mark.parametrize(("clusters", "margin"), [(60, 2.0), (250, 1.4)])
def test_the_power_planned_for_a_mean_is_what_the_gate_delivers(
    clusters: int, margin: float
) -> None:
    rng, trials = np.random.default_rng(5), 60
    guard = DifferenceNoninferior(metric="helpfulness", margin=margin, low=0.0, high=10.0)
    hypothesis = Hypothesis(name="test", criteria=(guard,))
    before = arm(scored([8.0] * clusters, metric="helpfulness"))
    passed = 0
    for _ in range(trials):
        scores = rng.choice([5.0, 9.0], clusters)  # a mean change of -1, a spread of 2
        after = arm(scored(list(scores), metric="helpfulness"))
        passed += judge(hypothesis, before, after, terms=TERMS).outcome == "passed"
    truth = Truth(before=8.0, after=7.0, spread=2.0)
    made = plan(hypothesis, {"helpfulness": truth}, clusters=clusters, terms=TERMS)
    assert made.power == pytest.approx(passed / trials, abs=0.2)


def clustered(*criteria: Criterion, truth: Truth, clusters: int, needed: float = 0.8) -> Plan:
    hypothesis = Hypothesis(name="test", criteria=criteria)
    truths = dict.fromkeys(hypothesis.metrics, truth)
    aim = Aim(needed=needed, within=CLUSTERED)
    return plan(hypothesis, truths, clusters=clusters, terms=TERMS, aim=aim)


def test_rows_of_one_cluster_are_worth_less_than_rows_of_their_own() -> None:
    limit, truth = RateUpper(metric="harm", below=0.1), Truth(before=0.04, after=0.04)
    alone = planned(limit, truth=truth, clusters=300)
    together = clustered(limit, truth=truth, clusters=60)
    assert alone.power > together.power + 0.2
    assert (alone.criteria[0].method, together.criteria[0].method) == ("exact", "simulated")
    assert alone.enough is not None
    assert together.enough is not None
    assert alone.enough / 5 < together.enough < alone.enough * 1.3


@pytest.mark.parametrize(
    ("criterion", "truth", "clusters"),
    [
        (RateUpper(metric="harm", below=0.1), Truth(before=0.05, after=0.05), 120),
        (RatioBelow(metric="harm", cut=0.4), Truth(before=0.3, after=0.1), 80),
        (ZeroEvents(metric="harm", at_most=0.05), Truth(before=0.0, after=0.001), 70),
        (CoverageMin(metric="harm", clusters=60), Truth(before=0.1, after=0.1), 60),
    ],
)
def test_what_is_planned_over_clusters_is_what_the_gate_does(
    criterion: Criterion, truth: Truth, clusters: int
) -> None:
    filler = DifferenceNoninferior(metric="help", margin=5.0, low=0.0, high=10.0)
    hypothesis = Hypothesis(name="test", criteria=(criterion, filler))
    truths = {"harm": truth, "help": Truth(before=8.0, after=8.0)}
    sample = (clusters, CLUSTERED)
    heard = rehearse(hypothesis, truths, sample=sample, terms=TERMS, runs=60)
    aim = Aim(within=CLUSTERED)
    made = plan(hypothesis, truths, clusters=clusters, terms=TERMS, aim=aim)
    assert made.criteria[0].power == pytest.approx(heard.criteria[criterion.label], abs=0.17)


@pytest.mark.parametrize(
    ("criterion", "truth", "clusters"),
    [
        (
            CalibrationMax(metric="p", outcome="y", at_most=0.12, bins=4),
            Truth(before=0.0, after=0.0),
            350,
        ),
        (
            AgreementMin(metric="p", reference="y", at_least=0.6),
            Truth(before=0.75, after=0.75),
            150,
        ),
    ],
)
def test_a_normal_plan_is_near_what_the_gate_does(
    criterion: Criterion, truth: Truth, clusters: int
) -> None:
    limit = RateUpper(metric="harm", below=0.5)
    hypothesis = Hypothesis(name="test", criteria=(criterion, limit))
    truths = {"p": truth, "harm": Truth(before=0.0, after=0.0)}
    made = plan(hypothesis, truths, clusters=clusters, terms=TERMS)
    heard = rehearse(hypothesis, truths, sample=(clusters, Within()), terms=TERMS, runs=40)
    assert made.criteria[0].method == "normal"
    assert made.criteria[0].power == pytest.approx(heard.criteria[criterion.label], abs=0.25)


def test_the_gate_passes_whole_at_least_as_often_as_its_plan_says() -> None:
    gain = RatioBelow(metric="harm", cut=0.4)
    limit = RateUpper(metric="harm", below=0.2)
    each = AllOf(metric="leak", below=0.05, values=("a", "b", "c"))
    hypothesis = Hypothesis(name="test", criteria=(gain, GUARD, limit, each))
    truths = {
        "harm": Truth(before=0.4, after=0.1),
        "helpfulness": Truth(before=8.0, after=7.5, spread=2.0),
        "leak": Truth(before=0.01, after=0.01),
    }
    made = plan(hypothesis, truths, clusters=150, terms=TERMS)
    heard = rehearse(hypothesis, truths, sample=(150, Within()), terms=TERMS, runs=60)
    assert heard.power.high is not None
    assert heard.power.high >= made.power - 0.05
    assert heard.power.n == 60
    assert set(heard.criteria) == {one.label for one in hypothesis.criteria}
    assert made.limited_by == min(made.criteria, key=lambda one: one.power).label


def test_a_rehearsal_is_the_same_for_the_same_seed() -> None:
    limit = RateUpper(metric="harm", below=0.1)
    hypothesis = Hypothesis(name="test", criteria=(limit,))
    told: list[int] = []
    first, second = (
        rehearse(
            hypothesis,
            {"harm": Truth(before=0.05, after=0.05)},
            sample=(200, Within()),
            terms=TERMS,
            runs=20,
            told=told.append,
        )
        for _ in range(2)
    )
    assert first == second
    assert told == [*range(1, 21)] * 2
    with pytest.raises(UnassumedMetricError):
        rehearse(hypothesis, {}, sample=(200, Within()), terms=TERMS)


def test_candidates_that_share_a_seal_need_more_clusters() -> None:
    limit, truth = RateUpper(metric="harm", below=0.1), Truth(before=0.05, after=0.05)
    hypothesis = Hypothesis(name="test", criteria=(limit,))
    shared = Terms(basis="prospective", seed=7, variants=4)
    made = plan(hypothesis, {"harm": truth}, clusters=200, terms=shared)
    assert (made.variants, made.criteria[0].alpha) == (4, 0.0125)
    assert made.power < planned(limit, truth=truth, clusters=200).power


def test_criteria_that_hang_together_are_planned_at_their_worst() -> None:
    truth = Truth(before=0.05, after=0.05)
    two = (RateUpper(metric="harm", below=0.1), RateUpper(metric="leak", below=0.1))
    one, both = planned(two[0], truth=truth, clusters=200), planned(*two, truth=truth, clusters=200)
    assert both.power == pytest.approx(2 * one.power - 1)


@pytest.mark.parametrize(("rows", "icc"), [(1, 0.0), (4, 0.0), (4, 0.3), (6, 0.9)])
def test_events_in_a_cluster_hang_together_as_assumed(rows: int, icc: float) -> None:
    rng = np.random.default_rng(2)
    within, rate, n = Within(rows=rows, icc=icc), 0.2, 40_000
    shares = within.shares(rate, (n,), rng)
    assert shares.mean() == pytest.approx(rate, abs=0.01)
    between = rate * (1 - rate) * (1 + (rows - 1) * icc) / rows
    assert shares.var() == pytest.approx(between, rel=0.05)
    assert (shares == 0).mean() == pytest.approx(clean_cluster(rate, within), abs=0.01)
