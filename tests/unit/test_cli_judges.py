"""Judges at the command line: figures for people and programs, kept where there is a place."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from interlock.cli.main import main
from tests.board import board_at

ROWS = "item,arm,j,h,p\n1,a,1,1,.9\n2,a,0,1,.2\n3,b,0,0,.1\n4,b,?,0,.3\n5,b,1,,.8\n"
ASKED = ("--judge", "j", "--human", "h")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(word) for word in words])
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_validation_is_printed_without_a_workspace(file: Path, tmp_path: Path) -> None:
    curve = tmp_path / "curve.svg"
    code, told = run(
        "judge", "validate", file, *ASKED, "--arm", "arm", "--chance", "p", "--svg", curve
    )
    assert code == 0
    assert "4 labelled rows of rows.csv, 1 others" in told
    assert "people \\ judge" in told
    assert "specificity  not estimable" in told
    assert "expected calibration error" in told
    assert curve.read_text().startswith("<svg")


def test_a_workspace_keeps_validations_and_shows_them_again(file: Path, tmp_path: Path) -> None:
    with board_at("convened", tmp_path / "made") as board:
        board.close_all()
        here = ("--workspace", board.place, "judge")
        code, told = run(*here, "validate", file, *ASKED, "--identity", "model:m/1", "--json")
        assert code == 0
        found = json.loads(told)
        assert found["judge"] == "model:m/1"
        assert found["groups"][0]["confusion"]["unparsable_no"] == 1
        code, told = run(*here, "list", "--json")
        listed = json.loads(told)
        assert [one["digest"] for one in listed["validations"]] == [found["digest"]]
        assert "exact:canary/1" in listed["built_in"]
        assert "model:m/1 on harm, n 4" in run(*here, "list")[1]
        for name in (found["digest"][:8], "model:m/1"):
            code, told = run(*here, "show", name, "--json")
            assert json.loads(told) == found
        code, told = run(*here, "show", "ffffff")
        assert code == 4
        assert "unknown-judge" in told


def test_a_validation_that_was_altered_is_refused(file: Path, tmp_path: Path) -> None:
    with board_at("convened", tmp_path / "made") as board:
        board.close_all()
        here = ("--workspace", board.place, "judge")
        run(*here, "validate", file, *ASKED)
        (kept,) = (board.place / ".interlock" / "judges").glob("*.json")
        kept.write_bytes(kept.read_bytes().replace(b'"tp":1', b'"tp":2'))
        code, told = run(*here, "list")
        assert code == 4
        assert "names no whole validation" in told


def test_a_curve_needs_chances(file: Path, tmp_path: Path) -> None:
    code, told = run("judge", "validate", file, *ASKED, "--svg", tmp_path / "curve.svg")
    assert code == 2
    assert "--chance" in told


def test_a_rate_that_cannot_be_had_says_why(file: Path) -> None:
    code, told = run("judge", "rate", file, *ASKED)
    assert code == 0
    assert "two-phase bound  none: " in told
    assert "flagged has no label" in told
    code, told = run("judge", "rate", file, *ASKED, "--json")
    assert json.loads(told)["arms"][0]["corrected"] is None


def test_bad_input_names_file_and_row(file: Path) -> None:
    file.write_text("j,h\n1,1\n1,perhaps\n")
    code, told = run("judge", "validate", file, *ASKED)
    assert code == 4
    assert "rows.csv is refused at row 2, h" in " ".join(told.split())


def test_built_in_judges_are_listed_anywhere() -> None:
    code, told = run("judge", "list")
    assert code == 0
    assert told.splitlines()[0] == "exact:canary/1"
