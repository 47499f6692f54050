"""The first page: what stands now, what waits, what is stopped."""

from collections.abc import Iterator

from interlock.adapters.paper import (
    Badge,
    Block,
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
from interlock.adapters.review_paper import standing_word
from interlock.adapters.wording import condition, counted, lasted
from interlock.admission import Accepted, Assessment, Decision, Seal
from interlock.app.pages import standing_of
from interlock.app.report.shelf import Shelf, system_line


def standing_paper(shelf: Shelf) -> Paper:
    """What stands now, for each product."""
    products = sorted({seal.act.product for seal in shelf.of(Seal)})
    blocks: list[Block] = []
    for product in products:
        rows = [_decided(shelf, one) for one in _latest(shelf, product)]
        blocks.append(Part((Name(product),)))
        blocks.append(_table(product, rows) if rows else Words("Nothing was decided yet."))
    waiting = [*_waiting(shelf)]
    holds = [*_holds(shelf)]
    sections = [
        Section("stands", "What stands now", blocks or [Words("Nothing was sealed yet.")]),
        Section("waiting", "What waits for the panel", [_waiting_table(waiting)]),
        Section("stopped", "What is stopped", [_holds_table(holds)]),
        Section("figures", "The log in figures", _figures(shelf)),
    ]
    lead = Words(
        "This site shows what one log says, for reading. It was true as of the checkpoint named "
        "above; a go may have ended or been stopped since. It proves nothing by itself."
    )
    return shelf.paper("index.html", "What stands", sections, lead=[lead])


def standing_badge(standing: str) -> Badge:
    """How something stands as a word, a form and a colour."""
    word, tone = standing_word(standing)
    return Badge(word, tone)


def until_cells(shelf: Shelf, decision: Accepted[Decision], standing: str) -> tuple[Line, Line]:
    """When a go ends and how long that is; nothing for what is no go."""
    if decision.act.outcome != "go":
        return "", ""
    ends = decision.act.expires
    left = shelf.days_left(ends)
    return (Moment(ends),), lasted(left) if standing == "go" and left > 0 else "none"


def _latest(shelf: Shelf, product: str) -> list[Accepted[Decision]]:
    """The last decision on each system of a product, what stands first, then the newest."""
    found = [one for (of, _), one in shelf.seen.state.decisions.items() if of == product]
    return sorted(found, key=lambda one: (standing_now(shelf, one) != "go", -one.index))


def standing_now(shelf: Shelf, decision: Accepted[Decision]) -> str:
    """How a decision stands by the reader's clock."""
    assessed: Accepted[Assessment] = shelf.seen.state.accepted[decision.act.assessment]
    return standing_of(shelf.seen, assessed, decision)[0]


def _decided(shelf: Shelf, decision: Accepted[Decision]) -> tuple[Line, ...]:
    standing = standing_now(shelf, decision)
    page = f"decisions/{decision.identity}.html"
    change: Line = () if decision.act.change == "normal" else (" ", Label(decision.act.change))
    bounds = " ".join(condition(one) for one in decision.act.conditions)
    return (
        (Link(shelf.name(decision.act.system), page), *change),
        (standing_badge(standing),),
        *until_cells(shelf, decision, standing),
        bounds or "None.",
        (Moment(decision.time),),
    )


def _table(product: str, rows: list[tuple[Line, ...]]) -> Table:
    head = ("System", "Standing", "Until", "Left", "Conditions", "Decided")
    return Table(f"The last decision on each system of {product}", head, rows)


def _waiting(shelf: Shelf) -> Iterator[tuple[Line, ...]]:
    state = shelf.seen.state
    for one in state.assessments.values():
        if standing_of(shelf.seen, one, last_decision(shelf, one))[0] != "under-review":
            continue
        voted = {vote.act.role for vote in state.standing_votes(one.identity)}
        missing = ", ".join(role for role in state.required if role not in voted)
        asked = len(state.open_questions(one.identity))
        yield (
            (Link(shelf.name(one.act.system), f"assessments/{one.identity}.html"),),
            (Name(one.act.product),),
            (Name(one.person),),
            lasted(-shelf.days_left(one.time)),
            counted(asked, "question"),
            missing or "nobody",
        )


def last_decision(shelf: Shelf, found: Accepted[Assessment]) -> Accepted[Decision] | None:
    """The last decision on an assessment, if there is one."""
    made = shelf.seen.threads.naming(found.identity, Decision)
    return made[-1] if made else None


def _waiting_table(rows: list[tuple[Line, ...]]) -> Block:
    head = ("System", "Product", "Put by", "For", "Open", "Has not voted")
    return Table("Assessments before the panel", head, rows) if rows else Words("Nothing.")


def _holds(shelf: Shelf) -> Iterator[tuple[Line, ...]]:
    for (product, system), holds in shelf.seen.state.holds.items():
        for one in holds:
            yield (
                system_line(shelf, system),
                (Name(product),),
                (Name(one.person),),
                (Moment(one.time),),
                one.act.reason,
            )


def _holds_table(rows: list[tuple[Line, ...]]) -> Block:
    head = ("System", "Product", "By", "Since", "Why")
    return Table("Holds that nobody has lifted", head, rows) if rows else Words("Nothing is held.")


def _figures(shelf: Shelf) -> list[Block]:
    state = shelf.seen.state
    refused = f"{len(state.refused):,} without effect" if state.refused else "all of them count"
    count = f"{counted(state.size, 'entry', 'entries')}, {refused}. "
    figures = "Figures of the practice: gates, days, attempts, holds"
    return [
        Words((count, Link("Every entry is listed", "ledger.html"), ".")),
        Words((Link(figures, "practice.html"), ".")),
    ]
