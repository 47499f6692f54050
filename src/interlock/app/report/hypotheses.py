"""Hypotheses: the list of seals, and a page for each with its bar, runs and verdicts."""

from collections.abc import Sequence

from interlock.adapters.evidence_paper import outcome_badge
from interlock.adapters.paper import (
    Block,
    Bullets,
    Card,
    Digest,
    Facts,
    Label,
    Line,
    Moment,
    Name,
    Paper,
    Section,
    Table,
    Words,
)
from interlock.adapters.wording import counted, sentence
from interlock.admission import (
    Accepted,
    Assessment,
    Engagement,
    Recomputation,
    Run,
    Seal,
    Unseal,
    Verdict,
)
from interlock.app.report.decisions import judged_blocks
from interlock.app.report.shelf import (
    Shelf,
    acts_line,
    by_line,
    hypothesis_name,
    seal_line,
    system_line,
)
from interlock.charter import Hypothesis
from interlock.review import figure


def hypotheses_paper(shelf: Shelf) -> Paper:
    """Every hypothesis that was sealed, newest first."""
    rows = [_row(shelf, one) for one in reversed(shelf.of(Seal))]
    head = ("Hypothesis", "Product", "Sealed", "Basis", "Came to")
    table: Block = Words("Nothing was sealed yet.")
    if rows:
        table = Table("Every sealed hypothesis, newest first", head, rows)
    return shelf.paper("hypotheses.html", "Hypotheses", [Section("seals", "Seals", [table])])


def _row(shelf: Shelf, seal: Accepted[Seal]) -> tuple[Line, ...]:
    verdicts = shelf.seen.threads.naming(seal.identity, Verdict)
    came = [piece for one in verdicts for piece in (outcome_badge(one.act.outcome), " ")]
    return (
        seal_line(shelf, seal),
        (Name(seal.act.product),),
        (Moment(seal.time),),
        seal.act.basis if seal.act.confirmatory else f"{seal.act.basis}, exploratory",
        came or "never judged",
    )


def hypothesis_paper(shelf: Shelf, seal: Accepted[Seal]) -> Paper:
    """One seal: the bar, what was recorded under it, what it came to."""
    threads = shelf.seen.threads
    found = shelf.hypothesis(seal)
    verdicts = threads.naming(seal.identity, Verdict)
    sections = [
        Section("sealed", "What was sealed", [_sealed(shelf, seal, found)]),
        Section("bar", "The bar", _bar(seal, found, _attempts(shelf, seal))),
        Section("runs", "Evidence recorded", _runs(shelf, seal)),
    ]
    for one in verdicts:
        name = shelf.name(one.act.system)
        title = f"Verdict on {name}: {one.act.outcome}"
        blocks = [_verdict(shelf, one), *judged_blocks(shelf, one)]
        sections.append(Section(f"verdict-{one.index}", title, blocks))
    if not verdicts:
        sections.append(Section("verdict", "Verdict", [Words("It was never judged.")]))
    if found is not None and found.sealed:
        sections.append(Section("engagement", "Engagement", _engagement(shelf, seal, found)))
    return shelf.paper(
        f"hypotheses/{seal.identity}.html",
        hypothesis_name(shelf, seal),
        sections,
        eyebrow=("Hypothesis, seal ", Digest(seal.identity)),
    )


def _sealed(shelf: Shelf, seal: Accepted[Seal], found: Hypothesis | None) -> Facts:
    act = seal.act
    lines: list[Line] = [system_line(shelf, one) for one in act.candidates]
    kind = "Confirmatory" if act.confirmatory else "Exploratory: it can never lead to GO"
    rows: list[tuple[str, Sequence[Block]]] = [
        ("Sealed by", [Words(by_line(seal))]),
        ("Product", [Words((Name(act.product),))]),
        ("Kind", [Words(f"{kind}, {act.basis}.")]),
        ("Baseline", [Words(system_line(shelf, act.baseline))]),
        ("Candidates", [Bullets(lines)]),
    ]
    if act.sample:
        told = f"{counted(act.sample, 'item')} of the bank "
        rows.append(("Drawn", [Words((told, Digest(act.bank)))]))
    if found is not None:
        rows += [
            ("One unit is", [Words(found.cluster or "One row.")]),
            ("Alpha of a claim", [Words(figure(found.alpha, "share"))]),
            ("Slices searched", [Words(", ".join(found.slices) or "None.")]),
        ]
    rows.append(("Record", [Words((Digest(act.hypothesis, whole=True),))]))
    return Facts(rows)


