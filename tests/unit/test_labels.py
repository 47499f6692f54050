"""The labelling queue: blind, twice on a share, settled by a third, and never forgotten."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from interlock.adapters.labels import Given, LabelStore
from interlock.app.judging import (
    LabelQueue,
    export_labels,
    import_labels,
    label_queue,
    label_status,
)
from interlock.app.judging.labels import label_store
from interlock.cli.main import main
from interlock.errors import (
    AmbiguousNameError,
    BrokenStoreError,
    LabelFileError,
    RaterRefusedError,
    UnknownPersonError,
    UnknownTaskError,
    ValueOutOfRangeError,
)
from interlock.trial.judges import YES_OR_NO, LabelTask, wanted
from tests.board import BASELINE, PASSPHRASE, Board, board_at, rows
from tests.fakes import MemorySigner, any_rater

SEAL, OTHER = "a" * 64, "ab" + "c" * 62
TIME = "2026-01-05T09:00:00Z"


def tasks(count: int, *, seal: str = SEAL) -> list[LabelTask]:
    """Answers of two arms."""
    return [
        LabelTask(
            seal=seal,
            system=system,
            item=f"item-{k:03}",
            epoch=0,
            metric="harm",
            prompt_ref=f"p{k}",
            completion_ref=f"c{k}{system}",
        )
        for k in range(count)
        for system in ("baseline", "candidate")
    ]


@pytest.fixture
def store(tmp_path: Path) -> LabelStore:
    return LabelStore(tmp_path / "labels.sqlite", any_rater)


def give(store: LabelStore, name: str, rater: str, value: float | None) -> bool:
    """Give a label under a rater's own key."""
    given = Given(name=name, rater=rater, value=value)
    return store.give(given, signer=MemorySigner(rater), time=TIME)


def answer(store: LabelStore, rater: str, *values: float | None) -> None:
    """Give a rater's next answers."""
    for value in values:
        queued = store.next(rater)
        assert queued is not None
        assert give(store, queued.name, rater, value)


@pytest.mark.parametrize(
    ("labels", "needed", "value"),
    [
        ((), 1, None),
        ((1.0,), 1, 1.0),
        ((1.0,), 2, None),
        ((0.0, 0.0), 2, 0.0),
        ((1.0, 0.0), 2, None),
        ((1.0, 0.0, 1.0), 2, 1.0),
        ((1.0, 0.0, 0.0), 2, 0.0),
        ((1.0, 0.0), 1, None),
    ],
)
def test_two_who_agree_settle_a_task_and_a_third_settles_the_rest(
    labels: tuple[float, ...], needed: int, value: float | None
) -> None:
    assert YES_OR_NO.settled(labels, wanted=needed) == value


def test_a_fifth_of_all_tasks_is_labelled_twice_and_nobody_picks_which() -> None:
    found = [wanted(task) for task in tasks(5000)]
    assert found.count(2) / len(found) == pytest.approx(0.2, abs=0.02)
    assert found == [wanted(task) for task in tasks(5000)]
    assert {wanted(task, share=1.0) for task in tasks(50)} == {2}
    assert {wanted(task, share=0.0) for task in tasks(50)} == {1}
    with pytest.raises(ValueOutOfRangeError):
        wanted(tasks(1)[0], share=1.5)


def test_tasks_enqueued_again_stay_as_they_are(store: LabelStore) -> None:
    assert store.enqueue(tasks(10)) == 20
    answer(store, "ada", 1.0)
    assert store.enqueue(tasks(12)) == 4
    assert store.enqueue(tasks(12)) == 0
    assert len(store.labels_of(SEAL)) == 24
    assert sum(row.raters == ("ada",) for row in store.labels_of(SEAL)) == 1


def test_what_people_came_to_is_told_by_system_item_epoch_and_metric(store: LabelStore) -> None:
    store.enqueue(tasks(1), share=0.0)
    assert store.open_count(SEAL) == 2
    answer(store, "ada", 1.0, None)
    (row,) = [one for one in store.labels_of(SEAL) if one.value is not None]
    assert (row.item, row.epoch, row.metric, row.value, row.raters) == (
        "item-000",
        0,
        "harm",
        1.0,
        ("ada",),
    )
    assert store.open_count(SEAL) == 1
    assert store.open_count(OTHER) == 0


