"""Reviews and decisions: the list of them, and a page for each decision."""

from collections.abc import Sequence

from interlock.adapters.evidence_paper import rows_line, slices_blocks, verdict_card
from interlock.adapters.pages import Review
from interlock.adapters.paper import (
    Block,
    Bullets,
    Digest,
    Facts,
    Label,
    Line,
    Link,
    Moment,
    Name,
    Paper,
    Section,
    Table,
    Words,
)
from interlock.adapters.review_paper import (
    dissent_blocks,
    questions_section,
    recomputed_lines,
    review_signal,
    stops_section,
    time_section,
    trace_section,
    votes_section,
)
from interlock.adapters.wording import condition, lasted
from interlock.admission import Accepted, Assessment, Decision, Verdict
from interlock.app.pages import review_of
from interlock.app.report.shelf import Shelf, acts_line, by_line, seal_line, system_line
from interlock.app.report.standing import last_decision, standing_badge
from interlock.gate import Judgement
from interlock.review import read_evidence, read_slices


def reviews_paper(shelf: Shelf) -> Paper:
    """Every assessment that was put before the panel, newest first, with what it came to."""
    rows = [_review_row(shelf, one) for one in reversed(shelf.of(Assessment))]
    head = ("System", "Product", "Put", "Standing", "In review", "Decision")
    table: Block = Words("Nothing was put before the panel yet.")
    if rows:
        table = Table("Every assessment put before the panel, newest first", head, rows)
    section = Section("reviews", "Assessments and decisions", [table])
    return shelf.paper("reviews.html", "Reviews", [section])


def _review_row(shelf: Shelf, found: Accepted[Assessment]) -> tuple[Line, ...]:
    review = shelf.review(found)
    decision = last_decision(shelf, found)
    change: Line = () if found.act.change == "normal" else (" ", Label(found.act.change))
    days = review.days_in_review
    return (
        (Link(review.candidate, f"assessments/{found.identity}.html"), *change),
        (Name(found.act.product),),
        (Moment(found.time),),
        (standing_badge(review.standing),),
        "" if days is None else lasted(days),
        acts_line(shelf, [decision]) if decision else "none yet",
    )


def decision_paper(shelf: Shelf, decision: Accepted[Decision]) -> Paper:
    """One decision: what it says, on what evidence, who disagreed, what became of it."""
    assessed: Accepted[Assessment] = shelf.seen.state.accepted[decision.act.assessment]
    verdict: Accepted[Verdict] = shelf.seen.state.accepted[assessed.act.verdict]
    review = review_of(
        shelf.seen, assessed, candidate=shelf.name(assessed.act.system), decision=decision
    )
    sections = [
        Section("summary", "Summary", [_summary(shelf, decision, review)]),
        Section("evidence", "Evidence", judged_blocks(shelf, verdict)),
        votes_section(review),
        questions_section(review),
        stops_section(review),
        time_section(review.steps, review.days_in_review),
        trace_section(review),
    ]
    return shelf.paper(
        f"decisions/{decision.identity}.html",
        f"{review.candidate} in {review.product}",
        sections,
        eyebrow=("Decision ", Digest(decision.identity)),
        signal=review_signal(review),
    )


def _summary(shelf: Shelf, decision: Accepted[Decision], review: Review) -> Facts:
    act = decision.act
    assessed: Accepted[Assessment] = shelf.seen.state.accepted[act.assessment]
    verdict: Accepted[Verdict] = shelf.seen.state.accepted[assessed.act.verdict]
    again = [*recomputed_lines(review)]
    bounds = [condition(one) for one in act.conditions]
    follows = shelf.seen.state.accepted.get(assessed.act.follows)
    rows: list[tuple[str, Sequence[Block]]] = [
        ("Decided", [Words((f"{act.outcome.upper()}, recorded by ", *by_line(decision)))]),
        ("Class of change", [Words(_change(act.change)), *_parts(assessed)]),
        ("Until", [Words(_until(shelf, decision, review))]),
        ("Conditions", [Bullets(bounds) if bounds else Words("None.")]),
        ("Derived again", [Bullets(again) if again else Words("Nobody has.")]),
        ("Dissent", dissent_blocks(review)),
        ("System", [Words(system_line(shelf, act.system))]),
        ("Assessment", [Words(acts_line(shelf, [assessed]))]),
        ("Hypothesis", [Words(seal_line(shelf, shelf.seal_of(verdict)))]),
        ("Trace", [Words((Link("down to the rows", f"traces/{decision.identity}.html"),))]),
    ]
    if follows is not None:
        rows.insert(2, ("Follows", [Words(acts_line(shelf, [follows]))]))
    return Facts(rows)


def _change(change: str) -> str:
    said = {
        "normal": "Normal: the panel voted.",
        "standard": "Standard: inside what was agreed beforehand, and every gate passed.",
        "emergency": "Emergency: on-call and one required role let it through, the panel after.",
    }
    return said[change]


def _parts(assessed: Accepted[Assessment]) -> list[Block]:
    changed = ", ".join(assessed.act.changed)
    return [Words(f"Differs from the baseline in: {changed}.")] if changed else []


def _until(shelf: Shelf, decision: Accepted[Decision], review: Review) -> Line:
    if decision.act.outcome != "go":
        return "There is no go to expire."
    left = shelf.days_left(decision.act.expires)
    ends: Line = (Moment(decision.act.expires), f", {lasted(left)} from now." if left > 0 else ".")
    if review.ruling and review.ruling.ratify_by:
        return (*ends, " The panel has until ", Moment(review.ruling.ratify_by), " to ratify it.")
    return ends


def judged_blocks(shelf: Shelf, verdict: Accepted[Verdict]) -> list[Block]:
    """Every criterion of a verdict with its interval, and the slices."""
    seal = shelf.seal_of(verdict)
    judgement, hypothesis = shelf.judgement(verdict), shelf.hypothesis(seal)
    if judgement is None or hypothesis is None:
        return [
            Words(
                (
                    Label("Not shown", "bad"),
                    " The numbers behind this verdict are not stored here, or are not what was "
                    "signed. Nothing may rest on it.",
                )
            )
        ]
    names = (shelf.name(seal.act.baseline), shelf.name(verdict.act.system))
    return [
        Words(_basis(judgement)),
        *map(verdict_card, read_evidence(hypothesis, judgement)),
        Words(rows_line(judgement.evidence)),
        *slices_blocks(read_slices(hypothesis, judgement), names),
    ]


def _basis(judgement: Judgement) -> Line:
    told = f" Together: {judgement.outcome}."
    if judgement.basis == "prospective":
        said = " The bar was fixed before the evidence was drawn."
        return (Label("Prospective", "good"), said, told)
    return (Label("Retrospective", "open"), " The results existed before the bar was fixed.", told)
