"""The burden is on the release: no loss of evidence, and no worse evidence, helps it pass."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.charter import (
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
