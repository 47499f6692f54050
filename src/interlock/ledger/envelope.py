"""Envelopes: a statement with the signatures it was given (DSSE, Ed25519)."""

import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Self

from interlock.errors import InvalidEnvelopeError, StrictJsonError
from interlock.ledger.canonical import Json, decode, why_not
from interlock.ledger.keys import (
    SIGNATURE_LENGTH,
    Signer,
    base64_text,
    check_public_key,
    key_id,
    verified,
)
from interlock.ledger.statement import Statement

PAYLOAD_TYPE = "application/vnd.in-toto+json"

_KEY_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Signature:
    """One signature of an envelope.

    Attributes:
        keyid: `key_id` of the key it is said to come from.
        sig: The 64 signature bytes.
    """

    keyid: str
    sig: bytes

    def __post_init__(self) -> None:
        if not _KEY_ID.fullmatch(self.keyid):
            raise InvalidEnvelopeError("a keyid is not the SHA-256 of a key in hex")
        if len(self.sig) != SIGNATURE_LENGTH:
            raise InvalidEnvelopeError("a signature is not 64 bytes")


@dataclass(frozen=True)
class Envelope:
    """A payload and its signatures; each key signs once.

    Attributes:
        payload: The bytes that were signed, through `pae`.
        signatures: At least one, in the order they were given.
    """

    payload: bytes
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.signatures:
            raise InvalidEnvelopeError("nobody signed it")
        if len({signature.keyid for signature in self.signatures}) != len(self.signatures):
            raise InvalidEnvelopeError("one key signed it twice")

    @property
    def identity(self) -> str:
        """SHA-256 of the payload in hex: the statement's name on the log."""
        return hashlib.sha256(self.payload).hexdigest()

    def to_json(self) -> dict[str, Json]:
        """The envelope as DSSE's JSON object."""
        return {
            "payload": base64_text(self.payload),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [
                {"keyid": signature.keyid, "sig": base64_text(signature.sig)}
                for signature in self.signatures
            ],
        }

    def to_bytes(self) -> bytes:
        """The canonical JSON of `to_json`, whose strings need no escape."""
        signatures = b",".join(
            b'{"keyid":"%s","sig":"%s"}' % (signature.keyid.encode(), _text(signature.sig))
            for signature in self.signatures
        )
        return b'{"payload":"%s","payloadType":"%s","signatures":[%s]}' % (
            _text(self.payload),
            PAYLOAD_TYPE.encode(),
            signatures,
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote, and nothing else.

        Raises:
            InvalidEnvelopeError: The bytes are not canonical JSON, a field is
                missing or unknown, the payload type is another, base64 is not
                the only encoding of its bytes, nobody signed, or a key signed twice.
        """
        try:
            value = decode(data)
        except StrictJsonError as error:
            raise InvalidEnvelopeError(error.reason) from error
        made = cls.read(value)
        if made.to_bytes() != data:
            raise InvalidEnvelopeError(why_not(data))
        return made

    @classmethod
    def read(cls, value: Json) -> Self:
        """The envelope of a JSON value; whoever has its bytes compares them with `to_bytes`.

        Raises:
            InvalidEnvelopeError: A field is missing, unknown or malformed,
                nobody signed, or a key signed twice.
        """
        if not isinstance(value, dict) or value.keys() != {"payload", "payloadType", "signatures"}:
            raise InvalidEnvelopeError("its fields are not exactly those of DSSE")
        if value["payloadType"] != PAYLOAD_TYPE:
            raise InvalidEnvelopeError(f"its payloadType is not {PAYLOAD_TYPE}")
        payload, signatures = _bytes_of(value["payload"]), value["signatures"]
        if payload is None:
            raise InvalidEnvelopeError("its payload is not strict base64")
        if not isinstance(signatures, list):
            raise InvalidEnvelopeError("its signatures are not a list")
        return cls(payload, tuple(map(_signature, signatures)))


def pae(payload: bytes) -> bytes:
    """The bytes a signer signs: DSSE's pre-authentication encoding of a payload."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def sign(statement: Statement, *signers: Signer) -> Envelope:
    """The statement, signed by each of the signers.

    Raises:
        InvalidStatementError: The statement has no subject.
        InvalidEnvelopeError: There is no signer, or one signs twice.
        InvalidKeyError: A signer's key is one that proves nothing.
    """
    payload = statement.payload()
    message = pae(payload)
    for signer in signers:
        check_public_key(signer.public_key)
    return Envelope(
        payload,
        tuple(Signature(key_id(signer.public_key), signer.sign(message)) for signer in signers),
    )


def signed_by(envelope: Envelope, public_key: bytes) -> bool:
    """Whether the envelope carries a right signature of this raw key.

    Raises:
        InvalidKeyError: The key is one that proves nothing.
    """
    name = key_id(public_key)
    return any(
        verified(public_key, signature.sig, pae(envelope.payload))
        for signature in envelope.signatures
        if signature.keyid == name
    )


def _text(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False)


def _bytes_of(value: Json) -> bytes | None:
    """The bytes of base64 text; that it is their only encoding shows when it is written again."""
    try:
        return binascii.a2b_base64(value, strict_mode=True) if isinstance(value, str) else None
    except ValueError:
        return None


def _signature(value: Json) -> Signature:
    if not isinstance(value, dict) or value.keys() != {"keyid", "sig"}:
        raise InvalidEnvelopeError("a signature's fields are not exactly keyid and sig")
    keyid, sig = value["keyid"], _bytes_of(value["sig"])
    if not isinstance(keyid, str) or sig is None:
        raise InvalidEnvelopeError("a signature is not a keyid and strict base64")
    return Signature(keyid, sig)
