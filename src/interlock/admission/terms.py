"""The words of which acts are made: digests, times, keys, outcomes."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.errors import InvalidRecordError
from interlock.ledger import Json

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hex: the name of a record, a system, evidence, or a statement."""

MaybeDigest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
"""A digest, or nothing."""

Previous = MaybeDigest
"""Statement identity of what an act replaces; empty where it is the first. Without it, doing
the same thing a second time would be the same statement, which changes nothing."""

Time = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
    ),
]
"""UTC to the second, such as ``2026-11-21T21:52:51Z``; later times sort later as text."""

PublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
"""A raw Ed25519 public key (32 bytes) in the one standard base64 it has."""

SignatureText = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{85}[AQgw]==$")]
"""An Ed25519 signature (64 bytes) in the one standard base64 it has."""

Week = Annotated[str, Field(pattern=r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$")]
"""A week of ISO 8601, such as ``2026-W47``; later weeks sort later as text."""

Outcome = Literal["passed", "failed", "undecided"]
Ballot = Literal["go", "no-go", "abstain"]
Basis = Literal["prospective", "retrospective"]
VariantKind = Literal["prompt", "reward", "data", "guardrail"]
"""What makes a variant another system than its parent."""
Change = Literal["standard", "normal", "emergency"]
"""The class of a change. *Standard*: it stays inside what was agreed beforehand, and every gate
passes. *Normal*: the panel. *Emergency*: on-call and one required role now, the panel after."""


def added(kind: str, fields: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    """The fields of an older act with those that its kind got later.

    Raises:
        InvalidRecordError: It has one of them already: what an older kind does
            not know must not be overwritten unseen.
    """
    twice = sorted(fields.keys() & new.keys())
    if twice:
        raise InvalidRecordError(kind, f"{twice[0]}: it has no such field")
    return fields | new
