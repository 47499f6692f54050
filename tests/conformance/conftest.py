"""The Sigstore verifier, installed once for every test that asks it."""

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def sigstore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with npm's @sigstore/verify, in the versions of the committed lock file."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: @sigstore/verify was not asked")
    folder = tmp_path_factory.mktemp("sigstore")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).parent / "sigstore" / name, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        install, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.skip(
            f"npm cannot install @sigstore/verify, so it was not asked: {done.stderr[-300:]}"
        )
    return folder
