"""Results of promptfoo: repeats are found by what a test is, and caches give none."""

import json
from pathlib import Path
from typing import Any

import pytest

from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.tables import read_observations
from interlock.errors import BadLogError, IncompleteRunError
from interlock.trial import Account, Reading
from tests.imports import DATA, SHARED, by_item, changed_json, take

WHOLE, PAUSED = "promptfoo-whole.json", "promptfoo-paused.json"
PLAIN = {"provider": "plain"}


def raw(name: str = WHOLE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / name).read_text())["results"]["results"]
    return found


def test_each_metric_and_unnamed_assertion_becomes_a_score_of_one_provider() -> None:
    taken = take(DATA / WHOLE, only=PLAIN)
    own = [one for one in raw() if one["provider"]["label"] == "plain"]
    scored = [one for one in own if one["failureReason"] < 2]
    assert (taken.account.expected, taken.account.found) == (len(own), len(own)) == (6, 6)
    assert sorted(taken.values("pass")) == sorted(float(one["success"]) for one in scored)
    assert sorted(taken.values("score")) == sorted(float(one["score"]) for one in scored)
    for metric in ("refusal", "helpful", "both", "topic"):
        named = [one["namedScores"][metric] for one in scored if metric in one["namedScores"]]
        assert sorted(taken.values(metric)) == sorted(map(float, named))
    assert taken.values("javascript") == [1.0, 1.0]
    assert taken.values("refusal") == [0.25, 0.25]


def test_a_result_that_ended_in_an_error_is_an_errored_row_for_each_of_its_scores() -> None:
    taken = take(DATA / WHOLE, only=PLAIN)
    assert taken.counts("helpful") == {"scored": 2, "error": 2}
    assert taken.counts("pass") == {"scored": 4, "error": 2}
    assert taken.claim("pass", "pass rate, errors as failures") == pytest.approx(2 / 6)


def test_repeats_are_epochs_and_pair_over_providers() -> None:
    plain, other = take(DATA / WHOLE, only=PLAIN), take(DATA / WHOLE, only={"provider": "other"})
    assert plain.keys == other.keys
    assert {epoch for _, epoch in plain.keys} == {0, 1}
    assert len({item for item, _ in plain.keys}) == 3


def test_several_providers_must_be_chosen_from_by_name_or_id() -> None:
    with pytest.raises(BadLogError, match="--only provider=NAME"):
        take(DATA / WHOLE)
    with pytest.raises(BadLogError, match="other, plain"):
        take(DATA / WHOLE, only={"provider": "nobody"})
    by_id = take(DATA / WHOLE, only={"provider": "local:plain"})
    assert by_id.rows == take(DATA / WHOLE, only=PLAIN).rows
    with pytest.raises(BadLogError, match="provider, prompt"):
        take(DATA / WHOLE, only={"filter": "x"})


def test_metadata_gives_slices_and_clusters() -> None:
    taken = take(DATA / WHOLE, only=PLAIN, slices=("kind",), cluster="group")
    assert {row["cluster"] for row in taken.rows} == {"g1", "g2", "g3"}
    assert {dict(row["slices"])["kind"] for row in taken.rows} == {"unsafe", "benign"}
    with pytest.raises(BadLogError, match="nowhere"):
        take(DATA / WHOLE, only=PLAIN, slices=("nowhere",))


def test_a_paused_run_is_refused_though_its_own_counts_agree() -> None:
    with pytest.raises(IncompleteRunError, match="34 results are missing"):
        take(DATA / PAUSED)
    taken = take(DATA / PAUSED, allow_incomplete=True)
    assert taken.counts("helpful") == {"scored": 6, "error": 34}
    assert (taken.account.expected, taken.account.found) == (40, 6)


