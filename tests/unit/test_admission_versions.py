"""Logs of the first version still read, and mean what they meant."""

from typing import Any

import pytest

from interlock.admission import Decision, admit, fold, statement_of, verify
from interlock.errors import DoesNotHoldError, RefusedActError, UnknownActError
from interlock.ledger import Envelope, Signature, canonical, content, key_id, kind_of, pae
from tests.world import ROOT_SIGNERS, World, both, by_stranger, reread

LATER = {
    "adoption": ("recomputation", "standard_parts", "emergency", "ratify_hours", "evidence_days"),
    "assessment": ("change", "follows", "changed"),
    "decision": ("change",),
}


def as_version(act: object, version: int, *signers: Any, **more: Any) -> Envelope:
    """An act signed as another version of its kind would have been."""
    kind = kind_of(act).partition("/")[0]
    subject = statement_of(act).subjects[0]
    said = {name: value for name, value in content(act).items() if name not in LATER[kind]}
    payload = canonical(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": subject.name, "digest": {"sha256": subject.sha256}}],
            "predicateType": f"urn:interlock:{kind}/{version}",
            "predicate": said | more,
        }
    )
    signed = (Signature(key_id(each.public_key), each.sign(pae(payload))) for each in signers)
    return Envelope(payload, tuple(signed))


def begun() -> World:
    """A world whose charter was adopted by the first version."""
    world = World()
    world.do(world.keyring())
    adoption = world.put(as_version(world.adoption(), 1, *ROOT_SIGNERS[:2]))
    assert adoption in world.state.accepted
    for person, role in (("rita", 0), ("paul", 1), ("lena", 2)):
        world.do(world.qualification(person, world.state.required[role]), "cleo")
    return world


def first(world: World, act: object, name: str) -> str:
    """Put an act of the first version on the log, asked for and read alike."""
    envelope = as_version(act, 1, world.signers[name])
    assert envelope.identity in admit(world.state, envelope, world.clock.now()).accepted
    return world.put(envelope)


def test_a_go_of_the_first_version_still_holds() -> None:
    world = begun()
    assessment = first(world, world.assessment(world.judged()), "pim")
    world.voted(assessment)
    decision = first(world, world.decision(assessment), "cleo")
    assert both(world, decision) == "holds"
    found = world.state.find(decision, Decision)
    assert found is not None
    assert found.act.change == "normal"
    world.revoke("lena", decision)
    assert both(world, decision) == "revoked"


def test_it_may_be_followed_by_acts_of_the_second() -> None:
    world = begun()
    old = first(world, world.assessment(world.judged()), "pim")
    new = world.do(world.assessment(world.state.accepted[old].act.verdict), "pim")
    world.voted(new)
    decision = first(world, world.decision(new), "cleo")
    world.do(world.adoption(recomputation=True, emergency=("on-call",)))
    assert both(world, decision) == "holds"
    assert set(reread(world).acts) == set(world.state.accepted)


def test_an_old_act_says_nothing_that_its_kind_did_not_know() -> None:
    world = begun()
    assessment = world.assessed()
    world.voted(assessment)
    envelope = as_version(world.decision(assessment), 1, world.signers["cleo"], change="emergency")
    with pytest.raises(RefusedActError, match="malformed"):
        admit(world.state, envelope, world.clock.now())
    identity = world.put(envelope)
    assert world.state.refused[-1].reason == "malformed"
    assert reread(world).refused[identity].reason == "malformed"


def test_a_version_to_come_makes_the_log_unverifiable() -> None:
    world = begun()
    decision = world.go()
    act = world.state.accepted[decision].act
    world.put(as_version(act, 3, world.signers["cleo"]))
    state = fold(world.entries, root=world.root)
    assert state.unverifiable is not None
    assert state.unverifiable.reason == "unknown-act"
    bundle = world.bundle(decision).to_bytes()
    told = by_stranger(bundle, world.root, world.clock.now())
    assert isinstance(told, verify.Unverifiable)
    with pytest.raises(UnknownActError):
        admit(begun().state, world.entries[-1].envelope, world.clock.now())
    with pytest.raises(DoesNotHoldError, match="unknown-act"):
        world.bundle(decision).check(world.root, now=world.clock.now(), deployment={})
