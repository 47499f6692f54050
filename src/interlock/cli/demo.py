"""`interlock demo`: the whole line on real labels, in a folder of its own."""

import json
import tempfile
from pathlib import Path

import click

from interlock.app import demo
from interlock.cli.doors import json_option


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to leave workspace, page and bundle in; by default a temporary one.",
)
@json_option
def demo_command(keep: Path | None, as_json: bool) -> None:
    """Take one real decision from recorded results to a bundle a stranger can verify.

    XSTest's human labels of two arms are judged under two rubrics; a panel of
    three questions and decides; the bundle is verified; a hold stops it, and
    three forgeries that would hide the hold are refused. Sealed engagement
    figures are opened, the assessment is shown with fields withheld, and a
    team's log is served and witnessed by processes of their own. Exits 0 only if
    all of that came out as it should.

    \b
    Examples:
        interlock demo
        interlock demo --keep demo-files --json
    """
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
