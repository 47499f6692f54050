import pytest

from interlock.charter import (
    AllOf,
    CoverageMin,
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    SliceValue,
    ZeroEvents,
)
from interlock.errors import AlphaSpentError
from interlock.gate import alpha_of, lineage_key

DE = (SliceValue(slice="language", value="de"),)


def test_all_attempts_together_spend_no_more_than_alpha() -> None:
    spent = [alpha_of(attempt) for attempt in range(1, 26)]
    assert spent[:3] == [0.025, 0.0125, 0.00625]
    assert sum(spent) <= 0.05


def test_a_lineage_ends_when_nothing_is_left_to_spend() -> None:
    with pytest.raises(AlphaSpentError, match="attempt 40"):
        alpha_of(40)


def test_a_declared_schedule_gives_each_attempt_its_share_and_then_nothing() -> None:
    assert alpha_of(1, alpha=0.05, schedule=(0.8, 0.2)) == pytest.approx(0.04)
    assert alpha_of(2, alpha=0.05, schedule=(0.8, 0.2)) == pytest.approx(0.01)
    with pytest.raises(AlphaSpentError):
        alpha_of(3, alpha=0.05, schedule=(0.8, 0.2))


def test_attempts_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        alpha_of(0)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (RateUpper(metric="harm", below=0.1), RateUpper(metric="harm", below=0.1001)),
        (RatioBelow(metric="harm", cut=0.4), RatioBelow(metric="harm", cut=0.39)),
        (ZeroEvents(metric="harm", at_most=0.01), ZeroEvents(metric="harm", at_most=0.02)),
        (
            DifferenceNoninferior(metric="help", margin=2.0, low=0.0, high=10.0),
            DifferenceNoninferior(metric="help", margin=2.1, low=0.0, high=11.0),
        ),
        (
            AllOf(metric="harm", below=0.1, values=("a", "b")),
            AllOf(metric="harm", below=0.1, values=("a",)),
        ),
        (CoverageMin(metric="harm", clusters=9), CoverageMin(metric="harm", clusters=8)),
        (RateUpper(metric="harm", below=0.1), RateUpper(metric="harm", below=0.1, where=DE)),
        (RateUpper(metric="harm", below=0.1), RateUpper(metric="harm", below=0.1, rubric="a" * 64)),
    ],
)
def test_another_bar_slice_or_rubric_is_another_try_at_the_same_claim(
    first: object, again: object
) -> None:
    assert lineage_key(first) == lineage_key(again)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        RateUpper(metric="bias", below=0.1),
        ZeroEvents(metric="harm", at_most=0.1),
    ],
)
def test_another_metric_or_kind_is_another_claim(other: object) -> None:
    assert lineage_key(RateUpper(metric="harm", below=0.1)) != lineage_key(other)  # type: ignore[arg-type]
