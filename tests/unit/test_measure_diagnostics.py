"""Perplexity, burstiness, consistency, robustness, detection: against oracles and neighbours."""

import json
import math
import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from interlock.errors import (
    InterlockError,
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    TakenNameError,
    ValueOutOfRangeError,
)
from interlock.measure import Forecasts, calibration_error
from interlock.measure.diagnostics import (
    ANY_ATTACK,
    Attacked,
    Completion,
    bits_per_byte,
    burstiness,
    detection,
    perplexity,
    robustness,
    self_consistency,
)


@pytest.fixture
def oracle(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "oracles" / "statistics.json").read_text("utf-8"))
    return found


def texts(*chances: tuple[float, ...], octets: int = 10) -> list[Completion]:
    """One text a cluster, with the chances of its tokens."""
    return [
        Completion(cluster=f"c{k}", logs=tuple(math.log(p) for p in one), octets=octets)
        for k, one in enumerate(chances)
    ]


@pytest.mark.shared
def test_the_worked_examples_come_out(oracle: dict[str, Any]) -> None:
    found = perplexity(texts((0.5, 0.25), (0.125, 0.125)))
    assert found.value == pytest.approx(oracle["perplexity_.5_.25_.125_.125"], abs=5e-7)
    burst = burstiness([1, 1, 1, 9])
    assert burst.value == pytest.approx(oracle["burstiness_1_1_1_9"], abs=5e-8)
    wanted = oracle["self_consistency_AAABC"]
    said = self_consistency({"q": "AAABC"})
    assert said.modal.value == pytest.approx(wanted["modal"])
    assert said.entropy.value == pytest.approx(wanted["entropy_nats"], abs=5e-8)
    assert said.agreement.value == pytest.approx(wanted["pair_agreement"])
    ece = oracle["ece"]
    forecasts = Forecasts(ece["y"], ece["p"])
    assert calibration_error(forecasts, bins=ece["bins"]).value == pytest.approx(ece["ece"])


def test_perplexity_weighs_every_token_alike_and_bits_every_byte() -> None:
    made = texts((0.5,) * 30, (0.25,) * 10, (0.1, 0.9), octets=8)
    logs = [log for one in made for log in one.logs]
    assert perplexity(made).value == pytest.approx(math.exp(-float(np.mean(logs))))
    assert bits_per_byte(made).value == pytest.approx(-sum(logs) / math.log(2) / 24)
    assert perplexity(made).n == 3


@pytest.mark.parametrize("many", [5, 40])
def test_texts_that_are_all_alike_show_no_spread_and_no_certainty(many: int) -> None:
    same = perplexity(texts(*[(0.5, 0.5)] * many))
    assert same.value == pytest.approx(2.0)
    assert (same.low, same.high) == (None, None)


def test_few_clusters_have_no_interval() -> None:
    few = texts(*[(0.5,), (0.1,), (0.9,)] * 3)
    assert (perplexity(few).low, perplexity(few).high) == (None, None)
    assert perplexity([*few, Completion(cluster="tenth", logs=(-1.0,))]).low is not None
    even = burstiness([1.0, 1.0, 1.0, 1.0])
    assert (even.value, even.low, even.high) == (-1.0, None, None)
    kappa = detection([1, 1, 0, 0], [1, 1, 0, 0], ["a", "a", "b", "b"]).kappa
    assert kappa is not None
    assert (kappa.value, kappa.low, kappa.high) == (1.0, None, None)


def test_unequal_texts_have_an_interval() -> None:
    mixed = perplexity(texts(*[(0.5,) * 9, (0.01,) * 9] * 5))
    assert mixed.low is not None
    assert mixed.high is not None
    assert mixed.low < 5 < mixed.value < mixed.high


def test_an_interval_of_perplexity_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    truth, held, repeats = math.exp(1.5), 0, 200
    for k in range(repeats):
        rows = [
            Completion(cluster=str(j), logs=tuple(-rng.gamma(3, 0.5) * np.ones(5)))
            for j in range(60)
        ]
        found = perplexity(rows, seed=k)
        held += (found.low or 0) <= truth <= (found.high or math.inf)
    assert held / repeats == pytest.approx(0.9, abs=0.06)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([], NotEnoughDataError),
        (texts((0.5,)), NotEnoughDataError),
        ([Completion(cluster="a", logs=())], NotEnoughDataError),
        ([Completion(cluster=c, logs=(0.1,)) for c in "ab"], ValueOutOfRangeError),
        ([Completion(cluster=c, logs=(math.nan,)) for c in "ab"], ValueOutOfRangeError),
    ],
)
def test_texts_that_show_nothing_have_no_perplexity(
    rows: list[Completion], error: type[InterlockError]
) -> None:
    with pytest.raises(error):
        perplexity(rows)