def _attempts(shelf: Shelf, seal: Accepted[Seal]) -> dict[str, int]:
    """Which attempt each criterion was judged as; as the ledger counts it where none was."""
    found = {one.criterion: one.attempt for one in seal.act.lineages}
    for verdict in shelf.seen.threads.naming(seal.identity, Verdict):
        judged = shelf.judgement(verdict)
        if judged is not None:
            found |= {one.criterion: one.attempt for one in judged.verdicts}
    return found


def _bar(seal: Accepted[Seal], found: Hypothesis | None, attempts: dict[str, int]) -> list[Block]:
    if found is None:
        return [Words("Its record is not stored here.")]
    rows: list[tuple[Line, ...]] = [
        (
            sentence(one.label),
            one.kind.replace("_", " "),
            f"{attempts.get(one.id, 0)}" if attempts.get(one.id) else "",
        )
        for one in found.criteria
    ]
    head = ("What must hold", "Kind", "Attempt")
    return [
        Words("All of it must hold for the hypothesis to pass."),
        Table("The criteria, as they were sealed", head, rows, numbers=(2,)),
    ]


def _runs(shelf: Shelf, seal: Accepted[Seal]) -> list[Block]:
    runs = shelf.seen.threads.naming(seal.identity, Run)
    rows: list[tuple[Line, ...]] = [
        (
            system_line(shelf, one.act.system),
            one.act.basis,
            (Name(one.person), ", ", Moment(one.time)),
            (Digest(one.act.evidence, f"evidence/{one.identity}.html"),),
        )
        for one in runs
    ]
    head = ("System", "Basis", "Recorded by", "Evidence")
    if not rows:
        return [Words("Nothing was recorded.")]
    return [Table("Runs, in the order they were recorded", head, rows)]


def _verdict(shelf: Shelf, verdict: Accepted[Verdict]) -> Facts:
    threads = shelf.seen.threads
    again = threads.naming(verdict.identity, Recomputation)
    same = verdict.act.judgement
    lines: list[Line] = [
        (
            *by_line(one),
            ": ",
            "the same figures" if one.act.judgement == same else Label("other figures", "bad"),
        )
        for one in again
    ]
    assessed = [*threads.naming(verdict.identity, Assessment)]
    return Facts(
        [
            ("Judged by", [Words(by_line(verdict))]),
            ("Derived again", [Bullets(lines) if lines else Words("Nobody has.")]),
            ("Assessments", [Words(acts_line(shelf, [*assessed]))]),
        ]
    )


def _engagement(shelf: Shelf, seal: Accepted[Seal], found: Hypothesis) -> list[Block]:
    """What is kept shut, and who may have seen it; never a figure."""
    threads = shelf.seen.threads
    blocks: list[Block] = [
        Words(
            f"Kept shut until everything above has passed: {', '.join(found.sealed)}. This report "
            "never shows a figure of them, opened or not."
        )
    ]
    for one in threads.naming(seal.identity, Engagement):
        opened = threads.naming(one.identity, Unseal)
        state: Line = (Label("Shut", "open"), " Nobody has opened it.")
        if opened:
            state = (Label("Opened", "plain"), " by ", *by_line(opened[0]))
        rows: list[tuple[str, Sequence[Block]]] = [
            ("Now", [Words(state)]),
            ("Brought by", [Words((*by_line(one), "; whoever brought it may have seen it."))]),
            ("Layers", [Words(", ".join(one.act.roles))]),
            ("Encrypted file", [Words((Digest(one.act.ciphertext, whole=True),))]),
        ]
        title: Line = ("Engagement of ", Name(shelf.name(one.act.system)))
        blocks.append(Card(title, [Facts(rows, small=True)]))
    return blocks
