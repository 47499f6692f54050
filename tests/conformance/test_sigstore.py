"""Sigstore bundles of a decision, verified by @sigstore/bundle and @sigstore/verify."""

import json
from pathlib import Path
from typing import Any

import pytest

from interlock.adapters.exchange import Standing, sigstore_bundle
from interlock.admission import statement_of
from interlock.errors import UnsayableStandingError
from interlock.ledger import Envelope, key_id, sign
from tests.conformance.verifiers import ADA, EVE, altered, sigstore_says
from tests.dossiers import GO, HELD, RULING, source

SIGNED = sign(statement_of(RULING), ADA)


def written(envelope: Envelope = SIGNED) -> dict[str, Any]:
    return dict(json.loads(sigstore_bundle(source(GO), envelope)))


def test_sigstore_accepts_a_decision_under_its_deciders_key_alone(sigstore: Path) -> None:
    wrong = [written(other) for other in altered(SIGNED)]
    asked = [(written(), ADA.public_key), (written(), EVE.public_key)]
    said = sigstore_says(sigstore, asked + [(one, ADA.public_key) for one in wrong])
    assert said[0] == "accepted"
    assert set(said[1:]) == {"refused: SIGNATURE_ERROR"}


def test_sigstore_refuses_a_bundle_without_its_material(sigstore: Path) -> None:
    bare = written()
    del bare["verificationMaterial"]
    (said,) = sigstore_says(sigstore, [(bare, ADA.public_key)])
    assert said.startswith("refused")


def test_the_hint_names_the_key_and_the_envelope_is_the_logs_own() -> None:
    file = written()
    assert file["verificationMaterial"]["publicKey"]["hint"] == key_id(ADA.public_key)
    assert file["dsseEnvelope"] == json.loads(SIGNED.to_bytes())


@pytest.mark.parametrize("word", ["held", "revoked", "expired", "killed"])
def test_a_go_that_has_fallen_is_not_written_where_nobody_could_see_it(word: str) -> None:
    with pytest.raises(UnsayableStandingError, match=word):
        sigstore_bundle(source(Standing(word=word, sentence="x")), SIGNED)


def test_a_no_go_says_so_itself_and_may_be_written() -> None:
    assert sigstore_bundle(source(HELD, outcome="no-go"), SIGNED)
