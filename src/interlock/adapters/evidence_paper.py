"""Verdicts, slices and attempts on paper: the same cards wherever a judgement is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interlock.adapters.paper import (
    Badge,
    Block,
    Card,
    Code,
    Digest,
    Facts,
    Figure,
    Label,
    Line,
    Moment,
    Name,
    Table,
    Tone,
    Words,
)
from interlock.adapters.wording import sentence
from interlock.gate import EvidenceCounts, PartVerdict
from interlock.review import (
    EarlierAttempt,
    Evidence,
    SliceEvidence,
    describe,
    figure,
    interval,
    parts_strip,
    slices_strip,
    verdict_strip,
)

OUTCOMES: dict[str, Tone] = {"passed": "good", "failed": "bad", "undecided": "open"}

_SHOWN_SLICES = 12


def outcome_badge(outcome: str) -> Badge:
    """An outcome as a word, a form and a colour."""
    return Badge(outcome, OUTCOMES[outcome])


def verdict_card(one: Evidence) -> Card:
    """One criterion: what it claims, what was measured, why it came out so."""
    verdict = one.verdict
    blocks: list[Block] = []
    if one.red_line:
        blocks.append(Words((Label("Red line", "bad"), " No panel can waive it.")))
    if verdict.parts:
        told = ". ".join(f"{part.value}: {part.outcome}" for part in verdict.parts)
        caption = "Each part must lie below the limit on its own."
        blocks += [
            Figure(parts_strip(one), f"{verdict.label}: {verdict.outcome}. {told}", caption),
            Table(
                f"{sentence(verdict.label)} The same in figures",
                ("Part", "Outcome", "Rate", "Interval"),
                [_part(part, one) for part in verdict.parts],
                numbers=(2, 3),
            ),
        ]
    elif one.scale != "count":
        shown = f"{verdict.label}: {verdict.outcome}. {describe(one)}"
        blocks.append(Figure(verdict_strip(one), shown, describe(one)))
    blocks.append(Facts([*_why(one)], small=True))
    return Card(sentence(one.claim), blocks, badge=outcome_badge(verdict.outcome))


def _why(one: Evidence) -> Iterator[tuple[str, Sequence[Block]]]:
    verdict = one.verdict
    yield "Why", [Words(sentence(verdict.reason))]
    if verdict.attempt and one.scale != "count":
        spent = figure(verdict.alpha, "share")
        told = (
            f"Number {verdict.attempt} at this claim; it may pass wrongly with a chance of "
            f"{spent} at most"
        )
        yield "Attempt", [Words(told)]
    if verdict.estimate:
        yield "Method", [Words((Code(verdict.estimate.method),))]


def _part(part: PartVerdict, one: Evidence) -> tuple[Line, ...]:
    if part.estimate is None:
        return (part.value, part.outcome, "", sentence(part.reason))
    value = figure(part.estimate.value, one.scale)
    return (part.value, part.outcome, value, interval(part.estimate, one.scale))


def rows_line(rows: EvidenceCounts) -> str:
    """What became of the rows that were expected."""
    return (
        f"Rows: {rows.expected:,} expected, {rows.observed:,} scored, {rows.unscored:,} unscored "
        f"or missing, {rows.errored:,} in error. What was expected and is not scored counts "
        "against the release."
    )


def slices_blocks(slices: Sequence[SliceEvidence], names: tuple[str, str]) -> list[Block]:
    """What the search over slices found, metric by metric, worst first.

    Args:
        slices: Every slice that was searched, worst first.
        names: What the baseline and the candidate are called.
    """
    if not slices:
        return [Words("No slices were searched.")]
    told = (
        "Parts of the evidence, worst first. The ring is ",
        Name(names[0]),
        ", the solid mark is ",
        Name(names[1]),
        ". These were searched after the fact: none of them is proof that a part is safe. The "
        "chance is that of as many losses if gain and loss were equally likely, corrected for "
        "everything that was searched.",
    )
    return [Words(told), *(_slices_card(group) for group in _by_metric(slices))]


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


def _slices_card(group: _Group) -> Card:
    drawn = Figure(slices_strip(group.shown), ". ".join(map(_slice_told, group.shown)))
    blocks: list[Block] = [drawn]
    if group.left_out:
        left = f"{group.left_out} more slices came out less bad than these."
        blocks.append(Words(left, soft=True))
    blocks.append(
        Table(
            f"{sentence(group.metric)} The same in figures",
            ("Slice", "Standing", "Before", "After", "Units", "Chance"),
            [_slice_row(one) for one in group.shown],
            numbers=(2, 3, 4, 5),
        )
    )
    return Card(f"{sentence(group.metric)} {group.better.capitalize()} is better.", blocks)


def _slice_row(one: SliceEvidence) -> tuple[Line, ...]:
    found = one.finding
    chance = f"{found.p_adjusted:.3f}" if found.p_adjusted >= 0.001 else "under 0.001"
    return (
        f"{found.slice}: {found.value}",
        found.status,
        figure(found.before, one.scale),
        figure(found.after, one.scale),
        f"{found.clusters:,}",
        chance,
    )


def _slice_told(one: SliceEvidence) -> str:
    found = one.finding
    before, after = figure(found.before, one.scale), figure(found.after, one.scale)
    return f"{found.slice} {found.value}: {found.status}, from {before} to {after}"


def attempts_table(earlier: Sequence[EarlierAttempt], *, linked: str = "") -> Table:
    """Every criterion of other seals on the same systems or evidence.

    Args:
        earlier: The attempts.
        linked: Where the pages of seals lie within a site; empty for no links.
    """
    rows: list[tuple[Line, ...]] = [
        (
            sentence(one.claim),
            (Name(one.hypothesis), " ", Digest(one.seal, f"{linked}/{one.seal}.html"))
            if linked
            else (Name(one.hypothesis),),
            f"{one.attempt}",
            (Moment(one.time),),
            one.outcome,
            "no longer" if one.dropped else "yes",
        )
        for one in earlier
    ]
    return Table(
        "Attempts in other seals, until this assessment was written",
        ("Claim", "Hypothesis", "Attempt", "Sealed", "Came to", "Judged here"),
        rows,
        numbers=(2,),
    )
