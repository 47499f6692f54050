"""Rows come back the same from every format, whatever they hold."""

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from interlock.adapters.evidence import EvidenceStore
from interlock.adapters.tables import read_observations
from interlock.trial.fingerprint import fingerprints

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "item": WORDS.filter(lambda word: word == word.strip()),
            "metric": st.sampled_from(["harm", "help", "Ä, ö"]),
            "value": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "epoch": st.integers(0, 2**31 - 1),
            "cluster": st.none() | WORDS,
            "status": st.sampled_from(["scored", "unscored", "error"]),
            "judge": st.none() | WORDS,
            "slice.language": st.none() | WORDS,
            "slice.tier": st.none() | WORDS,
            "tokens_out": st.none() | st.integers(0, 2**50),
            "latency_ms": st.none() | st.floats(0, 1e9),
        }
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda row: (row["item"], row["metric"], row["epoch"]),
)


def expected(row: dict[str, Any]) -> dict[str, Any]:
    """What a row means, said a second time and one row at a time."""
    found = {name: value for name, value in row.items() if "slice." not in name}
    scored = row["status"] == "scored" and row["value"] is not None
    found["value"] = row["value"] if scored else None
    found["status"] = "unscored" if row["status"] == "scored" and not scored else row["status"]
    found["cluster"] = row["cluster"] or row["item"]
    tags = [(name.removeprefix("slice."), row[name]) for name in ("slice.language", "slice.tier")]
    found["slices"] = [(name, value) for name, value in tags if value is not None]
    return found


def save(path: Path, rows: list[dict[str, Any]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        parquet.write_table(pa.Table.from_pylist(rows), path)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_every_format_gives_the_same_rows_and_the_same_evidence(rows: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as name:
        folder, digests = Path(name), set()
        store = EvidenceStore(folder / "evidence")
        for kind in ("csv", "jsonl", "parquet"):
            path = folder / f"rows.{kind}"
            save(path, rows)
            digests.add(store.write(read_observations(path)))
        (digest,) = digests
        found = store.open(digest).to_pylist()
    for row, made in zip(rows, found, strict=True):
        meant = expected(row)
        assert {field: made[field] for field in meant} == meant


@given(st.lists(st.text(max_size=40), max_size=40), st.integers(0, 5))
def test_unlike_fingerprints_are_of_unlike_texts(texts: list[str], start: int) -> None:
    texts = [text.encode(errors="ignore").decode() for text in texts]
    whole = pa.array([*["x"] * start, *texts], pa.string())
    prints = fingerprints(whole.slice(start))
    assert prints.tolist() == [int(fingerprints(pa.array([text]))[0]) for text in texts]
    assert len(set(prints.tolist())) == len(set(texts))
