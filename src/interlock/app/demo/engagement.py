"""Engagement in the demonstration: figures that arrive sealed, and who cannot read them when."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from interlock.app.demo.scene import VOTERS, Scene
from interlock.app.engagement import import_engagement, open_engagement, unseal_engagement
from interlock.errors import EngagementShutError, InterlockError

_SESSIONS = 400
_MEANS = {"mistral-instruct": 6.0, "mistral-guard": 5.5}


@dataclass(frozen=True)
class Shut:
    """Sealed figures of the demonstration, before anybody may read them.

    Attributes:
        engagements: Identity of each system's figures, by the system's name.
        early: What came of trying to unseal them before there was a verdict.
    """

    engagements: dict[str, str]
    early: str


def arrive(scene: Scene, seal: str) -> Shut:
    """Import invented session figures of both systems, and try to read them too early."""
    found = {}
    for k, (system, mean) in enumerate(_MEANS.items()):
        rows = scene.folder / f"sessions-{system}.csv"
        _write_sessions(rows, mean, seed=k)
        arrived = import_engagement(
            scene.work, rows, seal, system=system, signer=scene.key("paula")
        )
        rows.unlink()
        found[system] = arrived.act.identity
    early = "READ"
    try:
        unseal_engagement(scene.work, found["mistral-guard"], signer=scene.key("lea"))
    except EngagementShutError as error:
        early = error.code
    return Shut(found, early)


def read_together(scene: Scene, shut: Shut) -> dict[str, Any]:
    """Unseal after safety has passed; each role opens its own layer, and the last one reads."""
    told, alone = {}, {}
    for system, engagement in shut.engagements.items():
        unseal_engagement(scene.work, engagement, signer=scene.key("lea"))
        # The last keeper first: each of them has the others' layers before their own, or after it.
        early = reversed(VOTERS)
        alone[system] = [name for name in early if _reads_alone(scene, engagement, name)]
        told[system] = _opened_by_all(scene, engagement)
    figures = {
        system: {one.metric: one.mean.value for one in figures if one.mean is not None}
        for system, figures in told.items()
    }
    scene.tell("\n5. Engagement (invented sessions), shut until safety and helpfulness had passed")
    readers = {name for names in alone.values() for name in names}
    scene.tell(f"   before the verdict: refused, {shut.early}")
    scene.tell(f"   read by one role without the others: {', '.join(readers) or 'nothing'}")
    for system, metrics in figures.items():
        for metric, value in metrics.items():
            scene.tell(f"   opened by all {len(VOTERS)} roles: {metric} of {system} is {value:.2f}")
    return {
        "ok": shut.early == "engagement-shut" and not any(alone.values()) and all(figures.values()),
        "before_the_verdict": shut.early,
        "read_alone": alone,
        "figures": figures,
    }


def _reads_alone(scene: Scene, engagement: str, name: str) -> bool:
    """Whether one person's key opens the figures with no other's help."""
    try:
        return bool(open_engagement(scene.work, engagement, signer=scene.key(name)).figures)
    except InterlockError:
        return False


def _opened_by_all(scene: Scene, engagement: str) -> tuple[Any, ...]:
    """The figures, after each role in turn has opened its layer."""
    for _ in VOTERS:
        for name in VOTERS:
            try:
                done = open_engagement(scene.work, engagement, signer=scene.key(name))
            except InterlockError:
                continue
            if not done.left:
                return done.figures
    return ()


def _write_sessions(path: Path, mean: float, *, seed: int) -> None:
    """Sessions that nobody had, so that there is something to keep shut."""
    counts = np.random.default_rng(seed).poisson(mean, _SESSIONS)
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["item", "metric", "value"])
        rows.writerows(
            (f"session-{k:03d}", "answers-per-session", int(count))
            for k, count in enumerate(counts)
        )
