"""The panel's work counted: who voted what, who dissents, and how long each step took."""

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.admission import Ballot
from interlock.ledger import posix

_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class CastVote:
    """One standing vote as the log holds it.

    Attributes:
        person: Who voted.
        role: The role they voted in.
        ballot: Their vote.
        reasons: In their own words.
        time: When the log took it in.
        identity: The statement's identity.
        accepts_retrospective: Whether they accept evidence older than its seal.
    """

    person: str
    role: str
    ballot: Ballot
    reasons: str
    time: str
    identity: str
    accepts_retrospective: bool = False


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the panel came to.

    Attributes:
        go: Required roles that voted go.
        missing: Required roles that have not voted go, in the order asked for.
        dissent: Votes against the outcome, advisory ones among them; for a go
            everything but go, otherwise every go.
    """

    go: tuple[str, ...]
    missing: tuple[str, ...]
    dissent: tuple[CastVote, ...]

    @property
    def unanimous(self) -> bool:
        """Whether nobody dissents."""
        return not self.dissent


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a review and the time it took.

    Attributes:
        name: What was waited for, as words.
        start: When it began.
        end: When it ended.
    """

    name: str
    start: str
    end: str

    @property
    def days(self) -> float:
        """Days between start and end, as the log stamped them."""
        return (posix(self.end) - posix(self.start)) / _DAY


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """When things happened to one assessment; empty where they have not.

    Attributes:
        sealed: The hypothesis was sealed.
        judged: The verdict came onto the log.
        assessed: The assessment was put before the panel.
        questioned: Time of every question.
        accepted: Time at which every closed question was closed.
        voted: Time of every standing vote.
        decided: The decision.
    """

    sealed: str = ""
    judged: str = ""
    assessed: str = ""
    questioned: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    voted: tuple[str, ...] = ()
    decided: str = ""


def tally(votes: Sequence[CastVote], *, required: Sequence[str]) -> Tally:
    """Count standing votes by role: a go needs go from every required role.

    An advisory vote is kept and never counted. Admission decides whether votes
    make a decision, and that one person votes once; this only says what the
    votes it accepted came to, for people to read.
    """
    said_go = {vote.role for vote in votes if vote.ballot == "go"}
    missing = tuple(role for role in required if role not in said_go)
    dissent = tuple(vote for vote in votes if (vote.ballot == "go") == bool(missing))
    return Tally(
        go=tuple(role for role in required if role in said_go),
        missing=missing,
        dissent=dissent,
    )


def steps(times: Milestones) -> tuple[Step, ...]:
    """The review's steps in order, each from the end of the one before it.

    Steps that have not ended are left out. Days in review are those from the
    assessment to the decision: `days_in_review`.
    """
    ends = (
        ("Evidence gathered and judged", times.judged),
        ("Assessment written", times.assessed),
        ("First question asked", min(times.questioned, default="")),
        ("Questions answered and accepted", max(times.accepted, default="")),
        ("Votes cast", max(times.voted, default="")),
        ("Decision recorded", times.decided),
    )
    made, start = [], times.sealed
    for name, end in ends:
        if start and end >= start:
            made.append(Step(name=name, start=start, end=end))
        if end:
            start = max(start, end)
    return tuple(made)


def days_in_review(times: Milestones) -> float | None:
    """Days from the assessment to the decision; ``None`` while it is undecided."""
    if not times.assessed or not times.decided:
        return None
    return (posix(times.decided) - posix(times.assessed)) / _DAY
