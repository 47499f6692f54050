"""The workspace: made whole, read once while nothing moves, and appended to by several at once."""

import dataclasses
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from interlock.adapters.keys import KeyStore
from interlock.admission import Answer, Hold, Question, Vote, statement_of
from interlock.app import Workspace, ask, close_review, create_workspace, open_workspace
from interlock.app.places import locate
from interlock.errors import (
    LogTruncatedError,
    NotHolderError,
    NoWorkspaceError,
    RefusedActError,
    WorkspaceTakenError,
    WrongPassphraseError,
)
from interlock.ledger import dump
from tests.board import PASSPHRASE, Board, board_at
from tests.fakes import StepClock

VOTES = 6


class InterruptingClock(StepClock):
    """A clock during whose next reading something else happens."""

    meanwhile: Callable[[], object] | None = None

    def now(self) -> str:
        happening, self.meanwhile = self.meanwhile, None
        if happening is not None:
            happening()
        return super().now()


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("voted", tmp_path / "own") as board:
        yield board


def holding(product: str) -> Hold:
    return Hold(product=product, system="a" * 64, reason="a test", previous="")


def interrupted(board: Board) -> InterruptingClock:
    """The board with a clock that can be interrupted."""
    board.close_all()
    clock = InterruptingClock()
    clock.seconds = board.clock.seconds
    board.clock = clock
    return clock


def votes_in_turn(folder: Path, person: str) -> list[str]:
    """Change one's mind several times, in a process of one's own."""
    board = Board(folder, StepClock())
    (assessment,) = board.work.state().assessments.values()
    found = [
        board.vote(person, assessment.identity, "no-go" if k % 2 else "go") for k in range(VOTES)
    ]
    board.close_all()
    return found


def test_two_people_vote_at_once_and_every_vote_lands(board: Board) -> None:
    before = board.work.state().size
    board.close_all()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        given = list(pool.map(votes_in_turn, [board.folder] * 2, ["sofia", "lea"]))
    state = board.work.state()
    assert state.size == before + 2 * VOTES
    assert state.refused == []
    assert {identity for each in given for identity in each} <= state.accepted.keys()
    standing = {
        each.person: each.identity for each in state.standing_votes(board.made["assessment"])
    }
    assert (standing["sofia"], standing["lea"]) == (given[0][-1], given[1][-1])


def test_an_act_that_lost_the_race_is_tried_again_and_lands_after_the_other(board: Board) -> None:
    clock = interrupted(board)
    size = board.work.state().size
    with closing(open_workspace(board.place, home=board.home, clock=StepClock())) as other:
        clock.meanwhile = lambda: other.append(holding("theirs"), board.key("carol"))
        done = board.work.append(holding("ours"), board.key("carol"))
    assert done.receipt.index == size + 1
    assert board.work.state().size == size + 2


def test_an_act_that_the_other_one_forbids_is_refused_when_tried_again(board: Board) -> None:
    clock, assessment = interrupted(board), board.made["assessment"]
    chair, asker = board.key("carol"), board.key("sofia")
    board.work.state()
    with closing(open_workspace(board.place, home=board.home, clock=StepClock())) as other:

        def asked() -> None:
            clock.meanwhile = lambda: ask(other, assessment, "What of minors?", signer=asker)

        # The first reading sets the decision's expiry; the question comes during the next.
        clock.meanwhile = asked
        with pytest.raises(RefusedActError) as caught:
            close_review(board.work, assessment, signer=chair)
    assert caught.value.reason == "open-question"


def test_the_same_act_twice_counts_once_and_keeps_its_receipt(board: Board) -> None:
    first = board.work.append(holding("ours"), board.key("carol"))
    size = board.work.state().size
    assert board.work.append(holding("ours"), board.key("carol")) == first
    board.close_all()
    assert board.work.append(holding("ours"), board.key("carol")) == first
    assert board.work.state().size == size


def test_the_log_is_read_anew_only_when_it_moved(board: Board) -> None:
    state = board.work.state()
    assert board.work.state() is state
    assert board.work.current().state is state
    board.work.append(holding("ours"), board.key("carol"))
    assert board.work.state() is not state
    assert board.work.state().size == state.size + 1


def test_a_checkpoint_is_cosigned_anew_without_moving_the_log(board: Board) -> None:
    before = board.work.read().cosigned
    board.clock.forward(3600)
    after = board.work.current().cosigned
    assert after.checkpoint == before.checkpoint
    assert after.time > before.time


class InterruptedKeys(KeyStore):
    """A user's memory; something else happens right after a log was read and remembered."""

    meanwhile: Callable[[], object] | None = None

    def saw(self, origin: str, note: str, **options: Any) -> None:
        super().saw(origin, note, **options)
        happening, self.meanwhile = self.meanwhile, None
        if happening is not None:
            happening()


