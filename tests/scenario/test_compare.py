"""`interlock compare`: what a newcomer gets from two files and ten lines of YAML."""

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from interlock.cli import main

GUARD_PROMPT = """\
hypothesis: guard-prompt
gain:    {metric: harm, cut: 0.40}
guards:
  - {metric: helpfulness, margin: 2.0, range: [0, 10]}
limits:
  - {metric: harm, below: 0.10}
"""
LIMIT_ONLY = "hypothesis: limit\nlimits:\n  - {metric: harm, below: 0.10}\n"

Cells = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the command printed, and how it ended."""

    exit: int
    out: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """A folder with two result files and a hypothesis."""

    folder: Path

    def compare(
        self,
        before: Sequence[Cells],
        after: Sequence[Cells],
        *,
        hypothesis: str = GUARD_PROMPT,
        flags: tuple[str, ...] = ("--json",),
    ) -> Answer:
        write(self.folder / "before.csv", before)
        write(self.folder / "after.csv", after)
        return self.run("before.csv", "after.csv", hypothesis=hypothesis, flags=flags)

    def run(
        self,
        before: str,
        after: str,
        *,
        hypothesis: str = GUARD_PROMPT,
        flags: tuple[str, ...] = ("--json",),
    ) -> Answer:
        (self.folder / "guard.yaml").write_text(hypothesis)
        files = [str(self.folder / name) for name in (before, after)]
        claimed = ["--hypothesis", str(self.folder / "guard.yaml")]
        result = CliRunner().invoke(main, ["compare", *files, *claimed, *flags])
        return Answer(result.exit_code, result.stdout)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def write(path: Path, rows: Sequence[Cells]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)


def harm(seen: int, n: int) -> list[Cells]:
    return [{"item": f"u{k}", "metric": "harm", "value": int(k < seen)} for k in range(n)]


def helpful(scores: Sequence[float]) -> list[Cells]:
    return [
        {"item": f"s{k}", "metric": "helpfulness", "value": score} for k, score in enumerate(scores)
    ]


BEFORE = harm(60, 200) + helpful([8, 9] * 100)
AFTER = harm(4, 200) + helpful([8, 8] * 100)


def test_a_clear_gain_passes_and_says_that_nothing_was_sealed(desk: Desk) -> None:
    answer = desk.compare(BEFORE, AFTER)
    assert answer.exit == 0
    assert answer.json["overall"] == "passed"
    assert answer.json["sealed"] is False


def test_the_json_has_exactly_the_promised_shape(desk: Desk) -> None:
    found = desk.compare(BEFORE, AFTER).json
    assert set(found) == {"overall", "sealed", "verdicts", "slices", "evidence"}
    assert [one["kind"] for one in found["verdicts"]] == [
        "ratio_below",
        "difference_noninferior",
        "rate_upper",
    ]
    for verdict in found["verdicts"]:
        assert set(verdict) == {
            "criterion",
            "kind",
            "metric",
            "outcome",
            "estimate",
            "limit",
            "reason",
        }
        assert set(verdict["estimate"]) == {"value", "low", "high", "confidence", "n", "method"}
    ratio, change, rate = found["verdicts"]
    assert ratio["estimate"]["value"] == pytest.approx(4 / 60)
    assert change["estimate"]["value"] == pytest.approx(-0.5)
    assert rate["estimate"]["value"] == pytest.approx(4 / 200)
    assert found["evidence"] == {"expected": 800, "observed": 800, "unscored": 0, "errored": 0}


def test_a_metric_whose_name_only_looks_right_is_named_as_not_judged(desk: Desk) -> None:
    lookalike = [
        {"item": f"x{k}", "metric": "h\u0430rm", "value": 1}  # a Cyrillic letter
        for k in range(200)
    ]
    found = desk.compare(BEFORE, AFTER + lookalike)
    assert found.json["unjudged"] == ["h\u0430rm"]
    told = desk.compare(BEFORE, AFTER + lookalike, flags=())
    assert "Not judged, since the hypothesis does not name it" in " ".join(told.out.split())


def test_the_same_files_always_give_the_same_answer(desk: Desk) -> None:
    assert desk.compare(BEFORE, AFTER).out == desk.compare(BEFORE[::-1], AFTER).out


def test_csv_jsonl_and_parquet_give_the_same_answer(desk: Desk) -> None:
    expected = desk.compare(BEFORE, AFTER).out
    for name, rows in (("before", BEFORE), ("after", AFTER)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (desk.folder / f"{name}.jsonl").write_text(lines)
        table = pa.Table.from_pylist([{**row, "value": float(row["value"])} for row in rows])
        pa.parquet.write_table(table, desk.folder / f"{name}.parquet")
    assert desk.run("before.jsonl", "after.parquet").out == expected


def test_more_harm_than_allowed_fails(desk: Desk) -> None:
    answer = desk.compare(BEFORE, harm(90, 200) + helpful([8, 8] * 100))
    assert answer.exit == 1
    assert [one["outcome"] for one in answer.json["verdicts"]] == ["failed", "passed", "failed"]


def test_no_event_in_either_arm_is_not_estimable(desk: Desk) -> None:
    answer = desk.compare(harm(0, 200) + helpful([8] * 200), harm(0, 200) + helpful([8] * 200))
    assert answer.exit == 3
    ratio = answer.json["verdicts"][0]
    assert (ratio["outcome"], ratio["estimate"]) == ("undecided", None)
    assert "not estimable" in ratio["reason"]


def test_one_row_an_arm_is_undecided(desk: Desk) -> None:
    rows = harm(0, 1)
    answer = desk.compare(rows, rows, hypothesis=LIMIT_ONLY)
    assert (answer.exit, answer.json["overall"]) == (3, "undecided")
    answer = desk.compare(harm(1, 1) + helpful([9]), harm(0, 1) + helpful([9]))
    assert (answer.exit, answer.json["overall"]) == (3, "undecided")


def test_a_duplicated_row_is_refused_and_named(desk: Desk) -> None:
    answer = desk.compare(BEFORE, [*AFTER, AFTER[5]])
    assert answer.exit == 4
    error = answer.json["error"]
    assert set(error) == {"code", "message", "file", "row"}
    assert error["file"].endswith("after.csv")
    assert error["row"] == len(AFTER) + 1
    assert str(error["row"]) in error["message"]


def test_twenty_clean_of_twenty_are_too_few_for_ten_percent(desk: Desk) -> None:
    answer = desk.compare(harm(0, 20), harm(0, 20), hypothesis=LIMIT_ONLY)
    assert answer.exit == 3
    assert answer.json["verdicts"][0]["estimate"]["high"] == pytest.approx(0.1391083, abs=1e-7)


def test_a_third_of_the_candidate_missing_is_never_a_pass(desk: Desk) -> None:
    thinned = [row for k, row in enumerate(AFTER) if k % 3]
    answer = desk.compare(BEFORE, thinned)
    assert answer.exit in (1, 3)
    missing = len(AFTER) - len(thinned)
    assert answer.json["evidence"]["unscored"] == missing
    assert answer.json["evidence"]["observed"] == 800 - missing


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-inf", "1e999"])
def test_a_value_that_is_no_finite_number_is_refused(desk: Desk, value: str) -> None:
    answer = desk.compare(BEFORE, [{**AFTER[0], "value": value}, *AFTER[1:]])
    assert answer.exit == 4
    assert answer.json["error"]["row"] == 1


@pytest.mark.parametrize(("row", "value"), [(2, 1.01), (2, -1), (250, 10.5), (250, -0.1)])
def test_a_value_out_of_its_range_is_refused(desk: Desk, row: int, value: float) -> None:
    after = [*AFTER[: row - 1], {**AFTER[row - 1], "value": value}, *AFTER[row:]]
    answer = desk.compare(BEFORE, after)
    assert answer.exit == 4
    assert answer.json["error"]["code"] == "out-of-range"
    assert answer.json["error"]["row"] == row
    assert answer.json["error"]["file"].endswith("after.csv")


@pytest.mark.parametrize("value", ["yes", "true", "1,5", "0x1", "1_0"])
def test_mixed_types_in_a_column_are_refused(desk: Desk, value: str) -> None:
    answer = desk.compare(BEFORE, [*AFTER[:7], {**AFTER[7], "value": value}, *AFTER[8:]])
    assert answer.exit == 4
    assert answer.json["error"]["row"] == 8


def test_mixed_types_in_json_lines_are_refused(desk: Desk) -> None:
    desk.compare(BEFORE, AFTER)
    lines = [json.dumps(row) for row in AFTER]
    lines[3] = '{"item": "u3", "metric": "harm", "value": "0"}'
    lines[9] = '{"item": "u9", "metric": "harm", "value": [0]}'
    (desk.folder / "after.jsonl").write_text("\n".join(lines))
    answer = desk.run("before.csv", "after.jsonl")
    assert answer.exit == 4
    assert answer.json["error"]["row"] in (4, 10)


@pytest.mark.parametrize("text", ["", "item,metric,value\n", "\n"])
def test_an_empty_file_is_refused(desk: Desk, text: str) -> None:
    desk.compare(BEFORE, AFTER)
    (desk.folder / "after.csv").write_text(text)
    answer = desk.run("before.csv", "after.csv")
    assert answer.exit == 4
    assert answer.json["error"]["file"].endswith("after.csv")


@pytest.mark.parametrize(
    ("hypothesis", "told"),
    [
        ("", "empty"),
        ("hypothesis: x\n", "nothing is judged|gain"),
        ("hypothesis: x\nlimits:\n  - {metric: harm, bellow: 0.1}\n", "bellow"),
        ("hypothesis: x\ngain: {metric: harm, cut: 0.4}\n", "guard"),
        ("hypothesis: x\nlimits:\n  - {metric: harm, below: 0}\n", "below|greater"),
    ],
)
def test_a_hypothesis_that_says_nothing_clear_is_refused(
    desk: Desk, hypothesis: str, told: str
) -> None:
    answer = desk.compare(BEFORE, AFTER, hypothesis=hypothesis)
    assert answer.exit == 4
    assert answer.json["error"]["file"].endswith("guard.yaml")
    assert any(word in answer.json["error"]["message"] for word in told.split("|"))


def test_a_file_that_is_not_there_is_a_mistake_of_usage(desk: Desk) -> None:
    desk.compare(BEFORE, AFTER)
    assert desk.run("before.csv", "nowhere.csv").exit == 2


def test_a_slice_that_got_worse_inside_a_good_average_comes_first(desk: Desk) -> None:
    def labelled(rows: list[Cells]) -> list[Cells]:
        return [
            {**row, "slice.language": "fi" if int(row["item"][1:]) % 10 == 0 else "en"}
            for row in rows
        ]

    before = harm(60, 200) + helpful([8] * 200)
    after = harm(4, 200) + helpful([2 if k % 10 == 0 else 8 for k in range(200)])
    found = desk.compare(labelled(before), labelled(after)).json
    assert found["overall"] == "passed"
    first = found["slices"][0]
    assert (first["metric"], first["slice"], first["value"]) == ("helpfulness", "language", "fi")
    assert first["status"] == "worse"
    assert first["clusters"] == 20
    assert {one["status"] for one in found["slices"][1:]} <= {"undecided", "no gain shown"}


def test_people_get_a_table_with_the_interval_drawn_beside_its_limit(desk: Desk) -> None:
    answer = desk.compare(BEFORE, AFTER, flags=())
    assert answer.exit == 0
    assert "guard-prompt: passed" in answer.out
    assert "├" in answer.out
    assert "800 expected, 800 scored" in answer.out
    assert "Not sealed" in answer.out


@pytest.mark.parametrize("width", ["40", "80", "140"])
def test_the_answer_is_readable_in_any_terminal(
    desk: Desk, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("NO_COLOR", "1")
    lines = desk.compare(BEFORE, AFTER, flags=()).out.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert not any("\x1b" in line for line in lines)


def test_ten_gigabytes_of_one_line_are_refused_in_bounded_memory(desk: Desk) -> None:
    desk.compare(BEFORE, AFTER)
    for name in ("huge.csv", "huge.jsonl"):
        with (desk.folder / name).open("wb") as stream:
            stream.write(b"item,metric,value\n" if name.endswith("csv") else b'{"item": "')
            stream.truncate(10 * 2**30)
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, *_command(desk.folder, "before.csv", name)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 4, done.stderr
        assert json.loads(done.stdout)["error"]["file"].endswith(name)
        assert int(done.stderr) < 600, "peak memory in MiB"


def test_the_installed_command_prints_one_object_and_ends_with_its_exit_code(desk: Desk) -> None:
    expected = desk.compare(BEFORE, AFTER)
    done = subprocess.run(
        _command(desk.folder, "before.csv", "after.csv"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, expected.out)
    assert done.stderr == ""


_MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)
sys.exit(done.returncode)
"""


def _command(folder: Path, before: str, after: str) -> list[str]:
    script = Path(sys.executable).parent / "interlock"
    files = [str(folder / name) for name in (before, after)]
    return [str(script), "compare", *files, "--hypothesis", str(folder / "guard.yaml"), "--json"]
