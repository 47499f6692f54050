"""Each rule of admission, asked of `admit`, of `fold` and of the standalone verifier at once."""

from dataclasses import fields, replace
from typing import Any

import pytest

from interlock.admission import (
    Acceptance,
    Answer,
    Condition,
    Lift,
    Lineage,
    Question,
    Revocation,
    admit,
    fold,
    statement_of,
    subject_of,
)
from interlock.errors import RefusedActError, UnknownKindError
from interlock.ledger import Entry, Statement, Subject, sign
from tests.fakes import LOG_SIGNER, MemorySigner
from tests.world import (
    BASELINE,
    CANDIDATE,
    CRITERIA,
    PEOPLE,
    REQUIRED,
    ROOT_SIGNERS,
    VARIANT,
    World,
    both,
    enrolments,
    make_root,
    named,
    refusal,
    reread,
)


@pytest.fixture
def world() -> World:
    return World().begin()


def test_an_act_needs_exactly_one_enrolled_signer(world: World) -> None:
    world.signers["nobody"] = MemorySigner("nobody")
    assert refusal(world, world.hold(), "nobody") == "unknown-signer"
    assert refusal(world, world.hold("two"), "cleo", "rita") == "ambiguous-signer"
    world.do(world.hold("one, and a stranger beside"), "cleo", "nobody")


def test_an_act_needs_a_role_that_may_do_it(world: World) -> None:
    assert refusal(world, world.seal(), "rita") == "role-not-held"
    assert refusal(world, world.hold(), "pim") == "role-not-held"
    assessment = world.assessed()
    assert refusal(world, Question(assessment=assessment, text="?"), "pim") == "role-not-held"


def test_a_statement_names_what_its_act_is_about(world: World) -> None:
    hold = world.hold()
    for subjects in (
        (Subject("system", BASELINE),),
        (Subject("release", CANDIDATE),),
        (subject_of(hold), subject_of(hold)),
    ):
        envelope = sign(Statement(subjects, hold), world.signers["cleo"])
        with pytest.raises(RefusedActError, match="wrong-subject"):
            admit(world.state, envelope, world.clock.now())
        identity = world.put(envelope)
        assert reread(world).refused[identity].reason == "wrong-subject"


def test_a_record_that_is_no_act_has_no_subject() -> None:
    with pytest.raises(UnknownKindError):
        subject_of(make_root())
    with pytest.raises(UnknownKindError):
        statement_of(make_root())


def test_a_statement_that_arrives_twice_changes_nothing(world: World) -> None:
    world.do(world.hold(), "cleo")
    envelope = world.entries[-1].envelope
    assert admit(world.state, envelope, world.clock.now()) is world.state
    before = dict(world.state.accepted)
    world.put(envelope)
    assert world.state.accepted == before
    assert world.state.refused[-1].reason == "repeated"


def test_a_refused_statement_may_come_again_when_it_fits(world: World) -> None:
    assessment = world.assessed()
    world.do(world.qualification("lena", REQUIRED[2], until="2026-01-05T09:00:00Z"), "cleo")
    vote = world.vote("lena", assessment)
    assert refusal(world, vote, "lena") == "unqualified"
    world.do(world.qualification("lena", REQUIRED[2]), "cleo")
    world.do(vote, "lena")


def test_nothing_is_admitted_with_a_clock_behind_the_log(world: World) -> None:
    with pytest.raises(RefusedActError, match="time-runs-back"):
        admit(world.state, world.signed(world.hold(), "cleo"), "2026-01-05T08:00:00Z")


def test_nothing_is_admitted_to_a_log_that_cannot_be_read(world: World) -> None:
    world.entries.append(Entry("2026-01-05T08:00:00Z", world.signed(world.hold(), "cleo")))
    state = fold(world.entries, root=world.root)
    with pytest.raises(RefusedActError, match="unverifiable"):
        admit(state, world.signed(world.hold("again"), "cleo"), world.clock.now())


def test_a_state_goes_on_under_its_own_root_only(world: World) -> None:
    with pytest.raises(RefusedActError, match="wrong-root"):
        fold((), root=make_root(threshold=1), state=world.state)


@pytest.mark.parametrize("kind", ["keyring", "adoption"])
def test_what_the_root_signs_replaces_what_is_in_force(world: World, kind: str) -> None:
    act = getattr(world, kind)()
    assert refusal(world, act, "cleo") == "below-threshold"
    world.do(act)
    assert refusal(world, replace(act, previous=named("x"))) == "previous-mismatch"


