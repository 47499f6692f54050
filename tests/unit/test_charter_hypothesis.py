"""A hypothesis says what must be gained and what may not be lost, and nothing loose."""

import math
from typing import Any

import pytest
from pydantic import ValidationError

from interlock.charter import (
    STANDARD_CHARTER,
    AllOf,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    SliceValue,
    TrialHypothesis,
    ZeroEvents,
    is_sequential,
    load_charter,
    load_hypothesis,
)
from interlock.errors import CharterError, InvalidFieldError
from interlock.ledger import digest, dump, load

GAIN = RatioBelow(metric="harm", cut=0.4)
GUARD = DifferenceNoninferior(metric="helpfulness", margin=2.0, low=0, high=10)
GERMAN = SliceValue(slice="language", value="de")
FRENCH = SliceValue(slice="language", value="fr")


def test_a_gain_needs_at_least_one_guard() -> None:
    with pytest.raises(InvalidFieldError, match="a gain needs at least one guard"):
        Hypothesis(name="x", criteria=(GAIN,))
    assert Hypothesis(name="x", criteria=(GAIN, GUARD)).guards == (GUARD,)


def test_a_sealed_metric_cannot_be_judged() -> None:
    with pytest.raises(InvalidFieldError, match="helpfulness cannot be judged"):
        Hypothesis(name="x", criteria=(GAIN, GUARD), sealed=("daily-use", "helpfulness"))


@pytest.mark.parametrize("criteria", [(), (CoverageMin(metric="harm", clusters=5),)])
def test_a_hypothesis_that_judges_nothing_is_refused(criteria: tuple[Criterion, ...]) -> None:
    with pytest.raises(InvalidFieldError, match="nothing is judged"):
        Hypothesis(name="x", criteria=criteria)


def test_the_same_criterion_cannot_stand_twice() -> None:
    with pytest.raises(InvalidFieldError, match="twice"):
        Hypothesis(name="x", criteria=(GAIN, GUARD, GAIN))


@pytest.mark.parametrize(
    ("one", "other", "section"),
    [
        (GAIN, RatioBelow(metric="harm", cut=0.2), "gain"),
        (GUARD, DifferenceNoninferior(metric="helpfulness", margin=1.0, low=0, high=10), "guards"),
        (
            RateUpper(metric="harm", below=0.1, where=(GERMAN,)),
            RateUpper(metric="harm", below=0.2, where=(GERMAN,)),
            "limits",
        ),
        (
            AllOf(metric="harm", below=0.1, values=("a", "b")),
            AllOf(metric="harm", below=0.2, values=("a",)),
            "limits",
        ),
        (
            ZeroEvents(metric="harm", at_most=0.1),
            ZeroEvents(metric="harm", at_most=0.2),
            "red_lines",
        ),
        (
            CoverageMin(metric="harm", clusters=5),
            CoverageMin(metric="harm", clusters=9),
            "coverage",
        ),
    ],
)
def test_one_claim_has_one_bar(one: Criterion, other: Criterion, section: str) -> None:
    with pytest.raises(InvalidFieldError, match="one claim with two bars") as refused:
        Hypothesis(name="x", criteria=(GUARD, one, other) if one != GUARD else (one, other))
    assert refused.value.field == section
    assert one.label in str(refused.value)
    assert other.label in str(refused.value)


def test_another_place_rubric_or_direction_is_another_claim() -> None:
    rate = RateUpper(metric="harm", below=0.1)
    criteria = (
        rate,
        RateUpper(metric="harm", below=0.2, where=(GERMAN,)),
        RateUpper(metric="harm", below=0.2, rubric="a" * 64),
        RateUpper(metric="abuse", below=0.2),
        ZeroEvents(metric="harm", at_most=0.2),
        AllOf(metric="harm", below=0.2, values=("a",)),
        DifferenceNoninferior(metric="delay", margin=0.1),
        DifferenceNoninferior(metric="delay", margin=0.2, better="lower"),
    )
    assert Hypothesis(name="x", criteria=criteria).criteria == criteria


def test_the_baseline_is_no_candidate() -> None:
    with pytest.raises(InvalidFieldError, match="baseline"):
        Hypothesis(name="x", criteria=(GUARD,), baseline="v1", candidates=("v1",))


def test_no_name_stands_twice_in_a_list() -> None:
    for field in ("candidates", "slices", "sealed"):
        named: dict[str, Any] = {field: ("a", "a")}
        with pytest.raises(InvalidFieldError, match=f"{field}: the same name"):
            Hypothesis(name="x", criteria=(GUARD,), **named)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5, math.nan, math.inf])
