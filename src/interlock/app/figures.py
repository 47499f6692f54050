"""Engagement figures once they are open: what is shown of them, and a file of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from interlock.adapters.files import replace
from interlock.errors import NotEnoughDataError
from interlock.measure import Estimate, cluster_means, student_mean
from interlock.trial import count_observations


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One metric of one system, as a description: nothing is decided by it.

    Attributes:
        metric: Its name.
        rows: All its rows.
        missing: Rows without a value, left out of the mean.
        clusters: Independent clusters with a value.
        mean: The mean over clusters with Student's interval; ``None`` with fewer
            than two clusters.
    """

    metric: str
    rows: int
    missing: int
    clusters: int
    mean: Estimate | None


def figures_of(table: pa.Table) -> tuple[Figure, ...]:
    """Every metric's figure, by name."""
    metrics = table["metric"].cast(pa.string())
    names = sorted(str(name) for name in pc.unique(metrics).to_pylist())
    return tuple(_figure(name, table.filter(pc.equal(metrics, pa.scalar(name)))) for name in names)


def write_rows(table: pa.Table, to: Path) -> None:
    """Write rows as JSON lines, a form in which they can be imported anywhere; private."""
    lines = [json.dumps(_plain(row), ensure_ascii=False) for row in table.to_pylist()]
    replace(to, "".join(f"{line}\n" for line in lines).encode(), private=True)


def _figure(name: str, rows: pa.Table) -> Figure:
    counts = count_observations(rows)
    scored = rows.filter(pc.is_valid(rows["value"]))
    try:
        means = cluster_means(scored["value"].to_numpy(), scored["cluster"].to_numpy())
        mean = student_mean(means)
    except NotEnoughDataError:
        mean = None
    return Figure(
        metric=name,
        rows=counts.expected,
        missing=counts.expected - counts.observed,
        clusters=len(pc.unique(scored["cluster"])),
        mean=mean,
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    slices = {f"slice.{name}": value for name, value in row.pop("slices")}
    kept = {name: value for name, value in row.items() if value is not None or name == "value"}
    return kept | slices
