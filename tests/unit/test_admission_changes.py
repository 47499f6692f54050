"""Classes of change: what an emergency and a standard change need, and what they never get."""

from dataclasses import replace
from typing import Any

import pytest

from interlock.admission import Condition, Question, export
from interlock.app.tracing import behind
from interlock.ledger import dump, posix, utc
from tests.fakes import MemorySigner
from tests.world import (
    BASELINE,
    CANDIDATE,
    MANIFESTS,
    PANEL,
    REQUIRED,
    STAFF,
    VARIANT,
    World,
    both,
    named,
    refusal,
)

HOUR, DAY = 3600, 24 * 3600
TERMS: dict[str, Any] = {
    "emergency": ("on-call",),
    "ratify_hours": 72,
    "standard_parts": ("decoding", "prompt"),
}
STANDARD: dict[str, Any] = {"change": "standard", "changed": ("decoding",)}


@pytest.fixture
def world() -> World:
    return World().staffed(**TERMS)


def later(world: World, seconds: int) -> str:
    """So many seconds after the next step of the clock."""
    return utc(posix(world.state.time) + seconds)


def urgent(world: World, **changes: Any) -> str:
    """An emergency assessment before the panel."""
    return world.do(world.assessment(world.judged(), change="emergency", **changes), "pim")


def allowed(world: World, assessment: str, *, role: str = "rita") -> str:
    """An emergency go of the on-call and one required role."""
    world.do(world.vote("otto", assessment, role="on-call"), "otto")
    world.do(world.vote(role, assessment), role)
    return world.do(emergency(world, assessment), "otto")


def emergency(world: World, assessment: str, **changes: Any) -> Any:
    fields = {"change": "emergency", "expires": later(world, 71 * HOUR)} | changes
    return world.decision(assessment, **fields)


def panel_votes(world: World, assessment: str, *names: str) -> None:
    for name in names or PANEL:
        world.do(world.vote(name, assessment), name)


def followed(world: World, **bounds: Any) -> tuple[str, str]:
    """The panel's go on the candidate, and a passed verdict on a variant of it."""
    go = world.go(bounds)
    return go, world.judged({"baseline": CANDIDATE, "candidates": (VARIANT,)})


def standard(world: World, go: str, verdict: str, **changes: Any) -> str:
    act = world.assessment(verdict, **STANDARD | {"follows": go} | changes)
    return world.do(act, "pim")


def test_an_emergency_goes_with_one_emergency_role_and_one_required_role(world: World) -> None:
    decision = allowed(world, urgent(world))
    assert world.state.standing(decision) == "go"
    assert both(world, decision) == "holds"


def test_an_emergency_go_ends_unless_the_panel_ratifies_it(world: World) -> None:
    decision = allowed(world, urgent(world))
    world.clock.forward(71 * HOUR)
    assert both(world, decision) == "expired"


def test_the_panel_ratifies_an_emergency_in_time(world: World) -> None:
    assessment = urgent(world)
    first = allowed(world, assessment)
    panel_votes(world, assessment, "paul", "lena")
    panel = world.do(world.decision(assessment), "cleo")
    assert both(world, panel) == "holds"
    assert both(world, first) == "superseded"


def test_the_panel_ends_an_emergency_with_a_no_go(world: World) -> None:
    assessment = urgent(world)
    first = allowed(world, assessment)
    panel = world.do(world.decision(assessment, "no-go"), "cleo")
    assert (both(world, first), both(world, panel)) == ("superseded", "no-go")


@pytest.mark.parametrize("outcome", ["go", "no-go"])
def test_the_panel_cannot_ratify_late(world: World, outcome: str) -> None:
    assessment = urgent(world)
    allowed(world, assessment)
    panel_votes(world, assessment, "paul", "lena")
    world.clock.forward(72 * HOUR)
    assert refusal(world, world.decision(assessment, outcome), "cleo") == "ratification-late"


def test_the_time_to_ratify_is_that_of_the_charter_under_which_it_went(world: World) -> None:
    assessment = urgent(world)
    allowed(world, assessment)
    world.do(world.adoption(**TERMS | {"ratify_hours": 720}))
    world.clock.forward(73 * HOUR)
    assert refusal(world, world.decision(assessment, "no-go"), "cleo") == "ratification-late"


