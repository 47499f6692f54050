"""Verify a release decision offline: ``python verify.py BUNDLE --root root.json``.

This one file needs Python and the package ``cryptography``, and nothing of
Interlock: it is for whoever is asked to believe a decision, and it states
every rule a second time, apart from the product. It reads the whole log in the
bundle from its first entry, since nothing less shows that nothing was taken
back. Exit codes: 0 holds, 4 does not hold, 2 usage, 5 could not run.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fields = dict[str, Any]

PAYLOAD_TYPE = "application/vnd.in-toto+json"
TOLERANCE = timedelta(seconds=300)
PATTERNS = {
    "text": r"(?s:.*)",
    "digest": r"[0-9a-f]{64}",
    "digest?": r"([0-9a-f]{64})?",
    "time": r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z",
    "key": r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=",
    "signature": r"[A-Za-z0-9+/]{85}[AQgw]==",
}
FORMS = {
    "bundle": r"format:interlock-bundle/1 decision:digest entries:text* checkpoint:text"
    r" records:dict proof:proof",
    "proof": "index:int hashes:digest*",
    "root-file": "kind:root/1 content:root",
    "root": "origin:text log_key:key witness_name:text witness_key:key root_keys:key*"
    " threshold:int minimum_size:int minimum_root_hash:digest max_age_seconds:int",
    "leaf": "envelope:envelope time:time",
    "envelope": r"payload:text payloadType:application/vnd\.in-toto\+json signatures:signed*",
    "signed": "keyid:digest sig:signature",
    "enrolment": "name:text key:key roles:text* proof:signature countersigner:text"
    " countersignature:signature",
    "lineage": "criterion:text attempt:int",
    "criterion": "criterion:text outcome:passed|failed|undecided red_line:bool",
    "condition": "kind:max_traffic_percent|tier limit:text",
}
# Each act: who may do it, the field that holds its subject's digest, and its fields.
ACTS = {
    "keyring": ("root", "", "previous:digest? people:enrolment*"),
    "adoption": ("root", "charter", "previous:digest? charter:digest required:text*"
        " advisory:text* retrospective:bool"),
    "recovery": ("root", "root_hash", "size:int root_hash:digest lost_size:int"
        " lost_root_hash:digest reason:text"),
    "qualification": ("chair", "", "person:text role:text until:time previous:digest?"),
    "seal": ("product-manager evaluation-engineer", "hypothesis", "hypothesis:digest"
        " charter:digest product:text baseline:digest candidates:digest* lineages:lineage*"
        " basis:prospective|retrospective confirmatory:bool bank:digest? sample:int"),
    "run": ("product-manager evaluation-engineer", "evidence",
        "seal:digest system:digest evidence:digest basis:prospective|retrospective"),
    "verdict": ("product-manager evaluation-engineer", "judgement", "seal:digest system:digest"
        " runs:digest* judgement:digest outcome:passed|failed|undecided criteria:criterion*"),
    "assessment": ("product-manager", "document",
        "document:digest product:text system:digest verdict:digest previous:digest?"),
    "question": ("@panel", "assessment", "assessment:digest text:text"),
    "answer": ("product-manager evaluation-engineer", "question", "question:digest text:text"),
    "acceptance": ("@panel", "answer", "question:digest answer:digest"),
    "vote": ("@panel", "assessment", "origin:text assessment:digest system:digest charter:digest"
        " role:text ballot:go|no-go|abstain reasons:text previous:digest?"
        " accepts_retrospective:bool"),
    "decision": ("chair product-manager", "system", "assessment:digest product:text system:digest"
        " outcome:go|no-go votes:digest* conditions:condition* expires:time"),
    "revocation": ("@required", "decision", "decision:digest reason:text"),
    "hold": ("@required chair on-call", "system",
        "product:text system:digest reason:text previous:digest?"),
    "lift": ("@required chair", "hold", "hold:digest reason:text"),
}  # fmt: skip
SUBJECT_NAMES = {"recovery": "tree"}


class Refused(Exception):  # noqa: N818 - it stands apart from the product's errors
    """The decision does not hold, or a statement has no effect; ``reason`` is a stable word."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(reason, sentence)
        self.reason, self.sentence = reason, sentence

    def __str__(self) -> str:
        return f"{self.sentence} ({self.reason})"


class Unverifiable(Refused):
    """Nothing on this log can be believed."""


def need(holds: object, reason: str, sentence: str) -> None:
    """Go on only where a rule holds."""
    if not holds:
        raise Refused(reason, sentence)


@cache
def fields_of(form: str) -> Fields:
    """The fields of a form, each with its type."""
    return dict(part.split(":", 1) for part in form.split())


def fits(value: object, form: str) -> bool:
    """Whether a JSON value has a form: exactly its fields, each exactly of its type."""
    if form.endswith("*"):
        return isinstance(value, list) and all(fits(each, form[:-1]) for each in value)
    if form in FORMS or ":" in form:
        fields = fields_of(FORMS.get(form, form))
        return (
            isinstance(value, dict)
            and value.keys() == fields.keys()
            and all(fits(value[name], part) for name, part in fields.items())
        )
    if form in {"int", "bool", "dict"}:
        return type(value).__name__ == form
    return isinstance(value, str) and bool(re.fullmatch(PATTERNS.get(form, form), value))


