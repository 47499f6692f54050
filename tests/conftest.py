"""What every test relies on: no hidden world, and no silent skips."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A deadline is a timing, and timings are never tests.
settings.register_profile("interlock", deadline=None)
settings.load_profile("interlock")

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip(f"needs the real data in {SHARED.name}/ beside the checkout")


@pytest.fixture
def shared() -> Path:
    """The folder of real data beside the checkout."""
    return SHARED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded as told, such as the table of levels; workers cannot print it."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, line in report.user_properties:
            if name == "told":
                terminalreporter.write_line(str(line))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where skips are forbidden, a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("INTERLOCK_FORBID_SKIPS") != "1":
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"{len(skipped)} tests were skipped, which is forbidden here", red=True)
