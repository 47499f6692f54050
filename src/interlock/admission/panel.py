"""What the panel does: qualified, independent people vote on an assessment as it stands."""

from typing import Any

from interlock.admission.acts import Assessment, Qualification, Run, Seal, Verdict, Vote
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
            not replace the latest assessment, its bounds on a go are none, or
            it asks for a class of change that the charter does not have.
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
        "no machine can check a condition; a traffic cap is a whole number from 0 to 100, a tier "
        "has a name, and a feature's name has neither space nor comma",
    )
    need(
        1 <= act.valid_days <= LONGEST_GO_DAYS,
        "wrong-validity",
        f"a go on it may last from 1 to {LONGEST_GO_DAYS} days; choose a number between them",
    )
    _asks_for_a_class(state, act)
    state.assessments[pair] = said
    contributes(state, pair, said.person)


def _asks_for_a_class(state: State, act: Assessment) -> None:
    """Refuse a class of change that is not there, or that is not described as it must be."""
    changed = act.changed
    whole = bool(act.follows and changed) and list(changed) == sorted(set(changed))
    need(
        whole if act.change == "standard" else not act.follows and not changed,
        "wrong-change",
        "a standard change names the go it follows and what it changes, sorted, each part once; "
        "any other names neither",
    )
    need(
        act.change != "standard" or (state.adoption and state.adoption.act.standard_parts),
        "no-such-class",
        "the charter knows no standard changes; put it before the panel as a normal one",
    )
    need(
        act.change != "emergency" or state.emergency,
        "no-such-class",
        "the charter knows no emergency changes; put it before the panel as a normal one",
    )


def vote(state: State, said: Accepted[Vote]) -> None:
    """A panel member votes on the latest assessment, or changes their vote.

    Raises:
        RefusedActError: The vote is for another log, system, charter or an
            assessment since replaced or decided on; the person may not vote in
            this role; a question is open; nobody has derived the verdict again
            where the charter asks for it; or the change takes no votes.
    """
    act = said.act
    need(
        act.origin == state.root.origin,
        "wrong-origin",
        "the vote was given for another log; vote on this one",
    )
    assessed = latest(state, act.assessment)
    undecided(state, assessed.identity)
    need(
        assessed.act.change != "standard",
        "wrong-change",
        "a standard change takes no votes; ask a question, or hold or revoke what was let through",
    )
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
    _one_role(state, said, assessed)
    independent(state, said.person, assessed)
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
    if assessed.act.change == "normal":
        recomputed(state, assessed.act.verdict)
    others = (each for each in state.standing_votes(act.assessment) if each.person != said.person)
    state.votes[act.assessment] = (*others, said)
    state.last_votes[said.person, assessed.act.product] = said.identity


def recomputed(state: State, verdict: str) -> None:
    """Refuse to go on before a second person has derived the verdict, where the charter asks it."""
    asked = state.adoption is not None and state.adoption.act.recomputation
    need(
        not asked or state.recomputed(verdict),
        "not-recomputed",
        "no second person has derived the verdict again from the rows; run `interlock recompute`",
    )


def _one_role(state: State, said: Accepted[Vote], assessed: Accepted[Assessment]) -> None:
    """Refuse a role the person lacks, a second role, and a role that another has voted in."""
    act = said.act
    voting = {*state.panel, *(state.emergency if assessed.act.change == "emergency" else ())}
    need(
        act.role in voting and act.role in state.people[said.person].roles,
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


def independent(state: State, person: str, assessed: Accepted[Assessment]) -> None:
    """Refuse whoever asked for the release, made its evidence, or wrote its assessment."""
    involved = makers(state, state.accepted[assessed.act.verdict])
    involved |= state.contributors[assessed.act.product, assessed.act.system]
    need(
        person not in involved,
        "conflict-of-interest",
        f"{person} sealed, ran, judged, wrote or answered for this release and may not pass "
        "judgement on it; let another qualified person do so",
    )


def makers(state: State, verdict: Accepted[Verdict]) -> frozenset[str]:
    """Whoever sealed, ran or judged what a verdict says."""
    sealed: Accepted[Seal] = state.accepted[verdict.act.seal]
    runs: list[Accepted[Run]] = [state.accepted[each] for each in verdict.act.runs]
    return frozenset({verdict.person, sealed.person, *(each.person for each in runs)})


def still_holds(state: State, said: Accepted[Any], *, role: str, time: str) -> bool:
    """Whether a person still holds a role, with the key they signed with and qualified for it."""
    person = state.people.get(said.person)
    return (
        person is not None
        and person.key == said.key
        and role in person.roles
        and state.qualified(said.person, role, time)
    )


def latest(state: State, identity: str) -> Accepted[Assessment]:
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


def undecided(state: State, assessment: str) -> None:
    """Refuse what comes after the panel's decision."""
    need(
        assessment not in state.decided,
        "already-decided",
        "this assessment was decided on; who has changed their mind revokes or holds the release",
    )


def contributes(state: State, pair: tuple[str, str], person: str) -> None:
    """Remember who wrote for a release, and so does not judge it."""
    state.contributors[pair] = state.contributors.get(pair, frozenset()) | {person}
