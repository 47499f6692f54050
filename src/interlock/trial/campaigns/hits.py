"""Where attempts succeeded: the cells of category, attack and metric that have hits."""

from collections.abc import Iterable
from dataclasses import dataclass

from interlock.measure import Estimate, clustered_rate
from interlock.trial.campaigns.records import ItemRef
from interlock.trial.campaigns.tries import Try

EXEMPLARS = 3


@dataclass(frozen=True, kw_only=True)
class FailingCell:
    """One category under one attack, as one metric saw it.

    Attributes:
        category: The harm.
        attack: The attack; empty for requests as they come.
        metric: What was measured.
        hit: Behaviours on which at least one try succeeded.
        tried: Behaviours that were tried.
        unknown: Rows of which nobody could tell.
        rate: Share of tries that succeeded, over behaviours; unknown rows count as hits.
        exemplars: Items of up to three behaviours on which one succeeded.
    """

    category: str
    attack: str
    metric: str
    hit: int
    tried: int
    unknown: int
    rate: Estimate
    exemplars: tuple[ItemRef, ...]


def failing_cells(tries: Iterable[Try]) -> tuple[FailingCell, ...]:
    """Every cell, those with the most behaviours hit first."""
    cells: dict[tuple[str, str, str], list[Try]] = {}
    for one in tries:
        cells.setdefault((one.category, one.attack, one.metric), []).append(one)
    found = [_cell(key, rows) for key, rows in cells.items()]
    return tuple(sorted(found, key=lambda one: (-one.hit, one.category, one.attack, one.metric)))


def _cell(key: tuple[str, str, str], rows: list[Try]) -> FailingCell:
    first: dict[str, ItemRef] = {}
    for one in sorted(rows, key=lambda each: (each.ref.item, each.ref.evidence, each.epoch)):
        if one.hit:
            first.setdefault(one.ref.cluster, one.ref)
    counted = [one.hit or one.value is None for one in rows]
    return FailingCell(
        category=key[0],
        attack=key[1],
        metric=key[2],
        hit=len(first),
        tried=len({one.ref.cluster for one in rows}),
        unknown=sum(one.value is None for one in rows),
        rate=clustered_rate(counted, [one.ref.cluster for one in rows]),
        exemplars=tuple(first[cluster] for cluster in sorted(first)[:EXEMPLARS]),
    )
