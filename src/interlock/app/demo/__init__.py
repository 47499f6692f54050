"""The demonstration: one real decision, from recorded labels to a bundle that a stranger checks."""

from pathlib import Path
from typing import Any

from interlock.app.demo.decision import decide, judge_both
from interlock.app.demo.engagement import read_together
from interlock.app.demo.papers import show_assessment, show_exports, show_report
from interlock.app.demo.scene import (
    EXAMPLE,
    HALF_CREDIT,
    NO_CREDIT,
    Tell,
    convene,
    opened,
    write_arm,
)
from interlock.app.demo.team import share
from interlock.app.demo.trials import Size, Watching, try_small_model, try_suites

__all__ = [
    "EXAMPLE",
    "HALF_CREDIT",
    "NO_CREDIT",
    "Size",
    "Watching",
    "demo",
    "try_suites",
    "write_arm",
]


def demo(folder: Path, *, tell: Tell) -> dict[str, Any]:
    """Run the whole line on real human labels, then try to break what came out.

    Args:
        folder: An empty folder; workspace, page, root and bundle are left in it.
        tell: Says what happens, a line at a time.

    Returns:
        One key per stage, each with ``ok`` and its figures.
    """
    with opened(folder, "board", tell) as scene:
        convene(scene)
        case = judge_both(scene)
        release, decided = decide(scene, case)
        stages = {
            "decision": decided,
            "engagement": read_together(scene, case.shut),
            "assessment": show_assessment(scene, release.assessment, bundle=release.bundle),
            "exports": show_exports(scene, release.decision),
            "report": show_report(scene),
        }
    stages["team"] = share(folder, tell)
    return stages | {"trials": try_small_model(folder, tell)}
