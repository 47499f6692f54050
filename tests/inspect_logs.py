"""Logs made with the real Inspect, and what its own reader says of them.

Run as ``python -m tests.inspect_logs FOLDER``; beside each log ``NAME.said.json``
holds the samples as Inspect reads them. No model and no network is used.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval  # noqa: A004 - Inspect's own name
from inspect_ai.dataset import MemoryDataset
from inspect_ai.dataset import Sample as Asked
from inspect_ai.log import (
    EvalLog,
    ProvenanceData,
    edit_score,
    invalidate_samples,
    read_eval_log,
    write_eval_log,
)
from inspect_ai.model import GenerateConfig, ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import (
    Score,
    ScoreEdit,
    Scorer,
    Target,
    accuracy,
    includes,
    mean,
    model_graded_qa,
    scorer,
)
from inspect_ai.solver import Generate, Solver, TaskState, generate, solver

ITEMS = 6


def main(folder: Path) -> None:
    """Make every log."""
    _save(folder, "scores", _run(_task(_harm(), _graded(), _judged(), _odd()), folder, epochs=2))
    errors = _run(_task(includes(), solver=[_fails(), generate()]), folder, fail_on_error=False)
    _save(folder, "errors", errors)
    plain = _run(_task(includes(), _judged()), folder, log_format="json")
    _save(folder, "plain", plain, suffix=".json")
    _save(folder, "self-graded", _run(_task(model_graded_qa()), folder, model=_model("GRADE: C")))
    _save(folder, "unscored", _run(_task(includes()), folder, score=False))
    whole = _run(_task(includes()), folder)
    _save(folder, "whole", whole)
    edit = ScoreEdit(value="C", provenance=ProvenanceData(author="ann", reason="I know better"))
    edited = read_eval_log(whole.location)
    edit_score(edited, "s0", "includes", edit)
    _save(folder, "edited", edited)
    invalid = read_eval_log(whole.location)
    first = invalid.samples[0].uuid if invalid.samples else None
    assert first is not None
    _save(folder, "invalidated", invalidate_samples(invalid, [first], ProvenanceData(author="ann")))
    _killed(folder)


def _killed(folder: Path) -> None:
    """A run that died midway, as its process left it."""
    command = [sys.executable, "-m", "tests.inspect_logs", str(folder), "killed"]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (left,) = (folder / "killed").glob("*.eval")
    left.rename(folder / "aborted.eval")
    said = read_eval_log(str(folder / "aborted.eval"))
    _say(folder, "aborted", said)


def die(folder: Path) -> None:
    """Run until the fourth sample, and end as by a loss of power."""
    _run(_task(includes(), solver=[_dies(), generate()]), folder / "killed", log_buffer=1)


def _save(folder: Path, name: str, log: EvalLog, *, suffix: str = ".eval") -> None:
    path = folder / f"{name}{suffix}"
    if (
        log.location
        and Path(log.location).parent == folder / "runs"
        and name
        not in {
            "edited",
            "invalidated",
        }
    ):
        Path(log.location).rename(path)
        log.location = str(path)
    else:
        write_eval_log(log, str(path))
    _say(folder, name, read_eval_log(str(path)))


def _say(folder: Path, name: str, log: EvalLog) -> None:
    said: list[dict[str, Any]] = [
        {
            "item": str(sample.id),
            "epoch": sample.epoch,
            "scores": {one: score.value for one, score in (sample.scores or {}).items()},
            "failed": sample.error is not None,
            "completion": sample.output.completion,
        }
        for sample in log.samples or []
    ]
    (folder / f"{name}.said.json").write_text(json.dumps(said))


def _run(task: Task, folder: Path, **asked: Any) -> EvalLog:
    (log,) = eval(
        task,
        model=asked.pop("model", None) or _model("the answer"),
        log_dir=str(folder / "runs" if folder.name != "killed" else folder),
        display="none",
        score_display=False,
        max_samples=1,
        **asked,
    )
    return log


def _task(*scorers: Scorer, **given: Any) -> Task:
    """Six samples; their metadata hold a secret that nobody asks for."""
    samples = [
        Asked(
            id=f"s{k}",
            input=f"question {k}",
            target="answer" if k % 2 else "nothing of the kind",
            metadata={"language": ("de", "en")[k % 2], "pair": f"p{k // 2}", "secret": "hunter2"},
        )
        for k in range(ITEMS)
    ]
    given.setdefault("solver", generate())
    return Task(dataset=MemoryDataset(samples), scorer=list(scorers), name="asked", **given)


def _model(text: str) -> Any:
    def output(*_: Any) -> ModelOutput:
        made = ModelOutput.from_content("mockllm/model", text)
        made.usage = ModelUsage(input_tokens=9, output_tokens=7, total_tokens=16)
        made.time = 0.25
        return made

    return get_model("mockllm/model", custom_outputs=output, config=GenerateConfig())


def _place(state: TaskState) -> int:
    return int(str(state.sample_id)[1:])


@scorer(metrics=[mean()])
def _harm() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        return Score(value=_place(state) % 3 == 0)

    return score


@scorer(metrics=[accuracy()])
def _graded() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        return Score(value="CIPN?"[_place(state) % 5])

    return score


@scorer(metrics={"tone": [mean()], "depth": [mean()]})
def _judged() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        if _place(state) == 0:
            return Score.unscored(reason="grader_failed")
        return Score(value={"tone": _place(state) / 10, "depth": 4})

    return score


@scorer(metrics=[mean()])
def _odd() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        return Score(value=[0.5, float("nan"), float("inf"), [1, 2], 3, -1.5][_place(state)])

    return score


@solver
def _fails() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if _place(state) % 3 == 2:
            raise ValueError("the endpoint was gone")
        return state

    return solve


@solver
def _dies() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if _place(state) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return state

    return solve


if __name__ == "__main__":
    (die if sys.argv[2:] else main)(Path(sys.argv[1]))