def test_the_first_keyring_replaces_nothing() -> None:
    world = World()
    assert refusal(world, replace(world.keyring(), previous=named("x"))) == "previous-mismatch"


def test_every_person_of_a_keyring_is_one_person(world: World) -> None:
    keyring = world.keyring()
    twice = (*keyring.people, keyring.people[0])
    assert refusal(world, replace(keyring, people=twice)) == "person-twice"
    for name in ("", "root"):
        assert refusal(world, world.keyring({name: ("chair",), "pim": ()}, _keys())) == (
            "person-twice"
        )
    assert refusal(world, world.keyring({"cleo": ("chair", "chair"), "pim": ()})) == "role-twice"


def _keys() -> dict[str, MemorySigner]:
    return {name: MemorySigner(name) for name in ("", "root", "pim")}


def test_the_roots_own_keys_are_nobodys(world: World) -> None:
    for signer in (LOG_SIGNER, ROOT_SIGNERS[2]):
        keyring = world.keyring(PEOPLE, world.signers | {"lena": signer})
        assert refusal(world, keyring) == "reserved-key"


def test_an_enrolment_is_proved_and_vouched_for(world: World) -> None:
    keyring = world.keyring()
    first, second = keyring.people[:2]
    for changes, reason in (
        ({"proof": second.proof}, "bad-proof"),
        ({"roles": (*first.roles, "product-manager")}, "bad-proof"),
        ({"countersignature": first.proof}, "bad-countersignature"),
        ({"countersigner": first.name, "countersignature": first.proof}, "bad-countersignature"),
        ({"countersigner": "nobody"}, "bad-countersignature"),
        ({"countersigner": "root"}, "bad-countersignature"),
    ):
        changed: Any = replace(first, **changes)
        people = (changed, *keyring.people[1:])
        assert refusal(world, replace(keyring, people=people)) == reason


def test_a_root_key_vouches_for_one_person_alone() -> None:
    alone = World()
    alone.do(alone.keyring({"cleo": ("chair",)}))
    pair = World()
    people = (*enrolments({"cleo": ("chair",)}), *enrolments({"pim": ()}))
    assert refusal(pair, replace(pair.keyring({}), people=people)) == "bad-countersignature"


def test_a_keyring_may_be_empty_and_then_nobody_acts(world: World) -> None:
    world.do(world.keyring({}))
    assert refusal(world, world.hold(), "cleo") == "unknown-signer"


def test_a_charter_requires_somebody_and_names_each_role_once(world: World) -> None:
    assert refusal(world, world.adoption(required=())) == "no-required-role"
    assert refusal(world, world.adoption(advisory=(REQUIRED[0],))) == "role-twice"


def test_a_charter_can_come_back(world: World) -> None:
    world.do(world.adoption(charter=named("second")))
    world.do(world.adoption())
    assert world.state.adoption is not None
    assert world.state.adoption.index == world.state.size - 1


def test_a_recovery_speaks_of_the_tree_before_it(world: World) -> None:
    recovery = world.recovery(lost=2)
    assert refusal(world, replace(recovery, root_hash=named("x"))) == "recovery-mismatch"
    assert refusal(world, recovery) == "recovery-mismatch"
    recovery = world.recovery()
    assert refusal(world, replace(recovery, lost_size=0)) == "recovery-mismatch"


def test_nobody_qualifies_themselves(world: World) -> None:
    own = world.qualification("cleo", REQUIRED[0])
    assert refusal(world, own, "cleo") == "own-qualification"
    until = "2026-11-01T00:00:00Z"
    again = replace(world.qualification("lena", REQUIRED[2], until), previous="")
    assert refusal(world, again, "cleo") == "previous-mismatch"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"charter": named("another")}, "wrong-charter"),
        ({"candidates": ()}, "wrong-candidates"),
        ({"candidates": (CANDIDATE, CANDIDATE)}, "wrong-candidates"),
        ({"candidates": (BASELINE,)}, "wrong-candidates"),
        ({"lineages": ()}, "wrong-criteria"),
        ({"lineages": (Lineage(criterion="a", claim="a", attempt=1),) * 2}, "wrong-criteria"),
        ({"lineages": (Lineage(criterion="a", claim="a", attempt=2),)}, "wrong-attempt"),
        ({"lineages": (Lineage(criterion="a", claim="a", attempt=0),)}, "wrong-attempt"),
        ({"bank": ""}, "wrong-sample"),
        ({"sample": 0}, "wrong-sample"),
        ({"sample": -1}, "wrong-sample"),
        ({"basis": "retrospective", "sample": 3}, "wrong-sample"),
        ({"basis": "retrospective", "bank": named("bank")}, "wrong-sample"),
    ],
)
def test_a_seal_is_whole(world: World, changes: dict[str, Any], reason: str) -> None:
    assert refusal(world, world.seal(**changes), "pim") == reason


