"""The first page of an assessment: what is decided, on what, what speaks against, who signed."""

from collections.abc import Iterator, Sequence

from interlock.adapters import assessment_filled as filled
from interlock.adapters.assessment_written import listed
from interlock.adapters.pages import ReviewPage
from interlock.adapters.paper import (
    Block,
    Bullets,
    Facts,
    Label,
    Line,
    Moment,
    Name,
    Section,
    Words,
)
from interlock.adapters.review_paper import dissent_blocks, recomputed_lines, signed_lines
from interlock.adapters.wording import condition, counted, sentence, taken_on, voted_go
from interlock.review import Evidence, figure, interval

_MOST_SLICES = 5


def summary(page: ReviewPage) -> Section:
    """What a reader with one minute must know."""
    doc = page.document
    conditions = page.ruling.conditions if page.ruling else doc.draft.conditions
    against = filled.against_lines(doc, most=_MOST_SLICES)
    against += [line for _, line in filled.score_lines(page)]
    rows: list[tuple[str, Sequence[Block]]] = [
        ("What is decided", [Words(_decided(page))]),
        ("On what evidence", [*_evidence(page)]),
        ("What speaks against", [listed(against, filled.nothing_against())]),
        ("What remains", [listed([*_remains(page)], "No hazard is named.")]),
    ]
    again = [*recomputed_lines(page)]
    if again:
        rows.append(("Derived again", [Bullets(again)]))
    rows += [
        ("Who signed", [Bullets([*signed_lines(page)])]),
        ("Conditions", [listed([condition(one) for one in conditions], "None.")]),
        ("Until", [Words(_until(page))]),
        ("Dissent", dissent_blocks(page)),
    ]
    return Section("summary", "Summary", [Facts(rows)])


def _decided(page: ReviewPage) -> Line:
    sealed, ruling = page.document.sealed, page.ruling
    asked: Line = (
        "Whether ",
        Name(sealed.candidate_name),
        " may replace ",
        Name(sealed.baseline_name),
        f" in {page.product}. ",
    )
    if ruling is None:
        return (*asked, "No decision is on the log.")
    recorded = (f"{ruling.outcome.upper()}, recorded by ", Name(ruling.person), " on ")
    change = "" if ruling.change == "normal" else f" It is {_a(ruling.change)} change."
    return (*asked, *recorded, Moment(ruling.time), f".{change}")


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _evidence(page: ReviewPage) -> Iterator[Block]:
    doc = page.document
    passed = [one for one in doc.evidence if one.verdict.outcome == "passed"]
    yield Words(
        f"{len(passed)} of {counted(len(doc.evidence), 'criterion', 'criteria')} passed. "
        f"Together: {doc.judgement.outcome}."
    )
    if passed:
        yield Bullets([_claimed(one) for one in passed])
    if doc.sealed.basis == "prospective":
        yield Words(
            (Label("Prospective", "good"), " The bar was fixed before the evidence was drawn.")
        )
    else:
        accepting = ", ".join(vote.role for vote in page.votes if vote.accepts_retrospective)
        yield Words(
            (
                Label("Retrospective", "open"),
                " The results existed before the bar was fixed, so the bar may have been chosen "
                "with them in view. ",
                f"Accepted on the record as such by {accepting}."
                if accepting
                else "Nobody has accepted this on the record.",
            )
        )
    if not doc.sealed.confirmatory:
        yield Words(filled.exploratory())


def _claimed(one: Evidence) -> str:
    found = one.verdict.estimate
    if found is None:
        return sentence(one.claim)
    what = "Worst part" if one.verdict.parts else "Measured"
    value, ends = figure(found.value, one.scale), interval(found, one.scale)
    return f"{sentence(one.claim)} {what}: {value} ({ends})."


def _remains(page: ReviewPage) -> Iterator[Line]:
    doc, voters = page.document, voted_go(page.votes)
    for rest in doc.residual:
        hazard = doc.draft.hazards[rest.hazard]
        owners = [one.owner for one in doc.against_hazard(hazard) if one.owner]
        ways = []
        if owners:
            ways.append(f"controlled by {', '.join(dict.fromkeys(owners))}")
        if hazard.acceptance:
            ways.append(taken_on(hazard.acceptance.by, voters))
        handled = ", ".join(ways) or "neither controlled nor accepted"
        bound = filled.rate_line(doc, rest.hazard)
        yield f"{rest.category or hazard.category}: {bound}; {handled}."
    for line in doc.unmeasured:
        yield f"Not measured: the red line “{line.text}”"


def _until(page: ReviewPage) -> Line:
    ruling, days = page.ruling, page.document.draft.valid_days
    if ruling is not None and ruling.outcome == "go":
        if ruling.ratify_by:
            told = ("; the panel has until ", Moment(ruling.ratify_by), " to ratify it.")
            return (Moment(ruling.expires), *told)
        return (Moment(ruling.expires), ".")
    if ruling is not None:
        return "There is no go to expire."
    if days:
        return f"{counted(days, 'day')} from the decision, if it is a go."
    return "No expiry is stated."
