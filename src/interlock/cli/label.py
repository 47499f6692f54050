"""The labelling queue in the terminal: one answer at a time, blind, by single keys."""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from interlock.app.judging import (
    Asked,
    LabelQueue,
    LabelStatus,
    choices,
    export_labels,
    import_labels,
    label_queue,
    label_status,
)
from interlock.cli.doors import as_option, json_option, on_screen, show, signer, workspace
from interlock.cli.inputs import EXISTING, NEW_FILE
from interlock.trial.judges import LabelScale, value_said

_KEYS = {"y": 1.0, "1": 1.0, "n": 0.0, "0": 0.0}
_SKIP, _UNDO, _QUIT = "s", "u", "q"
_MOST_KEYS = 9

Key = Callable[[LabelScale | None], str]
"""What was pressed or written, in small letters, on a scale; empty at the end of input."""


class QueueGroup(click.Group):
    """A group whose own work is the queue: what is no command of it is a seal."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or the queue with a seal as its first word."""
        if args and args[0] not in self.commands:
            args = ["queue", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Send plain options to the queue as well."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            args = ["queue", *args]
        return super().parse_args(ctx, args)


@click.group(cls=QueueGroup)
def label() -> None:
    """Label answers by hand, blind, and see how far the labels are.

    `interlock label [SEAL] --as NAME` opens the queue.
    """


@label.command("queue")
@click.argument("seal", default="")
@as_option
@json_option
def label_queue_command(seal: str, person: str, as_json: bool) -> None:
    """Show one answer after the other, and keep what NAME says of each, signed.

    Each label is signed with NAME's key. Who sealed the trial or signed its
    runs cannot label it.

    Neither the arm nor what a judge said is shown, and everybody has an order
    of their own. Keys: y yes, n no, s skip, u undo, q quit; where the charter
    has levels for a metric their numbers are the keys, and where it has a range
    without levels, write a number and Enter. Every label is on disk before the
    next answer is shown; come back at any time. Where input is no terminal,
    each line is a key.

    \b
    Example:
        interlock label queue 3fa9c1 --as ada
    """
    with workspace() as work:
        queue = label_queue(work, person, signer=signer(work, person), seal=seal)
        counts = _work_through(queue, quiet=as_json)
    show(
        {"rater": person, "seal": queue.seal, **counts},
        as_json=as_json,
        lines=[
            f"{counts['labelled']} labelled, {counts['skipped']} skipped, "
            f"{counts['undone']} taken back; {counts['left']} left for {person}"
        ],
    )


@label.command("status")
@click.argument("seal", default="")
@json_option
def label_status_command(seal: str, as_json: bool) -> None:
    """Print how many labels are settled, open and disputed, and how far people agree.

    \b
    Example:
        interlock label status 3fa9c1
    """
    with workspace() as work:
        found = label_status(work, seal=seal)
    lines = [_status_line(one) for one in found] or ["nothing waits for a label"]
    show({"seals": [asdict(one) for one in found]}, as_json=as_json, lines=lines)


@label.command("export")
@click.argument("file", type=NEW_FILE)
@click.option("--seal", default="", metavar="ID", help="Only what is open under this seal.")
@as_option
@json_option
def label_export_command(file: Path, seal: str, person: str, as_json: bool) -> None:
    """Write what is open to NAME as CSV, for labelling elsewhere.

    Tasks have blind names; write one of the column choices, or skip, into the
    column label, and take the file back with `interlock label import`.

    \b
    Example:
        interlock label export for-ada.csv --as ada
    """
    with workspace() as work:
        queue = label_queue(work, person, signer=signer(work, person), seal=seal)
        count = export_labels(queue, file)
    show(
        {"file": str(file), "tasks": count},
        as_json=as_json,
        lines=[f"{count} tasks for {person} in {file}"],
    )


@label.command("import")
@click.argument("file", type=EXISTING)
@click.option("--seal", default="", metavar="ID", help="Only tasks under this seal.")
@as_option
@json_option
def label_import_command(file: Path, seal: str, person: str, as_json: bool) -> None:
    """Take the labels that NAME wrote into an exported FILE, and sign them with NAME's key.

    Taking it again changes nothing.

    \b
    Example:
        interlock label import for-ada.csv --as ada
    """
    with workspace() as work:
        queue = label_queue(work, person, signer=signer(work, person), seal=seal)
        done = import_labels(queue, file)
    show(
        {"rater": person, **asdict(done)},
        as_json=as_json,
        lines=[
            f"{done.kept} kept, {done.known} known already, {done.closed} settled by others "
            f"meanwhile, {done.empty} without a label"
        ],
    )


def _work_through(queue: LabelQueue, *, quiet: bool) -> dict[str, int]:
    """Ask until nothing is open, or the person or the input ends."""
    counts: Counter[str] = Counter()
    key = _keys()
    while (asked := queue.next()) is not None or counts:
        if not quiet:
            click.echo(on_screen(_shown(asked) if asked else "\nnothing is left; u undo, q quit"))
        pressed = key(asked.scale if asked else None)
        if pressed in {_QUIT, ""}:
            break
        if pressed == _UNDO:
            counts["undone"] += queue.undo()
        elif asked is None:
            break
        elif pressed != _SKIP and (value := _chosen(asked.scale, pressed)) is None:
            click.echo(f"keys are {_known(asked.scale)}, s, u and q", err=True)
        elif queue.give(asked.name, None if pressed == _SKIP else value):
            counts["skipped" if pressed == _SKIP else "labelled"] += 1
        else:
            click.echo("others settled this one meanwhile", err=True)
    left = asked.left if asked is not None else 0
    return {name: counts[name] for name in ("labelled", "skipped", "undone")} | {"left": left}


def _chosen(scale: LabelScale, pressed: str) -> float | None:
    """The value of a key; None where it is no key of the scale."""
    if scale.yes_or_no:
        return _KEYS.get(pressed)
    if not scale.levels:
        return value_said(scale, pressed)
    keys = {str(k): one.score for k, one in enumerate(scale.levels, start=1)}
    return keys.get(pressed)


def _known(scale: LabelScale) -> str:
    if scale.yes_or_no:
        return "y, n"
    return f"1 to {len(scale.levels)}" if scale.levels else choices(scale)


def _keys() -> Key:
    """How the next key is read: without Enter on a terminal, else a line each; empty at the end."""
    return _pressed if sys.stdin.isatty() else _line


def _pressed(scale: LabelScale | None) -> str:
    if scale is not None and not scale.yes_or_no and not 0 < len(scale.levels) <= _MOST_KEYS:
        return _line(scale)
    try:
        return click.getchar().lower()
    except EOFError:
        return ""


def _line(scale: LabelScale | None) -> str:
    """A line of input: of one that answers yes or no its first letter, else all of it."""
    if not (line := sys.stdin.readline()):
        return ""
    written = line.strip().lower() or "?"
    return written[:1] if scale is None or scale.yes_or_no else written


def _shown(asked: Asked) -> str:
    intent = f"\nwanted: {asked.intent}\n" if asked.intent else ""
    return (
        f"\n{'-' * 72}\n{asked.done + 1} of {asked.done + asked.left}\n{intent}\n"
        f"{asked.prompt}\n\n>>> answer\n{asked.answer}\n\n"
        f"{asked.metric}?  {_offered(asked.scale)}  s skip  u undo  q quit"
    )


def _offered(scale: LabelScale) -> str:
    """What can be said, with the keys for it."""
    if scale.yes_or_no:
        return "y yes  n no"
    if not scale.levels:
        return f"{choices(scale)}, then Enter\n "
    levels = (
        f"  {k} {one.label} ({one.score:g}): {one.meaning}\n"
        for k, one in enumerate(scale.levels, start=1)
    )
    return f"\n{''.join(levels)}"


def _status_line(one: LabelStatus) -> str:
    agreed = "".join(
        f", {found.method.partition('/')[0]} of {metric} {found.value:.2f}"
        for metric, found in one.agreement.items()
        if found is not None
    )
    doubted = f"; {one.doubted} doubted: not signed as they stand" if one.doubted else ""
    people = ", ".join(f"{name} {count}" for name, count in one.raters.items()) or "nobody yet"
    return (
        f"{one.seal[:12]}: {one.settled} of {one.tasks} settled, {one.disputed} disputed "
        f"({people}{agreed}){doubted}"
    )
