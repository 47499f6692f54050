"""Three independent verifiers accept our envelopes, and refuse altered ones."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

from interlock.admission import Bundle, Keyring, fold
from interlock.app import demo
from interlock.ledger import Envelope, Signature, Statement, Subject, key_id, load, pae, sign
from tests.fakes import MemorySigner
from tests.golden.examples import ADMISSION

ADA, EVE = MemorySigner("ada"), MemorySigner("eve")
ENVELOPES = [sign(Statement((Subject("x", "a" * 64),), act), ADA) for act in ADMISSION]
NAMED = [Statement((), act).kind for act in ADMISSION]


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


@pytest.mark.parametrize("envelope", ENVELOPES, ids=NAMED)
def test_securesystemslib_accepts_our_envelopes_and_refuses_altered_ones(
    envelope: Envelope,
) -> None:
    assert securesystemslib_accepts(envelope)
    assert not any(securesystemslib_accepts(other) for other in altered(envelope))


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


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_openssl_accepts_our_signatures_and_refuses_altered_ones(tmp_path: Path) -> None:
    for envelope in ENVELOPES:
        assert openssl_accepts(envelope, tmp_path)
    assert not any(openssl_accepts(other, tmp_path) for other in altered(ENVELOPES[0]))


@pytest.fixture(scope="session")
def sigstore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with npm's @sigstore/verify, in the versions of the committed lock file."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: @sigstore/verify was not asked")
    folder = tmp_path_factory.mktemp("sigstore")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).parent / "sigstore" / name, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        install, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.skip(
            f"npm cannot install @sigstore/verify, so it was not asked: {done.stderr[-300:]}"
        )
    return folder


def sigstore_says(sigstore: Path, asked: list[tuple[Envelope, bytes]]) -> list[str]:
    """What @sigstore/verify says of each envelope under its key."""
    cases = [
        {
            "envelope": written(envelope),
            "key": base64.b64encode(
                public(raw).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            ).decode(),
        }
        for envelope, raw in asked
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


def test_sigstore_accepts_our_envelopes_and_refuses_altered_ones(sigstore: Path) -> None:
    wrong = [other for envelope in ENVELOPES for other in altered(envelope)]
    outcomes = sigstore_says(sigstore, [(each, ADA.public_key) for each in ENVELOPES + wrong])
    assert outcomes[: len(ENVELOPES)] == ["accepted"] * len(ENVELOPES)
    assert outcomes[len(ENVELOPES) :] == ["refused: SIGNATURE_ERROR"] * len(wrong)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Envelope, bytes]]:
    """Every envelope of the demonstration's bundle, each with the key it should verify under."""
    folder = tmp_path_factory.mktemp("shown")
    files = demo(folder, tell=lambda _: None)["decision"]["files"]
    root = load(Path(files["root"]).read_bytes())
    log = Bundle.parse(Path(files["bundle"]).read_bytes()).log()
    state = fold(log, root=root)
    enrolled = [person.key for each in state.of(Keyring) for person in each.act.people]
    raw = [base64.b64decode(text) for text in (*enrolled, *root.root_keys)]
    keys = {key_id(each): each for each in raw}
    return [(entry.envelope, keys[entry.envelope.signatures[0].keyid]) for entry in log]


def test_all_three_accept_the_demonstration_and_refuse_it_altered(
    shown: list[tuple[Envelope, bytes]], sigstore: Path, tmp_path: Path
) -> None:
    assert len({key for _, key in shown}) == 6  # five people and the root
    for envelope, key in shown:
        assert securesystemslib_accepts(envelope, key)
        assert openssl_accepts(envelope, tmp_path, key)
        wrong = altered(envelope)
        assert not any(securesystemslib_accepts(other, key) for other in wrong)
        assert not openssl_accepts(wrong[0], tmp_path, key)
    assert sigstore_says(sigstore, shown) == ["accepted"] * len(shown)
    forged = [(other, key) for envelope, key in shown for other in altered(envelope)]
    assert set(sigstore_says(sigstore, forged)) == {"refused: SIGNATURE_ERROR"}
