"""How a release may change: who lets it through, how long evidence lasts, what waits for it."""

from typing import Annotated

from pydantic import Field

from interlock.charter.terms import Identifier, Name
from interlock.ledger import record


@record("changes/1")
class Changes:
    """What a change of each class needs before it may ship.

    Attributes:
        recomputation: Whether a second person must derive the verdicts again
            from the rows before the panel votes.
        emergency: Roles that may let an emergency change through, together
            with one required role; empty where there is no such class.
        ratify_hours: How long an emergency change stands without the panel,
            by the log's time, from 1 to 720.
        standard_parts: Parts of a system (``decoding``, say) that may change
            without the panel while every gate passes; empty for none.
    """

    recomputation: bool = False
    emergency: tuple[Identifier, ...] = ()
    ratify_hours: Annotated[int, Field(ge=1, le=720)] = 72
    standard_parts: tuple[Name, ...] = ()


@record("feature/1")
class Feature:
    """A feature of the product that stays blocked until its campaign has been run.

    It is lifted by a passed ``coverage_min`` on the rows whose slice
    ``campaign`` names the campaign.

    Attributes:
        id: The feature, as a system's manifest and a ``feature_off`` condition name it.
        campaign: The value rows carry in ``slice.campaign``.
        metric: The metric the campaign is scored by.
        clusters: Independent clusters it needs, at least 1.
    """

    id: Identifier
    campaign: Name
    metric: Name
    clusters: Annotated[int, Field(ge=1, le=10**9)]


@record("staleness/1")
class Staleness:
    """What a change of one part of a system can touch.

    A part that no such rule names makes all evidence stale when it changes:
    to spare evidence is a decision, and it is written down.

    Attributes:
        part: The part, as `trial.Difference` names it.
        metrics: The metrics whose evidence a change of it makes stale, at least one.
    """

    part: Name
    metrics: Annotated[tuple[Name, ...], Field(min_length=1)]
