"""What a page about one review shows, as plain facts of the log."""

from dataclasses import dataclass
from typing import Literal

from interlock.admission import Change, Condition
from interlock.review import CastVote, SafetyImpactAssessment, Step


@dataclass(frozen=True, kw_only=True)
class AsOf:
    """The checkpoint a page speaks from; nothing later is known to it."""

    origin: str
    size: int
    time: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer on the record."""

    person: str
    text: str
    time: str


@dataclass(frozen=True, kw_only=True)
class ClosedBy:
    """A required role that held a question to be answered, whatever its asker says."""

    person: str
    role: str
    reason: str
    time: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question on the record, with what became of it.

    Attributes:
        person: Who asked.
        role: The role they asked in.
        text: The question, verbatim.
        time: When the log took it in.
        answers: Every answer, oldest first.
        closings: Every closing by another required role, oldest first.
        closed: When it was closed; empty while it is open.
        over_asker: Whether the quorum closed it and the asker did not.
    """

    person: str
    role: str
    text: str
    time: str
    answers: tuple[Answered, ...] = ()
    closings: tuple[ClosedBy, ...] = ()
    closed: str = ""
    over_asker: bool = False


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """A second person's derivation of the verdict from the rows."""

    person: str
    time: str
    agrees: bool
    identity: str


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The decision on the log.

    Attributes:
        identity: Its statement's identity.
        outcome: ``go`` or ``no-go``.
        person: Who recorded it.
        time: When the log took it in.
        expires: When a go ends.
        conditions: Bounds the release must be served inside.
        change: The class it was decided under.
        ratify_by: When an emergency go ends unless the panel ratifies it; else empty.
    """

    identity: str
    outcome: Literal["go", "no-go"]
    person: str
    time: str
    expires: str
    conditions: tuple[Condition, ...] = ()
    change: Change = "normal"
    ratify_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Traced:
    """One entry of the log that the page rests on, or a digest one of them names.

    Attributes:
        what: What it is, in words.
        person: Who signed it; empty where nobody signs such a thing.
        identity: Statement identity, or the digest of a record or of evidence.
        index: Place on the log; ``None`` for what a statement only names.
        time: When the log took it in; empty without an index.
    """

    what: str
    person: str
    identity: str
    index: int | None = None
    time: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Something that stopped a release, or let it go on.

    Attributes:
        what: ``hold``, ``lift``, ``revocation``, ``kill``, ``rollback``.
        person: Whose act it is.
        time: When the log took it in.
        reason: Why, verbatim.
        identity: Its statement's identity.
    """

    what: str
    person: str
    time: str
    reason: str
    identity: str


@dataclass(frozen=True, kw_only=True)
class Review:
    """What the log says of one assessment's review, as of a checkpoint.

    Attributes:
        product: The product.
        candidate: What people call the system judged.
        author: Who put the assessment before the panel.
        assessment: Its statement identity.
        time: When the log took it in.
        standing: How the matter stands: ``under-review``, ``expired``, or a
            word of `admission.State.standing`.
        standing_reason: Why it was stopped, verbatim; else empty.
        as_of: The checkpoint.
        required: Roles whose go a GO needs, in the charter's order.
        votes: Standing votes.
        questions: Every question, oldest first.
        recomputed: Every recomputation of the verdict, oldest first.
        ruling: The decision; ``None`` before there is one.
        stops: What stopped the system or let it go on, oldest first.
        steps: The review's steps and their times.
        days_in_review: Days from assessment to decision; ``None`` before one.
        trace: Every identity behind the page, from the decision to the rows.
    """

    product: str
    candidate: str
    author: str
    assessment: str
    time: str
    standing: str
    standing_reason: str = ""
    as_of: AsOf
    required: tuple[str, ...]
    votes: tuple[CastVote, ...] = ()
    questions: tuple[Asked, ...] = ()
    recomputed: tuple[Recomputed, ...] = ()
    ruling: Ruling | None = None
    stops: tuple[Stop, ...] = ()
    steps: tuple[Step, ...] = ()
    days_in_review: float | None = None
    trace: tuple[Traced, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReviewPage(Review):
    """An assessment with its review.

    Attributes:
        document: The assessment.
    """

    document: SafetyImpactAssessment
