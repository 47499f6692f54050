"""What it costs to import a log of 10,000 samples, against merely unzipping and parsing it."""

import json
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from tests.zips import write_zip

from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.tables import read_observations

_SAMPLES = 10_000
_TURNS = 5
_LOCAL = struct.Struct("<4s5H3L2H")


def run(scale: int = _SAMPLES) -> list[dict[str, object]]:
    """Read ``scale`` samples of some 5 kB each; ratio of processor time to the floor, and memory.

    The floor lists the members with Python's ``zipfile``, unpacks each with
    pyarrow's zstandard and gives it to ``json.loads``: what any reader in
    Python must do. Both are timed in turns, the best of five each, so that a
    busy machine slows both.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_zip(folder / "log.eval", _members(scale))
        turns = [(_seconds(_bare, path), _seconds(_read, path)) for _ in range(_TURNS)]
        floor, whole = (min(times) for times in zip(*turns, strict=True))
        kept = _seconds(_keep, path)
        peaks = {work: _peak(work, path) for work in ("bare", "read")}
    samples = f"{scale:,} Inspect samples"
    return [
        _figure(
            f"read {samples} / unzip and parse them", round(whole / floor, 2), "ratio", bar=1.5
        ),
        _figure(f"read {samples}", round(whole, 3), "s"),
        _figure(f"unzip and parse {samples}", round(floor, 3), "s"),
        _figure(f"read {samples} and keep evidence and texts", round(kept, 3), "s"),
        _figure(f"read {samples}, memory", peaks["read"] - peaks["bare"], "MiB more"),
    ]


def _figure(name: str, value: float, unit: str, *, bar: float | None = None) -> dict[str, object]:
    return {"name": name, "value": value, "unit": unit, "bar": bar, "better": "lower"}


def _bare(path: Path) -> None:
    codec = pa.Codec("zstd")
    with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        for info in archive.infolist():
            stream.seek(info.header_offset)
            *_, name, extra = _LOCAL.unpack(stream.read(_LOCAL.size))
            stream.seek(name + extra, 1)
            packed = stream.read(info.compress_size)
            json.loads(codec.decompress(packed, info.file_size, asbytes=True))


def _read(path: Path) -> None:
    rows = sum(batch.num_rows for batch in read_observations(path))
    assert rows >= 1


def _keep(path: Path) -> None:
    texts = TextStore(path.parent / "texts", b"k" * 32)
    EvidenceStore(path.parent / "evidence").write(read_observations(path, texts=texts))


def _seconds(work: Callable[[Path], None], path: Path) -> float:
    start = time.process_time()
    work(path)
    return time.process_time() - start


def _peak(work: str, path: Path) -> int:
    """Peak memory in MiB of one work in a process of its own."""
    code = (
        "import resource; from pathlib import Path; from bench import inspect_log; "
        f"inspect_log._{work}(Path({str(path)!r})); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout)


def _members(samples: int) -> Iterator[tuple[str, bytes]]:
    for k in range(samples):
        yield f"samples/s{k}_epoch_1.json", json.dumps(_sample(k)).encode()
    ids = [f"s{k}" for k in range(samples)]
    dataset = {"samples": samples, "sample_ids": ids}
    plan = {"model": "mockllm/model", "dataset": dataset, "config": {"epochs": 1}, "task": "bench"}
    results = {"total_samples": samples, "completed_samples": samples, "scores": []}
    header = {"version": 2, "status": "success", "eval": plan, "results": results}
    yield "header.json", json.dumps(header).encode()


def _sample(k: int) -> dict[str, Any]:
    """A sample of the size and the parts of a real one: most of it is events nobody imports."""
    asked = {"id": f"in-{k}", "role": "user", "source": "input", "content": f"question {k}"}
    said = {"id": f"out-{k}", "role": "assistant", "content": "an answer of some words " * 4}
    output = {
        "model": "mockllm/model",
        "choices": [{"message": said, "stop_reason": "stop"}],
        "completion": said["content"],
        "usage": {"input_tokens": 20, "output_tokens": 17, "total_tokens": 37},
        "time": 0.25 + k % 7 / 10,
    }
    spans = [_span(k, place, edge) for place in range(7) for edge in ("span_begin", "span_end")]
    change = {"op": "add", "path": "/messages/1", "value": said}
    state = {**_span(k, 7, "state"), "changes": [change]}
    call = {**_span(k, 8, "model"), "model": "mockllm/model", "config": {}, "output": output}
    return {
        "id": f"s{k}",
        "epoch": 1,
        "input": f"question {k}",
        "target": "answer",
        "messages": [asked, said],
        "output": output,
        "scores": {"harm": {"value": float(k % 7 == 0), "answer": "no", "history": []}},
        "metadata": {"language": ("de", "en")[k % 2]},
        "store": {},
        "events": [*spans, state, call],
        "model_usage": {"mockllm/model": output["usage"]},
        "uuid": f"sample-{k:08d}",
        "error_retries": [],
        "attachments": {},
    }


def _span(k: int, place: int, event: str) -> dict[str, Any]:
    return {
        "uuid": f"event-{k:08d}-{place}",
        "span_id": f"span-{k:08d}-{place}",
        "timestamp": "2026-11-21T20:38:50.881649+00:00",
        "working_start": 1659.511919733 + k,
        "event": event,
        "id": f"span-{k:08d}-{place}",
        "name": "generate",
    }