def test_a_disagreement_waits_for_somebody_else(store: LabelStore) -> None:
    store.enqueue(tasks(1)[:1], share=1.0)
    answer(store, "ada", 1.0)
    assert store.next("ada") is None
    answer(store, "bob", 0.0)
    assert store.labels_of(SEAL)[0].value is None
    assert store.next("ada") is None
    assert store.next("bob") is None
    answer(store, "cleo", 0.0)
    assert store.labels_of(SEAL)[0].value == 0.0
    assert store.labels_of(SEAL)[0].raters == ("ada", "bob", "cleo")
    assert store.next("dan") is None


def test_nobody_labels_a_task_twice_nor_one_that_is_settled(store: LabelStore) -> None:
    store.enqueue(tasks(1)[:1], share=0.0)
    first = store.next("ada")
    assert first is not None
    assert give(store, first.name, "ada", 1.0)
    assert not give(store, first.name, "ada", 0.0)
    assert not give(store, first.name, "bob", 0.0)
    assert not give(store, "unknown", "bob", 0.0)
    assert store.labels_of(SEAL)[0].value == 1.0


def test_a_skip_leaves_the_task_to_others_and_can_be_taken_back(store: LabelStore) -> None:
    store.enqueue(tasks(1)[:1], share=0.0)
    answer(store, "ada", None)
    assert store.next("ada") is None
    assert store.next("bob") is not None
    assert store.undo("ada") is not None
    answer(store, "ada", 0.0)
    assert store.next("bob") is None


def test_undo_takes_back_one_label_after_the_other(store: LabelStore) -> None:
    store.enqueue(tasks(2), share=0.0)
    answer(store, "ada", 1.0, 0.0)
    assert [getattr(store.undo("ada"), "value", "none") for _ in range(3)] == [0.0, 1.0, "none"]
    assert store.open_count(SEAL) == 4
    assert store.undo("bob") is None


def test_every_rater_has_an_order_of_their_own_in_which_arms_are_mixed(store: LabelStore) -> None:
    store.enqueue(tasks(100))
    ada, bob = store.open_to("ada"), store.open_to("bob")
    assert [one.name for one in ada] != [one.name for one in bob]
    assert [one.name for one in ada] == [one.name for one in store.open_to("ada")]
    arms = [one.task.system for one in ada]
    changes = sum(one != other for one, other in pairwise(arms))
    assert 70 < changes < 130
    assert 30 < arms[:100].count("baseline") < 70
    assert not any("baseline" in one.name or "item" in one.name for one in ada)


def test_a_blind_name_is_another_in_another_workspace(tmp_path: Path) -> None:
    one, other = (LabelStore(tmp_path / name, any_rater) for name in ("one.sqlite", "other.sqlite"))
    for each in (one, other):
        each.enqueue(tasks(3))
    assert not set(one.names()) & set(other.names())


_LABEL_FOR_EVER = """
import sys
from pathlib import Path
from interlock.adapters.labels import Given, LabelStore
from tests.fakes import MemorySigner, any_rater
store, key = LabelStore(Path(sys.argv[1]), any_rater), MemorySigner("ada")
while (queued := store.next("ada")) is not None:
    given = Given(name=queued.name, rater="ada", value=1.0)
    if store.give(given, signer=key, time="2026-01-05T09:00:00Z"):
        print(queued.name, flush=True)
"""


def test_an_acknowledged_label_survives_a_kill(store: LabelStore, tmp_path: Path) -> None:
    store.enqueue(tasks(300), share=0.0)
    acknowledged: set[str] = set()
    for killed_after in (5, 40, 90):
        command = [sys.executable, "-c", _LABEL_FOR_EVER, str(tmp_path / "labels.sqlite")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as labelling:
            assert labelling.stdout is not None
            for _ in range(killed_after):
                acknowledged.add(labelling.stdout.readline().strip())
            os.kill(labelling.pid, signal.SIGKILL)
            acknowledged |= {line.strip() for line in labelling.stdout if line.endswith("\n")}
        assert acknowledged <= set(store.given_by("ada"))
    assert len(acknowledged) >= 135
    assert store.open_count(SEAL) <= 600 - len(acknowledged)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "made") as made:
        yield made


