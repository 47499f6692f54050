"""`interlock compare`: two files of results and a short hypothesis, judged in one step."""

import json
from pathlib import Path

import click
from rich.console import Console

from interlock.app import compare, comparison
from interlock.cli.doors import EXIT, json_option
from interlock.cli.inputs import EXISTING
from interlock.cli.judgement import drawn

_EXAMPLES = """\b
A hypothesis:
    hypothesis: guard-prompt
    gain:    {metric: harm, cut: 0.40}
    guards:
      - {metric: helpfulness, margin: 2.0, range: [0, 10]}
    limits:
      - {metric: harm, below: 0.10}

\b
Examples:
    interlock compare before.csv after.csv --hypothesis guard.yaml
    interlock compare before.parquet after.jsonl --hypothesis guard.yaml --json
"""


@click.command("compare", epilog=_EXAMPLES)
@click.argument("before", type=EXISTING)
@click.argument("after", type=EXISTING)
@click.option("--hypothesis", type=EXISTING, required=True, help="What is claimed (YAML).")
@json_option
def compare_command(before: Path, after: Path, *, hypothesis: Path, as_json: bool) -> None:
    """Judge the candidate's results AFTER against the baseline's BEFORE.

    BEFORE and AFTER are CSV, JSONL or Parquet with the columns item, metric and
    value; cluster, epoch, status and slice.NAME are optional. Rows are paired by
    metric, item and epoch. A row that one file lacks, or that has no score,
    counts against passing.

    Nothing is sealed here: the answer says nothing about when the bar was set.
    To decide a release, seal the hypothesis in a workspace.

    Exits 0 if every criterion passed, 1 if one failed, 3 if the evidence is too
    thin, 4 if a file is refused.
    """
    judgement = compare(before, after, hypothesis)
    if as_json:
        click.echo(json.dumps(comparison(judgement)))
    else:
        console = Console()
        console.print(drawn(judgement, console))
        console.print(
            "Not sealed: nothing here says when the bar was set, or how often it was tried."
        )
    raise SystemExit(EXIT[judgement.outcome])