def test_a_ratification_needs_everything_that_a_normal_go_needs(world: World) -> None:
    world.do(world.adoption(**TERMS | {"recomputation": True}))
    assessment = urgent(world)
    allowed(world, assessment)
    assert refusal(world, world.decision(assessment), "cleo") == "not-recomputed"
    world.do(world.recomputation(world.state.accepted[assessment].act.verdict), "ella")
    assert refusal(world, world.decision(assessment), "cleo") == "missing-go"
    panel_votes(world, assessment, "paul", "lena")
    world.do(world.decision(assessment), "cleo")


def test_a_revoked_emergency_cannot_be_ratified(world: World) -> None:
    assessment = urgent(world)
    world.revoke("lena", allowed(world, assessment))
    panel_votes(world, assessment, "paul", "lena")
    assert refusal(world, world.decision(assessment), "cleo") == "revoked"


def test_a_charter_without_emergency_roles_has_no_emergencies(world: World) -> None:
    assessment = urgent(world)
    world.do(world.vote("otto", assessment, role="on-call"), "otto")
    world.do(world.vote("rita", assessment), "rita")
    world.do(world.adoption(**TERMS | {"emergency": ()}))
    assert refusal(world, emergency(world, assessment), "otto") == "no-such-class"
    act = world.assessment(world.state.accepted[assessment].act.verdict, change="emergency")
    assert refusal(world, act, "pim") == "no-such-class"


def test_an_emergency_role_votes_on_emergencies_alone(world: World) -> None:
    vote = world.vote("otto", world.assessed(), role="on-call")
    assert refusal(world, vote, "otto") == "role-not-held"


@pytest.mark.parametrize("names", [("otto",), ("rita",), ("rita", "paul", "lena")])
def test_an_emergency_needs_both_kinds_of_role(world: World, names: tuple[str, ...]) -> None:
    assessment = urgent(world)
    for name in names:
        role = "on-call" if name == "otto" else PANEL[name]
        world.do(world.vote(name, assessment, role=role), name)
    assert refusal(world, emergency(world, assessment), "otto") == "missing-go"


def test_one_role_alone_is_not_two_people(world: World) -> None:
    world.do(world.adoption(**TERMS | {"emergency": (REQUIRED[0],)}))
    assessment = urgent(world)
    world.do(world.vote("rita", assessment), "rita")
    assert refusal(world, emergency(world, assessment), "otto") == "missing-go"
    world.do(world.vote("paul", assessment), "paul")
    world.do(emergency(world, assessment), "otto")


@pytest.mark.parametrize("spoiled", ["charter", "key", "role", "qualification", "retrospective"])
def test_an_emergency_vote_must_still_count(world: World, spoiled: str) -> None:
    seal = {"basis": "retrospective"} if spoiled == "retrospective" else {}
    assessment = world.do(world.assessment(world.judged(seal), change="emergency"), "pim")
    accepts = spoiled != "retrospective"
    vote = world.vote("otto", assessment, role="on-call", accepts_retrospective=accepts)
    world.do(vote, "otto")
    world.do(world.vote("rita", assessment), "rita")
    if spoiled == "charter":
        world.do(world.adoption(**TERMS | {"charter": named("another")}))
    if spoiled == "key":
        signers = world.signers | {"otto": MemorySigner("otto, again")}
        world.do(world.keyring(STAFF, signers))
        world.signers = signers
    if spoiled == "role":
        world.do(world.keyring(STAFF | {"otto": ("chair",)}))
    if spoiled == "qualification":
        ended = world.qualification("otto", "on-call", until="2026-01-05T09:00:00Z")
        world.do(ended, "cleo")
    assert refusal(world, emergency(world, assessment), "cleo") == "missing-go"


def test_a_required_role_stops_an_emergency_by_its_no_go(world: World) -> None:
    assessment = urgent(world)
    world.do(world.vote("otto", assessment, role="on-call"), "otto")
    world.do(world.vote("rita", assessment), "rita")
    world.do(world.vote("lena", assessment, "no-go"), "lena")
    assert refusal(world, emergency(world, assessment), "otto") == "standing-no-go"


