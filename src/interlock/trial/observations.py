"""Observations: one row per measured thing, in one form whatever file it came from."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

_TERM = pa.dictionary(pa.int32(), pa.string())

STATUSES = ("scored", "unscored", "error")
"""What can have become of a row: it has a value, it has none, or producing it failed."""

REQUIRED = ("item", "metric", "value")
"""The columns a file must have; every other one has a default or may be empty."""

TEXTS = {"prompt": "prompt_ref", "completion": "completion_ref"}
"""Columns of text a file may bring, and the column that keeps their keyed digest instead."""

OBSERVATION_SCHEMA = pa.schema(
    [
        pa.field("run", _TERM),
        pa.field("system", _TERM),
        pa.field("suite", _TERM),
        pa.field("item", pa.string(), nullable=False),
        pa.field("cluster", pa.string(), nullable=False),
        pa.field("epoch", pa.int32(), nullable=False),
        pa.field("metric", _TERM, nullable=False),
        pa.field("value", pa.float64()),
        pa.field("status", _TERM, nullable=False),
        pa.field("source", _TERM),
        pa.field("slices", pa.map_(pa.string(), pa.string()), nullable=False),
        pa.field("prompt_ref", pa.string()),
        pa.field("completion_ref", pa.string()),
        pa.field("attachment_ref", pa.string()),
        pa.field("judge", _TERM),
        pa.field("rater", _TERM),
        pa.field("tokens_out", pa.int64()),
        pa.field("latency_ms", pa.float64()),
    ]
)
"""The columns of every observation.

``cluster`` is the unit of independence and ``epoch`` counts repeats of an item
from 0. ``value`` is null exactly where ``status`` is not ``scored``. Columns with
few distinct values are dictionaries, each batch with its own; ``status`` always
has the dictionary `STATUSES`. ``latency_ms`` is in milliseconds.
"""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many rows of a table can be counted on.

    Attributes:
        expected: All rows.
        observed: Rows with a value.
        unscored: Rows that nobody could score.
        errored: Rows that could not be produced.
    """

    expected: int
    observed: int
    unscored: int
    errored: int


def count_observations(table: pa.Table) -> Counts:
    """Count the rows of observations by what became of them."""
    status = table["status"].cast(pa.string())
    found = {one: len(table.filter(pc.equal(status, pa.scalar(one)))) for one in STATUSES}
    return Counts(
        expected=table.num_rows,
        observed=found["scored"],
        unscored=found["unscored"],
        errored=found["error"],
    )
