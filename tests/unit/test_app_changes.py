"""A change of a system: what is left of the evidence on what it was before."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from interlock.app import compare_systems, show_system
from interlock.cli import main
from interlock.errors import CharterError, ManifestMissingError
from tests.board import Board, board_at, rows

GUARDED = "system: {name}\nmodel: m@1\nprompt: {{file: prompt.txt}}\nretrieval: {corpus}\n"
DAYS = 24 * 3600


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("judged", tmp_path) as board:
        yield board


def write(board: Board, name: str, text: str) -> None:
    (board.place / "systems" / f"{name}.yaml").write_text(text)


def manifest_of(board: Board, name: str) -> str:
    return (board.place / "systems" / f"{name}.yaml").read_text()


def test_a_renamed_system_is_the_same_and_nothing_is_stale(board: Board) -> None:
    same = manifest_of(board, "guarded").replace("system: guarded", "system: renamed")
    write(board, "renamed", same)
    found = compare_systems(board.work, "guarded", "renamed")
    assert found.before.digest == found.after.digest
    assert (found.difference.changed, found.standard) == ((), False)
    (carried,) = found.evidence
    assert (carried.role, carried.outcome, carried.seal_again) == ("candidate", "passed", False)
    assert (carried.stays, carried.stale) == (("harm", "helpfulness"), ())


def test_a_new_model_makes_all_evidence_stale(board: Board) -> None:
    text = manifest_of(board, "guarded").replace("system: guarded", "system: other")
    lines = [
        line if not line.startswith("model:") else "model: new@9" for line in text.splitlines()
    ]
    write(board, "other", "\n".join(lines))
    found = compare_systems(board.work, "guarded", "other")
    assert found.difference.changed == ("model",)
    (carried,) = found.evidence
    assert (carried.stays, carried.stale) == ((), ("harm", "helpfulness"))
    assert carried.seal_again


def test_a_part_the_charter_lists_spares_the_evidence_it_cannot_touch(board: Board) -> None:
    write(board, "other", manifest_of(board, "guarded").replace("guarded", "other", 1))
    with (board.place / "systems" / "other.yaml").open("a") as stream:
        stream.write("retrieval: corpus@2\n")
    found = compare_systems(board.work, "guarded", "other")
    assert found.difference.changed == ("retrieval",)
    (carried,) = found.evidence
    assert (carried.stays, carried.stale) == (("harm",), ("helpfulness",))


def test_a_change_of_decoding_alone_is_standard(board: Board) -> None:
    text = manifest_of(board, "guarded").replace("guarded", "other", 1)
    write(board, "other", text + "decoding: {temperature: 0.2}\n")
    assert compare_systems(board.work, "guarded", "other").standard
    write(board, "other", text + "decoding: {temperature: 0.2}\ntools: search\n")
    assert not compare_systems(board.work, "guarded", "other").standard


def test_evidence_ages_out_as_the_charter_says(board: Board) -> None:
    (fresh,) = compare_systems(board.work, "guarded", "guarded").evidence
    assert not fresh.aged_out
    assert fresh.ages_out > fresh.recorded
    board.clock.forward(181 * DAYS)
    (old,) = compare_systems(board.work, "guarded", "guarded").evidence
    assert (old.aged_out, old.seal_again, old.stale) == (True, True, ())


def test_evidence_that_is_sealed_again_is_as_old_as_when_it_was_first_recorded(
    board: Board,
) -> None:
    (first,) = compare_systems(board.work, "plain", "plain").evidence
    board.clock.forward(100 * DAYS)
    board.judged(rows(harm=2))
    (_, again) = compare_systems(board.work, "plain", "plain").evidence
    assert (again.recorded, again.ages_out) == (first.recorded, first.ages_out)


def test_new_evidence_on_a_candidate_is_as_old_as_what_it_is_compared_with(board: Board) -> None:
    (baseline,) = compare_systems(board.work, "plain", "plain").evidence
    board.clock.forward(100 * DAYS)
    board.judged(rows(harm=2))
    (_, again) = compare_systems(board.work, "guarded", "guarded").evidence
    assert (again.recorded, again.ages_out) == (baseline.recorded, baseline.ages_out)
    board.clock.forward(81 * DAYS)
    (_, old) = compare_systems(board.work, "guarded", "guarded").evidence
    assert (old.aged_out, old.seal_again) == (True, True)


def test_the_baseline_of_a_seal_has_evidence_and_no_verdict(board: Board) -> None:
    (carried,) = compare_systems(board.work, "plain", "guarded").evidence
    assert (carried.role, carried.verdict, carried.outcome) == ("baseline", "", None)


def test_a_system_nobody_sealed_has_no_evidence(board: Board) -> None:
    (board.place / "systems" / "prompt.txt").write_text("Be kind.")
    for name, corpus in (("new", "a"), ("newer", "b")):
        write(board, name, GUARDED.format(name=name, corpus=corpus))
    found = compare_systems(board.work, "new", "newer")
    assert (found.difference.changed, found.evidence) == (("retrieval",), ())


def test_a_manifest_that_is_not_there_or_not_whole_is_refused(board: Board) -> None:
    with pytest.raises(ManifestMissingError):
        show_system(board.work, "nobody")
    write(board, "new", GUARDED.format(name="new", corpus="a"))
    with pytest.raises(CharterError, match=r"prompt\.txt cannot be read"):
        show_system(board.work, "new")


def typed(board: Board, *words: str) -> str:
    ran = CliRunner().invoke(main, ["--workspace", str(board.place), *words], env={})
    assert ran.exit_code == 0, ran.output
    return ran.stdout


@pytest.fixture
def at_home(board: Board, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setenv("INTERLOCK_HOME", str(board.home))
    write(board, "other", manifest_of(board, "guarded").replace("guarded", "other", 1))
    with (board.place / "systems" / "other.yaml").open("a") as stream:
        stream.write("retrieval: corpus@2\n")
    board.close_all()
    return board


def test_the_command_tells_people_and_programs_the_same(at_home: Board) -> None:
    facts: dict[str, Any] = json.loads(
        typed(at_home, "system", "diff", "guarded", "other", "--json")
    )
    assert facts["changed"] == ["retrieval"]
    assert facts["parts"][0]["change"] == "added"
    assert facts["evidence"][0]["stale"] == ["helpfulness"]
    said = typed(at_home, "system", "diff", "guarded", "other")
    assert "added    retrieval: corpus@2" in said
    assert "stale, run again: helpfulness" in said
    assert "seal this hypothesis again" in said


def test_a_system_is_shown_part_by_part(at_home: Board) -> None:
    facts = json.loads(typed(at_home, "system", "show", "other", "--json"))
    assert {"part": "retrieval", "name": "", "version": "corpus@2"} in facts["parts"]
    assert facts["digest"] in typed(at_home, "system", "show", "other")
