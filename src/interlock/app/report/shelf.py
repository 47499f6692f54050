"""What every page of a report is made from: one reading of the log, and the records it names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from interlock.adapters.pages import Review
from interlock.adapters.paper import Digest, Inline, Line, Link, Name, Paper, Section
from interlock.adapters.paper import Moment as At
from interlock.adapters.review_paper import as_of_line
from interlock.admission import (
    Accepted,
    Assessment,
    Decision,
    Engagement,
    Hold,
    Kill,
    Recomputation,
    Rollback,
    Run,
    Seal,
    Verdict,
    Vote,
)
from interlock.app.assessments import document_of
from interlock.app.pages import Sight, review_of
from interlock.app.systems import system_names
from interlock.app.verdicts import judgement_of
from interlock.app.workspace import Workspace
from interlock.charter import Hypothesis
from interlock.errors import (
    AlteredCopyError,
    InvalidRecordError,
    RecordMissingError,
    UnknownKindError,
    UntrueVerdictError,
)
from interlock.gate import Judgement
from interlock.ledger import posix
from interlock.review import SafetyImpactAssessment

T = TypeVar("T")

LEDGER_PAGE = 500
"""Entries of the log on one page."""

MENU = (
    Link("What stands", "index.html"),
    Link("Reviews", "reviews.html"),
    Link("Hypotheses", "hypotheses.html"),
    Link("Systems", "systems.html"),
    Link("Practice", "practice.html"),
    Link("People", "people.html"),
    Link("Charter", "charter.html"),
    Link("Ledger", "ledger.html"),
    Link("Limits", "limits.html"),
)

_DAY_SECONDS = 24 * 60 * 60
_UNREADABLE = (RecordMissingError, UnknownKindError, InvalidRecordError, AlteredCopyError)


@dataclass(frozen=True)
class Shelf:
    """One reading of a workspace, from which all pages of one report are made.

    Attributes:
        work: The workspace.
        seen: Its log at one moment.
    """

    work: Workspace
    seen: Sight
    _kept: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)

    def of(self, kind: type[T]) -> tuple[Accepted[T], ...]:
        """Every accepted act of one kind, in the log's order."""
        return self._once("of", kind.__name__, lambda: tuple(self.seen.state.of(kind)))

    def record(self, named: str, kind: type[T]) -> T | None:
        """The record with this digest; None where it is not stored here, or is another thing."""
        found = self._once("record", named, lambda: self._read(named))
        return found if isinstance(found, kind) else None

    def hypothesis(self, seal: Accepted[Seal]) -> Hypothesis | None:
        """What was sealed, where its record is stored here."""
        return self.record(seal.act.hypothesis, Hypothesis)

    def judgement(self, verdict: Accepted[Verdict]) -> Judgement | None:
        """The numbers of a verdict; None where they are not here, or are not what was signed."""
        return self._once("judgement", verdict.identity, lambda: self._judged(verdict))

    def document(self, found: Accepted[Assessment]) -> SafetyImpactAssessment | None:
        """The document of an assessment, where it is stored here as it was signed."""
        return self._once("document", found.identity, lambda: self._document(found))

    def review(self, found: Accepted[Assessment]) -> Review:
        """What the log says of a review, its last decision told."""
        return self._once(
            "review",
            found.identity,
            lambda: review_of(self.seen, found, candidate=self.name(found.act.system)),
        )

    def name(self, system: str) -> str:
        """What people call a system, by every hypothesis that names it; else its digest's start."""
        names = self._once("names", "", self._names)
        return " / ".join(names.get(system, ())) or system[:12]

    def seal_of(self, verdict: Accepted[Verdict]) -> Accepted[Seal]:
        """The seal a verdict answers to."""
        found: Accepted[Seal] = self.seen.state.accepted[verdict.act.seal]
        return found

    def days_left(self, until: str) -> float:
        """Days until a time, as of the reader's clock; negative after it."""
        return (posix(until) - posix(self.seen.time)) / _DAY_SECONDS

    def paper(
        self,
        path: str,
        title: str,
        sections: list[Section],
        **more: Any,  # noqa: ANN401 - a paper's own fields
    ) -> Paper:
        """A page of this report."""
        fields: dict[str, Any] = {
            "eyebrow": ("Report of ", Name(self.seen.as_of.origin)),
            "kind": "Interlock report",
            "as_of": as_of_line(self.seen.as_of),
            "menu": MENU,
        }
        return Paper(title=title, sections=sections, path=path, **(fields | more))

    def _once(self, what: str, name: str, make: Callable[[], T]) -> T:
        key = (what, name)
        if key not in self._kept:
            self._kept[key] = make()
        return cast("T", self._kept[key])

    def _read(self, named: str) -> object:
        try:
            return self.work.log.record(named)
        except _UNREADABLE:
            return None

    def _judged(self, verdict: Accepted[Verdict]) -> Judgement | None:
        try:
            return judgement_of(self.work, verdict)
        except (*_UNREADABLE, UntrueVerdictError):
            return None

    def _document(self, found: Accepted[Assessment]) -> SafetyImpactAssessment | None:
        try:
            return document_of(self.work, found)
        except _UNREADABLE:
            return None

    def _names(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, dict[str, None]] = {}
        for seal in self.of(Seal):
            try:
                called = system_names(self.work, seal.act)
            except _UNREADABLE:
                continue
            for system, name in called.items():
                names.setdefault(system, {})[name] = None
        return {system: tuple(many) for system, many in names.items()}


