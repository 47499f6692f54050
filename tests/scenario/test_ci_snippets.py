"""The CI jobs of the documents, run by bash as the runner would: only a standing go passes."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from interlock.app import export_bundle, hold, revoke
from tests.board import BASELINE, CANDIDATE, Board, board_at
from tests.surface.documents import DOCS, open_door

PAGE = (DOCS / "how-to" / "gate-in-ci.md").read_text("utf-8")
BLOCKS = [yaml.safe_load(one) for one in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)]
GITHUB, GITLAB, EXPORTED, CHECKED = BLOCKS


def github() -> list[tuple[str, dict[str, str]]]:
    """The shell steps of the gate's job, each with what the runner sets for it."""
    steps = GITHUB["jobs"]["standing-decision"]["steps"]
    return [(one["run"], one.get("env", {})) for one in steps if "run" in one]


def gitlab(job: Any = GITLAB) -> list[tuple[str, dict[str, str]]]:
    """A job is one shell that stops at the first line that fails."""
    return [("\n".join(job["standing-decision"]["script"]), {})]


@dataclass(frozen=True)
class Runner:
    """A checkout and a machine that runs a job's steps in it.

    Attributes:
        board: The board whose decision is asked for.
        folder: The checkout.
        door: A folder whose `interlock` answers at once.
    """

    board: Board
    folder: Path
    door: Path

    def check_out(self) -> None:
        """Put bundle, root and manifest where the snippets look for them."""
        (self.folder / "release").mkdir(parents=True)
        self.fetch_bundle()
        self.deploy(CANDIDATE)
        shutil.copy(self.board.place / "root.json", self.folder / "root.json")
        (self.folder / "board").symlink_to(self.board.place)
        binaries = self.folder / "bin"
        binaries.mkdir()
        # The wheel is installed already; what matters is that its absence would stop the job.
        fakes = {"python": '[ "$*" = "-m pip install vendor/interlock-*.whl" ]'}
        fakes["interlock"] = f'exec {self.door}/interlock "$@" $MOMENT'
        for name, line in fakes.items():
            (binaries / name).write_text(f"#!/bin/bash\n{line}\n")
            (binaries / name).chmod(0o755)

    @property
    def bundle(self) -> Path:
        return self.folder / "release" / "guard.bundle.json"

    def fetch_bundle(self) -> None:
        export_bundle(self.board.work, self.board.made["decision"], self.bundle)

    def deploy(self, system: str) -> None:
        shutil.copy(
            self.board.place / "systems" / f"{system}.yaml",
            self.folder / "release" / "deployed.yaml",
        )

    def run(self, steps: list[tuple[str, dict[str, str]]]) -> int:
        """Exit code of the first step that fails, as of the board's clock."""
        root = (self.folder / "root.json").read_text("utf-8")
        said = {"${{ vars.INTERLOCK_ROOT_JSON }}": root}
        given = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "RUNNER_TEMP": str(self.folder),
            "INTERLOCK_ROOT_FILE": str(self.folder / "root.json"),
            "DECISION": self.board.made["decision"],
            "MOMENT": f"--now {self.board.clock.now()}",
        }
        for script, variables in steps:
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                cwd=self.folder,
                env=given | {name: said.get(text, text) for name, text in variables.items()},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                return done.returncode
        return 0


@pytest.fixture(scope="module")
def door() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name, open_door(Path(name)) as folder:
        yield folder


@pytest.fixture
def runner(tmp_path: Path, door: Path) -> Iterator[Runner]:
    with board_at("decided", tmp_path / "made") as board:
        made = Runner(board, tmp_path / "checkout", door)
        made.check_out()
        yield made


def no_bundle(runner: Runner) -> None:
    runner.bundle.unlink()


def held(runner: Runner) -> None:
    board = runner.board
    hold(board.work, board.made["decision"], "reports", signer=board.key("carol"))
    runner.fetch_bundle()


def revoked(runner: Runner) -> None:
    board = runner.board
    revoke(board.work, board.made["decision"], "withdrawn", signer=board.key("lea"))
    runner.fetch_bundle()


def expired(runner: Runner) -> None:
    runner.board.clock.seconds += 91 * 24 * 3600
    runner.fetch_bundle()


def stale(runner: Runner) -> None:
    runner.board.clock.seconds += 8 * 24 * 3600


def corrupted(runner: Runner) -> None:
    data = bytearray(runner.bundle.read_bytes())
    data[len(data) // 2] ^= 1
    runner.bundle.write_bytes(bytes(data))


def cut_short(runner: Runner) -> None:
    runner.bundle.write_bytes(runner.bundle.read_bytes()[:-100])


def empty(runner: Runner) -> None:
    runner.bundle.write_bytes(b"")


def another_system(runner: Runner) -> None:
    runner.deploy(BASELINE)


def no_manifest(runner: Runner) -> None:
    (runner.folder / "release" / "deployed.yaml").write_text("")


def another_root(runner: Runner) -> None:
    path = runner.folder / "root.json"
    path.write_text(path.read_text("utf-8").replace("interlock.local/", "interlock.local/x"))


def no_root(runner: Runner) -> None:
    (runner.folder / "root.json").write_text("")


STOPPED = [
    (no_bundle, 2),
    (held, 4),
    (revoked, 4),
    (expired, 4),
    (stale, 4),
    (corrupted, 4),
    (cut_short, 4),
    (empty, 4),
    (another_system, 4),
    (no_manifest, 4),
    (another_root, 4),
    (no_root, 4),
]


@pytest.mark.parametrize("steps", [github(), gitlab()], ids=["github", "gitlab"])
def test_a_standing_go_lets_the_job_pass(steps: list[Any], runner: Runner) -> None:
    assert runner.run(steps) == 0


@pytest.mark.parametrize("steps", [github(), gitlab()], ids=["github", "gitlab"])
@pytest.mark.parametrize(("spoil", "code"), STOPPED, ids=[one.__name__ for one, _ in STOPPED])
def test_nothing_else_lets_it_pass(
    spoil: Callable[[Runner], None], code: int, steps: list[Any], runner: Runner
) -> None:
    spoil(runner)
    assert runner.run(steps) == code


def test_traffic_beyond_the_condition_stops_the_job(runner: Runner) -> None:
    ((script, given),) = gitlab()
    assert "--traffic 10" in script
    assert runner.run([(script.replace("--traffic 10", "--traffic 60"), given)]) == 4
    assert runner.run([(script.replace("--traffic 10", ""), given)]) == 4


def test_without_the_product_the_job_stops(runner: Runner) -> None:
    (runner.folder / "bin" / "interlock").unlink()
    for steps in (github(), gitlab()):
        assert runner.run(steps) == 127


def test_no_snippet_makes_an_exception() -> None:
    for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S):
        assert "||" not in block
        assert not re.search(r"continue-on-error|allow_failure|set \+e", block)
    assert GITHUB["jobs"]["standing-decision"]["defaults"]["run"]["shell"] == "bash"
    assert GITHUB["jobs"]["deploy"]["needs"] == "standing-decision"
    assert GITLAB["deploy"]["needs"] == ["standing-decision"]
