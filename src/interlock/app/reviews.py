"""The review: an assessment before the panel, questions, votes, a decision, and its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interlock.admission import (
    Acceptance,
    Accepted,
    Answer,
    Assessment,
    Ballot,
    Decision,
    Hold,
    Lift,
    Question,
    Revocation,
    Seal,
    State,
    Verdict,
    Vote,
)
from interlock.app.acts import find_act
from interlock.app.verdicts import judgement_of
from interlock.app.workspace import Appended, Workspace
from interlock.charter import Charter, Hypothesis
from interlock.errors import BlankAssessmentError
from interlock.ledger import Signer, digest, posix, utc
from interlock.review import (
    EarlierAttempt,
    Facts,
    SafetyImpactAssessment,
    blanks,
    draft_template,
    dropped,
    fill,
    load_draft,
)

DAY_SECONDS = 24 * 60 * 60


def draft_assessment(work: Workspace, verdict_id: str) -> str:
    """A draft (YAML) with everything a person has to write, for one verdict.

    Raises:
        NotOnLogError: There is no such verdict.
    """
    facts = ledger_facts(work, find_act(work.state(), verdict_id, Verdict))
    return draft_template(
        facts.hypothesis,
        facts.charter,
        id=facts.hypothesis.name,
        dropped=[one.claim for one in facts.earlier if one.abandoned],
    )


def read_assessment(work: Workspace, path: Path, verdict_id: str) -> SafetyImpactAssessment:
    """The assessment of a draft, its evidence, attempts and residual bounds filled from the ledger.

    Raises:
        CharterError: The file is no valid draft.
        NotOnLogError: There is no such verdict.
    """
    draft = load_draft(path.read_bytes(), file=str(path))
    return fill(draft, ledger_facts(work, find_act(work.state(), verdict_id, Verdict)))


def submit_assessment(work: Workspace, path: Path, verdict_id: str, *, signer: Signer) -> Appended:
    """Put an assessment before the panel; it replaces the one before and voids its votes.

    Raises:
        BlankAssessmentError: Something is not written yet; all of it is named.
        RefusedActError: A rule of the ledger forbids it.
    """
    document = read_assessment(work, path, verdict_id)
    missing = blanks(document)
    if missing:
        raise BlankAssessmentError(str(path), tuple(map(str, missing)))
    state = work.state()
    verdict = find_act(state, verdict_id, Verdict)
    seal = find_act(state, verdict.act.seal, Seal)
    latest = state.latest_assessment(seal.act.product, verdict.act.system)
    act = Assessment(
        document=digest(document),
        product=seal.act.product,
        system=verdict.act.system,
        verdict=verdict.identity,
        conditions=document.draft.conditions,
        valid_days=document.draft.valid_days or 0,
        previous=latest.identity if latest else "",
    )
    return work.append(act, signer, records=(document,))


def ask(work: Workspace, assessment_id: str, text: str, *, signer: Signer) -> Appended:
    """Ask on the record; nobody votes until the answer is accepted."""
    found = find_act(work.state(), assessment_id, Assessment)
    return work.append(Question(assessment=found.identity, text=text), signer)


def answer(work: Workspace, question_id: str, text: str, *, signer: Signer) -> Appended:
    """Answer on the record."""
    found = find_act(work.state(), question_id, Question)
    return work.append(Answer(question=found.identity, text=text), signer)


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
        UntrueVerdictError: The verdict is not what its numbers came to.
    """
    state = work.state()
    found = find_act(state, assessment_id, Assessment)
    judgement_of(work, find_act(state, found.act.verdict, Verdict))
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


def close_review(work: Workspace, assessment_id: str, *, signer: Signer) -> Appended:
    """Count the votes and record the decision, with the assessment's conditions and expiry.

    It is a go only if every required role voted go; otherwise it is a no-go.

    Raises:
        RefusedActError: Nobody voted, or a go lacks something else it needs.
    """
    state = work.state()
    found = find_act(state, assessment_id, Assessment)
    votes = state.standing_votes(found.identity)
    said_go = {each.act.role for each in votes if each.act.ballot == "go"}
    go = bool(state.required) and said_go.issuperset(state.required)
    act = Decision(
        assessment=found.identity,
        product=found.act.product,
        system=found.act.system,
        outcome="go" if go else "no-go",
        votes=tuple(sorted(each.identity for each in votes)),
        conditions=found.act.conditions,
        expires=utc(posix(work.clock.now()) + found.act.valid_days * DAY_SECONDS),
    )
    return work.append(act, signer)


