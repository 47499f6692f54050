"""Arms of observations for tests, written as briefly as they are thought."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from interlock.trial import OBSERVATION_SCHEMA

Row = Mapping[str, Any]
Rows = Sequence[Row]


def arm(rows: Iterable[Row]) -> pa.Table:
    """A table of observations from rows that need only ``item`` and ``value``."""
    return pa.Table.from_pylist([_row(**row) for row in rows], schema=OBSERVATION_SCHEMA)


def scored(values: Sequence[float | None], *, metric: str = "harm", **same: Any) -> list[Row]:
    """One row an item, its value in turn; ``None`` is an unscored row."""
    return [
        {"item": f"{metric}-{k:05d}", "metric": metric, "value": value, **same}
        for k, value in enumerate(values)
    ]


def _row(item: str, value: float | None, **given: Any) -> dict[str, Any]:
    return {
        "item": item,
        "value": value,
        "metric": given.get("metric", "harm"),
        "cluster": given.get("cluster", item),
        "epoch": given.get("epoch", 0),
        "status": given.get("status", "scored" if value is not None else "unscored"),
        "slices": list(given.get("slices", {}).items()),
        "judge": given.get("judge"),
    }