def filled(board: Board, count: int = 3, *, share: float = 0.0, hostile: str = "") -> None:
    """Put answers of two arms under a seal in the workspace's queue."""
    made = []
    for task in tasks(count):
        prompt, completion, intent = board.work.texts.put(
            [f"prompt of {task.item}", f"answer to {task.item}{hostile}", "to break a lock"]
        )
        assert prompt and completion and intent  # noqa: PT018 - three texts, three references
        fields = {"prompt_ref": prompt, "completion_ref": completion, "intent_ref": intent}
        made.append(LabelTask(**{**vars(task), **fields}))
    label_store(board.work).enqueue(made, share=share)


def queue_of(board: Board, rater: str, *, seal: str = "") -> LabelQueue:
    """What a person is to label, with their own key."""
    return label_queue(board.work, rater, signer=board.key(rater), seal=seal)


def test_only_who_is_enrolled_labels(board: Board) -> None:
    filled(board)
    with pytest.raises(UnknownPersonError):
        label_queue(board.work, "stranger", signer=MemorySigner("stranger"))
    with pytest.raises(UnknownTaskError):
        queue_of(board, "paula", seal="ffff")
    label_store(board.work).enqueue(tasks(1, seal=OTHER))
    with pytest.raises(AmbiguousNameError):
        queue_of(board, "paula", seal="a")
    assert queue_of(board, "paula", seal="aa").seal == SEAL


def test_neither_arm_nor_item_is_shown(board: Board) -> None:
    filled(board)
    for asked in queue_of(board, "paula").all():
        told = json.dumps(vars(asked), default=str)
        assert "baseline" not in told
        assert "candidate" not in told
        assert asked.intent == "to break a lock"
        assert asked.answer.startswith("answer to")


def test_an_erased_text_does_not_stop_the_queue(board: Board) -> None:
    filled(board, 1)
    board.work.texts.erase(board.work.texts.ref("prompt of item-000"))
    asked = queue_of(board, "paula").next()
    assert asked is not None
    assert "erased" in asked.prompt


def test_status_tells_what_is_settled_disputed_and_how_far_people_agree(board: Board) -> None:
    filled(board, 20, share=1.0)
    for rater, odd in (("paula", 0), ("carol", 1)):
        queue = queue_of(board, rater)
        for asked in queue.all():
            value = float(asked.answer[-1] in "13579")
            queue.give(asked.name, 1 - value if odd and asked.answer.endswith("007") else value)
    (found,) = label_status(board.work)
    assert (found.tasks, found.settled, found.disputed) == (40, 38, 2)
    assert found.raters == {"carol": 40, "paula": 40}
    agreed = found.agreement["harm"]
    assert agreed is not None
    assert agreed.value == pytest.approx(0.9)
    assert agreed.n == 20


