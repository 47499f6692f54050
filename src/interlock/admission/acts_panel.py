"""Acts of the panel: what is put before it, what it asks, how it votes."""

from typing import Literal

from interlock.admission.terms import Ballot, Change, Digest, MaybeDigest, Previous, added
from interlock.ledger import Json, record, upcast


@record("condition/1")
class Condition:
    """A bound on the release that a machine can check.

    Attributes:
        kind: ``max_traffic_percent`` (``limit`` is a whole number), ``tier``
            (``limit`` is the only tier allowed) or ``feature_off`` (``limit`` is a
            feature that must not be served).
        limit: The bound.
    """

    kind: Literal["max_traffic_percent", "tier", "feature_off"]
    limit: str


@record("assessment/2")
class Assessment:
    """A Safety Impact Assessment put before the panel; a later one replaces it.

    Attributes:
        document: Digest of the document's manifest, which names every salted field.
        product: The product.
        system: Digest of the candidate system.
        verdict: Statement identity of the verdict it rests on.
        conditions: The document's bounds on the release, so that a vote on it binds them.
        valid_days: The longest that a go on it may last, from 1 to 366.
        previous: Statement identity of the assessment it replaces; empty for the first.
        change: The class of the change it asks for.
        follows: For a standard change, statement identity of the panel's standing go
            on the baseline, whose bounds it stays inside; else empty.
        changed: For a standard change, the parts in which the system differs from
            the baseline, sorted; else empty.
    """

    document: Digest
    product: str
    system: Digest
    verdict: Digest
    conditions: tuple[Condition, ...]
    valid_days: int
    previous: Previous
    change: Change
    follows: MaybeDigest
    changed: tuple[str, ...]


@upcast("assessment/1", "assessment/2")
def _assessment(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version knew one class of change."""
    return added("assessment/1", fields, {"change": "normal", "follows": "", "changed": []})


@record("question/1")
class Question:
    """A panel member's question; it blocks the vote until its answer is accepted."""

    assessment: Digest
    text: str


@record("answer/1")
class Answer:
    """An answer on the record."""

    question: Digest
    text: str


@record("acceptance/1")
class Acceptance:
    """The asker accepts an answer, which closes the question."""

    question: Digest
    answer: Digest


@record("closing/1")
class Closing:
    """A required role holds that a question has been answered, whatever its asker says.

    The question is closed when every required role but the asker's has said so.

    Attributes:
        question: Statement identity of the question.
        role: The required role the person speaks for.
        reason: Why the answers suffice, or why the question is none.
    """

    question: Digest
    role: str
    reason: str


@record("vote/1")
class Vote:
    """One panel member's vote, bound to everything it was given upon.

    Attributes:
        origin: Origin of the log, so that a vote counts nowhere else.
        assessment: Statement identity of the assessment voted on.
        system: Digest of the candidate system.
        charter: Digest of the charter in force.
        role: The role the person votes in; one role a person.
        ballot: ``go``, ``no-go`` or ``abstain``; abstaining is not go.
        reasons: In the voter's own words.
        previous: Statement identity of this voter's previous vote on the
            product; empty for the first. It makes an old vote useless.
        accepts_retrospective: The voter accepts, on the record, evidence that
            existed before its seal.
    """

    origin: str
    assessment: Digest
    system: Digest
    charter: Digest
    role: str
    ballot: Ballot
    reasons: str
    previous: Previous
    accepts_retrospective: bool
