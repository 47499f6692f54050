"""People: enrolled with a proof and a second pair of eyes, qualified by a chair."""

from collections.abc import Sequence

from interlock.admission import (
    Enrolment,
    EnrolmentRequest,
    Keyring,
    Qualification,
    countersign,
    enrol,
)
from interlock.app.workspace import Appended, Workspace
from interlock.errors import UnknownPersonError
from interlock.ledger import Signer, posix


def request_enrolment(
    work: Workspace, name: str, *, roles: Sequence[str], passphrase: str
) -> EnrolmentRequest:
    """Ask to be enrolled with a person's key, made in their own directory if it is not there.

    Asking again with the same key is how a person gets another role.

    Raises:
        KeyNameError: The name cannot name a file.
        WrongPassphraseError: The person's key is there, under another passphrase.
    """
    known = name in work.keys.names()
    signer = work.keys.open(name, passphrase) if known else work.keys.create(name, passphrase)
    return enrol(work.root.origin, name=name, roles=tuple(roles), signer=signer)


def vouch(
    work: Workspace, request: EnrolmentRequest, *, countersigner: str, signer: Signer
) -> Enrolment:
    """Countersign a request, after its fingerprint was compared with the person.

    Raises:
        InvalidKeyError: The request does not prove that its sender holds the key.
    """
    return countersign(work.root.origin, request, countersigner=countersigner, signer=signer)


def publish_keyring(
    work: Workspace,
    enrolments: Sequence[Enrolment],
    *,
    leaving: Sequence[str] = (),
    signer: Signer,
) -> Appended:
    """Put a keyring on the log: those enrolled before, and these, without those who leave.

    Args:
        work: The workspace.
        enrolments: Who joins, or comes back with another key or role.
        leaving: Names whose keys end here.
        signer: The root key.

    Raises:
        UnknownPersonError: Somebody who leaves is not enrolled.
        RefusedActError: A name or key is there twice, a proof is wrong, or
            somebody left whose countersignature is still needed.
    """
    state = work.state()
    before = state.find(state.keyring, Keyring)
    people = {each.name: each for each in (before.act.people if before else ())}
    for name in leaving:
        if name not in people:
            raise UnknownPersonError(name, tuple(sorted(people)))
    people |= {each.name: each for each in enrolments}
    kept = tuple(people[name] for name in sorted(people) if name not in leaving)
    return work.append(Keyring(previous=state.keyring, people=kept), signer)


def qualify(work: Workspace, person: str, *, role: str, until: str, signer: Signer) -> Appended:
    """A chair qualifies a person to review or own releases in a role until a time.

    Raises:
        InvalidTimeError: ``until`` is not in UTC seconds.
        RefusedActError: The signer is no chair, or is the person.
    """
    posix(until)
    previous = work.state().previous_qualification(person, role)
    act = Qualification(person=person, role=role, until=until, previous=previous)
    return work.append(act, signer)