def interrupted_after_reading(board: Board) -> tuple[Workspace, InterruptedKeys]:
    (own,) = board.home.iterdir()
    keys = InterruptedKeys(own)
    return dataclasses.replace(board.work, keys=keys), keys


def test_a_tree_that_was_not_audited_is_not_cosigned(board: Board) -> None:
    work, keys = interrupted_after_reading(board)
    kept: list[str] = []

    def cut_short() -> None:
        with closing(sqlite3.connect(board.log_file)) as connection, connection:
            for table, column in (("entry", '"index"'), ("checkpoint", "size")):
                newest = f"(SELECT max({column}) FROM {table})"  # noqa: S608 - fixed words
                connection.execute(f"DELETE FROM {table} WHERE {column} = {newest}")  # noqa: S608
        kept.append(work.log.note())

    keys.meanwhile = cut_short
    with pytest.raises(LogTruncatedError):
        work.current()
    assert work.log.note() == kept[0]


def test_a_log_that_grew_after_it_was_audited_is_audited_again_and_then_cosigned(
    board: Board,
) -> None:
    work, keys = interrupted_after_reading(board)
    size = work.state().size
    keys.meanwhile = lambda: board.work.append(holding("ours"), board.key("carol"))
    found = work.current()
    assert (found.state.size, found.cosigned.checkpoint.size) == (size + 1, size + 1)


def test_a_statement_that_stands_on_the_log_without_effect_is_not_called_done(
    board: Board,
) -> None:
    question = Question(assessment=board.made["assessment"], text="What of minors?")
    answer = Answer(question=statement_of(question).identity, text="Excluded.")
    early = board.force(answer, "paula")
    (refused,) = board.work.state().refused
    board.work.append(question, board.key("sofia"))
    size = board.work.state().size
    with pytest.raises(RefusedActError) as caught:
        board.work.append(answer, board.key("paula"))
    assert refused.identity == early
    assert (caught.value.reason, caught.value.sentence) == (refused.reason, refused.sentence)
    assert board.work.state().size == size


@pytest.mark.parametrize("prefix", ["evil.example/", "evil.example/../", ""])
def test_a_workspace_whose_origin_only_ends_like_ours_finds_none_of_our_keys(
    board: Board, tmp_path: Path, prefix: str
) -> None:
    root = board.work.root
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "interlock.yaml").write_bytes((board.place / "interlock.yaml").read_bytes())
    origin = prefix + root.origin.rpartition("/")[2]
    (foreign / "root.json").write_bytes(dump(dataclasses.replace(root, origin=origin)))
    assert "root" in locate(board.place, home=board.home).keys.names()
    assert locate(foreign, home=board.home).keys.names() == ()


@pytest.mark.parametrize(
    "origin", ["evil.example/..", "evil.example/.", "..", "a/b/", "e/" + "x" * 999]
)
def test_no_origin_leads_out_of_the_users_own_folder(
    board: Board, tmp_path: Path, origin: str
) -> None:
    (tmp_path / "interlock.yaml").write_text("products: [a]\n", "utf-8")
    root = dataclasses.replace(board.work.root, origin=origin)
    (tmp_path / "root.json").write_bytes(dump(root))
    place = locate(tmp_path, home=board.home)
    assert place.home.resolve().parent == board.home.resolve()
    assert place.keys.names() == ()


def reader_of(board: Board, home: Path) -> Workspace:
    return open_workspace(board.place, home=home, clock=board.clock)


def test_whoever_lacks_the_logs_keys_reads_and_never_appends(board: Board, tmp_path: Path) -> None:
    with closing(reader_of(board, tmp_path / "reader")) as reader:
        assert reader.state().size == board.work.state().size
        assert len(list(reader.state().of(Vote))) == 3
        with pytest.raises(NotHolderError):
            reader.append(holding("ours"), board.key("carol"))
        assert reader.current().note == reader.log.note()


def test_a_workspace_is_made_only_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    with pytest.raises(WorkspaceTakenError):
        create_workspace(tmp_path / "taken", home=tmp_path / "home", passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        create_workspace(tmp_path / "new", home=tmp_path / "home", passphrase="")
    assert not (tmp_path / "new").exists()


def test_a_folder_whose_making_was_cut_short_is_no_workspace(tmp_path: Path) -> None:
    create_workspace(tmp_path / "new", home=tmp_path / "home", passphrase=PASSPHRASE).close()
    (tmp_path / "new" / "interlock.yaml").unlink()
    with pytest.raises(NoWorkspaceError):
        open_workspace(tmp_path / "new", home=tmp_path / "home")


def test_private_keys_are_the_owners_alone_and_apart_for_every_workspace(tmp_path: Path) -> None:
    for name in ("one", "two"):
        work = create_workspace(tmp_path / name, home=tmp_path / "home", passphrase=PASSPHRASE)
        work.close()
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert len([path for path in kept if path.suffix == ".pem"]) == 6
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}
    assert len({path.relative_to(tmp_path / "home").parts[0] for path in kept}) == 2
