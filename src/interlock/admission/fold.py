"""The fold: one reading of the log, trusting nobody who wrote to it.

Before an act is appended `admit` asks whether it would count, and `fold` asks
the same again of every entry, by the same rules. What does not count is listed
and has no effect.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from interlock.admission import (
    engagement,
    evidence,
    keyring,
    panel,
    questions,
    recomputing,
    release,
    stops,
    variants,
)
from interlock.admission.acts import SIGNED_BY_ROOT
from interlock.admission.refusal import Refusal, need
from interlock.admission.root import ROOT, Root, raw_key
from interlock.admission.state import Accepted, Person, State
from interlock.admission.subjects import subject_of
from interlock.errors import (
    InvalidRecordError,
    InvalidStatementError,
    RefusedActError,
    StrictJsonError,
    UnknownActError,
)
from interlock.ledger import (
    Claim,
    Entry,
    Envelope,
    build,
    kind_of,
    leaf_hash,
    pae,
    parse_claim,
    signed_by,
    verified,
)

Rule = Callable[[State, Accepted[Any]], None]

_URN = "urn:interlock:"
_RULES: dict[str, Rule] = {
    "keyring/1": keyring.keyring,
    "adoption/2": keyring.adoption,
    "recovery/1": keyring.recovery,
    "qualification/1": panel.qualification,
    "variant/1": variants.variant,
    "seal/1": evidence.seal,
    "run/1": evidence.run,
    "verdict/1": evidence.verdict,
    "recomputation/1": recomputing.recomputation,
    "engagement/1": engagement.engagement,
    "unseal/1": engagement.unseal,
    "assessment/2": panel.assessment,
    "question/1": questions.question,
    "answer/1": questions.answer,
    "acceptance/1": questions.acceptance,
    "closing/1": questions.closing,
    "vote/1": panel.vote,
    "decision/2": release.decision,
    "revocation/1": stops.revocation,
    "hold/1": stops.hold,
    "lift/1": stops.lift,
    "kill/1": stops.kill,
    "rollback/1": stops.rollback,
}
_OLDER = {"adoption/1", "assessment/1", "decision/1"}
"""Kinds that were acts once; each is read as the kind that followed it."""
_KNOWN = _RULES.keys() | _OLDER
_NAMES = {_URN + kind for kind in _KNOWN}


def fold(entries: Iterable[Entry], *, root: Root, state: State | None = None) -> State:
    """Read entries from where a state ended, or from the beginning.

    Reading in one go or in parts comes to the same. Statements that break a
    rule are listed in ``refused``; an act unknown to this version, or a clock
    that runs back, makes the state unverifiable, and then nothing holds.

    Args:
        entries: What follows on the log, in its order.
        root: Under which root the log is read.
        state: Where to go on from; it is left as it was.

    Raises:
        RefusedActError: ``state`` was read under another root.
    """
    need(
        state is None or state.root == root,
        "wrong-root",
        "the state was read under another root; read the log from its beginning",
    )
    reading = State(root) if state is None else state.copy()
    for entry in entries:
        _read(reading, entry)
    return reading


def admit(state: State, envelope: Envelope, time: str) -> State:
    """The state after an act, if the act would count; ask before appending it.

    A statement that already counts changes nothing, so that whoever it counts
    for can try the append again after a crash.

    Raises:
        RefusedActError: The act breaks a rule, which the error names.
        UnknownActError: This version does not know the act, or one before it.
    """
    unverifiable = state.unverifiable
    if unverifiable is not None:
        raise RefusedActError("unverifiable", unverifiable.sentence)
    counted = state.accepted.get(envelope.identity)
    if counted is not None:
        _same_author(state, counted, envelope)
        return state
    need(
        time >= state.time,
        "time-runs-back",
        "the clock is behind the log's last entry; correct the clock",
    )
    after = state.copy()
    _apply(after, envelope, time)
    _grow(after, Entry(time, envelope))
    return after


def _same_author(state: State, counted: Accepted[Any], envelope: Envelope) -> None:
    """Refuse somebody whose words count already as another's: theirs would be swallowed."""
    if not counted.key:
        _root_signed(state.root, envelope)
        return
    person = state.people.get(counted.person)
    keys = {counted.key, person.key if person else counted.key}
    need(
        any(signed_by(envelope, raw_key(key)) for key in keys),
        "said-by-another",
        f"{counted.person} has said exactly this before, and it counts once, as theirs; word it "
        "in your own way, or leave it where it has no words of its own",
    )