def test_a_perplexity_beyond_all_numbers_is_refused_with_what_to_read_instead() -> None:
    rows = [Completion(cluster=str(k), logs=(-1000.0,), octets=4) for k in range(12)]
    with pytest.raises(NotEstimableError, match="bits a byte"):
        perplexity(rows)
    assert bits_per_byte(rows).value == pytest.approx(250 / math.log(2))


def test_draws_beyond_all_numbers_leave_perplexity_unbounded() -> None:
    rows = [Completion(cluster=str(k), logs=(-1.0,)) for k in range(11)]
    found = perplexity([*rows, Completion(cluster="odd", logs=(-6000.0,))])
    assert found.high is None
    assert found.low is not None


def test_an_open_range_is_told_in_words() -> None:
    rows = [Completion(cluster=c, logs=(-math.inf,)) for c in "ab"]
    with pytest.raises(ValueOutOfRangeError, match="-inf, but must be a finite number of at most"):
        perplexity(rows)
    with pytest.raises(ValueOutOfRangeError, match="inf, but must be a finite number of at least"):
        burstiness([math.inf])


def test_bits_need_the_length_of_every_text() -> None:
    with pytest.raises(NotEstimableError, match="length"):
        bits_per_byte(texts((0.5,), (0.5,), octets=0))