def place_of(shelf: Shelf, act: Accepted[Any]) -> str:  # noqa: PLR0911 - one arm a kind
    """The page on which an act is told, from the root of the site."""
    said = act.act
    accepted = shelf.seen.state.accepted
    match said:
        case Decision():
            return f"decisions/{act.identity}.html"
        case Assessment():
            return f"assessments/{act.identity}.html"
        case Seal():
            return f"hypotheses/{act.identity}.html"
        case Verdict() | Engagement():
            return f"hypotheses/{said.seal}.html"
        case Recomputation():
            return f"hypotheses/{accepted[said.verdict].act.seal}.html"
        case Run():
            return f"evidence/{act.identity}.html"
        case Vote():
            return f"assessments/{said.assessment}.html#votes"
        case Hold() | Kill() | Rollback():
            return f"systems/{said.system}.html"
        case _:
            return entry_place(act.index)


def entry_place(index: int) -> str:
    """Where an entry of the log stands in the report."""
    return f"{ledger_page(index // LEDGER_PAGE)}#entry-{index}"


def ledger_page(number: int) -> str:
    """The file of one page of the ledger, counted from 0."""
    return f"ledger-{number + 1}.html" if number else "ledger.html"


def system_line(shelf: Shelf, system: str) -> Line:
    """A system by its name, leading to its page."""
    return (Link(shelf.name(system), f"systems/{system}.html"),)


def hypothesis_name(shelf: Shelf, seal: Accepted[Seal]) -> str:
    """What people call a sealed hypothesis; else its seal's start."""
    found = shelf.hypothesis(seal)
    return found.name if found else seal.identity[:12]


def seal_line(shelf: Shelf, seal: Accepted[Seal]) -> Line:
    """A sealed hypothesis by its name, leading to its page."""
    return (Link(hypothesis_name(shelf, seal), f"hypotheses/{seal.identity}.html"),)


def by_line(act: Accepted[Any]) -> Line:
    """Who did something and when, and where it stands on the log."""
    return (
        Name(act.person),
        ", ",
        At(act.time),
        ", entry ",
        Link(f"{act.index}", entry_place(act.index)),
    )


def acts_line(shelf: Shelf, acts: list[Accepted[Any]]) -> Line:
    """Identities of acts, each leading to its page."""
    pieces: list[Inline] = []
    for each in acts:
        pieces += [", " if pieces else "", Digest(each.identity, place_of(shelf, each))]
    return pieces or ("none",)


def quarter(time: str) -> str:
    """The quarter of a time of the log: ``2026 Q4``."""
    return f"{time[:4]} Q{(int(time[5:7]) + 2) // 3}"


def quarters(times: Iterator[str]) -> list[str]:
    """Quarters in their order, each once."""
    return sorted({quarter(one) for one in times})
