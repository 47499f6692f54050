"""Diagnoses through the command line: figures, pictures, refusals that name file and row."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interlock.cli import main
from tests.endpoints import Call, ChatServer, Reply

SCORED = {"item": "p1", "tokeniser": "t/1", "completion": "Yes.", "logprobs": [-0.5, -1.0]}


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    """A file of JSON lines."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def scored(path: Path, **stated: Any) -> Path:
    """Three texts with log-probabilities."""
    return lines(path, *(SCORED | {"item": f"p{k}"} | stated for k in range(3)))


def diagnosed(*words: object) -> Result:
    return CliRunner().invoke(main, ["diagnose", *map(str, words)])


def facts(*words: object) -> dict[str, Any]:
    done = diagnosed(*words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def value(found: dict[str, Any], name: str) -> float:
    """The value of the first figure of a name."""
    return next(float(one["estimate"]["value"]) for one in found["figures"] if one["name"] == name)


def test_perplexity_of_two_files_stands_side_by_side_with_bits_a_byte(tmp_path: Path) -> None:
    one, other = scored(tmp_path / "a.jsonl"), scored(tmp_path / "b.jsonl", logprobs=[-2.0])
    found = facts("perplexity", one, other)
    assert value(found, str(one)) == pytest.approx(2.117, abs=1e-3)
    assert [each["panel"] for each in found["figures"]] == [
        *["perplexity of the completion"] * 2,
        *["bits a byte of the completion"] * 2,
    ]


def test_perplexity_is_never_compared_across_tokenisers(tmp_path: Path) -> None:
    one, other = scored(tmp_path / "a.jsonl"), scored(tmp_path / "b.jsonl", tokeniser="t/2")
    done = diagnosed("perplexity", one, other)
    assert done.exit_code == 4
    assert "different-tokenisers" in done.stderr
    assert "t/2" in done.stderr
    mixed = lines(tmp_path / "c.jsonl", SCORED, SCORED | {"item": "p2", "tokeniser": "t/2"})
    assert "row 2, tokeniser" in diagnosed("perplexity", mixed).stderr


def test_the_prompt_is_apart_and_the_model_names_the_tokeniser_where_nothing_else_does(
    tmp_path: Path,
) -> None:
    rows = [
        {"item": f"p{k}", "model": "m", "logprobs": [{"logprob": -1.0}], "prompt_logprobs": [-3]}
        for k in range(2)
    ]
    found = facts("perplexity", lines(tmp_path / "a.jsonl", *rows))
    assert found["diagnosis"] == "perplexity in tokens of m"
    assert [round(one["estimate"]["value"], 3) for one in found["figures"]] == [2.718, 20.086]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"logprobs": [0.5]}, "row 2, logprobs: holds 0.5 at token 1"),
        ({"logprobs": []}, "row 2, logprobs: is no list"),
        ({"logprobs": [True]}, "row 2, logprobs: holds true"),
        ({"logprobs": [{"token": "a"}]}, "row 2, logprobs: holds null"),
        ({"item": ""}, "row 2, item: is missing"),
        ({"item": "p1"}, "row 2: it repeats row 1"),
        ({"tokeniser": 3}, "row 2, tokeniser: is no text"),
        ({"bytes": -1}, "row 2, bytes: is no whole number"),
        ({"tokenizer": "t"}, "row 2, tokenizer: is unknown"),
    ],
)
def test_a_row_of_log_probabilities_is_refused_by_its_place(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    path = lines(tmp_path / "a.jsonl", SCORED, SCORED | {"item": "p2"} | change)
    done = diagnosed("perplexity", path)
    assert done.exit_code == 4
    assert told in done.stderr
    assert "a.jsonl" in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no rows"),
        ("[1]\n", "no object"),
        ('{"item": NaN}\n', "NaN"),
        ('{"item": "a", "item": "b"}\n', "twice"),
        ('{"item": "a"', "cut off"),
    ],
)
def test_what_is_no_file_of_log_probabilities_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    done = diagnosed("perplexity", path)
    assert done.exit_code == 4
    assert told in done.stderr


def table(path: Path, rows: list[str], head: str = "item,epoch,metric,value") -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_consistency_compares_values_or_texts(tmp_path: Path) -> None:
    rows = [f"q,{k},answer,1,{text}" for k, text in enumerate(["a", "a", "a", "b", "c"])]
    path = table(tmp_path / "a.csv", rows, "item,epoch,metric,value,completion")
    assert value(facts("consistency", path), "modal share") == 1.0
    texts = facts("consistency", path, "--answers", "completion")
    assert value(texts, "modal share") == pytest.approx(0.6)
    assert value(texts, "entropy") == pytest.approx(0.9502705)
    assert value(texts, "pairs that agree") == pytest.approx(0.3)


