"""Acts by the names people type."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.admission import Decision, Run, Seal, State, Vote
from interlock.app.acts import claimed_decision, find_act, find_any, word_of
from interlock.errors import AmbiguousNameError, NotOnLogError
from tests.board import Board, board_at


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("decided", tmp_path / "own") as board:
        yield board


def twin_of(state: State, identity: str) -> State:
    """The same state with one act twice: under its own identity, and under one that begins so."""
    twin = state.copy()
    other = identity[:20] + "0" * 44
    twin.accepted[other] = dataclasses.replace(state.accepted[identity], identity=other)
    return twin


@pytest.mark.parametrize("digits", [6, 12, 64])
def test_six_digits_or_more_name_an_act(board: Board, digits: int) -> None:
    decision = board.made["decision"]
    state = board.work.state()
    assert find_act(state, decision[:digits], Decision).identity == decision
    assert find_any(state, decision[:digits]).identity == decision
    assert claimed_decision(state, decision[:digits]) == decision


@pytest.mark.parametrize("digits", [0, 5])
def test_fewer_digits_name_nothing(board: Board, digits: int) -> None:
    name = board.made["decision"][:digits]
    with pytest.raises(NotOnLogError):
        find_act(board.work.state(), name, Decision)
    with pytest.raises(NotOnLogError):
        find_any(board.work.state(), name)


def test_a_name_of_two_acts_is_ambiguous_and_more_digits_settle_it(board: Board) -> None:
    decision = board.made["decision"]
    state = twin_of(board.work.state(), decision)
    for name in (decision[:6], decision[:20]):
        with pytest.raises(AmbiguousNameError) as caught:
            find_act(state, name, Decision)
        assert caught.value.count == 2
        with pytest.raises(AmbiguousNameError):
            find_any(state, name)
    assert find_act(state, decision[:30], Decision).identity == decision


def test_an_act_of_another_kind_is_not_found_and_the_kind_is_named(board: Board) -> None:
    with pytest.raises(NotOnLogError, match="names no seal"):
        find_act(board.work.state(), board.made["decision"], Seal)


def test_a_refused_decision_can_be_asked_about(board: Board) -> None:
    forced = board.force_go(board.made["assessment"])
    assert claimed_decision(board.work.state(), forced[:8]) == forced
    with pytest.raises(NotOnLogError):
        find_act(board.work.state(), forced, Decision)


def test_an_act_has_its_kinds_name(board: Board) -> None:
    words = {word_of(each.act) for each in board.work.state().accepted.values()}
    assert {"keyring", "adoption", "seal", "run", "verdict", "vote", "decision"} <= words
    assert {each.person for each in board.work.state().of(Vote)} == {"sofia", "pedro", "lea"}
    assert len(list(board.work.state().of(Run))) == 2
