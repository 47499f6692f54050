"""Enrolment: a person proves to hold a key, and another person vouches for it."""

from interlock.admission.acts import Enrolment, PublicKey, SignatureText
from interlock.admission.root import raw_key
from interlock.errors import InvalidKeyError
from interlock.ledger import (
    Signer,
    base64_text,
    canonical,
    check_public_key,
    record,
    strict_base64,
    verified,
)

_DOMAIN = b"interlock-enrolment/1\n"


@record("enrolment-request/1")
class EnrolmentRequest:
    """What a person hands to the one who countersigns, before a keyring names them.

    Attributes:
        name: The person.
        key: The person's public key.
        roles: What the person is to act as.
        proof: The person's own signature over `enrolment_bytes`.
    """

    name: str
    key: PublicKey
    roles: tuple[str, ...]
    proof: SignatureText


def enrolment_bytes(origin: str, *, name: str, key: str, roles: tuple[str, ...]) -> bytes:
    """What the person and the countersigner both sign.

    The first line keeps it apart from every envelope and checkpoint, so that
    no other signature of the same key can stand in for it.

    Args:
        origin: Name of the log, so that the enrolment counts nowhere else.
        name: The person.
        key: The person's public key, standard base64.
        roles: What the person is to act as.
    """
    return _DOMAIN + canonical({"origin": origin, "name": name, "key": key, "roles": list(roles)})


def enrol(origin: str, *, name: str, roles: tuple[str, ...], signer: Signer) -> EnrolmentRequest:
    """Ask to be enrolled, with proof of holding the key.

    Raises:
        InvalidKeyError: The signer's key is one that proves nothing.
    """
    check_public_key(signer.public_key)
    key = base64_text(signer.public_key)
    proof = signer.sign(enrolment_bytes(origin, name=name, key=key, roles=roles))
    return EnrolmentRequest(name=name, key=key, roles=roles, proof=base64_text(proof))


def countersign(
    origin: str, request: EnrolmentRequest, *, countersigner: str, signer: Signer
) -> Enrolment:
    """Vouch for another person's key, after comparing its fingerprint with them.

    Args:
        origin: Name of the log.
        request: What the person handed over.
        countersigner: Who vouches, or ``"root"`` for a keyring of one person.
        signer: The countersigner's key.

    Raises:
        InvalidKeyError: The request does not prove that its sender holds the key.
    """
    message = enrolment_bytes(origin, name=request.name, key=request.key, roles=request.roles)
    if not proves(request.key, request.proof, message):
        raise InvalidKeyError("its proof of possession is wrong")
    return Enrolment(
        name=request.name,
        key=request.key,
        roles=request.roles,
        proof=request.proof,
        countersigner=countersigner,
        countersignature=base64_text(signer.sign(message)),
    )


def proves(key: str, signature: str, message: bytes) -> bool:
    """Whether a signature over a message is right, key and signature as base64 text.

    Raises:
        InvalidKeyError: The key is one that proves nothing.
    """
    return verified(raw_key(key), strict_base64(signature) or b"", message)
