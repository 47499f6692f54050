"""Criteria over two metrics of the same rows: chances that come true, judges that agree."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest

from interlock.charter import (
    AgreementMin,
    CalibrationMax,
    Criterion,
    Hypothesis,
    RateUpper,
    SliceValue,
)
from interlock.errors import ConflictingItemError, InvalidFieldError, OutOfRangeError
from interlock.gate import CriterionVerdict, Terms, judge, lineage_key
from interlock.gate.beside import Column
from interlock.gate.unseen import worst_chances, worst_labels
from interlock.measure import Forecasts, calibration_bound, calibration_error, cohen_kappa
from tests.arms import Row, Rows, arm

CHANCES = CalibrationMax(metric="confidence", outcome="correct", at_most=0.1)
JUDGE = AgreementMin(metric="judged", reference="human", at_least=0.6)
FILLER = RateUpper(metric="filler", below=0.5)


def verdict(
    criterion: Criterion, before: Rows, after: Rows, *, alpha: float = 0.05, attempt: int = 0
) -> CriterionVerdict:
    hypothesis = Hypothesis(name="test", criteria=(criterion, FILLER), alpha=alpha)
    attempts = {lineage_key(one): attempt for one in hypothesis.criteria} if attempt else {}
    terms = Terms(basis="retrospective", seed=7, attempts=attempts)
    return judge(hypothesis, arm(before), arm(after), terms=terms).verdicts[0]


def rows(metric: str, values: Sequence[float | None], **same: Any) -> list[Row]:
    return [
        {"item": f"i{k:04d}", "metric": metric, "value": value, **same}
        for k, value in enumerate(values)
    ]


def forecasts(n: int, *, said: float, happens: float, seed: int = 3) -> list[Row]:
    rng = np.random.default_rng(seed)
    outcome = [float(x) for x in rng.random(n) < happens]
    return rows("confidence", [said] * n) + rows("correct", outcome)


def labelled(n: int, errors: int, *, known: int | None = None, **same: Any) -> list[Row]:
    """``n`` items, half of them 1 by people, the judge wrong on the first ``errors``."""
    people = [float(k % 2) for k in range(n)]
    judge = [1 - x if k < errors else x for k, x in enumerate(people)]
    return rows("judged", judge, **same) + rows("human", people[:known], **same)


@pytest.mark.parametrize(
    ("n", "said", "happens", "outcome"),
    [(2000, 0.8, 0.8, "passed"), (2000, 0.9, 0.6, "failed"), (60, 0.8, 0.8, "undecided")],
)
def test_forecasts_pass_when_their_error_is_bounded_under_the_limit(
    n: int, said: float, happens: float, outcome: str
) -> None:
    after = forecasts(n, said=said, happens=happens)
    found = verdict(CHANCES, [], after)
    assert found.outcome == outcome
    assert found.estimate is not None
    assert (found.limit, found.estimate.n) == (0.1, n)
    assert found.estimate.method.startswith("calibration-betting")


def test_only_the_candidates_forecasts_count() -> None:
    good, bad = (forecasts(2000, said=0.8, happens=share) for share in (0.8, 0.1))
    assert verdict(CHANCES, bad, good).outcome == "passed"
    assert verdict(CHANCES, good, bad).outcome == "failed"


def test_an_outcome_without_a_forecast_and_a_forecast_without_an_outcome_count_against() -> None:
    whole = forecasts(2000, said=0.8, happens=0.8)
    chances, outcomes = whole[:2000], whole[2000:]
    assert verdict(CHANCES, [], chances[:1600] + outcomes).outcome == "failed"
    few = verdict(CHANCES, [], chances + outcomes[:1600])
    assert few.outcome != "passed"
    assert "400 of 2000 rows without a score count against it" in few.reason


@pytest.mark.parametrize("how", ["emptied", "dropped"])
def test_hiding_outcomes_of_small_clusters_does_not_hide_the_error_over_clusters(how: str) -> None:
    # Over rows the gaps cost most where they make up for what the small clusters show.
    large = rows("confidence", [0.5] * 2400, cluster="large")
    large += rows("correct", [float(k < 1440) for k in range(2400)], cluster="large")
    small = rows("confidence", [0.5] * 600) + rows("correct", [float(k >= 390) for k in range(600)])
    whole: list[Row] = [*large, *({**row, "item": f"s{row['item']}"} for row in small)]
    assert verdict(CHANCES, [], whole).outcome == "failed"
    shown, hidden = whole[:5400] + whole[5500:], whole[5400:5500]
    emptied: list[Row] = [{**row, "value": None} for row in hidden] if how == "emptied" else []
    found = verdict(CHANCES, [], shown + emptied)
    assert found.outcome == "failed"
    assert "100 of 3000 rows without a score count against it" in found.reason


def test_who_never_forecast_cannot_pass() -> None:
    found = verdict(CHANCES, [], [])
    assert (found.outcome, found.estimate) == ("undecided", None)
    assert "confidence and correct" in found.reason


def test_an_outcome_that_is_half_true_is_none() -> None:
    after = rows("confidence", [0.5] * 50) + rows("correct", [0.5] * 50)
    assert "neither 0 nor 1" in verdict(CHANCES, [], after).reason


def test_a_forecast_over_one_is_refused() -> None:
    with pytest.raises(OutOfRangeError):
        verdict(CHANCES, [], rows("confidence", [1.5]) + rows("correct", [1.0]))


def test_wrong_forecasts_gathered_in_one_cluster_do_not_hide_there() -> None:
    wrong: list[Row] = [
        {"item": f"w{k}", "metric": metric, "value": value, "cluster": "one"}
        for k in range(800)
        for metric, value in (("confidence", 0.9), ("correct", 0.0))
    ]
    whole = forecasts(2000, said=0.8, happens=0.8)
    assert verdict(CHANCES, [], whole + wrong).outcome != "passed"


def test_a_forecast_that_sits_in_another_cluster_than_its_outcome_is_refused() -> None:
    after = rows("confidence", [0.5], cluster="a") + rows("correct", [1.0], cluster="b")
    with pytest.raises(ConflictingItemError):
        verdict(CHANCES, [], after)


def test_repeats_are_matched_by_epoch() -> None:
    after = [
        {"item": f"i{k}", "metric": metric, "value": value, "epoch": epoch}
        for k in range(300)
        for epoch in (0, 1)
        for metric, value in (("confidence", float(epoch)), ("correct", float(epoch)))
    ]
    found = verdict(CHANCES, [], after)
    assert found.estimate is not None
    assert (found.estimate.value, found.estimate.n) == (0.0, 300)


def test_only_rows_of_the_slice_are_judged() -> None:
    german = SliceValue(slice="language", value="de")
    criterion = CalibrationMax(metric="confidence", outcome="correct", at_most=0.1, where=(german,))
    wrong = [{**row, "slices": {"language": "en"}} for row in forecasts(500, said=0.9, happens=0.1)]
    right = [
        {**row, "item": f"d{row['item']}", "slices": {"language": "de"}}
        for row in forecasts(2000, said=0.8, happens=0.8)
    ]
    assert verdict(criterion, [], wrong + right).outcome == "passed"


@pytest.mark.parametrize(
    ("n", "errors", "outcome"), [(400, 20, "passed"), (400, 160, "failed"), (60, 11, "undecided")]
)
def test_a_judge_passes_when_its_kappa_is_bounded_over_the_limit(
    n: int, errors: int, outcome: str
) -> None:
    arms = labelled(n, errors)
    found = verdict(JUDGE, arms, arms)
    assert found.outcome == outcome
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(1 - 2 * errors / n, abs=0.01)


def test_a_judge_must_agree_in_both_arms() -> None:
    good, bad = labelled(400, 10), labelled(400, 160)
    for arms in ((good, bad), (bad, good)):
        assert verdict(JUDGE, *arms).outcome == "failed"


def test_people_may_label_a_part_that_a_slice_declares() -> None:
    part = SliceValue(slice="labelled", value="yes")
    criterion = AgreementMin(metric="judged", reference="human", at_least=0.6, where=(part,))
    arms = [
        {**row, "slices": {"labelled": "yes" if row["item"] < "i0100" else "no"}}
        for row in labelled(400, 0, known=100)
    ]
    found = verdict(criterion, arms, arms)
    assert found.outcome == "passed"
    assert found.estimate is not None
    assert found.estimate.n == 100
    assert verdict(criterion, arms, arms[:400] + arms[430:]).outcome != "passed"


def test_labels_that_disagree_cannot_be_left_out() -> None:
    arms = labelled(400, 160)
    assert verdict(JUDGE, arms, arms).outcome == "failed"
    chosen = [row for row in arms if row["metric"] == "judged" or row["item"] >= "i0300"]
    found = verdict(JUDGE, chosen, chosen)
    assert found.outcome == "failed"
    assert "600 of 800 judged rows have no label and count against it" in found.reason


def test_a_judge_beside_nobody_does_not_pass() -> None:
    alone = rows("judged", [float(k % 2) for k in range(400)])
    assert verdict(JUDGE, alone, alone).outcome == "failed"


def test_a_row_that_was_to_be_labelled_and_was_not_counts_as_a_disagreement() -> None:
    arms = labelled(200, 0)
    silent = [{**row, "value": None} if k < 60 else row for k, row in enumerate(arms)]
    found = verdict(JUDGE, arms, silent)
    assert found.outcome != "passed"
    assert "60 of 400 rows were not judged and count against it" in found.reason
    unlabelled = [row for k, row in enumerate(arms) if not 200 <= k < 260]
    assert verdict(JUDGE, unlabelled, arms).outcome != "passed"


def test_few_clusters_are_undecided_however_well_they_agree() -> None:
    arms = labelled(19, 0)
    assert verdict(JUDGE, arms, arms).outcome == "undecided"
    one = labelled(400, 0, cluster="one")
    assert verdict(JUDGE, one, one).outcome == "undecided"


def test_a_level_that_resampling_cannot_reach_is_undecided() -> None:
    arms = labelled(400, 0)
    assert verdict(JUDGE, arms, arms, attempt=4).outcome == "passed"
    assert verdict(JUDGE, arms, arms, attempt=5).outcome == "undecided"


def test_a_judge_that_always_says_the_same_shows_no_agreement() -> None:
    arms = rows("judged", [0.0] * 100) + rows("human", [0.0] * 100)
    found = verdict(JUDGE, arms, arms)
    assert (found.outcome, found.estimate) == ("undecided", None)
    assert "nothing to agree on" in found.reason


def test_scores_without_end_are_no_labels() -> None:
    arms = [row for metric in ("judged", "human") for row in rows(metric, list(range(100)))]
    assert "are no labels" in verdict(JUDGE, arms, arms).reason


def test_near_misses_cost_less_where_weights_say_so() -> None:
    people = [float(k % 3) * 5 for k in range(300)]
    judge = [min(x + 5, 10.0) if k < 60 else x for k, x in enumerate(people)]
    arms = rows("judged", judge) + rows("human", people)
    weighted = AgreementMin(metric="judged", reference="human", at_least=0.6, weights="quadratic")
    plain, near = (verdict(one, arms, arms).estimate for one in (JUDGE, weighted))
    assert plain is not None
    assert near is not None
    assert near.value > plain.value


def column(values: list[float | None]) -> Column:
    known = np.array([one is not None for one in values])
    return Column(np.array([np.nan if one is None else one for one in values]), known)


Filled = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def error_of_rows(filled: Filled, groups: list[int]) -> float:
    return calibration_error(Forecasts(filled[1], filled[0], groups), bins=2).value


def error_of_clusters(filled: Filled, groups: list[int]) -> float:
    return calibration_bound(Forecasts(filled[1], filled[0], groups), bins=2).value


@pytest.mark.parametrize("groups", [[0, 1, 2, 3, 4], [0, 0, 0, 1, 2], [0, 1, 1, 1, 1]])
@pytest.mark.parametrize(
    ("said", "happened"),
    [
        ([0.2, 0.9, 0.8, 0.1, 0.3], [0.0, 1.0, None, None, 0.0]),
        ([0.2, 0.9, None, None, 0.6], [1.0, 1.0, 0.0, 0.0, 0.0]),
        ([0.9, 0.9, 0.9, None, 0.1], [1.0, 1.0, 1.0, 0.0, None]),
        ([None, 0.6, 0.7, None, 0.4], [None, None, 1.0, 1.0, 1.0]),
        ([0.5, 0.5, 0.5, 0.5, 0.5], [1.0, 1.0, 0.0, None, None]),
    ],
)
def test_no_other_way_to_fill_forecasts_makes_the_error_larger(
    said: list[float | None], happened: list[float | None], groups: list[int]
) -> None:
    every = [
        (np.array(chances), np.array(outcomes))
        for chances in product(*([x] if x is not None else [0, 0.5, 0.501, 1] for x in said))
        for outcomes in product(*([y] if y is not None else [0, 1] for y in happened))
    ]
    over_clusters = 1 / np.bincount(groups)[groups]
    for error, weights in ((error_of_rows, np.ones(5)), (error_of_clusters, over_clusters)):
        filled = worst_chances(column(said), column(happened), 2, weights=weights)
        assert error(filled, groups) >= max(error(one, groups) for one in every) - 1e-9


@pytest.mark.parametrize(
    ("judged", "people"),
    [
        ([0, 1, 1, None, 0], [0, 1, 1, 1, 0]),
        ([0, 1, 1, 1, 0], [0, 1, None, 1, None]),
        ([0, 1, 2, 2, None], [0, 1, 2, 2, 2]),
        ([0, 1, 2, 0, None, 0], [0, 1, 2, 0, 1, 0]),
    ],
)
def test_no_other_way_to_fill_labels_makes_agreement_smaller(
    judged: list[float | None], people: list[float | None]
) -> None:
    names = np.unique([float(x) for x in (*judged, *people) if x is not None])

    def kappa(first: Any, second: Any) -> float:
        return cohen_kappa([f"{x:g}" for x in first], [f"{x:g}" for x in second]).value

    first, second = worst_labels(column(judged), column(people), names, by_distance=False)
    every = [
        kappa(one, other)
        for one in product(*([x] if x is not None else names for x in judged))
        for other in product(*([x] if x is not None else names for x in people))
    ]
    assert kappa(names[first], names[second]) <= min(every) + 1e-9


def test_another_bar_is_the_same_lineage_and_another_judge_is_not() -> None:
    lower = AgreementMin(metric="judged", reference="human", at_least=0.5, weights="linear")
    other = AgreementMin(metric="rule", reference="human", at_least=0.6)
    assert lineage_key(JUDGE) == lineage_key(lower)
    assert lineage_key(JUDGE) != lineage_key(other)
    looser = CalibrationMax(metric="confidence", outcome="right", at_most=0.2, bins=5)
    assert lineage_key(CHANCES) == lineage_key(looser)


def test_a_hypothesis_that_only_looks_at_its_judge_judges_nothing() -> None:
    with pytest.raises(InvalidFieldError, match="nothing is judged"):
        Hypothesis(name="test", criteria=(JUDGE,))
