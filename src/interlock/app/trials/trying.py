"""Trying a plan on one system without a seal: rows to look at, and evidence of nothing."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from interlock.adapters.files import replace
from interlock.adapters.journal import TrialJournal
from interlock.app.trials.opening import opened
from interlock.app.trials.plans import Made, make_trial
from interlock.app.trials.products import read_product
from interlock.app.trials.running import journal_path, open_journal
from interlock.app.workspace import Workspace
from interlock.trial.running import (
    Arm,
    Cluster,
    Finished,
    Pace,
    Progress,
    Sheet,
    Totals,
    Trial,
    bank_of,
    cells_of,
    run,
)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of trying a plan.

    Attributes:
        rows: Rows written.
        finished: How it ended.
        totals: What it cost.
    """

    rows: int
    finished: Finished
    totals: Totals


def try_trial(
    work: Workspace,
    path: Path,
    out: Path,
    *,
    system: str,
    limit: int | None = None,
    told: Callable[[Progress], None] = lambda _: None,
) -> Tried:
    """Run a plan's cases on one system, and write what comes back as a table of observations.

    The table has the texts in it and can be compared and imported like any
    other; under a prospective seal it is no evidence. A try that was killed
    goes on where it was; one that was written begins anew.

    Args:
        work: The workspace.
        path: The plan (YAML).
        out: The table (``.jsonl``).
        system: The system.
        limit: Only the first so many cases.
        told: Called after each cell.

    Raises:
        InterlockError: As for `run_trial`, of seals nothing.
    """
    made = make_trial(work, path)
    cases = tuple(islice(made.cases, limit))
    judged = {one.metric for one in made.protocol.judges}
    bank = bank_of(cases, judged, made.protocol)
    by_name = {case.id: case for case in cases}
    clusters = tuple(((one, by_name[one.item]),) for one in bank.items)
    product = read_product(work, system)
    named = hashlib.sha256(f"{out.resolve()}\n{product.system}\n{bank.protocol}".encode())
    name = f"try-{named.hexdigest()[:32]}"
    with closing(open_journal(work, name)) as journal:
        arm, finished = asyncio.run(
            _tried(work, made, journal, clusters=clusters, system=system, told=told)
        )
        sheet = Sheet(run=made.plan.trial, journal=journal, protocol=made.protocol)
        lines = list(_lines(sheet, clusters[: finished.clusters], arm))
        totals = journal.totals()
    replace(out, b"".join(lines))
    if finished.finish == "complete":
        journal_path(work, name).unlink()
    return Tried(rows=len(lines), finished=finished, totals=totals)


async def _tried(
    work: Workspace,
    made: Made,
    journal: TrialJournal,
    *,
    clusters: tuple[Cluster, ...],
    system: str,
    told: Callable[[Progress], None],
) -> tuple[Arm, Finished]:
    products = [read_product(work, system)]
    async with opened(work, made.plan, products, prospective=False) as found:
        trial = Trial(
            clusters=clusters,
            arms=found.arms,
            epochs=made.protocol.epochs,
            judges=found.judges,
        )
        pace = Pace(concurrency=made.plan.concurrency, budget=made.plan.budget)
        return found.arms[0], await run(trial, journal, pace=pace, told=told)


def _lines(sheet: Sheet, clusters: tuple[Cluster, ...], arm: Arm) -> Iterator[bytes]:
    for cluster in clusters:
        for cell in cells_of(cluster, arm, epochs=sheet.protocol.epochs):
            for row in sheet.rows(cell):
                yield json.dumps(_told(row, sheet), ensure_ascii=False).encode() + b"\n"


def _told(row: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    """A row as the open table has it: slices as columns, texts instead of references."""
    ref = row.pop("completion_ref")
    slices = {f"slice.{name}": value for name, value in row.pop("slices")}
    texts = {"completion": sheet.journal.text(ref) if ref else None}
    return {key: value for key, value in (row | slices | texts).items() if value is not None} | {
        "value": row["value"]
    }
