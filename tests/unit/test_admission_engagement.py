"""Engagement figures: shut before any verdict is known, opened by a passed one alone."""

from dataclasses import replace

import pytest

from interlock.admission import Outcome, Unseal
from tests.world import (
    BASELINE,
    CANDIDATE,
    REQUIRED,
    VARIANT,
    World,
    named,
    refusal,
)


@pytest.fixture
def world() -> World:
    return World().staffed()


def judged(world: World, outcome: Outcome = "passed") -> tuple[str, str]:
    """Engagement of the candidate and of the baseline kept shut, then a verdict; two identities."""
    seal = world.do(world.seal(), "pim")
    for system in (CANDIDATE, BASELINE):
        world.do(world.engagement(seal, system), "ella")
    runs = [world.do(world.run(seal, system), "pim") for system in (BASELINE, CANDIDATE)]
    verdict = world.verdict(seal, *runs)
    if outcome != "passed":
        criteria = tuple(replace(each, outcome=outcome) for each in verdict.criteria)
        verdict = replace(verdict, criteria=criteria, outcome=outcome)
    return seal, world.do(verdict, "pim")


def opening(world: World, seal: str, verdict: str, system: str = CANDIDATE) -> Unseal:
    kept = world.state.engagements[seal, system]
    return Unseal(engagement=kept.identity, verdict=verdict)


@pytest.mark.parametrize("system", [CANDIDATE, BASELINE])
def test_a_passed_verdict_opens_the_figures_of_both_arms(world: World, system: str) -> None:
    seal, verdict = judged(world)
    act = opening(world, seal, verdict, system)
    assert refusal(world, act, "pim") == "role-not-held"
    world.do(act, "lena")
    kept = world.state.engagements[seal, system]
    assert world.state.unsealed[kept.identity].person == "lena"


def test_figures_belong_to_a_sealed_system_and_come_once(world: World) -> None:
    seal = world.do(world.seal(), "pim")
    act = world.engagement(seal)
    assert refusal(world, replace(act, seal=named("x")), "ella") == "unknown-seal"
    assert refusal(world, replace(act, system=VARIANT), "ella") == "foreign-system"
    for roles in ((), REQUIRED[:2], (*REQUIRED, REQUIRED[0]), (*REQUIRED, "chair")):
        assert refusal(world, replace(act, roles=roles), "ella") == "wrong-roles"
    world.do(replace(act, roles=REQUIRED[::-1]), "ella")
    again = replace(act, ciphertext=named("again"))
    assert refusal(world, again, "ella") == "engagement-twice"


def test_figures_come_before_any_verdict_on_the_seal_is_known(world: World) -> None:
    seal = world.do(world.seal(candidates=(CANDIDATE, VARIANT)), "pim")
    runs = [world.do(world.run(seal, system), "pim") for system in (BASELINE, CANDIDATE)]
    world.do(world.verdict(seal, *runs), "pim")
    assert refusal(world, world.engagement(seal, VARIANT), "ella") == "too-late"


@pytest.mark.parametrize("outcome", ["failed", "undecided"])
def test_figures_stay_shut_unless_safety_passed(world: World, outcome: Outcome) -> None:
    act = opening(world, *judged(world, outcome))
    assert refusal(world, act, "lena") == "verdict-not-passed"


def test_figures_stay_shut_on_an_exploratory_pass(world: World) -> None:
    seal = world.do(world.seal(confirmatory=False), "pim")
    world.do(world.engagement(seal), "ella")
    runs = [world.do(world.run(seal, system), "pim") for system in (BASELINE, CANDIDATE)]
    verdict = world.do(world.verdict(seal, *runs), "pim")
    assert refusal(world, opening(world, seal, verdict), "lena") == "exploratory"


def test_figures_wait_for_the_verdict_of_their_own_seal_and_system(world: World) -> None:
    seal, verdict = judged(world)
    act = opening(world, seal, verdict)
    assert refusal(world, replace(act, engagement=named("x")), "lena") == "unknown-engagement"
    assert refusal(world, replace(act, verdict=named("x")), "lena") == "unknown-verdict"
    assert refusal(world, replace(act, verdict=world.judged()), "lena") == "wrong-verdict"
    both = world.do(world.seal(candidates=(CANDIDATE, VARIANT)), "pim")
    world.do(world.engagement(both, VARIANT), "ella")
    runs = [world.do(world.run(both, system), "pim") for system in (BASELINE, CANDIDATE)]
    other = world.do(world.verdict(both, *runs), "pim")
    assert refusal(world, opening(world, both, other, VARIANT), "lena") == "wrong-verdict"


def test_figures_stay_shut_where_the_verdict_was_contradicted_or_disputed(world: World) -> None:
    seal, verdict = judged(world)
    judged(world, "failed")
    assert refusal(world, opening(world, seal, verdict), "lena") == "contradicted"
    seal, verdict = judged(world)
    world.do(world.recomputation(verdict, judgement=named("else")), "adam")
    assert refusal(world, opening(world, seal, verdict), "lena") == "disputed"
