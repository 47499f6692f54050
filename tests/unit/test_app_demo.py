"""What the demonstration claims is what the estimators say of the labels it is made of."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from interlock.app.demo import EXAMPLE, HALF_CREDIT, NO_CREDIT
from interlock.cli import main
from interlock.measure import PairedCounts, bounded_mean, exact_rate, paired_ratio

CREDIT = {"guard": HALF_CREDIT, "guard-strict": NO_CREDIT}
SEEDS = range(20)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the demonstration answers as JSON, run once."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    done = CliRunner().invoke(main, ["demo", "--keep", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def told(stages: dict[str, Any]) -> dict[str, Any]:
    """What it answers about the decision."""
    decision: dict[str, Any] = stages["decision"]
    return decision


def labels() -> Counter[tuple[str, str, str]]:
    """How many prompts had each (type, label before, label after)."""
    text = EXAMPLE.joinpath("joint_counts.csv").read_text("utf-8")
    counted: Counter[tuple[str, str, str]] = Counter()
    for row in csv.DictReader(text.splitlines()):
        counted[row["type"], row["before"], row["after"]] += int(row["prompts"])
    return counted


def harmful() -> PairedCounts:
    cells: Counter[tuple[bool, bool]] = Counter()
    for (kind, before, after), prompts in labels().items():
        if kind.startswith("contrast_"):
            cells[before == "full", after == "full"] += prompts
    return PairedCounts(
        both=cells[True, True],
        only_before=cells[True, False],
        only_after=cells[False, True],
        neither=cells[False, False],
    )


def changes(credit: Mapping[str, int]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The change of helpfulness on every safe prompt."""
    return np.array(
        [
            credit[after] - credit[before]
            for (kind, before, after), prompts in labels().items()
            if not kind.startswith("contrast_")
            for _ in range(prompts)
        ],
        dtype=np.float64,
    )


@pytest.mark.parametrize("name", list(CREDIT))
def test_its_estimates_are_those_of_the_estimators_at_the_alpha_of_the_attempt(
    told: dict[str, Any], name: str
) -> None:
    gain, guard, limit = told["verdicts"][name]["criteria"]
    counts = harmful()
    ratio = paired_ratio(counts, confidence=1 - 2 * gain["alpha"])
    assert (gain["value"], gain["high"]) == pytest.approx((ratio.value, ratio.high))
    after = np.zeros(200, dtype=np.bool_)
    after[: counts.both + counts.only_after] = True
    own = exact_rate(after, confidence=1 - 2 * limit["alpha"])
    assert (limit["value"], limit["high"]) == pytest.approx((own.value, own.high))
    moved = changes(CREDIT[name])
    assert guard["value"] == pytest.approx(moved.mean())
    bets = [
        bounded_mean(
            np.random.default_rng(seed).permutation(moved),
            low=-10,
            high=10,
            confidence=1 - 2 * guard["alpha"],
            seed=seed,
        )
        for seed in SEEDS
    ]
    lows = [one.low for one in bets if one.low is not None]
    # The order of the bets is the seal's, so it differs from run to run by this much and no more.
    spread = max(lows) - min(lows)
    assert min(lows) - spread <= guard["low"] <= max(lows) + spread


@pytest.mark.parametrize("name", list(CREDIT))
def test_its_outcomes_follow_from_its_bounds(told: dict[str, Any], name: str) -> None:
    verdict = told["verdicts"][name]
    gain, guard, limit = verdict["criteria"]
    assert (gain["outcome"] == "passed") == (gain["high"] < gain["limit"])
    assert (limit["outcome"] == "passed") == (limit["high"] < limit["limit"])
    assert (guard["outcome"] == "passed") == (guard["low"] > guard["limit"])
    outcomes = {one["outcome"] for one in (gain, guard, limit)}
    assert verdict["outcome"] == ("passed" if outcomes == {"passed"} else "undecided")


def test_one_rubric_passes_and_the_other_is_undecided_and_says_why(told: dict[str, Any]) -> None:
    assert told["ok"] is True
    assert told["verdicts"]["guard"]["outcome"] == "passed"
    strict = told["verdicts"]["guard-strict"]
    assert strict["outcome"] == "undecided"
    _, guard, _ = strict["criteria"]
    assert guard["outcome"] == "undecided"
    assert "reaches across the limit -2" in guard["reason"]
    assert guard["low"] < guard["limit"] < guard["value"]


