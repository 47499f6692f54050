"""The trial of the demonstration: a real model, called under a seal in both arms, and judged."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from interlock.adapters.local_model import running, weights
from interlock.admission import Seal
from interlock.app.demo.scene import Scene, Tell, convene, opened
from interlock.app.hypotheses import Judged, judge_seal, seal_hypothesis
from interlock.app.places import open_workspace
from interlock.app.tracing import trace
from interlock.app.trials import Ran, plan_trial, run_trial, trial_sample
from interlock.errors import NoLocalModelError
from interlock.trial.running import Progress

Size = Literal["small", "standard"]
"""How much is tried: forty prompts, or every standard suite."""

_FILES = resources.files("interlock").joinpath("examples", "trials")
_SYSTEMS = ("smollm2-plain.yaml", "smollm2-guarded.yaml", "plain.txt", "guarded.txt")
_FORTY = 40


@dataclass(frozen=True, kw_only=True)
class Watching:
    """Who is told how a demonstration goes.

    Attributes:
        tell: Says what happens, a line at a time.
        told: Called after each call of a system.
    """

    tell: Tell
    told: Callable[[Progress], None] = lambda _: None


def try_small_model(folder: Path, tell: Tell) -> dict[str, Any]:
    """Try forty prompts on a real model, or say why not."""
    tell(
        "\n8. A trial: a real small model answers under a seal, with and without a guarding prompt"
    )
    try:
        weights()
    except NoLocalModelError as error:
        tell(f"   left out: {error}")
        return {"ok": True, "ran": False, "why": str(error)}
    return {"ran": True} | try_suites(folder, "small", Watching(tell=tell))


def try_suites(folder: Path, size: Size, watching: Watching) -> dict[str, Any]:
    """Seal, run, judge and trace a trial of a real model in both arms.

    Given the same folder again after whatever ended it, it goes on where it
    stopped: neither sealed nor asked twice.

    Args:
        folder: Where the workspace ``trials`` and its keys are, or are made.
        size: How much is tried.
        watching: Who is told.

    Raises:
        NoLocalModelError: The model is not installed.
    """
    # One process for each arm: an answer depends on nothing else, and both cores are used.
    with running() as plain, running() as guarded, _board(folder, watching.tell) as scene:
        plan = _written(scene, size, {"PLAIN": plain.url, "GUARDED": guarded.url})
        seal = _sealed(scene, plan, size)
        ran = run_trial(scene.work, plan, seal, signer=scene.key("paula"), told=watching.told)
        again = run_trial(scene.work, plan, seal, signer=scene.key("paula"))
        (judged,) = judge_seal(scene.work, seal, signer=scene.key("paula"))
        _tell(scene, ran, judged)
        traced = trace(scene.work, judged.verdict.identity)
    calls = (ran.totals.calls, again.totals.calls)
    return {
        "ok": ran.standing == "recorded" and calls[0] == calls[1] and bool(traced),
        "outcome": judged.judgement.outcome,
        "clusters": ran.clusters,
        "calls": calls[0],
        "failed": ran.totals.failed,
        "tokens": ran.totals.tokens,
        "called_twice": calls[1] - calls[0],
        "criteria": [
            {"label": one.label, "outcome": one.outcome, "reason": one.reason}
            for one in judged.judgement.verdicts
        ],
        "seal": seal,
        "verdict": judged.verdict.identity,
    }


@contextmanager
def _board(folder: Path, tell: Tell) -> Iterator[Scene]:
    """The workspace of the trial: the one that an earlier session left, or a new one."""
    place, home = folder / "trials", folder / "trials-keys"
    if not place.exists():
        with opened(folder, "trials", lambda _: None) as scene:
            convene(scene)
    with closing(open_workspace(place, home=home)) as work:
        yield Scene(work, folder, tell)


def _written(scene: Scene, size: Size, urls: Mapping[str, str]) -> Path:
    """The files of the trial, put where the workspace looks for them; the plan among them."""
    for name in _SYSTEMS:
        scene.work.path(f"systems/{name}").write_bytes(_FILES.joinpath(name).read_bytes())
    _hypothesis(scene, size).write_bytes(_FILES.joinpath(f"{size}.yaml").read_bytes())
    plan = scene.work.path(f"trials/{size}.yaml")
    plan.parent.mkdir(exist_ok=True)
    text = _FILES.joinpath(f"{size}-trial.yaml").read_text("utf-8")
    for name, url in urls.items():
        text = text.replace(name, url)
    plan.write_text(text, encoding="utf-8")
    return plan


def _hypothesis(scene: Scene, size: Size) -> Path:
    return scene.work.path(f"hypotheses/{size}.yaml")


def _sealed(scene: Scene, plan: Path, size: Size) -> str:
    """The seal that stands, or a new one."""
    standing = next(iter(scene.work.state().of(Seal)), None)
    if standing is not None:
        return standing.identity
    clusters = _FORTY if size == "small" else plan_trial(scene.work, plan).clusters
    path = _hypothesis(scene, size)
    sample = trial_sample(scene.work, plan, path, clusters=clusters)
    sealed = seal_hypothesis(scene.work, path, signer=scene.key("paula"), sample=sample)
    scene.tell(
        f"   sealed before anything was asked: {clusters} clusters, drawn by the seal "
        "(exploratory: it can lead to no GO)"
    )
    return sealed.identity


def _tell(scene: Scene, ran: Ran, judged: Judged) -> None:
    totals = ran.totals
    scene.tell(
        f"   {totals.answered} answers of {totals.calls} calls, {totals.tokens} tokens; "
        "run again: not one call more"
    )
    scene.tell(f"   {judged.judgement.name}: {judged.judgement.outcome.upper()}")
    for verdict in judged.judgement.verdicts:
        scene.tell(f"     {verdict.outcome:<9}  {verdict.label}\n                {verdict.reason}")
