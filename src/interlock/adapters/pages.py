"""An assessment and its decision as one page: for a lawyer to read, harmless to a browser.

The page is whole in itself: no script, nothing fetched. Its own content
security policy allows only its own stylesheet, by hash, so that even text
that escaped its element could neither run nor load anything.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from interlock.admission import Condition
from interlock.review import (
    CastVote,
    SafetyImpactAssessment,
    SliceEvidence,
    Step,
    describe,
    figure,
    interval,
    mark,
    parts_strip,
    slices_strip,
    tally,
    verdict_strip,
    visible,
)

Standing = Literal[
    "under-review",
    "go",
    "no-go",
    "held",
    "revoked",
    "expired",
    "superseded",
    "contradicted",
    "lost",
]

_SHOWN_SLICES = 12


@dataclass(frozen=True, kw_only=True)
class AsOf:
    """The checkpoint a page speaks from; nothing later is known to it."""

    origin: str
    size: int
    time: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer on the record."""

    person: str
    text: str
    time: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question on the record, with what became of it.

    Attributes:
        person: Who asked.
        role: The role they asked in.
        text: The question, verbatim.
        time: When the log took it in.
        answers: Every answer, oldest first.
        closed: When an answer was accepted; empty while it is open.
    """

    person: str
    role: str
    text: str
    time: str
    answers: tuple[Answered, ...] = ()
    closed: str = ""


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The decision on the log.

    Attributes:
        identity: Its statement's identity.
        outcome: ``go`` or ``no-go``.
        person: Who recorded it.
        time: When the log took it in.
        expires: When a go ends.
        conditions: Bounds the release must be served inside.
    """

    identity: str
    outcome: Literal["go", "no-go"]
    person: str
    time: str
    expires: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Traced:
    """One entry of the log that the page rests on, or a digest one of them names.

    Attributes:
        what: What it is, in words.
        person: Who signed it; empty where nobody signs such a thing.
        identity: Statement identity, or the digest of a record or of evidence.
        index: Place on the log; ``None`` for what a statement only names.
        time: When the log took it in; empty without an index.
    """

    what: str
    person: str
    identity: str
    index: int | None = None
    time: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """Everything one page shows, as plain facts.

    Attributes:
        document: The assessment.
        author: Who put it before the panel.
        assessment: Statement identity of the assessment.
        time: When the log took it in.
        standing: How the matter stands as of the checkpoint.
        standing_reason: Why it is held or revoked, verbatim; else empty.
        as_of: The checkpoint.
        required: Roles whose go a GO needs, in the charter's order.
        votes: Standing votes.
        questions: Every question, oldest first.
        ruling: The decision; ``None`` before there is one.
        steps: The review's steps and their times.
        days_in_review: Days from assessment to decision; ``None`` before one.
        trace: Every identity behind the page, from the decision to the rows.
    """

    document: SafetyImpactAssessment
    author: str
    assessment: str
    time: str
    standing: Standing
    standing_reason: str = ""
    as_of: AsOf
    required: tuple[str, ...]
    votes: tuple[CastVote, ...] = ()
    questions: tuple[Asked, ...] = ()
    ruling: Ruling | None = None
    steps: tuple[Step, ...] = ()
    days_in_review: float | None = None
    trace: tuple[Traced, ...] = ()


def review_page(page: ReviewPage) -> str:
    """The page as one HTML document."""
    environment = _environment()
    style = _stylesheet()
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("review.html").render(
        page=page,
        doc=page.document,
        tally=tally(page.votes, required=page.required),
        slices=_by_metric(page.document.slices),
        style=Markup(style),  # noqa: S704 - our own stylesheet, a file of this package
        allowed=allowed,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("interlock.adapters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(
        figure=figure,
        interval=interval,
        told=describe,
        strip=lambda one: _drawing(verdict_strip(one)),
        parts=lambda one: _drawing(parts_strip(one)),
        slices=lambda many: _drawing(slices_strip(many)),
        mark=lambda standing: _drawing(mark(standing)),
        moment=moment,
        lasted=lasted,
        condition=condition,
        sentence=sentence,
    )
    return environment


@cache
def _stylesheet() -> str:
    sheet = resources.files("interlock.adapters").joinpath("templates/review.css")
    return sheet.read_text("utf-8")


def moment(time: str) -> str:
    """A time of the log as people write it: ``21 November 2026, 21:52 UTC``."""
    at = datetime.fromisoformat(time)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def lasted(days: float) -> str:
    """A duration in the unit people would use."""
    if days >= 1:
        return f"{days:.1f} days"
    hours = days * 24
    return f"{hours:.1f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"


def condition(one: Condition) -> str:
    """A condition on the release, in words."""
    if one.kind == "max_traffic_percent":
        return f"At most {one.limit} % of traffic."
    return f"Only for the tier {one.limit}."


def sentence(text: str) -> str:
    """The text with a capital letter in front and a full stop behind."""
    ended = text.strip()
    if ended and ended[-1] not in ".!?":
        ended += "."
    return ended[:1].upper() + ended[1:]


@dataclass(frozen=True, kw_only=True)
class _Group:
    """The slices of one metric, worst first, as many as a page can bear.

    What speaks against is never left out.
    """

    metric: str
    better: str
    shown: tuple[SliceEvidence, ...]
    left_out: int


def _by_metric(slices: Sequence[SliceEvidence]) -> tuple[_Group, ...]:
    """Slices apart by metric, since only figures of one metric share an axis."""
    found: dict[str, list[SliceEvidence]] = {}
    for one in slices:
        found.setdefault(one.finding.metric, []).append(one)
    return tuple(
        _Group(
            metric=metric,
            better=many[0].better,
            shown=(shown := tuple(_shown_of(many))),
            left_out=len(many) - len(shown),
        )
        for metric, many in found.items()
    )


def _shown_of(many: Sequence[SliceEvidence]) -> Iterator[SliceEvidence]:
    for place, one in enumerate(many):
        if place < _SHOWN_SLICES or one.finding.status != "undecided":
            yield one


def _drawing(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn by review, which escapes every word it is given


def _shown(value: object) -> object:
    """Text as a reader must see it: no hidden control, no reordered letters."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
