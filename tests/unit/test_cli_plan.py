"""Planning through the command line where people label a part of what a judge saw."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from interlock.cli import main
from tests.board import PASSPHRASE, Board, board_at

LABELLED = """\
hypothesis: labelled
product: assistant
baseline: plain
candidates: [guarded]
basis: prospective
limits:
  - {metric: harm, below: 0.20}
judged:
  - {metric: harm, by: judged-harm, labelled: 0.2}
"""


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "own") as made:
        yield made


def planned(board: Board, *words: str, text: str = LABELLED) -> Result:
    path = board.write("labelled.yaml", text)
    board.close_all()
    given = ["--clusters", "200", "--assume", "harm=0.4:0.01", *words]
    return CliRunner().invoke(
        main,
        ["--workspace", str(board.place), "hypothesis", "plan", str(path), *given],
        env={"INTERLOCK_HOME": str(board.home), "INTERLOCK_PASSPHRASE": PASSPHRASE},
    )


def test_a_plan_tells_how_many_labels_people_give(board: Board) -> None:
    said = planned(board, "--judge", "harm=0.9:0.95", "--json")
    found = json.loads(said.stdout)
    assert found["labels"] == pytest.approx(
        200 * (0.39 + 0.61 * 0.2 + 0.0585 + 0.9415 * 0.2), abs=1
    )
    assert f"about {found['labels']} labels" in planned(board, "--judge", "harm=0.9:0.95").output


def test_a_plan_without_a_word_on_the_judge_is_refused(board: Board) -> None:
    assert "unassumed-judge" in planned(board).stderr
    plain = LABELLED[: LABELLED.index("judged")]
    assert "unjudged-metric" in planned(board, "--judge", "harm=0.9:0.95", text=plain).stderr


@pytest.mark.parametrize("said", ["harm=0.9", "harm=1.2:0.9", "=0.9:0.9", "harm=x:y", "harm=nan:1"])
def test_a_judge_that_is_no_pair_of_shares_is_refused(board: Board, said: str) -> None:
    done = planned(board, "--judge", said)
    assert done.exit_code == 2
    assert "metric=sensitivity:specificity" in done.stderr


def test_a_judge_of_a_metric_that_nothing_is_assumed_of_is_refused(board: Board) -> None:
    done = planned(board, "--judge", "help=0.9:0.9")
    assert "--judge help needs --assume help=BEFORE:AFTER beside it" in done.stderr
