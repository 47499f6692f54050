"""The judgement as a whole: everything judged, everything said, nothing depending on luck."""

import pytest

from interlock.charter import (
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.errors import AlphaSpentError, NoTruthValueError
from interlock.gate import Judgement, Terms, judge, judge_variants, lineage_key
from interlock.ledger import digest, dump, load
from tests.arms import Rows, arm, scored

TERMS = Terms(basis="prospective", seed=7)
LIMIT = RateUpper(metric="harm", below=0.10, rubric="a" * 64)
HYPOTHESIS = Hypothesis(
    name="guard-prompt",
    criteria=(
        RatioBelow(metric="harm", cut=0.4),
        DifferenceNoninferior(metric="helpfulness", margin=2.0, low=0.0, high=10.0),
        LIMIT,
        ZeroEvents(metric="leak", at_most=0.05),
    ),
)
BEFORE = [
    *scored([1.0] * 60 + [0.0] * 140),
    *scored([8.0, 9.0] * 100, metric="helpfulness"),
    *scored([0.0] * 100, metric="leak"),
]
AFTER = [
    *scored([0.0] * 200),
    *scored([8.0, 8.0] * 100, metric="helpfulness"),
    *scored([0.0] * 100, metric="leak"),
]


def judged(after: Rows = AFTER, terms: Terms = TERMS) -> Judgement:
    return judge(HYPOTHESIS, arm(BEFORE), arm(after), terms=terms)


def test_a_candidate_that_clears_every_bar_passes() -> None:
    found = judged()
    assert found.outcome == "passed"
    assert [one.kind for one in found.verdicts] == [one.kind for one in HYPOTHESIS.criteria]
    assert found.hypothesis == digest(HYPOTHESIS)


def test_every_criterion_is_judged_though_the_first_has_failed() -> None:
    found = judged([*scored([1.0] * 200), *AFTER[200:]])
    assert found.outcome == "failed"
    assert [one.outcome for one in found.verdicts] == ["failed", "passed", "failed", "passed"]


def test_the_judgement_does_not_depend_on_the_order_of_rows() -> None:
    assert dump(judged(AFTER[::-1])) == dump(judged())


def test_a_judgement_is_kept_and_read_back_by_its_digest() -> None:
    assert load(dump(judged())) == judged()


def attempts(tried: Criterion, attempt: int) -> dict[str, int]:
    """One criterion tried before, the others for the first time."""
    return {lineage_key(one): 1 for one in HYPOTHESIS.criteria} | {lineage_key(tried): attempt}


def test_a_criterion_outside_every_lineage_of_its_seal_cannot_be_judged() -> None:
    terms = Terms(basis="retrospective", seed=7, attempts={"another": 1})
    with pytest.raises(KeyError):
        judged(terms=terms)


def test_verdicts_carry_attempt_alpha_basis_and_rubric() -> None:
    terms = Terms(basis="retrospective", seed=7, attempts=attempts(LIMIT, 3))
    found = judged(terms=terms).verdicts
    assert [one.attempt for one in found] == [1, 1, 3, 1]
    assert [one.alpha for one in found] == [0.025, 0.025, 0.05 / 8, 0.025]
    assert {one.basis for one in found} == {"retrospective"}
    assert [one.rubric for one in found] == ["", "", "a" * 64, ""]
    limit = found[2].estimate
    assert limit is not None
    assert limit.confidence == pytest.approx(1 - 2 * 0.05 / 8)


def test_a_lineage_with_nothing_left_cannot_be_judged() -> None:
    terms = Terms(basis="retrospective", seed=7, attempts=attempts(LIMIT, 60))
    with pytest.raises(AlphaSpentError):
        judged(terms=terms)


def test_evidence_counts_both_arms_and_judged_metrics_only() -> None:
    after: Rows = [
        {**AFTER[0], "value": None},
        {**AFTER[1], "value": None, "status": "error"},
        *AFTER[3:],
        *scored([5.0] * 10, metric="engagement"),
    ]
    counts = judged(after).evidence
    assert (counts.expected, counts.observed) == (1000, 997)
    assert (counts.unscored, counts.errored) == (2, 1)


def test_a_judgement_is_neither_true_nor_false() -> None:
    with pytest.raises(NoTruthValueError):
        bool(judged())


def test_variants_of_one_seal_share_its_alpha_by_holm() -> None:
    hypothesis = Hypothesis(name="test", criteria=(RateUpper(metric="harm", below=0.10),))
    clean = arm(scored([0.0] * 35))
    alone = judge_variants(hypothesis, clean, {"a": clean}, terms=TERMS)
    assert alone["a"].outcome == "passed"
    assert alone["a"].verdicts[0].alpha == 0.05
    among_ten = judge_variants(
        hypothesis, clean, {"a": clean}, terms=Terms(basis="prospective", seed=7, variants=10)
    )
    assert among_ten["a"].outcome == "undecided"
    assert among_ten["a"].verdicts[0].alpha == pytest.approx(0.005)


def test_when_one_variant_passes_the_rest_share_what_is_left() -> None:
    hypothesis = Hypothesis(name="test", criteria=(RateUpper(metric="harm", below=0.10),))
    found = judge_variants(
        hypothesis,
        arm([]),
        {"large": arm(scored([0.0] * 400)), "small": arm(scored([0.0] * 32))},
        terms=TERMS,
    )
    assert {name: one.verdicts[0].alpha for name, one in found.items()} == {
        "large": 0.025,
        "small": 0.05,
    }
