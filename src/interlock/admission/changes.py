"""Classes of change: whose agreement a go needs, by what kind of change it lets through."""

from interlock.admission.acts import Assessment, Decision, Seal, Vote
from interlock.admission.panel import independent, recomputed, still_holds
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import RefusedActError


def normal(
    state: State, said: Accepted[Decision], assessed: Accepted[Assessment], *, retrospective: bool
) -> None:
    """Every required role has voted go, each by a person who still may.

    Raises:
        RefusedActError: A role has not, a vote no longer counts, nobody has
            derived the verdict again where the charter asks for it, or a go on
            the system was revoked since the assessment was put.
    """
    act = said.act
    before = state.emergencies.get(act.assessment)
    need(
        before is None or before.identity not in state.revocations,
        "revoked",
        "the emergency go on this assessment was taken back for good; a new go needs a new "
        "assessment and new votes",
    )
    need(
        state.objections.get((act.product, act.system), -1) < assessed.index,
        "panel-has-spoken",
        "a go on the system was taken back after this assessment was put; a new go needs a new "
        "assessment and new votes",
    )
    recomputed(state, assessed.act.verdict)
    votes = {each.act.role: each for each in state.standing_votes(act.assessment)}
    for role in state.required:
        _counts(state, role, votes.get(role))
        need(
            state.qualified(votes[role].person, role, said.time),
            "unqualified",
            f"the qualification of {votes[role].person} for {role} has ended; a chair can renew it",
        )
        need(
            not retrospective or votes[role].act.accepts_retrospective,
            "retrospective-unaccepted",
            f"{role} has not accepted evidence that existed before its seal; the vote must say so",
        )


def _counts(state: State, role: str, cast: Accepted[Vote] | None) -> None:
    """Refuse a required role without a go by somebody who still may give it.

    Votes name distinct persons, and keys in force are distinct, so whoever
    still holds the key they voted with is counted once.
    """
    if cast is None or cast.act.ballot != "go":
        raise RefusedActError(
            "missing-go", f"{role} has not voted go; every required role must, or it is a no-go"
        )
    need(
        _under_charter(state, cast),
        "wrong-charter",
        f"the charter changed after {role} voted; vote under the one in force",
    )
    person = state.people.get(cast.person)
    need(
        person is not None and person.key == cast.key and role in person.roles,
        "no-longer-enrolled",
        f"{cast.person} is no longer enrolled as {role} with the key of the vote; vote again",
    )


def _under_charter(state: State, cast: Accepted[Vote]) -> bool:
    return state.adoption is not None and cast.act.charter == state.adoption.act.charter


def emergency(state: State, said: Accepted[Decision], *, retrospective: bool) -> None:
    """One emergency role and one required role let it through; the panel has its say after.

    A vote has one person and a person one vote, so the two are different people.

    Raises:
        RefusedActError: One of the two is missing, a required role voted no-go,
            the assessment had its emergency go, the panel said no to the
            system, it has not decided since the last emergency go on the
            product, or the charter has no such class.
    """
    act = said.act
    need(
        act.assessment not in state.ratify_by,
        "already-decided",
        "this assessment had its emergency go; let the panel ratify it",
    )
    need(
        state.emergency,
        "no-such-class",
        "the charter knows no emergency changes; let the panel decide",
    )
    need(
        not _objected(state, act),
        "panel-has-spoken",
        "the system had a no-go or a go that was taken back, and no later go of the panel "
        "stands; let the panel decide",
    )
    need(
        act.product not in state.unratified,
        "unratified",
        "the panel has decided nothing on this product since its last emergency go; let the "
        "panel decide",
    )
    votes = state.standing_votes(act.assessment)
    against = [each for each in votes if each.act.role in state.required]
    need(
        all(each.act.ballot != "no-go" for each in against),
        "standing-no-go",
        "a required role has voted no-go; only that role can change its vote",
    )
    allowing = {
        each.act.role
        for each in votes
        if each.act.ballot == "go"
        and _under_charter(state, each)
        and still_holds(state, each, role=each.act.role, time=said.time)
        and (each.act.accepts_retrospective or not retrospective)
    }
    first, second = allowing & set(state.emergency), allowing & set(state.required)
    need(
        first and second and len(first | second) > 1,
        "missing-go",
        "an emergency go needs go from one emergency role and from one required role, by two "
        "people who still may give it",
    )


def _objected(state: State, act: Decision) -> bool:
    """Whether a no-go or a revocation on the system is the last word the panel left standing."""
    objection = state.objections.get((act.product, act.system))
    last = state.latest_decision(act.product, act.system)
    if objection is None or last is None:
        return False
    normal = last.act.change == "normal" and state.standing(last.identity) == "go"
    return not normal or last.index < objection


def standard(state: State, said: Accepted[Decision], assessed: Accepted[Assessment]) -> None:
    """It stays inside what was agreed beforehand and inside a standing go of the panel.

    Raises:
        RefusedActError: The system ever had a no-go or a go that was taken
            back, it changes other parts, follows no standing go of the panel
            on its baseline, has other bounds, outlasts it, is decided by
            somebody who made it, or nobody has derived its verdict again where
            the charter asks for it.
    """
    act = assessed.act
    need(
        (act.product, act.system) not in state.objections,
        "panel-has-spoken",
        "the system had a no-go or a go that was taken back; put it before the panel as a "
        "normal change",
    )
    allowed = state.adoption.act.standard_parts if state.adoption else ()
    need(
        set(act.changed) <= set(allowed),
        "outside-standard",
        "it changes a part that no standard change may touch; put it before the panel as a "
        "normal change",
    )
    follows = state.find(act.follows, Decision)
    if follows is None or follows.act.change != "normal" or follows.act.product != act.product:
        raise RefusedActError(
            "wrong-follows",
            "it follows no decision of the panel on this product; follow one, which an emergency "
            "go is only once ratified",
        )
    sealed: Seal = state.accepted[state.accepted[act.verdict].act.seal].act
    need(
        sealed.baseline == follows.act.system,
        "wrong-baseline",
        "its evidence was not held against the system it follows; seal against that one",
    )
    need(
        state.standing(follows.identity) == "go",
        "follows-fallen",
        "the go that it follows stands no more; put it before the panel as a normal change",
    )
    need(
        act.conditions == follows.act.conditions,
        "other-conditions",
        "its conditions are not those of the go it follows; take those",
    )
    need(
        said.act.expires <= follows.act.expires,
        "wrong-expiry",
        "it would outlast the go that it follows; choose an earlier end",
    )
    recomputed(state, act.verdict)
    independent(state, said.person, assessed)
