"""The first word of the page is what `check` would say, whatever happened since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.app import assessment_page, hold, revoke
from tests.board import DRAFT, Board, board_at, rows

NEXT = DRAFT.replace("version: 1", "version: 2\nsupersedes: version 1")


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("decided", tmp_path / "board") as made:
        yield made


def word(board: Board, assessment: str) -> str:
    """The word that stands first on the page."""
    return (
        assessment_page(board.work, assessment).decode().split('<p class="word">')[1].split("<")[0]
    )


def test_a_go_that_stands_is_a_go(board: Board) -> None:
    assert word(board, board.made["assessment"]) == "GO"
    assert board.standing(board.made["decision"]) == "holds"


def test_a_go_that_a_later_decision_replaced_is_superseded(board: Board) -> None:
    later = board.assess(board.made["verdict"], draft=NEXT)
    assert word(board, board.made["assessment"]) == "GO"
    board.vote_all(later, ballot="no-go")
    board.close(later)
    assert word(board, board.made["assessment"]) == "SUPERSEDED"
    assert board.standing(board.made["decision"]) == "superseded"
    assert word(board, later) == "NO-GO"


def test_an_undecided_assessment_that_a_later_one_replaced_is_superseded(board: Board) -> None:
    second = board.assess(board.made["verdict"], draft=NEXT)
    assert word(board, second) == "NOT DECIDED"
    third = board.assess(board.made["verdict"], draft=NEXT.replace("version: 2", "version: 3"))
    assert word(board, second) == "SUPERSEDED"
    assert word(board, third) == "NOT DECIDED"


def test_a_go_whose_system_failed_a_later_verdict_is_contradicted(board: Board) -> None:
    failed = board.judged(rows(harm=85))
    assert failed.judgement.outcome == "failed"
    assert word(board, board.made["assessment"]) == "CONTRADICTED"
    assert board.standing(board.made["decision"]) == "contradicted"


def test_a_go_that_somebody_stopped_gives_their_reason(board: Board) -> None:
    hold(board.work, board.made["decision"], "A report came in.", signer=board.key("lea"))
    page = assessment_page(board.work, board.made["assessment"]).decode()
    assert "HELD" in page
    assert "A report came in." in page
    revoke(board.work, board.made["decision"], "It is confirmed.", signer=board.key("lea"))
    page = assessment_page(board.work, board.made["assessment"]).decode()
    assert "REVOKED" in page
    assert "It is confirmed." in page
