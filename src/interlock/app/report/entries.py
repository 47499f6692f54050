"""The ledger, page by page: every entry, counted or not, and what nobody can prove."""

from collections.abc import Iterator
from typing import Any

from interlock.adapters.paper import (
    Anchor,
    Bullets,
    Code,
    Digest,
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
from interlock.admission import (
    Accepted,
    Adoption,
    Answer,
    Assessment,
    Closing,
    Decision,
    Hold,
    Kill,
    Lift,
    Qualification,
    Question,
    Recovery,
    Refusal,
    Revocation,
    Rollback,
    Run,
    Seal,
    Variant,
    Verdict,
    Vote,
)
from interlock.app.acts import word_of
from interlock.app.report.shelf import LEDGER_PAGE, Shelf, ledger_page, place_of


def ledger_papers(shelf: Shelf) -> Iterator[Paper]:
    """Every entry of the log, in its order."""
    state = shelf.seen.state
    found: list[Accepted[Any] | Refusal] = [*state.accepted.values(), *state.refused]
    found.sort(key=lambda one: one.index)
    pages = max(1, -(-len(found) // LEDGER_PAGE))
    by_page: list[list[Accepted[Any] | Refusal]] = [[] for _ in range(pages)]
    for one in found:
        by_page[min(one.index // LEDGER_PAGE, pages - 1)].append(one)
    for number, entries in enumerate(by_page):
        yield _page(shelf, number, entries, pages=pages)


def _page(
    shelf: Shelf, number: int, entries: list[Accepted[Any] | Refusal], *, pages: int
) -> Paper:
    rows = [_row(shelf, one) for one in entries]
    head = ("Entry", "Time", "Who", "What", "Identity")
    table = Table("Entries of the log, in its order", head, rows) if rows else Words("It is empty.")
    lead = []
    if pages > 1:
        links: list[Any] = [f"Page {number + 1} of {pages}. "]
        for k in range(pages):
            links += [" ", Link(f"{k + 1}", ledger_page(k))]
        lead = [Words(links)]
    section = Section("entries", "Entries", [table])
    return shelf.paper(ledger_page(number), "Ledger", [section], lead=lead)


def _row(shelf: Shelf, one: Accepted[Any] | Refusal) -> tuple[Line, ...]:
    entry: Line = (Anchor(f"{one.index}", f"entry-{one.index}"),)
    if isinstance(one, Refusal):
        why: Line = (Label("No effect", "bad"), f" {one.sentence}")
        return (entry, (Moment(one.time),), "", why, (Digest(one.identity),))
    told = said(shelf, one.act)
    what = word_of(one.act).capitalize()
    return (
        entry,
        (Moment(one.time),),
        (Name(one.person),),
        f"{what}: {told}" if told else what,
        (Digest(one.identity, _elsewhere(shelf, one)),),
    )


def _elsewhere(shelf: Shelf, one: Accepted[Any]) -> str:
    """The page on which an act is told, unless that is this one."""
    place = place_of(shelf, one)
    return "" if place.startswith("ledger") else place


def said(shelf: Shelf, act: object) -> str:  # noqa: C901, PLR0911, PLR0912 - one arm a kind
    """What an act says, in a few words."""
    match act:
        case Seal():
            return f"{act.product}, {act.basis}"
        case Run():
            return f"{shelf.name(act.system)}, {act.basis}"
        case Verdict():
            return f"{act.outcome} for {shelf.name(act.system)}"
        case Assessment():
            return f"{shelf.name(act.system)} in {act.product}, {act.change}"
        case Question() | Answer():
            return act.text
        case Vote():
            return f"{act.ballot} as {act.role}: {act.reasons}"
        case Decision():
            return f"{act.outcome} for {shelf.name(act.system)}, {act.change}"
        case Variant():
            return f"{shelf.name(act.system)}, a {act.kind} variant of {act.product} in {act.week}"
        case Closing():
            return f"as {act.role}: {act.reason}"
        case Hold() | Lift() | Revocation() | Kill() | Rollback() | Recovery():
            return act.reason
        case Qualification():
            return f"{act.person} as {act.role} until {act.until}"
        case Adoption():
            return f"required: {', '.join(act.required)}"
        case _:
            return ""


def limits_paper(shelf: Shelf) -> Paper:
    """What neither this report nor the log behind it can prove."""
    lines = [
        "A report is a rendering. Whoever wrote it could have written something else: check "
        "decisions with a root you hold yourself.",
        "A log cannot prove that nothing was revoked after the checkpoint it was read at.",
        "Whoever alone holds a log's keys could show one log to you and another to somebody else. "
        "Compare checkpoints with others.",
        "Times are the log's own. They are in order; that they are true rests on its clock and "
        "on its witness.",
        "A manifest's digest does not prove what a provider serves behind a name.",
        "That a bar was fixed first is proved. That it was strict enough is not; read it.",
        "Verdicts hold for the evidence they name: not for other languages, lengths, tools or "
        "times, and only as far as its rows are true.",
        "A slice that is not found worse is not shown to be safe.",
        "Prompts and completions are not part of a report, and their digests are keyed: only "
        "the workspace can tell which text one stands for.",
        "A report claims no compliance with any law or standard.",
    ]
    how: Line = (
        "To check a decision without trusting this report: ",
        Code("interlock export DECISION --out FILE"),
        " by whoever holds the log, then ",
        Code("interlock verify FILE --root root.json"),
        " by you.",
    )
    section = Section("limits", "What this cannot prove", [Bullets(lines), Words(how)])
    return shelf.paper("limits.html", "What this cannot prove", [section])
