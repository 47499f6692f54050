"""Figures of the practice: gates cleared, days in review, attempts and alpha, holds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from interlock.adapters.paper import (
    Block,
    Digest,
    Line,
    Moment,
    Name,
    Paper,
    Section,
    Table,
    Words,
)
from interlock.adapters.wording import lasted
from interlock.admission import Accepted, Assessment, Decision, Hold, Lift, Seal, Verdict
from interlock.app.report.shelf import Shelf, quarter, system_line
from interlock.charter import Charter
from interlock.errors import AlphaSpentError
from interlock.gate import alpha_of
from interlock.ledger import posix
from interlock.review import figure

_DAY_SECONDS = 24 * 60 * 60


def practice_paper(shelf: Shelf) -> Paper:
    """How the practice works, in figures that the log itself keeps."""
    return shelf.paper(
        "practice.html",
        "Figures of the practice",
        [
            Section("gates", "Gates cleared, per quarter", _gates(shelf)),
            Section("days", "Days in each step of a review", _days(shelf)),
            Section("attempts", "Attempts and the error they spent", _attempts(shelf)),
            Section("holds", "Holds", _holds(shelf)),
        ],
    )


def _gates(shelf: Shelf) -> list[Block]:
    verdicts = Counter((quarter(one.time), one.act.outcome) for one in shelf.of(Verdict))
    decisions = Counter((quarter(one.time), one.act.outcome) for one in shelf.of(Decision))
    named = sorted({when for when, _ in (*verdicts, *decisions)})
    if not named:
        return [Words("Nothing was judged yet.")]
    rows: list[tuple[Line, ...]] = [
        (
            when,
            *(f"{verdicts[when, came]}" for came in ("passed", "failed", "undecided")),
            *(f"{decisions[when, came]}" for came in ("go", "no-go")),
        )
        for when in named
    ]
    head = ("Quarter", "Passed", "Failed", "Undecided", "GO", "NO-GO")
    return [
        Words("A gate is cleared when a verdict on a sealed hypothesis passed."),
        Table("Verdicts and decisions, by the log's time", head, rows, numbers=range(1, 6)),
    ]


def _days(shelf: Shelf) -> list[Block]:
    taken: dict[str, list[float]] = {}
    for one in shelf.of(Assessment):
        review = shelf.review(one)
        for step in review.steps:
            taken.setdefault(step.name, []).append(step.days)
        if review.days_in_review is not None:
            taken.setdefault("All of it: assessment to decision", []).append(review.days_in_review)
    if not taken:
        return [Words("Nothing was put before the panel yet.")]
    rows: list[tuple[Line, ...]] = [
        (name, f"{len(many)}", lasted(median(many)), lasted(max(many)))
        for name, many in taken.items()
    ]
    head = ("Step", "Reviews", "Median", "Longest")
    return [Table("How long each step took", head, rows, numbers=(1, 2, 3))]


def _attempts(shelf: Shelf) -> list[Block]:
    rows = [*_lineages(shelf)]
    if not rows:
        return [Words("Nothing was sealed yet.")]
    head = ("Claim", "Product", "Baseline", "Attempts", "Alpha spent", "Left")
    return [
        Words(
            "Each attempt at a claim against the same baseline leaves the next one less error to "
            "spend; another bar, slice, rubric or name is no other claim."
        ),
        Table("Every claim that was tried", head, rows, numbers=(3, 4, 5)),
    ]


def _lineages(shelf: Shelf) -> Iterator[tuple[Line, ...]]:
    labels = _labels(shelf)
    for (product, baseline, claim), count in shelf.seen.state.attempts.items():
        label, alpha, schedule = labels.get(claim, (claim[:12], None, "halving"))
        spent = None if alpha is None else _spent(count, alpha, schedule)
        yield (
            label,
            (Name(product),),
            system_line(shelf, baseline),
            f"{count}",
            "not known" if spent is None else figure(spent, "share"),
            "" if spent is None or alpha is None else figure(max(alpha - spent, 0.0), "share"),
        )


def _labels(shelf: Shelf) -> dict[str, tuple[str, float | None, "str | Sequence[float]"]]:
    """For each claim what it says, in the words of the first seal of it, and its alpha."""
    found: dict[str, tuple[str, float | None, str | Sequence[float]]] = {}
    for seal in shelf.of(Seal):
        hypothesis = shelf.hypothesis(seal)
        charter = shelf.record(seal.act.charter, Charter)
        criteria = {one.id: one for one in hypothesis.criteria} if hypothesis else {}
        for lineage in seal.act.lineages:
            one = criteria.get(lineage.criterion)
            if one is not None and hypothesis is not None:
                label = f"{one.metric}, {one.kind.replace('_', ' ')}"
                schedule = charter.schedule if charter else "halving"
                found.setdefault(lineage.claim, (label, hypothesis.alpha, schedule))
    return found


def _spent(count: int, alpha: float, schedule: "str | Sequence[float]") -> float:
    """What so many attempts may have spent of a claim's alpha; a claim that is spent has all."""
    shares: Sequence[float] | str = schedule
    try:
        return sum(
            alpha_of(k, alpha=alpha, schedule="halving" if isinstance(shares, str) else shares)
            for k in range(1, count + 1)
        )
    except AlphaSpentError:
        return alpha


def _holds(shelf: Shelf) -> list[Block]:
    rows = [_hold(shelf, one) for one in shelf.of(Hold)]
    if not rows:
        return [Words("Nothing was ever held.")]
    head = ("System", "Product", "By", "Since", "For", "Lifted by", "Why")
    return [Table("Every hold, oldest first", head, rows)]


def _hold(shelf: Shelf, hold: Accepted[Hold]) -> tuple[Line, ...]:
    lifts = shelf.seen.threads.naming(hold.identity, Lift)
    end = lifts[0].time if lifts else shelf.seen.time
    days = (posix(end) - posix(hold.time)) / _DAY_SECONDS
    by: Line = (Name(lifts[0].person), ", ", Digest(lifts[0].identity)) if lifts else "nobody yet"
    return (
        system_line(shelf, hold.act.system),
        (Name(hold.act.product),),
        (Name(hold.person),),
        (Moment(hold.time),),
        lasted(days),
        by,
        hold.act.reason,
    )
