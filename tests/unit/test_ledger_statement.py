import json

import pytest

from interlock.admission.acts import Hold
from interlock.errors import InvalidRecordError, InvalidStatementError, UnknownKindError
from interlock.ledger import Statement, Subject, canonical, parse_claim, parse_statement

HOLD = Hold(product="assistant", system="a" * 64, reason="spike", previous="")
STATEMENT = Statement((Subject("assistant", "b" * 64),), HOLD)


def altered(**fields: object) -> bytes:
    return canonical(json.loads(STATEMENT.payload()) | fields)


def test_a_statement_is_read_back_as_it_was_said() -> None:
    assert parse_statement(STATEMENT.payload()) == STATEMENT
    assert parse_statement(STATEMENT.payload()).identity == STATEMENT.identity
    assert STATEMENT.kind == "hold/1"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"_type": "https://in-toto.io/Statement/v0.1"}, "_type"),
        ({"predicateType": "https://slsa.dev/provenance/v1"}, "urn:interlock:"),
        ({"predicateType": "urn:interlock:hold"}, "versioned kind"),
        ({"predicateType": "urn:interlock:hold/01"}, "versioned kind"),
        ({"predicateType": "urn:interlock:hold/1\n"}, "versioned kind"),
        ({"predicateType": 1}, "urn:interlock:"),
        ({"predicate": []}, "not an object"),
        ({"subject": []}, "no subject"),
        ({"subject": {}}, "no subject"),
        ({"subject": [{"name": "", "digest": {"sha256": "a" * 64}}]}, "SHA-256"),
        ({"subject": [{"name": "x", "digest": {"sha256": "A" * 64}}]}, "SHA-256"),
        ({"subject": [{"name": "x", "digest": {"sha512": "a" * 64}}]}, "SHA-256"),
        ({"subject": [{"name": "x", "digest": {}}]}, "SHA-256"),
        ({"subject": [{"digest": {"sha256": "a" * 64}}]}, "SHA-256"),
        ({"subject": ["x"]}, "SHA-256"),
        ({"note": "unknown"}, "exactly"),
    ],
)
def test_a_payload_of_another_form_is_refused(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(InvalidStatementError, match=fault):
        parse_claim(altered(**fields))


def test_a_payload_that_is_not_canonical_is_refused() -> None:
    with pytest.raises(InvalidStatementError, match="canonical"):
        parse_statement(json.dumps(json.loads(STATEMENT.payload())).encode())


def test_a_payload_with_a_key_said_twice_is_refused() -> None:
    doubled = STATEMENT.payload().replace(b'"reason":', b'"reason":"none","reason":')
    with pytest.raises(InvalidStatementError, match="same key twice"):
        parse_statement(doubled)


def test_a_kind_from_the_future_has_a_form_but_no_meaning() -> None:
    payload = altered(predicateType="urn:interlock:hold/999")
    assert parse_claim(payload).kind == "hold/999"
    with pytest.raises(UnknownKindError):
        parse_statement(payload)


def test_a_predicate_that_breaks_its_kind_is_refused() -> None:
    with pytest.raises(InvalidRecordError):
        parse_statement(altered(predicate={"product": "assistant"}))


def test_a_statement_about_nothing_cannot_be_written() -> None:
    with pytest.raises(InvalidStatementError, match="no subject"):
        Statement((), HOLD).payload()
    with pytest.raises(InvalidStatementError, match="SHA-256"):
        Statement((Subject("assistant", "short"),), HOLD).payload()