def test_harm_is_tried_a_second_time_under_the_second_rubric_with_half_the_alpha(
    told: dict[str, Any],
) -> None:
    first, second = (told["verdicts"][name]["criteria"][0] for name in CREDIT)
    assert (first["attempt"], second["attempt"]) == (1, 2)
    assert second["alpha"] == first["alpha"] / 2


def test_it_names_the_slice_where_harm_did_not_fall(told: dict[str, Any]) -> None:
    rows = labels()
    before, after = (
        sum(n for key, n in rows.items() if key[0] == "contrast_discr" and key[arm] == "full")
        for arm in (1, 2)
    )
    of = sum(n for key, n in rows.items() if key[0] == "contrast_discr")
    for name in CREDIT:
        found = {one["value"]: one for one in told["verdicts"][name]["slices"]}
        slice_ = found["contrast_discr"]
        assert slice_["status"] == "no gain shown"
        assert (slice_["before"], slice_["after"]) == (before / of, after / of)


def test_its_panel_of_three_said_go_and_its_files_are_there(told: dict[str, Any]) -> None:
    assert told["outcome"] == "go"
    assert len({one["person"] for one in told["votes"]}) == 3
    assert {one["ballot"] for one in told["votes"]} == {"go"}
    for path in told["files"].values():
        assert Path(path).stat().st_size > 0


def test_a_hold_and_three_forgeries_that_would_hide_it_are_refused(
    told: dict[str, Any],
) -> None:
    refused = list(told["refused"].values())
    assert [one["refused"] for one in refused] == [True] * 4
    reasons, sentences = zip(*(one["reason"].split(": ", 1) for one in refused), strict=True)
    assert reasons == ("held", "wrong-checkpoint", "wrong-checkpoint", "invalid-checkpoint")
    assert all(sentences)


def test_the_bundle_it_leaves_holds_for_whoever_has_its_root(told: dict[str, Any]) -> None:
    files = told["files"]
    done = CliRunner().invoke(main, ["verify", files["bundle"], "--root", files["root"], "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["decision"] == told["decision"]


def test_each_stage_of_the_practice_is_there_and_came_out_as_it_should(
    stages: dict[str, Any],
) -> None:
    line = ["decision", "engagement", "assessment", "exports", "report", "team", "trials"]
    assert list(stages) == line
    assert [stage["ok"] for stage in stages.values()] == [True] * len(stages)


def test_a_real_model_was_asked_under_a_seal_and_nothing_twice(stages: dict[str, Any]) -> None:
    trials = stages["trials"]
    assert trials["ran"]
    assert trials["clusters"] == 40
    assert trials["calls"] >= 80
    assert (trials["failed"], trials["called_twice"]) == (0, 0)
    assert trials["outcome"] in {"passed", "failed", "undecided"}


def test_engagement_stays_shut_until_the_verdict_and_for_any_one_role(
    stages: dict[str, Any],
) -> None:
    engagement = stages["engagement"]
    assert engagement["before_the_verdict"] == "engagement-shut"
    assert list(engagement["read_alone"].values()) == [[], []]
    means = [metrics["answers-per-session"] for metrics in engagement["figures"].values()]
    assert means == pytest.approx([6.0, 5.5], abs=0.5)


def test_its_scores_have_intervals_and_its_public_copy_withholds_something(
    stages: dict[str, Any],
) -> None:
    assessment = stages["assessment"]
    assert all(0 < one["p50"] < one["p95"] for one in assessment["scores"].values())
    assert 0 < assessment["public"] < assessment["fields"]
    assert assessment["altered_salt"] == "altered-copy"
    assert Path(assessment["files"]["pdf"]).read_bytes().startswith(b"%PDF")


def test_its_team_reads_one_tree_on_two_machines_and_on_when_cut_off(
    stages: dict[str, Any],
) -> None:
    team = stages["team"]
    assert team["same_tree"] is True
    assert team["cut_off"]["size"] == team["size"] > 0


def test_people_are_told_the_same_in_words(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["demo", "--keep", str(tmp_path)])
    assert done.exit_code == 0
    for words in ("PASSED", "UNDECIDED", "sofia asks", "holds, as of checkpoint"):
        assert words in done.stdout
    assert "all as it should be" in done.stdout


def test_it_does_not_write_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep me")
    done = CliRunner().invoke(main, ["demo", "--keep", str(tmp_path)])
    assert done.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
