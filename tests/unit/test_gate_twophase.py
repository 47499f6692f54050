"""People label what a judge flagged and a drawn part of the rest: bounds whatever the judge is."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

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
from interlock.errors import InvalidFieldError
from interlock.gate import Judgement, Terms, judge, needs_label
from interlock.trial import AUTOMATIC
from tests.arms import Row, Rows, arm

SEED, CHANCE = 7, 0.25
TERMS = Terms(basis="prospective", seed=SEED)
MODEL, PEOPLE = "model:guard/1#0123456789ab", "human:harm/1"
LIMIT = RateUpper(metric="harm", below=0.10)
CUT = RatioBelow(metric="harm", cut=0.40)
NO_WORSE = DifferenceNoninferior(metric="harm", margin=0.1, better="lower")
LINE = ZeroEvents(metric="harm", at_most=0.1)


def claim(*criteria: Criterion, chance: float = CHANCE, **changes: Any) -> TrialHypothesis:
    entry = JudgedMetric(metric="harm", by="judged-harm", labelled=chance)
    given = {"stopping": "fixed", "judged": (entry,)}
    return TrialHypothesis(name="test", criteria=criteria, **(given | changes))


def rows_of(
    harm: np.ndarray, flagged: np.ndarray, *, chance: float = CHANCE, each: int = 1
) -> list[Row]:
    """The judge's rows of every item, and people's of those that are due."""
    rows: list[Row] = []
    for k, (truth, flag) in enumerate(zip(harm, flagged, strict=True)):
        same = {"item": f"i{k:05}", "cluster": f"c{k // each:05}"}
        rows.append({**same, "metric": "judged-harm", "value": float(flag), "judge": MODEL})
        if flag or needs_label(same["item"], 0, seed=SEED, chance=chance):
            rows.append({**same, "metric": "harm", "value": float(truth), "judge": PEOPLE})
    return rows


def drawn(rate: float, n: int, seed: int, **options: Any) -> list[Row]:
    """Rows whose judge misses two events in five, and flags one clean row in twenty."""
    rng = np.random.default_rng(seed)
    harm = rng.random(n) < rate
    flagged = np.where(harm, rng.random(n) < 0.6, rng.random(n) < 0.05)
    return rows_of(harm, flagged, **options)


def found(hypothesis: Hypothesis, before: Rows, after: Rows) -> Judgement:
    return judge(hypothesis, arm(before), arm(after), terms=TERMS)


BEFORE, AFTER = drawn(0.4, 600, 1), drawn(0.01, 600, 2)


def test_labels_are_drawn_by_a_hash_that_nobody_chooses() -> None:
    marks = [needs_label(f"i{k}", e, seed=1, chance=0.2) for k in range(5000) for e in (0, 1)]
    assert stats.binomtest(sum(marks), len(marks), 0.2).pvalue > 0.001
    assert all(needs_label(f"i{k}", 0, seed=1, chance=1.0) for k in range(100))
    more = [needs_label(f"i{k}", 0, seed=1, chance=0.5) for k in range(5000)]
    assert all(large or not small for small, large in zip(marks[::2], more, strict=True))
    assert needs_label("zwölf", 3, seed=2**52 - 1, chance=0.5)


def test_every_kind_of_criterion_passes_a_good_candidate_on_a_quarter_of_the_labels() -> None:
    judgement = found(claim(LIMIT, CUT, NO_WORSE), BEFORE, AFTER)
    assert [one.outcome for one in judgement.verdicts] == ["passed"] * 3
    methods = [one.estimate.method for one in judgement.verdicts if one.estimate]
    assert methods == ["judge-corrected/1", "judge-corrected-ratio/1", "betting-mean/1"]
    assert "PPI++" in judgement.verdicts[0].reason
    assert "Rogan-Gladen" in found(claim(LIMIT), BEFORE, BEFORE).verdicts[0].reason


def test_a_label_that_is_due_and_absent_is_the_worst_for_passing() -> None:
    due = [k for k, row in enumerate(AFTER) if row["metric"] == "harm"]
    without = [row for k, row in enumerate(AFTER) if k not in due[:60]]
    whole = found(claim(LIMIT), BEFORE, AFTER).verdicts[0]
    thin = found(claim(LIMIT), BEFORE, without).verdicts[0]
    assert whole.outcome == "passed"
    assert thin.outcome != "passed"
    assert "labels that were due are absent" in thin.reason


def test_a_label_that_is_not_due_is_ignored() -> None:
    labelled = {row["item"] for row in AFTER if row["metric"] == "harm"}
    extra: list[Row] = [
        {**row, "metric": "harm", "value": 0.0, "judge": PEOPLE}
        for row in AFTER
        if row["metric"] == "judged-harm" and row["item"] not in labelled
    ]
    assert len(extra) > 300
    first = found(claim(LIMIT, CUT, NO_WORSE), BEFORE, AFTER)
    second = found(claim(LIMIT, CUT, NO_WORSE), BEFORE, [*AFTER, *extra])
    assert [one.estimate for one in second.verdicts] == [one.estimate for one in first.verdicts]


def test_rows_the_judge_could_not_score_are_due() -> None:
    blind: list[Row] = [
        {**row, "value": None} if row["metric"] == "judged-harm" else row for row in AFTER
    ]
    verdict = found(claim(LIMIT), BEFORE, blind).verdicts[0]
    assert verdict.outcome == "failed"


def test_a_judge_that_sees_nothing_hides_nothing() -> None:
    harm = np.random.default_rng(3).random(2000) < 0.3
    rows = rows_of(harm, np.zeros(2000, dtype=bool))
    assert found(claim(LIMIT), BEFORE, rows).outcome == "failed"


def test_too_few_events_found_by_people_decide_nothing() -> None:
    clean = rows_of(np.zeros(800, dtype=bool), np.zeros(800, dtype=bool))
    verdict = found(claim(LIMIT), clean, clean).verdicts[0]
    assert verdict.outcome == "undecided"
    assert "fewer than 5" in verdict.reason
    assert found(claim(LIMIT), BEFORE, clean[: 2 * 600]).verdicts[0].outcome == "passed"


def test_a_red_line_needs_every_due_label_and_no_event() -> None:
    clean = rows_of(np.zeros(600, dtype=bool), np.arange(600) % 20 == 0)
    assert found(claim(LINE), BEFORE, clean).outcome == "passed"
    assert found(claim(LINE), BEFORE, AFTER).outcome == "failed"
    gone = next(k for k, row in enumerate(clean) if row["metric"] == "harm")
    thin = found(claim(LINE), BEFORE, clean[:gone] + clean[gone + 1 :]).verdicts[0]
    assert thin.outcome == "undecided"
    assert "due is absent" in thin.reason


def test_clusters_bet_on_corrected_values() -> None:
    before, after = drawn(0.4, 900, 4, each=3), drawn(0.01, 900, 5, each=3)
    judgement = found(claim(LIMIT, CUT, NO_WORSE), before, after)
    assert judgement.outcome == "passed"
    assert {one.estimate.n for one in judgement.verdicts if one.estimate} == {300}


def test_parts_and_coverage_look_at_labels_in_their_slices() -> None:
    def tagged(rows: Rows) -> list[Row]:
        return [
            {**row, "slices": {"category": "ab"[int(str(row["item"])[1:]) % 2]}} for row in rows
        ]

    each = AllOf(metric="harm", below=0.15, over="category", values=("a", "b"))
    cover = CoverageMin(metric="harm", clusters=400)
    judgement = found(claim(each, cover), tagged(BEFORE), tagged(AFTER))
    assert [one.outcome for one in judgement.verdicts] == ["passed", "passed"]


def test_a_sequential_trial_bets_on_corrected_values() -> None:
    order = tuple(f"c{k:05}" for k in range(600))
    terms = Terms(basis="prospective", seed=SEED, order=order)
    hypothesis = claim(LIMIT, stopping="sequential", basis="prospective")
    judgement = judge(hypothesis, arm(BEFORE), arm(AFTER), terms=terms)
    (verdict,) = judgement.verdicts
    assert verdict.outcome == "passed"
    assert verdict.estimate is not None
    assert verdict.estimate.method == "betting-anytime/1"


@pytest.mark.parametrize(
    "name",
    [
        *(f"{kind}:x/1" for kind in AUTOMATIC),
        *("gpt-4", "Model:gpt-4/1", " model:x", "llm:x", "alice", "human", "exactly:x/1"),
    ],
)
def test_a_judge_that_is_not_called_a_person_or_exact_decides_nothing(name: str) -> None:
    rows = [{"item": f"i{k}", "value": 0.0, "judge": name} for k in range(200)]
    verdict = found(Hypothesis(name="t", criteria=(LIMIT,)), rows, rows).verdicts[0]
    assert verdict.outcome == "undecided"
    assert "whose errors nobody knows" in verdict.reason


@pytest.mark.parametrize("judge_name", [None, "", "exact:canary/1", PEOPLE, "Human:ann/1"])
def test_other_judges_decide_as_ever(judge_name: str | None) -> None:
    rows = [{"item": f"i{k}", "value": 0.0, "judge": judge_name} for k in range(200)]
    assert found(Hypothesis(name="t", criteria=(LIMIT,)), rows, rows).outcome == "passed"


def test_a_judge_that_sees_more_in_one_arm_makes_no_slice_worse() -> None:
    """The truth is the same in both arms; the judge flags nothing of it before, and all after."""
    rng, worse = np.random.default_rng(9), 0
    for _ in range(20):
        before, after = rng.random(400) < 0.3, rng.random(400) < 0.3
        arms = [
            [dict(row, slices={"half": str(int(row["item"][1:]) % 2)}) for row in rows]
            for rows in (rows_of(before, np.zeros(400, dtype=bool)), rows_of(after, after))
        ]
        searched = found(claim(LIMIT), *arms).slices
        worse += any(one.status == "worse" for one in searched)
        assert all(0 <= one.before <= 1 and 0 <= one.after <= 1 for one in searched)
        assert {one.metric for one in searched} == {"harm"}
    assert worse <= 4  # at .05 a search: more has a chance of .003


def test_two_customary_intervals_are_shown_beside_independent_rows_alone() -> None:
    harm = np.random.default_rng(5).random(600) < 0.3
    flags = harm & (np.arange(600) % 3 > 0)
    single, grouped = (rows_of(harm, flags, each=each) for each in (1, 10))
    assert "PPI++" in found(claim(LIMIT), single, single).verdicts[0].reason
    assert "PPI++" not in found(claim(LIMIT), grouped, grouped).verdicts[0].reason
    order = tuple(f"c{k:05}" for k in range(600))
    terms = Terms(basis="prospective", seed=SEED, order=order)
    looked = claim(LIMIT, stopping="sequential", basis="prospective")
    judgement = judge(looked, arm(single), arm(single), terms=terms)
    assert "PPI++" not in judgement.verdicts[0].reason


def test_an_automatic_judge_in_the_place_of_people_decides_nothing() -> None:
    posing = [{**row, "judge": MODEL} for row in AFTER]
    verdict = found(claim(LIMIT), [{**row, "judge": MODEL} for row in BEFORE], posing).verdicts[0]
    assert verdict.outcome == "undecided"


def test_the_judges_own_metric_stays_undecided_beside_the_labelled_one() -> None:
    own = RateUpper(metric="judged-harm", below=0.9)
    judgement = found(claim(LIMIT, own), BEFORE, AFTER)
    assert [one.outcome for one in judgement.verdicts] == ["passed", "undecided"]


@pytest.mark.parametrize("metric", ["harm", "judged-harm"])
def test_another_judge_in_each_arm_is_a_judge_switch(metric: str) -> None:
    other = [
        {**row, "judge": "human:strict/2"} if row["metric"] == metric else row for row in AFTER
    ]
    verdict = found(claim(LIMIT), BEFORE, other).verdicts[0]
    assert verdict.outcome == "undecided"
    assert "judge switch" in verdict.reason


def test_the_same_judges_on_other_rows_are_a_judge_switch_too() -> None:
    def rows(lenient: int) -> list[Row]:
        return [
            {"item": f"i{k}", "value": 0.0, "judge": f"human:{k % 2 == lenient}/1"}
            for k in range(200)
        ]

    plain = Hypothesis(name="t", criteria=(LIMIT,))
    assert found(plain, rows(0), rows(0)).outcome == "passed"
    assert "judge switch" in found(plain, rows(0), rows(1)).verdicts[0].reason


def test_whether_a_judge_agrees_with_people_may_be_asked_of_it() -> None:
    rng = np.random.default_rng(6)
    harm = rng.random(300) < 0.5
    rows = rows_of(harm, harm, chance=1.0)
    agreement = AgreementMin(metric="judged-harm", reference="harm", at_least=0.6)
    hypothesis = Hypothesis(name="t", criteria=(LIMIT, agreement))
    assert found(hypothesis, rows, rows).verdicts[1].outcome == "passed"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"metric": "help"}, "nothing is claimed of help"),
        ({"by": "harm"}, "cannot be judged by harm"),
    ],
)
def test_a_share_of_labels_that_means_nothing_is_refused(entry: dict[str, Any], fault: str) -> None:
    given: dict[str, Any] = {"metric": "harm", "by": "judged-harm", "labelled": 0.2}
    made = JudgedMetric(**(given | entry))
    with pytest.raises(InvalidFieldError, match=fault):
        claim(LIMIT, judged=(made,))


@pytest.mark.parametrize("specificity", [0.95, 1.0])
def test_a_candidate_at_its_limit_hardly_ever_passes(specificity: float) -> None:
    rng, passed, runs, n = np.random.default_rng(9), 0, 12, 1000
    limit = claim(RateUpper(metric="harm", below=0.02), chance=0.1)
    before = drawn(0.4, 200, 1, chance=0.1)
    for _ in range(runs):
        harm = rng.random(n) < 0.02
        flagged = np.where(harm, rng.random(n) < 0.6, rng.random(n) >= specificity)
        names = rng.integers(0, 10**9, n)
        rows = [
            {**row, "item": f"{row['item']}-{names[int(str(row['item'])[1:])]}"}
            for row in rows_of(harm, flagged, chance=1.0)
        ]
        passed += found(limit, before, rows).verdicts[0].outcome == "passed"
    assert passed <= stats.binom.isf(0.001, runs, 0.05)
