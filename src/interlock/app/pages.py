"""An assessment and its review as one page, made of what the log says as of a checkpoint."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from interlock.adapters.assessment_paper import assessment_paper
from interlock.adapters.html import html
from interlock.adapters.markdown import markdown
from interlock.adapters.pages import (
    Answered,
    Asked,
    AsOf,
    ClosedBy,
    Recomputed,
    Review,
    ReviewPage,
    Ruling,
    Stop,
    Traced,
)
from interlock.adapters.paper import Paper
from interlock.adapters.pdf import pdf
from interlock.admission import (
    Acceptance,
    Accepted,
    Answer,
    Assessment,
    Closing,
    Decision,
    Hold,
    Kill,
    Lift,
    Question,
    Recomputation,
    Revocation,
    Rollback,
    State,
    Verdict,
    Vote,
)
from interlock.app.acts import find_act, word_of
from interlock.app.assessments import document_of
from interlock.app.naming import Threads
from interlock.app.workspace import Reading, Workspace
from interlock.ledger import utc
from interlock.review import (
    READS,
    CastVote,
    FieldName,
    Milestones,
    Reader,
    SafetyImpactAssessment,
    days_in_review,
    disclosure_of,
    steps,
)

PageFormat = Literal["html", "md", "pdf"]

_RENDERERS: dict[PageFormat, Callable[[Paper], bytes]] = {
    "html": lambda paper: html(paper).encode(),
    "md": lambda paper: markdown(paper).encode(),
    "pdf": pdf,
}


def assessment_page(
    work: Workspace,
    assessment_id: str,
    *,
    form: PageFormat = "html",
    reader: Reader | None = None,
) -> bytes:
    """An assessment, its questions, votes and decision as one page.

    Args:
        work: The workspace.
        assessment_id: The assessment.
        form: HTML, Markdown or PDF; all three say the same.
        reader: Who will read it; what they may not read is withheld. By default
            nothing is.

    Raises:
        NotOnLogError: The log holds no such assessment.
        RecordMissingError, AlteredCopyError: Its document is not stored here as
            it was signed.
    """
    now = work.current()
    found = find_act(now.state, assessment_id, Assessment)
    seen = Sight(now, Threads(now.state), work.clock.now())
    document = document_of(work, found)
    review = review_of(seen, found, candidate=document.sealed.candidate_name)
    page = ReviewPage(document=document, **vars(review))
    return _RENDERERS[form](assessment_paper(page, withheld=withheld_from(document, reader)))


def withheld_from(document: SafetyImpactAssessment, reader: Reader | None) -> dict[FieldName, str]:
    """The fields that a reader may not see, each with the class that keeps it from them."""
    if reader is None:
        return {}
    classes = disclosure_of(document.draft)
    return {name: kept for name, kept in classes.items() if kept not in READS[reader]}


@dataclass(frozen=True)
class Sight:
    """What is seen of a log at one moment.

    Attributes:
        reading: The log.
        threads: Who names whom on it.
        time: The reader's clock, by which a go ends.
    """

    reading: Reading
    threads: Threads
    time: str

    @property
    def state(self) -> State:
        """What the log amounts to."""
        return self.reading.state

    @property
    def as_of(self) -> AsOf:
        """The checkpoint that every page speaks from."""
        checkpoint = self.reading.cosigned.checkpoint
        return AsOf(origin=checkpoint.origin, size=checkpoint.size, time=self.reading.cosigned.time)


def review_of(
    seen: Sight,
    found: Accepted[Assessment],
    *,
    candidate: str,
    decision: Accepted[Decision] | None = None,
) -> Review:
    """What the log says of one review.

    Args:
        seen: The log.
        found: The assessment.
        candidate: What people call the system judged.
        decision: The decision to tell of; by default the last one.
    """
    state = seen.state
    decision = decision or decision_on(seen, found)
    asked = tuple(_asked(seen, found.identity))
    times = _times(state, found, decision=decision, asked=asked)
    standing, reason = standing_of(seen, found, decision)
    return Review(
        product=found.act.product,
        candidate=candidate,
        author=found.person,
        assessment=found.identity,
        time=found.time,
        standing=standing,
        standing_reason=reason,
        as_of=seen.as_of,
        required=_required(state, decision),
        votes=tuple(map(_cast, state.standing_votes(found.identity))),
        questions=asked,
        recomputed=tuple(_recomputed(seen, found.act.verdict)),
        ruling=_ruling(state, decision),
        stops=tuple(_stops(seen, found)),
        steps=steps(times),
        days_in_review=days_in_review(times),
        trace=tuple(_trace(seen, found, decision)),
    )


def decision_on(seen: Sight, found: Accepted[Assessment]) -> Accepted[Decision] | None:
    """The last decision on an assessment, if there is one."""
    made = seen.threads.naming(found.identity, Decision)
    return made[-1] if made else None


def standing_of(
    seen: Sight, found: Accepted[Assessment], decision: Accepted[Decision] | None
) -> tuple[str, str]:
    """How the matter stands now, with the reason where somebody stopped it."""
    state, pair = seen.state, (found.act.product, found.act.system)
    if decision is None:
        latest = state.latest_assessment(*pair)
        replaced = latest is not None and latest.identity != found.identity
        return ("superseded" if replaced else "under-review"), ""
    word = state.standing(decision.identity)
    if word == "go" and decision.act.expires <= seen.time:
        return "expired", ""
    stopped: dict[str, Callable[[], tuple[Accepted[Any], ...]]] = {
        "revoked": lambda: (state.revocations[decision.identity],),
        "killed": lambda: (state.kills[pair],),
        "rolled-back": lambda: (state.rollbacks[pair],),
        "held": lambda: state.active_holds(*pair),
    }
    by = stopped[word]() if word in stopped else ()
    return word, "; ".join(each.act.reason for each in by)


def _required(state: State, decision: Accepted[Decision] | None) -> tuple[str, ...]:
    """The roles whose go was needed when it was decided, or is needed now."""
    return state.quorums[decision.identity] if decision else state.required


def _ruling(state: State, decision: Accepted[Decision] | None) -> Ruling | None:
    if decision is None:
        return None
    act = decision.act
    by = state.ratify_by.get(act.assessment) if act.change == "emergency" else None
    return Ruling(
        identity=decision.identity,
        outcome=act.outcome,
        person=decision.person,
        time=decision.time,
        expires=act.expires,
        conditions=act.conditions,
        change=act.change,
        ratify_by=utc(by) if by is not None else "",
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


def _asked(seen: Sight, assessment: str) -> Iterator[Asked]:
    still_open = seen.state.open_questions(assessment)
    for question in seen.threads.naming(assessment, Question):
        about = question.identity
        answers = seen.threads.naming(about, Answer)
        accepted = seen.threads.naming(about, Acceptance)
        closings = seen.threads.naming(about, Closing)
        over_asker = about not in still_open and not accepted
        ends = accepted[:1] or (closings[-1:] if over_asker else ())
        yield Asked(
            person=question.person,
            role=_role_of(seen.state, question.person),
            text=question.act.text,
            time=question.time,
            answers=tuple(
                Answered(person=one.person, text=one.act.text, time=one.time) for one in answers
            ),
            closings=tuple(map(_closed_by, closings)),
            closed="".join(one.time for one in ends),
            over_asker=over_asker,
        )


def _role_of(state: State, person: str) -> str:
    """The role in which a person sits on the panel, as far as the keyring in force says."""
    roles = state.people[person].roles if person in state.people else ()
    return next((role for role in roles if role in state.panel), "")


def _closed_by(one: Accepted[Closing]) -> ClosedBy:
    return ClosedBy(person=one.person, role=one.act.role, reason=one.act.reason, time=one.time)


def _recomputed(seen: Sight, verdict: str) -> Iterator[Recomputed]:
    expected = seen.state.accepted[verdict].act.judgement
    for one in seen.threads.naming(verdict, Recomputation):
        agrees = one.act.judgement == expected
        yield Recomputed(person=one.person, time=one.time, agrees=agrees, identity=one.identity)


def _stops(seen: Sight, found: Accepted[Assessment]) -> Iterator[Stop]:
    """Every act that stopped the system since it was assessed, or let it go on."""
    acts = [
        one
        for one in stops_of(seen, found.act.system)
        if getattr(one.act, "product", found.act.product) == found.act.product
    ]
    for decision in seen.threads.naming(found.identity, Decision):
        acts += seen.threads.naming(decision.identity, Revocation)
    for one in sorted(acts, key=lambda each: each.index):
        if one.index > found.index:
            yield Stop(
                what=word_of(one.act),
                person=one.person,
                time=one.time,
                reason=one.act.reason,
                identity=one.identity,
            )


def stops_of(seen: Sight, system: str) -> list[Accepted[Any]]:
    """Every hold, kill and rollback of a system, and every lift, in the log's order."""
    holds = seen.threads.naming(system, Hold)
    found: list[Accepted[Any]] = [
        *holds,
        *(lift for one in holds for lift in seen.threads.naming(one.identity, Lift)),
        *seen.threads.naming(system, Kill),
        *seen.threads.naming(system, Rollback),
    ]
    return sorted(found, key=lambda one: one.index)


def _times(
    state: State,
    found: Accepted[Assessment],
    *,
    decision: Accepted[Decision] | None,
    asked: tuple[Asked, ...],
) -> Milestones:
    verdict: Accepted[Verdict] = state.accepted[found.act.verdict]
    return Milestones(
        sealed=state.accepted[verdict.act.seal].time,
        judged=verdict.time,
        assessed=found.time,
        questioned=tuple(one.time for one in asked),
        accepted=tuple(one.closed for one in asked if one.closed),
        voted=tuple(one.time for one in state.standing_votes(found.identity)),
        decided=decision.time if decision else "",
    )


def _trace(
    seen: Sight, found: Accepted[Assessment], decision: Accepted[Decision] | None
) -> Iterator[Traced]:
    """Every identity behind the page, from the decision to the rows."""
    state = seen.state
    verdict: Accepted[Verdict] = state.accepted[found.act.verdict]
    runs = [state.accepted[each] for each in verdict.act.runs]
    acts: list[Accepted[Any]] = [decision] if decision else []
    acts += [*state.standing_votes(found.identity), found]
    acts += [*seen.threads.naming(verdict.identity, Recomputation), verdict, *runs]
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