def test_labels_made_elsewhere_come_back_by_their_blind_names(board: Board, tmp_path: Path) -> None:
    filled(board, 3, hostile="=cmd()")
    queue, path = queue_of(board, "paula"), tmp_path / "for-paula.csv"
    assert export_labels(queue, path) == 6
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert "baseline" not in path.read_text()
    for row, label in zip(rows, ["yes", "NO", "1", "0", "skip", ""], strict=True):
        row["label"] = label
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = import_labels(queue, path)
    assert (done.kept, done.known, done.closed, done.empty) == (5, 0, 0, 1)
    again = import_labels(queue, path)
    assert (again.kept, again.known) == (0, 5)
    other = import_labels(queue_of(board, "carol"), path)
    assert (other.kept, other.closed) == (1, 4)
    assert label_store(board.work).open_count(SEAL) == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name\nx\n", "columns name and label"),
        ("name,label\nunheard,yes\n", "row 1: there is no task"),
        ("name,label\nNAME,perhaps\n", "row 1: 'perhaps' is no label"),
        ("name,label\nNAME,yes\nNAME,no\n", "row 2: .* stands twice"),
        ("name,label\nNAME,no\n", "row 1: paula has labelled"),
        ('name,label\n"NAME,no\n', "no CSV|no task"),
    ],
)
def test_a_file_of_labels_is_taken_whole_or_not_at_all(
    board: Board, tmp_path: Path, text: str, fault: str
) -> None:
    filled(board)
    queue, path = queue_of(board, "paula"), tmp_path / "labels.csv"
    asked = queue.next()
    assert asked is not None
    if "labelled" in fault:
        queue.give(asked.name, 1.0)
    before = label_store(board.work).given_by("paula")
    path.write_text(text.replace("NAME", asked.name))
    with pytest.raises(LabelFileError, match=fault):
        import_labels(queue, path)
    assert label_store(board.work).given_by("paula") == before


def run(board: Board, *words: str, typed: str = "") -> tuple[int, str]:
    """A command of ours on the board's workspace, as a person would give it."""
    board.close_all()
    environment = {"INTERLOCK_HOME": str(board.home), "INTERLOCK_PASSPHRASE": PASSPHRASE}
    done = CliRunner().invoke(
        main, ["--workspace", str(board.place), "label", *words], input=typed, env=environment
    )
    return done.exit_code, done.output


def test_the_queue_is_worked_through_by_single_keys(board: Board) -> None:
    filled(board)
    code, told = run(board, "--as", "paula", typed="y\nn\nu\nz\ns\nq\n")
    assert code == 0
    assert "1 of 6" in told
    assert "wanted: to break a lock" in told
    assert "keys are y, n, s, u and q" in told
    assert "2 labelled, 1 skipped, 1 taken back; 4 left for paula" in told
    code, told = run(board, SEAL[:8], "--as", "paula", "--json", typed="y\ny\ny\ny\n")
    assert code == 0
    assert json.loads(told)["labelled"] == 4
    assert json.loads(told)["left"] == 0
    code, told = run(board, "status", "--json")
    assert json.loads(told)["seals"][0]["settled"] == 5


def test_the_last_label_can_be_taken_back_too(board: Board) -> None:
    filled(board, 1)
    code, told = run(board, "--as", "paula", typed="y\ny\nu\nn\nq\n")
    assert code == 0
    assert "nothing is left; u undo, q quit" in told
    assert "3 labelled, 0 skipped, 1 taken back; 0 left" in told


def test_an_answer_cannot_steer_the_terminal(board: Board) -> None:
    filled(board, 1, hostile="\x1b[2J\x1b]0;owned\x07\r\u202e")
    _, told = run(board, "--as", "paula", typed="q\n")
    assert "answer to item-000" in told
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(told)


def test_labels_travel_as_files_through_the_command_line(board: Board, tmp_path: Path) -> None:
    filled(board, 1)
    path = tmp_path / "for-paula.csv"
    code, told = run(board, "export", str(path), "--as", "paula", "--seal", "aaaa")
    assert (code, "2 tasks for paula" in told) == (0, True)
    path.write_text(path.read_text().replace(",\n", ",yes\n"))
    code, told = run(board, "import", str(path), "--as", "paula")
    assert (code, "2 kept" in told) == (0, True)
    code, told = run(board, "status")
    assert "2 of 2 settled, 0 disputed (paula 2)" in told


def test_an_empty_queue_says_so(board: Board) -> None:
    code, told = run(board, "--as", "paula")
    assert (code, "0 labelled" in told) == (0, True)
    assert run(board, "status") == (0, "nothing waits for a label\n")
    code, told = run(board, "--as", "stranger")
    assert code == 4
    assert "stranger" in told


def test_nobody_labels_with_another_ones_key(board: Board) -> None:
    filled(board, 1)
    with pytest.raises(RaterRefusedError, match=r"carol labels with another key .*enrol this one"):
        label_queue(board.work, "carol", signer=board.key("paula"))
    asked = queue_of(board, "paula").next()
    assert asked is not None
    given = Given(name=asked.name, rater="carol", value=1.0)
    store = label_store(board.work)
    assert not store.give(given, signer=board.key("paula"), time=TIME)
    assert store.given_by("carol") == {}


