"""What a product manager writes in an assessment; everything else is filled from the ledger."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.admission import Change, Condition
from interlock.charter import Schema, read, schema, validated
from interlock.ledger import Json, record, upcast
from interlock.review.hazards import Hazard, Mitigation, newer_hazard, newer_mitigation
from interlock.review.operation import (
    DisclosureClass,
    IncidentPlan,
    KillSwitch,
    Monitor,
    Retention,
    newer_monitor,
)
from interlock.review.safety_case import SafetyCase
from interlock.review.scope import (
    AffectedParty,
    Alternative,
    DeviationReason,
    DroppedClaim,
    Interest,
    Regime,
    StatedScore,
    UnmeasuredRedLine,
    newer_party,
)

FieldName = Literal[
    "identity",
    "subject",
    "use",
    "regimes",
    "affected",
    "hazards",
    "scores",
    "seal",
    "evidence",
    "against",
    "limits",
    "mitigations",
    "residual",
    "alternatives",
    "safety_case",
    "monitoring",
    "incidents",
    "conditions",
    "interests",
    "disclosure",
    "retention",
]
"""The fields of an assessment that are salted, digested and disclosed each on its own. Votes,
dissent and quorum are none of them: they are given on the assessment, and stand on the log."""


@record("field-disclosure/1")
class FieldDisclosure:
    """Who may read one field, where it is another than by default.

    Attributes:
        field: The field.
        to: Who may read it.
    """

    field: FieldName
    to: DisclosureClass


@record("assessment-draft/2")
class Draft:
    """The authored half of a Safety Impact Assessment.

    It may be incomplete while it is written; `blanks` names what stands
    between it and a signature.

    Attributes:
        id: Short name, stable over versions.
        title: What people call it.
        version: Counts from 1.
        status: ``draft`` while it is written; ``final`` once its author stands by it.
        supersedes: What it replaces, in words or by identity; empty for the first.
        product: The product.
        change: The class of the change it asks for.
        follows: For a standard change, identity of the standing go it stays inside; else empty.
        valid_days: Days until a go ends, counted from the decision.
        reassess_when: What makes another assessment necessary before it expires.
        purpose: What the release is for, and for whom.
        users: Who is meant to use it.
        languages: The languages it is meant for.
        tiers: The tiers of service it is meant for.
        excluded_uses: What it is not for.
        misuse: Misuse that can be foreseen.
        regimes: Bodies of rules in play, and those that are not, with reasons.
        affected: Parties affected, people who never use it among them.
        hazards: How it can do harm.
        scores: Inputs of the risk scores that the charter names.
        deviation_reasons: Why something went otherwise than it was sealed.
        elicitation: How hard it was tried to make the candidate fail.
        limits: Where the evidence says nothing: languages, lengths, tools, time, contamination.
        dropped: Claims that did not pass earlier and are no longer judged, with reasons.
        unmeasured_red_lines: Red lines that no criterion measures, with reasons.
        mitigations: Controls against the hazards.
        not_shipping: What happens if nothing is released.
        alternatives: What else was weighed.
        benefits: What is gained; apart, so that it is not set off against harm unseen.
        safety_case: Claims, arguments, evidence, assumptions, and doubts.
        monitoring: What is watched after the release.
        kill_switch: How serving is stopped at once.
        incidents: What happens when harm is seen.
        conditions: Bounds the release must be served inside.
        interests: Who stands to gain or lose.
        independence: What keeps those who judge apart from those who want the release.
        disclosure: Who may read a field, where it is another than by default.
        retention: How long all this is kept.
    """

    id: str
    title: str = ""
    version: Annotated[int, Field(ge=1)] = 1
    status: Literal["draft", "final"] = "draft"
    supersedes: str = ""
    product: str
    change: Change = "normal"
    follows: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    valid_days: Annotated[int, Field(ge=1, le=366)] | None = None
    reassess_when: tuple[str, ...] = ()
    purpose: str = ""
    users: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    excluded_uses: tuple[str, ...] = ()
    misuse: tuple[str, ...] = ()
    regimes: tuple[Regime, ...] = ()
    affected: tuple[AffectedParty, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    scores: tuple[StatedScore, ...] = ()
    deviation_reasons: tuple[DeviationReason, ...] = ()
    elicitation: str = ""
    limits: tuple[str, ...] = ()
    dropped: tuple[DroppedClaim, ...] = ()
    unmeasured_red_lines: tuple[UnmeasuredRedLine, ...] = ()
    mitigations: tuple[Mitigation, ...] = ()
    not_shipping: str = ""
    alternatives: tuple[Alternative, ...] = ()
    benefits: tuple[str, ...] = ()
    safety_case: SafetyCase = SafetyCase()
    monitoring: tuple[Monitor, ...] = ()
    kill_switch: KillSwitch = KillSwitch()
    incidents: IncidentPlan = IncidentPlan()
    conditions: tuple[Condition, ...] = ()
    interests: tuple[Interest, ...] = ()
    independence: str = ""
    disclosure: tuple[FieldDisclosure, ...] = ()
    retention: Retention = Retention()


@upcast("assessment-draft/1", "assessment-draft/2")
def newer_draft(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version was the short form; a mitigation stood inside of its hazard."""
    hazards, mitigations = _apart(_records(fields["hazards"]))
    return fields | {
        "affected": [newer_party(one) for one in _records(fields["affected"])],
        "monitoring": [newer_monitor(one) for one in _records(fields["monitoring"])],
        "hazards": hazards,
        "mitigations": mitigations,
    }


def _apart(old: list[dict[str, Json]]) -> tuple[list[Json], list[Json]]:
    """Hazards with names of their own, and their mitigations beside them."""
    hazards, mitigations = list[Json](), list[Json]()
    for k, one in enumerate(old, start=1):
        name = f"hazard-{k}"
        hazards.append(newer_hazard(one) | {"id": name})
        if isinstance(control := one["mitigation"], dict):
            mitigations.append(newer_mitigation(control) | {"hazards": [name]})
    return hazards, mitigations


def _records(value: Json) -> list[dict[str, Json]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


_FILLED = (
    "seal",
    "sealed",
    "subject",
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
    "effects",
    "blocked",
    "changed",
    "votes",
    "quorum",
    "dissent",
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
