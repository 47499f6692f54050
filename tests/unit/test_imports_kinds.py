"""Which tool wrote a file is told by its content, or said."""

import json
import shutil
import tracemalloc
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pyarrow as pa
import pytest

from interlock.adapters import plugins
from interlock.adapters.imports import kind_of
from interlock.adapters.tables import read_observations
from interlock.errors import BadLogError, BadRowError, BadTableError, PluginError
from tests.eval_logs import sample, save_eval, save_json
from tests.imports import DATA, memory, take

LM_EVAL = next((DATA / "lm-eval").glob("samples_pick_*.jsonl"))


def test_every_file_is_told_by_what_is_in_it_whatever_it_is_called(tmp_path: Path) -> None:
    for name, path in {
        "garak": DATA / "garak-whole.report.jsonl",
        "promptfoo": DATA / "promptfoo-whole.json",
        "lm-eval": LM_EVAL,
        "pyrit": memory(tmp_path / "memory.db"),
    }.items():
        assert kind_of(path) == name
        assert kind_of(Path(shutil.copy(path, tmp_path / "results.data"))) == name
    assert kind_of(save_eval(tmp_path / "log.eval", [sample("a")])) == "inspect"
    assert kind_of(save_json(tmp_path / "log.json", [sample("a")])) == "inspect"
    table = tmp_path / "rows.jsonl"
    table.write_text('{"item": "a", "metric": "harm", "value": 1}\n')
    assert not kind_of(table)
    assert take(table).account.tool == ""


def test_a_pretty_printed_result_of_promptfoo_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text('{\n  "evalId": "x",\n  "results": {}\n}\n')
    assert kind_of(path) == "promptfoo"


def test_promptfoos_list_without_counts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"promptIdx": 0, "testIdx": 0, "success": true}\n')
    with pytest.raises(BadLogError, match=r"results\.json"):
        take(path)


def test_a_file_can_be_said_to_be_of_a_tool_and_must_then_be_it() -> None:
    assert take(LM_EVAL, tool="lm-eval").account.tool == "lm-eval"
    for tool in ("garak", "promptfoo", "pyrit", "inspect", "table"):
        with pytest.raises((BadLogError, BadRowError)):
            take(LM_EVAL, tool=tool)
    with pytest.raises(BadTableError, match="nothing here reads"):
        take(LM_EVAL, tool="excel")


def test_the_account_names_the_digest_of_the_file() -> None:
    taken = take(LM_EVAL)
    assert len(taken.account.source) == 64
    assert {row["source"] for row in taken.rows} == {f"lm-eval sha256:{taken.account.source}"}


def test_memory_is_bounded_by_batches_and_not_by_the_file(tmp_path: Path) -> None:
    first = json.loads(LM_EVAL.read_text().splitlines()[0])
    path = tmp_path / LM_EVAL.name
    with path.open("w") as file:
        for k in range(1000):
            told = {**first, "doc_id": k, "doc_hash": str(k), "resps": [["x" * 96_000]]}
            file.write(json.dumps(told) + "\n")
    tracemalloc.start()
    try:
        rows = sum(batch.num_rows for batch in read_observations(path))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows == 2000
    assert peak < path.stat().st_size / 2


def given(path: Path) -> Iterator[object]:
    """A reader of another distribution."""
    if path.suffix == ".odd":
        yield [1]
    yield pa.RecordBatch.from_pydict({"item": ["a"], "metric": ["harm"], "value": [1.0]})


def test_a_reader_of_another_distribution_is_used_only_when_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("given", f"{__name__}:given", "interlock.importers")
    monkeypatch.setattr(
        plugins, "entry_points", lambda **asked: EntryPoints([point]).select(**asked)
    )
    path = tmp_path / "rows.own"
    path.write_text("x")
    assert take(path, tool="plugin:given").values("harm") == [1.0]
    with pytest.raises(BadTableError, match="gave no batch"):
        take(path.rename(tmp_path / "rows.odd"), tool="plugin:given")
    with pytest.raises(PluginError, match="given"):
        take(tmp_path / "rows.odd", tool="plugin:nobody")
