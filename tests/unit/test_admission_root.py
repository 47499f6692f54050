"""The root and the enrolments it begins with."""

from typing import Any

import pytest

from interlock.admission import countersign, enrol
from interlock.admission.verify import Refused, read_root
from interlock.errors import InvalidKeyError, InvalidRecordError
from interlock.ledger import base64_text, dump, load
from tests.fakes import LOG_SIGNER, ORIGIN, MemorySigner
from tests.world import ROOT_SIGNERS, make_root, named

KEYS = tuple(base64_text(each.public_key) for each in ROOT_SIGNERS)


def test_a_root_is_read_as_it_was_written() -> None:
    root = make_root()
    assert load(dump(root)) == root
    assert read_root(dump(root) + b"\n")["threshold"] == root.threshold


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": 0},
        {"threshold": 4},
        {"root_keys": (KEYS[0], KEYS[0])},
        {"root_keys": (KEYS[0], base64_text(LOG_SIGNER.public_key))},
        {"root_keys": (KEYS[0], base64_text(bytes(32)))},
        {"minimum_size": -1},
        {"minimum_size": 0, "minimum_root_hash": named("x")},
        {"max_age_seconds": 0},
        {"origin": ""},
        {"log_key": "short"},
    ],
)
def test_a_root_that_binds_nobody_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((InvalidRecordError, ValueError)):
        make_root(**changes)


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", dump(make_root()).replace(b'"threshold":2', b'"threshold":9')]
)
def test_a_stranger_refuses_a_root_that_binds_nobody(text: bytes) -> None:
    with pytest.raises(Refused, match="invalid-root"):
        read_root(text)


def test_nobody_vouches_for_a_key_that_was_not_proved() -> None:
    request = enrol(ORIGIN, name="rita", roles=("safety-researcher",), signer=MemorySigner("rita"))
    with pytest.raises(InvalidKeyError, match="proof of possession"):
        countersign(
            "elsewhere.example/log",
            request,
            countersigner="paul",
            signer=MemorySigner("paul"),
        )
