"""Planning where people label a part: what the judge misses decides what few labels can show."""

from typing import Any

import pytest

from interlock.charter import (
    AgreementMin,
    AllOf,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    JudgedMetric,
    RateUpper,
    RatioBelow,
    TrialHypothesis,
    ZeroEvents,
)
from interlock.errors import UnassumedJudgeError, UnderpoweredError, UnjudgedMetricError
from interlock.gate import Aim, JudgeQuality, Terms, Truth, Within, check_power, plan, rehearse

TERMS = Terms(basis="prospective", seed=8)
LIMIT = RateUpper(metric="harm", below=0.10)
CUT = RatioBelow(metric="harm", cut=0.40)
NO_WORSE = DifferenceNoninferior(metric="harm", margin=0.1, better="lower")
LINE = ZeroEvents(metric="harm", at_most=0.05)
PARTS = AllOf(metric="harm", below=0.15, over="category", values=("a", "b"))
# What plans look for beside the chance takes most of their time.
ANY = Aim(needed=1e-9)
GOOD = JudgeQuality(sensitivity=0.8, specificity=0.95)


def claim(*criteria: Criterion, labelled: float = 0.2, **given: Any) -> TrialHypothesis:
    entry = JudgedMetric(metric="harm", by="judged-harm", labelled=labelled)
    fields = {"stopping": "fixed", "basis": "prospective"}
    return TrialHypothesis(name="test", criteria=criteria, judged=(entry,), **(fields | given))


def truths(judge: JudgeQuality | None = GOOD, *, after: float = 0.02) -> dict[str, Truth]:
    return {"harm": Truth(before=0.4, after=after, judge=judge)}


@pytest.mark.parametrize(
    ("stopping", "within", "criteria"),
    [
        ("fixed", Within(), (LIMIT, CUT, NO_WORSE)),
        ("sequential", Within(), (LIMIT, CUT, NO_WORSE)),
        ("fixed", Within(rows=3, icc=0.3), (LIMIT,)),
        ("sequential", Within(rows=3, icc=0.3), (PARTS,)),
    ],
)
def test_a_plan_says_what_the_gate_then_does(
    stopping: str, within: Within, criteria: tuple[Criterion, ...]
) -> None:
    hypothesis, clusters, runs = claim(*criteria, stopping=stopping), 120, 24
    aim = Aim(needed=0.01, within=within)
    made = plan(hypothesis, truths(), clusters=clusters, terms=TERMS, aim=aim)
    shown = rehearse(hypothesis, truths(), sample=(clusters, within), terms=TERMS, runs=runs)
    for one in made.criteria:
        assert shown.criteria[one.label] == pytest.approx(one.power, abs=0.3)
        assert one.method == "simulated"


def test_a_red_line_is_planned_with_the_labels_that_show_nothing() -> None:
    never = truths(after=0.0)
    assert plan(claim(LINE), never, clusters=600, terms=TERMS, aim=ANY).power == 1.0
    assert plan(claim(LINE), never, clusters=200, terms=TERMS, aim=ANY).power == 0.0
    assert plan(claim(LINE), truths(after=0.002), clusters=600, terms=TERMS, aim=ANY).power < 0.6


def test_a_judge_who_misses_much_needs_more_clusters() -> None:
    poor = JudgeQuality(sensitivity=0.2, specificity=0.95)
    found = [
        plan(claim(LIMIT), truths(judge), clusters=400, terms=TERMS).power for judge in (GOOD, poor)
    ]
    assert found[0] > found[1] + 0.1


def test_an_underpowered_two_phase_hypothesis_is_not_confirmatory() -> None:
    hypothesis = claim(LIMIT, labelled=0.05)
    made = plan(hypothesis, truths(), clusters=150, terms=TERMS)
    with pytest.raises(UnderpoweredError):
        check_power(hypothesis, made)
    assert made.enough is not None
    check_power(hypothesis, plan(hypothesis, truths(), clusters=2 * made.enough, terms=TERMS))


def test_too_few_events_for_people_to_find_leave_no_power() -> None:
    clean = {"harm": Truth(before=0.001, after=0.001, judge=GOOD)}
    assert plan(claim(LIMIT), clean, clusters=400, terms=TERMS, aim=ANY).power < 0.05


def test_the_labels_that_people_will_give_are_counted() -> None:
    perfect = JudgeQuality(sensitivity=1.0, specificity=1.0)
    made = plan(claim(LIMIT), truths(perfect), clusters=1000, terms=TERMS)
    assert made.labels == pytest.approx(400 + 600 * 0.2 + 20 + 980 * 0.2, abs=1)
    parts = plan(claim(PARTS), truths(perfect), clusters=1000, terms=TERMS)
    assert parts.labels == pytest.approx(2 * made.labels, abs=1)
    several = Terms(basis="prospective", seed=8, variants=3)
    more = plan(claim(LIMIT), truths(perfect), clusters=1000, terms=several)
    assert more.labels == pytest.approx(made.labels + 2 * (20 + 980 * 0.2), abs=2)
    plain = Hypothesis(name="test", criteria=(LIMIT,))
    assert plan(plain, truths(None), clusters=100, terms=TERMS).labels == 0


def test_coverage_and_agreement_are_planned_beside_the_labels() -> None:
    agree = AgreementMin(metric="judged-harm", reference="harm", at_least=0.6)
    both = truths() | {"judged-harm": Truth(before=0.9, after=0.9)}
    hypothesis = claim(LIMIT, agree, CoverageMin(metric="harm", clusters=200))
    made = plan(hypothesis, both, clusters=199, terms=TERMS)
    assert [one.method for one in made.criteria] == ["simulated", "normal", "exact"]
    assert made.criteria[2].power == 0.0


def test_nothing_is_planned_without_a_word_on_the_judge() -> None:
    with pytest.raises(UnassumedJudgeError, match="--judge harm=SENSITIVITY:SPECIFICITY"):
        plan(claim(LIMIT), truths(None), clusters=100, terms=TERMS)
    with pytest.raises(UnassumedJudgeError):
        rehearse(claim(LIMIT), truths(None), sample=(100, Within()), terms=TERMS, runs=1)
    plain = Hypothesis(name="test", criteria=(LIMIT,))
    with pytest.raises(UnjudgedMetricError, match="no `judged` entry"):
        plan(plain, truths(), clusters=100, terms=TERMS)
