"""A sequential hypothesis is judged in the sealed order, on whole clusters, at every look."""

from typing import Any

import numpy as np
import pytest

from interlock.charter import (
    AgreementMin,
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
)
from interlock.errors import BrokenOrderError, InvalidFieldError, UnorderedClusterError
from interlock.gate import (
    SequentialJudgement,
    Terms,
    Truth,
    Within,
    drawn_sizes,
    ended,
    judge,
    judge_variants,
    plan,
    rehearse,
)
from interlock.gate.drawn import DrawnCase
from interlock.ledger import dump, load
from interlock.measure import RunningMean, RunningRate
from tests.arms import Row, Rows, arm

LIMIT = RateUpper(metric="harm", below=0.10)
CUT = RatioBelow(metric="harm", cut=0.40)
NO_WORSE = DifferenceNoninferior(metric="harm", margin=0.2, better="lower")
GUARD = DifferenceNoninferior(metric="help", margin=2.0, low=0.0, high=10.0)


def hypothesis(*criteria: Criterion, **changes: Any) -> TrialHypothesis:
    given = {"basis": "prospective", "stopping": "sequential", "judged": ()}
    return TrialHypothesis(name="test", criteria=criteria, **(given | changes))


def order_of(n: int) -> tuple[str, ...]:
    """Names whose alphabet is not their order."""
    return tuple(f"c{(k * 7919) % 1000003:07d}" for k in range(n))


