"""The burden is on the release: no loss of evidence, and no worse evidence, helps it pass."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.charter import (
    AgreementMin,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.gate import Terms, judge
from tests.arms import Row, Rows, arm

CRITERIA: tuple[Criterion, ...] = (
    RateUpper(metric="harm", below=0.3),
    RatioBelow(metric="harm", cut=0.2),
    ZeroEvents(metric="harm", at_most=0.3),
    CoverageMin(metric="harm", clusters=8),
)
HYPOTHESIS = Hypothesis(
    name="test", criteria=(*CRITERIA, DifferenceNoninferior(metric="none", margin=0.5))
)
FLAGS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)
DAMAGE = st.lists(
    st.tuples(st.integers(0, 29), st.sampled_from(["before", "after"]), st.integers(0, 3)),
    max_size=12,
)


def passed(before: Rows, after: Rows) -> list[bool]:
    terms = Terms(basis="prospective", seed=1)
    found = judge(HYPOTHESIS, arm(before), arm(after), terms=terms)
    return [one.outcome == "passed" for one in found.verdicts[: len(CRITERIA)]]


def rows(values: list[bool]) -> list[dict[str, Any]]:
    return [{"item": f"i{k}", "value": float(value)} for k, value in enumerate(values)]


def damaged(row: Row, arm_name: str, how: int) -> Row | None:
    """The row removed, unscored, failed, or scored worst for passing."""
    if how == 0:
        return None
    if how == 3:
        return {**row, "value": 1.0 if arm_name == "after" else 0.0}
    return {**row, "value": None, "status": ("unscored", "error")[how - 1]}


@settings(max_examples=80, deadline=None)
@given(FLAGS, DAMAGE)
def test_no_damage_to_the_evidence_makes_anything_pass(
    flags: list[tuple[bool, bool]], damage: list[tuple[int, str, int]]
) -> None:
    arms: dict[str, list[Row]] = {
        "before": list(rows([first for first, _ in flags])),
        "after": list(rows([second for _, second in flags])),
    }
    whole = passed(arms["before"], arms["after"])
    # An item that both arms lose was never there, which only sealed sampling can notice.
    touched: set[int] = set()
    for place, name, how in damage:
        if place < len(flags) and place not in touched:
            touched.add(place)
            arms[name][place] = damaged(arms[name][place], name, how) or {}
    kept = {name: [row for row in given if row] for name, given in arms.items()}
    after = passed(kept["before"], kept["after"])
    assert all(then for now, then in zip(after, whole, strict=True) if now)


@settings(max_examples=30, deadline=None)
@given(FLAGS, st.integers(2, 4))
def test_repeating_the_evidence_never_helps(flags: list[tuple[bool, bool]], times: int) -> None:
    before, after = rows([first for first, _ in flags]), rows([second for _, second in flags])

    def repeated(given: list[dict[str, Any]]) -> list[Row]:
        return [{**row, "epoch": epoch} for row in given for epoch in range(times)]

    once, again = passed(before, after), passed(repeated(before), repeated(after))
    assert all(then for now, then in zip(again, once, strict=True) if now)


TWINS = ("said", "seen")
Hidden = set[tuple[int, str]]
HIDDEN = st.sets(st.tuples(st.integers(0, 39), st.sampled_from(TWINS)), min_size=1, max_size=20)
CLUSTERS = st.lists(st.integers(0, 39), min_size=40, max_size=40)
# Resampled bounds keep an order on nearly all data only, so the examples are always the same.
SAME = settings(max_examples=40, deadline=None, derandomize=True)


def twins(said: list[float], seen: list[float], clusters: list[int]) -> list[Row]:
    return [
        {"item": f"i{k}", "metric": metric, "value": value, "cluster": f"c{clusters[k]}"}
        for metric, values in zip(TWINS, (said, seen), strict=True)
        for k, value in enumerate(values)
    ]


def without(given: list[Row], hidden: Hidden, empty: bool) -> list[Row]:
    """The rows of ``hidden`` emptied or dropped."""
    names = {(f"i{k}", metric) for k, metric in hidden}
    kept = [row for row in given if (row["item"], row["metric"]) not in names]
    gone = [row for row in given if (row["item"], row["metric"]) in names]
    return [*kept, *({**row, "value": None} for row in gone if empty)]


def holds(criterion: Criterion, before: Rows, after: Rows) -> bool:
    hypothesis = Hypothesis(name="test", criteria=(criterion, RateUpper(metric="x", below=0.5)))
    terms = Terms(basis="prospective", seed=1)
    found = judge(hypothesis, arm(before), arm(after), terms=terms)
    return found.verdicts[0].outcome == "passed"


@SAME
@given(
    st.lists(st.sampled_from([0.0, 0.1, 0.4, 0.6, 0.9, 1.0]), min_size=40, max_size=40),
    st.sets(st.integers(0, 39), max_size=20),
    CLUSTERS,
    st.tuples(HIDDEN, st.booleans(), st.sampled_from([0.2, 0.4, 0.6])),
)
def test_hiding_forecasts_or_outcomes_makes_no_chances_come_true(
    said: list[float], wrong: set[int], clusters: list[int], loss: tuple[Hidden, bool, float]
) -> None:
    hidden, empty, at_most = loss
    criterion = CalibrationMax(metric="said", outcome="seen", at_most=at_most, bins=2)
    seen = [float((chance > 0.5) != (k in wrong)) for k, chance in enumerate(said)]
    whole = twins(said, seen, clusters)
    if holds(criterion, whole, without(whole, hidden, empty)):
        assert holds(criterion, whole, whole)


@SAME
@given(
    st.lists(st.integers(0, 2), min_size=40, max_size=40),
    st.sets(st.integers(0, 39), max_size=20),
    st.tuples(HIDDEN, st.booleans(), st.sampled_from([0.2, 0.5, 0.8])),
)
def test_hiding_labels_of_either_rater_makes_no_judge_agree(
    people: list[int], wrong: set[int], loss: tuple[Hidden, bool, float]
) -> None:
    hidden, empty, at_least = loss
    criterion = AgreementMin(metric="said", reference="seen", at_least=at_least)
    seen = [float(one) for one in people]
    said = [(one + 1) % 3 if k in wrong else one for k, one in enumerate(seen)]
    whole = twins(said, seen, list(range(40)))
    # What both arms lose of both metrics was never there, so the judge's labels stay in one.
    before = without(whole, {one for one in hidden if one[1] == "seen"}, empty)
    if holds(criterion, before, without(whole, hidden, empty)):
        assert holds(criterion, whole, whole)


@SAME
@given(st.sets(st.integers(0, 39), min_size=8, max_size=20), st.booleans())
def test_leaving_out_every_label_that_disagrees_makes_no_judge_agree(
    wrong: set[int], empty: bool
) -> None:
    criterion = AgreementMin(metric="said", reference="seen", at_least=0.8)
    seen = [float(k % 2) for k in range(40)]
    said = [1 - one if k in wrong else one for k, one in enumerate(seen)]
    chosen = without(twins(said, seen, list(range(40))), {(k, "seen") for k in wrong}, empty)
    assert not holds(criterion, chosen, chosen)
