"""Never GO: what the product's check and the stranger's verifier must both refuse, and why.

Every test puts its case on a log, exports the bundle, and asks both.
"""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from interlock.admission import (
    Acceptance,
    Answer,
    Condition,
    CriterionOutcome,
    Question,
    statement_of,
)
from interlock.admission.verify import Refused, Unverifiable
from interlock.ledger import (
    Checkpoint,
    Entry,
    Envelope,
    Signature,
    base64_text,
    canonical,
    cosign,
    key_id,
    leaf_hash,
    pae,
    parse,
    root_hash,
    sign_checkpoint,
)
from tests.fakes import LOG_SIGNER, ORIGIN, WITNESS, WITNESS_SIGNER, MemorySigner
from tests.world import (
    BASELINE,
    CANDIDATE,
    CRITERIA,
    PANEL,
    PEOPLE,
    REQUIRED,
    World,
    both,
    by_product,
    make_root,
    named,
    refusal,
    reread,
)


@pytest.fixture
def world() -> World:
    return World().begin()


def pinned(world: World) -> Any:
    """The root of a reader who has seen the log as it is now."""
    root = root_hash([leaf_hash(entry.leaf()) for entry in world.entries])
    return make_root(minimum_size=len(world.entries), minimum_root_hash=root.hex())


def altered(bundle: bytes, **changes: Any) -> bytes:
    """A bundle with other fields, otherwise in order."""
    value = parse(bundle)
    assert isinstance(value, dict)
    return canonical(value | changes)


def raw(world: World, payload: bytes, *names: str) -> Envelope:
    """Bytes of one's own, properly signed."""
    signers = [world.signers[name] for name in names]
    return Envelope(
        payload,
        tuple(Signature(key_id(each.public_key), each.sign(pae(payload))) for each in signers),
    )


def test_a_full_go_holds_and_both_say_so(world: World) -> None:
    assert both(world, world.go()) == "holds"


def test_the_newest_statement_deleted(world: World) -> None:
    decision = world.go()
    world.revoke("lena", decision)
    note = world.note()
    world.entries.pop()
    cut = world.bundle(decision, note=note).to_bytes()
    assert both(world, decision, bundle=cut) == "wrong-checkpoint"


def test_the_newest_statement_deleted_by_the_log_itself(world: World) -> None:
    decision = world.go()
    world.revoke("lena", decision)
    root = pinned(world)
    world.entries.pop()
    assert both(world, decision, root=root) == "below-minimum"
    assert "newest entries are missing" in str(
        by_product(world.bundle(decision).to_bytes(), root, world.clock.now())
    )


def test_the_log_rewritten_from_the_middle(world: World) -> None:
    assessment = world.assessed()
    votes = world.voted(assessment)
    refusing = world.do(world.vote("lena", assessment, "no-go"), "lena")
    root = pinned(world)
    kept = [entry for entry in world.entries if entry.identity != refusing]
    forged = World(world.root)
    forged.clock = world.clock
    for entry in kept:
        forged.put(entry.envelope)
    decision = forged.do(forged.decision(assessment), "cleo")
    assert len(forged.state.standing_votes(assessment)) == len(votes)
    assert both(forged, decision, root=root) == "rewritten"
    note = world.note()
    bundle = forged.bundle(decision, note=note).to_bytes()
    assert both(forged, decision, bundle=bundle) == "wrong-checkpoint"


def test_one_key_under_two_names() -> None:
    world = World()
    world.signers["paul"] = world.signers["lena"]
    assert refusal(world, world.keyring(signers=world.signers)) == "key-twice"
    world = World().begin()
    world.signers["paul"] = world.signers["lena"]
    assert refusal(world, world.keyring(signers=world.signers)) == "key-twice"
    assessment = world.assessed()
    for person in ("rita", "lena", "paul"):
        world.force(world.vote(person, assessment), person)
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "missing-go"


