"""The safety case: what is claimed, why, on which evidence, and what was said against it."""

from typing import Literal

from interlock.ledger import record
from interlock.review.hazards import Label


@record("case-claim/1")
class CaseClaim:
    """One claim, and what holds it up.

    Attributes:
        id: Short name, by which others refer to it.
        text: What is claimed.
        supports: Id of the claim it helps to show; empty for the one at the top.
        argument: Why what stands below it shows it.
        evidence: Labels of sealed criteria, word for word, that hold it up.
        assumptions: What is taken for granted.
    """

    id: Label = ""
    text: str = ""
    supports: Label = ""
    argument: str = ""
    evidence: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


@record("defeater/1")
class Defeater:
    """A doubt that would bring a claim down if it were right.

    Attributes:
        claim: Id of the claim it attacks.
        text: The doubt.
        state: *Open*: nobody has met it. *Resolved*: it is not right. *Accepted*: it is
            right or may be, and somebody takes that on.
        reason: How it was resolved, or why it is accepted.
        by: Who resolved or accepted it, as the author states.
    """

    claim: Label = ""
    text: str = ""
    state: Literal["open", "resolved", "accepted"] = "open"
    reason: str = ""
    by: str = ""


@record("safety-case/1")
class SafetyCase:
    """Claims with their arguments and evidence, and the doubts about them (CAE; GSN).

    Attributes:
        claims: The claims; exactly one of them supports no other.
        defeaters: What was said against them.
    """

    claims: tuple[CaseClaim, ...] = ()
    defeaters: tuple[Defeater, ...] = ()
