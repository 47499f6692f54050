"""Our notes against a small parser of C2SP signed notes that shares no code with the product."""

import base64
import hashlib
import struct
from dataclasses import dataclass

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from interlock.ledger import Checkpoint, cosign, sign_checkpoint
from tests.fakes import LOG_SIGNER, ORIGIN, TRUST, WITNESS, WITNESS_SIGNER

ED25519, COSIGNATURE = 1, 4
TIME, SECONDS = "2026-11-21T21:52:51Z", 1795297971
ROOT = hashlib.sha256(b"root").digest()

# The key and note of the documentation of golang.org/x/mod/sumdb/note.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
    "otpRZb6KE6RyyBwJnAM=\n"
)


@dataclass
class VerifierKey:
    """A key in the text form ``name+hash+base64(type || key)``."""

    name: str
    hashed: bytes
    kind: int
    key: bytes

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        name, hashed, data = text.split("+", 2)
        raw = base64.b64decode(data)
        assert hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] == hashed
        return cls(name, bytes.fromhex(hashed), raw[0], raw[1:])

    @classmethod
    def of(cls, name: str, kind: int, key: bytes) -> "VerifierKey":
        raw = bytes([kind]) + key
        hashed = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
        return cls.read(f"{name}+{hashed}+{base64.b64encode(raw).decode()}")


def opened(note: str, known: VerifierKey) -> tuple[str, int | None]:
    """The text of a note that the key signed, and the time of a cosignature."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, name, data = line.split(" ")
        raw = base64.b64decode(data)
        assert dash == "\u2014"
        if (name, raw[:4]) != (known.name, known.hashed):
            continue
        message, signature, seconds = text, raw[4:], None
        if known.kind == COSIGNATURE:
            (seconds,) = struct.unpack(">Q", raw[4:12])
            message, signature = f"cosignature/v1\ntime {seconds}\n{text}", raw[12:]
        Ed25519PublicKey.from_public_bytes(known.key).verify(signature, message.encode())
        return text, seconds
    raise LookupError(known.name)


LOG = VerifierKey.of(ORIGIN, ED25519, LOG_SIGNER.public_key)
WITNESS_KEY = VerifierKey.of(WITNESS, COSIGNATURE, WITNESS_SIGNER.public_key)


def note(size: int) -> str:
    signed = sign_checkpoint(Checkpoint(ORIGIN, size, ROOT), LOG_SIGNER)
    return cosign(signed, signer=WITNESS_SIGNER, name=WITNESS, time=TIME)


def test_the_parser_itself_opens_a_note_that_others_published() -> None:
    text, _ = opened(PUBLISHED_NOTE, VerifierKey.read(PUBLISHED_KEY))
    assert text.startswith("If you think")


@pytest.mark.parametrize("size", [0, 1, 7, 10, 2**40])
def test_our_notes_open_for_the_log_and_for_the_witness(size: int) -> None:
    body = f"{ORIGIN}\n{size}\n{base64.b64encode(ROOT).decode()}\n"
    assert opened(note(size), LOG) == (body, None)
    assert opened(note(size), WITNESS_KEY) == (body, SECONDS)
    assert TRUST.open(note(size)).checkpoint.size == size


@pytest.mark.parametrize("known", [LOG, WITNESS_KEY])
def test_an_altered_note_opens_for_neither(known: VerifierKey) -> None:
    with pytest.raises(InvalidSignature):
        opened(note(7).replace("\n7\n", "\n8\n"), known)


def test_each_key_signs_as_its_own_type_only() -> None:
    with pytest.raises(LookupError):
        opened(note(7), VerifierKey.of(WITNESS, ED25519, WITNESS_SIGNER.public_key))
    with pytest.raises(LookupError):
        opened(note(7), VerifierKey.of(ORIGIN, COSIGNATURE, LOG_SIGNER.public_key))
