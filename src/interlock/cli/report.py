"""The command that writes everything down for people without a terminal."""

from pathlib import Path

import click

from interlock.app import report
from interlock.cli.doors import json_option, show, workspace


@click.command("report")
@click.argument("out", metavar="OUT_DIR", type=click.Path(path_type=Path))
@json_option
def report_command(out: Path, as_json: bool) -> None:
    """Write the whole workspace as a static site into OUT_DIR, to be read without a network.

    Releases and what stands now, hypotheses, assessments, systems, traces,
    people, figures of the practice and the whole ledger. An earlier report in
    OUT_DIR is replaced; any other folder that is not empty is left alone.
    Prompts, completions and engagement figures are never part of it.

    \b
    Example:
        interlock report site
    """
    with workspace() as work:
        done = report(work, out, tell=lambda line: click.echo(line, err=True))
    index = out / "index.html"
    facts = {"folder": str(out), "index": str(index), "pages": done.pages, "size": done.size}
    show(
        facts | {"time": done.time},
        as_json=as_json,
        lines=[f"{index}: {done.pages} pages, as of checkpoint {done.size}, {done.time}"],
    )
