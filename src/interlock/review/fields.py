"""The fields of an assessment: what belongs to each, and who may read it by default."""

from collections.abc import Mapping
from dataclasses import dataclass

from interlock.review.draft import Draft, FieldName
from interlock.review.operation import DisclosureClass


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What belongs to one field.

    Attributes:
        disclosure: Who may read it unless the draft says otherwise.
        written: Fields of the draft.
        filled: Fields of the document that the ledger fills.
    """

    disclosure: DisclosureClass
    written: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


FIELDS: Mapping[FieldName, Parts] = {
    "identity": Parts(
        disclosure="public",
        written=(
            "id",
            "title",
            "version",
            "status",
            "supersedes",
            "product",
            "change",
            "follows",
            "valid_days",
            "reassess_when",
        ),
        filled=("changed",),
    ),
    "subject": Parts(disclosure="regulator", filled=("subject",)),
    "use": Parts(
        disclosure="public",
        written=("purpose", "users", "languages", "tiers", "excluded_uses", "misuse"),
    ),
    "regimes": Parts(disclosure="regulator", written=("regimes",)),
    "affected": Parts(disclosure="public", written=("affected",)),
    "hazards": Parts(disclosure="regulator", written=("hazards",)),
    "scores": Parts(disclosure="regulator", written=("scores",), filled=("asked_scores", "scores")),
    "seal": Parts(
        disclosure="public",
        written=("deviation_reasons",),
        filled=("sealed", "hypothesis", "deviations"),
    ),
    "evidence": Parts(
        disclosure="public",
        written=("elicitation",),
        filled=("verdict", "judgement", "judges"),
    ),
    "against": Parts(
        disclosure="public",
        written=("dropped", "unmeasured_red_lines"),
        filled=("earlier", "unmeasured"),
    ),
    "limits": Parts(disclosure="public", written=("limits",)),
    "mitigations": Parts(disclosure="regulator", written=("mitigations",), filled=("effects",)),
    "residual": Parts(disclosure="regulator", filled=("residual",)),
    "alternatives": Parts(
        disclosure="internal", written=("not_shipping", "alternatives", "benefits")
    ),
    "safety_case": Parts(disclosure="regulator", written=("safety_case",)),
    "monitoring": Parts(disclosure="regulator", written=("monitoring", "kill_switch")),
    "incidents": Parts(disclosure="regulator", written=("incidents",)),
    "conditions": Parts(disclosure="public", written=("conditions",), filled=("blocked",)),
    "interests": Parts(disclosure="internal", written=("interests", "independence")),
    "disclosure": Parts(disclosure="public", written=("disclosure",)),
    "retention": Parts(disclosure="internal", written=("retention",)),
}
"""Every field, in the order in which an assessment is read."""


def disclosure_of(draft: Draft) -> dict[FieldName, DisclosureClass]:
    """Who may read each field: as the draft says, else by default."""
    stated = {one.field: one.to for one in draft.disclosure}
    return {name: stated.get(name, parts.disclosure) for name, parts in FIELDS.items()}
