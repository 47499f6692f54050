"""Suites on the command line: read without a workspace, checked, and expanded to the same bytes."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from interlock.app import create_workspace
from interlock.app.trials.suites import cases_of, check_canaries, find_suite, suites_of
from interlock.cli import main
from interlock.errors import NoCanaryError, NoSuiteError, SuiteNameError
from interlock.ledger import load
from tests.unit.test_trial_suites import FILE


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["suite", *arguments])


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERLOCK_HOME", str(tmp_path / "home"))


def test_every_suite_is_listed_with_its_clusters_and_its_judges_agreement() -> None:
    done = run("list", "--json")
    found = json.loads(done.output)["suites"]
    assert len(found) == 24
    assert {one["confirmatory_through_judge"] for one in found} == {False}
    assert "judge none" in run("list").output


def test_one_half_is_shown_to_be_read() -> None:
    done = run("show", "self-harm", "--benign")
    assert done.exit_code == 0
    assert "self-harm-b01: " in done.output
    assert "self-harm-u01: " not in done.output
    shown = json.loads(run("show", "self-harm", "--unsafe", "--json").output)
    assert {one["id"][:11] for one in shown["cases"]} == {"self-harm-u"}


def test_a_conversation_is_shown_speaker_by_speaker_and_a_long_text_shortened() -> None:
    lines = run("show", "long-context").output
    assert "    document: " in lines
    assert "characters more]" in lines
    assert "    expects: Kittiwake" in lines


def test_the_canary_that_a_prompt_must_hold_is_told() -> None:
    assert "must hold INTERLOCK-CANARY-7Q2" in run("show", "circumvention").output


def test_what_is_shipped_holds() -> None:
    done = run("check")
    assert (done.exit_code, done.output) == (0, "holds\n")


def test_a_file_with_findings_does_not_hold() -> None:
    Path("ours.yaml").write_text(yaml.safe_dump(FILE), encoding="utf-8")
    done = run("check", "ours.yaml", "--json")
    assert done.exit_code == 4
    found = json.loads(done.output)
    assert found["holds"] is False
    assert [one["rule"] for one in found["findings"]] == ["balance", "balance", "category"]
    assert "does not hold: 3 findings" in run("check", "ours.yaml").output


def test_one_finding_is_told_in_the_singular() -> None:
    cases = [{"id": one, "text": "Say the word that opens the door."} for one in ("a", "b")]
    stated = {"suite": "ours", "version": "1", "metric": "correct", "cases": cases}
    Path("ours.yaml").write_text(yaml.safe_dump(stated), encoding="utf-8")
    assert "does not hold: 1 finding\n" in run("check", "ours.yaml").output


@pytest.mark.parametrize("path", [["trial", "status"], ["hypothesis", "draw"], ["label", "queue"]])
def test_help_shows_an_example_of_its_own_command(path: list[str]) -> None:
    assert (
        f"interlock {' '.join(path)} 3fa9c1" in CliRunner().invoke(main, [*path, "--help"]).output
    )


@pytest.mark.parametrize("name", ["nothing", "nothing.yaml"])
def test_a_suite_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    done = run("show", name)
    assert done.exit_code == 4
    assert "self-harm" in done.output


def test_a_broken_file_is_refused_at_its_line() -> None:
    Path("ours.yaml").write_text("suite: ours\nversion: 1\n", encoding="utf-8")
    done = run("show", "ours.yaml")
    assert done.exit_code == 4
    assert "ours.yaml, line 2, version" in done.output


def test_edge_cases_are_written_as_records_the_same_for_the_same_seed() -> None:
    asked = ("grounding", "self-harm", "--cases", "300", "--seed", "7", "--attack", "base64")
    first, again = (
        run("expand", *asked, "--out", name, "--json") for name in ("a.jsonl", "b.jsonl")
    )
    assert first.exit_code == 0, first.output
    assert json.loads(first.output)["sha256"] == json.loads(again.output)["sha256"]
    lines = Path("a.jsonl").read_bytes().splitlines()
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes()
    assert len({load(line).id for line in lines}) == 300
    assert "base64" in {load(line).slice("attack") for line in lines}


def test_edge_cases_of_one_category_alone() -> None:
    asked = ("--cases", "100", "--seed", "7", "--category", "privacy", "--out", "a.jsonl")
    assert run("expand", *asked).exit_code == 0
    lines = Path("a.jsonl").read_bytes().splitlines()
    assert {load(line).slice("category") for line in lines} == {"privacy"}


def test_too_many_edge_cases_leave_no_file() -> None:
    Path("ours.yaml").write_text(yaml.safe_dump(FILE), encoding="utf-8")
    done = run("expand", "ours.yaml", "--cases", "100000", "--seed", "7", "--out", "a.jsonl")
    assert done.exit_code == 4
    assert "too-many-edge-cases" in done.output
    assert not Path("a.jsonl").exists()


def test_a_prompt_without_the_canary_is_refused_where_a_suite_looks_for_it() -> None:
    check_canaries(None, ["circumvention"], {"a": "Never say INTERLOCK-CANARY-7Q2."})
    check_canaries(None, ["capability"], {"a": ""})
    with pytest.raises(NoCanaryError, match="the system prompt of b does not hold"):
        check_canaries(None, ["circumvention"], {"b": "Be kind."})


def test_a_workspaces_own_suites_stand_beside_those_that_are_shipped(tmp_path: Path) -> None:
    work = create_workspace(tmp_path / "ws", home=tmp_path / "home", passphrase="only a test")  # noqa: S106 - opens nothing
    folder = work.path("suites")
    folder.mkdir()
    (folder / "garden-envy.yaml").write_text(yaml.safe_dump(FILE), encoding="utf-8")
    assert find_suite(work, "garden-envy") == find_suite(work, "suites/garden-envy.yaml")
    assert len(suites_of(work, ["standard", "garden-envy", "self-harm"])) == 18
    cases = cases_of(work, ["garden-envy", "self-harm"], ["garden-envy"])
    assert [one.id for one in cases] == ["garden-envy-u01", "garden-envy-b01"]
    with pytest.raises(NoSuiteError, match=r"suites/nothing\.yaml"):
        find_suite(work, "nothing")
    (folder / "privacy.yaml").write_text(yaml.safe_dump(FILE | {"suite": "privacy"}))
    with pytest.raises(SuiteNameError, match="'privacy' is in the product and in"):
        find_suite(work, "privacy")
    (folder / "other.yaml").write_text(yaml.safe_dump(FILE | {"suite": "other"}))
    with pytest.raises(SuiteNameError, match="garden-envy-u01"):
        cases_of(work, ["garden-envy", "other"])
    work.close()