def revoke(work: Workspace, decision_id: str, reason: str, *, signer: Signer) -> Appended:
    """Take a go back for good."""
    found = find_act(work.state(), decision_id, Decision)
    return work.append(Revocation(decision=found.identity, reason=reason), signer)


def hold(work: Workspace, decision_id: str, reason: str, *, signer: Signer) -> Appended:
    """Stop the system of a decision until somebody else lifts the hold."""
    state = work.state()
    act = find_act(state, decision_id, Decision).act
    previous = state.previous_hold(act.product, act.system)
    made = Hold(product=act.product, system=act.system, reason=reason, previous=previous)
    return work.append(made, signer)


def lift(work: Workspace, hold_id: str, reason: str, *, signer: Signer) -> Appended:
    """Lift a hold that somebody else set."""
    found = find_act(work.state(), hold_id, Hold)
    return work.append(Lift(hold=found.identity, reason=reason), signer)


def ledger_facts(work: Workspace, verdict: Accepted[Verdict]) -> Facts:
    """What the ledger knows about a verdict: seal, numbers, and what else was tried."""
    state = work.state()
    seal = find_act(state, verdict.act.seal, Seal)
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    charter: Charter = work.log.record(seal.act.charter)
    systems = (seal.act.baseline, *seal.act.candidates)
    return Facts(
        seal=seal.act,
        identity=seal.identity,
        index=seal.index,
        time=seal.time,
        candidate=verdict.act.system,
        names=dict(zip(systems, (hypothesis.baseline, *hypothesis.candidates), strict=False)),
        hypothesis=hypothesis,
        charter=charter,
        verdict=verdict.identity,
        judgement=judgement_of(work, verdict),
        earlier=tuple(
            attempt
            for other in state.of(Seal)
            if _related(state, other, seal)
            for attempt in _attempts(
                state, other, work.log.record(other.act.hypothesis), present=hypothesis
            )
        ),
    )


def _related(state: State, other: Accepted[Seal], seal: Accepted[Seal]) -> bool:
    """Whether another seal tried something on the same systems or the same evidence."""
    mine, theirs = seal.act, other.act
    return (
        other.identity != seal.identity
        and theirs.product == mine.product
        and (
            theirs.baseline == mine.baseline
            or not set(theirs.candidates).isdisjoint(mine.candidates)
            or not _evidence(state, other).isdisjoint(_evidence(state, seal))
        )
    )


def _evidence(state: State, seal: Accepted[Seal]) -> set[str]:
    """Digests of everything recorded under a seal."""
    systems = (seal.act.baseline, *seal.act.candidates)
    runs = (state.runs.get((seal.identity, system)) for system in systems)
    return {run.act.evidence for run in runs if run is not None}


def _attempts(
    state: State, seal: Accepted[Seal], hypothesis: Hypothesis, *, present: Hypothesis
) -> Iterator[EarlierAttempt]:
    """Every criterion of another seal, in the words of its own hypothesis."""
    numbers = {one.criterion: one.attempt for one in seal.act.lineages}
    for criterion in hypothesis.criteria:
        yield EarlierAttempt(
            hypothesis=hypothesis.name,
            claim=criterion.label,
            attempt=numbers.get(criterion.id, 0),
            seal=seal.identity,
            time=seal.time,
            outcome=_outcome(state, seal, criterion.id),
            dropped=dropped(criterion, present),
        )


def _outcome(state: State, seal: Accepted[Seal], criterion: str) -> str:
    """What an earlier attempt came to, over all its candidates."""
    found = sorted(
        one.outcome
        for system in seal.act.candidates
        if (identity := state.verdicts.get((seal.identity, system)))
        for one in state.accepted[identity].act.criteria
        if one.criterion == criterion
    )
    return ", ".join(found) or "never judged"
