"""Logs that the real Inspect wrote give what its own reader says, sample for sample."""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from inspect_ai.log import read_eval_log

from interlock.adapters.archive import Archive
from interlock.adapters.tables import read_observations
from interlock.errors import BadLogError, IncompleteRunError, InterlockError
from interlock.trial import OBSERVATION_SCHEMA, WORDS, Account, Reading, count_observations
from tests.inspect_logs import ITEMS
from tests.zips import DEFLATED, write_zip

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of logs that the real package wrote just now."""
    folder = tmp_path_factory.mktemp("inspect")
    command = [sys.executable, "-m", "tests.inspect_logs", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def read(path: Path, account: Account | None = None, **asked: Any) -> pa.Table:
    batches = read_observations(path, reading=Reading(**asked), account=account)
    return pa.Table.from_batches(list(batches), OBSERVATION_SCHEMA)


def refused(path: Path, **asked: Any) -> InterlockError:
    with pytest.raises(InterlockError) as caught:
        read(path, **asked)
    return caught.value


def said(path: Path) -> Iterator[tuple[str, int, str, float | None, str]]:
    """The rows that Inspect's own reading of a log amounts to, said a second time."""
    samples = json.loads(path.with_suffix(".said.json").read_text())
    keys = {
        (scorer, key)
        for one in samples
        for scorer, value in one["scores"].items()
        for key in (value if isinstance(value, dict) else ())
    }
    several = {scorer for scorer, _ in keys}
    for one in samples:
        flat = {
            f"{scorer}/{key}": value.get(key) if isinstance(value, dict) else None
            for scorer, key in keys
            for value in [one["scores"].get(scorer)]
        }
        plain = {each for each in one["scores"] if each not in several}
        flat |= {scorer: one["scores"][scorer] for scorer in plain}
        for metric in flat or ["includes"]:
            value = number(flat.get(metric))
            status = "error" if one["failed"] else "unscored" if value is None else "scored"
            shown = value if status == "scored" else None
            yield one["item"], one["epoch"] - 1, metric, shown, status


def number(value: object) -> float | None:
    if isinstance(value, str):
        return WORDS.get(value)
    if isinstance(value, bool | int | float) and math.isfinite(value):
        return float(value)
    return None


@pytest.mark.parametrize("name", ["scores.eval", "errors.eval", "whole.eval", "plain.json"])
def test_every_row_is_what_the_tools_own_reader_says(made: Path, name: str) -> None:
    columns = ("item", "epoch", "metric", "value", "status")
    table = read(made / name)
    found = zip(*(table[column].to_pylist() for column in columns), strict=True)
    assert sorted(found, key=repr) == sorted(said(made / name), key=repr)
    assert {"mockllm/model"} == set(table["system"].to_pylist())


def test_repeats_scorers_and_gaps_are_counted(made: Path) -> None:
    account = Account()
    table = read(made / "scores.eval", account)
    assert (account.expected, account.found) == (2 * ITEMS, 2 * ITEMS)
    counts = count_observations(table)
    assert counts.expected == 2 * ITEMS * 5
    assert counts.unscored == sum(account.unscored.values()) + 2
    assert set(table["tokens_out"].drop_null().to_pylist()) == {7}
    assert all(each is None or each >= 0 for each in table["latency_ms"].to_pylist())
    claims = {(one.metric, one.statistic): one.value for one in account.claimed}
    assert claims["_harm", "mean"] == pytest.approx(1 / 3)


def test_slices_and_clusters_are_those_of_the_dataset(made: Path) -> None:
    table = read(made / "whole.eval", slices=("language",), cluster="pair")
    assert table["cluster"].to_pylist() == ["p0", "p0", "p1", "p1", "p2", "p2"]
    assert table["slices"].to_pylist()[1] == [("language", "en")]


def test_a_run_that_was_killed_midway_is_not_whole(made: Path) -> None:
    assert isinstance(refused(made / "aborted.eval"), IncompleteRunError)
    account = Account()
    counts = count_observations(read(made / "aborted.eval", account, allow_incomplete=True))
    assert (account.expected, account.found) == (ITEMS, 3)
    assert (counts.expected, counts.observed, counts.errored) == (ITEMS, 3, ITEMS - 3)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("edited", "the score of includes was edited after the run"),
        ("invalidated", "invalidated after the run"),
        ("self-graded", "had the candidate grade its own answers"),
        ("unscored", "it holds no scores"),
    ],
)
def test_a_log_that_cannot_be_believed_is_refused(made: Path, name: str, words: str) -> None:
    error = refused(made / f"{name}.eval", allow_incomplete=True)
    assert isinstance(error, BadLogError)
    assert words in str(error)


def test_a_log_that_was_packed_again_gives_the_same_rows(made: Path, tmp_path: Path) -> None:
    with Archive(made / "scores.eval") as archive:
        parts = [(name, archive.read(name)) for name in archive.members]
    again = read(write_zip(tmp_path / "again.eval", parts, method=DEFLATED))
    whole = read(made / "scores.eval")
    columns = [name for name in OBSERVATION_SCHEMA.names if name != "source"]
    assert again.select(columns).to_pylist() == whole.select(columns).to_pylist()


@pytest.mark.shared
@pytest.mark.parametrize("name", ["earlystop", "epochs3"])
def test_a_recorded_log_gives_what_the_tools_own_reader_says(
    shared: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.eval"
    shutil.copy(shared / "samples" / f"inspect-0.3.285-{name}.eval", path)
    theirs = read_eval_log(str(path))
    assert theirs.samples is not None
    said = {
        (str(one.id), one.epoch - 1): number(score.value)
        for one in theirs.samples
        for score in (one.scores or {}).values()
    }
    table = read(path, allow_incomplete=True)
    rows = zip(*(table[each].to_pylist() for each in ("item", "epoch", "value")), strict=True)
    assert {(item, epoch): value for item, epoch, value in rows if value is not None} == said


@pytest.mark.shared
def test_a_run_that_was_stopped_early_counts_what_it_left_out(shared: Path) -> None:
    path = shared / "samples" / "inspect-0.3.285-earlystop.eval"
    error = refused(path)
    assert isinstance(error, IncompleteRunError)
    assert "187 samples were stopped early; 200 samples were planned" in str(error)
    counts = count_observations(read(path, allow_incomplete=True))
    assert (counts.expected, counts.observed, counts.errored) == (200, 13, 187)
