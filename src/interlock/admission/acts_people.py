"""Acts about people and the charter: who holds which key, what binds them, what was lost."""

from interlock.admission.terms import (
    Digest,
    Previous,
    PublicKey,
    SignatureText,
    Time,
    added,
)
from interlock.ledger import Json, record, upcast


@record("enrolment/1")
class Enrolment:
    """One person's key, proved and countersigned; part of a keyring.

    Attributes:
        name: The person. Names, and key bytes, are distinct within a keyring.
        key: Raw Ed25519 public key, standard base64.
        roles: What the person may act as.
        proof: The person's own signature over `admission.enrolment_bytes`.
        countersigner: Another person of the same keyring who compared the
            fingerprint, or ``"root"`` where the keyring has one person only.
        countersignature: That person's signature over the same bytes.
    """

    name: str
    key: PublicKey
    roles: tuple[str, ...]
    proof: SignatureText
    countersigner: str
    countersignature: SignatureText


@record("keyring/1")
class Keyring:
    """Who holds which key from this index of the log on. Signed by the root keys.

    Attributes:
        previous: Statement identity of the keyring it replaces; empty for the first.
        people: Everyone enrolled. Leaving a person out revokes the key from here on.
    """

    previous: Previous
    people: tuple[Enrolment, ...]


@record("adoption/2")
class Adoption:
    """The charter in force from this index of the log on. Signed by the root keys.

    Attributes:
        previous: Statement identity of the adoption it replaces; empty for the first.
        charter: Digest of the charter's record.
        required: Roles whose go a GO needs, each from another person.
        advisory: Roles that may vote; their dissent is kept, never counted.
        retrospective: Whether evidence drawn before its seal may lead to GO at all.
        recomputation: Whether a second person must have derived the verdict again
            from the rows before anyone votes.
        standard_parts: Parts of a system that a standard change may touch; empty
            where there are no standard changes.
        emergency: Roles of which one, with one required role, may let an emergency
            change through; empty where there are no emergency changes.
        ratify_hours: Hours until an emergency go ends unless the panel ratifies it.
        evidence_days: Days until evidence is too old for a go to last beyond; 0
            where evidence does not age.
    """

    previous: Previous
    charter: Digest
    required: tuple[str, ...]
    advisory: tuple[str, ...]
    retrospective: bool
    recomputation: bool
    standard_parts: tuple[str, ...]
    emergency: tuple[str, ...]
    ratify_hours: int
    evidence_days: int


@upcast("adoption/1", "adoption/2")
def _adoption(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version knew one class of change, and evidence that never aged."""
    new: dict[str, Json] = {
        "recomputation": False,
        "standard_parts": [],
        "emergency": [],
        "ratify_hours": 72,
        "evidence_days": 0,
    }
    return added("adoption/1", fields, new)


@record("qualification/1")
class Qualification:
    """A person may own or review releases in a role until a time. Signed by a chair.

    Attributes:
        person: Who is qualified; never the chair who signs.
        role: In which role.
        until: When it ends; a time already past takes the qualification back.
        previous: Statement identity of this person's qualification for this
            role that it replaces; empty for the first.
    """

    person: str
    role: str
    until: Time
    previous: Previous


@record("recovery/1")
class Recovery:
    """The log was restored from a backup. Signed by the root keys.

    Attributes:
        size: Size of the restored tree, before this statement.
        root_hash: Root hash of the restored tree, hex.
        lost_size: Size of the largest checkpoint known before the loss.
        lost_root_hash: Root hash of that checkpoint, hex.
        reason: What happened.
    """

    size: int
    root_hash: Digest
    lost_size: int
    lost_root_hash: Digest
    reason: str
