"""The demonstration's forgeries are what they claim to be, and are refused with words to read."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.admission import Bundle, export
from interlock.app import export_bundle, revoke, verify_bundle
from interlock.app.forgeries import with_altered_vote, without_newest
from interlock.errors import BundleRefusedError, NotOnLogError
from interlock.ledger import Json, parse
from tests.board import Board, board_at


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("decided", tmp_path / "own") as board:
        yield board


def bundle_of(board: Board) -> Bundle:
    export_bundle(board.work, board.made["decision"], board.folder / "bundle.json")
    return Bundle.parse((board.folder / "bundle.json").read_bytes())


def refused(board: Board, bundle: Bundle) -> BundleRefusedError:
    file = board.folder / "forged.json"
    file.write_bytes(bundle.to_bytes())
    with pytest.raises(BundleRefusedError) as caught:
        verify_bundle(file, board.place / "root.json", now=board.clock.now())
    assert caught.value.sentence
    return caught.value


def payload_of(entry: str) -> bytes:
    leaf: Json = parse(entry.encode())
    assert isinstance(leaf, dict)
    envelope = leaf["envelope"]
    assert isinstance(envelope, dict)
    return base64.b64decode(str(envelope["payload"]))


def test_one_letter_of_one_vote_is_altered_and_the_tree_shows_it(board: Board) -> None:
    true = bundle_of(board)
    forged = with_altered_vote(true)
    changed = [
        k for k, (a, b) in enumerate(zip(true.entries, forged.entries, strict=True)) if a != b
    ]
    assert len(changed) == 1
    before, after = (payload_of(each.entries[changed[0]]) for each in (true, forged))
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert b"vote/1" in before
    error = refused(board, forged)
    assert error.reason == "wrong-checkpoint"
    assert "cut short or rewritten" in error.sentence


def test_a_revocation_left_out_shows_since_the_checkpoint_counts_it(board: Board) -> None:
    revoke(board.work, board.made["decision"], "new evidence", signer=board.key("lea"))
    assert refused(board, bundle_of(board)).reason == "revoked"
    assert refused(board, without_newest(bundle_of(board))).reason == "wrong-checkpoint"


def test_a_decision_left_out_of_its_own_bundle_shows_as_well(board: Board) -> None:
    assert refused(board, without_newest(bundle_of(board))).reason == "wrong-checkpoint"


def test_there_is_no_vote_to_alter_before_anyone_voted(tmp_path: Path) -> None:
    with board_at("assessed", tmp_path / "early") as board:
        now, seal = board.work.read(), next(iter(board.work.state().accepted))
        early = export(board.work.log.entries(), seal, checkpoint=now.note)
    with pytest.raises(NotOnLogError):
        with_altered_vote(early)
