"""`interlock demo`: the whole line on real labels, in a folder of its own."""

import json
import tempfile
from pathlib import Path
from typing import NoReturn

import click

from interlock.app import Watching, demo, try_suites
from interlock.cli.doors import json_option
from interlock.cli.waiting import waiting


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to leave workspace, page and bundle in; by default a temporary one.",
)
@click.option(
    "--suites",
    "standard",
    is_flag=True,
    help="Instead, try all standard suites on the small model: the better part of an hour. "
    "Given again with the same folder it goes on where it stopped.",
)
@json_option
def demo_command(keep: Path | None, *, standard: bool, as_json: bool) -> None:
    """Take one real decision from recorded results to a bundle a stranger can verify.

    XSTest's human labels of two arms are judged under two rubrics; a panel of
    three questions and decides; the bundle is verified; a hold stops it, and
    three forgeries that would hide the hold are refused. Sealed engagement
    figures are opened, the assessment is shown with fields withheld, and a
    team's log is served and witnessed by processes of their own. Last, a small
    language model is served on this machine and tried under a seal, in two arms.
    Exits 0 only if all of that came out as it should.

    \b
    Examples:
        interlock demo
        interlock demo --keep demo-files --json
        interlock demo --suites --keep standard-suites
    """
    if standard:
        _try_all(keep, as_json=as_json)
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise click.UsageError(f"{keep} is not empty; name a folder that is, or does not exist")
    folder = keep or Path(tempfile.mkdtemp(prefix="interlock-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    found = demo(folder, tell=(lambda _: None) if as_json else click.echo)
    ok = all(stage["ok"] for stage in found.values())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(f"\nRead it as counsel would: {found['decision']['files']['page']}")
        click.echo(f"or the whole workspace: {found['report']['files']['index']}")
        click.echo("all as it should be" if ok else "SOMETHING IS WRONG: see above")
    raise SystemExit(0 if ok else 1)


def _try_all(keep: Path | None, *, as_json: bool) -> NoReturn:
    """Try the standard suites on the small model, or go on with it."""
    if keep is None:
        raise click.UsageError("--suites needs --keep FOLDER, so that it can go on if it is ended")
    keep.mkdir(parents=True, exist_ok=True)
    with waiting() as waits:
        tell = (lambda _: None) if as_json else click.echo
        found = try_suites(keep, "standard", Watching(tell=tell, told=waits.running("cells")))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(
            f"\nThe workspace is {keep / 'trials'}; try `interlock trace {found['verdict']}`"
        )
    raise SystemExit(0 if found["ok"] else 1)
