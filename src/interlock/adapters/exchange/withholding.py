"""An assessment cut to what one kind of reader may see, before any form is made of it."""

from collections.abc import Iterable
from dataclasses import MISSING, fields, replace
from typing import Any

from interlock.review import (
    FIELDS,
    READS,
    AssessedSubject,
    Draft,
    FieldName,
    Reader,
    SafetyImpactAssessment,
    disclosure_of,
)

_ON_THE_LOG = {"product", "change", "follows", "valid_days", "verdict", "sealed", "changed"}
"""What the log itself says of a release: whoever has the bundle reads it there."""


def hidden_from(reader: Reader, document: SafetyImpactAssessment) -> tuple[FieldName, ...]:
    """The fields that a reader may not see, in the order of `FIELDS`."""
    classes = disclosure_of(document.draft)
    return tuple(name for name in FIELDS if classes[name] not in READS[reader])


def withhold(
    document: SafetyImpactAssessment, names: Iterable[FieldName]
) -> SafetyImpactAssessment:
    """The assessment without some of its fields: whatever is made of it cannot tell what they said.

    Evidence is told in the words of the bar, and goes with it.
    """
    gone = set(names)
    if "seal" in gone:
        gone.add("evidence")
    written = {part for name in gone for part in FIELDS[name].written} - _ON_THE_LOG
    filled = {part for name in gone for part in FIELDS[name].filled} - _ON_THE_LOG
    blank = _defaults(Draft) | {"id": ""}
    draft = replace(document.draft, **{part: blank[part] for part in written})
    empty = _emptied(document)
    return replace(document, draft=draft, **{part: empty[part] for part in filled})


def _emptied(document: SafetyImpactAssessment) -> dict[str, Any]:
    """What stands where something filled is withheld."""
    system = document.subject.system
    return _defaults(SafetyImpactAssessment) | {
        "subject": AssessedSubject(
            system=system, name=system[:12], model="", parts=(), features=()
        ),
        "hypothesis": replace(document.hypothesis, name=document.sealed.hypothesis[:12]),
        "judgement": replace(document.judgement, verdicts=(), slices=(), unjudged=()),
        "earlier": (),
        "residual": (),
        "unmeasured": (),
    }


def _defaults(kind: type[Any]) -> dict[str, Any]:
    return {one.name: one.default for one in fields(kind) if one.default is not MISSING}
