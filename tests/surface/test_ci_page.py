"""The CI jobs that ask a workspace instead of a bundle, run as printed after the tutorial."""

import re
import shutil
from typing import Any

import pytest
import yaml

from tests.surface.documents import DOCS, Shell

PAGE = (DOCS / "how-to" / "gate-in-ci.md").read_text("utf-8")
BLOCKS = [yaml.safe_load(one) for one in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)]


def script(job: Any) -> list[str]:
    """The commands of a job, for the folder that holds the workspace."""
    lines = [str(line) for line in job["script"]]
    return [
        "cd ..",
        "mkdir -p release",
        "cp board/systems/guarded.yaml release/deployed.yaml",
        *lines,
    ]


def asked(shell: Shell) -> list[str]:
    given = 'export INTERLOCK_ROOT_FILE="$PWD/root.json"'
    return [given, *script(BLOCKS[3]["standing-decision"])]


def test_the_workspace_answers_as_the_page_says(after_tutorial: Shell) -> None:
    *printed, _ = after_tutorial.run(asked(after_tutorial))
    assert "holds, as of checkpoint" in printed[-1]


def test_the_boards_job_writes_the_bundle(after_tutorial: Shell) -> None:
    after_tutorial.run(script(BLOCKS[2]["board-bundle"]))
    assert (after_tutorial.folder.parent / "guard.bundle.json").stat().st_size > 0


@pytest.mark.parametrize(
    "spoil",
    [
        'interlock hold $DECISION --as carol --reason "reports"',
        "cp systems/plain.yaml systems/guarded.yaml",
        "DECISION=123456",
        "export INTERLOCK_ROOT_FILE=/dev/null",
    ],
    ids=["held", "another-system", "no-decision", "no-root"],
)
def test_anything_else_stops_the_job(spoil: str, after_tutorial: Shell) -> None:
    first, *rest = asked(after_tutorial)
    with pytest.raises(AssertionError, match="exit code 4"):
        after_tutorial.run([first, spoil, *rest])


def test_a_workspace_that_is_not_there_stops_the_job(after_tutorial: Shell) -> None:
    shutil.move(after_tutorial.folder, after_tutorial.folder.parent / "elsewhere")
    (after_tutorial.folder / "systems").mkdir(parents=True)
    (after_tutorial.folder / "systems" / "guarded.yaml").touch()
    (after_tutorial.folder / "root.json").touch()
    with pytest.raises(AssertionError, match="exit code 4"):
        after_tutorial.run(asked(after_tutorial))
