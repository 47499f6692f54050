"""The tutorial, run once: its folder and its shell are where every other document begins."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.surface.documents import TUTORIAL, Shell, kept, open_door, shell_blocks


@dataclass(frozen=True)
class Tutorial:
    """What running the tutorial came to.

    Attributes:
        folder: Where it was run.
        printed: What each of its blocks printed.
        shell: The shell it ended in.
    """

    folder: Path
    printed: list[str]
    shell: Shell


@pytest.fixture(scope="session")
def binaries() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name, open_door(Path(name)) as folder:
        yield folder


@pytest.fixture(scope="session")
def tutorial(binaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Tutorial:
    folder = tmp_path_factory.mktemp("tutorial")
    shell = Shell(folder, binaries, {})
    *printed, last = shell.run(shell_blocks(TUTORIAL))
    return Tutorial(folder, printed, Shell(folder, binaries, kept(last)))


@pytest.fixture
def after_tutorial(tutorial: Tutorial, tmp_path: Path) -> Shell:
    """A shell of its own where the tutorial ended."""
    shutil.copytree(tutorial.folder, tmp_path, dirs_exist_ok=True)
    home = {"INTERLOCK_HOME": str(tmp_path / "my-keys")}
    return Shell(tmp_path / "board", tutorial.shell.binaries, {**tutorial.shell.variables, **home})
