"""What the root keys sign: who is enrolled, which charter is in force, what was restored."""

from interlock.admission.acts import Adoption, Enrolment, Keyring, Recovery
from interlock.admission.enrolment import enrolment_bytes, proves
from interlock.admission.refusal import need
from interlock.admission.root import ROOT, Root, raw_key
from interlock.admission.state import Accepted, Person, State
from interlock.errors import InvalidKeyError, RefusedActError
from interlock.ledger import check_public_key, key_id

LONGEST_RATIFICATION_HOURS = 720
LONGEST_EVIDENCE_DAYS = 36_500


def keyring(state: State, said: Accepted[Keyring]) -> None:
    """A keyring replaces the one in force.

    Raises:
        RefusedActError: It names another predecessor, a person or key twice, a
            key that proves nothing or belongs to somebody else, or an
            enrolment without its two signatures.
    """
    act = said.act
    need(
        act.previous == state.keyring,
        "previous-mismatch",
        "the keyring does not replace the one in force; name that one and sign again",
    )
    people = {person.name: person for person in act.people}
    need(
        len(people) == len(act.people) and not {"", ROOT} & people.keys(),
        "person-twice",
        "two enrolments share a name, or one has none; enrol every person once",
    )
    need(
        len({person.key for person in act.people}) == len(act.people),
        "key-twice",
        "one key stands under two names and would count as two people; each needs their own",
    )
    for person in act.people:
        _sound(state, person)
        _vouched(state.root, person, people)
    state.keyring = said.identity
    state.people = {
        person.name: Person(person.name, person.key, person.roles) for person in act.people
    }
    state.holders = {key_id(raw_key(person.key)): person for person in state.people.values()}
    for person in act.people:
        state.owners.setdefault(person.key, person.name)


def _sound(state: State, person: Enrolment) -> None:
    """Refuse a key that could sign for somebody else."""
    try:
        check_public_key(raw_key(person.key))
    except InvalidKeyError as error:
        raise RefusedActError(
            "weak-key", f"{person.name}'s key is refused: {error.reason}; create another"
        ) from error
    need(
        person.key not in state.root.reserved_keys,
        "reserved-key",
        f"{person.name}'s key is the log's, the witness's or a root key; enrol another",
    )
    need(
        state.owners.get(person.key, person.name) == person.name,
        "key-of-another",
        f"{person.name}'s key was enrolled for somebody else before; enrol a new one",
    )
    need(
        len(set(person.roles)) == len(person.roles),
        "role-twice",
        f"{person.name} is named for one role twice; name it once",
    )


def _vouched(root: Root, person: Enrolment, people: dict[str, Enrolment]) -> None:
    """Refuse an enrolment that its person, or nobody else, has signed."""
    message = enrolment_bytes(root.origin, name=person.name, key=person.key, roles=person.roles)
    need(
        proves(person.key, person.proof, message),
        "bad-proof",
        f"{person.name} has not proved to hold the key; enrol again with it",
    )
    if person.countersigner == ROOT:
        keys = root.root_keys if len(people) == 1 else ()
    else:
        other = people.get(person.countersigner)
        keys = (other.key,) if other is not None and other is not person else ()
    need(
        any(_proves(key, person.countersignature, message) for key in keys),
        "bad-countersignature",
        f"nobody else of the keyring vouches for {person.name}'s key; let another person "
        "compare the fingerprint and countersign",
    )


def _proves(key: str, signature: str, message: bytes) -> bool:
    """Whether a signature is right; a key that proves nothing signs nothing."""
    try:
        return proves(key, signature, message)
    except InvalidKeyError:
        return False


def adoption(state: State, said: Accepted[Adoption]) -> None:
    """A charter comes into force.

    Raises:
        RefusedActError: It names another predecessor, requires no role,
            names a role twice, or sets a time that is none.
    """
    act = said.act
    need(
        act.previous == state.previous_adoption(),
        "previous-mismatch",
        "the adoption does not replace the one in force; name that one and sign again",
    )
    need(
        act.required,
        "no-required-role",
        "a charter without a required role would let anything go; require at least one",
    )
    roles = act.required + act.advisory
    need(
        len(set(roles)) == len(roles),
        "role-twice",
        "a role is named twice among required and advisory; name each once",
    )
    need(
        len(set(act.emergency)) == len(act.emergency),
        "role-twice",
        "a role is named twice among the emergency roles; name each once",
    )
    need(
        1 <= act.ratify_hours <= LONGEST_RATIFICATION_HOURS
        and 0 <= act.evidence_days <= LONGEST_EVIDENCE_DAYS,
        "wrong-validity",
        f"an emergency go lasts from 1 to {LONGEST_RATIFICATION_HOURS} hours and evidence up to "
        f"{LONGEST_EVIDENCE_DAYS} days, or 0 where it does not age; choose numbers between them",
    )
    state.adoption = said


def recovery(state: State, said: Accepted[Recovery]) -> None:
    """The log was restored; what may have been lost takes earlier decisions with it.

    Raises:
        RefusedActError: The tree up to here is not the one it says was
            restored, or the loss is smaller than nothing.
    """
    act = said.act
    need(
        act.size == state.size and act.root_hash == state.frontier.root.hex(),
        "recovery-mismatch",
        "the recovery speaks of another tree than the one before it; state its size and root",
    )
    need(
        act.lost_size >= act.size,
        "recovery-mismatch",
        "the largest known checkpoint cannot be smaller than what was restored; name it",
    )
    if act.lost_size > act.size:
        state.loss = said.index