def test_texts_that_are_not_there_cannot_be_compared(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["q,0,answer,1", "q,1,answer,1"])
    done = diagnosed("consistency", path, "--answers", "completion")
    assert done.exit_code == 4
    assert "item q has no completion" in done.stderr


def test_a_metric_must_be_named_where_there_are_several_and_must_be_there(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["q,0,one,1", "q,0,two,1"])
    assert "holds the metrics one, two" in diagnosed("burstiness", path).stderr
    asked = diagnosed("burstiness", path, "--metric", "three")
    assert asked.exit_code == 4
    assert "no row has the metric three" in asked.stderr
    done = diagnosed("confusion", path, "--said", "one", "--truth", "none")
    assert "no row has the metric none" in done.stderr


def test_calibration_draws_its_curve_and_says_what_it_left_out(tmp_path: Path) -> None:
    y = [0, 0, 0, 1, 1, 1, 1, 0, 1, 1]
    p = [0.05, 0.15, 0.15, 0.35, 0.35, 0.55, 0.75, 0.75, 0.95, 0.95]
    rows = [f"q{k},0,correct,{one}" for k, one in enumerate(y)]
    rows += [f"q{k},0,confidence,{one}" for k, one in enumerate(p)]
    path = table(tmp_path / "a.csv", [*rows, "alone,0,confidence,0.5"])
    found = facts("calibration", path, "--bins", 5, "--svg", tmp_path / "curve.svg")
    assert value(found, "expected error") == pytest.approx(0.27)
    assert value(found, "greatest error") == pytest.approx(0.65)
    assert value(found, "Brier score") == pytest.approx(0.1725)
    assert sum(one["n"] for one in found["curve"]) == 10
    assert found["left_out"] == 1
    drawn = (tmp_path / "curve.svg").read_text("utf-8")
    assert drawn.startswith("<svg")
    assert drawn.count("<circle") == len(found["curve"])


def test_robustness_and_confusion_are_told_with_a_chart_and_a_picture(tmp_path: Path) -> None:
    rows = []
    for k in range(12):
        rows += [f"b{k}p,b{k},harm,0,none", f"b{k}s,b{k},harm,{k % 2},story"]
        rows += [f"b{k}s,b{k},attack,1,story", f"b{k}s,b{k},seen,{int(k % 3 > 0)},story"]
        rows += [f"b{k}p,b{k},attack,0,none", f"b{k}p,b{k},seen,0,none"]
    path = table(tmp_path / "a.csv", rows, "item,cluster,metric,value,slice.attack")
    picture = tmp_path / "a.svg"
    done = diagnosed("robustness", path, "--metric", "harm", "--svg", picture)
    assert done.exit_code == 0, done.output
    assert "story  0.5" in done.stdout
    assert "●" in done.stdout or "*" in done.stdout
    assert "story" in picture.read_text("utf-8")
    found = facts("confusion", path, "--said", "seen", "--truth", "attack")
    assert value(found, "sensitivity") == pytest.approx(2 / 3)
    assert found["counts"]["attack, missed"] == 4
    tried = diagnosed("robustness", path, "--metric", "harm", "--tries", 5)
    assert tried.exit_code == 4
    assert "story" in tried.stderr


def test_one_cluster_is_too_little_to_say_anything(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["q,0,gap,1", "q,1,gap,9"])
    done = diagnosed("burstiness", path)
    assert done.exit_code == 4
    assert "not-enough-data" in done.stderr


def test_a_model_is_asked_for_the_chances_of_its_tokens(tmp_path: Path) -> None:
    def answering(call: Call) -> Reply:
        return Reply(f"You said: {call.said}", logprobs=(-0.5, -1.5))

    prompts = lines(tmp_path / "p.jsonl", *({"item": f"p{k}", "prompt": "Hi?"} for k in range(3)))
    to = tmp_path / "scored.jsonl"
    with ChatServer(answering) as server:
        url = f"{server.url}/v1"
        done = diagnosed("record", prompts, "--endpoint", url, "--tokeniser", "t", "--to", to)
    assert done.exit_code == 0, done.output
    assert value(facts("perplexity", to), str(to)) == pytest.approx(2.7183, abs=1e-4)


def test_an_endpoint_without_log_probabilities_gives_no_perplexity(tmp_path: Path) -> None:
    prompts = lines(tmp_path / "p.jsonl", {"item": "p1", "prompt": "Hi?"})
    to = tmp_path / "scored.jsonl"
    with ChatServer() as server:
        url = f"{server.url}/v1"
        done = diagnosed("record", prompts, "--endpoint", url, "--tokeniser", "t", "--to", to)
    assert done.exit_code == 4
    assert "no-log-chances" in done.stderr
    assert not to.exists()
    bad = diagnosed(
        "record", lines(prompts, {"item": "x"}), "--endpoint", url, "--tokeniser", "t", "--to", to
    )
    assert "row 1, prompt" in bad.stderr