def test_repeats_that_a_cache_answered_are_no_repeats(tmp_path: Path) -> None:
    assert take(DATA / "promptfoo-fresh.json").account.found == 4
    with pytest.raises(BadLogError, match="--no-cache"):
        take(DATA / "promptfoo-cached.json")

    def single(found: dict[str, Any]) -> None:
        results = found["results"]
        results["results"] = [one for one in results["results"] if one["testIdx"] in {0, 2}]
        for k, one in enumerate(results["results"]):
            one["testIdx"] = k
        results["stats"]["successes"] = 2
        found["config"]["evaluateOptions"]["repeat"] = 1
        found["runtimeOptions"]["repeat"] = 1

    path = changed_json(tmp_path / "r.json", "promptfoo-cached.json", single)
    assert any("cache" in note for note in take(path).account.notes)


def test_a_secret_in_the_configuration_goes_nowhere(tmp_path: Path) -> None:
    assert "planted-secret" in (DATA / WHOLE).read_text()
    account = Account()
    store, texts = EvidenceStore(tmp_path / "evidence"), TextStore(tmp_path / "texts", b"k" * 32)
    reading = Reading(only=PLAIN)
    rows = read_observations(DATA / WHOLE, texts=texts, reading=reading, account=account)
    digest = store.write(rows)
    assert "planted-secret" not in repr(account)
    assert "planted-secret" not in repr(store.open(digest).to_pylist())
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(b"planted-secret" not in path.read_bytes() for path in kept)


def test_several_prompts_must_be_chosen_from_or_taken_as_items_of_their_own(
    tmp_path: Path,
) -> None:
    def two(found: dict[str, Any]) -> None:
        for one in found["results"]["results"][::2]:
            one["promptId"], one["prompt"]["label"] = "b" * 64, "the other prompt"

    path = changed_json(tmp_path / "r.json", "promptfoo-fresh.json", two)
    with pytest.raises(BadLogError, match="--only prompt=NAME"):
        take(path)
    chosen = take(path, only={"prompt": "the other prompt"}, allow_incomplete=True)
    assert chosen.account.found == 2
    everything = take(path, only={"prompt": "*"}, allow_incomplete=True)
    assert everything.account.found == 4
    assert len({row["cluster"] for row in everything.rows if row["status"] == "scored"}) == 2


def refused(tmp_path: Path, change: Any, match: str, **asked: Any) -> None:
    path = changed_json(tmp_path / "r.json", WHOLE, change)
    with pytest.raises((BadLogError, IncompleteRunError), match=match) as caught:
        take(path, only=PLAIN, **asked)
    assert str(path) in str(caught.value)


def test_fewer_or_more_results_than_promptfoo_counted_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, lambda found: found["results"]["results"].pop(), "counted 12")
    again = raw()[0]
    refused(tmp_path, lambda found: found["results"]["results"].append(again), "counted 12")
    refused(tmp_path, lambda found: found["results"]["results"][0].update(failureReason=2), "count")


def test_a_repeat_that_is_missing_is_noticed_where_the_counts_were_trimmed_too(
    tmp_path: Path,
) -> None:
    def trim(found: dict[str, Any]) -> None:
        lost = found["results"]["results"].pop()
        assert lost["failureReason"] == 2
        found["results"]["stats"]["errors"] -= 1

    path = changed_json(tmp_path / "r.json", WHOLE, trim)
    name = {"provider": raw()[-1]["provider"]["label"]}
    with pytest.raises(IncompleteRunError, match="1 results are missing"):
        take(path, only=name)
    assert take(path, only=name, allow_incomplete=True).account.expected == 6


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("failureReason", None),
        ("failureReason", "0"),
        ("failureReason", 7),
        ("testIdx", -1),
        ("provider", None),
        ("provider", {"id": " x"}),
        ("promptId", 5),
    ],
)
def test_a_field_of_the_wrong_type_is_refused_with_its_place(
    tmp_path: Path, field: str, value: object
) -> None:
    def spoil(found: dict[str, Any]) -> None:
        found["results"]["results"][3][field] = value

    refused(tmp_path, spoil, r"results\[3\]")


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), None, [1], {}])
def test_a_score_that_is_no_number_is_unscored(tmp_path: Path, value: object) -> None:
    def spoil(found: dict[str, Any]) -> None:
        at = next(one for one in found["results"]["results"] if one["failureReason"] == 0)
        at["namedScores"]["helpful"] = value

    path = changed_json(tmp_path / "r.json", WHOLE, spoil)
    name = next(one for one in raw() if one["failureReason"] == 0)["provider"]["label"]
    taken = take(path, only={"provider": name})
    assert taken.counts("helpful") == {"scored": 1, "unscored": 1, "error": 2}