def test_an_emergency_waives_no_evidence(world: World) -> None:
    red = [replace(each, outcome="failed") for each in _criteria(world)]
    failed = world.judged(criteria=tuple(red), outcome="failed")
    assessment = world.do(world.assessment(failed, change="emergency"), "pim")
    world.do(world.vote("otto", assessment, role="on-call"), "otto")
    world.do(world.vote("rita", assessment), "rita")
    assert refusal(world, emergency(world, assessment), "otto") == "red-line"


def _criteria(world: World) -> tuple[Any, ...]:
    return world.verdict(named("any")).criteria


def test_an_emergency_go_ends_with_the_time_to_ratify(world: World) -> None:
    assessment = urgent(world)
    world.do(world.vote("otto", assessment, role="on-call"), "otto")
    world.do(world.vote("rita", assessment), "rita")
    long = emergency(world, assessment, expires=later(world, 73 * HOUR))
    assert refusal(world, long, "otto") == "wrong-expiry"


def no_go(world: World, assessment: str) -> str:
    """The panel says no by one required role."""
    world.do(world.vote("lena", assessment, "no-go"), "lena")
    return world.do(world.decision(assessment, "no-go"), "cleo")


def urged(world: World, verdict: str) -> str:
    """An emergency assessment on a verdict, with the two votes that an emergency needs."""
    assessment = world.do(world.assessment(verdict, change="emergency"), "pim")
    world.do(world.vote("otto", assessment, role="on-call"), "otto")
    world.do(world.vote("rita", assessment), "rita")
    return assessment


def test_an_emergency_does_not_overrule_a_no_go(world: World) -> None:
    verdict = world.judged()
    no_go(world, world.do(world.assessment(verdict), "pim"))
    anew = urged(world, verdict)
    assert refusal(world, emergency(world, anew), "otto") == "panel-has-spoken"
    panel_votes(world, anew, "paul", "lena")
    panel = world.do(world.decision(anew), "cleo")
    assert both(world, panel) == "holds"


@pytest.mark.parametrize("change", ["normal", "emergency"])
def test_an_emergency_does_not_overrule_a_revocation(world: World, change: str) -> None:
    go = world.go() if change == "normal" else allowed(world, urgent(world))
    world.revoke("paul", go)
    anew = urged(world, world.judged())
    assert refusal(world, emergency(world, anew), "otto") == "panel-has-spoken"


def test_an_emergency_may_follow_a_go_that_the_panel_gave_after_its_no_go(world: World) -> None:
    verdict = world.judged()
    no_go(world, world.do(world.assessment(verdict), "pim"))
    go = world.go()
    world.do(emergency(world, urged(world, verdict)), "otto")
    assert both(world, go) == "superseded"


def test_a_go_after_the_no_go_counts_only_while_it_stands(world: World) -> None:
    no_go(world, world.assessed())
    verdict = world.judged()
    go = world.do(world.assessment(verdict), "pim")
    panel_votes(world, go)
    go = world.do(world.decision(go), "cleo")
    world.do(world.recomputation(verdict, judgement=named("else")), "ella")
    assert world.state.standing(go) == "disputed"
    anew = urged(world, world.judged())
    assert refusal(world, emergency(world, anew), "otto") == "panel-has-spoken"


def variant_urged(world: World) -> str:
    return urged(world, world.judged({"candidates": (VARIANT,)}))


def test_the_panel_votes_anew_after_a_go_was_taken_back(world: World) -> None:
    go, verdict = world.go(), world.judged()
    assessment = world.do(world.assessment(verdict), "pim")
    panel_votes(world, assessment)
    world.revoke("lena", go)
    assert refusal(world, world.decision(assessment), "cleo") == "panel-has-spoken"
    anew = world.do(world.assessment(verdict), "pim")
    assert refusal(world, world.decision(anew), "cleo") == "no-votes"
    panel_votes(world, anew)
    assert both(world, world.do(world.decision(anew), "cleo")) == "holds"


def test_another_system_opens_no_second_emergency_that_the_panel_has_not_seen(
    world: World,
) -> None:
    allowed(world, urgent(world))
    again = variant_urged(world)
    assert refusal(world, emergency(world, again), "otto") == "unratified"
    world.clock.forward(73 * HOUR)
    late = emergency(world, again, expires=later(world, 144 * HOUR))
    assert refusal(world, late, "otto") == "unratified"


