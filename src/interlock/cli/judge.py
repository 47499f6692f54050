"""Commands about judges: what they are worth against people, and rates corrected for it."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from interlock.adapters.files import replace
from interlock.adapters.judges import LabelColumns
from interlock.app.judging import list_judges, rate_judged, show_judge, validate_judge
from interlock.cli.doors import json_option, nearest_workspace, on_screen, show, workspace
from interlock.cli.inputs import EXISTING, NEW_FILE, WORDS
from interlock.ledger import content, digest
from interlock.measure import Estimate
from interlock.review.pictures import (
    CurvePoint,
    curve_plot,
)
from interlock.trial.judges import Confusion, JudgeValidation, ReliabilityBin

_BAR = 20


@click.group()
def judge() -> None:
    """Hold judges against people, and correct rates for what judges miss."""


@judge.command("validate")
@click.argument("file", type=EXISTING)
@click.option("--judge", "judged", required=True, metavar="COLUMN", help="The judge's labels.")
@click.option("--human", required=True, metavar="COLUMN", help="People's labels.")
@click.option("--arm", default="", metavar="COLUMN", help="The arm or group of each row.")
@click.option("--cluster", default="", metavar="COLUMN", help="What rows that depend share.")
@click.option("--chance", default="", metavar="COLUMN", help="The chance that the judge gave.")
@click.option("--yes", multiple=True, metavar="LABEL", help="A label that means yes; repeat it.")
@click.option("--identity", type=WORDS, default=None, help="The judge, as its plan names it.")
@click.option("--metric", default="harm", show_default=True, help="What both were asked.")
@click.option("--svg", type=NEW_FILE, default=None, help="Where the reliability curve is drawn.")
@json_option
def judge_validate_command(
    file: Path,
    judged: str,
    human: str,
    arm: str,
    cluster: str,
    chance: str,
    yes: tuple[str, ...],
    identity: str | None,
    metric: str,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Compare a judge's labels with people's in FILE, row by row.

    FILE is CSV or JSON lines with any columns. Labels are 1 and 0, yes and no,
    or any words of which --yes names those that mean yes. What the judge said
    and nobody can read counts as a label of its own. Prints the confusion
    matrix, kappa with its interval over clusters, sensitivity and specificity
    with exact intervals, for all rows and per arm, and keeps the record in the
    workspace if there is one.

    \b
    Example:
        interlock judge validate labels.csv --judge model --human people --arm arm
        interlock judge validate xstest.csv --judge gpt4 --human final \\
          --yes 1_full_compliance --chance p --svg curve.svg
    """
    columns = LabelColumns(
        judge=judged, human=human, arm=arm, cluster=cluster, chance=chance, yes=yes
    )
    with nearest_workspace() as work:
        found = validate_judge(file, columns, identity=identity or "", metric=metric, work=work)
    if svg is not None:
        if not found.reliability:
            raise click.UsageError("a curve needs the judge's chances: name them with --chance")
        replace(svg, _curve(found).encode())
    _print(found, digest(found), as_json=as_json)


@judge.command("list")
@json_option
def judge_list_command(as_json: bool) -> None:
    """List the built-in judges, and what the workspace knows of others.

    \b
    Example:
        interlock judge list
    """
    with nearest_workspace() as work:
        found = list_judges(work)
    lines = [*found.built_in]
    for one in found.kept:
        kappa = one.found.all.kappa
        agreement = "no kappa" if kappa is None else f"kappa {_figures(kappa)}"
        lines.append(
            f"{one.digest[:12]} {one.found.judge} on {one.found.metric}, n {one.found.n}: "
            f"{agreement}"
        )
    kept = [{"digest": one.digest, **content(one.found)} for one in found.kept]
    show({"built_in": list(found.built_in), "validations": kept}, as_json=as_json, lines=lines)


@judge.command("show")
@click.argument("name")
@json_option
def judge_show_command(name: str, as_json: bool) -> None:
    """Print the validation NAME: six digits of its digest or more, or the judge's identity.

    \b
    Example:
        interlock judge show 3fa9c1
    """
    with workspace() as work:
        found = show_judge(work, name)
    _print(found.found, found.digest, as_json=as_json)


