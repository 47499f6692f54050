import base64
import json

import pytest

from interlock.admission.acts import Hold
from interlock.errors import InvalidEnvelopeError, InvalidKeyError
from interlock.ledger import (
    Entry,
    Envelope,
    Signature,
    Statement,
    Subject,
    canonical,
    key_id,
    pae,
    sign,
    signed_by,
)
from tests.fakes import MemorySigner, act

ADA, GRACE, EVE = MemorySigner("ada"), MemorySigner("grace"), MemorySigner("eve")
ENVELOPE = act(1, by=ADA)
HOLD = Hold(product="p", system="a" * 64, reason="r", previous="")


class WeakSigner(MemorySigner):
    @property
    def public_key(self) -> bytes:
        return bytes(32)


def altered(**fields: object) -> bytes:
    return canonical(ENVELOPE.to_json() | fields)


def signature(**fields: object) -> bytes:
    (first,) = json.loads(ENVELOPE.to_bytes())["signatures"]
    return altered(signatures=[first | fields])


def test_the_preauthentication_encoding_is_the_one_of_dsse() -> None:
    assert pae(b"hello world") == b"DSSEv1 28 application/vnd.in-toto+json 11 hello world"


def test_an_envelope_is_read_back_as_it_was_signed() -> None:
    both = sign(Statement((Subject("x", "c" * 64),), HOLD), ADA, GRACE)
    assert Envelope.parse(both.to_bytes()) == both
    assert signed_by(both, ADA.public_key)
    assert signed_by(both, GRACE.public_key)
    assert not signed_by(both, EVE.public_key)


def test_an_envelope_is_written_in_canonical_json() -> None:
    assert ENVELOPE.to_bytes() == canonical(ENVELOPE.to_json())
    entry = Entry("2026-11-21T21:52:51Z", ENVELOPE)
    assert entry.leaf() == canonical({"envelope": ENVELOPE.to_json(), "time": entry.time})


def test_a_signature_over_other_bytes_does_not_count() -> None:
    other = Envelope(act(2).payload, ENVELOPE.signatures)
    assert not signed_by(other, ADA.public_key)


def test_a_signature_under_another_persons_key_id_does_not_count() -> None:
    (mine,) = act(1, by=EVE).signatures
    forged = Envelope(ENVELOPE.payload, (Signature(key_id(ADA.public_key), mine.sig),))
    assert not signed_by(forged, ADA.public_key)
    assert not signed_by(forged, EVE.public_key)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (altered(payloadType="application/json"), "payloadType"),
        (altered(payload="QR=="), "canonical"),
        (altered(payload="QQ"), "strict base64"),
        (altered(payload="Q Q=="), "strict base64"),
        (altered(payload="QQ==\n"), "strict base64"),
        (altered(payload=1), "strict base64"),
        (altered(signatures=[]), "nobody"),
        (altered(signatures={}), "not a list"),
        (altered(signatures=["x"]), "keyid and sig"),
        (altered(signatures=ENVELOPE.to_json()["signatures"] * 2), "twice"),  # type: ignore[operator]
        (altered(note="unknown"), "exactly"),
        (signature(keyid="ADA"), "keyid"),
        (signature(keyid="A" * 64), "keyid"),
        (signature(sig="QQ=="), "64 bytes"),
        (signature(sig="?"), "strict base64"),
        (signature(cert="unknown"), "keyid and sig"),
        (ENVELOPE.to_bytes() + b"\n", "canonical"),
        (json.dumps(ENVELOPE.to_json()).encode(), "canonical"),
        (ENVELOPE.to_bytes().replace(b'"sig"', b'"sig":"","sig"'), "same key twice"),
        (ENVELOPE.to_bytes().replace(b"+json", b"\\u002bjson"), "canonical"),
        (b"[]", "exactly"),
    ],
)
def test_an_envelope_of_another_form_is_refused(data: bytes, fault: str) -> None:
    with pytest.raises(InvalidEnvelopeError, match=fault):
        Envelope.parse(data)


def test_base64_with_stray_bits_is_refused_though_it_decodes_to_the_same_signature() -> None:
    (first,) = json.loads(ENVELOPE.to_bytes())["signatures"]
    stray = first["sig"][:-3] + chr(ord(first["sig"][-3]) + 1) + "=="
    assert base64.b64decode(stray) == base64.b64decode(first["sig"])
    with pytest.raises(InvalidEnvelopeError, match="canonical"):
        Envelope.parse(signature(sig=stray))


def test_nobody_can_sign_twice_or_with_a_key_that_proves_nothing() -> None:
    statement = Statement((Subject("x", "c" * 64),), HOLD)
    with pytest.raises(InvalidEnvelopeError, match="twice"):
        sign(statement, ADA, ADA)
    with pytest.raises(InvalidEnvelopeError, match="nobody"):
        sign(statement)
    with pytest.raises(InvalidKeyError, match="small order"):
        sign(statement, WeakSigner("weak"))


def test_the_identity_is_the_payloads_whoever_signs() -> None:
    assert act(1, by=EVE).identity == ENVELOPE.identity


@pytest.mark.parametrize(
    "time",
    ["2026-11-21", "2026-11-21T21:52:51+00:00", "2026-W47-6T21:52:51Z", "2026-02-30T00:00:00Z"],
)
def test_an_entry_at_no_time_is_refused(time: str) -> None:
    leaf = canonical({"envelope": ENVELOPE.to_json(), "time": time})
    with pytest.raises(InvalidEnvelopeError, match="no time"):
        Entry.parse(leaf)


def test_an_entry_with_another_field_or_none_is_refused() -> None:
    values: tuple[object, ...] = ({"time": "2026-11-21T21:52:51Z"}, [], {"envelope": {}, "time": 1})
    for value in values:
        with pytest.raises(InvalidEnvelopeError):
            Entry.parse(canonical(value))
