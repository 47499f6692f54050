"""A supervisor of worker processes that die, and of some that never speak."""

from pathlib import Path

import pytest

from interlock.adapters.supervisor import Door, supervise
from interlock.errors import UnavailableError

WORKER = """\
import os, pathlib, signal, sys, time
births = pathlib.Path(sys.argv[2])
with births.open("a") as stream:
    stream.write(".")
born = len(births.read_text())
"""
SHORT_LIVED = "print('ready', flush=True)\n"
NINTH_TELLS_TO_END = "if born == 9: os.kill(os.getppid(), signal.SIGTERM)\n"
SILENT = "os.kill(os.getppid(), signal.SIGTERM)\ntime.sleep(30)\n"
BROKEN = "sys.exit(1)\n"


@pytest.fixture
def births(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "births"


def kept(births: Path, *lines: str) -> list[str]:
    """Supervise one worker that does what its lines say; the places that were opened."""
    births.with_name("short_worker.py").write_text(WORKER + "".join(lines))
    opened: list[str] = []
    supervise("short_worker", [str(births)], door=Door(), opened=opened.append)
    return opened


def test_a_service_whose_workers_keep_dying_gives_up(births: Path) -> None:
    with pytest.raises(UnavailableError, match="its workers keep dying"):
        kept(births, SHORT_LIVED)
    assert len(births.read_text()) == 6


def test_short_lives_of_long_ago_do_not_end_a_service(
    births: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interlock.adapters.supervisor._RECENT_S", 0)
    assert len(kept(births, SHORT_LIVED, NINTH_TELLS_TO_END)) == 1
    assert len(births.read_text()) >= 9


def test_a_service_that_is_told_to_end_before_its_worker_speaks_ends_unopened(
    births: Path,
) -> None:
    assert kept(births, SILENT) == []
    assert births.read_text() == "."


def test_a_worker_that_ends_while_it_begins_is_an_error(births: Path) -> None:
    with pytest.raises(UnavailableError, match="its worker ends while it begins"):
        kept(births, BROKEN)
