"""Files of other tools, made by those tools themselves, and what becomes of them.

Each was made without a network by a run of a few prompts of ours: garak 0.17.1 with a function for
a target, promptfoo 0.123.1 with a script for a provider, lm-eval 0.4.13 with a model that answers
by rule, PyRIT 1.1.0 with a target that does. Paths were taken out, and of garak's reports the
lists of its own plug-ins.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from interlock.adapters.tables import read_observations
from interlock.trial import OBSERVATION_SCHEMA, Account, Reading

DATA = Path(__file__).parent / "data" / "imports"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "samples"

Line = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """What a file became."""

    rows: list[dict[str, Any]]
    account: Account

    def counts(self, metric: str) -> Counter[str]:
        """Rows of a metric by their status."""
        return Counter(row["status"] for row in self.rows if row["metric"] == metric)

    def values(self, metric: str) -> list[float]:
        """Scores of a metric."""
        return [
            row["value"]
            for row in self.rows
            if row["metric"] == metric and row["status"] == "scored"
        ]

    def claim(self, metric: str, statistic: str) -> float | None:
        """A figure of the tool's own."""
        found = {(one.metric, one.statistic): one.value for one in self.account.claimed}
        return found[metric, statistic]

    @property
    def keys(self) -> set[tuple[str, int]]:
        """Items and epochs."""
        return {(row["item"], row["epoch"]) for row in self.rows}


def take(path: Path, **asked: Any) -> Taken:
    """Read a file to its end."""
    account = Account()
    batches = list(read_observations(path, reading=Reading(**asked), account=account))
    return Taken(pa.Table.from_batches(batches, OBSERVATION_SCHEMA).to_pylist(), account)


def lines(name: str) -> list[Line]:
    """The lines of a file of ours, parsed."""
    return [json.loads(line) for line in (DATA / name).read_text().splitlines()]


def save_lines(path: Path, made: list[Line]) -> Path:
    """Lines as a file."""
    path.write_text("".join(json.dumps(line) + "\n" for line in made))
    return path


def changed_json(path: Path, name: str, change: Callable[[dict[str, Any]], object]) -> Path:
    """A JSON file of ours with something else in it."""
    found = json.loads((DATA / name).read_text())
    change(found)
    path.write_text(json.dumps(found))
    return path


def memory(path: Path, name: str = "pyrit-judged.db.gz") -> Path:
    """A memory of PyRIT, unpacked."""
    path.write_bytes(gzip.decompress((DATA / name).read_bytes()))
    return path


def by_item(rows: list[dict[str, Any]], metric: str) -> Mapping[str, list[Any]]:
    """The values of a metric by item, in the order of the epochs."""
    made: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda one: (one["item"], one["epoch"])):
        if row["metric"] == metric:
            made.setdefault(row["item"], []).append(row["value"])
    return made
