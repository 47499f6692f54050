"""Statements: one record said about subjects named by digest (in-toto Statement v1)."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from interlock.errors import InvalidStatementError, StrictJsonError
from interlock.ledger.canonical import Json, canonical, parse
from interlock.ledger.record import build, content, kind_of

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"

_URN = "urn:interlock:"
_FIELDS = {"_type", "subject", "predicateType", "predicate"}
_KIND = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Subject:
    """A thing a statement speaks about.

    Attributes:
        name: What people call it.
        sha256: Its digest, 64 lower-case hex digits.
    """

    name: str
    sha256: str


@dataclass(frozen=True)
class Statement:
    """A record, said about subjects.

    Attributes:
        subjects: At least one.
        predicate: The record that is said about them.
    """

    subjects: tuple[Subject, ...]
    predicate: Any

    @property
    def kind(self) -> str:
        """The kind of the predicate, such as ``"vote/1"``."""
        return kind_of(self.predicate)

    def payload(self) -> bytes:
        """The canonical bytes that are signed.

        Raises:
            InvalidStatementError: There is no subject, or one without a name or digest.
        """
        return self._payload

    @property
    def identity(self) -> str:
        """SHA-256 of the payload in hex: the statement's name on the log."""
        return hashlib.sha256(self._payload).hexdigest()

    @cached_property
    def _payload(self) -> bytes:
        subjects = [
            {"name": subject.name, "digest": {"sha256": subject.sha256}}
            for subject in self.subjects
        ]
        _subjects(cast("Json", subjects))
        return canonical(
            {
                "_type": STATEMENT_TYPE,
                "subject": subjects,
                "predicateType": _URN + self.kind,
                "predicate": content(self.predicate),
            }
        )


@dataclass(frozen=True)
class Claim:
    """A statement read for its form alone; its kind may be unknown to this version.

    Attributes:
        subjects: What it speaks about.
        kind: The predicate's kind.
        fields: The predicate's content, not yet checked against its kind.
    """

    subjects: tuple[Subject, ...]
    kind: str
    fields: dict[str, Json]


def parse_claim(payload: bytes) -> Claim:
    """Read a payload's form strictly, whether or not its kind is known.

    Raises:
        InvalidStatementError: The bytes are not canonical JSON, or not an
            in-toto Statement v1 of an Interlock predicate about subjects
            named by SHA-256.
    """
    try:
        value = parse(payload)
    except StrictJsonError as error:
        raise InvalidStatementError(error.reason) from error
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise InvalidStatementError("its fields are not exactly those of a statement")
    if value["_type"] != STATEMENT_TYPE:
        raise InvalidStatementError(f"its _type is not {STATEMENT_TYPE}")
    named, fields = value["predicateType"], value["predicate"]
    if not isinstance(named, str) or not named.startswith(_URN):
        raise InvalidStatementError(f"its predicateType does not begin with {_URN}")
    kind = named.removeprefix(_URN)
    if not _KIND.fullmatch(kind):
        raise InvalidStatementError(f"{kind!r} is not a versioned kind such as vote/1")
    if not isinstance(fields, dict):
        raise InvalidStatementError("its predicate is not an object")
    return Claim(_subjects(value["subject"]), kind, fields)


def parse_statement(payload: bytes) -> Statement:
    """The statement that a payload says.

    Raises:
        InvalidStatementError: See `parse_claim`.
        UnknownKindError: This version does not know the predicate's kind.
        InvalidRecordError: The predicate breaks the rule of its kind.
    """
    claim = parse_claim(payload)
    return Statement(claim.subjects, build(claim.kind, claim.fields))


def _subjects(value: Json) -> tuple[Subject, ...]:
    """The subjects of a statement.

    Raises:
        InvalidStatementError: There is none, or one is not a name with a SHA-256.
    """
    if not isinstance(value, list) or not value:
        raise InvalidStatementError("it speaks about no subject")
    return tuple(map(_subject, value))


def _subject(value: Json) -> Subject:
    if isinstance(value, dict) and value.keys() == {"name", "digest"}:
        name, digests = value["name"], value["digest"]
        if isinstance(name, str) and name and isinstance(digests, dict) and len(digests) == 1:
            sha256 = digests.get("sha256")
            if isinstance(sha256, str) and _SHA256.fullmatch(sha256):
                return Subject(name, sha256)
    raise InvalidStatementError("a subject is not a name and one SHA-256 digest in hex")
