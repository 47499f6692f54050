"""Samples of lm-eval: a row for each document and metric of the filter that was chosen."""

import json
import shutil
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from interlock.errors import BadLogError, IncompleteRunError
from tests.imports import DATA, Line, save_lines, take

FOLDER = DATA / "lm-eval"
SUMS = next(FOLDER.glob("samples_sums_*.jsonl"))
PICK = next(FOLDER.glob("samples_pick_*.jsonl"))
STRICT, FLEXIBLE = {"filter": "strict"}, {"filter": "flexible"}


def raw(path: Path = SUMS) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def beside(tmp_path: Path, made: list[Line], name: str = SUMS.name) -> Path:
    """Samples with the results of their run beside them."""
    for each in FOLDER.glob("results_*.json"):
        shutil.copy(each, tmp_path / each.name)
    return save_lines(tmp_path / name, made)


@pytest.mark.parametrize("asked", [STRICT, FLEXIBLE])
def test_scores_are_those_of_the_chosen_filter_and_agree_with_the_claim(
    asked: dict[str, str],
) -> None:
    taken = take(SUMS, only=asked)
    own = [one["exact_match"] for one in raw() if one["filter"] == asked["filter"]]
    assert sorted(taken.values("exact_match")) == sorted(own)
    assert taken.claim("exact_match", "mean") == pytest.approx(fmean(own))
    assert (taken.account.expected, taken.account.found) == (12, 12)
    assert {row["judge"] for row in taken.rows} == {
        f"exact:lm-eval.exact_match.{asked['filter']}/0.4.13"
    }


def test_several_filters_must_be_chosen_from() -> None:
    with pytest.raises(BadLogError, match="flexible, strict"):
        take(SUMS)
    with pytest.raises(BadLogError, match="flexible, strict"):
        take(SUMS, only={"filter": "loose"})


def test_filters_pair_on_the_document_and_tasks_do_not() -> None:
    assert take(SUMS, only=STRICT).keys == take(SUMS, only=FLEXIBLE).keys
    assert not take(SUMS, only=STRICT).keys & take(PICK).keys
    assert {row["metric"] for row in take(PICK).rows} == {"acc", "acc_norm"}


def test_lines_that_a_second_run_appended_are_dropped_only_if_they_are_the_same(
    tmp_path: Path,
) -> None:
    path = beside(tmp_path, raw() + raw()[:5])
    taken = take(path, only=STRICT)
    assert taken.account.found == 12
    twice = [one for one in raw()[:5] if one["filter"] == "strict"]
    assert any(note.startswith(f"{len(twice)} lines stood twice") for note in taken.account.notes)
    changed = next(one for one in raw() if one["filter"] == "strict")
    changed["exact_match"] = 1.0 - changed["exact_match"]
    with pytest.raises(BadLogError, match=r"line 25.*unlike content"):
        take(beside(tmp_path, [*raw(), changed]), only=STRICT)


def test_documents_with_the_same_words_are_epochs_of_one_item(tmp_path: Path) -> None:
    made = raw(PICK)
    made[1]["doc_hash"] = made[0]["doc_hash"]
    taken = take(beside(tmp_path, made, PICK.name))
    assert len(taken.keys) == 12
    assert len({item for item, _ in taken.keys}) == 11


def test_fewer_documents_than_the_results_name_are_missing(tmp_path: Path) -> None:
    path = beside(tmp_path, raw(PICK)[:-2], PICK.name)
    with pytest.raises(IncompleteRunError, match="2 of 12"):
        take(path)
    taken = take(path, allow_incomplete=True)
    assert taken.counts("acc") == {"scored": 10, "error": 2}
    more = [*raw(PICK), {**raw(PICK)[0], "doc_id": 99}]
    with pytest.raises(BadLogError, match="13 documents"):
        take(beside(tmp_path, more, PICK.name))


def test_without_results_nobody_can_say_what_is_missing(tmp_path: Path) -> None:
    taken = take(save_lines(tmp_path / PICK.name, raw(PICK)[:-2]))
    assert taken.account.expected == taken.account.found == 10
    assert any("nobody can say" in note for note in taken.account.notes)
    assert {row["judge"] for row in taken.rows if row["metric"] == "acc"} == {
        "exact:lm-eval.acc.none/unknown"
    }


def test_a_limited_run_says_so() -> None:
    path = next((DATA / "lm-eval-limited").glob("samples_pick_*.jsonl"))
    taken = take(path)
    assert (taken.account.expected, taken.account.found) == (5, 5)
    assert any("limited to 5 of the task's 12" in note for note in taken.account.notes)


def test_a_file_under_another_name_needs_its_task(tmp_path: Path) -> None:
    path = save_lines(tmp_path / "before.jsonl", raw(PICK))
    with pytest.raises(BadLogError, match="--only task=NAME"):
        take(path)
    assert take(path, only={"task": "pick"}).keys == take(PICK).keys


def test_a_document_gives_slices_and_clusters() -> None:
    taken = take(PICK, slices=("answer",), cluster="answer")
    assert {row["cluster"] for row in taken.rows} == {one["doc"]["answer"] for one in raw(PICK)}
    with pytest.raises(BadLogError, match="cluster by another field"):
        take(PICK, cluster="source")


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (float("nan"), "unscored"),
        (float("inf"), "unscored"),
        (None, "unscored"),
        ([-3.5, 7], "unscored"),
        ("right", "unscored"),
        (True, "scored"),
        (10**400, "unscored"),
    ],
)
def test_a_score_that_is_no_number_is_unscored(tmp_path: Path, value: object, status: str) -> None:
    made = raw(PICK)
    made[0]["acc"] = value
    assert take(beside(tmp_path, made, PICK.name)).rows[0]["status"] == status


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doc_id", "0"),
        ("doc_id", None),
        ("doc_hash", 3),
        ("filter", None),
        ("metrics", []),
        ("metrics", [1]),
        ("metrics", None),
    ],
)
def test_a_field_of_the_wrong_type_is_refused_with_its_line(
    tmp_path: Path, field: str, value: Any
) -> None:
    made = raw(PICK)
    made[2][field] = value
    with pytest.raises(BadLogError, match="line 3"):
        take(beside(tmp_path, made, PICK.name))


def test_two_metrics_cannot_get_one_name() -> None:
    with pytest.raises(BadLogError, match="one name"):
        take(PICK, metrics={"acc": "right", "acc_norm": "right"})


def test_a_file_that_is_cut_off_or_no_text_is_refused(tmp_path: Path) -> None:
    path = beside(tmp_path, raw(PICK), PICK.name)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with pytest.raises(IncompleteRunError, match="cut off"):
        take(path)
    assert take(path, allow_incomplete=True).counts("acc") == {"scored": 11, "error": 1}
    path.write_bytes(whole.replace(b"What", b"\xff", 1))
    with pytest.raises(BadLogError, match="line 1"):
        take(path)


def test_an_automatic_judge_is_told_of_where_the_metric_is_no_definition(tmp_path: Path) -> None:
    made = raw(PICK)
    for one in made:
        one["metrics"], one["tone"] = ["acc", "tone"], 0.5
    taken = take(beside(tmp_path, made, PICK.name))
    assert any("without people's labels" in note for note in taken.account.notes)
    assert {row["judge"] for row in taken.rows if row["metric"] == "tone"} == {
        "rule:lm-eval.tone.none/0.4.13"
    }
