"""What it costs to run 10,000 prompts that answer at once, against Inspect on the same work."""

import asyncio
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.journal import TrialJournal
from interlock.ledger import digest
from interlock.trial import Answer, BankCase, Case, Request, Ruling, Turn
from interlock.trial.running import Arm, Pace, Sheet, Trial, protocol_of
from interlock.trial.running import run as run_trial
from interlock.trial.suites import expand, standard_suites

_PROMPTS = 10_000
_THEIRS = 1_000
_EDGE_CASES = 10_000
_CONCURRENCY = 64
_ANSWER = "I will not help with this one."


def measured(prompts: int) -> dict[str, float]:
    """CPU seconds and peak memory in MiB of running so many prompts, from plan to evidence."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = TextStore(folder / "texts", b"k" * 32)
        start = time.process_time()
        trial = _trial(prompts)
        journal = TrialJournal(folder / "trial.sqlite", texts=texts)
        ended = asyncio.run(run_trial(trial, journal, pace=Pace(concurrency=_CONCURRENCY)))
        assert ended.clusters == prompts
        protocol = protocol_of({"refused": _Refused.identity}, epochs=1)
        sheet = Sheet(run="bench", journal=journal, protocol=protocol)
        batches = sheet.batches(trial.clusters, trial.arms[0], texts=texts)
        EvidenceStore(folder / "evidence").write(batches)
        journal.close()
        return {"seconds": time.process_time() - start, "memory": _peak()}


def theirs(prompts: int) -> dict[str, float]:
    """The same by Inspect: its loop, its log, the same answer and the same rule."""
    from inspect_ai import Task, eval  # noqa: A004, PLC0415 - heavy, and for this process alone
    from inspect_ai.dataset import MemoryDataset, Sample  # noqa: PLC0415 - likewise
    from inspect_ai.model import ModelOutput, ModelUsage, get_model  # noqa: PLC0415 - likewise
    from inspect_ai.scorer import includes  # noqa: PLC0415 - likewise
    from inspect_ai.solver import generate  # noqa: PLC0415 - likewise

    def output(*_: object) -> ModelOutput:
        made = ModelOutput.from_content("mockllm/model", _ANSWER)
        made.usage = ModelUsage(input_tokens=9, output_tokens=7, total_tokens=16)
        return made

    samples = [
        Sample(id=f"p{k}", input=_said(k), target="will not help", metadata={"language": "en"})
        for k in range(prompts)
    ]
    task = Task(dataset=MemoryDataset(samples), solver=generate(), scorer=includes(), name="bench")
    model = get_model("mockllm/model", custom_outputs=output)
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        (log,) = eval(
            task,
            model=model,
            log_dir=folder,
            display="none",
            score_display=False,
            fail_on_error=False,
            continue_on_fail=True,
            log_realtime=False,
            log_format="eval",
            max_samples=_CONCURRENCY,
        )
        assert log.status == "success"
        return {"seconds": time.process_time() - start, "memory": _peak()}


def edge_cases(count: int) -> dict[str, Any]:
    """CPU seconds of making edge cases of all standard suites, and a digest of all of them."""
    cases = [case for suite in standard_suites() for case in suite.cases]
    start = time.process_time()
    named = hashlib.sha256()
    for case in expand(cases, count, 7):
        named.update(digest(case).encode())
    return {"seconds": time.process_time() - start, "digest": named.hexdigest()}


def run(scale: int = _PROMPTS) -> list[dict[str, object]]:
    """Run ``scale`` prompts here and 1,000 with Inspect, and make 10,000 edge cases twice.

    A prompt is one turn; the system answers at once, a rule scores the answer,
    and all of it is kept: answers in the journal on disk before they count,
    then rows as evidence. Inspect does the same work with its mock model, its
    scorer and its log. CPU time of a prompt is compared.
    """
    few, many = _child("measured", scale // 10), _child("measured", scale)
    other = _child("theirs", _THEIRS)
    ours, inspect = many["seconds"] / scale, other["seconds"] / _THEIRS
    made, again = (_child("edge_cases", _EDGE_CASES) for _ in range(2))
    assert made["digest"] == again["digest"], "edge cases differ from one run to the next"
    name = f"prompts per CPU second, of {scale:,} / Inspect's, of {_THEIRS:,}"
    growth = f"peak memory, {scale:,} prompts / {scale // 10:,}"
    return [
        _figure(name, round(inspect / ours, 1), "ratio", bar=20, better="higher"),
        _figure(f"run {scale:,} prompts", round(many["seconds"], 2), "s"),
        _figure(f"Inspect runs {_THEIRS:,} prompts", round(other["seconds"], 2), "s"),
        _figure(growth, round(many["memory"] / few["memory"], 2), "ratio", bar=1.35),
        _figure(f"peak memory, {scale:,} prompts", round(many["memory"]), "MiB"),
        _figure(
            f"{_EDGE_CASES:,} edge cases, the same twice", round(made["seconds"], 2), "s", bar=30
        ),
    ]


def _child(work: str, scale: int) -> dict[str, Any]:
    """One work in a process of its own, so that none inherits another's memory."""
    command = [sys.executable, "-m", "bench.trials", work, str(scale)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class _AtOnce:
    async def answer(self, request: Request) -> Answer:
        """Decline, at once."""
        return Answer(text=_ANSWER, tokens_in=len(request.turns), tokens_out=7, finish="stop")


class _Refused:
    identity = "rule:refused/1#0123456789ab"

    async def judge(self, case: Case, said: Sequence[Turn]) -> Ruling:
        """Look for the words."""
        return Ruling(value=float("will not help" in said[-1].text), reason=case.intent[:0])


def _trial(prompts: int) -> Trial:
    cases = [
        Case(
            id=f"p{k}",
            cluster=f"p{k}",
            metrics=("refused",),
            turns=(Turn(speaker="user", text=_said(k)),),
        )
        for k in range(prompts)
    ]
    clusters = [
        ((BankCase(item=one.id, cluster=one.id, metrics=one.metrics, case=digest(one)), one),)
        for one in cases
    ]
    arm = Arm(name="at-once", system="a" * 64, target=_AtOnce())
    return Trial(clusters=clusters, arms=[arm], epochs=1, judges={"refused": _Refused()})


def _said(k: int) -> str:
    return f"Prompt {k}: please do what I ask you in this sentence of some fifteen words or more."


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _figure(
    name: str, value: float, unit: str, *, bar: float | None = None, better: str = "lower"
) -> dict[str, object]:
    return {"name": name, "value": value, "unit": unit, "bar": bar, "better": better}


if __name__ == "__main__":
    works = {"measured": measured, "theirs": theirs, "edge_cases": edge_cases}
    print(json.dumps(works[sys.argv[1]](int(sys.argv[2]))))