def rows_of(values: list[float], *, metric: str = "harm", each: int = 1) -> list[Row]:
    """Rows of clusters in the sealed order, ``each`` with the same number of them."""
    order = order_of(len(values) // each)
    return [
        {
            "item": f"{order[k // each]}-{k % each}",
            "cluster": order[k // each],
            "value": value,
            "metric": metric,
        }
        for k, value in enumerate(values)
    ]


def judged(
    claim: TrialHypothesis, before: Rows, after: Rows, *, cap: int, **terms: Any
) -> SequentialJudgement:
    given = Terms(basis="prospective", seed=5, order=order_of(cap), **terms)
    found = judge(claim, arm(before), arm(after), terms=given)
    assert isinstance(found, SequentialJudgement)
    return found


def test_a_clean_candidate_passes_at_the_cluster_where_the_running_test_ends() -> None:
    rows = rows_of([0.0] * 118)
    found = judged(hypothesis(LIMIT), rows, rows, cap=118)
    (verdict,) = found.verdicts
    state = RunningRate(limit=0.10, cap=118).take([0.0] * 118)
    assert (verdict.outcome, verdict.decided_at) == ("passed", state.n)
    assert verdict.estimate == state.estimate()
    assert (found.taken, found.cap, found.stop) == (118, 118, "passed")
    assert load(dump(found)) == found


def test_every_look_up_to_the_end_says_the_same_of_what_was_decided_before() -> None:
    rng = np.random.default_rng(1)
    rows = rows_of([float(one) for one in rng.random(200) < 0.03])
    outcomes = []
    for taken in (1, 20, 40, 80, 120, 200):
        found = judged(hypothesis(LIMIT), rows[:taken], rows[:taken], cap=200)
        outcomes.append((found.verdicts[0].outcome, found.verdicts[0].decided_at))
        assert found.taken == taken
        assert ended(found) == (found.stop != "open")
    decided = [one for one in outcomes if one[0] != "undecided"]
    assert outcomes[0][0] == "undecided"
    assert len(set(decided)) == 1
    assert outcomes[-len(decided) :] == decided


def test_the_order_of_rows_in_a_file_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    rows = rows_of([float(one) for one in rng.random(300) < 0.05], each=3)
    claim = hypothesis(LIMIT, CUT, NO_WORSE)
    found = judged(claim, rows, rows, cap=100)
    shuffled = [rows[k] for k in rng.permutation(len(rows))]
    assert judged(claim, shuffled, rows, cap=100) == found


def test_a_prefix_by_arrival_cannot_be_fed() -> None:
    rows = rows_of([0.0] * 60)
    latency = np.random.default_rng(3).permutation(60)[:30]
    arrived = [rows[k] for k in latency]
    with pytest.raises(BrokenOrderError, match="sealed order"):
        judged(hypothesis(LIMIT), arrived, arrived, cap=60)


def test_arms_that_reach_different_far_are_refused() -> None:
    rows = rows_of([0.0] * 60)
    with pytest.raises(BrokenOrderError) as caught:
        judged(hypothesis(LIMIT), rows, rows[:40], cap=60)
    assert caught.value.args == ("after", order_of(60)[40])


def test_a_cluster_that_was_not_drawn_is_refused() -> None:
    rows = rows_of([0.0] * 20)
    strange = [*rows, {"item": "x", "cluster": "strange", "value": 0.0}]
    with pytest.raises(UnorderedClusterError, match="'strange'"):
        judged(hypothesis(LIMIT), rows, strange, cap=30)


def test_without_a_sealed_order_nothing_is_decided() -> None:
    rows = rows_of([0.0] * 200)
    terms = Terms(basis="prospective", seed=5)
    found = judge(hypothesis(LIMIT), arm(rows), arm(rows), terms=terms)
    assert found.outcome == "undecided"
    assert "sealed order" in found.verdicts[0].reason


def test_clusters_of_several_rows_are_bet_on_by_their_means() -> None:
    rng = np.random.default_rng(4)
    values = [float(one) for one in rng.random(600) < 0.02]
    rows = rows_of(values, each=30)
    sizes = {("harm", ()): (30,) * 40}
    found = judged(hypothesis(LIMIT), rows, rows, cap=40, sizes=sizes)
    means = np.array(values).reshape(20, 30).mean(axis=1)
    state = RunningMean(limit=0.1, low=0.0, high=1.0, better="lower", cap=40).take(means.tolist())
    assert found.verdicts[0].estimate == state.estimate()


def test_where_clusters_differ_in_size_rows_and_clusters_both_have_to_pass() -> None:
    rows: list[Row] = []
    for k, name in enumerate(order_of(150)):
        size, value = (20, 0.0) if k % 2 else (1, float(k % 10 == 0))
        rows += [{"item": f"{name}-{j}", "cluster": name, "value": value} for j in range(size)]
    sizes = {("harm", ()): tuple(20 if k % 2 else 1 for k in range(150))}
    found = judged(hypothesis(LIMIT), rows, rows, cap=150, sizes=sizes)
    assert found.outcome != "passed"  # one cluster in ten is bad, one row in a hundred


@pytest.mark.parametrize("stopping", ["fixed", "sequential"])
@pytest.mark.parametrize(
    "claim",
    [RateUpper(metric="harm", below=0.05), ZeroEvents(metric="harm", at_most=0.05), CUT, NO_WORSE],
    ids=lambda one: one.kind,
)
def test_a_draw_that_missed_the_one_large_cluster_says_nothing_of_its_rows(
    claim: Criterion, stopping: str
) -> None:
    """Of 3000 rows two thirds are in one cluster, which four draws of five do not meet."""
    before = rows_of([1.0, 0.0] * 100)
    after = rows_of([0.0] * 200)
    whole = Hypothesis(name="test", criteria=(claim, GUARD), basis="prospective")
    for sizes, outcome in (({1}, "passed"), ({1, 2000}, "undecided")):
        found = judge(
            whole if stopping == "fixed" else hypothesis(claim, GUARD),
            arm([*before, *rows_of([9.0] * 200, metric="help")]),
            arm([*after, *rows_of([9.0] * 200, metric="help")]),
            terms=Terms(
                basis="prospective",
                seed=5,
                order=order_of(200),
                bank={("harm", ()): frozenset(sizes)},
            ),
        )
        assert found.verdicts[0].outcome == outcome


def test_somewhat_larger_clusters_that_were_not_drawn_let_a_clean_candidate_pass() -> None:
    rows = rows_of([0.0] * 300)
    bank = {("harm", ()): frozenset({1, 2})}
    assert judged(hypothesis(LIMIT), rows, rows, cap=300, bank=bank).outcome == "passed"


def test_a_gain_and_a_guard_end_early_with_intervals_that_hold_at_all_times() -> None:
    before = rows_of([1.0, 0.0] * 100) + rows_of([9.0, 8.0] * 100, metric="help")
    after = rows_of([0.0] * 200) + rows_of([9.0, 8.0] * 100, metric="help")
    found = judged(hypothesis(CUT, GUARD), before, after, cap=200)
    assert [one.outcome for one in found.verdicts] == ["passed", "passed"]
    assert all(0 < one.decided_at < 120 for one in found.verdicts)
    assert {one.estimate.method for one in found.verdicts if one.estimate} == {
        "betting-ratio-anytime/1",
        "betting-anytime/1",
    }


def test_a_red_line_crossed_after_it_was_clear_still_fails() -> None:
    line = hypothesis(ZeroEvents(metric="harm", at_most=0.05))
    clean = rows_of([0.0] * 59)
    assert judged(line, clean, clean, cap=100).outcome == "passed"
    spoilt = rows_of([0.0] * 80 + [1.0])
    assert judged(line, spoilt, spoilt, cap=100).stop == "failed"


def test_a_red_line_is_not_clear_where_a_trial_ended_that_could_have_gone_on() -> None:
    """An event in the next cluster would have failed it; whoever ends so could be hiding one."""
    line = ZeroEvents(metric="harm", at_most=0.05)
    claim = hypothesis(line, CoverageMin(metric="harm", clusters=90))
    clean = rows_of([0.0] * 100)
    early = judged(claim, clean[:60], clean[:60], cap=100)
    assert [one.outcome for one in early.verdicts] == ["undecided", "undecided"]
    assert "ended before" in early.verdicts[0].reason
    assert (early.stop, early.verdicts[0].decided_at) == ("open", 0)
    whole = judged(claim, clean, clean, cap=100)
    assert (whole.stop, whole.verdicts[0].outcome) == ("passed", "passed")


def test_every_part_of_a_limit_has_clusters_of_its_own() -> None:
    claim = AllOf(metric="harm", below=0.1, over="category", values=("a", "b"))
    places = {("harm", part.where): (1,) * 60 for part in claim.parts}
    rows = [
        dict(row, slices={"category": "ab"[k % 2]}) for k, row in enumerate(rows_of([0.0] * 120))
    ]
    found = judged(hypothesis(claim), rows, rows, cap=120, sizes=places)
    single = RunningRate(limit=0.1, cap=60).take([0.0] * 60).n
    assert found.verdicts[0].decided_at == 2 * single
    first = judged(hypothesis(claim), rows[:20], rows[:20], cap=120, sizes=places)
    assert first.stop == "open"


def test_coverage_is_waited_for() -> None:
    claim = hypothesis(LIMIT, CoverageMin(metric="harm", clusters=90))
    rows = rows_of([0.0] * 120)
    assert judged(claim, rows[:80], rows[:80], cap=120).stop == "open"
    assert judged(claim, rows[:90], rows[:90], cap=120).stop == "passed"


def test_a_trial_that_cannot_pass_any_more_ends() -> None:
    rows = rows_of([1.0, 1.0, 1.0])
    tight = hypothesis(RateUpper(metric="harm", below=0.05))
    found = judged(tight, rows, rows, cap=80)
    assert found.stop in {"hopeless", "failed"}
    assert ended(found)


def test_unscored_clusters_count_against_the_candidate_in_order() -> None:
    rows = rows_of([0.0] * 118)
    gone = [dict(row, value=None) if k < 30 else row for k, row in enumerate(rows)]
    found = judged(hypothesis(LIMIT), rows, gone, cap=118)
    assert found.outcome == "failed"
    assert "without a score count against it" in found.verdicts[0].reason


def test_any_of_several_candidates_shares_alpha_at_every_look() -> None:
    rows = rows_of([0.0] * 118)
    terms = Terms(basis="prospective", seed=5, order=order_of(118), variants=2)
    bad = rows_of([1.0] * 118)
    found = judge_variants(
        hypothesis(LIMIT), arm(rows), {"one": arm(rows), "two": arm(bad)}, terms=terms
    )
    assert {name: one.outcome for name, one in found.items()} == {"one": "passed", "two": "failed"}
    assert found["one"].verdicts[0].alpha == 0.025


def test_rows_that_a_criterion_will_see_are_known_from_the_draw() -> None:
    german = (SliceValue(slice="language", value="de"),)
    claim = hypothesis(LIMIT, RateUpper(metric="harm", below=0.2, where=german))
    clusters: list[list[DrawnCase]] = [
        [(("harm",), german), (("harm",), ())],
        [(("help",), german)],
        [(("harm", "help"), ())],
    ]
    found = drawn_sizes(claim, clusters, epochs=2)
    assert found == {("harm", ()): (4, 2), ("harm", german): (2,)}


def test_a_sequential_hypothesis_is_planned_and_rehearsed_as_it_will_be_judged() -> None:
    claim, terms = hypothesis(LIMIT, CUT, NO_WORSE), Terms(basis="prospective", seed=8)
    truths = {"harm": Truth(before=0.5, after=0.03, spread=0.6)}
    made = plan(claim, truths, clusters=300, terms=terms)
    assert {one.method for one in made.criteria} == {"simulated"}
    assert made.power > 0.8
    assert plan(claim, truths, clusters=60, terms=terms).power < made.power
    shown = rehearse(claim, truths, sample=(300, Within()), terms=terms, runs=10)
    assert shown.power.value >= 0.7


def test_what_has_no_bound_for_many_looks_is_refused() -> None:

    agreement = AgreementMin(metric="judged-harm", reference="harm", at_least=0.6)
    with pytest.raises(InvalidFieldError, match="again and again"):
        hypothesis(LIMIT, agreement)
    with pytest.raises(InvalidFieldError, match="basis: prospective"):
        hypothesis(LIMIT, basis="retrospective")
