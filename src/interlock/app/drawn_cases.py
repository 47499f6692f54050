"""Evidence of drawn clusters: every row just as its bank and its protocol say, and no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from interlock.errors import WrongSampleError
from interlock.trial import BankCase, TrialProtocol, judge_kind

Clusters = tuple[tuple[str, tuple[BankCase, ...]], ...]
"""Each drawn cluster with its cases, in the sealed order."""

_COLUMNS = ["metric", "item", "epoch", "cluster", "judge", "rater", "status", "slices"]
_Place = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What the rows of one system must be.

    Attributes:
        clusters: The drawn clusters in their sealed order.
        protocol: Who judges each metric, and how often each case is run.
        partial: Metrics that people label a part of.
        sequential: Whether a prefix of whole clusters will do.
    """

    clusters: Clusters
    protocol: TrialProtocol
    partial: frozenset[str]
    sequential: bool

    @cached_property
    def cases(self) -> Mapping[str, BankCase]:
        """Every drawn case by its name."""
        return {one.item: one for _, cases in self.clusters for one in cases}

    def check(self, rows: pa.Table) -> int:
        """How many clusters the rows reach through, once they are what was drawn.

        Raises:
            WrongSampleError: A row was not drawn, is not as its bank or protocol
                says, stands twice, or a drawn one is absent.
        """
        found = _Found()
        for number, row in enumerate(_rows(rows), start=1):
            fault = self._fault(row, found.places)
            if fault:
                found.foreign += 1
                found.first = found.first or f"row {number} (item {row['item']!r}) {fault}"
            else:
                found.places.add((row["metric"], row["item"], row["epoch"]))
        taken = self._taken(found.places)
        absent = [place for place in self._due(taken) if place not in found.places]
        if found.foreign or absent or not taken:
            raise WrongSampleError(found.foreign, len(absent), found.first or self._gap(absent))
        return taken

    def _fault(self, row: Mapping[str, Any], seen: set[_Place]) -> str:
        """Why a row is no row of the sample; empty where it is one."""
        case, metric, epoch = self.cases.get(row["item"]), row["metric"], row["epoch"]
        if case is None:
            return "was not drawn"
        judge, said = self.protocol.judge(metric), row["judge"] or ""
        slices = {one.slice: one.value for one in case.slices}
        faults = {
            f"is not measured on {metric}": metric not in case.metrics,
            f"has the epoch {epoch}; its protocol has {self.protocol.epochs}, from 0 on": not (
                0 <= epoch < self.protocol.epochs
            ),
            f"is in the cluster {case.cluster!r}, not {row['cluster']!r}": (
                row["cluster"] != case.cluster
            ),
            f"is judged by {judge}, not by {said or 'nobody'}": said != judge,
            f"is judged by {judge} and names no rater": (
                judge_kind(judge) == "human" and row["status"] == "scored" and not row["rater"]
            ),
            "has other slices than its case": dict(row["slices"]) != slices,
            "stands twice": (metric, row["item"], epoch) in seen,
        }
        return next((fault for fault, there in faults.items() if there), "")

    def _taken(self, seen: set[_Place]) -> int:
        """The clusters that must be whole: all, or as far as the rows of a prefix reach."""
        if not self.sequential:
            return len(self.clusters)
        items = {item for _, item, _ in seen}
        reached = [
            place
            for place, (_, cases) in enumerate(self.clusters, start=1)
            if any(one.item in items for one in cases)
        ]
        return reached[-1] if reached else 0

    def _due(self, taken: int) -> Iterator[_Place]:
        for _, cases in self.clusters[:taken]:
            for one in cases:
                for metric in one.metrics:
                    if metric not in self.partial:
                        yield from ((metric, one.item, k) for k in range(self.protocol.epochs))

    def _gap(self, absent: list[_Place]) -> str:
        if not absent:
            return f"no row of the first cluster {self.clusters[0][0]!r} is there"
        metric, item, epoch = absent[0]
        return f"{metric} of item {item!r}, epoch {epoch}, is absent"


@dataclass
class _Found:
    """What was seen so far."""

    places: set[_Place] = field(default_factory=set)
    foreign: int = 0
    first: str = ""


def _rows(rows: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in rows.select(_COLUMNS).to_batches():
        yield from batch.to_pylist()