def test_without_a_charter_nothing_is_sealed() -> None:
    world = World()
    world.do(world.keyring())
    assert refusal(world, world.seal(), "pim") == "wrong-charter"


def test_every_seal_of_a_lineage_is_an_attempt(world: World) -> None:
    world.do(world.seal(), "pim")
    first = tuple(Lineage(criterion=each, claim=each, attempt=1) for each in CRITERIA)
    renamed = world.seal(hypothesis=named("renamed"), lineages=first)
    assert refusal(world, renamed, "pim") == "wrong-attempt"
    other = world.seal(candidates=(VARIANT,), hypothesis=named("renamed"))
    assert [each.attempt for each in other.lineages] == [2, 2, 2]
    world.do(other, "pim")
    assert world.state.attempts_of("assistant", BASELINE, CRITERIA[0]) == 2
    assert world.state.attempts_of("assistant", named("other baseline"), CRITERIA[0]) == 0


def test_a_run_is_of_a_sealed_system_and_once(world: World) -> None:
    seal = world.do(world.seal(), "pim")
    run = world.run(seal, BASELINE)
    assert refusal(world, replace(run, seal=named("x")), "pim") == "unknown-seal"
    assert refusal(world, replace(run, system=named("x")), "pim") == "foreign-system"
    world.do(run, "pim")
    again = replace(run, evidence=named("again"))
    assert refusal(world, again, "pim") == "run-twice"
    same = replace(run, system=CANDIDATE)
    assert refusal(world, same, "pim") == "same-evidence"


def test_a_run_claims_no_more_than_its_seal(world: World) -> None:
    seal = world.do(world.seal(basis="retrospective"), "pim")
    run = world.run(seal, BASELINE, basis="prospective")
    assert refusal(world, run, "pim") == "stronger-basis"


def test_evidence_known_before_is_never_prospective(world: World) -> None:
    old = world.do(world.seal(), "pim")
    world.do(world.run(old, BASELINE, evidence=named("rows")), "pim")
    new = world.do(world.seal(), "pim")
    reused = world.run(new, BASELINE, evidence=named("rows"))
    assert refusal(world, reused, "pim") == "same-evidence"
    world.do(replace(reused, basis="retrospective"), "pim")
    third = world.do(world.seal(), "pim")
    world.do(world.run(third, BASELINE, evidence=named("rows"), basis="retrospective"), "pim")
    candidate = world.run(new, CANDIDATE, evidence=named("rows"), basis="retrospective")
    assert refusal(world, candidate, "pim") == "same-evidence"
    fourth = world.do(world.seal(), "pim")
    other = world.run(fourth, CANDIDATE, evidence=named("rows"), basis="retrospective")
    assert refusal(world, other, "pim") == "same-evidence"


def test_criteria_of_one_claim_share_its_attempt(world: World) -> None:
    tries = tuple(Lineage(criterion=name, claim="harm", attempt=1) for name in ("all", "german"))
    world.do(world.seal(lineages=tries), "pim")
    assert world.state.attempts_of("assistant", BASELINE, "harm") == 1
    again = (Lineage(criterion="french", claim="harm", attempt=1),)
    assert refusal(world, world.seal(lineages=again), "pim") == "wrong-attempt"
    world.do(world.seal(lineages=(replace(again[0], attempt=2),)), "pim")
    assert world.state.attempts_of("assistant", BASELINE, "harm") == 2


def test_a_verdict_rests_on_both_runs_of_its_seal(world: World) -> None:
    seal = world.do(world.seal(candidates=(CANDIDATE, VARIANT)), "pim")
    baseline = world.do(world.run(seal, BASELINE), "pim")
    verdict = world.verdict(seal, baseline, named("no run"))
    assert refusal(world, verdict, "pim") == "wrong-runs"
    run = world.do(world.run(seal, CANDIDATE), "pim")
    other = world.do(world.run(seal, VARIANT), "pim")
    verdict = world.verdict(seal, baseline, run)
    for runs in ((), (run,), (baseline, other), (baseline, run, other), (baseline, run, run)):
        assert refusal(world, replace(verdict, runs=runs), "pim") == "wrong-runs"
    assert refusal(world, replace(verdict, seal=named("x")), "pim") == "unknown-seal"
    assert refusal(world, replace(verdict, system=BASELINE), "pim") == "foreign-system"
    world.do(verdict, "pim")
    again = replace(verdict, judgement=named("again"))
    assert refusal(world, again, "pim") == "verdict-twice"