def _read(state: State, entry: Entry) -> None:
    """Take one entry in, whatever it is worth."""
    try:
        if entry.time < state.time:
            state.unverifiable = state.unverifiable or _refusal(state, entry, _RUNS_BACK)
        _apply(state, entry.envelope, entry.time)
    except UnknownActError as error:
        refusal = _refusal(state, entry, error)
        state.unverifiable = state.unverifiable or refusal
        state.refused.append(refusal)
    except RefusedActError as error:
        state.refused.append(_refusal(state, entry, error))
    _grow(state, entry)


def _grow(state: State, entry: Entry) -> None:
    state.frontier.append(leaf_hash(entry.leaf()))
    state.time = entry.time
    if state.size == state.root.minimum_size:
        state.minimum_root = state.frontier.root.hex()


def _apply(state: State, envelope: Envelope, time: str) -> None:
    """Let an act take effect, if every rule lets it."""
    claim = _claim(envelope.payload)
    identity = envelope.identity
    need(identity not in state.accepted, "repeated", "this statement counts already; leave it")
    try:
        act = build(claim.kind, claim.fields)
    except (InvalidRecordError, StrictJsonError) as error:
        raise RefusedActError("malformed", str(error)) from error
    need(
        claim.subjects == (subject_of(act),),
        "wrong-subject",
        "the statement's subject is not what the act is about; sign it again with its subject",
    )
    kind = kind_of(act)
    if kind in SIGNED_BY_ROOT:
        _root_signed(state.root, envelope)
        person, key = ROOT, ""
    else:
        signer = _signer(state, envelope)
        _may(state, kind, signer)
        person, key = signer.name, signer.key
    said = Accepted(state.size, time, identity, person, key, act)
    _RULES[kind](state, said)
    state.accepted[identity] = said


def _claim(payload: bytes) -> Claim:
    """What a payload says, if it says a known act.

    Raises:
        UnknownActError: It says something well-formed of another type.
        RefusedActError: It is malformed.
    """
    try:
        claim = parse_claim(payload)
    except InvalidStatementError as error:
        _foreign(payload)
        raise RefusedActError("malformed", str(error)) from error
    if claim.kind not in _KNOWN:
        raise UnknownActError(_URN + claim.kind)
    return claim


def _foreign(payload: bytes) -> None:
    """Refuse to skip what calls itself another act, however it is written.

    Only the name is read, so leniently: another version may write otherwise.
    """
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return
    named = value.get("predicateType") if isinstance(value, dict) else None
    if isinstance(named, str) and named not in _NAMES:
        raise UnknownActError(named)


def _root_signed(root: Root, envelope: Envelope) -> None:
    """Refuse what fewer than the threshold of root keys have signed."""
    signed = sum(signed_by(envelope, raw_key(key)) for key in root.root_keys)
    need(
        signed >= root.threshold,
        "below-threshold",
        f"{signed} of the {root.threshold} root signatures it needs are right; have others sign",
    )


def _signer(state: State, envelope: Envelope) -> Person:
    """The one enrolled person who signed."""
    message = pae(envelope.payload)
    found = [
        person
        for signature in envelope.signatures
        if (person := state.holders.get(signature.keyid)) is not None
        and verified(raw_key(person.key), signature.sig, message)
    ]
    need(
        found,
        "unknown-signer",
        "nobody in the keyring in force has signed it; sign with an enrolled key",
    )
    need(len(found) == 1, "ambiguous-signer", "two people signed it; an act has one author")
    return found[0]


def _may(state: State, kind: str, person: Person) -> None:
    """Refuse a person none of whose roles may do this."""
    if kind == "revocation/1":
        return
    roles = state.roles_for(kind)
    if not any(role in roles for role in person.roles):
        raise RefusedActError(
            "role-not-held",
            f"{person.name} may not do this; it takes one of: {', '.join(roles) or 'no role yet'}",
        )


def _refusal(state: State, entry: Entry, error: RefusedActError) -> Refusal:
    return Refusal(state.size, entry.time, entry.identity, error.reason, error.sentence)


_RUNS_BACK = RefusedActError(
    "time-runs-back", "an entry is older than the one before it; the log cannot be trusted"
)
