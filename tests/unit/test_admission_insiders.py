"""Insiders with honest keys: what one of them says alone never stands for what others said."""

from typing import Any

import pytest

from interlock.admission import Acceptance, Answer, Question, Unseal, admit, verify
from interlock.charter import Hypothesis, RateUpper
from interlock.errors import RefusedActError
from interlock.ledger import content, digest, dump
from tests.world import (
    BASELINE,
    CANDIDATE,
    VARIANT,
    World,
    both,
    named,
    refusal,
)

TERMS: dict[str, Any] = {"recomputation": True, "standard_parts": ("decoding",)}


@pytest.fixture
def world() -> World:
    return World().staffed()


def told(world: World, act: object, name: str) -> str:
    """Why the product does not let somebody say what counts already."""
    with pytest.raises(RefusedActError) as refused:
        admit(world.state, world.signed(act, name), world.clock.now())
    return refused.value.reason


def test_the_same_question_by_somebody_else_is_not_swallowed(world: World) -> None:
    assessment = world.assessed()
    asked = world.ask("rita", assessment)
    answer = world.do(Answer(question=asked, text="See section 5."), "pim")
    world.do(Acceptance(question=asked, answer=answer), "rita")
    same = Question(assessment=assessment, text="What of minors?")
    assert told(world, same, "lena") == "said-by-another"
    world.ask("lena", assessment, "And what of minors in my words?")
    assert len(world.state.open_questions(assessment)) == 1


def test_whoever_said_it_can_say_it_again_after_a_crash(world: World) -> None:
    act = Question(assessment=world.assessed(), text="What of minors?")
    world.do(act, "rita")
    assert admit(world.state, world.signed(act, "rita"), world.clock.now()) is world.state
    published = world.signed(world.adoption())
    world.state = admit(world.state, published, world.clock.now())
    assert admit(world.state, published, world.clock.now()) is world.state


def test_a_recomputation_counts_for_whoever_did_it_and_for_nobody_else(world: World) -> None:
    verdict = world.judged()
    world.do(world.recomputation(verdict), "ella")
    assert told(world, world.recomputation(verdict), "adam") == "said-by-another"
    assert told(world, world.recomputation(verdict), "pim") == "said-by-another"


def test_nobody_alone_records_a_no_go_over_a_panel_that_voted_go(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    lone = world.decision(assessment, "no-go")
    assert refusal(world, lone, "cleo") == "votes-say-go"
    go = world.do(world.decision(assessment), "cleo")
    world.force(lone, "cleo")
    assert both(world, go) == "holds"
    forced = world.force(world.decision(assessment, "no-go"), "pim")
    assert both(world, forced) == "votes-say-go"


def test_one_role_short_of_a_go_is_a_no_go(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    world.do(world.vote("rita", assessment, "abstain"), "rita")
    assert both(world, world.do(world.decision(assessment, "no-go"), "cleo")) == "no-go"


def test_figures_open_only_on_a_verdict_that_a_second_person_derived(world: World) -> None:
    world.do(world.adoption(**TERMS))
    seal = world.do(world.seal(), "pim")
    kept = world.do(world.engagement(seal), "ella")
    runs = [world.do(world.run(seal, system), "pim") for system in (BASELINE, CANDIDATE)]
    verdict = world.do(world.verdict(seal, *runs), "pim")
    act = Unseal(engagement=kept, verdict=verdict)
    assert refusal(world, act, "lena") == "not-recomputed"
    world.do(world.recomputation(verdict), "ella")
    world.do(act, "lena")


def test_a_standard_change_needs_a_verdict_that_a_second_person_derived(world: World) -> None:
    go = world.go()
    world.do(world.adoption(**TERMS))
    verdict = world.judged({"baseline": CANDIDATE, "candidates": (VARIANT,)})
    bounds = {"change": "standard", "changed": ("decoding",), "follows": go}
    assessment = world.do(world.assessment(verdict, **bounds), "pim")
    assert refusal(world, world.decision(assessment), "cleo") == "wrong-change"
    act = world.decision(assessment, change="standard")
    assert refusal(world, act, "cleo") == "not-recomputed"
    forced = world.force(act, "cleo")
    assert both(world, forced) == "not-recomputed"
    world.do(world.recomputation(verdict), "ella")
    later = world.decision(assessment, change="standard", expires="2026-06-29T00:00:00Z")
    assert both(world, world.do(later, "cleo")) == "holds"


def test_a_disputed_verdict_opens_nothing_and_lets_nothing_standard_through(world: World) -> None:
    go = world.go()
    world.do(world.adoption(**TERMS))
    verdict = world.judged({"baseline": CANDIDATE, "candidates": (VARIANT,)})
    world.do(world.recomputation(verdict), "ella")
    world.do(world.recomputation(verdict, judgement=named("else")), "adam")
    bounds = {"change": "standard", "changed": ("decoding",), "follows": go}
    assessment = world.do(world.assessment(verdict, **bounds), "pim")
    act = world.decision(assessment, change="standard")
    assert refusal(world, act, "cleo") == "disputed"


BAR = Hypothesis(
    name="guard",
    product="assistant",
    baseline="plain",
    candidates=("guarded",),
    criteria=(RateUpper(metric="harm", below=0.1),),
)


@pytest.mark.parametrize(
    "lie",
    [
        {"product": "assistant2"},
        {"confirmatory": not BAR.confirmatory},
        {"basis": "prospective" if BAR.basis == "retrospective" else "retrospective"},
        {"candidates": (CANDIDATE, VARIANT)},
    ],
)
def test_a_stranger_refuses_a_seal_that_is_not_the_hypothesis_beside_it(
    world: World, lie: dict[str, Any]
) -> None:
    true = {"basis": BAR.basis, "confirmatory": BAR.confirmatory, "hypothesis": digest(BAR)}
    records = {digest(BAR): dump(BAR).decode()}
    verify.check_seal(records, dict(content(world.seal(**true))))
    with pytest.raises(verify.Refused) as refused:
        verify.check_seal(records, dict(content(world.seal(**true | lie))))
    assert refused.value.reason == "untrue-seal"
    verify.check_seal({}, dict(content(world.seal(**true | lie))))