def test_an_assessment_rests_on_the_verdict_of_its_system(world: World) -> None:
    verdict = world.judged()
    assessment = world.assessment(verdict)
    assert refusal(world, replace(assessment, verdict=named("x")), "pim") == "unknown-verdict"
    assert refusal(world, replace(assessment, system=BASELINE), "pim") == "wrong-system"
    assert refusal(world, replace(assessment, product="another"), "pim") == "wrong-system"
    first = world.do(assessment, "pim")
    forked = replace(assessment, document=named("fork"))
    assert refusal(world, forked, "pim") == "previous-mismatch"
    world.do(replace(forked, previous=first), "pim")


def test_a_question_is_about_the_latest_assessment(world: World) -> None:
    first = world.assessed()
    world.do(world.assessment(world.state.accepted[first].act.verdict), "pim")
    late = Question(assessment=first, text="?")
    assert refusal(world, late, "lena") == "stale-assessment"
    unknown = Question(assessment=named("x"), text="?")
    assert refusal(world, unknown, "lena") == "unknown-assessment"


def test_a_question_is_closed_by_its_asker_with_an_answer_to_it(world: World) -> None:
    people = PEOPLE | {"lena": (REQUIRED[2], "evaluation-engineer")}
    world.do(world.keyring(people))
    assessment = world.assessed()
    question, other = world.ask("lena", assessment), world.ask("paul", assessment, "Why?")
    own = Answer(question=question, text="myself")
    assert refusal(world, own, "lena") == "own-answer"
    unknown = Answer(question=named("x"), text="?")
    assert refusal(world, unknown, "pim") == "unknown-question"
    answer = world.do(Answer(question=question, text="section 5"), "pim")
    elsewhere = world.do(Answer(question=other, text="section 6"), "pim")
    taken = Acceptance(question=question, answer=answer)
    assert refusal(world, taken, "paul") == "not-the-asker"
    assert refusal(world, replace(taken, answer=elsewhere), "lena") == "wrong-answer"
    assert refusal(world, replace(taken, answer=question), "lena") == "wrong-answer"
    assert refusal(world, replace(taken, question=answer), "lena") == "unknown-question"
    assert world.state.open_questions(assessment) == (question, other)
    world.do(taken, "lena")
    assert world.state.open_questions(assessment) == (other,)


def test_whoever_voted_does_not_answer(world: World) -> None:
    world.do(world.keyring(PEOPLE | {"rita": (REQUIRED[0], "evaluation-engineer")}))
    assessment = world.assessed()
    world.do(world.vote("rita", assessment), "rita")
    question = world.ask("lena", assessment)
    answer = Answer(question=question, text="fine")
    assert refusal(world, answer, "rita") == "conflict-of-interest"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valid_days": 0}, "wrong-validity"),
        ({"valid_days": 367}, "wrong-validity"),
        ({"conditions": (Condition(kind="tier", limit=""),)}, "unreadable-condition"),
        *(
            ({"conditions": (Condition(kind="max_traffic_percent", limit=limit),)}, reason)
            for limit in ("", "101", "-1", "05", "5.0", "\u0665", "5\n")
            for reason in ("unreadable-condition",)
        ),
    ],
)
def test_an_assessment_sets_bounds_that_a_machine_can_check(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    verdict = world.judged()
    assert refusal(world, world.assessment(verdict, **changes), "pim") == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"assessment": named("x")}, "unknown-assessment"),
        ({"system": BASELINE}, "wrong-system"),
        ({"charter": named("x")}, "wrong-charter"),
        ({"role": REQUIRED[0]}, "role-not-held"),
        ({"role": "product-manager"}, "role-not-held"),
        ({"previous": named("x")}, "previous-mismatch"),
    ],
)
def test_a_vote_is_bound_to_what_it_was_given_upon(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    vote = replace(world.vote("lena", world.assessed()), **changes)
    assert refusal(world, vote, "lena") == reason


def test_a_role_has_one_vote(world: World) -> None:
    world.signers["remy"] = MemorySigner("remy")
    world.do(world.keyring(PEOPLE | {"remy": (REQUIRED[0],)}, world.signers))
    world.do(world.qualification("remy", REQUIRED[0]), "cleo")
    assessment = world.assessed()
    world.do(world.vote("rita", assessment, "no-go"), "rita")
    assert refusal(world, world.vote("remy", assessment), "remy") == "role-taken"


def test_a_changed_vote_replaces_the_first(world: World) -> None:
    assessment = world.assessed()
    world.do(world.vote("rita", assessment, "no-go"), "rita")
    changed = world.do(world.vote("rita", assessment), "rita")
    assert [each.identity for each in world.state.standing_votes(assessment)] == [changed]


def test_a_votes_chain_runs_through_every_assessment_of_the_product(world: World) -> None:
    first = world.do(world.vote("rita", world.assessed()), "rita")
    second = world.assessed()
    forgetful = world.vote("rita", second, previous="")
    assert refusal(world, forgetful, "rita") == "previous-mismatch"
    assert world.state.previous_vote("rita", "assistant") == first


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"assessment": named("x")}, "unknown-assessment"),
        ({"product": "another"}, "wrong-system"),
        ({"votes": ()}, "wrong-votes"),
        ({"expires": "2026-01-05T09:00:00Z"}, "wrong-expiry"),
        ({"expires": "2026-02-30T09:00:00Z"}, "invalid-time"),
        ({"conditions": (Condition(kind="tier", limit="beta"),)}, "other-conditions"),
    ],
)
def test_a_decision_is_whole(world: World, changes: dict[str, Any], reason: str) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    assert refusal(world, replace(world.decision(assessment), **changes), "cleo") == reason