@pytest.mark.parametrize("outcome", ["ratified", "ended", "decided on another system"])
def test_a_decision_of_the_panel_on_the_product_allows_another_emergency(
    world: World, outcome: str
) -> None:
    urgency = urgent(world)
    allowed(world, urgency)
    if outcome == "ended":
        no_go(world, urgency)
    else:
        other = world.assessed({"candidates": (named("third"),)})
        decided = urgency if outcome == "ratified" else other
        panel_votes(world, decided, *(("paul", "lena") if outcome == "ratified" else ()))
        world.do(world.decision(decided), "cleo")
    again = world.do(emergency(world, variant_urged(world)), "otto")
    assert both(world, again) == "holds"


def test_an_emergency_is_not_prolonged_without_the_panel(world: World) -> None:
    assessment = urgent(world)
    allowed(world, assessment)
    again = emergency(world, assessment)
    assert refusal(world, again, "otto") == "already-decided"
    anew = urgent(world)
    world.do(world.vote("otto", anew, role="on-call"), "otto")
    world.do(world.vote("rita", anew), "rita")
    assert refusal(world, emergency(world, anew), "otto") == "unratified"


def test_a_ratified_system_may_have_another_emergency(world: World) -> None:
    assessment = urgent(world)
    allowed(world, assessment)
    panel_votes(world, assessment, "paul", "lena")
    world.do(world.decision(assessment), "cleo")
    assert both(world, allowed(world, urgent(world))) == "holds"


def test_votes_and_questions_go_on_after_an_emergency_go(world: World) -> None:
    assessment = urgent(world)
    allowed(world, assessment)
    question = world.ask("lena", assessment)
    assert refusal(world, world.vote("lena", assessment), "lena") == "open-question"
    world.settle("lena", question)
    panel_votes(world, assessment, "lena", "paul")
    world.do(world.decision(assessment), "cleo")
    late = Question(assessment=assessment, text="And now?")
    assert refusal(world, late, "lena") == "already-decided"


@pytest.mark.parametrize(
    ("asked", "decided"),
    [("normal", "emergency"), ("normal", "standard"), ("emergency", "standard")],
)
def test_an_assessment_is_decided_as_what_it_asks_for(
    world: World, asked: str, decided: str
) -> None:
    assessment = world.do(world.assessment(world.judged(), change=asked), "pim")
    panel_votes(world, assessment)
    act = world.decision(assessment, change=decided, expires=later(world, HOUR))
    assert refusal(world, act, "cleo") == "wrong-change"


def test_a_no_go_is_a_normal_decision(world: World) -> None:
    assessment = urgent(world)
    panel_votes(world, assessment)
    act = emergency(world, assessment, outcome="no-go")
    assert refusal(world, act, "cleo") == "wrong-change"


def test_a_standard_change_goes_without_votes_inside_what_it_follows(world: World) -> None:
    assessment = standard(world, *followed(world))
    decision = world.do(world.decision(assessment, change="standard"), "cleo")
    assert both(world, decision) == "holds"


def test_a_standard_change_does_not_overrule_a_no_go(world: World) -> None:
    go, verdict = followed(world)
    no_go(world, world.do(world.assessment(verdict), "pim"))
    act = world.decision(standard(world, go, verdict), change="standard")
    assert refusal(world, act, "cleo") == "panel-has-spoken"


def test_a_standard_change_taken_back_needs_the_panel_from_then_on(world: World) -> None:
    go, verdict = followed(world)
    first = world.do(world.decision(standard(world, go, verdict), change="standard"), "cleo")
    world.revoke("lena", first)
    act = world.decision(standard(world, go, verdict), change="standard")
    assert refusal(world, act, "cleo") == "panel-has-spoken"
    normal = world.do(world.assessment(verdict), "pim")
    panel_votes(world, normal)
    assert both(world, world.do(world.decision(normal), "cleo")) == "holds"
    act = world.decision(standard(world, go, verdict), change="standard")
    assert refusal(world, act, "cleo") == "panel-has-spoken"


