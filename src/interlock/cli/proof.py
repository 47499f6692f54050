"""Commands that check, show and keep what can be proved."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.tree import Tree

from interlock.adapters.files import replace
from interlock.app import (
    Step,
    back_up,
    check_decision,
    history,
    restore_log,
    trace,
    user_folder,
    verify_bundle,
    verify_log,
)
from interlock.cli.doors import F, json_option, on_screen, passphrase, show, workspace
from interlock.cli.inputs import EXISTING, NEW_FILE, WORDS

_UNCOMPARED = "the deployed system was not compared with the decision's: give --system MANIFEST"


def deployment_options(command: F) -> F:
    """Add what a deployment says of itself: tier, traffic, features, and its manifest."""
    for option in (
        click.option(
            "--system", type=EXISTING, help="Manifest of what is deployed, to be the same."
        ),
        click.option("--features", help="Features that are served, by commas; '' for none."),
        click.option("--traffic", type=click.IntRange(0, 100), help="Per cent of traffic it gets."),
        click.option("--tier", help="The tier it is deployed to, for the decision's conditions."),
    ):
        command = option(command)
    return command


def _deployment(tier: str | None, traffic: int | None, features: str | None) -> dict[str, str]:
    """What was said of a deployment; silence says nothing, and so keeps no condition."""
    said = {
        "tier": tier,
        "traffic_percent": None if traffic is None else str(traffic),
        "features": features,
    }
    return {name: value for name, value in said.items() if value is not None}


@click.command("check")
@click.argument("decision")
@deployment_options
@click.option(
    "--root",
    type=EXISTING,
    help="Your own copy of root.json, else INTERLOCK_ROOT; without either the workspace's own "
    "is believed.",
)
@json_option
def check_command(
    decision: str,
    tier: str | None,
    traffic: int | None,
    *,
    features: str | None,
    system: Path | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """Ask whether DECISION allows the release now; exits 0 if so, 4 if not.

    A condition about which you say nothing does not hold. Give the manifest of
    what is deployed: a changed system is not the one that was decided on. On a
    machine without memory of the log, such as a CI runner, give your own copy
    of root.json too: whoever can replace the whole workspace can replace its root.

    \b
    Example:
        interlock check 1d55e0 --tier internal --traffic 10 \\
          --system systems/guarded.yaml --root pinned/root.json
    """
    root = root or _own_root()
    with workspace() as work:
        found, cosigned = check_decision(
            work,
            decision,
            deployment=_deployment(tier, traffic, features),
            manifest=system,
            root=root,
        )
    size, time = cosigned.checkpoint.size, cosigned.time
    facts = {"holds": True, "decision": found.identity, "system": found.act.system}
    compared = system is not None
    lines = [f"holds, as of checkpoint {size}, {time}; the go ends {found.act.expires}"]
    show(
        facts | {"checkpoint": size, "time": time, "system_compared": compared},
        as_json=as_json,
        lines=lines if compared else [*lines, _UNCOMPARED],
    )


def _own_root() -> Path | None:
    """The root.json that the environment names; a name that is empty is nobody's choice."""
    said = os.environ.get("INTERLOCK_ROOT")
    if said is None:
        return None
    if not said:
        raise click.UsageError("INTERLOCK_ROOT is empty; name your root.json in it, or unset it")
    return Path(EXISTING.convert(said, None, None))


@click.command("verify")
@click.argument("bundle", type=EXISTING)
@click.option("--root", type=EXISTING, required=True, help="Your own copy of root.json.")
@click.option("--now", help="UTC time to judge by, such as 2026-11-21T00:00:00Z.")
@deployment_options
@json_option
def verify_command(
    bundle: Path,
    root: Path,
    now: str | None,
    *,
    tier: str | None,
    traffic: int | None,
    features: str | None,
    system: Path | None,
    as_json: bool,
) -> None:
    """Check a BUNDLE offline, against a root you hold already; exits 0 if it holds, 4 if not.

    Say what is deployed, and the decision's conditions are checked against it;
    then a condition about which you say nothing does not hold. Say nothing at
    all, and the conditions are yours to keep.

    \b
    Examples:
        interlock verify guard.bundle.json --root root.json
        interlock verify guard.bundle.json --root root.json \\
          --system deployed.yaml --tier internal --traffic 10
    """
    moment = now or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = _deployment(tier, traffic, features)
    asked = bool(said) or system is not None
    found = verify_bundle(
        bundle, root, now=moment, deployment=said if asked else None, manifest=system
    )
    votes = [f"  {one['role']}: {one['person']} votes {one['ballot']}" for one in found["votes"]]
    at = found["as_of"]
    show(
        {"holds": True, **found, "system_compared": system is not None},
        as_json=as_json,
        lines=[
            f"holds: go for {found['product']}, until {found['expires']}",
            *votes,
            f"as of checkpoint {at['size']}, {at['time']}",
            *([_UNCOMPARED] * (asked and system is None)),
        ],
    )


