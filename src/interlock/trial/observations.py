"""Observations: one row per measured thing, in one form whatever file it came from."""

import pyarrow as pa

_TERM = pa.dictionary(pa.int32(), pa.string())

STATUSES = ("scored", "unscored", "error")

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
"""The columns of every observation. Columns with few distinct values are dictionaries."""
