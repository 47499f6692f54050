"""Documents as programs: the shell blocks of a page, run in their order."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.surface.door import SHIM

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TUTORIAL = DOCS / "tutorial" / "first-decision.md"

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_BETWEEN = "----- end of block -----"
_KEPT = ("SEAL", "VERDICT", "ASSESSMENT", "DECISION")


def shell_blocks(page: Path) -> list[str]:
    """The commands a page shows, block by block."""
    return _BLOCK.findall(page.read_text("utf-8"))


@dataclass(frozen=True)
class Shell:
    """A shell with `interlock` on its path, and nothing of the tester's own in its home.

    Attributes:
        folder: Where a document begins.
        binaries: The folder whose `interlock` is found first.
        variables: What earlier documents left in the shell.
    """

    folder: Path
    binaries: Path
    variables: Mapping[str, str]

    def run(self, blocks: list[str]) -> list[str]:
        """Run blocks one after the other in one shell; what each printed, errors included."""
        keep = "; ".join(f'echo "{name}=${{{name}-}}"' for name in _KEPT)
        script = "\n".join(
            ["set -euo pipefail", *(f"{one}\necho '{_BETWEEN}'" for one in blocks), keep]
        )
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"exit code {done.returncode} after:\n{done.stdout[-3000:]}"
        return done.stdout.split(f"{_BETWEEN}\n")

    def _environment(self) -> dict[str, str]:
        path = f"{self.binaries}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {
            "PATH": path,
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "120",
            "INTERLOCK_HOME": str(self.folder / "my-keys"),
            "INTERLOCK_PASSPHRASE": "only for this tutorial",
            **self.variables,
        }


@contextmanager
def open_door(folder: Path) -> Iterator[Path]:
    """A folder to put on the path, whose `interlock` answers at once."""
    place = folder / "door"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.surface.door", str(place)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        shim = folder / "interlock"
        shim.write_text(SHIM.format(python=sys.executable, socket=str(place)))
        shim.chmod(0o755)
        yield folder
    finally:
        process.kill()
        process.communicate()


def kept(last: str) -> dict[str, str]:
    """What a document's shell left for the next one."""
    return dict(line.split("=", 1) for line in last.splitlines())
