"""A page for each assessment, its earlier versions, and what changed from one to the next."""

from collections.abc import Iterable, Iterator

from interlock.adapters.assessment_paper import assessment_paper
from interlock.adapters.pages import ReviewPage
from interlock.adapters.paper import (
    Block,
    Code,
    Digest,
    Label,
    Line,
    Link,
    Moment,
    Name,
    Paper,
    Part,
    Section,
    Table,
    Words,
)
from interlock.adapters.review_paper import (
    questions_section,
    review_signal,
    stops_section,
    time_section,
    trace_section,
    votes_section,
)
from interlock.admission import Accepted, Assessment
from interlock.app.pages import withheld_from
from interlock.app.report.decisions import judged_blocks
from interlock.app.report.shelf import MENU, Shelf, acts_line
from interlock.app.report.standing import last_decision
from interlock.review import FieldChange, Reader, difference

# A report leaves the building more easily than a workspace: of what is privileged no copy is made.
_READER: Reader = "internal"

_ABSENT = " Its fields are not stored here as they were signed."


def assessment_papers(shelf: Shelf, found: Accepted[Assessment]) -> Iterator[Paper]:
    """An assessment, and what changed since the version it replaced."""
    review = shelf.review(found)
    document = shelf.document(found)
    path = f"assessments/{found.identity}.html"
    versions = _versions(shelf, found)
    if document is None:
        verdict = shelf.seen.state.accepted[found.act.verdict]
        sections = [
            Section("document", "Document", [Words((Label("Not shown", "bad"), _ABSENT))]),
            Section("evidence", "Evidence", judged_blocks(shelf, verdict)),
            votes_section(review),
            questions_section(review),
            stops_section(review),
            time_section(review.steps, review.days_in_review),
            trace_section(review),
            versions,
        ]
        title = f"{review.candidate} in {review.product}"
        yield shelf.paper(path, title, sections, signal=review_signal(review))
        return
    page = ReviewPage(document=document, **vars(review))
    more = [stops_section(review), versions]
    kept = withheld_from(document, _READER)
    yield assessment_paper(page, withheld=kept, more=more, path=path, menu=MENU)
    if found.act.previous:
        yield _changes(shelf, found)


def _versions(shelf: Shelf, found: Accepted[Assessment]) -> Section:
    """Every assessment of the same system of the same product, newest first."""
    named = shelf.seen.threads.naming(found.act.system, Assessment)
    rows: list[tuple[Line, ...]] = []
    for one in reversed(named):
        if one.act.product != found.act.product:
            continue
        decision = last_decision(shelf, one)
        changes = f"assessments/{one.identity}-changes.html"
        changed: Line = (Link("what changed", changes),) if _comparable(shelf, one) else ""
        rows.append(
            (
                (Digest(one.identity, f"assessments/{one.identity}.html"),),
                (Name(one.person), ", ", Moment(one.time)),
                changed,
                acts_line(shelf, [decision]) if decision else "none",
            )
        )
    head = ("Assessment", "Put by", "Since the one before", "Decision")
    table = Table("Assessments of this system, newest first", head, rows)
    return Section("versions", "Versions", [table])


def _comparable(shelf: Shelf, found: Accepted[Assessment]) -> bool:
    """Whether a page says what changed since the version before."""
    return bool(found.act.previous) and shelf.document(found) is not None


def _changes(shelf: Shelf, found: Accepted[Assessment]) -> Paper:
    before: Accepted[Assessment] = shelf.seen.state.accepted[found.act.previous]
    old, new = shelf.document(before), shelf.document(found)
    blocks: list[Block] = [Words("The version before is not stored here as it was signed.")]
    if old is not None and new is not None:
        kept = {*withheld_from(old, _READER), *withheld_from(new, _READER)}
        blocks = [*_fields(one for one in difference(old, new) if one.field not in kept)]
    between: Line = ("From ", *acts_line(shelf, [before]), " to ", *acts_line(shelf, [found]), ".")
    return shelf.paper(
        f"assessments/{found.identity}-changes.html",
        f"What changed: {shelf.name(found.act.system)} in {found.act.product}",
        [Section("changes", "Changes, field by field", [Words(between), *blocks])],
        eyebrow=("Assessment ", Digest(found.identity)),
    )


def _fields(changes: Iterable[FieldChange]) -> Iterator[Block]:
    yield Words("What differs stands below; privileged fields are not compared here.", soft=True)
    for change in changes:
        yield Part(change.field.replace("_", " ").capitalize())
        rows: list[tuple[Line, ...]] = [
            ((Code(part.path),), _shown(part.before), _shown(part.after), part.words)
            for part in change.parts
        ]
        head = ("Where", "Before", "After", "Word by word")
        yield Table(f"Changes in {change.field.replace('_', ' ')}", head, rows)


def _shown(value: str | None) -> Line:
    return "not there" if value is None else value
