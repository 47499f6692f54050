"""Three independent verifiers accept our envelopes, and refuse altered ones."""

import base64
import shutil
from pathlib import Path

import pytest

from interlock.admission import Bundle, Keyring, fold
from interlock.app.demo.decision import decide, judge_both
from interlock.app.demo.scene import convene, opened
from interlock.ledger import Envelope, Statement, Subject, key_id, load, sign
from tests.conformance.verifiers import (
    ADA,
    altered,
    as_bundle,
    openssl_accepts,
    securesystemslib_accepts,
    sigstore_says,
)
from tests.golden.examples import ADMISSION

ENVELOPES = [sign(Statement((Subject("x", "a" * 64),), act), ADA) for act in ADMISSION]
NAMED = [Statement((), act).kind for act in ADMISSION]


@pytest.mark.parametrize("envelope", ENVELOPES, ids=NAMED)
def test_securesystemslib_accepts_our_envelopes_and_refuses_altered_ones(
    envelope: Envelope,
) -> None:
    assert securesystemslib_accepts(envelope)
    assert not any(securesystemslib_accepts(other) for other in altered(envelope))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_openssl_accepts_our_signatures_and_refuses_altered_ones(tmp_path: Path) -> None:
    for envelope in ENVELOPES:
        assert openssl_accepts(envelope, tmp_path)
    assert not any(openssl_accepts(other, tmp_path) for other in altered(ENVELOPES[0]))


def test_sigstore_accepts_our_envelopes_and_refuses_altered_ones(sigstore: Path) -> None:
    wrong = [other for envelope in ENVELOPES for other in altered(envelope)]
    outcomes = sigstore_says(
        sigstore, [(as_bundle(each), ADA.public_key) for each in ENVELOPES + wrong]
    )
    assert outcomes[: len(ENVELOPES)] == ["accepted"] * len(ENVELOPES)
    assert outcomes[len(ENVELOPES) :] == ["refused: SIGNATURE_ERROR"] * len(wrong)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Envelope, bytes]]:
    """Every envelope of the demonstration's bundle, each with the key it should verify under."""
    folder = tmp_path_factory.mktemp("shown")
    with opened(folder, "board", lambda _: None) as scene:
        convene(scene)
        files = decide(scene, judge_both(scene))[1]["files"]
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
    right = [(as_bundle(envelope), key) for envelope, key in shown]
    assert sigstore_says(sigstore, right) == ["accepted"] * len(shown)
    forged = [(as_bundle(other), key) for envelope, key in shown for other in altered(envelope)]
    assert set(sigstore_says(sigstore, forged)) == {"refused: SIGNATURE_ERROR"}