def test_a_share_lies_strictly_between_0_and_1(share: float) -> None:
    for kind, field in [(RateUpper, "below"), (RatioBelow, "cut"), (ZeroEvents, "at_most")]:
        with pytest.raises(ValidationError, match=field):
            kind(metric="harm", **{field: share})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"margin": 0.0}, "margin"),
        ({"margin": -1.0}, "margin"),
        ({"margin": math.inf}, "margin"),
        ({"margin": 1.0}, "margin"),
        ({"margin": 0.1, "low": 1.0, "high": 0.0}, "range"),
        ({"margin": 0.1, "low": math.nan}, "low"),
        ({"margin": 0.1, "low": -math.inf}, "range"),
        ({"margin": 0.1, "high": math.inf}, "range"),
        ({"margin": 0.1, "low": -1e308, "high": 1e308}, "range"),
        ({"margin": 0.1, "better": "more"}, "better"),
    ],
)
def test_a_guard_has_a_positive_margin_inside_an_ordered_range(
    given: dict[str, Any], field: str
) -> None:
    with pytest.raises((ValidationError, InvalidFieldError), match=field):
        DifferenceNoninferior(metric="helpfulness", **given)


def test_a_criterion_is_named_by_what_it_measures_and_not_by_what_it_is_called() -> None:
    one = Hypothesis(name="first", criteria=(GAIN, GUARD), product="a")
    other = Hypothesis(name="renamed", criteria=(GUARD, GAIN), product="b")
    assert {c.id for c in one.criteria} == {c.id for c in other.criteria}


def test_metric_bar_filter_rubric_and_kind_each_give_another_name() -> None:
    rate = RateUpper(metric="harm", below=0.1)
    others = [
        RateUpper(metric="abuse", below=0.1),
        RateUpper(metric="harm", below=0.2),
        RateUpper(metric="harm", below=0.1, where=(GERMAN,)),
        RateUpper(metric="harm", below=0.1, rubric="a" * 64),
        ZeroEvents(metric="harm", at_most=0.1),
    ]
    assert len({one.id for one in [rate, *others]}) == 6


def test_one_selection_has_one_spelling() -> None:
    with pytest.raises(InvalidFieldError, match="sorted"):
        RateUpper(metric="harm", below=0.1, where=(FRENCH, GERMAN))
    with pytest.raises(InvalidFieldError, match="sorted"):
        AllOf(metric="harm", below=0.1, values=("b", "a"))
    with pytest.raises(InvalidFieldError, match="sorted"):
        CoverageMin(metric="harm", required=(GERMAN, GERMAN))


def test_all_of_is_one_limit_in_every_value() -> None:
    every = AllOf(metric="harm", below=0.02, over="language", values=("de", "fr"))
    assert [part.where for part in every.parts] == [(GERMAN,), (FRENCH,)]
    assert {part.below for part in every.parts} == {0.02}


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        (GAIN, "harm cut by at least 0.4 of the baseline"),
        (GUARD, "helpfulness not down by more than 2"),
        (DifferenceNoninferior(metric="delay", margin=0.5, better="lower"), "delay not up by"),
        (RateUpper(metric="harm", below=0.1, where=(GERMAN,)), "harm where language is de below"),
        (ZeroEvents(metric="crossing", at_most=0.01), "no crossing seen"),
        (CoverageMin(metric="harm", required=(GERMAN,), clusters=9), "in each of 1 slices"),
        (AllOf(metric="harm", below=0.02, values=("a",)), "below 0.02 in each category"),
    ],
)
def test_a_criterion_says_its_claim_in_words(criterion: Criterion, words: str) -> None:
    assert words in criterion.label


def test_a_hypothesis_survives_the_ledger() -> None:
    made = Hypothesis(name="x", criteria=(GAIN, GUARD, ZeroEvents(metric="harm", at_most=0.3)))
    assert load(dump(made)) == made


TRIAL = """\
hypothesis: guard
basis: prospective
stopping: sequential
limits:
  - {metric: harm, below: 0.10}
judged:
  - {metric: harm, by: judged-harm, labelled: 0.2}
"""


def test_a_file_may_say_that_a_trial_ends_early_and_who_saves_people_work() -> None:
    charter = load_charter(STANDARD_CHARTER, file="charter.yaml")
    made = load_hypothesis(TRIAL, file="guard.yaml", charter=charter)
    assert isinstance(made, TrialHypothesis)
    assert made.metrics == ("harm", "judged-harm")
    assert is_sequential(made)
    plain = TRIAL.replace("stopping: sequential", "stopping: fixed").partition("judged:")[0]
    old = load_hypothesis(plain, file="guard.yaml", charter=charter)
    assert type(old) is Hypothesis
    assert digest(old) == digest(
        load_hypothesis(plain.replace("stopping: fixed\n", ""), file="x", charter=charter)
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("basis: prospective\n", "", "line 2, stopping: .* basis: prospective"),
        ("by: judged-harm", "by: judged-ham", "did you mean judged-harm"),
        ("by: judged-harm", "by: helpfulness", "people label a part of"),
        ("labelled: 0.2", "labelled: 0", "labelled"),
        ("{metric: harm, by", "{metric: over-refusal, by", "over-refusal"),
    ],
)
def test_what_a_trial_file_cannot_mean_is_refused_at_its_line(
    old: str, new: str, fault: str
) -> None:
    charter = load_charter(STANDARD_CHARTER, file="charter.yaml")
    with pytest.raises(CharterError, match=fault):
        load_hypothesis(TRIAL.replace(old, new), file="guard.yaml", charter=charter)
