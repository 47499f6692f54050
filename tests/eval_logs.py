"""Logs in the form that Inspect writes, made by hand so that each can be wrong in one way."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.zips import ZSTD, write_zip

Fields = dict[str, Any]


def sample(item: str | int, *, epoch: int = 1, **given: Any) -> Fields:
    """A sample; ``scores`` maps scorers to bare values unless ``raw`` gives it whole."""
    scores = given.pop("scores", {"harm": 0.0})
    made: Fields = {
        "id": item,
        "epoch": epoch,
        "input": f"question {item}",
        "target": "",
        "output": {"completion": f"answer {item}", "time": 0.5, "usage": {"output_tokens": 3}},
        "scores": {name: {"value": value, "history": []} for name, value in scores.items()},
        "metadata": {},
        "events": [],
    }
    return made | given


def header(samples: Sequence[Fields], **given: Any) -> Fields:
    """A header that fits samples; ``eval`` and ``results`` are merged, the rest replaces."""
    ids = list(dict.fromkeys(one["id"] for one in samples))
    epochs = max(1, *(one["epoch"] for one in samples))
    total = len(ids) * epochs
    plan = {
        "eval_id": "run-1",
        "task": "asked",
        "model": "test/model",
        "dataset": {"samples": len(ids), "sample_ids": ids},
        "config": {"epochs": epochs, "model_args": {"api_key": "secret-key"}},
    }
    results = {"total_samples": total, "completed_samples": total, "scores": []}
    return {
        "version": 2,
        "status": "success",
        "eval": plan | given.pop("eval", {}),
        "results": results | given.pop("results", {}),
        **given,
    }


def members(samples: Sequence[Fields], top: Fields | None = None) -> list[tuple[str, bytes]]:
    """The members of a packed log."""
    made = [
        (f"samples/{one['id']}_epoch_{one['epoch']}.json", json.dumps(one).encode())
        for one in samples
    ]
    return [*made, ("header.json", json.dumps(top or header(samples)).encode())]


def save_eval(
    path: Path, samples: Sequence[Fields], top: Fields | None = None, *, method: int = ZSTD
) -> Path:
    """A packed log."""
    return write_zip(path, members(samples, top), method=method)


def save_json(path: Path, samples: Sequence[Fields], top: Fields | None = None) -> Path:
    """A plain log."""
    path.write_text(json.dumps({**(top or header(samples)), "samples": list(samples)}))
    return path
