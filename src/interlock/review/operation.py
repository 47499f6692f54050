"""What is done while the release is served: watching it, stopping it, telling others, keeping."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.ledger import Json, record, upcast
from interlock.review.hazards import Day


@record("monitor/2")
class Monitor:
    """What is watched after the release.

    Attributes:
        metric: What is counted.
        denominator: Out of what: answers, conversations, people a day.
        window: Over how long.
        threshold: The rule that raises an alarm.
        false_alarms: How often the rule raises one when nothing is wrong.
        pages: Who is called when it does.
        rollback: What is served instead, and how long the way back takes.
    """

    metric: str = ""
    denominator: str = ""
    window: str = ""
    threshold: str = ""
    false_alarms: str = ""
    pages: str = ""
    rollback: str = ""


@upcast("monitor/1", "monitor/2")
def newer_monitor(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version had metric, threshold and who is called."""
    return fields | {"denominator": "", "window": "", "false_alarms": "", "rollback": ""}


@record("kill-switch/1")
class KillSwitch:
    """How serving is stopped at once.

    Attributes:
        how: Who does what, and how long it takes.
        tested: The day it was last tried.
    """

    how: str = ""
    tested: Day = ""


@record("incident-level/1")
class IncidentLevel:
    """One step of the ladder of incidents.

    Attributes:
        level: Its name.
        when: What makes an incident one of this level.
        response: What is done, by whom, within which time.
    """

    level: str = ""
    when: str = ""
    response: str = ""


@record("notification-clock/1")
class NotificationClock:
    """How soon somebody outside must be told.

    Attributes:
        to: Who is told: an authority, the people affected, a customer.
        rule: The rule that demands it.
        event: What starts the clock.
        hours: Hours until it has run out.
    """

    to: str = ""
    rule: str = ""
    event: str = ""
    hours: Annotated[int, Field(ge=1, le=8784)] | None = None


@record("incident-plan/1")
class IncidentPlan:
    """What happens when harm is seen.

    Attributes:
        levels: The ladder, worst first.
        clocks: How soon authorities must be told.
        contact: Who is reached, and how, at any hour.
    """

    levels: tuple[IncidentLevel, ...] = ()
    clocks: tuple[NotificationClock, ...] = ()
    contact: str = ""


@record("retention/1")
class Retention:
    """How long the assessment and its evidence are kept, and whether a hold forbids erasing.

    Attributes:
        years: Years after the release has ended.
        reason: What asks for so long.
        legal_hold: Whether nothing may be erased until counsel lifts the hold.
        matter: What the hold is about; empty without one.
    """

    years: Annotated[int, Field(ge=0, le=100)] | None = None
    reason: str = ""
    legal_hold: bool = False
    matter: str = ""


DisclosureClass = Literal["public", "regulator", "internal", "privileged"]
"""Who may read a field. A regulator reads what is public too, we ourselves everything but what is
*privileged*, of which no copy is made: a reader has its digest only."""
