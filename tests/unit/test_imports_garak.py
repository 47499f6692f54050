"""Reports of garak: what was scored counts, what was summed up is a claim."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from interlock.errors import BadLogError, BadTableError, IncompleteRunError
from tests.imports import DATA, SHARED, Line, by_item, lines, save_lines, take

WHOLE = "garak-whole.report.jsonl"
KILLED = "garak-killed.report.jsonl"
RANDOM, MITIGATION = "always.Random", "mitigation.MitigationBypass"


def scored_lines(made: list[Line]) -> list[Line]:
    return [one for one in made if one["entry_type"] == "attempt" and one["status"] == 2]


def recount(made: list[Line], detector: str) -> tuple[int, int, int]:
    """Hits, passes and everything else, counted anew from the raw lines."""
    hits = passes = rest = 0
    for line in scored_lines(made):
        outputs = [one and one["text"] for one in line["outputs"]]
        for output, score in zip(outputs, line["detector_results"][detector], strict=True):
            if output is None or score is None:
                rest += 1
            elif score >= 0.5:
                hits += 1
            else:
                passes += 1
    return hits, passes, rest


@pytest.mark.parametrize("detector", [RANDOM, MITIGATION])
def test_scores_are_those_of_the_raw_lines_and_a_missing_output_is_an_error(detector: str) -> None:
    hits, passes, rest = recount(lines(WHOLE), detector)
    taken = take(DATA / WHOLE)
    assert sorted(taken.values(detector)) == [0.0] * passes + [1.0] * hits
    assert taken.counts(detector)["error"] == rest == 3
    assert (taken.account.expected, taken.account.found) == (12, 12)


def test_a_score_of_an_output_that_never_came_is_told_and_not_counted() -> None:
    taken = take(DATA / WHOLE)
    assert any("3 scores of outputs that never came" in note for note in taken.account.notes)
    assert taken.claim(RANDOM, "mean") == pytest.approx(3 / 12)
    assert len(taken.values(RANDOM)) == 9


def test_two_runs_of_the_same_prompts_pair_on_probe_prompt_and_generation() -> None:
    first, second = take(DATA / WHOLE), take(DATA / "garak-again.report.jsonl")
    assert first.keys == second.keys
    assert len(first.keys) == 12
    assert all(row["cluster"] == row["item"] for row in first.rows)


def test_a_detector_becomes_the_metric_that_is_asked_for_and_names_itself_as_the_judge() -> None:
    taken = take(DATA / WHOLE, metrics={MITIGATION: "judged-harm"}, slices=("intent",))
    rows = [row for row in taken.rows if row["metric"] == "judged-harm"]
    assert {row["judge"] for row in rows} == {f"rule:garak.{MITIGATION}/0.17.1"}
    assert {dict(row["slices"])["intent"] for row in rows} == {"T999test"}
    assert any("without people's labels" in note for note in taken.account.notes)


def test_an_unknown_detector_to_rename_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadLogError, match=RANDOM):
        take(DATA / WHOLE, metrics={"nobody.Knows": "harm"})


def test_two_detectors_of_one_attempt_cannot_be_one_metric() -> None:
    with pytest.raises(BadLogError, match="one name"):
        take(DATA / WHOLE, metrics={MITIGATION: "harm", RANDOM: "harm"})


def test_a_run_that_was_killed_is_refused_unless_allowed() -> None:
    with pytest.raises(IncompleteRunError, match="no completion line"):
        take(DATA / KILLED)
    taken = take(DATA / KILLED, allow_incomplete=True)
    hits, passes, _ = recount(lines(KILLED), MITIGATION)
    assert sorted(taken.values(MITIGATION)) == [0.0] * passes + [1.0] * hits
    assert any("aborted" in note for note in taken.account.notes)


def test_what_was_asked_and_never_scored_is_an_errored_row(tmp_path: Path) -> None:
    made = lines(WHOLE)
    lost = scored_lines(made)[-1]["uuid"]
    kept = [one for one in made if (one.get("uuid"), one.get("status")) != (lost, 2)]
    path = save_lines(
        tmp_path / "r.jsonl", [one for one in kept if one["entry_type"] not in {"eval"}]
    )
    with pytest.raises(IncompleteRunError, match="never scored"):
        take(path)
    taken = take(path, allow_incomplete=True)
    assert taken.keys == take(DATA / WHOLE).keys
    assert taken.counts(MITIGATION) == {"scored": 6, "error": 6}


def test_rows_fewer_than_garak_summed_up_are_missing_and_count_as_errors(tmp_path: Path) -> None:
    made = lines(WHOLE)
    lost = scored_lines(made)[0]["uuid"]
    path = save_lines(tmp_path / "r.jsonl", [one for one in made if one.get("uuid") != lost])
    with pytest.raises(IncompleteRunError, match="3 more outputs"):
        take(path)
    taken = take(path, allow_incomplete=True)
    assert (taken.account.expected, taken.account.found) == (12, 9)
    assert sum(taken.counts(RANDOM).values()) == 12


def test_a_last_line_that_is_cut_off_is_a_run_that_is_not_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes((DATA / WHOLE).read_bytes()[:-30])
    with pytest.raises(IncompleteRunError, match="cut off"):
        take(path)
    assert take(path, allow_incomplete=True).account.found == 12


def refused(tmp_path: Path, made: list[Line], match: str) -> None:
    path = save_lines(tmp_path / "r.jsonl", made)
    with pytest.raises(BadLogError, match=match) as caught:
        take(path)
    assert str(path) in str(caught.value)


def test_an_attempt_that_stands_twice_is_refused(tmp_path: Path) -> None:
    made = lines(WHOLE)
    refused(tmp_path, [*made, scored_lines(made)[0]], "twice")


def test_two_runs_in_one_report_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, lines(WHOLE) + lines("garak-again.report.jsonl"), "second run")


def test_sums_that_contradict_the_scores_are_refused(tmp_path: Path) -> None:
    made = lines(WHOLE)
    for one in made:
        if one["entry_type"] == "eval" and one["detector"] == RANDOM:
            one["passed"], one["fails"] = 12, 0
    refused(tmp_path, made, "threshold")
    for one in made:
        if one["entry_type"] == "eval" and one["detector"] == RANDOM:
            one["passed"], one["fails"] = 2, 1
    refused(tmp_path, made, "summed up 3")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uuid", None),
        ("prompt", "text"),
        ("outputs", {"0": "x"}),
        ("detector_results", [1]),
        ("detector_results", {RANDOM: 1.0}),
        ("probe_classname", " test.Test"),
        ("probe_classname", 7),
    ],
)
def test_a_field_of_the_wrong_type_is_refused_with_its_line(
    tmp_path: Path, field: str, value: object
) -> None:
    made = lines(WHOLE)
    at = made.index(scored_lines(made)[0])
    made[at][field] = value
    refused(tmp_path, made, f"line {at + 1}")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, [1], "1.0"])
def test_a_score_that_is_no_number_is_unscored(tmp_path: Path, value: Any) -> None:
    made = [one for one in lines(WHOLE) if one["entry_type"] != "eval"]
    scored_lines(made)[0]["detector_results"][MITIGATION][1] = value
    path = save_lines(tmp_path / "r.jsonl", made)
    taken = take(path, allow_incomplete=True)
    assert taken.counts(MITIGATION) == {"scored": 8, "unscored": 1, "error": 3}


def test_scores_that_are_fewer_than_the_outputs_cannot_be_told_apart(tmp_path: Path) -> None:
    made = [one for one in lines(WHOLE) if one["entry_type"] != "eval"]
    del scored_lines(made)[0]["detector_results"][MITIGATION][0]
    taken = take(save_lines(tmp_path / "r.jsonl", made), allow_incomplete=True)
    assert taken.counts(MITIGATION) == {"scored": 6, "unscored": 3, "error": 3}


def test_a_hitlog_is_no_source_of_rates() -> None:
    with pytest.raises(BadLogError, match=r"import the \.report\.jsonl"):
        take(DATA / "garak-whole.hitlog.jsonl")


def test_a_report_that_is_no_text_or_has_a_huge_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes((DATA / WHOLE).read_bytes() + b'{"entry_type": "\xff"}\n')
    with pytest.raises(BadLogError, match="no JSON"):
        take(path)
    path.write_bytes((DATA / WHOLE).read_bytes() + b'"' + b"x" * (17 << 20) + b'"\n')
    with pytest.raises(BadLogError, match="16 MiB"):
        take(path)


def test_prompts_that_are_the_same_are_epochs_of_one_item(tmp_path: Path) -> None:
    made = [one for one in lines(WHOLE) if one["entry_type"] != "eval"]
    again = [{**one, "uuid": one["uuid"] + "-b"} for one in scored_lines(made)]
    taken = take(save_lines(tmp_path / "r.jsonl", [*made, *again]), allow_incomplete=True)
    assert {len(values) for values in by_item(taken.rows, RANDOM).values()} == {6}


def test_the_systems_own_prompt_does_not_part_the_arms(tmp_path: Path) -> None:
    made = lines(WHOLE)
    turn = {"role": "system", "content": {"text": "Be kind."}}
    for one in made:
        if one["entry_type"] == "attempt":
            one["prompt"]["turns"].insert(0, turn)
        elif one["entry_type"] == "start_run setup":
            one["run.system_prompt"] = "Be kind."
    taken = take(save_lines(tmp_path / "r.jsonl", made))
    assert taken.keys == take(DATA / WHOLE).keys


@pytest.mark.shared
def test_the_interval_that_garak_claims_does_not_fit_its_own_rate_and_is_not_used(
    tmp_path: Path,
) -> None:
    path = tmp_path / "full.jsonl"
    path.write_bytes(gzip.decompress((SHARED / "garak-0.17.1.report.full.jsonl.gz").read_bytes()))
    taken = take(path)
    rate = taken.claim(MITIGATION, "phrasing.PastTense rate")
    high = taken.claim(MITIGATION, "phrasing.PastTense confidence_upper")
    assert (rate, high) == (0.9140625, 1.0)
    assert any("do not fit" in note for note in taken.account.notes)
    raw = [json.loads(line) for line in path.read_text().splitlines()]
    for detector in (RANDOM, MITIGATION):
        hits, passes, rest = recount(raw, detector)
        assert rest == 0
        assert sum(taken.values(detector)) == hits
        assert taken.claim(detector, "mean") == pytest.approx(hits / (hits + passes))
    assert taken.account.expected == taken.account.found == 528


@pytest.mark.shared
def test_a_report_that_was_trimmed_and_a_packed_one_are_refused() -> None:
    with pytest.raises(IncompleteRunError, match="504 more outputs"):
        take(SHARED / "garak-0.17.1.report.trimmed.jsonl")
    with pytest.raises(BadLogError, match="hitlog"):
        take(SHARED / "garak-0.17.1.hitlog.trimmed.jsonl")
    with pytest.raises(BadTableError, match="unpack it"):
        take(SHARED / "garak-0.17.1.report.full.jsonl.gz")
