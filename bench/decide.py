"""What it costs to decide on a million pairs, against merely reading their rows."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from interlock.adapters.evidence import EvidenceStore
from interlock.charter import AllOf, DifferenceNoninferior, Hypothesis, RatioBelow
from interlock.gate import PAIRING_COLUMNS, Terms, judge
from interlock.trial import OBSERVATION_SCHEMA

_ROWS = 1_000_000
_TURNS = 5
_BATCH = 1 << 17
_CATEGORIES = tuple(f"category-{k:02d}" for k in range(17))
_LANGUAGES = ("de", "en", "es", "fi")
_HYPOTHESIS = Hypothesis(
    name="bench",
    criteria=(
        RatioBelow(metric="harm", cut=0.40),
        DifferenceNoninferior(metric="helpfulness", margin=1.0, low=0.0, high=10.0),
        AllOf(metric="harm", below=0.05, values=_CATEGORIES),
    ),
)


def run(scale: int = _ROWS) -> list[dict[str, object]]:
    """Decide on two arms of ``scale`` rows; ratio of time to reading them, and peak memory.

    Half of the rows score harm and half helpfulness, in 17 categories and four
    languages. Deciding opens the evidence (which checks its digest), pairs it,
    judges a gain, a guard and a limit in each category, and searches all
    slices. The floor reads the same Parquet files with pyarrow and takes the
    mean of the values. Both are timed in turns, the best of five each, so that
    a busy machine slows both.
    """
    with tempfile.TemporaryDirectory() as folder:
        _child("write", folder, str(scale))
        # Before anything large happens here: a child's peak starts at its parent's size.
        peaks = {work: int(_child(work, folder)) for work in ("read", "decide")}
        turns = [(_seconds(_read, folder), _seconds(_decide, folder)) for _ in range(_TURNS)]
        floor, whole = (min(times) for times in zip(*turns, strict=True))
    rows = f"2 x {scale:,} rows"
    return [
        _figure(f"decide on {rows} / read them", round(whole / floor, 2), "ratio", bar=5),
        _figure(f"decide on {rows}", round(whole, 3), "s"),
        _figure(f"read {rows}", round(floor, 3), "s"),
        _figure(f"decide on {rows}, peak memory", peaks["decide"], "MiB"),
        _figure(f"read {rows}, peak memory", peaks["read"], "MiB"),
    ]


def _figure(name: str, value: float, unit: str, *, bar: float | None = None) -> dict[str, object]:
    return {"name": name, "value": value, "unit": unit, "bar": bar, "better": "lower"}


def _write(folder: str, scale: str) -> None:
    store = EvidenceStore(Path(folder))
    arms = [store.write(_batches(int(scale), arm, rate)) for arm, rate in enumerate((0.10, 0.03))]
    (Path(folder) / "arms").write_text(" ".join(arms))


def _read(folder: str) -> None:
    for digest in _arms(folder):
        found = parquet.read_table(Path(folder) / f"{digest}.parquet")
        float(np.mean(found["value"].to_numpy()))


def _decide(folder: str) -> None:
    store = EvidenceStore(Path(folder))
    before, after = (store.open(digest, columns=PAIRING_COLUMNS) for digest in _arms(folder))
    found = judge(_HYPOTHESIS, before, after, terms=Terms(basis="retrospective", seed=1))
    assert found.outcome == "passed"


def _arms(folder: str) -> list[str]:
    return (Path(folder) / "arms").read_text().split()


def _seconds(work: Callable[[str], None], folder: str) -> float:
    start = time.perf_counter()
    work(folder)
    return time.perf_counter() - start


def _child(*words: str) -> str:
    """Do one work in a process of its own; what it prints is its peak memory in MiB."""
    command = [sys.executable, __file__, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _batches(rows: int, system: int, rate: float) -> Iterator[pa.RecordBatch]:
    rng = np.random.default_rng(system)
    for start in range(0, rows, _BATCH):
        place = np.arange(start, min(start + _BATCH, rows))
        harm = place % 2 == 0
        score = np.where(harm, rng.random(len(place)) < rate, rng.integers(5, 11, len(place)))
        yield _batch(place // 2, harm, score)


def _batch(prompt: np.ndarray, harm: np.ndarray, score: np.ndarray) -> pa.RecordBatch:
    n = len(prompt)
    items = pa.array([f"prompt-{k:07d}" for k in prompt])
    values = np.stack([prompt % 17, 17 + prompt // 17 % 4], axis=1).ravel()
    slices = pa.MapArray.from_arrays(  # type: ignore[call-overload] # stubs want 64-bit offsets
        np.arange(0, 2 * n + 1, 2, dtype=np.int32),
        pa.array(["category", "language"] * n),
        pa.array(np.array([*_CATEGORIES, *_LANGUAGES])[values]),
    )
    columns = {
        "item": items,
        "cluster": items,
        "epoch": pa.array(np.zeros(n, dtype=np.int32)),
        "metric": pa.array(np.where(harm, "harm", "helpfulness")),
        "value": pa.array(score.astype(np.float64)),
        "status": pa.array(["scored"] * n),
        "slices": slices,
    }
    return pa.RecordBatch.from_arrays(
        [
            columns[field.name].cast(field.type)
            if field.name in columns
            else pa.nulls(n, field.type)
            for field in OBSERVATION_SCHEMA
        ],
        schema=OBSERVATION_SCHEMA,
    )


if __name__ == "__main__":
    works: dict[str, Callable[..., None]] = {"write": _write, "read": _read, "decide": _decide}
    works[sys.argv[1]](*sys.argv[2:])
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
