"""The commands of the assessment, as people type them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interlock.cli import main
from tests.board import DRAFT, Board, board_at


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("decided", tmp_path / "own") as board:
        yield board


def typed(board: Board, *words: object, exit_code: int = 0) -> Result:
    board.close_all()
    done = CliRunner().invoke(
        main,
        ["--workspace", str(board.place), "assess", *map(str, words)],
        env={"INTERLOCK_HOME": str(board.home)},
    )
    assert done.exit_code == exit_code, done.output
    return done


def said(board: Board, *words: object, exit_code: int = 0) -> Any:
    return json.loads(typed(board, *words, "--json", exit_code=exit_code).stdout)


def test_check_names_every_blank_with_field_and_next_step_and_exits_4(board: Board) -> None:
    cut = DRAFT.replace("title: Serving the assistant behind a guard", 'title: ""')
    cut = cut.replace('verified: "2026-11-01"', 'verified: ""').replace("users: [Employees]", "")
    path = board.write("open.yaml", cut)
    found = said(board, "check", path, "--verdict", board.made["verdict"], exit_code=4)
    assert [one["field"] for one in found["blanks"]] == [
        "title",
        "users",
        "mitigations[0].verified",
    ]
    assert all(one["reason"] for one in found["blanks"])


def test_a_copy_is_made_for_a_reader_and_says_what_it_withholds(board: Board) -> None:
    copy = board.folder / "public.json"
    made = said(board, "redact", board.made["assessment"], "--for", "public", copy)
    assert "use" in made["fields"]
    assert {"hazards", "retention"} <= set(made["withheld"])
    held = said(board, "verify-copy", copy, "--assessment", board.made["assessment"])
    assert (held["holds"], held["reader"]) == (True, "public")
    assert list(held["fields"]) == made["fields"]


def test_a_forged_copy_exits_4_and_names_the_field(board: Board) -> None:
    copy = board.folder / "public.json"
    said(board, "redact", board.made["assessment"], "--for", "public", copy)
    copy.write_text(copy.read_text("utf-8").replace("Employees", "Everybody"), encoding="utf-8")
    words = ("verify-copy", copy, "--assessment", board.made["assessment"])
    answer = said(board, *words, exit_code=4)
    assert answer["error"]["code"] == "altered-copy"
    assert "field use of the copy" in answer["error"]["message"]


@pytest.mark.parametrize("given", [(), ("--bundle",), ("--root",), ("--assessment", "--root")])
def test_a_copy_is_held_against_one_thing(board: Board, given: tuple[str, ...]) -> None:
    copy = board.write("any.json", "{}")
    words = [word for name in given for word in (name, copy)]
    assert (
        "give --assessment, or both"
        in typed(board, "verify-copy", copy, *words, exit_code=2).output
    )


def test_a_difference_is_told_in_lines(board: Board) -> None:
    newer = DRAFT.replace("version: 1", "version: 2\nsupersedes: version 1")
    newer = newer.replace("It does less harm than today's.", "It does far less harm than today's.")
    assessment = board.assess(board.made["verdict"], draft=newer)
    lines = typed(board, "diff", board.made["assessment"], assessment).output.splitlines()
    assert "  version: '1' -> '2'" in lines
    assert "  safety_case.claims[top].argument: It does {+far+} less harm than today's." in lines
    same = typed(board, "diff", assessment, assessment).output
    assert same == "nothing differs\n"
