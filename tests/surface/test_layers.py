"""The map in pyproject.toml is enforced: a hostile import does not get past `make check`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HOSTILE = {
    "an upward import": ("ledger/hostile.py", "import interlock.admission\n"),
    "the judge in the laboratory": ("gate/hostile.py", "import interlock.trial\n"),
    "the laboratory at the judge": ("trial/hostile.py", "import interlock.gate\n"),
    "a database below adapters": ("measure/hostile.py", "import sqlite3\n"),
    "a package nobody placed": ("utils/__init__.py", '"""No room has this name."""\n'),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "src" / "interlock",
        tmp_path / "src" / "interlock",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_product_keeps_its_own_layers(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_import_is_caught(copy: Path, name: str) -> None:
    path, source = HOSTILE[name]
    target = copy / "src" / "interlock" / path
    target.parent.mkdir(exist_ok=True)
    target.write_text(source)
    result = lint(copy)
    assert result.returncode == 1, result.stdout
    assert "hostile" in result.stdout or "utils" in result.stdout