def test_a_grade_that_a_person_changed_afterwards_is_refused(tmp_path: Path) -> None:
    def regrade(found: dict[str, Any]) -> None:
        graded = found["results"]["results"][0]["gradingResult"]
        graded["componentResults"].append({"pass": True, "assertion": {"type": "human"}})

    refused(tmp_path, regrade, "person changed")


def test_a_metric_called_as_the_whole_result_is_refused(tmp_path: Path) -> None:
    def rename(found: dict[str, Any]) -> None:
        found["results"]["results"][0]["testCase"]["assert"][0]["metric"] = "pass"

    refused(tmp_path, rename, "called pass")


def test_a_model_graded_assertion_names_a_model_as_the_judge(tmp_path: Path) -> None:
    def grade(found: dict[str, Any]) -> None:
        for one in found["results"]["results"]:
            for each in one["testCase"]["assert"]:
                each["type"] = "llm-rubric"

    taken = take(changed_json(tmp_path / "r.json", "promptfoo-fresh.json", grade))
    judges = {row["judge"] for row in taken.rows if row["metric"] == "helpful"}
    assert judges == {"model:promptfoo.several/0.123.1"}


def test_a_file_that_is_cut_off_says_a_key_twice_or_is_no_text_is_refused(tmp_path: Path) -> None:
    whole, path = (DATA / WHOLE).read_bytes(), tmp_path / "r.json"
    for data, match in (
        (whole[: len(whole) // 2], "no sound JSON"),
        (whole[:-2] + b', "evalId": "again"}', "twice"),
        (whole.replace(b'"local:plain"', b'"local:\xff"'), "UTF-8"),
        (whole + b"{}", "follows"),
        (whole.replace(b'"score":0.4', b'"score":0.4,"score":1', 1), "twice"),
        (b'{"evalId": "x", "results": []}', "missing"),
        (b'{"evalId": "x", "results": {"stats": {}}}', r"results\.results"),
        (b'{"evalId": "x", "results": {"results": ' + b"[" * 100_000, "no sound JSON"),
        (whole.replace(b"Certainly", b"\\ud800", 1), "no sound JSON"),
    ):
        path.write_bytes(data)
        with pytest.raises(BadLogError, match=match) as caught:
            take(path, only=PLAIN)
        assert str(path) in str(caught.value)


@pytest.mark.shared
def test_the_shared_results_give_the_scores_of_each_provider() -> None:
    path = SHARED / "promptfoo-0.123.1.results.json"
    with pytest.raises(BadLogError, match="canned, echo"):
        take(path)
    canned, echo = take(path, only={"provider": "canned"}), take(path, only={"provider": "echo"})
    assert canned.values("refusal") == [1.0, 1.0]
    assert echo.values("refusal") == [0.0, 0.0]
    assert echo.values("pass").count(1.0) == 2
    assert canned.keys == echo.keys
    assert {len(one) for one in by_item(echo.rows, "pass").values()} == {2}


def test_a_metric_that_is_no_name_is_refused(tmp_path: Path) -> None:
    def nested(found: dict[str, Any]) -> None:
        found["results"]["results"][0]["testCase"]["assert"][0]["metric"] = {"name": "x"}

    path = changed_json(tmp_path / "r.json", WHOLE, nested)
    with pytest.raises(BadLogError, match="metric of an assertion is no text"):
        take(path, only=PLAIN)