def test_a_bundle_of_a_standard_change_is_made_with_both_manifests(world: World) -> None:
    assessment = standard(world, *followed(world))
    decision = world.do(world.decision(assessment, change="standard"), "cleo")
    assert {CANDIDATE, VARIANT} <= set(behind(world.state, world.state.accepted[decision]))


@pytest.mark.parametrize("shown", [(), MANIFESTS[1:2], MANIFESTS[2:]])
def test_a_standard_change_is_believed_only_with_both_manifests(
    world: World, shown: tuple[Any, ...]
) -> None:
    assessment = standard(world, *followed(world))
    decision = world.do(world.decision(assessment, change="standard"), "cleo")
    bundle = export(world.entries, decision, checkpoint=world.note(), records=map(dump, shown))
    assert both(world, decision, bundle=bundle.to_bytes()) == "manifests-missing"


@pytest.mark.parametrize(
    "changes",
    [
        {"follows": ""},
        {"changed": ()},
        {"changed": ("prompt", "decoding")},
        {"changed": ("prompt", "prompt")},
        {"change": "normal"},
        {"change": "emergency"},
    ],
)
def test_a_standard_change_says_what_it_follows_and_changes(
    world: World, changes: dict[str, Any]
) -> None:
    go, verdict = followed(world)
    act = world.assessment(verdict, **STANDARD | {"follows": go} | changes)
    assert refusal(world, act, "pim") == "wrong-change"


def test_a_charter_without_standard_parts_has_no_standard_changes(world: World) -> None:
    go, verdict = followed(world)
    world.do(world.adoption(**TERMS | {"standard_parts": ()}))
    act = world.assessment(verdict, **STANDARD, follows=go)
    assert refusal(world, act, "pim") == "no-such-class"


def test_a_standard_change_takes_no_votes(world: World) -> None:
    assessment = standard(world, *followed(world))
    assert refusal(world, world.vote("rita", assessment), "rita") == "wrong-change"


