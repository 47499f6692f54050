"""Verification summaries, read by in-toto's own classes and verified by two other programs."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement as OtherStatement

from interlock.adapters.exchange import Source, Standing, signed_summary, verification_summary
from interlock.errors import InvalidStatementError
from interlock.ledger import Envelope, parse_statement
from tests.conformance.verifiers import ADA, altered, openssl_accepts, securesystemslib_accepts
from tests.dossiers import DECISION, GO, HELD, SYSTEM, source

RESTS_ON = (("decision", DECISION), ("vote", "6" * 64), ("verdict", "8" * 64))


def summary(found: Source) -> bytes:
    return verification_summary(found, name="guarded", charter="9" * 64, rests_on=RESTS_ON)


def read(payload: bytes) -> tuple[OtherStatement, vsa_pb2.VerificationSummary, list[str]]:
    """A summary as in-toto's classes read it, which refuse one that breaks their rules.

    Their class (0.9.3) takes `verifiedLevels` for one string where SLSA has a
    list, so the levels are read beside it.
    """
    fields = json.loads(payload)
    said = dict(fields["predicate"])
    levels = said.pop("verifiedLevels")
    predicate = vsa_pb2.VerificationSummary()
    # A consumer must ignore fields it does not know; ours are named by URIs.
    json_format.ParseDict(said, predicate, ignore_unknown_fields=True)
    statement = OtherStatement.copy_from_pb(
        json_format.ParseDict(fields, statement_pb2.Statement())
    )
    statement.validate()
    return statement, predicate, levels


def test_in_toto_reads_a_go_as_passed() -> None:
    statement, found, levels = read(summary(source()))
    assert statement.pb.predicate_type == "https://slsa.dev/verification_summary/v1"
    assert statement.pb.subject[0].digest["sha256"] == SYSTEM
    assert found.verification_result == "PASSED"
    assert levels == ["INTERLOCK_GO"]
    assert found.policy.digest["sha256"] == "9" * 64
    assert [one.digest["sha256"] for one in found.input_attestations][1:] == [
        identity for _, identity in RESTS_ON
    ]
    assert found.time_verified.ToJsonString() == source().cosigned.time


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [
        (HELD, "go"),
        (Standing(word="no-go", sentence="x"), "no-go"),
        (Standing(word="expired", sentence="x"), "go"),
        (Standing(word="missing-go", sentence="x"), "go"),
    ],
)
def test_in_toto_reads_anything_else_as_failed(standing: Standing, outcome: Any) -> None:
    _, found, levels = read(summary(source(standing, outcome=outcome)))
    assert found.verification_result == "FAILED"
    assert levels == ["FAILED"]


def test_conditions_are_part_of_the_resource_so_that_nobody_overlooks_them() -> None:
    _, found, _ = read(summary(source(GO)))
    assert found.resource_uri == (
        "urn:interlock:release:interlock.local%2Fboard:assistant"
        "?=max_traffic_percent=50&tier=internal%20%26%20more"
    )


def test_other_verifiers_accept_the_exporters_signature_and_refuse_altered_ones() -> None:
    signed = signed_summary(summary(source()), ADA)
    assert securesystemslib_accepts(signed)
    assert not any(securesystemslib_accepts(other) for other in altered(signed))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_openssl_accepts_the_exporters_signature(tmp_path: Path) -> None:
    assert openssl_accepts(signed_summary(summary(source()), ADA), tmp_path)


def test_a_summary_can_never_be_taken_for_an_act() -> None:
    with pytest.raises(InvalidStatementError, match="urn:interlock:"):
        parse_statement(signed_summary(summary(source()), ADA).payload)


def test_the_envelope_is_dsse_as_everybody_writes_it() -> None:
    signed = signed_summary(summary(source()), ADA)
    assert Envelope.parse(signed.to_bytes()) == signed
    assert base64.b64decode(json.loads(signed.to_bytes())["payload"]) == signed.payload
