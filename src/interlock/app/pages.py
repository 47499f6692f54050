"""An assessment and its review as one page, made of what the log says as of a checkpoint."""

from collections.abc import Iterator
from typing import Any

from interlock.adapters.pages import (
    Answered,
    Asked,
    AsOf,
    ReviewPage,
    Ruling,
    Standing,
    Traced,
    review_page,
)
from interlock.admission import (
    Acceptance,
    Accepted,
    Answer,
    Assessment,
    Decision,
    Question,
    State,
    Verdict,
    Vote,
)
from interlock.app.acts import find_act, word_of
from interlock.app.workspace import Reading, Workspace
from interlock.review import CastVote, Milestones, SafetyImpactAssessment, days_in_review, steps


def assessment_page(work: Workspace, assessment_id: str) -> str:
    """An assessment, its questions, votes and decision as one HTML page.

    Raises:
        NotOnLogError: The log holds no such assessment.
    """
    now = work.current()
    return review_page(_page(work, find_act(now.state, assessment_id, Assessment), now))


def _page(work: Workspace, found: Accepted[Assessment], now: Reading) -> ReviewPage:
    state, cosigned = now.state, now.cosigned
    document: SafetyImpactAssessment = work.log.record(found.act.document)
    decision = _decision(state, found)
    times = _times(state, found, decision)
    checkpoint = cosigned.checkpoint
    standing, reason = _standing(state, found, decision, now=work.clock.now())
    return ReviewPage(
        document=document,
        author=found.person,
        assessment=found.identity,
        time=found.time,
        standing=standing,
        standing_reason=reason,
        as_of=AsOf(origin=checkpoint.origin, size=checkpoint.size, time=cosigned.time),
        required=state.required,
        votes=tuple(map(_cast, state.standing_votes(found.identity))),
        questions=tuple(_asked(state, found.identity)),
        ruling=_ruling(decision),
        steps=steps(times),
        days_in_review=days_in_review(times),
        trace=tuple(_trace(state, found, decision)),
    )


def _decision(state: State, found: Accepted[Assessment]) -> Accepted[Decision] | None:
    """The last decision on an assessment, if there is one."""
    made = [each for each in state.of(Decision) if each.act.assessment == found.identity]
    return made[-1] if made else None


def _standing(
    state: State, found: Accepted[Assessment], decision: Accepted[Decision] | None, *, now: str
) -> tuple[Standing, str]:
    """How the matter stands now, with the reason where somebody stopped it."""
    if decision is None:
        latest = state.latest_assessment(found.act.product, found.act.system)
        replaced = latest is not None and latest.identity != found.identity
        return ("superseded" if replaced else "under-review"), ""
    match state.standing(decision.identity):
        case "revoked":
            return "revoked", state.revocations[decision.identity].act.reason
        case "held":
            holds = state.active_holds(decision.act.product, decision.act.system)
            return "held", "; ".join(each.act.reason for each in holds)
        case "go":
            return ("expired" if decision.act.expires <= now else "go"), ""
        case "no-go" | "superseded" | "lost" | "contradicted" as word:
            return word, ""
        case other:
            raise ValueError(f"an accepted decision stands in no known way: {other}")


def _ruling(decision: Accepted[Decision] | None) -> Ruling | None:
    if decision is None:
        return None
    return Ruling(
        identity=decision.identity,
        outcome=decision.act.outcome,
        person=decision.person,
        time=decision.time,
        expires=decision.act.expires,
        conditions=decision.act.conditions,
    )


def _cast(vote: Accepted[Vote]) -> CastVote:
    return CastVote(
        person=vote.person,
        role=vote.act.role,
        ballot=vote.act.ballot,
        reasons=vote.act.reasons,
        time=vote.time,
        identity=vote.identity,
        accepts_retrospective=vote.act.accepts_retrospective,
    )


def _asked(state: State, assessment: str) -> Iterator[Asked]:
    for question in state.of(Question):
        if question.act.assessment != assessment:
            continue
        roles = state.people[question.person].roles if question.person in state.people else ()
        answers = [one for one in state.of(Answer) if one.act.question == question.identity]
        accepted = [one for one in state.of(Acceptance) if one.act.question == question.identity]
        yield Asked(
            person=question.person,
            role=next((role for role in roles if role in state.panel), ""),
            text=question.act.text,
            time=question.time,
            answers=tuple(
                Answered(person=one.person, text=one.act.text, time=one.time) for one in answers
            ),
            closed=accepted[0].time if accepted else "",
        )


def _times(
    state: State, found: Accepted[Assessment], decision: Accepted[Decision] | None
) -> Milestones:
    verdict: Accepted[Verdict] = state.accepted[found.act.verdict]
    asked = [one for one in state.of(Question) if one.act.assessment == found.identity]
    closed = {one.identity for one in asked}
    return Milestones(
        sealed=state.accepted[verdict.act.seal].time,
        judged=verdict.time,
        assessed=found.time,
        questioned=tuple(one.time for one in asked),
        accepted=tuple(one.time for one in state.of(Acceptance) if one.act.question in closed),
        voted=tuple(one.time for one in state.standing_votes(found.identity)),
        decided=decision.time if decision else "",
    )


def _trace(
    state: State, found: Accepted[Assessment], decision: Accepted[Decision] | None
) -> Iterator[Traced]:
    """Every identity behind the page, from the decision to the rows."""
    verdict: Accepted[Verdict] = state.accepted[found.act.verdict]
    runs = [state.accepted[each] for each in verdict.act.runs]
    acts: list[Accepted[Any]] = [decision] if decision else []
    acts += [*state.standing_votes(found.identity), found, verdict, *runs]
    acts.append(state.accepted[verdict.act.seal])
    for act in acts:
        yield Traced(
            what=word_of(act.act),
            person=act.person,
            identity=act.identity,
            index=act.index,
            time=act.time,
        )
    yield Traced(what="judgement record", person="", identity=verdict.act.judgement)
    for run in runs:
        yield Traced(what="evidence (rows)", person="", identity=run.act.evidence)