def test_a_question_stops_a_standard_change(world: World) -> None:
    assessment = standard(world, *followed(world))
    world.ask("lena", assessment)
    act = world.decision(assessment, change="standard")
    assert refusal(world, act, "cleo") == "open-question"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"changed": ("corpus",)}, "outside-standard"),
        ({"follows": named("nothing")}, "wrong-follows"),
        ({"conditions": (Condition(kind="tier", limit="beta"),)}, "other-conditions"),
    ],
)
def test_a_standard_change_stays_inside_what_was_agreed(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    assessment = standard(world, *followed(world), **changes)
    act = world.decision(assessment, change="standard")
    assert refusal(world, act, "cleo") == reason


def test_a_standard_change_follows_the_system_it_was_measured_against(world: World) -> None:
    go = world.go()
    verdict = world.judged({"candidates": (VARIANT,)})
    assessment = standard(world, go, verdict)
    act = world.decision(assessment, change="standard")
    assert refusal(world, act, "cleo") == "wrong-baseline"


def test_a_standard_change_follows_no_other_product(world: World) -> None:
    go, _ = followed(world)
    seal = {"product": "another", "baseline": CANDIDATE, "candidates": (VARIANT,)}
    act = world.assessment(world.judged(seal), **STANDARD, follows=go, product="another")
    assessment = world.do(act, "pim")
    decision = world.decision(assessment, change="standard", product="another")
    assert refusal(world, decision, "cleo") == "wrong-follows"


def test_a_standard_change_follows_an_emergency_only_once_ratified(world: World) -> None:
    urgency = urgent(world)
    go = allowed(world, urgency)
    seal = {"baseline": CANDIDATE, "candidates": (VARIANT,)}
    verdict = world.judged(seal)
    assessment = standard(world, go, verdict)
    act = world.decision(assessment, change="standard", expires=later(world, HOUR))
    assert refusal(world, act, "cleo") == "wrong-follows"
    panel_votes(world, urgency, "paul", "lena")
    ratified = world.do(world.decision(urgency), "cleo")
    assessment = standard(world, ratified, verdict)
    world.do(world.decision(assessment, change="standard"), "cleo")


def test_a_standard_change_follows_no_standard_change(world: World) -> None:
    go, verdict = followed(world)
    first = standard(world, go, verdict)
    step = world.do(world.decision(first, change="standard"), "cleo")
    third = named("third")
    verdict = world.judged({"baseline": VARIANT, "candidates": (third,)})
    act = world.decision(standard(world, step, verdict), change="standard")
    assert refusal(world, act, "cleo") == "wrong-follows"


def test_a_standard_change_needs_evidence_drawn_after_its_seal(world: World) -> None:
    go = world.go()
    seal = {"baseline": CANDIDATE, "candidates": (VARIANT,), "basis": "retrospective"}
    act = world.decision(standard(world, go, world.judged(seal)), change="standard")
    assert refusal(world, act, "cleo") == "retrospective"


def test_a_standard_change_does_not_outlast_what_it_follows(world: World) -> None:
    assessment = standard(world, *followed(world))
    act = world.decision(assessment, change="standard", expires="2026-07-01T00:00:00Z")
    assert refusal(world, act, "cleo") == "wrong-expiry"


def test_whoever_made_a_standard_change_does_not_decide_it(world: World) -> None:
    assessment = standard(world, *followed(world))
    act = world.decision(assessment, change="standard")
    assert refusal(world, act, "pim") == "conflict-of-interest"


def test_a_standard_go_falls_with_what_it_follows(world: World) -> None:
    go, verdict = followed(world)
    decision = world.do(world.decision(standard(world, go, verdict), change="standard"), "cleo")
    hold = world.do(world.hold(system=CANDIDATE), "cleo")
    assert both(world, decision) == "follows-fallen"
    world.lift("rita", hold)
    assert both(world, decision) == "holds"
    world.revoke("lena", go)
    assert both(world, decision) == "follows-fallen"


def test_nothing_follows_a_go_that_has_fallen(world: World) -> None:
    go, verdict = followed(world)
    world.revoke("lena", go)
    act = world.decision(standard(world, go, verdict), change="standard")
    assert refusal(world, act, "cleo") == "follows-fallen"


def test_a_go_does_not_outlast_its_evidence(world: World) -> None:
    world.do(world.adoption(evidence_days=30))
    assessment = world.assessed()
    panel_votes(world, assessment)
    runs = [each for each in world.state.runs.values() if each.act.system == BASELINE]
    end = posix(runs[0].time) + 30 * DAY
    late = world.decision(assessment, expires=utc(end + 1))
    assert refusal(world, late, "cleo") == "evidence-too-old"
    world.do(replace(late, expires=utc(end)), "cleo")


def test_recording_the_same_evidence_again_does_not_make_it_young(world: World) -> None:
    world.do(world.adoption(evidence_days=30))
    old = world.do(world.seal(), "pim")
    for system in (BASELINE, CANDIDATE):
        world.do(world.run(old, system, evidence=named(f"rows of {system}")), "pim")
    world.clock.forward(20 * DAY)
    new = world.do(world.seal(basis="retrospective"), "pim")
    runs = [
        world.do(world.run(new, system, evidence=named(f"rows of {system}")), "pim")
        for system in (BASELINE, CANDIDATE)
    ]
    assessment = world.do(world.assessment(world.do(world.verdict(new, *runs), "pim")), "pim")
    panel_votes(world, assessment)
    act = world.decision(assessment, expires=later(world, 11 * DAY))
    assert refusal(world, act, "cleo") == "evidence-too-old"
    world.do(replace(act, expires=later(world, 9 * DAY)), "cleo")


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"emergency": ("on-call", "on-call")}, "role-twice"),
        ({"ratify_hours": 0}, "wrong-validity"),
        ({"ratify_hours": 721}, "wrong-validity"),
        ({"evidence_days": -1}, "wrong-validity"),
        ({"evidence_days": 36_501}, "wrong-validity"),
    ],
)
def test_a_charter_sets_times_that_can_be(world: World, terms: dict[str, Any], reason: str) -> None:
    assert refusal(world, world.adoption(**terms)) == reason


@pytest.mark.parametrize("limit", ["", "two words", "a,b", "web\u00a0search"])
def test_a_feature_has_a_name_that_a_list_can_hold(world: World, limit: str) -> None:
    condition = Condition(kind="feature_off", limit=limit)
    act = world.assessment(world.judged(), conditions=(condition,))
    assert refusal(world, act, "pim") == "unreadable-condition"