def test_one_key_given_to_another_person_later(world: World) -> None:
    people = {name: roles for name, roles in PEOPLE.items() if name != "lena"}
    signers = world.signers | {"paul": world.signers["lena"]}
    assert refusal(world, world.keyring(people, signers)) == "key-of-another"


def test_one_person_in_two_roles(world: World) -> None:
    world.do(world.keyring(PEOPLE | {"rita": (REQUIRED[0], REQUIRED[1])}))
    world.do(world.qualification("rita", REQUIRED[1]), "cleo")
    assessment = world.assessed()
    world.do(world.vote("rita", assessment), "rita")
    assert refusal(world, world.vote("rita", assessment, role=REQUIRED[1]), "rita") == "second-role"
    world.do(world.vote("lena", assessment), "lena")
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "missing-go"


def test_an_old_go_replayed_after_a_no_go(world: World) -> None:
    decision = world.go()
    old = world.entries[-1].envelope
    first = world.state.accepted[world.state.accepted[decision].act.assessment].act
    assessment = world.do(world.assessment(first.verdict), "pim")
    world.do(world.vote("rita", assessment, "no-go"), "rita")
    world.do(world.decision(assessment, "no-go"), "cleo")
    world.put(old)
    assert world.state.refused[-1].reason == "repeated"
    assert both(world, decision) == "superseded"


def test_a_new_go_after_a_no_go_needs_a_new_assessment(world: World) -> None:
    assessment = world.assessed()
    world.do(world.vote("rita", assessment, "no-go"), "rita")
    world.do(world.decision(assessment, "no-go"), "cleo")
    again = world.force(world.decision(assessment, expires="2026-07-01T00:00:00Z"), "cleo")
    assert both(world, again) == "already-decided"


def test_an_old_vote_replayed_after_it_was_taken_back(world: World) -> None:
    assessment = world.assessed()
    votes = world.voted(assessment)
    old = world.entries[-1].envelope
    world.do(world.vote("lena", assessment, "no-go"), "lena")
    world.put(old)
    decision = world.force(world.decision(assessment, votes=votes), "cleo")
    assert both(world, decision) == "wrong-votes"
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "missing-go"


def test_a_vote_before_an_edit(world: World) -> None:
    assessment = world.assessed()
    votes = world.voted(assessment)
    edited = world.do(world.assessment(world.state.accepted[assessment].act.verdict), "pim")
    late = world.vote("lena", assessment)
    assert refusal(world, late, "lena") == "stale-assessment"
    old = world.force(world.decision(assessment), "cleo")
    assert both(world, old) == "stale-assessment"
    new = world.force(world.decision(edited, votes=votes), "cleo")
    assert both(world, new) == "no-votes"


def test_expired(world: World) -> None:
    decision = world.go(expires="2026-01-05T10:00:00Z")
    assert both(world, decision) == "holds"
    world.clock.forward(3600)
    assert both(world, decision) == "expired"