def test_a_decision_counts_each_vote_once(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    decision = world.decision(assessment)
    twice = replace(decision, votes=(*decision.votes, decision.votes[0]))
    assert refusal(world, twice, "cleo") == "wrong-votes"


def test_nothing_is_decided_without_votes(world: World) -> None:
    decision = world.decision(world.assessed(), "no-go")
    assert refusal(world, decision, "cleo") == "no-votes"


def test_a_go_is_revoked_by_a_required_role_of_then_or_now(world: World) -> None:
    decision = world.go()
    revocation = Revocation(decision=decision, reason="new evidence")
    assert refusal(world, revocation, "pim") == "role-not-held"
    unknown = replace(revocation, decision=named("x"))
    assert refusal(world, unknown, "lena") == "unknown-decision"
    world.do(world.adoption(required=("chair",), advisory=()))
    world.do(revocation, "lena")
    assert world.state.standing(decision) == "revoked"
    world.do(replace(revocation, reason="more"), "cleo")
    assert world.state.revocations[decision].person == "lena"


def test_a_revoked_go_does_not_come_back_on_the_same_votes(world: World) -> None:
    decision = world.go()
    world.revoke("lena", decision)
    assessment = world.state.accepted[decision].act.assessment
    again = world.decision(assessment, expires="2026-07-01T00:00:00Z")
    assert refusal(world, again, "cleo") == "already-decided"


def test_a_no_go_cannot_be_revoked(world: World) -> None:
    assessment = world.assessed()
    world.do(world.vote("rita", assessment, "no-go"), "rita")
    decision = world.do(world.decision(assessment, "no-go"), "cleo")
    assert world.state.standing(decision) == "no-go"
    act = Revocation(decision=decision, reason="?")
    assert refusal(world, act, "lena") == "unknown-decision"


def test_holds_form_a_chain_so_that_one_can_be_set_again(world: World) -> None:
    first = world.do(world.hold(), "cleo")
    forked = replace(world.hold("other"), previous="")
    assert refusal(world, forked, "rita") == "previous-mismatch"
    second = world.do(world.hold(), "rita")
    assert refusal(world, Lift(hold=named("x"), reason="?"), "lena") == "unknown-hold"
    assert refusal(world, Lift(hold=first, reason="?"), "cleo") == "own-hold"
    world.lift("lena", first)
    assert refusal(world, Lift(hold=first, reason="again"), "lena") == "unknown-hold"
    assert [each.identity for each in world.state.active_holds("assistant", CANDIDATE)] == [second]


def test_reading_in_parts_comes_to_the_same(world: World) -> None:
    decision = world.go()
    world.force(world.hold(), "pim")
    world.revoke("lena", decision)
    whole = fold(world.entries, root=world.root)
    for step in (1, 2, 5):
        state = fold((), root=world.root)
        for at in range(0, len(world.entries), step):
            state = fold(world.entries[at : at + step], root=world.root, state=state)
        assert state.frontier.root == whole.frontier.root
        for each in fields(whole):
            if each.name != "frontier":
                assert getattr(state, each.name) == getattr(whole, each.name)
    assert both(world, decision) == "revoked"