@judge.command("rate")
@click.argument("file", type=EXISTING)
@click.option("--judge", "judged", required=True, metavar="COLUMN", help="The judge's labels.")
@click.option("--human", required=True, metavar="COLUMN", help="People's; empty where none.")
@click.option("--arm", default="", metavar="COLUMN", help="The arm or group of each row.")
@click.option("--yes", multiple=True, metavar="LABEL", help="A label that means yes; repeat it.")
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.90,
    show_default=True,
    help="Two-sided coverage of the intervals.",
)
@json_option
def judge_rate_command(
    file: Path,
    judged: str,
    human: str,
    arm: str,
    yes: tuple[str, ...],
    confidence: float,
    as_json: bool,
) -> None:
    """Print how often it happened in FILE by the judge alone, and corrected by people's labels.

    People label every row that the judge flagged and some, drawn by chance, of
    the others. The two-phase bound holds whatever the judge is worth; PPI++ and
    Rogan-Gladen stand beside it and decide nothing. Rows are independent.

    \b
    Example:
        interlock judge rate rows.csv --judge model --human people --arm arm
    """
    columns = LabelColumns(judge=judged, human=human, arm=arm, yes=yes)
    rates = rate_judged(file, columns, confidence=confidence)
    lines = [line for one in rates for line in _rate_lines(asdict(one))]
    show({"arms": [asdict(one) for one in rates]}, as_json=as_json, lines=lines)


def _curve(found: JudgeValidation) -> str:
    points = [
        CurvePoint(said=one.said, happened=one.happened, n=one.n) for one in found.reliability
    ]
    return curve_plot(points, title=f"Reliability of {found.judge} on {found.metric}")


def _print(found: JudgeValidation, name: str, *, as_json: bool) -> None:
    if as_json:
        show({"digest": name, **content(found)}, as_json=True, lines=[])
        return
    console = Console()
    click.echo(on_screen(f"{found.judge} on {found.metric}: {name}"))
    click.echo(on_screen(f"{found.n} labelled rows of {found.source}, {found.unlabelled} others"))
    for group in found.groups:
        click.echo(on_screen(f"\n{group.group or 'all rows'}"))
        console.print(_matrix(group.confusion))
        for title, estimate in (
            ("kappa", group.kappa),
            ("sensitivity", group.sensitivity),
            ("specificity", group.specificity),
        ):
            told = "not estimable" if estimate is None else _figures(estimate)
            click.echo(f"{title:12} {told}")
    if found.reliability:
        click.echo("\nreliability: chance given, share flagged by people")
    for one in found.reliability:
        click.echo(_bin(one))
    if found.calibration is not None:
        click.echo(f"expected calibration error {_figures(found.calibration)}")


def _matrix(counts: Confusion) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("people \\ judge")
    for name in ("yes", "no", "unreadable"):
        table.add_column(name, justify="right")
    table.add_row("yes", *map(str, (counts.tp, counts.fn, counts.unparsable_yes)))
    table.add_row("no", *map(str, (counts.fp, counts.tn, counts.unparsable_no)))
    return table


def _bin(one: ReliabilityBin) -> str:
    cells = ["."] * (_BAR + 1)
    cells[round(one.said * _BAR)] = "|"
    cells[round(one.happened.value * _BAR)] = "*"
    return (
        f"{one.said:6.3f} {one.happened.value:6.3f}  {''.join(cells)}  n {one.n}"
        f"  ({one.happened.low:.3f}, {one.happened.high:.3f})"
    )


def _rate_lines(one: dict[str, Any]) -> Iterator[str]:
    arm = f"{one['arm']}: " if one["arm"] else ""
    yield (
        f"{arm}{one['rows']} rows, {one['flagged']} flagged or unreadable, "
        f"{one['labelled']} labelled by people"
    )
    for key, title in (
        ("judge_alone", "judge alone"),
        ("corrected", "two-phase bound"),
        ("ppi", "PPI++"),
        ("rogan_gladen", "Rogan-Gladen"),
    ):
        told = one[key]
        if told is None:
            yield f"  {title:16} none: {one['reasons'][key]}"
        else:
            yield f"  {title:16} {_figures(Estimate(**told))}"


def _figures(estimate: Estimate) -> str:
    low = "-inf" if estimate.low is None else f"{estimate.low:.4f}"
    high = "inf" if estimate.high is None else f"{estimate.high:.4f}"
    return f"{estimate.value:.4f} ({low}, {high}) at {estimate.confidence:.0%}"