def encode(value: object) -> bytes:
    """Canonical JSON (RFC 8785) of a value without fractions and with ASCII keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def decode(data: bytes, reason: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value of canonical JSON; a key named twice, a fraction or other bytes are refused."""

    def once(pairs: list[tuple[str, Any]]) -> Fields:
        need(len(dict(pairs)) == len(pairs), reason, "a JSON object names one key twice")
        return dict(pairs)

    def whole(digits: str) -> int:
        need(abs(int(digits)) < 2**53, reason, "a number is too large for JSON")
        return int(digits)

    def fraction(text: str) -> NoReturn:
        raise Refused(reason, f"the number {text} is not whole")

    hooks: Fields = {"parse_int": whole, "parse_float": fraction, "parse_constant": fraction}
    try:
        value = json.loads(data, object_pairs_hook=once, **hooks)
        again = encode(value)
    except (ValueError, RecursionError) as error:
        raise Refused(reason, f"it is no JSON: {error}") from error
    need(again == data, reason, "its bytes are not canonical JSON (RFC 8785)")
    return value


def unbase64(text: str, reason: str = "invalid-envelope") -> bytes:
    """The bytes of standard base64, which must be their only encoding."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Refused(reason, f"its base64 is broken: {error}") from error
    need(base64.b64encode(data).decode() == text, reason, "its base64 is not the standard one")
    return data


def moment(time: str) -> datetime:
    """A time written as ``2026-11-21T21:52:51Z``."""
    try:
        need(fits(time, "time"), "invalid-time", f"{time!r} is no time in UTC seconds")
        return datetime.fromisoformat(time)
    except ValueError as error:
        raise Refused("invalid-time", f"{time!r} is no time in UTC seconds") from error


def digest(kind: str, content: Fields) -> str:
    """The digest of a record."""
    return hashlib.sha256(encode({"kind": kind, "content": content})).hexdigest()


def signs(key: str, signature: bytes, message: bytes) -> bool:
    """Whether a signature over a message is this key's."""
    try:
        Ed25519PublicKey.from_public_bytes(unbase64(key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sound(key: str) -> bool:
    """Whether a key is canonical and not of small order, so that its signatures mean something."""
    field = 2**255 - 19
    eight = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
    y = int.from_bytes(unbase64(key), "little") % 2**255
    return y < field and y not in {0, 1, field - 1, eight, field - eight}


def tree(hashes: list[bytes]) -> bytes:
    """Root hash over leaf hashes (RFC 9162, section 2.1.1)."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(hashes[:half]) + tree(hashes[half:])).digest()


def path_root(node: bytes, index: int, size: int, proof: list[str]) -> bytes:
    """Where an inclusion proof leads from a leaf's hash (RFC 9162, section 2.1.3.2)."""
    last = size - 1
    for step in map(bytes.fromhex, proof):
        need(last > 0, "invalid-proof", "the inclusion proof is too long")
        if index % 2 or index == last:
            node = hashlib.sha256(b"\x01" + step + node).digest()
            while index and not index % 2:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + step).digest()
        index, last = index >> 1, last >> 1
    need(last == 0, "invalid-proof", "the inclusion proof is too short")
    return node


def open_note(note: str, root: Fields) -> tuple[int, bytes, datetime]:
    """Size, root hash and time of a checkpoint that the root's log and witness signed (C2SP)."""
    bad = "invalid-checkpoint"
    body, _, tail = note.rpartition("\n\n")
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([^\n]+)", body)
    lines = [re.fullmatch(r"— (\S+) (\S+)", line) for line in tail[:-1].split("\n")]
    need(match and all(lines) and tail.endswith("\n"), bad, "the checkpoint is no signed note")
    need(match and match[1] == root["origin"], bad, "the checkpoint is another log's")
    body += "\n"

    def signature(name: str, kind: bytes, key: str) -> bytes:
        named = hashlib.sha256(name.encode() + b"\n" + kind + unbase64(key)).digest()[:4]
        data = [unbase64(line[2], bad) for line in lines if line and line[1] == name]
        found = [each[4:] for each in data if each[:4] == named]
        need(len(found) == 1, bad, f"{name} has not signed the checkpoint")
        return found[0]

    by_log = signature(root["origin"], b"\x01", root["log_key"])
    by_witness = signature(root["witness_name"], b"\x04", root["witness_key"])
    seconds = int.from_bytes(by_witness[:8], "big")
    stamped = f"cosignature/v1\ntime {seconds}\n{body}".encode()
    need(
        signs(root["log_key"], by_log, body.encode())
        and signs(root["witness_key"], by_witness[8:], stamped)
        and seconds < 2**37,
        bad,
        "a signature of the checkpoint is wrong",
    )
    assert match
    return int(match[2]), unbase64(match[3], bad), datetime.fromtimestamp(seconds, UTC)