def test_burstiness_is_that_of_the_coefficient_of_variation() -> None:
    gaps = np.random.default_rng(3).pareto(3, 500)
    spread = float(stats.variation(gaps))
    found = burstiness(gaps, np.arange(500) // 10)
    assert found.value == pytest.approx((spread - 1) / (spread + 1))
    assert found.n == 50
    assert burstiness([2.0, 2.0, 2.0]).value == pytest.approx(-1.0)
    assert burstiness(gaps * 1e200).value == pytest.approx(found.value)


def test_gaps_that_say_nothing_are_refused() -> None:
    with pytest.raises(NotEstimableError):
        burstiness([0, 0, 0])
    with pytest.raises(ValueOutOfRangeError):
        burstiness([1, -1, 2])
    with pytest.raises(NotEnoughDataError):
        burstiness([])
    with pytest.raises(NotEnoughDataError):
        burstiness([1, 2], ["a", "a"])
    with pytest.raises(MismatchedShapesError):
        burstiness([1, 2], ["a"])


@pytest.mark.parametrize("said", ["AB", "AAAA", "ABCDE", "AABB", "AAABBC"])
def test_consistency_agrees_with_counting_and_with_scipy(said: str) -> None:
    found = self_consistency({"q": said})
    counts = np.unique(list(said), return_counts=True)[1]
    pairs = [a == b for a, b in combinations(said, 2)]
    assert found.modal.value == pytest.approx(counts.max() / len(said))
    assert found.entropy.value == pytest.approx(float(stats.entropy(counts)))
    assert found.agreement.value == pytest.approx(float(np.mean(pairs)))


def test_questions_of_one_cluster_count_as_one() -> None:
    answers = {"q1": "AA", "q2": "AB", "q3": "AB"}
    found = self_consistency(answers, {"q1": "x", "q2": "y", "q3": "y"})
    assert found.agreement.value == pytest.approx(0.5)
    assert found.agreement.n == 2
    alone = self_consistency({"q": "AAAA"}).agreement
    assert alone.low is not None
    assert alone.low < 0.1


def test_a_question_asked_once_shows_no_consistency() -> None:
    with pytest.raises(NotEnoughDataError, match="repeats"):
        self_consistency({"q": "A"})
    with pytest.raises(NotEnoughDataError):
        self_consistency({})


def test_detection_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(5)
    attacked = rng.random(300) < 0.4
    flagged = attacked ^ (rng.random(300) < 0.2)
    found = detection(flagged, attacked, np.arange(300) // 3)
    cleared, alarms, missed, caught = metrics.confusion_matrix(attacked, flagged).ravel()
    assert (found.caught, found.missed) == (caught, missed)
    assert (found.false_alarms, found.cleared) == (alarms, cleared)
    assert found.sensitivity is not None
    assert found.sensitivity.value == pytest.approx(metrics.recall_score(attacked, flagged))
    assert found.specificity is not None
    assert found.specificity.value == pytest.approx(metrics.recall_score(~attacked, ~flagged))
    assert found.precision is not None
    assert found.precision.value == pytest.approx(metrics.precision_score(attacked, flagged))
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(metrics.cohen_kappa_score(attacked, flagged))


def test_shares_of_independent_attempts_have_exact_intervals() -> None:
    attacked = [1] * 20 + [0] * 20
    flagged = [1] * 18 + [0] * 2 + [1] * 3 + [0] * 17
    found = detection(flagged, attacked, [f"c{k}" for k in range(40)])
    wanted = stats.binomtest(18, 20).proportion_ci(0.9, method="exact")
    assert found.sensitivity is not None
    assert (found.sensitivity.low, found.sensitivity.high) == pytest.approx(
        (wanted.low, wanted.high)
    )


def test_one_cluster_is_no_evidence_of_detection() -> None:
    with pytest.raises(NotEnoughDataError, match="clusters"):
        detection([1], [1], ["a"])
    with pytest.raises(NotEnoughDataError):
        detection([1, 0], [1, 1], ["a", "a"])


def test_what_never_happened_has_no_share() -> None:
    found = detection([1, 1, 1], [1, 1, 1], ["a", "b", "c"])
    assert found.specificity is None
    assert found.kappa is None
    assert found.sensitivity is not None
    one = detection([1, 0, 1], [1, 1, 0], ["a", "a", "b"]).sensitivity
    assert one is not None
    assert (one.low, one.high, one.n) == (0.0, 1.0, 1)


def attempts(plain: list[int], attacked: list[list[int]]) -> Attacked:
    """Plain requests one a behaviour, and attacks at several tries a behaviour."""
    rows = [(f"b{k}", "none", float(one)) for k, one in enumerate(plain)]
    rows += [
        (f"b{k}", "crescendo", float(one)) for k, tries in enumerate(attacked) for one in tries
    ]
    cluster, attack, success = zip(*rows, strict=True)
    return Attacked(cluster=cluster, attack=attack, success=success)


def test_an_attack_is_told_beside_no_attack_on_the_same_behaviours() -> None:
    plain = [1, 0, 0, 0] * 10
    made = robustness(attempts(plain, [[1, 0], [1, 0], [0, 0], [1, 1]] * 10))
    none, attack = made
    assert none.attack == "none"
    assert none.change is None
    assert none.success.value == pytest.approx(0.25)
    assert attack.success.value == pytest.approx(0.5)
    assert attack.change is not None
    assert attack.change.value == pytest.approx(0.25)
    assert attack.ratio is not None
    assert attack.ratio.value == pytest.approx(2.0)
    assert attack.tries == 2
    assert attack.at_tries is not None
    assert attack.at_tries.value == pytest.approx(0.75)
    assert attack.success.n == 40


def test_a_ratio_to_nothing_is_none() -> None:
    _, attack = robustness(attempts([0, 0], [[1], [1]]))
    assert attack.ratio is None
    assert attack.change is not None
    assert attack.at_tries is None


def test_several_attacks_also_stand_together() -> None:
    rows = Attacked(
        cluster=["a", "a", "b", "b"], attack=["x", "y", "x", "y"], success=[1.0, 0.0, 0.0, 0.0]
    )
    made = {one.attack: one for one in robustness(rows)}
    assert list(made) == ["x", "y", ANY_ATTACK]
    together = made[ANY_ATTACK].at_tries
    assert together is not None
    assert together.value == pytest.approx(0.5)


def test_more_tries_than_were_made_are_no_evidence() -> None:
    with pytest.raises(NotEnoughDataError, match="crescendo"):
        robustness(attempts([0] * 2, [[0, 1], [0]]), tries=2)


@pytest.mark.parametrize("tries", [0, -1])
def test_an_attacker_has_one_try_at_least(tries: int) -> None:
    with pytest.raises(NotEnoughDataError, match="tries that the attacker has"):
        robustness(attempts([0] * 2, [[0, 1], [0, 1]]), tries=tries)


@pytest.mark.parametrize("tries", [None, 3])
def test_tries_that_stop_at_the_first_success_count_in_full(tries: int | None) -> None:
    stopped = [[1], [0, 1], [0, 0, 1], [0, 0, 0]]
    _, attack = robustness(attempts([0] * 4, stopped), tries=tries)
    assert attack.tries == 3
    assert attack.at_tries is not None
    assert (attack.at_tries.value, attack.at_tries.n) == (0.75, 4)


@pytest.mark.parametrize(
    "columns", [(["a"], ["x", "x"], [1.0, 0.0]), (["a", "b"], ["x"], [1.0, 0.0])]
)
def test_columns_of_attempts_are_of_one_length(
    columns: tuple[list[str], list[str], list[float]],
) -> None:
    cluster, attack, success = columns
    with pytest.raises(MismatchedShapesError):
        robustness(Attacked(cluster=cluster, attack=attack, success=success))


def test_no_attack_bears_the_name_of_all_together() -> None:
    named = Attacked(cluster=["a", "b"], attack=["any", "x"], success=[1.0, 0.0])
    assert [one.attack for one in robustness(named)] == ["any", "x", ANY_ATTACK]
    taken = Attacked(cluster=["a", "b"], attack=[ANY_ATTACK, "x"], success=[1.0, 0.0])
    with pytest.raises(TakenNameError, match="another name"):
        robustness(taken)


def test_nothing_warns_on_the_edge() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        burstiness([1, 1, 1, 1])
        detection([0, 0], [0, 1], ["a", "b"])
