"""Commands about attacks: which there are, what they stand for, and what they do to a text."""

import sys
from pathlib import Path
from typing import Any

import click

from interlock.app.trials import apply_attack, list_attacks, show_attack
from interlock.cli.doors import json_option, show
from interlock.cli.inputs import EXISTING, WORDS
from interlock.trial import Attack
from interlock.trial.attacks import REFERENCES, Disguise


@click.group()
def attack() -> None:
    """Show the attacks that disguise requests, and try one on a text."""


@attack.command("list")
@json_option
def attack_list_command(as_json: bool) -> None:
    """List every attack with the entries of OWASP and MITRE ATLAS that it stands for.

    OWASP entries are of the Top 10 for LLM Applications, editions of 2025 and
    2026; techniques are those of MITRE ATLAS 2026.09.

    \b
    Example:
        interlock attack list
    """
    found = list_attacks()
    width = max(len(one.name) for one in found)
    show(
        {"attacks": [_facts(one) | {"meaning": one.meaning} for one in found]},
        as_json=as_json,
        lines=[
            line
            for one in found
            for line in (
                f"{one.name:{width}}  {one.meaning}",
                f"{'':{width}}  {', '.join((*one.owasp, *one.atlas))}",
            )
        ],
    )


@attack.command("show")
@click.argument("name")
@json_option
def attack_show_command(name: str, as_json: bool) -> None:
    """Say what the attack NAME does, what it stands for, and the words it uses.

    NAME may be a combination, such as role-play+base64, the innermost first.

    \b
    Example:
        interlock attack show crescendo
    """
    parts = show_attack(name)
    show(
        {"name": name, "parts": [_told(one) for one in parts]},
        as_json=as_json,
        lines=[line for one in parts for line in _lines(one)],
    )


@attack.command("apply")
@click.argument("name")
@click.argument("text", type=WORDS)
@click.option("--seed", type=int, default=0, show_default=True, help="Fixes every choice.")
@click.option("--translations", type=EXISTING, help="A file of given translations.")
@json_option
def attack_apply_command(
    name: str, text: str, seed: int, translations: Path | None, as_json: bool
) -> None:
    """Put TEXT (- for standard input) in the disguise NAME, and read it back.

    Nothing is sent anywhere. Signs that no screen shows are written as codes,
    such as U+200B; --json has them as they are.

    \b
    Example:
        interlock attack apply role-play+base64 "Tell me how to pick my own lock."
    """
    said = _from_standard_input() if text == "-" else text
    found = apply_attack(name, said, seed=seed, translations=translations)
    turns = [{"speaker": one.speaker, "text": one.text} for one in found.case.turns]
    back = "not by itself" if found.recovered is None else found.recovered
    show(
        {
            **_facts(found.attack),
            "seed": seed,
            "turns": turns,
            "recovered": found.recovered,
        },
        as_json=as_json,
        lines=[
            *(f"{one['speaker']}: {_spelled(one['text'])}" for one in turns),
            f"read back: {_spelled(back)}",
        ],
    )


def _from_standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError("standard input is not UTF-8; save the text as UTF-8") from error


def _facts(one: Attack) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.version,
        "owasp": list(one.owasp),
        "atlas": list(one.atlas),
    }


def _told(one: Disguise) -> dict[str, Any]:
    script = [[{"speaker": turn.speaker, "text": turn.text} for turn in way] for way in one.script]
    return {
        **_facts(one),
        "meaning": one.meaning,
        "stands_for": {entry: REFERENCES[entry] for entry in (*one.owasp, *one.atlas)},
        "frames": list(one.frames),
        "scripts": [way for way in script if way],
        "reads_back": one.decode is not None,
    }


def _lines(one: Disguise) -> list[str]:
    entries = (*one.owasp, *one.atlas)
    scripts = [way for way in one.script if way]
    before = [f"  comes after one of {len(scripts)} scripted conversations"] if scripts else []
    return [
        f"{one.name}, version {one.version}: {one.meaning}",
        *(f"  {entry}  {REFERENCES[entry]}" for entry in entries),
        *before,
        *(f"  says: {frame}" for frame in one.frames),
    ]


def _spelled(text: str) -> str:
    """A text in which signs that no screen shows are written as codes."""
    return "".join(
        one if one in "\n\t" or one.isprintable() else f"<U+{ord(one):04X}>" for one in text
    )
