"""The report itself: every page of it, written whole or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.html import html
from interlock.adapters.paper import Paper
from interlock.adapters.site import check_place, publish
from interlock.admission import Assessment, Decision, Run, Seal
from interlock.app.naming import Threads
from interlock.app.pages import Sight
from interlock.app.report.assessments import assessment_papers
from interlock.app.report.decisions import decision_paper, reviews_paper
from interlock.app.report.entries import ledger_papers, limits_paper
from interlock.app.report.hypotheses import hypotheses_paper, hypothesis_paper
from interlock.app.report.people import charter_paper, people_paper
from interlock.app.report.practice import practice_paper
from interlock.app.report.shelf import Shelf
from interlock.app.report.standing import standing_paper
from interlock.app.report.systems import all_systems, system_paper, systems_paper
from interlock.app.report.traces import evidence_paper, trace_paper
from interlock.app.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What was written.

    Attributes:
        folder: Where; its first page is ``index.html``.
        pages: How many pages.
        size: Entries of the log that they speak of.
        time: The checkpoint's time.
    """

    folder: Path
    pages: int
    size: int
    time: str


def report(work: Workspace, out: Path, *, tell: Callable[[str], None]) -> Reported:
    """Write everything that the log says into a folder of pages, for reading without a network.

    No page holds a prompt, a completion, or a figure of an engagement metric.
    The same log under the same clock gives the same bytes.

    Args:
        work: The workspace.
        out: The folder; new, empty, or an earlier report, which is replaced.
        tell: Says how far it has come.

    Raises:
        NotAReportError: The folder holds something that no report put there.
    """
    check_place(out.resolve())
    reading = work.current()
    tell(f"reading {reading.state.size:,} entries")
    shelf = Shelf(work, Sight(reading, Threads(reading.state), work.clock.now()))
    pages = publish(((one.path, html(one).encode()) for one in papers(shelf)), out, tell=tell)
    at = shelf.seen.as_of
    return Reported(folder=out, pages=pages, size=at.size, time=at.time)


def papers(shelf: Shelf) -> Iterator[Paper]:
    """Every page of a report."""
    yield standing_paper(shelf)
    yield reviews_paper(shelf)
    yield hypotheses_paper(shelf)
    yield systems_paper(shelf)
    yield practice_paper(shelf)
    yield people_paper(shelf)
    yield charter_paper(shelf)
    yield limits_paper(shelf)
    yield from ledger_papers(shelf)
    for decision in shelf.of(Decision):
        yield decision_paper(shelf, decision)
        yield trace_paper(shelf, decision)
    for assessment in shelf.of(Assessment):
        yield from assessment_papers(shelf, assessment)
    for seal in shelf.of(Seal):
        yield hypothesis_paper(shelf, seal)
    for run in shelf.of(Run):
        yield evidence_paper(shelf, run)
    for system in all_systems(shelf):
        yield system_paper(shelf, system)
