"""The review: questions, votes and the decision they come to."""

from dataclasses import dataclass

from interlock.admission import (
    Acceptance,
    Accepted,
    Answer,
    Assessment,
    Ballot,
    Change,
    Closing,
    Decision,
    Question,
    Run,
    State,
    Verdict,
    Vote,
)
from interlock.app.acts import find_act
from interlock.app.ageing import DAY_SECONDS, bears_until, recorded_since
from interlock.app.assessments import check_assessed
from interlock.app.workspace import Appended, Workspace
from interlock.ledger import Signer, posix, utc

HOUR_SECONDS = 60 * 60


def ask(work: Workspace, assessment_id: str, text: str, *, signer: Signer) -> Appended:
    """Ask on the record; nobody votes until the answer is accepted."""
    found = find_act(work.state(), assessment_id, Assessment)
    return work.append(Question(assessment=found.identity, text=text), signer)


def answer(work: Workspace, question_id: str, text: str, *, signer: Signer) -> Appended:
    """Answer on the record."""
    found = find_act(work.state(), question_id, Question)
    return work.append(Answer(question=found.identity, text=text), signer)


def close_question(
    work: Workspace, question_id: str, reason: str, *, role: str, signer: Signer
) -> Appended:
    """Hold a question for answered in a required role, whatever its asker says.

    It is closed once every required role but the asker's has said so; the
    asker's dissent stays on the record.

    Raises:
        RefusedActError: The question is not open, is the signer's own, or the
            signer may not speak for the role.
    """
    found = find_act(work.state(), question_id, Question)
    return work.append(Closing(question=found.identity, role=role, reason=reason), signer)


def accept(work: Workspace, answer_id: str, *, signer: Signer) -> Appended:
    """Accept an answer to one's own question, which closes it."""
    found = find_act(work.state(), answer_id, Answer)
    act = Acceptance(question=found.act.question, answer=found.identity)
    return work.append(act, signer)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """What a panel member says when voting.

    Attributes:
        person: Who votes.
        role: In which role.
        ballot: ``go``, ``no-go`` or ``abstain``.
        reasons: In their own words.
        accepts_retrospective: Whether evidence older than its seal is accepted.
    """

    person: str
    role: str
    ballot: Ballot
    reasons: str
    accepts_retrospective: bool = False


def cast_vote(work: Workspace, assessment_id: str, cast: Cast, *, signer: Signer) -> Appended:
    """Vote on an assessment as it stands, or change one's vote.

    Raises:
        RefusedActError: The person may not vote in this role, a question is
            open, or the assessment was edited since.
        UntrueAssessmentError, UntrueVerdictError, UntrueSealError, UntrueChangeError:
            What it rests on is not what its records say.
        UnfinishedAssessmentError: The assessment was signed unfinished.
    """
    state = work.state()
    found = find_act(state, assessment_id, Assessment)
    check_assessed(work, state, found)
    act = Vote(
        origin=work.root.origin,
        assessment=found.identity,
        system=found.act.system,
        charter=state.adoption.act.charter if state.adoption else "",
        role=cast.role,
        ballot=cast.ballot,
        reasons=cast.reasons,
        previous=state.previous_vote(cast.person, found.act.product),
        accepts_retrospective=cast.accepts_retrospective,
    )
    return work.append(act, signer)


def close_review(
    work: Workspace, assessment_id: str, *, signer: Signer, change: Change | None = None
) -> Appended:
    """Count the votes and record the decision, with the assessment's conditions and expiry.

    A normal decision is a go only if every required role voted go; otherwise it
    is a no-go. An emergency or standard one is a go or is refused.

    Args:
        work: The workspace.
        assessment_id: The assessment.
        signer: Who decides.
        change: Under which class of change; by default as a standard one if the
            assessment asks for that, else as a normal one.

    Raises:
        RefusedActError: Nobody voted, or a go lacks something else it needs.
        UntrueAssessmentError, UntrueVerdictError, UntrueSealError, UntrueChangeError:
            It would be a go, and what it rests on is not what its records say.
        UnfinishedAssessmentError: It would be a go, and the assessment was signed unfinished.
    """
    state = work.state()
    found = find_act(state, assessment_id, Assessment)
    if change is None:
        change = "standard" if found.act.change == "standard" else "normal"
    votes = state.standing_votes(found.identity)
    said_go = {each.act.role for each in votes if each.act.ballot == "go"}
    agreed = bool(state.required) and said_go.issuperset(state.required)
    if agreed or change != "normal":
        check_assessed(work, state, found)
    act = Decision(
        assessment=found.identity,
        product=found.act.product,
        system=found.act.system,
        outcome="go" if agreed or change != "normal" else "no-go",
        votes=tuple(sorted(each.identity for each in votes)),
        conditions=found.act.conditions,
        expires=_expiry(state, found, change, now=_no_later(work)),
        change=change,
    )
    return work.append(act, signer)


def _no_later(work: Workspace) -> str:
    """A time for now that no act to come is older than, whose clock ever the log goes by."""
    return min(work.current().cosigned.time, work.clock.now())


def _expiry(state: State, assessed: Accepted[Assessment], change: Change, *, now: str) -> str:
    """The last moment that every rule allows; where that is over, the rule itself says so."""
    whole = posix(now) + assessed.act.valid_days * DAY_SECONDS
    ends = [whole]
    terms = state.adoption.act if state.adoption else None
    if terms is not None and terms.evidence_days:
        verdict = find_act(state, assessed.act.verdict, Verdict)
        runs = (find_act(state, each, Run).act for each in verdict.act.runs)
        ends.append(posix(bears_until(recorded_since(state, runs), terms.evidence_days)))
    if terms is not None and change == "emergency":
        ends.append(posix(now) + terms.ratify_hours * HOUR_SECONDS)
    follows = state.find(assessed.act.follows, Decision)
    if follows is not None:
        ends.append(posix(follows.act.expires))
    return utc(min(ends) if min(ends) > posix(now) else whole)
