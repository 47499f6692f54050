"""Systems: the list of them, and a page for each with its parts and its differences."""

from interlock.adapters.paper import (
    Block,
    Card,
    Code,
    Digest,
    Line,
    Moment,
    Name,
    Paper,
    Said,
    Section,
    Table,
    Words,
)
from interlock.admission import Decision, Run, Seal, Variant
from interlock.app.acts import word_of
from interlock.app.pages import stops_of
from interlock.app.report.shelf import Shelf, by_line, seal_line, system_line
from interlock.app.report.standing import standing_badge, standing_now
from interlock.trial import System, diff, parts_of


def all_systems(shelf: Shelf) -> list[str]:
    """Digests of all systems that a seal names, in the log's order."""
    found = dict.fromkeys(
        system for seal in shelf.of(Seal) for system in (seal.act.baseline, *seal.act.candidates)
    )
    return list(found)


def systems_paper(shelf: Shelf) -> Paper:
    """Every system that a seal names."""
    rows = [_row(shelf, one) for one in all_systems(shelf)]
    head = ("System", "Model", "Identity", "Last decision")
    table: Block = Words("No seal names a system yet.")
    if rows:
        table = Table("Every system that a seal names, in the log's order", head, rows)
    sections = [
        Section("systems", "Systems", [table]),
        Section("variants", "Variants", [_variants(shelf)]),
    ]
    return shelf.paper("systems.html", "Systems", sections)


def _variants(shelf: Shelf) -> Block:
    """Every declared variant by product and week, with what it was made from."""
    declared = sorted(shelf.of(Variant), key=lambda one: (one.act.product, one.act.week, one.index))
    if not declared:
        return Words("No variant was declared.")
    by_identity = {one.identity: one.act for one in declared}
    rows: list[tuple[Line, ...]] = [
        (
            one.act.product,
            one.act.week,
            (Name(shelf.name(one.act.system)),),
            one.act.kind,
            (Name(shelf.name(by_identity[one.act.parent].system)),) if one.act.parent else "none",
            one.act.says,
            (Digest(one.identity),),
        )
        for one in declared
    ]
    head = ("Product", "Week", "System", "What was changed", "Made from", "In words", "Identity")
    return Table("Every declared variant, by product and week; none permits anything", head, rows)


def _row(shelf: Shelf, system: str) -> tuple[Line, ...]:
    manifest = shelf.record(system, System)
    decisions = shelf.seen.threads.naming(system, Decision)
    last: Line = "none"
    if decisions:
        made = decisions[-1]
        badge = standing_badge(standing_now(shelf, made))
        last = (badge, " ", Digest(made.identity, f"decisions/{made.identity}.html"))
    return (
        system_line(shelf, system),
        (Code(manifest.model),) if manifest else "not stored here",
        (Digest(system),),
        last,
    )


def system_paper(shelf: Shelf, system: str) -> Paper:
    """One system: what can change its behaviour, what it was compared with, what was decided."""
    manifest = shelf.record(system, System)
    sections = [
        Section("parts", "What it is made of", _parts(manifest)),
        Section("differences", "What it was compared with", _differences(shelf, system)),
        Section("decisions", "Decisions", _decisions(shelf, system)),
        Section("runs", "Evidence", _runs(shelf, system)),
        Section("stops", "Stops", _stops(shelf, system)),
    ]
    return shelf.paper(
        f"systems/{system}.html",
        shelf.name(system),
        sections,
        eyebrow=("System ", Digest(system)),
    )


def _parts(manifest: System | None) -> list[Block]:
    if manifest is None:
        return [Words("Its manifest is not stored here.")]
    rows: list[tuple[Line, ...]] = [
        (f"{part} {name}".strip(), (Code(version),))
        for (part, name), version in parts_of(manifest).items()
    ]
    return [
        Table("Everything that can change its answers", ("Part", "Version"), rows),
        Words("No digest can prove what a provider serves behind a name.", soft=True),
    ]


def _differences(shelf: Shelf, system: str) -> list[Block]:
    """The parts in which it differs from every baseline it was a candidate against."""
    cards: list[Block] = []
    for baseline in _baselines(shelf, system):
        before, after = shelf.record(baseline, System), shelf.record(system, System)
        table: Block = Words("It cannot be said: a manifest is not stored here.")
        if before is not None and after is not None:
            table = _changed(before, after, f"Differences from {shelf.name(baseline)}")
        cards.append(Card(("Against ", *system_line(shelf, baseline)), [table]))
    return cards or [Words("It was never a candidate.")]


def _changed(before: System, after: System, caption: str) -> Block:
    rows: list[tuple[Line, ...]] = [
        (f"{one.part} {one.name}".strip(), one.change, _version(one.before), _version(one.after))
        for one in diff(before, after).parts
    ]
    head = ("Part", "What", "Baseline", "This system")
    return Table(caption, head, rows) if rows else Words("It differs in nothing.")


def _baselines(shelf: Shelf, system: str) -> list[str]:
    seals = [seal.act for seal in shelf.of(Seal) if system in seal.act.candidates]
    return list(dict.fromkeys(seal.baseline for seal in seals))


def _version(found: str) -> Line:
    return (Code(found),) if found else ""


def _decisions(shelf: Shelf, system: str) -> list[Block]:
    rows: list[tuple[Line, ...]] = [
        (
            (Digest(one.identity, f"decisions/{one.identity}.html"),),
            (Name(one.act.product),),
            one.act.outcome,
            (standing_badge(standing_now(shelf, one)),),
            (Moment(one.time),),
        )
        for one in shelf.seen.threads.naming(system, Decision)
    ]
    head = ("Decision", "Product", "Came to", "Stands as", "Decided")
    return [Table("Decisions, oldest first", head, rows) if rows else Words("None.")]


def _runs(shelf: Shelf, system: str) -> list[Block]:
    rows: list[tuple[Line, ...]] = [
        (
            (Digest(one.act.evidence, f"evidence/{one.identity}.html"),),
            one.act.basis,
            seal_line(shelf, shelf.seen.state.accepted[one.act.seal]),
            (Name(one.person), ", ", Moment(one.time)),
        )
        for one in shelf.seen.threads.naming(system, Run)
    ]
    head = ("Evidence", "Basis", "Under", "Recorded by")
    return [Table("Runs, oldest first", head, rows) if rows else Words("None.")]


def _stops(shelf: Shelf, system: str) -> list[Block]:
    cards: list[Block] = []
    for one in stops_of(shelf.seen, system):
        told: list[Block] = [Words(by_line(one), soft=True), Said(one.act.reason)]
        cards.append(Card(word_of(one.act).capitalize(), told))
    return cards or [Words("Nobody has stopped it.")]
