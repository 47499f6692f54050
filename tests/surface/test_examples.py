"""What the README shows is what happens, with the installed command and no help of ours."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.surface.documents import ROOT, shell_blocks

README = ROOT / "README.md"


def test_the_thirty_second_way_in_runs_as_printed(tmp_path: Path) -> None:
    (snippet,) = [one for one in shell_blocks(README) if "interlock compare" in one]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", snippet],
        cwd=tmp_path,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "guard-prompt: passed" in done.stdout
    assert "Not sealed" in done.stdout


def test_the_two_commands_of_the_readme_are_targets() -> None:
    shown = re.findall(r"^make (\w+)", README.read_text("utf-8"), re.MULTILINE)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert shown == ["demo", "test"]
    assert set(shown) <= set(targets)


def test_the_page_for_contributors_names_every_target() -> None:
    page = (ROOT / "docs" / "how-to" / "work-on-interlock.md").read_text("utf-8")
    targets = re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets
    for target in targets:
        assert f"`make {target}`" in page