def test_a_go_longer_than_a_year(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    decision = world.force(world.decision(assessment, expires="2027-01-07T00:00:00Z"), "cleo")
    assert both(world, decision) == "wrong-expiry"


def test_revoked(world: World) -> None:
    decision = world.go()
    world.revoke("lena", decision)
    assert both(world, decision) == "revoked"
    error = by_product(world.bundle(decision).to_bytes(), world.root, world.clock.now())
    assert "took it back for good" in str(error)


def test_held_until_somebody_else_lifts_it(world: World) -> None:
    decision = world.go()
    hold = world.do(world.hold(), "cleo")
    assert both(world, decision) == "held"
    world.lift("rita", hold)
    assert both(world, decision) == "holds"
    world.do(world.hold(), "cleo")
    assert both(world, decision) == "held"


def test_a_hold_lifted_by_who_set_it(world: World) -> None:
    decision = world.go()
    hold = world.do(world.hold(), "cleo")
    with pytest.raises(Exception, match="own-hold"):
        world.lift("cleo", hold)
    assert both(world, decision) == "held"


def test_a_go_decided_under_a_hold(world: World) -> None:
    world.do(world.hold(), "cleo")
    assessment = world.assessed()
    world.voted(assessment)
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "held"


def test_a_no_go(world: World) -> None:
    assessment = world.assessed()
    world.do(world.vote("rita", assessment, "no-go"), "rita")
    assert both(world, world.do(world.decision(assessment, "no-go"), "cleo")) == "no-go"


def test_a_bundle_without_a_proof(world: World) -> None:
    decision = world.go()
    bundle = world.bundle(decision).to_bytes()
    bare = parse(bundle)
    assert isinstance(bare, dict)
    del bare["proof"]
    assert both(world, decision, bundle=canonical(bare)) == "invalid-bundle"
    empty = altered(bundle, proof={"index": len(world.entries) - 1, "hashes": []})
    assert both(world, decision, bundle=empty) == "invalid-proof"
    elsewhere = altered(bundle, proof={"index": 0, "hashes": []})
    assert both(world, decision, bundle=elsewhere) == "invalid-proof"
    for nowhere in (-1, 10**6):
        astray = altered(bundle, proof={"index": nowhere, "hashes": []})
        assert both(world, decision, bundle=astray) == "invalid-proof"


def test_a_strangers_root() -> None:
    strangers = World(
        make_root(
            log_key=base64_text(MemorySigner("stranger's log").public_key),
            witness_key=base64_text(MemorySigner("stranger's witness").public_key),
        )
    ).begin()
    decision = strangers.go()
    leaves = [leaf_hash(entry.leaf()) for entry in strangers.entries]
    note = cosign(
        sign_checkpoint(
            Checkpoint(ORIGIN, len(leaves), root_hash(leaves)), MemorySigner("stranger's log")
        ),
        signer=MemorySigner("stranger's witness"),
        name=WITNESS,
        time=strangers.clock.now(),
    )
    bundle = strangers.bundle(decision, note=note).to_bytes()
    assert both(strangers, decision, bundle=bundle) == "holds"
    assert both(strangers, decision, bundle=bundle, root=make_root()) == "invalid-checkpoint"


def test_a_strangers_root_keys_on_our_log(world: World) -> None:
    decision = world.go()
    others = tuple(base64_text(MemorySigner(f"other-{n}").public_key) for n in (1, 2))
    assert both(world, decision, root=make_root(root_keys=others)) == "unknown-signer"


def test_a_stale_checkpoint(world: World) -> None:
    decision = world.go()
    bundle = world.bundle(decision).to_bytes()
    world.clock.forward(86_400)
    assert both(world, decision, bundle=bundle) == "stale-checkpoint"


def test_a_checkpoint_from_the_future(world: World) -> None:
    decision = world.go()
    assert both(world, decision, now="2026-01-05T08:00:00Z") == "clock"


def test_a_log_ahead_of_its_witness(world: World) -> None:
    decision = world.go()
    note = world.note(time="2026-01-05T09:00:00Z")
    bundle = world.bundle(decision, note=note).to_bytes()
    assert both(world, decision, bundle=bundle, now="2026-01-05T09:00:00Z") == "clock"


def test_a_checkpoint_nobody_witnessed(world: World) -> None:
    decision = world.go()
    leaves = [leaf_hash(entry.leaf()) for entry in world.entries]
    note = sign_checkpoint(Checkpoint(ORIGIN, len(leaves), root_hash(leaves)), LOG_SIGNER)
    bundle = world.bundle(decision, note=note).to_bytes()
    assert both(world, decision, bundle=bundle) == "invalid-checkpoint"


def test_duplicate_json_keys(world: World) -> None:
    assessment = world.assessed()
    for person in ("rita", "paul"):
        world.do(world.vote(person, assessment), person)
    payload = statement_of(world.vote("lena", assessment, "no-go")).payload()
    twice = payload.replace(b'"ballot":"no-go"', b'"ballot":"no-go","ballot":"go"')
    assert json.loads(twice)["predicate"]["ballot"] == "go"
    identity = world.put(raw(world, twice, "lena"))
    assert world.state.refused[-1].reason == "malformed"
    assert reread(world).refused[identity].reason == "malformed"
    votes = tuple(each.identity for each in world.state.standing_votes(assessment))
    decision = world.force(world.decision(assessment, votes=(*votes, identity)), "cleo")
    assert both(world, decision) == "wrong-votes"


@pytest.mark.parametrize("where", ["spaces", "padding", "url", "keys"])
def test_a_re_encoded_envelope(world: World, where: str) -> None:
    decision = world.go()
    bundle = world.bundle(decision)
    leaf = json.loads(bundle.entries[3])
    if where == "padding":
        leaf["envelope"]["signatures"][0]["sig"] = leaf["envelope"]["signatures"][0]["sig"][:-2]
    if where == "url":
        data = base64.b64decode(leaf["envelope"]["payload"])
        leaf["envelope"]["payload"] = base64.urlsafe_b64encode(data + b"\xff\xff").decode()
    if where == "keys":
        leaf["envelope"]["note"] = ""
    text = json.dumps(leaf) if where == "spaces" else canonical(leaf).decode()
    entries = (*bundle.entries[:3], text, *bundle.entries[4:])
    leaves = [leaf_hash(each.encode()) for each in entries]
    note = cosign(
        sign_checkpoint(Checkpoint(ORIGIN, len(leaves), root_hash(leaves)), LOG_SIGNER),
        signer=WITNESS_SIGNER,
        name=WITNESS,
        time=world.clock.now(),
    )
    changed = replace(bundle, entries=entries, checkpoint=note).to_bytes()
    assert both(world, decision, bundle=changed) == "invalid-envelope"


@pytest.mark.parametrize(
    "predicate",
    ["urn:interlock:revocation/2", "vote/1", "https://slsa.dev/provenance/v1"],
)
@pytest.mark.parametrize("signer", ["lena", "nobody"])
@pytest.mark.parametrize("form", ["canonical", "spaced"])
def test_an_unknown_governance_predicate(
    world: World, predicate: str, signer: str, form: str
) -> None:
    decision = world.go()
    world.signers["nobody"] = MemorySigner("nobody")
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "decision", "digest": {"sha256": decision}}],
        "predicateType": predicate,
        "predicate": {"decision": decision, "share": 0.5},
    }
    payload = canonical(statement) if form == "canonical" else json.dumps(statement).encode()
    world.put(raw(world, payload, signer))
    assert world.state.unverifiable is not None
    assert both(world, decision) == "unknown-act"
    error = by_product(world.bundle(decision).to_bytes(), world.root, world.clock.now())
    assert "could hide a revocation" in str(error)
    with pytest.raises(Unverifiable):
        reread(world)


