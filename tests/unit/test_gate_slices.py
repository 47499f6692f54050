"""The search over slices: what it calls worse, and what it never says."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from interlock.charter import DifferenceNoninferior, Hypothesis, RatioBelow
from interlock.gate import SliceFinding, Terms, judge
from interlock.gate.pairing import Tag
from interlock.gate.scoring import HARM, Scores
from interlock.gate.slices import Searched
from interlock.gate.slices import search as slices_of
from tests.arms import Row, Rows, arm

TERMS = Terms(basis="retrospective", seed=7)
HYPOTHESIS = Hypothesis(
    name="test",
    criteria=(
        RatioBelow(metric="harm", cut=0.4),
        DifferenceNoninferior(metric="helpfulness", margin=2.0, low=0.0, high=10.0),
    ),
)


def rows(metric: str, language: str, values: list[float]) -> list[Row]:
    return [
        {
            "item": f"{metric}-{language}-{k}",
            "metric": metric,
            "value": value,
            "slices": {"language": language},
        }
        for k, value in enumerate(values)
    ]


def search(
    before: Rows, after: Rows, hypothesis: Hypothesis = HYPOTHESIS
) -> tuple[SliceFinding, ...]:
    return judge(hypothesis, arm(before), arm(after), terms=TERMS).slices


def test_a_loss_hidden_in_a_good_average_is_found_and_shown_first() -> None:
    before = rows("harm", "en", [1.0] * 90) + rows("harm", "fi", [0.0] * 20)
    after = rows("harm", "en", [0.0] * 90) + rows("harm", "fi", [1.0] * 20)
    first, second = search(before, after)
    assert (first.slice, first.value, first.status) == ("language", "fi", "worse")
    assert (first.before, first.after, first.clusters) == (0.0, 1.0, 20)
    assert (second.value, second.status) == ("en", "undecided")


def test_for_zero_one_rows_the_p_value_is_the_exact_one_sided_mcnemar() -> None:
    before = rows("harm", "fi", [0.0] * 15 + [1.0] * 5 + [1.0] * 10)
    after = rows("harm", "fi", [1.0] * 15 + [0.0] * 5 + [1.0] * 10)
    (found,) = search(before, after)
    assert found.p == pytest.approx(stats.binomtest(15, 20, alternative="greater").pvalue)
    assert found.p_adjusted == found.p


def test_a_fall_of_helpfulness_is_a_loss_and_a_rise_is_not() -> None:
    before = rows("helpfulness", "en", [8.0] * 30) + rows("helpfulness", "fi", [8.0] * 30)
    after = rows("helpfulness", "en", [9.0] * 30) + rows("helpfulness", "fi", [7.0] * 30)
    found = {one.value: one.status for one in search(before, after)}
    assert found == {"fi": "worse", "en": "undecided"}


def test_many_small_losses_under_a_mean_that_rose_are_not_called_worse() -> None:
    before = rows("helpfulness", "fi", [5.0] * 40)
    after = rows("helpfulness", "fi", [4.9] * 30 + [10.0] * 10)
    (found,) = search(before, after)
    assert found.p_adjusted < 0.01
    assert found.after > found.before
    assert found.status == "undecided"


def test_a_claimed_gain_that_a_slice_does_not_show_is_said() -> None:
    before = rows("harm", "en", [1.0] * 50) + rows("harm", "fi", [1.0, 1.0] + [0.0] * 23)
    after = rows("harm", "en", [0.0] * 50) + rows("harm", "fi", [0.0, 1.0, 1.0] + [0.0] * 22)
    found = {one.value: one.status for one in search(before, after)}
    assert found == {"fi": "no gain shown", "en": "undecided"}


def test_where_nothing_could_be_gained_no_missing_gain_is_claimed() -> None:
    clean = rows("harm", "fi", [0.0] * 25)
    assert [one.status for one in search(clean, clean)] == ["undecided"]


def test_no_slice_is_ever_called_passed() -> None:
    before = rows("harm", "en", [1.0] * 500)
    after = rows("harm", "en", [0.0] * 500)
    assert [one.status for one in search(before, after)] == ["undecided"]


def test_repeats_count_once_in_a_slice() -> None:
    before: Rows = [
        {"item": f"i{k}", "value": 0.0, "epoch": e, "slices": {"language": "fi"}}
        for k in range(6)
        for e in range(50)
    ]
    after = [{**row, "value": 1.0} for row in before]
    (found,) = search(before, after)
    assert (found.rows, found.clusters) == (300, 6)
    assert found.p == pytest.approx(0.5**6)


def test_clusters_are_told_apart_among_very_many_slices_and_clusters() -> None:
    n = 50_000
    cluster = np.repeat(np.arange(n), 2)
    codes = np.minimum(cluster, n - 10).astype(np.int32)
    scores = Scores(
        before=np.zeros(2 * n),
        after=(cluster >= n - 10).astype(np.float64),
        groups=cluster,
        clusters=n,
        scale=HARM,
        gaps=0,
        places=np.arange(n),
    )
    tag = Tag(codes, pa.array([f"tenant-{k}" for k in range(n - 9)]))
    (found,) = slices_of({"harm": Searched(scores, {"tenant": tag}, gain=False)})
    assert (found.value, found.clusters, found.status) == (f"tenant-{n - 10}", 10, "worse")


def test_rows_without_a_score_are_a_loss_in_their_slice() -> None:
    before = rows("harm", "fi", [0.0] * 20)
    (found,) = search(before, [{**row, "value": None} for row in before])
    assert found.status == "worse"


def test_slices_too_small_to_show_anything_are_not_searched() -> None:
    before = rows("harm", "fi", [0.0] * 4)
    assert search(before, [{**row, "value": 1.0} for row in before]) == ()


def test_only_declared_slices_are_searched_where_any_are_declared() -> None:
    declared = Hypothesis(name="test", criteria=HYPOTHESIS.criteria, slices=("tenant",))
    before = rows("harm", "fi", [0.0] * 20)
    assert search(before, before, declared) == ()


def test_searching_far_does_not_find_a_loss_in_nothing() -> None:
    rng = np.random.default_rng(11)
    found = 0
    for _ in range(50):
        languages = [f"l{k}" for k in range(20)]
        before = [
            row
            for name in languages
            for row in rows("harm", name, list(rng.integers(0, 2, 15).astype(float)))
        ]
        after = [{**row, "value": float(rng.integers(0, 2))} for row in before]
        found += any(one.status == "worse" for one in search(before, after))
    assert found <= stats.binom.ppf(0.999, 50, 0.05)
