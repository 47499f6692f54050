"""Three verifiers that are not ours, and envelopes that they must refuse."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

from interlock.adapters.exchange.sigstore import MEDIA_TYPE
from interlock.ledger import Envelope, Signature, key_id, pae
from tests.fakes import MemorySigner

ADA, EVE = MemorySigner("ada"), MemorySigner("eve")


def flipped(data: bytes, bit: int) -> bytes:
    at, shift = divmod(bit % (8 * len(data)), 8)
    return data[:at] + bytes([data[at] ^ 1 << shift]) + data[at + 1 :]


def altered(envelope: Envelope) -> list[Envelope]:
    """The envelope with one bit of payload or signature changed, or another's signature."""
    (signature,) = envelope.signatures
    eves = EVE.sign(pae(envelope.payload))
    return [
        *(Envelope(flipped(envelope.payload, bit), (signature,)) for bit in (0, 1001, 2002)),
        *(
            Envelope(envelope.payload, (Signature(signature.keyid, flipped(signature.sig, bit)),))
            for bit in (3, 300)
        ),
        Envelope(envelope.payload, (Signature(signature.keyid, eves),)),
    ]


def public(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


def written(envelope: Envelope) -> dict[str, Any]:
    """What a stranger reads: the JSON that is on disk."""
    return dict(json.loads(envelope.to_bytes()))


def securesystemslib_accepts(envelope: Envelope, raw: bytes = ADA.public_key) -> bool:
    key = SSlibKey.from_crypto(public(raw), keyid=key_id(raw))
    try:
        return bool(OtherEnvelope.from_dict(written(envelope)).verify([key], 1))
    except VerificationError:
        return False


def openssl_accepts(envelope: Envelope, folder: Path, raw: bytes = ADA.public_key) -> bool:
    (folder / "key.pem").write_bytes(
        public(raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (folder / "message").write_bytes(pae(envelope.payload))
    (folder / "signature").write_bytes(envelope.signatures[0].sig)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature"
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False)
    assert ("Verified Successfully" in done.stdout) == (done.returncode == 0)
    return done.returncode == 0


def as_bundle(envelope: Envelope) -> dict[str, Any]:
    """An envelope as a Sigstore bundle made by these tests, not by us."""
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": "hint"}, "tlogEntries": []},
        "dsseEnvelope": written(envelope),
    }


def sigstore_says(sigstore: Path, asked: list[tuple[dict[str, Any], bytes]]) -> list[str]:
    """What @sigstore/verify says of each bundle under its key."""
    cases = [
        {
            "bundle": bundle,
            "key": base64.b64encode(
                public(raw).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            ).decode(),
        }
        for bundle, raw in asked
    ]
    script = Path(__file__).parent / "sigstore" / "verify.mjs"
    done = subprocess.run(
        ["node", script, sigstore],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))
