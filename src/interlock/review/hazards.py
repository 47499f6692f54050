"""Hazards, the controls against them, and who accepts what is left."""

from typing import Annotated

from pydantic import Field

from interlock.ledger import Json, record, upcast
from interlock.review.ranges import Range

Label = Annotated[str, Field(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=80)]
"""A short name by which one part of a draft refers to another; empty until it is written."""

Day = Annotated[
    str, Field(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$", max_length=10)
]
"""A calendar day such as ``2026-11-21``; empty until it is written."""


@record("risk-acceptance/2")
class RiskAcceptance:
    """What remains of a hazard is accepted by somebody, for a reason.

    Attributes:
        by: Who accepts it, as the author states; only a vote is signed by whoever gives it.
        reason: Why.
        level: The most that may remain: severity points a year at the 95th percentile. Left
            out only where no figure can be given.
        as_it_is: Whether it is accepted with no mitigation at all.
    """

    by: str = ""
    reason: str = ""
    level: Annotated[float, Field(ge=0)] | None = None
    as_it_is: bool = False


@record("hazard/2")
class Hazard:
    """One way the product can do harm.

    Attributes:
        id: Short name, by which mitigations refer to it.
        category: Id of the charter's harm category.
        scenario: What happens, and to whom.
        actor: By whose hand: a user, a stranger's text, the product itself.
        severity: Level on the category's scale in the charter.
        exposure: Occasions a year on which the scenario could begin.
        detectability: How soon it would be noticed, and by what.
        metric: The metric that measures it, from which the residual bound is
            filled; empty where no evidence speaks to it.
        acceptance: Who accepts what remains, up to which level.
    """

    id: Label = ""
    category: str
    scenario: str = ""
    actor: str = ""
    severity: int | None = None
    exposure: Range | None = None
    detectability: str = ""
    metric: str = ""
    acceptance: RiskAcceptance | None = None


@record("mitigation/2")
class Mitigation:
    """A control against hazards.

    Attributes:
        control: What is done.
        hazards: Ids of the hazards it works against.
        measured_by: Label of the criterion that shows its effect in the sealed evidence; empty
            where none does. What the evidence measured is in the bound already, and is not
            taken off again.
        effect: The share of the harm still left that it stops beyond what was measured, in
            [0, 1]; left out where it stops nothing that anyone can put a figure on.
        grounds: What the effect rests on.
        owner: Who keeps it working.
        fails_when: How it fails, and what is seen then.
        verified: The day it was last seen to work.
    """

    control: str = ""
    hazards: tuple[Label, ...] = ()
    measured_by: str = ""
    effect: Range | None = None
    grounds: str = ""
    owner: str = ""
    fails_when: str = ""
    verified: Day = ""


@upcast("risk-acceptance/1", "risk-acceptance/2")
def newer_acceptance(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version stood only where there was no mitigation."""
    return fields | {"level": None, "as_it_is": True}


@upcast("mitigation/1", "mitigation/2")
def newer_mitigation(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version stood inside of its hazard and claimed no effect."""
    return fields | {
        "hazards": [],
        "measured_by": "",
        "effect": None,
        "grounds": "",
        "verified": "",
    }


@upcast("hazard/1", "hazard/2")
def newer_hazard(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version held its mitigation, which now stands beside it."""
    kept = {key: value for key, value in fields.items() if key != "mitigation"}
    accepted = fields["acceptance"]
    return kept | {
        "id": "",
        "actor": "",
        "exposure": None,
        "detectability": "",
        "acceptance": newer_acceptance(accepted) if isinstance(accepted, dict) else None,
    }
