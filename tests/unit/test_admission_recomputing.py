"""A second person derives a verdict again: they confirm it, or they dispute it for good."""

from typing import Any

import pytest

from tests.world import World, both, named, refusal


@pytest.fixture
def world() -> World:
    return World().staffed(recomputation=True)


def disputing(world: World, verdict: str) -> Any:
    return world.recomputation(verdict, judgement=named("something else"))


def test_nobody_votes_before_a_second_person_has_derived_the_verdict(world: World) -> None:
    verdict = world.judged()
    assessment = world.do(world.assessment(verdict), "pim")
    assert refusal(world, world.vote("lena", assessment), "lena") == "not-recomputed"
    world.do(world.recomputation(verdict), "ella")
    world.voted(assessment)
    assert both(world, world.do(world.decision(assessment), "cleo")) == "holds"


def test_a_charter_may_come_to_ask_for_it_after_the_votes() -> None:
    world = World().staffed()
    assessment = world.assessed()
    world.voted(assessment)
    world.do(world.adoption(recomputation=True))
    assert refusal(world, world.decision(assessment), "cleo") == "not-recomputed"


def test_another_result_confirms_nothing(world: World) -> None:
    verdict = world.judged()
    assessment = world.do(world.assessment(verdict), "pim")
    world.do(disputing(world, verdict), "ella")
    assert refusal(world, world.vote("lena", assessment), "lena") == "not-recomputed"


def test_whoever_made_the_verdict_confirms_nothing(world: World) -> None:
    verdict = world.judged()
    assert refusal(world, world.recomputation(verdict), "pim") == "conflict-of-interest"


def test_only_an_accepted_verdict_can_be_derived_again(world: World) -> None:
    act = world.recomputation(named("no verdict"))
    assert refusal(world, act, "ella") == "unknown-verdict"


def test_it_takes_the_panel_or_an_engineer(world: World) -> None:
    assert refusal(world, world.recomputation(world.judged()), "otto") == "role-not-held"


def test_whoever_derives_it_again_may_vote(world: World) -> None:
    verdict = world.judged()
    assessment = world.do(world.assessment(verdict), "pim")
    world.do(world.recomputation(verdict), "lena")
    world.voted(assessment)


def test_a_disputed_verdict_leads_to_no_go_whoever_confirms_it(world: World) -> None:
    verdict = world.judged()
    assessment = world.do(world.assessment(verdict), "pim")
    world.do(world.recomputation(verdict), "ella")
    world.voted(assessment)
    world.do(disputing(world, verdict), "adam")
    assert world.state.disputed(verdict)
    assert world.state.recomputed(verdict)
    assert refusal(world, world.decision(assessment), "cleo") == "disputed"


def test_a_standing_go_falls_with_its_verdict() -> None:
    world = World().staffed()
    verdict = world.judged()
    assessment = world.do(world.assessment(verdict), "pim")
    world.voted(assessment)
    decision = world.do(world.decision(assessment), "cleo")
    assert both(world, decision) == "holds"
    world.do(disputing(world, verdict), "ella")
    assert both(world, decision) == "disputed"


def test_a_panel_without_an_engineer_can_derive_it_itself() -> None:
    world = World().begin(recomputation=True)
    verdict = world.judged()
    world.do(world.recomputation(verdict), "paul")
    world.voted(world.do(world.assessment(verdict), "pim"))
