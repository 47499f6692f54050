"""Commands about systems: what one consists of, and what a change of it makes stale."""

from typing import Any

import click

from interlock.app import CarriedEvidence, SystemChange, compare_systems, show_system
from interlock.cli.doors import json_option, show, workspace
from interlock.trial import PartDifference, parts_of


@click.group()
def system() -> None:
    """Show systems, and what a change from one to another makes stale."""


@system.command("show")
@click.argument("name")
@json_option
def system_show_command(name: str, as_json: bool) -> None:
    """Print the parts of the system NAME and the digest that identifies them all.

    The manifest is systems/NAME.yaml; a part that is a file counts by its SHA-256.

    \b
    Example:
        interlock system show guarded
    """
    with workspace() as work:
        found = show_system(work, name)
    parts = [
        {"part": part, "name": own, "version": version}
        for (part, own), version in parts_of(found.system).items()
    ]
    show(
        {"system": found.name, "digest": found.digest, "parts": parts},
        as_json=as_json,
        lines=[
            f"{found.name} {found.digest}",
            *(f"  {_place(one['part'], one['name'])}: {one['version']}" for one in parts),
        ],
    )


@system.command("diff")
@click.argument("before")
@click.argument("after")
@json_option
def system_diff_command(before: str, after: str, as_json: bool) -> None:
    """Compare the system AFTER with BEFORE, and say what is left of the evidence on BEFORE.

    The charter says which metrics a change of a part can touch; a part it does
    not list makes all evidence stale. It also says when evidence is too old. A
    GO on AFTER takes a verdict of its own, whatever stays.

    \b
    Example:
        interlock system diff guarded guarded-cooler
    """
    with workspace() as work:
        found = compare_systems(work, before, after)
    show(_facts(found), as_json=as_json, lines=_lines(found))


def _facts(found: SystemChange) -> dict[str, Any]:
    return {
        "before": {"system": found.before.name, "digest": found.before.digest},
        "after": {"system": found.after.name, "digest": found.after.digest},
        "changed": list(found.difference.changed),
        "standard": found.standard,
        "parts": [{**vars(one), "change": one.change} for one in found.difference.parts],
        "evidence": [{**vars(one), "seal_again": one.seal_again} for one in found.evidence],
    }


def _lines(found: SystemChange) -> list[str]:
    if not found.difference.parts:
        first = [f"{found.before.name} and {found.after.name} are one system; names play no part"]
    else:
        first = [_line(one) for one in found.difference.parts]
        scope = "standard parts only" if found.standard else "a change for the panel"
        first.append(f"{', '.join(found.difference.changed)}: {scope}")
    nothing = [] if found.evidence else [f"no seal on the log names {found.before.name}"]
    return [*first, *nothing, *(line for one in found.evidence for line in _evidence(one))]


def _line(one: PartDifference) -> str:
    place = _place(one.part, one.name)
    if one.change == "changed":
        return f"changed  {place}: {one.before} -> {one.after}"
    return f"{one.change:8} {place}: {one.before or one.after}"


def _evidence(one: CarriedEvidence) -> list[str]:
    verdict = f"verdict {one.verdict[:12]} {one.outcome}" if one.outcome else "no verdict"
    lines = [f"{one.hypothesis}, as its {one.role} (seal {one.seal[:12]}, {verdict})"]
    if one.stays:
        lines.append(f"  stays: {', '.join(one.stays)}")
    if one.stale:
        lines.append(f"  stale, run again: {', '.join(one.stale)}")
    if one.aged_out:
        lines.append(f"  too old since {one.ages_out}")
    elif one.ages_out:
        lines.append(f"  too old from {one.ages_out} on")
    if one.seal_again:
        lines.append("  seal this hypothesis again")
    return lines


def _place(part: str, name: str) -> str:
    return f"{part} {name}" if name else part