@click.command("trace")
@click.argument("name", metavar="ID")
@click.option("--rows", is_flag=True, help="Name every row of the evidence, with its prompt.")
@json_option
def trace_command(name: str, rows: bool, as_json: bool) -> None:
    """Print the way from a decision down to rows and prompts, and from anything back up.

    ID is the beginning of an act's identity or of a record's digest, an item,
    or a prompt's reference.

    \b
    Examples:
        interlock trace 1d55e0
        interlock trace contrast_discr-07
    """
    with workspace() as work:
        found = trace(work, name, rows=rows)
    if as_json:
        facts = {"down": _facts(found.down), "up": [_facts(one) for one in found.up]}
        show(facts, as_json=True, lines=[])
        return
    console = Console()
    console.print(_tree(found.down))
    if found.up:
        console.print("rested on by", style="bold")
    for one in found.up:
        line = on_screen(f"  {one.what} {one.name[:12]}  {one.says}")
        console.print(line, markup=False, highlight=False)


def _facts(step: Step) -> dict[str, Any]:
    below = [_facts(one) for one in step.below]
    return {"what": step.what, "name": step.name, "says": step.says, "below": below}


def _tree(step: Step) -> Tree:
    name = step.name[:12] if len(step.name) == 64 else step.name
    made = Tree(_plain(f"{step.what} {name}  {step.says}"), highlight=False)
    for one in step.below:
        made.add(_tree(one))
    return made


def _plain(words: str) -> str:
    """Words in which nothing is markup, and nothing steers a terminal."""
    return on_screen(words).replace("[", r"\[")


@click.group()
def ledger() -> None:
    """Verify, list, back up and restore the log."""


@ledger.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List every act on the log: index, time, who, what, identity, and what has no effect."""
    with workspace() as work:
        found = history(work)
    facts = [
        {
            "index": one.index,
            "time": one.time,
            "person": one.person or None,
            "act": one.act or None,
            "id": one.identity,
            "refused": one.refused or None,
        }
        for one in found
    ]
    lines = [
        f"{one.index:>5}  {one.time}  {one.person or '-':<12}  "
        f"{one.act or 'no effect: ' + one.refused:<14}  {one.identity}"
        for one in found
    ]
    show({"acts": facts}, as_json=as_json, lines=lines)


@ledger.command("verify")
@click.option("--since", type=EXISTING, help="A checkpoint you kept; the log must continue it.")
@click.option("--save", type=NEW_FILE, help="Write the newest checkpoint, to keep for next time.")
@json_option
def ledger_verify_command(since: Path | None, save: Path | None, as_json: bool) -> None:
    """Recompute the log from its first entry: tree, signatures, rules; exits 4 if it is not whole.

    \b
    Examples:
        interlock ledger verify --save checkpoint.txt
        interlock ledger verify --since checkpoint.txt
    """
    with workspace() as work:
        found = verify_log(
            work, since=since.read_text("utf-8", errors="replace") if since else None
        )
    if save is not None:
        replace(save, found.note.encode())
    checkpoint = found.audit.cosigned.checkpoint
    facts = {
        "holds": True,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "time": found.audit.cosigned.time,
        "signatures": found.audit.signatures,
        "accepted": found.accepted,
        "refused": [{"index": one.index, "reason": one.sentence} for one in found.refused],
    }
    lines = [
        f"holds: {checkpoint.size} entries, {found.audit.signatures} signatures, "
        f"root {checkpoint.root.hex()}, as of {found.audit.cosigned.time}"
    ]
    lines += [f"  entry {one.index} has no effect: {one.sentence}" for one in found.refused]
    show(facts, as_json=as_json, lines=lines)


@ledger.command("backup")
@click.argument("file", type=NEW_FILE)
@json_option
def backup_command(file: Path, as_json: bool) -> None:
    """Copy the log as it is now to FILE; the copy is audited before it gets its name."""
    with workspace() as work:
        size = back_up(work, file).cosigned.checkpoint.size
    show({"file": str(file), "size": size}, as_json=as_json, lines=[f"{file}: {size} entries"])


@ledger.command("restore")
@click.argument("file", type=EXISTING)
@click.option(
    "--reason", type=WORDS, required=True, help="What happened; it is signed onto the log."
)
@json_option
def restore_command(file: Path, reason: str, as_json: bool) -> None:
    """Put the backup FILE in the place of a damaged log, and admit on the log what was lost."""
    chosen = click.get_current_context().find_root().params.get("folder")
    done = restore_log(
        Path(chosen) if chosen else Path.cwd(),
        file,
        reason,
        home=user_folder(os.environ),
        passphrase=passphrase("the root"),
    )
    lost = done.restored.lost
    words = f"{lost.size} entries were known; the loss is on the log" if lost else "nothing is lost"
    show(
        {"size": done.restored.checkpoint.size, "lost_size": lost.size if lost else None},
        as_json=as_json,
        lines=[f"restored {done.restored.checkpoint.size} entries; {words}"],
    )
