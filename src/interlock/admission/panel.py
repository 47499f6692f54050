"""What the panel does: qualified people question an assessment, and vote on it as it stands."""

from interlock.admission.acts import (
    Acceptance,
    Answer,
    Assessment,
    Qualification,
    Question,
    Run,
    Seal,
    Verdict,
    Vote,
)
from interlock.admission.conditions import readable
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import RefusedActError

LONGEST_GO_DAYS = 366


def qualification(state: State, said: Accepted[Qualification]) -> None:
    """A chair qualifies a person for a role, or takes that back.

    Raises:
        RefusedActError: The chair is the person, or the predecessor is another.
    """
    act = said.act
    need(
        act.person != said.person,
        "own-qualification",
        "nobody qualifies themselves; ask another chair",
    )
    need(
        act.previous == state.previous_qualification(act.person, act.role),
        "previous-mismatch",
        "the qualification does not replace the person's last one for the role; name that one",
    )
    state.qualifications[act.person, act.role] = said


def assessment(state: State, said: Accepted[Assessment]) -> None:
    """An assessment comes before the panel and voids every vote on the one it replaces.

    Raises:
        RefusedActError: Its verdict is unknown or about something else, it does
            not replace the latest assessment, or its bounds on a go are none.
    """
    act = said.act
    verdict = state.find(act.verdict, Verdict)
    sealed = state.find(verdict.act.seal, Seal) if verdict else None
    if verdict is None or sealed is None:
        raise RefusedActError("unknown-verdict", "it names no accepted verdict; decide first")
    need(
        (act.product, act.system) == (sealed.act.product, verdict.act.system),
        "wrong-system",
        "its verdict is about another product or system; name the verdict of this one",
    )
    pair = (act.product, act.system)
    latest = state.latest_assessment(*pair)
    need(
        act.previous == (latest.identity if latest else ""),
        "previous-mismatch",
        "it does not replace the latest assessment of this system; name that one",
    )
    need(
        all(map(readable, act.conditions)),
        "unreadable-condition",
        "no machine can check a condition; a traffic cap is a whole number from 0 to 100, and a "
        "tier has a name",
    )
    need(
        1 <= act.valid_days <= LONGEST_GO_DAYS,
        "wrong-validity",
        f"a go on it may last from 1 to {LONGEST_GO_DAYS} days; choose a number between them",
    )
    state.assessments[pair] = said
    _contributes(state, pair, said.person)


def question(state: State, said: Accepted[Question]) -> None:
    """A question blocks the vote until its answer is accepted.

    Raises:
        RefusedActError: The assessment is not the latest one, or was decided on.
    """
    on = said.act.assessment
    _undecided(state, _latest(state, on).identity)
    state.questions[on] = (*state.open_questions(on), said.identity)


def answer(state: State, said: Accepted[Answer]) -> None:
    """A question is answered, by somebody other than who asked or voted.

    Raises:
        RefusedActError: There is no such question, the asker answers, or the
            answer comes from one who has voted on the assessment.
    """
    asked = state.find(said.act.question, Question)
    if asked is None:
        raise RefusedActError("unknown-question", "it answers no accepted question; name one")
    need(
        said.person != asked.person,
        "own-answer",
        "whoever asks does not answer; let somebody else answer",
    )
    on = asked.act.assessment
    need(
        said.person not in {vote.person for vote in state.standing_votes(on)},
        "conflict-of-interest",
        "whoever has voted on an assessment does not answer for it; let somebody else answer",
    )
    assessed = state.accepted[on].act
    _contributes(state, (assessed.product, assessed.system), said.person)


def acceptance(state: State, said: Accepted[Acceptance]) -> None:
    """The asker accepts an answer, which closes the question.

    Raises:
        RefusedActError: There is no such question, somebody else accepts, or
            the answer is to another question.
    """
    asked = state.find(said.act.question, Question)
    if asked is None:
        raise RefusedActError("unknown-question", "it accepts for no question; name one")
    need(
        said.person == asked.person,
        "not-the-asker",
        "only whoever asked can accept an answer; ask them",
    )
    given = state.find(said.act.answer, Answer)
    need(
        given is not None and given.act.question == asked.identity,
        "wrong-answer",
        "the answer is to no such question; name an answer to this one",
    )
    on = asked.act.assessment
    state.questions[on] = tuple(each for each in state.open_questions(on) if each != asked.identity)