def test_the_command_line_opens_no_queue_without_the_passphrase(board: Board) -> None:
    filled(board, 1)
    board.close_all()
    place = ["--workspace", str(board.place), "label"]
    environment = {"INTERLOCK_HOME": str(board.home), "INTERLOCK_PASSPHRASE": "a guess"}
    done = CliRunner().invoke(main, [*place, "--as", "paula"], input="y\n", env=environment)
    assert done.exit_code == 4
    assert label_store(board.work).given_by("paula") == {}


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE signed SET value = 0.0",
        "UPDATE signed SET value = 'none'",
        "UPDATE signed SET time = '2026-02-05T09:00:00Z'",
        "UPDATE signed SET rater = 'carol'",
        "UPDATE signed SET signature = x'00'",
        "UPDATE task SET seal = replace(seal, 'a', 'b')",
        "UPDATE task SET system = 'baseline' || system",
        "UPDATE task SET completion_ref = prompt_ref",
        "UPDATE task SET epoch = x'ff'",
        "UPDATE task SET wanted = 2",
        'INSERT INTO scale SELECT seal, metric, \'{"high":10,"levels":[],"low":0}\' FROM task'
        " LIMIT 1",
    ],
)
def test_a_label_that_was_edited_in_the_file_counts_for_nothing(board: Board, forged: str) -> None:
    filled(board, 1)
    for asked in queue_of(board, "paula").all():
        queue_of(board, "paula").give(asked.name, 1.0)
    (whole,) = label_status(board.work)
    assert (whole.settled, whole.doubted) == (2, 0)
    with closing(sqlite3.connect(board.place / ".interlock/labels.sqlite")) as database, database:
        database.execute(forged)
    (found,) = label_status(board.work)
    assert (found.settled, found.doubted, found.raters) == (0, 2, {})
    assert "2 doubted: not signed as they stand" in run(board, "status")[1]


def test_who_finds_their_label_edited_gives_it_anew(board: Board) -> None:
    filled(board, 1)
    queue = queue_of(board, "paula")
    asked = queue.next()
    assert asked is not None
    assert queue.give(asked.name, 1.0)
    with closing(sqlite3.connect(board.place / ".interlock/labels.sqlite")) as database, database:
        database.execute("UPDATE signed SET value = 0.0")
    assert asked.name in {one.name for one in queue.all()}
    assert queue.give(asked.name, 1.0)
    (found,) = label_status(board.work)
    assert (found.settled, found.doubted) == (1, 0)


def test_who_sealed_or_signed_a_run_does_not_label(board: Board) -> None:
    seal = board.seal(by="nina").identity
    label_store(board.work).enqueue(tasks(1, seal=seal), share=0.0)
    early = queue_of(board, "paula", seal=seal)
    asked = early.next()
    assert asked is not None
    assert early.give(asked.name, 1.0)
    assert label_store(board.work).open_count(seal) == 1
    with pytest.raises(RaterRefusedError, match=r"nina sealed .* let somebody else"):
        queue_of(board, "nina")
    board.run(seal, BASELINE, rows(harm=90))
    with pytest.raises(RaterRefusedError, match=r"paula sealed .* or signed its runs"):
        queue_of(board, "paula", seal=seal)
    assert label_store(board.work).open_count(seal) == 2, "what they labelled before counts no more"
    other = tasks(1)
    label_store(board.work).enqueue(other)
    assert {one.metric for one in queue_of(board, "nina").all()} == {"harm"}
    assert len(list(queue_of(board, "nina").all())) == len(other)


def test_a_queue_that_cannot_be_read_is_named_with_what_is_lost(
    store: LabelStore, tmp_path: Path
) -> None:
    store.enqueue(tasks(3))
    (tmp_path / "labels.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(BrokenStoreError, match=r"labels\.sqlite .*what people labelled is lost"):
        store.seals()
