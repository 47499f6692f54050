"""The way from a decision down to single rows: a tree, and the rows of every run by digest."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from interlock.adapters.paper import (
    Block,
    Branch,
    Code,
    Digest,
    Line,
    Name,
    Paper,
    Section,
    Strong,
    Table,
    Tree,
    Words,
)
from interlock.adapters.wording import counted
from interlock.admission import Accepted, Decision, Run, Seal
from interlock.app.report.shelf import Shelf, by_line, place_of, seal_line, system_line
from interlock.app.tracing import Step, trace_act
from interlock.charter import Hypothesis
from interlock.errors import InterlockError
from interlock.trial import count_observations

_MOST_ROWS = 500


def trace_paper(shelf: Shelf, decision: Accepted[Decision]) -> Paper:
    """Everything a decision rests on, as a tree."""
    try:
        found = trace_act(shelf.work, shelf.seen.state, decision)
        blocks: list[Block] = [Tree([_branch(shelf, found)])]
    except InterlockError as error:
        blocks = [Words(f"The way down cannot be followed here: {error}.")]
    told = Words(
        "Every identity is a SHA-256 digest. Rows are told by digest on the page of their run; "
        "prompts and completions are never part of a report."
    )
    return shelf.paper(
        f"traces/{decision.identity}.html",
        f"Trace of {shelf.name(decision.act.system)} in {decision.act.product}",
        [Section("down", "What the decision rests on", [told, *blocks])],
        eyebrow=("Decision ", Digest(decision.identity, f"decisions/{decision.identity}.html")),
    )


def _branch(shelf: Shelf, step: Step) -> Branch:
    act = shelf.seen.state.accepted.get(step.name)
    name: Line = (Digest(step.name, place_of(shelf, act)),) if act else (step.name,)
    line: Line = (Strong(step.what), " ", *name, f" {step.says}")
    return Branch(line, [_branch(shelf, each) for each in step.below])


def evidence_paper(shelf: Shelf, run: Accepted[Run]) -> Paper:
    """The rows of one run: how many, of what, and the first of them by digest."""
    seal: Accepted[Seal] = shelf.seen.state.accepted[run.act.seal]
    found = shelf.hypothesis(seal)
    under = seal_line(shelf, seal)
    recorded: Line = (
        "Recorded by ",
        *by_line(run),
        f", {run.act.basis}, for ",
        *system_line(shelf, run.act.system),
        " under ",
        *under,
        ".",
    )
    identity: Line = ("Content digest of the rows: ", Digest(run.act.evidence, whole=True))
    try:
        table = shelf.work.evidence.open(run.act.evidence)
        blocks = [*_rows(_judged(table, found))]
    except InterlockError as error:
        blocks = [Words(f"The rows are not at hand: {error}.")]
    return shelf.paper(
        f"evidence/{run.identity}.html",
        f"Evidence on {shelf.name(run.act.system)}",
        [
            Section("run", "What was recorded", [Words(recorded), Words(identity)]),
            Section("rows", "Rows", blocks),
        ],
        eyebrow=("Run ", Digest(run.identity)),
    )


def _judged(table: pa.Table, found: Hypothesis | None) -> pa.Table:
    """The rows of judged metrics: what is sealed shows nowhere, were it in the evidence."""
    metrics = pa.array(found.metrics if found else (), pa.string())
    return table.filter(pc.is_in(table["metric"].cast(pa.string()), value_set=metrics))


def _rows(table: pa.Table) -> Iterator[Block]:
    counts = count_observations(table)
    yield Words(
        f"{counted(counts.expected, 'row')} of judged metrics: {counts.observed:,} scored, "
        f"{counts.unscored:,} unscored, {counts.errored:,} in error."
    )
    left = table.num_rows - _MOST_ROWS
    if left > 0:
        told = f"The first {_MOST_ROWS} stand below; {left:,} more are in the evidence: "
        yield Words((told, Code("interlock trace ID --rows"), " names them all."))
    if table.num_rows:
        head = ("Item", "Metric", "Epoch", "Value", "Status", "Prompt", "Completion")
        rows = [_row(one) for one in table.slice(0, _MOST_ROWS).to_pylist()]
        yield Table("Rows of judged metrics, as they were stored", head, rows, numbers=(2, 3))


def _row(row: dict[str, object]) -> tuple[Line, ...]:
    value = row["value"]
    return (
        (Name(str(row["item"])),),
        str(row["metric"]),
        str(row["epoch"]),
        "none" if value is None else f"{value:g}",
        str(row["status"]),
        _reference(row["prompt_ref"]),
        _reference(row["completion_ref"]),
    )


def _reference(found: object) -> Line:
    return (Digest(str(found)),) if found else ""