def test_a_clock_that_runs_back(world: World) -> None:
    decision = world.go()
    early = Entry("2026-01-05T08:00:00Z", world.signed(world.hold(), "cleo"))
    world.entries.append(early)
    bundle = world.bundle(decision).to_bytes()
    assert both(world, decision, bundle=bundle) == "time-runs-back"
    with pytest.raises(Refused, match="time-runs-back"):
        reread(world)


def test_an_unqualified_voter(world: World) -> None:
    world.do(world.qualification("lena", PANEL["lena"], until="2026-01-05T09:00:00Z"), "cleo")
    assessment = world.assessed()
    for person in ("rita", "paul"):
        world.do(world.vote(person, assessment), person)
    assert refusal(world, world.vote("lena", assessment), "lena") == "unqualified"
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "missing-go"


def test_a_qualification_that_ended_between_vote_and_decision(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    world.do(world.qualification("lena", PANEL["lena"], until="2026-01-05T09:00:00Z"), "cleo")
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "unqualified"


def test_the_author_votes(world: World) -> None:
    world.do(world.keyring(PEOPLE | {"lena": ("product-manager", REQUIRED[2])}))
    assessment = world.do(world.assessment(world.judged()), "lena")
    assert refusal(world, world.vote("lena", assessment), "lena") == "conflict-of-interest"


def test_the_author_of_an_earlier_version_votes(world: World) -> None:
    world.do(world.keyring(PEOPLE | {"lena": ("product-manager", REQUIRED[2])}))
    verdict = world.judged()
    world.do(world.assessment(verdict), "lena")
    assessment = world.do(world.assessment(verdict), "pim")
    assert refusal(world, world.vote("lena", assessment), "lena") == "conflict-of-interest"


@pytest.mark.parametrize("part", ["seal", "baseline", "candidate", "verdict", "answer"])
def test_whoever_made_the_evidence_votes(world: World, part: str) -> None:
    world.do(world.keyring(PEOPLE | {"rita": ("evaluation-engineer", REQUIRED[0])}))
    who = {name: "rita" if name == part else "pim" for name in ("seal", "baseline", "verdict")}
    seal = world.do(world.seal(), who["seal"])
    baseline = world.do(world.run(seal, BASELINE), who["baseline"])
    runner = "rita" if part == "candidate" else "pim"
    candidate = world.do(world.run(seal, CANDIDATE), runner)
    verdict = world.do(world.verdict(seal, baseline, candidate), who["verdict"])
    assessment = world.do(world.assessment(verdict), "pim")
    if part == "answer":
        question = world.ask("lena", assessment)
        answer = world.do(Answer(question=question, text="yes"), "rita")
        world.do(Acceptance(question=question, answer=answer), "lena")
    assert refusal(world, world.vote("rita", assessment), "rita") == "conflict-of-interest"


def test_an_open_question(world: World) -> None:
    assessment = world.assessed()
    question = world.ask("lena", assessment)
    assert refusal(world, world.vote("rita", assessment), "rita") == "open-question"
    world.settle("lena", question)
    world.voted(assessment)
    world.do(Question(assessment=assessment, text="And of elders?"), "paul")
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "open-question"


@pytest.mark.parametrize("ballot", ["abstain", "no-go"])
def test_abstaining_or_refusing_is_not_go(world: World, ballot: str) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    world.do(world.vote("paul", assessment, ballot), "paul")
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "missing-go"


def test_a_missing_role(world: World) -> None:
    assessment = world.assessed()
    for person in ("rita", "paul"):
        world.do(world.vote(person, assessment), person)
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "missing-go"
    error = by_product(world.bundle(decision).to_bytes(), world.root, world.clock.now())
    assert "legal-counsel has not voted go" in str(error)


def test_dissent_left_out_of_a_decision(world: World) -> None:
    world.do(world.keyring(PEOPLE | {"reda": ("red-teamer",)}, _with_reda(world)))
    world.do(world.qualification("reda", "red-teamer"), "cleo")
    assessment = world.assessed()
    votes = world.voted(assessment)
    world.do(world.vote("reda", assessment, "no-go", role="red-teamer"), "reda")
    silent = world.force(world.decision(assessment, votes=votes), "cleo")
    assert both(world, silent) == "wrong-votes"
    assert both(world, world.do(world.decision(assessment), "cleo")) == "holds"


def _with_reda(world: World) -> dict[str, MemorySigner]:
    world.signers["reda"] = MemorySigner("reda")
    return world.signers


def test_retrospective_evidence_nobody_accepted(world: World) -> None:
    assessment = world.assessed({"basis": "retrospective"})
    world.voted(assessment)
    world.do(world.vote("paul", assessment, accepts_retrospective=False), "paul")
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "retrospective-unaccepted"


def test_retrospective_evidence_the_charter_does_not_admit() -> None:
    world = World().begin(retrospective=False)
    assessment = world.assessed({"basis": "retrospective"})
    world.voted(assessment)
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "retrospective"


def test_one_retrospective_run_makes_the_evidence_retrospective() -> None:
    world = World().begin(retrospective=False)
    seal = world.do(world.seal(), "pim")
    weak = world.do(world.run(seal, BASELINE, basis="retrospective"), "pim")
    run = world.do(world.run(seal, CANDIDATE), "pim")
    verdict = world.do(world.verdict(seal, weak, run), "pim")
    assessment = world.do(world.assessment(verdict), "pim")
    world.voted(assessment)
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "retrospective"


def test_an_exploratory_seal(world: World) -> None:
    assessment = world.assessed({"confirmatory": False})
    world.voted(assessment)
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "exploratory"


@pytest.mark.parametrize("outcome", ["undecided", "failed"])
@pytest.mark.parametrize(
    ("criterion", "reason"), [(CRITERIA[0], "verdict-not-passed"), (CRITERIA[2], "red-line")]
)
def test_a_verdict_that_did_not_pass(
    world: World, outcome: Any, criterion: str, reason: str
) -> None:
    criteria = tuple(
        replace(each, outcome=outcome) if each.criterion == criterion else each
        for each in world.verdict(named("seal")).criteria
    )
    assessment = world.assessed(outcome=outcome, criteria=criteria)
    world.voted(assessment)
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == reason


def test_a_missing_criterion(world: World) -> None:
    seal = world.do(world.seal(), "pim")
    runs = [world.do(world.run(seal, system), "pim") for system in (BASELINE, CANDIDATE)]
    whole = world.verdict(seal, *runs)
    for criteria in (whole.criteria[:2], (), (*whole.criteria, whole.criteria[0])):
        assert refusal(world, replace(whole, criteria=criteria), "pim") == "missing-criterion"


def test_a_verdict_better_than_its_criteria(world: World) -> None:
    seal = world.do(world.seal(), "pim")
    runs = [world.do(world.run(seal, system), "pim") for system in (BASELINE, CANDIDATE)]
    whole = world.verdict(seal, *runs)
    worse = (replace(whole.criteria[0], outcome="undecided"), *whole.criteria[1:])
    assert refusal(world, replace(whole, criteria=worse), "pim") == "inconsistent-outcome"


def test_weak_keys(world: World) -> None:
    keyring = world.keyring()
    for key in (bytes(32), b"\x01" + bytes(31), b"\xee" + b"\xff" * 30 + b"\x7f"):
        weak = replace(keyring.people[0], key=base64_text(key))
        changed = replace(keyring, people=(weak, *keyring.people[1:]))
        assert refusal(world, changed) == "weak-key"


def test_a_keyring_below_the_threshold(world: World) -> None:
    keyring = world.keyring({"pim": (*REQUIRED, "chair", "product-manager")})
    world.signers |= {"root-1": MemorySigner("root-1")}
    assert refusal(world, keyring, "root-1") == "below-threshold"
    assert refusal(world, world.keyring(dict(list(PEOPLE.items())[:4])), "cleo") == (
        "below-threshold"
    )


def test_a_key_removed_from_the_keyring(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    world.do(world.keyring({name: roles for name, roles in PEOPLE.items() if name != "lena"}))
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "no-longer-enrolled"
    assert refusal(world, world.vote("lena", assessment, "no-go"), "lena") == "unknown-signer"


def test_a_key_exchanged_after_the_vote(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    world.signers["lena"] = MemorySigner("lena's new key")
    world.do(world.keyring(signers=world.signers))
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "no-longer-enrolled"


def test_a_vote_for_another_log(world: World) -> None:
    assessment = world.assessed()
    vote = world.vote("lena", assessment, origin="elsewhere.example/log")
    assert refusal(world, vote, "lena") == "wrong-origin"


def test_a_decision_about_another_system(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    decision = world.force(world.decision(assessment, system=named("component changed")), "cleo")
    assert both(world, decision) == "wrong-system"


def test_a_charter_that_changed_after_the_votes(world: World) -> None:
    assessment = world.assessed()
    world.voted(assessment)
    world.do(world.adoption(charter=named("stricter charter")))
    decision = world.force(world.decision(assessment), "cleo")
    assert both(world, decision) == "wrong-charter"


def test_a_decision_from_before_entries_were_lost(world: World) -> None:
    decision = world.go()
    world.do(world.recovery(lost=3))
    assert both(world, decision) == "lost"
    assessment = world.state.accepted[decision].act.assessment
    edited = world.do(world.assessment(world.state.accepted[assessment].act.verdict), "pim")
    world.voted(edited)
    assert both(world, world.do(world.decision(edited), "cleo")) == "holds"


def test_a_restore_that_lost_nothing_changes_nothing(world: World) -> None:
    decision = world.go()
    world.do(world.recovery(lost=0))
    assert both(world, decision) == "holds"


def test_a_vote_after_the_decision_is_told_to_revoke_instead(world: World) -> None:
    decision = world.go()
    assessment = world.state.accepted[decision].act.assessment
    late = world.vote("lena", assessment, "no-go")
    assert refusal(world, late, "lena") == "already-decided"
    assert both(world, decision) == "holds"


def test_a_go_that_a_later_verdict_on_the_system_contradicts(world: World) -> None:
    decision = world.go()
    failed = tuple(
        CriterionOutcome(criterion=each, outcome="failed", red_line=False) for each in CRITERIA
    )
    world.judged(outcome="failed", criteria=failed)
    assert both(world, decision) == "contradicted"


def test_a_go_on_a_verdict_older_than_a_failed_one(world: World) -> None:
    passed = world.judged()
    failed = tuple(
        CriterionOutcome(criterion=each, outcome="failed", red_line=False) for each in CRITERIA
    )
    world.judged(outcome="failed", criteria=failed)
    assessment = world.do(world.assessment(passed), "pim")
    world.voted(assessment)
    assert both(world, world.force(world.decision(assessment), "cleo")) == "contradicted"


def test_a_decision_that_was_never_taken(world: World) -> None:
    vote = world.voted(world.assessed())[0]
    assert both(world, vote) == "unknown-decision"


def test_a_decision_under_other_conditions_than_the_panel_voted_on(world: World) -> None:
    capped = (Condition(kind="max_traffic_percent", limit="10"),)
    assessment = world.do(world.assessment(world.judged(), conditions=capped), "pim")
    world.voted(assessment)
    loose = world.force(world.decision(assessment, conditions=()), "cleo")
    assert both(world, loose) == "other-conditions"


def test_a_decision_that_outlasts_what_the_panel_voted_on(world: World) -> None:
    assessment = world.do(world.assessment(world.judged(), valid_days=30), "pim")
    world.voted(assessment)
    long = world.force(world.decision(assessment, expires="2026-06-30T00:00:00Z"), "cleo")
    assert both(world, long) == "wrong-expiry"


def test_a_deployment_outside_its_conditions(world: World) -> None:
    conditions = (
        Condition(kind="max_traffic_percent", limit="10"),
        Condition(kind="tier", limit="beta"),
        Condition(kind="feature_off", limit="file-upload"),
    )
    decision = world.go({"conditions": conditions})
    bundle, now = world.bundle(decision).to_bytes(), world.clock.now()
    inside = {"traffic_percent": "10", "tier": "beta", "features": ""}
    assert by_product(bundle, world.root, now, inside) is None
    assert by_product(bundle, world.root, now, inside | {"features": "chat, memory"}) is None
    for outside in (
        {},
        {"tier": "beta", "features": ""},
        {"traffic_percent": "10", "features": ""},
        {"traffic_percent": "10", "tier": "beta"},
        inside | {"features": "file-upload"},
        inside | {"features": "chat , file-upload,memory"},
        inside | {"traffic_percent": "11"},
        inside | {"traffic_percent": "-1"},
        inside | {"traffic_percent": "1e1"},
        inside | {"tier": "all"},
    ):
        error = by_product(bundle, world.root, now, outside)
        assert error is not None
        assert "condition" in str(error)
