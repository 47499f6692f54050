"""Adherence through the command line: whole behaviours, alike variants, sure violations by name."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interlock.cli import main

ROWS = """\
item,cluster,metric,value
a-1,a,harm,0
a-2,a,harm,0
b-1,b,harm,1
b-2,b,harm,0
a-1,a,chance,0.1
b-1,b,chance,0.95
b-2,b,chance,0.6
"""


def told(folder: Path, text: str, *words: str) -> Result:
    path = folder / "cases.csv"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["diagnose", "adherence", str(path), *words])


def test_behaviours_pairs_and_sure_violations_are_told(tmp_path: Path) -> None:
    done = told(tmp_path, ROWS, "--metric", "harm", "--chance", "chance", "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    assert [one["estimate"]["value"] for one in found["figures"]] == [0.5, 0.5, 0.25]
    assert found["counts"]["sure violations"] == 1
    assert found["counts"]["rows without a chance"] == 1
    assert found["notes"][0] == "sure violations: b-1"


def test_without_chances_nothing_is_said_of_sure_violations(tmp_path: Path) -> None:
    picture = tmp_path / "adherence.svg"
    done = told(tmp_path, ROWS, "--metric", "harm", "--svg", str(picture))
    assert "behaviours whole" in done.output
    assert "sure" not in done.output
    assert picture.read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ROWS.replace("a-2,a,harm,0", "a-2,a,harm,"), "1 rows of harm have no value"),
        (ROWS.replace("b-2,b,harm", "c,c,harm").replace("a-2,a", "d,d"), "one variant only"),
        (ROWS.replace("0.95", "1.95"), "chance"),
    ],
)
def test_what_makes_no_figure_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    done = told(tmp_path, text, "--metric", "harm", "--chance", "chance")
    assert done.exit_code == 4
    assert fault in done.stderr