def vote(state: State, said: Accepted[Vote]) -> None:
    """A panel member votes on the latest assessment, or changes their vote.

    Raises:
        RefusedActError: The vote is for another log, system, charter or an
            assessment since replaced or decided on; the person may not vote in this role; or
            a question is open.
    """
    act = said.act
    need(
        act.origin == state.root.origin,
        "wrong-origin",
        "the vote was given for another log; vote on this one",
    )
    assessed = _latest(state, act.assessment)
    _undecided(state, assessed.identity)
    need(
        act.system == assessed.act.system,
        "wrong-system",
        "the vote names another system than its assessment; vote again",
    )
    need(
        state.adoption is not None and act.charter == state.adoption.act.charter,
        "wrong-charter",
        "the vote names another charter than the one in force; vote under that one",
    )
    need(
        act.previous == state.previous_vote(said.person, assessed.act.product),
        "previous-mismatch",
        "the vote does not name this person's previous vote on the product; vote again",
    )
    _one_role(state, said)
    _independent(state, said.person, assessed)
    need(
        state.qualified(said.person, act.role, said.time),
        "unqualified",
        f"{said.person} holds no current qualification for {act.role}; a chair can give one",
    )
    need(
        not state.open_questions(act.assessment),
        "open-question",
        "a question on the assessment is open; answer it and have the answer accepted first",
    )
    others = (each for each in state.standing_votes(act.assessment) if each.person != said.person)
    state.votes[act.assessment] = (*others, said)
    state.last_votes[said.person, assessed.act.product] = said.identity


def _one_role(state: State, said: Accepted[Vote]) -> None:
    """Refuse a role the person lacks, a second role, and a role that another has voted in."""
    act = said.act
    need(
        act.role in state.panel and act.role in state.people[said.person].roles,
        "role-not-held",
        f"{said.person} is not enrolled as {act.role} on the panel; vote in a role of your own",
    )
    for each in state.standing_votes(act.assessment):
        need(
            (each.person == said.person) == (each.act.role == act.role),
            "second-role" if each.person == said.person else "role-taken",
            "one person votes in one role, and one role has one vote; let each role's own "
            "person vote",
        )


def _independent(state: State, person: str, assessed: Accepted[Assessment]) -> None:
    """Refuse whoever asked for the release, made its evidence, or wrote its assessment."""
    verdict = state.accepted[assessed.act.verdict]
    sealed: Accepted[Seal] = state.accepted[verdict.act.seal]
    runs: list[Accepted[Run]] = [state.accepted[each] for each in verdict.act.runs]
    involved = {each.person for each in (verdict, sealed, *runs)}
    involved |= state.contributors[assessed.act.product, assessed.act.system]
    need(
        person not in involved,
        "conflict-of-interest",
        f"{person} sealed, ran, judged, wrote or answered for this release and may not vote on "
        "it; let another qualified person vote",
    )


def _latest(state: State, identity: str) -> Accepted[Assessment]:
    """The assessment of this identity, if none has replaced it."""
    found = state.find(identity, Assessment)
    if found is None:
        raise RefusedActError("unknown-assessment", "it names no accepted assessment; name one")
    latest = state.latest_assessment(found.act.product, found.act.system)
    need(
        latest == found,
        "stale-assessment",
        "the assessment was edited since; read the latest one and act on that",
    )
    return found


def _undecided(state: State, assessment: str) -> None:
    need(
        assessment not in state.decided,
        "already-decided",
        "this assessment was decided on; who has changed their mind revokes or holds the release",
    )


def _contributes(state: State, pair: tuple[str, str], person: str) -> None:
    state.contributors[pair] = state.contributors.get(pair, frozenset()) | {person}
