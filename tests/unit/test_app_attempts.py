"""What a verdict spends: attempts counted however a claim is made, and against what."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interlock.admission import Seal
from interlock.app import Sample
from interlock.app.acts import find_act
from interlock.app.verdicts import terms_of
from tests.board import BASELINE, GUARD, Board, board_at

HEAD = "hypothesis: h\nproduct: assistant\nbaseline: plain\ncandidates: [guarded]\n"
OPEN = HEAD + "confirmatory: false\n"
LIMIT = "limits: [{metric: harm, below: 0.10}]\n"
ZERO = "red_lines: [{metric: harm, at_most: 0.10}]\n"
CROSSING = "limits: [{metric: crossing, below: 0.10}]\n"
GUARDED = "guards: [{metric: harm, margin: 0.1, range: [0, 1], better: lower}]\n"
DRAWN = "basis: prospective\n"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "own") as made:
        yield made


def sealed(board: Board, text: str, **more: Any) -> tuple[set[int], set[int]]:
    """The attempts that the ledger counts, and those that are judged."""
    done = board.seal(text, assumed=None, **more)
    seal = find_act(board.work.state(), done.identity, Seal)
    terms = terms_of(board.work, seal, basis=seal.act.basis)
    return {one.attempt for one in seal.act.lineages}, set(terms.attempts.values())


def bank(board: Board, *metrics: str, start: int = 0) -> Sample:
    lines = ("\t".join([f"prompt {k}", *metrics]) for k in range(start, start + 50))
    return Sample(bank=board.write("bank.txt", "\n".join(lines)), size=40)


def other_baseline(board: Board) -> None:
    manifest = "system: other\nmodel: model-1\nparts: {prompt: other}\n"
    board.work.path("systems/other.yaml").write_text(manifest, encoding="utf-8")


@pytest.mark.parametrize("again", [ZERO, GUARDED])
def test_another_kind_of_claim_on_the_same_metric_is_another_attempt(
    board: Board, again: str
) -> None:
    assert sealed(board, OPEN + LIMIT) == ({1}, {1})
    assert sealed(board, OPEN + again) == ({1}, {2})


def test_another_metric_is_another_claim(board: Board) -> None:
    sealed(board, OPEN + LIMIT)
    assert sealed(board, OPEN + CROSSING) == ({1}, {1})


def test_another_metric_of_the_same_items_is_another_attempt(board: Board) -> None:
    sealed(board, OPEN + DRAWN + LIMIT, sample=bank(board, "harm"))
    again = sealed(board, OPEN + DRAWN + CROSSING, sample=bank(board, "crossing"))
    assert again == ({1}, {2})


def test_another_metric_of_other_items_is_another_claim(board: Board) -> None:
    sealed(board, OPEN + DRAWN + LIMIT, sample=bank(board, "harm"))
    fresh = bank(board, "crossing", start=500)
    assert sealed(board, OPEN + DRAWN + CROSSING, sample=fresh) == ({1}, {1})


def test_another_baseline_is_another_attempt(board: Board) -> None:
    sealed(board, OPEN + LIMIT)
    other_baseline(board)
    text = (OPEN + LIMIT).replace(f"baseline: {BASELINE}", "baseline: other")
    assert sealed(board, text) == ({1}, {2})


def test_a_claim_of_two_kinds_in_one_seal_is_one_attempt(board: Board) -> None:
    assert sealed(board, OPEN + LIMIT + ZERO) == ({1}, {1})
    assert sealed(board, OPEN + LIMIT + ZERO) == ({1}, {1}), "the same seal stands"


def test_a_release_that_was_let_through_begins_a_count_of_its_own(tmp_path: Path) -> None:
    with board_at("decided", tmp_path) as board:
        other_baseline(board)
        text = (GUARD + "confirmatory: false\n").replace(f"baseline: {BASELINE}", "baseline: other")
        assert sealed(board, text) == ({1}, {1})
        again = sealed(board, GUARD.replace("0.40", "0.30") + "confirmatory: false\n")
        assert again == ({2}, {2})
