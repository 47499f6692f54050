"""The commands about attacks, as people and programs meet them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from interlock.cli import main
from interlock.trial.attacks import ATTACKS


def test_the_list_names_every_attack_with_its_entries() -> None:
    told = CliRunner().invoke(main, ["attack", "list"]).output
    facts = json.loads(CliRunner().invoke(main, ["attack", "list", "--json"]).output)
    assert [one["name"] for one in facts["attacks"]] == list(ATTACKS)
    for name, one in ATTACKS.items():
        assert name in told
        assert ", ".join((*one.owasp, *one.atlas)) in told


def test_an_attack_is_shown_with_the_words_it_uses() -> None:
    told = CliRunner().invoke(main, ["attack", "show", "system-prompt-extraction"])
    assert told.exit_code == 0
    assert "LLM08:2026  Hidden Context Exposure" in told.output
    assert "AML.T0056  Extract LLM System Prompt" in told.output
    assert "YAML file, nothing summarised" in told.output


def test_a_combination_is_shown_part_by_part() -> None:
    told = CliRunner().invoke(main, ["attack", "show", "crescendo+hex", "--json"])
    parts = json.loads(told.output)["parts"]
    assert [one["name"] for one in parts] == ["crescendo", "hex"]
    assert len(parts[0]["scripts"]) == 2


def test_a_text_is_shown_with_what_no_screen_shows_and_is_read_back() -> None:
    told = CliRunner().invoke(main, ["attack", "apply", "zero-width", "pick a lock"])
    assert "<U+200B>" in told.output
    assert "read back: pick a lock" in told.output


def test_a_text_comes_from_standard_input_too() -> None:
    told = CliRunner().invoke(
        main, ["attack", "apply", "tag-smuggling", "-", "--json"], input="h\u00e9\n"
    )
    facts = json.loads(told.output)
    assert facts["recovered"] == "h\u00e9\n"
    assert "\U000e0068" in facts["turns"][-1]["text"]
    broken = CliRunner().invoke(main, ["attack", "apply", "hex", "-"], input=b"\xff")
    assert broken.exit_code == 2
    assert "not UTF-8" in broken.output


def test_seeds_decide_and_nothing_else() -> None:
    said = [
        CliRunner().invoke(main, ["attack", "apply", "role-play", "x", "--seed", seed]).output
        for seed in ("1", "1", "2")
    ]
    assert said[0] == said[1] != said[2]


def test_given_translations_are_used(tmp_path: Path) -> None:
    file = tmp_path / "fr.yaml"
    file.write_text("language: fr\ntexts: [{of: Good morning, says: Bonjour}]\n", "utf-8")
    given = ["--translations", str(file)]
    ask = ["attack", "apply", "translation-fr"]
    told = CliRunner().invoke(main, [*ask, "Good morning", *given])
    missing = CliRunner().invoke(main, [*ask, "Good night", *given])
    assert "user: Bonjour" in told.output
    assert missing.exit_code == 4
    assert "has no translation" in missing.output


@pytest.mark.parametrize("command", [["show", "rot14"], ["apply", "base64+rot14", "x"]])
def test_an_unknown_attack_is_refused(command: list[str]) -> None:
    told = CliRunner().invoke(main, ["attack", *command, "--json"])
    assert told.exit_code == 4
    assert json.loads(told.stdout)["error"]["code"] == "unknown-attack"
