"""Questions: they block the vote until their asker, or the panel over the asker, is content."""

from interlock.admission.acts import Acceptance, Answer, Assessment, Closing, Question
from interlock.admission.panel import contributes, independent, latest, still_holds, undecided
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import RefusedActError


def question(state: State, said: Accepted[Question]) -> None:
    """A question blocks the vote until its answer is accepted.

    Raises:
        RefusedActError: The assessment is not the latest one, or was decided on.
    """
    on = said.act.assessment
    undecided(state, latest(state, on).identity)
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
    contributes(state, (assessed.product, assessed.system), said.person)


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


def closing(state: State, said: Accepted[Closing]) -> None:
    """A required role holds a question for answered; once all have, it is closed over its asker.

    The roles that the asker holds need not say so, but somebody must.

    Raises:
        RefusedActError: There is no such open question, the asker closes it,
            or the person may not speak for this required role.
    """
    act = said.act
    asked = state.find(act.question, Question)
    if asked is None:
        raise RefusedActError("unknown-question", "it closes no accepted question; name one")
    on: Accepted[Assessment] = latest(state, asked.act.assessment)
    need(
        asked.identity in state.open_questions(on.identity),
        "question-closed",
        "the question is closed already; leave it",
    )
    need(
        said.person != asked.person,
        "own-question",
        "whoever asked accepts an answer and closes nothing; let the others close it",
    )
    need(
        act.role in state.required and act.role in state.people[said.person].roles,
        "role-not-held",
        f"{said.person} does not hold {act.role} as a required role; speak for one of your own",
    )
    others = [each for each in state.closings.get(asked.identity, ()) if each.act.role != act.role]
    need(
        all(each.person != said.person for each in others),
        "second-role",
        "one person speaks for one role; let each role's own person close the question",
    )
    independent(state, said.person, on)
    need(
        state.qualified(said.person, act.role, said.time),
        "unqualified",
        f"{said.person} holds no current qualification for {act.role}; a chair can give one",
    )
    state.closings[asked.identity] = (*others, said)
    _overrule(state, asked, time=said.time)


def _overrule(state: State, asked: Accepted[Question], *, time: str) -> None:
    """Close a question for which every required role but its asker's has spoken."""
    asker = state.people.get(asked.person)
    needed = set(state.required) - set(asker.roles if asker else ())
    spoken = {
        each.act.role
        for each in state.closings[asked.identity]
        if still_holds(state, each, role=each.act.role, time=time)
    }
    if needed <= spoken:
        on = asked.act.assessment
        state.overruled[on] = (*state.overruled.get(on, ()), asked.identity)
        state.questions[on] = tuple(
            each for each in state.open_questions(on) if each != asked.identity
        )
