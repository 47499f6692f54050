"""What a product manager writes in an assessment; everything else is filled from the ledger."""

from typing import Annotated

from pydantic import Field

from interlock.admission import Condition
from interlock.charter import Schema, read, schema, validated
from interlock.ledger import record


@record("mitigation/1")
class Mitigation:
    """A control against a hazard.

    Attributes:
        control: What is done.
        owner: Who keeps it working.
        fails_when: How it fails, and what is seen then.
    """

    control: str = ""
    owner: str = ""
    fails_when: str = ""


@record("risk-acceptance/1")
class RiskAcceptance:
    """A hazard left as it is, by somebody, for a reason."""

    by: str = ""
    reason: str = ""


@record("hazard/1")
class Hazard:
    """One way the product can do harm.

    Attributes:
        category: Id of the charter's harm category.
        scenario: What happens, to whom, by whose hand.
        severity: Level on the category's scale in the charter.
        metric: The metric that measures it, from which the residual bound is
            filled; empty where no evidence speaks to it.
        mitigation: The control against it, or
        acceptance: who accepts it as it is. One of the two is needed to sign.
    """

    category: str
    scenario: str = ""
    severity: int | None = None
    metric: str = ""
    mitigation: Mitigation | None = None
    acceptance: RiskAcceptance | None = None


@record("affected-party/1")
class AffectedParty:
    """People the product touches, users or not, and how."""

    who: str = ""
    how: str = ""


@record("alternative/1")
class Alternative:
    """Another way to the same end, and why it was not taken."""

    option: str = ""
    why_not: str = ""


@record("monitor/1")
class Monitor:
    """What is watched after the release.

    Attributes:
        metric: What is counted.
        threshold: The level that raises an alarm, with its window.
        pages: Who is called when it does.
    """

    metric: str = ""
    threshold: str = ""
    pages: str = ""


@record("dropped-claim/1")
class DroppedClaim:
    """Why a claim that did not pass earlier is no longer judged.

    Attributes:
        claim: The claim, word for word as the page and `blanks` name it.
        reason: Why it was dropped.
    """

    claim: str = ""
    reason: str = ""


@record("unmeasured-red-line/1")
class UnmeasuredRedLine:
    """A red line of the charter that no criterion measures, and why that may be so.

    Attributes:
        id: The red line's id in the charter.
        reason: What stands in for evidence, or why none is there.
    """

    id: str = ""
    reason: str = ""


@record("assessment-draft/1")
class Draft:
    """The authored half of a Safety Impact Assessment.

    It may be incomplete while it is written; `blanks` names what stands
    between it and a signature.

    Attributes:
        id: Short name, stable over versions.
        title: What people call it.
        version: Counts from 1.
        product: The product.
        purpose: What the release is for, and for whom.
        excluded_uses: What it is not for, foreseeable misuse among them.
        affected: Parties affected, people who never use it among them.
        hazards: How it can do harm.
        limits: Where the evidence says nothing: languages, lengths, tools, time.
        dropped: Claims that did not pass earlier and are no longer judged, with reasons.
        unmeasured_red_lines: Red lines that no criterion measures, with reasons.
        not_shipping: What happens if nothing is released.
        alternatives: What else was weighed.
        monitoring: What is watched after the release.
        conditions: Bounds the release must be served inside.
        valid_days: Days until a go ends, counted from the decision.
    """

    id: str
    title: str = ""
    version: Annotated[int, Field(ge=1)] = 1
    product: str
    purpose: str = ""
    excluded_uses: tuple[str, ...] = ()
    affected: tuple[AffectedParty, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    limits: tuple[str, ...] = ()
    dropped: tuple[DroppedClaim, ...] = ()
    unmeasured_red_lines: tuple[UnmeasuredRedLine, ...] = ()
    not_shipping: str = ""
    alternatives: tuple[Alternative, ...] = ()
    monitoring: tuple[Monitor, ...] = ()
    conditions: tuple[Condition, ...] = ()
    valid_days: Annotated[int, Field(ge=1, le=366)] | None = None


_FILLED = (
    "seal",
    "sealed",
    "hypothesis",
    "verdict",
    "judgement",
    "evidence",
    "against",
    "attempts",
    "earlier",
    "slices",
    "residual",
    "unmeasured",
    "deviations",
)


def load_draft(text: str | bytes, *, file: str) -> Draft:
    """The draft a YAML file states, finished or not.

    Args:
        text: The file's content.
        file: The name by which errors call it.

    Raises:
        CharterError: The file is no plain YAML, breaks `draft_schema`, or types
            what only the ledger may fill; file, line and field say where.
    """
    source = read(text, file=file)
    for field in _FILLED:
        if isinstance(source.value, dict) and field in source.value:
            raise source.error(
                (field,), "is filled from the ledger and never typed; take it out of the draft"
            )
    return validated(Draft, source)


def draft_schema() -> Schema:
    """JSON Schema (draft 2020-12) of a draft file."""
    return schema(Draft, "The authored half of an Interlock Safety Impact Assessment")
