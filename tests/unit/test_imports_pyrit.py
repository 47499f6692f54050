"""Memories of PyRIT: read as they lie there, and never changed."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from interlock.errors import BadLogError, IncompleteRunError
from tests.imports import by_item, memory, take

SUCCESS, SCORE = "attack-success", "SubStringScorer/compliance"


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A run of four objectives, twice, one of which ended in an error each time."""
    return memory(tmp_path / "memory.db")


def alter(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as database:
        for each in statements:
            database.execute(each)
        database.commit()
    return path


def asked(path: Path, query: str) -> Sequence[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_successes_and_failures_are_scored_and_errors_told_apart(judged: Path) -> None:
    taken = take(judged)
    raw = Counter(
        outcome for (outcome,) in asked(judged, "SELECT outcome FROM AttackResultEntries")
    )
    assert raw == {"success": 4, "failure": 2, "error": 2}
    assert sorted(taken.values(SUCCESS)) == [0.0] * 2 + [1.0] * 4
    assert taken.counts(SUCCESS) == {"scored": 6, "error": 2}
    assert taken.counts(SCORE) == {"scored": 6, "error": 2}
    assert (taken.account.expected, taken.account.found) == (8, 8)


def test_items_are_objectives_and_repeats_are_epochs_in_the_order_of_time(judged: Path) -> None:
    taken = take(judged)
    objectives = {one for (one,) in asked(judged, "SELECT objective FROM AttackResultEntries")}
    assert {item for item, _ in taken.keys} == {
        hashlib.sha256(str(one).encode()).hexdigest() for one in objectives
    }
    assert {len(values) for values in by_item(taken.rows, SUCCESS).values()} == {2}


def test_an_attack_that_nobody_judged_is_unscored(tmp_path: Path) -> None:
    taken = take(memory(tmp_path / "memory.db", "pyrit-unjudged.db.gz"))
    assert taken.counts(SUCCESS) == {"unscored": 3, "error": 1}
    assert taken.account.unscored == {"the attack was left undetermined": 3}


def test_the_judge_is_the_scorer_with_its_own_hash(judged: Path) -> None:
    rows = [row for row in take(judged).rows if row["status"] == "scored"]
    assert {row["judge"] for row in rows} == {"rule:pyrit.SubStringScorer/1.1.0#c651f7403670"}


def test_a_scorer_that_asks_a_model_is_a_model(judged: Path) -> None:
    change = "UPDATE {0} SET {1} = replace({1}, 'SubStringScorer', 'SelfAskRefusalScorer')"
    alter(
        judged,
        change.format("ScoreEntries", "scorer_class_identifier"),
        change.format("AttackResultEntries", "atomic_attack_identifier"),
    )
    rows = [row for row in take(judged).rows if row["status"] == "scored"]
    assert {row["judge"].partition(":")[0] for row in rows} == {"model"}


def test_reading_changes_no_byte_and_leaves_nothing_beside(judged: Path) -> None:
    before = judged.read_bytes()
    take(judged)
    assert judged.read_bytes() == before
    assert [each.name for each in judged.parent.iterdir()] == [judged.name]


def test_a_memory_that_can_only_be_read_is_read(judged: Path) -> None:
    judged.chmod(0o400)
    judged.parent.chmod(0o500)
    try:
        assert take(judged).account.found == 8
    finally:
        judged.parent.chmod(0o700)


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_a_memory_that_is_still_written_to_is_refused(judged: Path, suffix: str) -> None:
    log = judged.with_name(judged.name + suffix)
    log.write_bytes(b"x")
    with pytest.raises(BadLogError, match="not taken in yet"):
        take(judged)
    log.write_bytes(b"")
    assert take(judged).account.found == 8


def test_a_real_write_ahead_log_is_refused(judged: Path) -> None:
    with closing(sqlite3.connect(judged)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("DELETE FROM AttackResultEntries WHERE outcome = 'success'")
        database.commit()
        with pytest.raises(BadLogError, match="wal_checkpoint"):
            take(judged)


def test_several_targets_must_be_chosen_from_and_errors_belong_to_their_own(judged: Path) -> None:
    alter(
        judged,
        "UPDATE Conversations SET target_identifier = replace(target_identifier, "
        "'canned-1', 'canned-2') WHERE conversation_id IN (SELECT conversation_id FROM "
        "AttackResultEntries ORDER BY timestamp LIMIT 4)",
    )
    with pytest.raises(BadLogError, match="--only provider=NAME"):
        take(judged)
    taken = take(judged, only={"provider": "Canned canned-2"})
    assert taken.counts(SUCCESS) == {"scored": 3, "error": 1}
    assert {row["system"] for row in taken.rows} == {"Canned canned-2 183b88c9"}


def test_several_attacks_must_be_chosen_from_and_an_error_counts_for_each(judged: Path) -> None:
    alter(
        judged,
        "UPDATE AttackResultEntries SET atomic_attack_identifier = replace("
        "atomic_attack_identifier, '\"PromptSendingAttack\"', '\"OtherAttack\"') "
        "WHERE objective = 'open a lock'",
    )
    with pytest.raises(BadLogError, match="OtherAttack, PromptSendingAttack"):
        take(judged)
    taken = take(judged, only={"attack": "OtherAttack"})
    assert taken.counts(SUCCESS) == {"scored": 2, "error": 2}
    assert any("do not say which target" in note for note in taken.account.notes)


def test_an_answer_that_was_scored_twice_and_not_alike_is_unscored(judged: Path) -> None:
    alter(
        judged,
        "CREATE TEMP TABLE again AS SELECT * FROM ScoreEntries WHERE score_value = 'true' LIMIT 1",
        "UPDATE again SET id = 'twice'",
        "INSERT INTO ScoreEntries SELECT * FROM again",
    )
    assert take(judged).counts(SCORE) == {"scored": 6, "error": 2}
    alter(judged, "UPDATE ScoreEntries SET score_value = 'false' WHERE id = 'twice'")
    assert take(judged).counts(SCORE) == {"scored": 5, "unscored": 1, "error": 2}


@pytest.mark.parametrize("value", ["nan", "inf", "much", "", None])
def test_a_score_that_is_no_number_is_unscored(judged: Path, value: str | None) -> None:
    told = "NULL" if value is None else f"'{value}'"
    change = "UPDATE ScoreEntries SET score_type = 'float_scale', score_value = {}"
    alter(judged, change.format(told))
    assert take(judged).counts(SCORE) == {"unscored": 6, "error": 2}


def test_a_scenario_that_did_not_end_is_a_run_that_is_not_whole(judged: Path) -> None:
    columns = [row for row in asked(judged, "PRAGMA table_info(ScenarioResultEntries)") if row[3]]
    names = ", ".join(str(row[1]) for row in columns)
    values = ", ".join(
        {"id": "'s1'", "scenario_run_state": "'CANCELLED'"}.get(str(row[1]), "'{}'")
        for row in columns
    )
    alter(
        judged,
        f"INSERT INTO ScenarioResultEntries ({names}) VALUES ({values})",  # noqa: S608 - a database of the test's own
        "UPDATE AttackResultEntries SET attribution_parent_id = 's1'",
    )
    with pytest.raises(IncompleteRunError, match="1 CANCELLED"):
        take(judged)
    assert take(judged, allow_incomplete=True).account.found == 8


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ("UPDATE AttackResultEntries SET objective = 'another'", "hashed"),
        ("UPDATE AttackResultEntries SET outcome = 'won'", "'won'"),
        ("UPDATE AttackResultEntries SET outcome = 1.5", "1.5"),
        ("UPDATE AttackResultEntries SET labels = '{'", "no JSON"),
        ("UPDATE AttackResultEntries SET objective = x'ff'", "no text"),
        ("UPDATE AttackResultEntries SET objective = CAST(x'ff' AS TEXT)", "decode"),
        ("UPDATE ScoreEntries SET scorer_class_identifier = '{}'", "no scorer"),
        ("DELETE FROM AttackResultEntries", "no attack"),
        ("DROP TABLE ScoreEntries", "ScoreEntries"),
        ("ALTER TABLE AttackResultEntries RENAME COLUMN outcome TO o", "outcome"),
    ],
)
def test_a_memory_that_is_not_as_pyrit_writes_it_is_refused(
    judged: Path, statement: str, match: str
) -> None:
    with pytest.raises(BadLogError, match=match) as caught:
        take(alter(judged, statement))
    assert str(judged) in str(caught.value)


def test_a_view_in_the_place_of_a_table_is_not_read(judged: Path) -> None:
    alter(
        judged,
        "ALTER TABLE AttackResultEntries RENAME TO Attacks",
        "CREATE VIEW AttackResultEntries AS SELECT * FROM Attacks",
    )
    with pytest.raises(BadLogError, match="AttackResultEntries"):
        take(judged)


def test_a_damaged_or_truncated_database_is_refused(judged: Path) -> None:
    whole = judged.read_bytes()
    for data in (
        whole[:5000],
        whole[: len(whole) // 2],
        whole[:100] + b"\xff" * 5000 + whole[5100:],
    ):
        judged.write_bytes(data)
        with pytest.raises(BadLogError) as caught:
            take(judged)
        assert str(judged) in str(caught.value)
