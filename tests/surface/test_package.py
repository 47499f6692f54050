"""What is installed is what is here: no file that the product reads stays behind."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_beside_the_code_is_declared_as_package_data() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    package = ROOT / "src" / "interlock"
    patterns = settings["tool"]["setuptools"]["package-data"]["interlock"]
    declared = {path for pattern in patterns for path in package.glob(pattern)}
    found = {
        path for path in package.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert found - declared == set()
