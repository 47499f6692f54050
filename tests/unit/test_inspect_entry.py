"""People who run Inspect limit a task to what a seal drew; the log then names its seal."""

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from inspect_ai import Task
from inspect_ai import eval as run_eval
from inspect_ai._util.entrypoints import clear_entry_points_state
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import read_eval_log

from interlock.adapters.inspect_entry import sealed
from interlock.adapters.tables import read_observations
from interlock.errors import BadDrawError, BadLogError
from interlock.trial import Reading

# Inspect leaves streams to the collector, which tells of each, and calls what others gave up.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
SEAL = "5ea1" * 16
ENTRY = "[inspect_ai]\ninterlock = interlock.adapters.inspect_entry\n"
ASKED = """\
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput, ModelUsage
from inspect_ai.scorer import includes
from inspect_ai.solver import solver


@solver
def says():
    async def solve(state, generate):
        state.output = ModelOutput.from_content("mockllm/model", "the answer")
        state.output.usage = ModelUsage(input_tokens=1, output_tokens=2, total_tokens=3)
        return state
    return solve


@task
def asked():
    samples = [Sample(id=f"s{k}", input=f"question {k}", target="answer") for k in range(6)]
    return Task(dataset=MemoryDataset(samples), solver=says(), scorer=includes())
"""


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


def draw(folder: Path, *items: str) -> Path:
    path = folder / "drawn.json"
    listed = [{"item": one, "metrics": ["includes"]} for one in items]
    path.write_text(json.dumps({"seal": SEAL, "items": listed}))
    return path


def task_of(*names: str | None) -> Task:
    samples = [Sample(id=name, input="question") for name in names]
    return Task(dataset=MemoryDataset(samples), name="mine", metadata={"team": "blue"})


def test_a_task_keeps_what_was_drawn_in_the_sealed_order(tmp_path: Path) -> None:
    made = sealed(task_of("a", "b", "c", "d"), draw(tmp_path, "c", "a"))
    assert [one.id for one in made.dataset] == ["c", "a"]
    assert made.metadata == {"team": "blue", "interlock.seal": SEAL}
    assert made.name == "mine"


def test_a_dataset_that_lacks_a_drawn_item_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDrawError, match="no sample 'z'"):
        sealed(task_of("a", None), draw(tmp_path, "a", "z"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is no draw"),
        ('{"items": []}', "no draw"),
        ('{"seal": "s", "items": []}', "no items"),
    ],
)
def test_a_file_that_is_no_draw_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "drawn.json").write_text(text)
    with pytest.raises(BadDrawError, match=said):
        sealed(task_of("a"), tmp_path / "drawn.json")
    with pytest.raises(BadDrawError, match="cannot be read"):
        sealed(task_of("a"), tmp_path / "none.json")


def test_inspect_finds_the_task_by_its_entry_point_and_the_log_names_the_seal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site" / "interlock_entry-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: interlock-entry\nVersion: 1\n"
    )
    (installed / "entry_points.txt").write_text(ENTRY)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    clear_entry_points_state()
    (tmp_path / "asked.py").write_text(ASKED)
    (log,) = run_eval(
        "interlock/sealed",
        task_args={"asked": f"{tmp_path}/asked.py@asked", "draw": str(draw(tmp_path, "s4", "s1"))},
        model="mockllm/model",
        metadata={"interlock.seal": "another", "by": "ann"},
        log_dir=str(tmp_path / "logs"),
        display="none",
        score_display=False,
        log_realtime=False,
        ctl_server=False,
    )
    assert log.status == "success"
    assert log.eval.metadata == {"interlock.seal": SEAL, "by": "ann"}
    kept = Path(log.location)
    batches = list(read_observations(kept, reading=Reading(seal=SEAL)))
    assert [item for one in batches for item in one["item"].to_pylist()] == ["s4", "s1"]
    with pytest.raises(BadLogError, match="own seal"):
        list(read_observations(kept, reading=Reading(seal="0" * 64)))
    assert len(read_eval_log(str(kept)).samples or []) == 2
