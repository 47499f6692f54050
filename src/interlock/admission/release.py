"""What opens and shuts the way: decisions, revocations, holds and their lifting."""

from interlock.admission.acts import (
    Assessment,
    Decision,
    Hold,
    Lift,
    Revocation,
    Seal,
    Verdict,
    Vote,
)
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import InvalidTimeError, RefusedActError
from interlock.ledger import posix

_DAY_SECONDS = 24 * 60 * 60


def decision(state: State, said: Accepted[Decision]) -> None:
    """The votes are counted; the outcome replaces the system's last decision.

    Raises:
        RefusedActError: The assessment was replaced, the votes are not exactly
            those that stand, or a GO lacks something it needs.
    """
    act = said.act
    assessed = state.find(act.assessment, Assessment)
    pair = (act.product, act.system)
    if assessed is None:
        raise RefusedActError("unknown-assessment", "it decides on no accepted assessment")
    need(
        pair == (assessed.act.product, assessed.act.system),
        "wrong-system",
        "the assessment is about another product or system; decide on the one it is about",
    )
    need(
        state.latest_assessment(*pair) == assessed,
        "stale-assessment",
        "the assessment was edited since; let the panel vote on the latest one",
    )
    standing = state.standing_votes(act.assessment)
    need(standing, "no-votes", "nobody has voted on the assessment; vote first")
    need(
        sorted(act.votes) == sorted(each.identity for each in standing),
        "wrong-votes",
        "a decision names every standing vote, dissent included, and no other; decide again",
    )
    need(
        act.conditions == assessed.act.conditions,
        "other-conditions",
        "the decision's conditions are not those the panel voted on; take the assessment's",
    )
    if act.outcome == "go":
        _may_go(state, said, assessed)
    state.decisions[pair] = said
    state.decided.setdefault(act.assessment, said.identity)
    state.quorums[said.identity] = state.required


def _may_go(state: State, said: Accepted[Decision], assessed: Accepted[Assessment]) -> None:
    """Refuse a GO that lacks anything."""
    act = said.act
    need(
        act.assessment not in state.decided,
        "already-decided",
        "this assessment was decided on before; a new go needs a new assessment and new votes",
    )
    need(
        assessed.index > state.loss,
        "lost",
        "entries were lost after the assessment, and votes may be among them; put it before "
        "the panel again",
    )
    need(
        not state.open_questions(act.assessment),
        "open-question",
        "a question on the assessment is open; answer it and have the answer accepted first",
    )
    need(
        not state.active_holds(act.product, act.system),
        "held",
        "a hold stops this system; lift it before deciding to go",
    )
    days = assessed.act.valid_days
    need(
        0 < _seconds(act.expires) - _seconds(said.time) <= days * _DAY_SECONDS,
        "wrong-expiry",
        f"a go ends after it begins and within the {days} days voted on; choose such a time",
    )
    retrospective = _evidence_allows(state, state.accepted[assessed.act.verdict])
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


def _seconds(time: str) -> int:
    try:
        return posix(time)
    except InvalidTimeError as error:
        raise RefusedActError("invalid-time", str(error)) from error


def _evidence_allows(state: State, judged: Accepted[Verdict]) -> bool:
    """Refuse evidence that cannot lead to GO; say whether it is retrospective."""
    verdict = judged.act
    sealed: Seal = state.accepted[verdict.seal].act
    need(
        state.failures.get((sealed.product, verdict.system), -1) <= judged.index,
        "contradicted",
        "a later verdict on the same system failed; assess that one, or gather new evidence",
    )
    need(
        all(each.outcome == "passed" for each in verdict.criteria if each.red_line),
        "red-line",
        "a red line is not shown to hold, and nobody can waive it; the system cannot be released",
    )
    need(
        verdict.outcome == "passed",
        "verdict-not-passed",
        f"the verdict is {verdict.outcome}, and only passed can go; gather more evidence or "
        "change the system",
    )
    need(
        sealed.confirmatory,
        "exploratory",
        "an exploratory seal never leads to go; seal a confirmatory hypothesis",
    )
    bases = {sealed.basis} | {state.accepted[each].act.basis for each in verdict.runs}
    if bases == {"prospective"}:
        return False
    need(
        state.adoption is not None and state.adoption.act.retrospective,
        "retrospective",
        "the evidence existed before its seal, and the charter admits none of that kind; draw "
        "it after a seal",
    )
    return True


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
        state.adoption is not None and cast.act.charter == state.adoption.act.charter,
        "wrong-charter",
        f"the charter changed after {role} voted; vote under the one in force",
    )
    person = state.people.get(cast.person)
    need(
        person is not None and person.key == cast.key and role in person.roles,
        "no-longer-enrolled",
        f"{cast.person} is no longer enrolled as {role} with the key of the vote; vote again",
    )


def revocation(state: State, said: Accepted[Revocation]) -> None:
    """A required role, of then or of now, takes a go back for good.

    Raises:
        RefusedActError: There is no such go, or the person holds no such role.
    """
    found = state.find(said.act.decision, Decision)
    if found is None or found.act.outcome != "go":
        raise RefusedActError("unknown-decision", "it revokes no accepted go; name one")
    entitled = {*state.quorums[found.identity], *state.required}
    need(
        entitled & set(state.people[said.person].roles),
        "role-not-held",
        f"{said.person} holds no required role; one who does can revoke, and others can hold",
    )
    state.revocations.setdefault(found.identity, said)


def hold(state: State, said: Accepted[Hold]) -> None:
    """Serving of a system stops.

    Raises:
        RefusedActError: It does not name the last hold on the system.
    """
    pair = (said.act.product, said.act.system)
    need(
        said.act.previous == state.previous_hold(*pair),
        "previous-mismatch",
        "the hold does not name the last one on this system; name it and hold again",
    )
    state.holds[pair] = (*state.active_holds(*pair), said)
    state.last_holds[pair] = said.identity


def lift(state: State, said: Accepted[Lift]) -> None:
    """Somebody else lifts a hold.

    Raises:
        RefusedActError: No such hold is active, or whoever set it lifts it.
    """
    found = state.find(said.act.hold, Hold)
    pair = (found.act.product, found.act.system) if found else ("", "")
    if found is None or found not in state.active_holds(*pair):
        raise RefusedActError("unknown-hold", "it lifts no hold that is active; name one")
    need(
        said.person != found.person,
        "own-hold",
        "a hold is lifted by somebody other than who set it; ask another person",
    )
    state.holds[pair] = tuple(each for each in state.active_holds(*pair) if each != found)
