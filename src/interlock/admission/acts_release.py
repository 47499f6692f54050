"""Acts that open and shut the way: the decision, and everything that takes it back."""

from typing import Literal

from interlock.admission.acts_panel import Condition
from interlock.admission.terms import Change, Digest, MaybeDigest, Previous, Time, added
from interlock.ledger import Json, record, upcast


@record("decision/2")
class Decision:
    """Go or no-go, as the votes have it.

    Attributes:
        assessment: Statement identity of the assessment decided on.
        product: The product.
        system: Digest of the candidate system.
        outcome: ``go`` needs go from every required role.
        votes: Statement identities of all standing votes, dissent included.
        conditions: Bounds the release must be served inside.
        expires: When a go ends (``2026-11-21T00:00:00Z``).
        change: The class under which it was decided. A normal decision on an
            assessment that had an emergency go ratifies it, or ends it.
    """

    assessment: Digest
    product: str
    system: Digest
    outcome: Literal["go", "no-go"]
    votes: tuple[Digest, ...]
    conditions: tuple[Condition, ...]
    expires: Time
    change: Change


@upcast("decision/1", "decision/2")
def _decision(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version knew one class of change."""
    return added("decision/1", fields, {"change": "normal"})


@record("revocation/1")
class Revocation:
    """A go taken back for good, by any one required role."""

    decision: Digest
    reason: str


@record("hold/1")
class Hold:
    """Serving of a product's system stops until the hold is lifted.

    Attributes:
        product: The product.
        system: Digest of the system.
        reason: What was seen.
        previous: Statement identity of the last hold on this product and
            system, lifted or not; empty for the first.
    """

    product: str
    system: Digest
    reason: str
    previous: Previous


@record("lift/1")
class Lift:
    """A hold is lifted, by a person other than the one who set it."""

    hold: Digest
    reason: str


@record("kill/1")
class Kill:
    """A system of a product is stopped for good: no go on it counts again.

    Attributes:
        product: The product.
        system: Digest of the system.
        reason: What was seen.
        evidence: Digest of what shows it; empty where words must do.
    """

    product: str
    system: Digest
    reason: str
    evidence: MaybeDigest


@record("rollback/1")
class Rollback:
    """A product goes back to an earlier release; every go given so far on this system ends.

    Attributes:
        product: The product.
        system: Digest of the system that is left.
        to: Statement identity of the standing go on another system to serve instead.
        reason: What was seen.
        evidence: Digest of what shows it; empty where words must do.
    """

    product: str
    system: Digest
    to: Digest
    reason: str
    evidence: MaybeDigest
