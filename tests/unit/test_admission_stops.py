"""Kill and rollback: what ends a release for good, and what brings an earlier one back."""

from dataclasses import replace
from typing import Any

import pytest

from tests.world import BASELINE, CANDIDATE, VARIANT, World, both, named, refusal

TERMS: dict[str, Any] = {"standard_parts": ("decoding",), "emergency": ("on-call",)}


@pytest.fixture
def world() -> World:
    return World().staffed(**TERMS)


def gone(world: World, system: str, *, baseline: str = BASELINE) -> str:
    """The panel's go on a system."""
    verdict = world.judged({"baseline": baseline, "candidates": (system,)})
    assessment = world.do(world.assessment(verdict), "pim")
    world.voted(assessment)
    return world.do(world.decision(assessment), "cleo")


def test_a_killed_system_never_goes_again(world: World) -> None:
    decision = gone(world, CANDIDATE)
    world.do(world.kill(), "lena")
    assert both(world, decision) == "killed"
    assessment = world.assessed()
    world.voted(assessment)
    assert refusal(world, world.decision(assessment), "cleo") == "killed"
    world.do(world.vote("rita", assessment, "no-go"), "rita")
    no_go = world.do(world.decision(assessment, "no-go"), "cleo")
    assert both(world, no_go) == "no-go"
    assert both(world, gone(world, VARIANT)) == "holds"


def test_a_kill_takes_a_required_role_or_a_chair(world: World) -> None:
    assert refusal(world, world.kill(), "pim") == "role-not-held"
    world.do(world.kill(), "cleo")


def test_a_rollback_ends_every_go_on_the_system_it_leaves(world: World) -> None:
    earlier, newer = gone(world, VARIANT), gone(world, CANDIDATE)
    world.do(world.rollback(earlier), "otto")
    assert (both(world, earlier), both(world, newer)) == ("holds", "rolled-back")


def test_a_system_that_was_left_needs_a_new_assessment(world: World) -> None:
    earlier = gone(world, VARIANT)
    verdict = world.judged()
    assessment = world.do(world.assessment(verdict), "pim")
    world.voted(assessment)
    world.do(world.rollback(earlier), "otto")
    assert refusal(world, world.decision(assessment), "cleo") == "rolled-back"
    again = world.do(world.assessment(verdict), "pim")
    world.voted(again)
    assert both(world, world.do(world.decision(again), "cleo")) == "holds"


def test_a_rollback_goes_to_a_standing_go_on_another_system(world: World) -> None:
    earlier, newer = gone(world, VARIANT), gone(world, CANDIDATE)
    assert refusal(world, world.rollback(named("x")), "otto") == "unknown-decision"
    assert refusal(world, world.rollback(newer), "otto") == "wrong-system"
    other = replace(world.rollback(earlier), product="another")
    assert refusal(world, other, "otto") == "wrong-system"
    world.revoke("lena", earlier)
    assert refusal(world, world.rollback(earlier), "otto") == "not-standing"


def test_a_rollback_goes_to_no_go_that_has_ended(world: World) -> None:
    verdict = world.judged({"candidates": (VARIANT,)})
    assessment = world.do(world.assessment(verdict), "pim")
    world.voted(assessment)
    short = world.do(world.decision(assessment, expires="2026-01-06T09:00:00Z"), "cleo")
    world.clock.forward(2 * 86_400)
    assert refusal(world, world.rollback(short), "otto") == "not-standing"


def test_a_rollback_goes_to_nothing_that_falls_with_what_it_leaves(world: World) -> None:
    go = gone(world, CANDIDATE)
    verdict = world.judged({"baseline": CANDIDATE, "candidates": (VARIANT,)})
    bounds: dict[str, Any] = {"change": "standard", "follows": go, "changed": ("decoding",)}
    assessment = world.do(world.assessment(verdict, **bounds), "pim")
    step = world.do(world.decision(assessment, change="standard"), "cleo")
    assert both(world, step) == "holds"
    assert refusal(world, world.rollback(step), "otto") == "not-standing"
    world.do(world.rollback(go, VARIANT), "otto")
    assert (both(world, step), both(world, go)) == ("rolled-back", "holds")


def test_a_rollback_ends_an_emergency_go(world: World) -> None:
    earlier = gone(world, VARIANT)
    assessment = world.do(world.assessment(world.judged(), change="emergency"), "pim")
    world.do(world.vote("otto", assessment, role="on-call"), "otto")
    world.do(world.vote("rita", assessment), "rita")
    act = world.decision(assessment, change="emergency", expires="2026-01-06T09:00:00Z")
    urgent = world.do(act, "otto")
    world.do(world.rollback(earlier), "cleo")
    assert both(world, urgent) == "rolled-back"
