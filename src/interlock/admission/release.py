"""What opens the way: a decision, held to everything that a go of any class needs."""

from interlock.admission import changes
from interlock.admission.acts import Assessment, Change, Decision, Seal, Verdict
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State
from interlock.errors import InvalidTimeError, RefusedActError
from interlock.ledger import posix

_DAY_SECONDS = 24 * 60 * 60
_HOUR_SECONDS = 60 * 60
_CLASSES: dict[Change, set[Change]] = {
    "normal": {"normal"},
    "emergency": {"emergency", "normal"},
    "standard": {"standard"},
}
"""Under which classes an assessment that asks for one may be decided: the panel has the last
word on an emergency."""


def decision(state: State, said: Accepted[Decision]) -> None:
    """The votes are counted; the outcome replaces the system's last decision.

    An emergency go leaves the assessment before the panel, which ratifies or
    ends it by a normal decision while there is time.

    Raises:
        RefusedActError: The assessment was replaced, asks for another class of
            change, the votes are not exactly those that stand or say the
            opposite, the time to ratify is over, or a GO lacks something it needs.
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
    need(
        act.change in _CLASSES[assessed.act.change]
        and (act.outcome == "go" or act.change == "normal"),
        "wrong-change",
        "the assessment asks for another class of change, or a no-go is not put as a normal "
        "decision; decide it as what it is",
    )
    _counted(state, act, assessed.act)
    deadline = state.ratify_by.get(act.assessment)
    need(
        act.change != "normal" or deadline is None or _seconds(said.time) <= deadline,
        "ratification-late",
        "the time to ratify the emergency go is over and it has ended; put a new assessment "
        "before the panel",
    )
    if act.outcome == "go":
        _may_go(state, said, assessed)
    else:
        _not_against_all(state, act)
    state.decisions[pair] = said
    state.quorums[said.identity] = state.required
    if act.change == "emergency":
        state.emergencies[act.assessment] = said
        state.unratified[act.product] = said.identity
        state.ratify_by[act.assessment] = _seconds(said.time) + _ratify_seconds(state)
    else:
        state.decided.setdefault(act.assessment, said.identity)
    if act.change == "normal":
        state.unratified.pop(act.product, None)
    if act.outcome == "no-go":
        state.objections[pair] = said.index


def _counted(state: State, act: Decision, assessed: Assessment) -> None:
    """Refuse other votes than those that stand, and other conditions than those voted on."""
    standing = state.standing_votes(act.assessment)
    need(
        standing or act.change == "standard",
        "no-votes",
        "nobody has voted on the assessment; vote first",
    )
    need(
        sorted(act.votes) == sorted(each.identity for each in standing),
        "wrong-votes",
        "a decision names every standing vote, dissent included, and no other; decide again",
    )
    need(
        act.conditions == assessed.conditions,
        "other-conditions",
        "the decision's conditions are not those the panel voted on; take the assessment's",
    )


def _not_against_all(state: State, act: Decision) -> None:
    """Refuse a no-go where every required role has voted go: one person does not overrule them."""
    votes = state.standing_votes(act.assessment)
    need(
        not {each.act.role for each in votes if each.act.ballot == "go"}.issuperset(state.required),
        "votes-say-go",
        "every required role has voted go, and a decision says what the votes say; decide go, or "
        "hold or revoke, which one role can do alone",
    )


def _may_go(state: State, said: Accepted[Decision], assessed: Accepted[Assessment]) -> None:
    """Refuse a GO that lacks anything."""
    act = said.act
    need(
        act.assessment not in state.decided,
        "already-decided",
        "this assessment was decided on before; a new go needs a new assessment and new votes",
    )
    _unhindered(state, act, assessed)
    days = assessed.act.valid_days
    lasts = _seconds(act.expires) - _seconds(said.time)
    need(
        0 < lasts <= days * _DAY_SECONDS,
        "wrong-expiry",
        f"a go ends after it begins and within the {days} days voted on; choose such a time",
    )
    judged: Accepted[Verdict] = state.accepted[assessed.act.verdict]
    retrospective = _evidence_allows(state, judged)
    _fresh(state, judged.act, act.expires)
    if act.change == "standard":
        need(
            not retrospective,
            "retrospective",
            "the evidence of a standard change is drawn after its seal; put this one before the "
            "panel as a normal change",
        )
        changes.standard(state, said, assessed)
    elif act.change == "emergency":
        need(
            lasts <= _ratify_seconds(state),
            "wrong-expiry",
            "an emergency go ends when the time to ratify it does; choose such a time",
        )
        changes.emergency(state, said, retrospective=retrospective)
    else:
        changes.normal(state, said, assessed, retrospective=retrospective)


def _unhindered(state: State, act: Decision, assessed: Accepted[Assessment]) -> None:
    """Refuse while anything stands in the way of the system or of its assessment."""
    pair = (act.product, act.system)
    need(
        assessed.index > state.loss,
        "lost",
        "entries were lost after the assessment, and votes may be among them; put it before "
        "the panel again",
    )
    need(
        pair not in state.kills,
        "killed",
        "the system was stopped for good; only another system can go",
    )
    left = state.rollbacks.get(pair)
    need(
        left is None or left.index < assessed.index,
        "rolled-back",
        "the product was rolled back from this system since; put a new assessment before the panel",
    )
    need(
        not state.open_questions(act.assessment),
        "open-question",
        "a question on the assessment is open; answer it and have the answer accepted first",
    )
    need(
        not state.active_holds(*pair),
        "held",
        "a hold stops this system; lift it before deciding to go",
    )


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
        not state.disputed(judged.identity),
        "disputed",
        "deriving the verdict again gave something else; seal again and gather new evidence",
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


def _fresh(state: State, verdict: Verdict, expires: str) -> None:
    """Refuse a go that outlasts its evidence, whose age counts from when it was first recorded."""
    days = state.adoption.act.evidence_days if state.adoption else 0
    oldest = min(state.recorded[state.accepted[each].act.evidence] for each in verdict.runs)
    need(
        days == 0 or _seconds(expires) <= _seconds(oldest) + days * _DAY_SECONDS,
        "evidence-too-old",
        f"the go would outlast its evidence, which bears {days} days from {oldest}; let it end "
        "sooner, or gather new evidence",
    )


def _ratify_seconds(state: State) -> int:
    return state.adoption.act.ratify_hours * _HOUR_SECONDS if state.adoption else 0


def _seconds(time: str) -> int:
    try:
        return posix(time)
    except InvalidTimeError as error:
        raise RefusedActError("invalid-time", str(error)) from error
