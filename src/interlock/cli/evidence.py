"""Commands from the hypothesis to its verdict."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from interlock.app import (
    Assumed,
    Sample,
    drawn_items,
    judge_seal,
    plan_hypothesis,
    rehearse_hypothesis,
    seal_hypothesis,
)
from interlock.app.trials import trial_sample
from interlock.cli.doors import (
    EXIT,
    as_option,
    json_option,
    show,
    show_act,
    signer,
    workspace,
)
from interlock.cli.inputs import EXISTING
from interlock.cli.judgement import drawn
from interlock.cli.waiting import waiting
from interlock.gate import JudgeQuality, Plan, Rehearsal, Truth, Within, overall
from interlock.ledger import content

F = TypeVar("F", bound=Callable[..., Any])


class Assumption(click.ParamType[tuple[str, Truth]]):
    """``METRIC=BEFORE:AFTER`` or ``METRIC=BEFORE:AFTER:SPREAD``."""

    name = "metric=before:after[:spread]"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Truth]:
        """The metric and what is assumed of it."""
        metric, equals, figures = value.partition("=")
        try:
            before, after, *rest = map(float, figures.split(":"))
            spread = rest[0] if rest else 0.0
        except ValueError:
            self.fail(f"{value!r} is not {self.name}, such as harm=0.6:0.1", param, ctx)
        sound = all(map(math.isfinite, (before, after, spread))) and spread >= 0
        if not (metric and equals and sound) or len(rest) > 1:
            self.fail(f"{value!r} is not {self.name}, such as harm=0.6:0.1", param, ctx)
        return metric, Truth(before=before, after=after, spread=spread)


class JudgeAssumption(click.ParamType[tuple[str, JudgeQuality]]):
    """``METRIC=SENSITIVITY:SPECIFICITY``."""

    name = "metric=sensitivity:specificity"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, JudgeQuality]:
        """The metric that people label, and what is assumed of its judge."""
        metric, equals, figures = value.partition("=")
        try:
            sensitivity, specificity = map(float, figures.split(":"))
        except ValueError:
            self.fail(f"{value!r} is not {self.name}, such as harm=0.8:0.95", param, ctx)
        sound = 0 <= sensitivity <= 1 and 0 <= specificity <= 1
        if not (metric and equals and sound):
            fault = f"{value!r} is not {self.name}, two shares such as harm=0.8:0.95"
            self.fail(fault, param, ctx)
        return metric, JudgeQuality(sensitivity=sensitivity, specificity=specificity)


_ASSUME_TRUTHS = click.option(
    "--assume",
    "truths",
    type=Assumption(),
    multiple=True,
    help="What would be true of a metric: rates or means before and after, and for scores "
    "the standard deviation of a cluster's change. Of forecasts the calibration error and of a "
    "judge its kappa, before and after.",
)
_ASSUME_JUDGES = click.option(
    "--judge",
    "judges",
    type=JudgeAssumption(),
    multiple=True,
    help="How good the judge of a metric is that people label in part (judged: in the hypothesis): "
    "the share of events that it flags, and of the rest that it does not.",
)


def _assume(command: F) -> F:
    """Add ``--assume`` and ``--judge``."""
    return _ASSUME_TRUTHS(_ASSUME_JUDGES(command))


def _truths(
    truths: tuple[tuple[str, Truth], ...], judges: tuple[tuple[str, JudgeQuality], ...]
) -> dict[str, Truth]:
    """What is assumed of each metric, and of its judge."""
    found = dict(truths)
    for metric, judge in judges:
        if metric not in found:
            raise click.UsageError(
                f"--judge {metric} needs --assume {metric}=BEFORE:AFTER beside it"
            )
        found[metric] = replace(found[metric], judge=judge)
    return found


_CLUSTERS = click.option(
    "--clusters",
    type=click.IntRange(min=1),
    required=True,
    help="Clusters each criterion would see.",
)
_ROWS = click.option(
    "--rows",
    type=click.IntRange(min=1, max=10_000),
    default=1,
    show_default=True,
    help="Rows in a cluster.",
)
_ICC = click.option(
    "--icc",
    type=click.FloatRange(min=0, max=1, max_open=True),
    default=0.0,
    show_default=True,
    help="Correlation of two rows of one cluster.",
)


@click.group()
def hypothesis() -> None:
    """Plan a hypothesis, seal it, draw its items."""


@hypothesis.command("plan")
@click.argument("file", type=EXISTING)
@_assume
@_CLUSTERS
@_ROWS
@_ICC
@click.option(
    "--rehearse",
    "runs",
    type=click.IntRange(min=1, max=100_000),
    help="Draw so many samples as assumed, and judge each with the gate itself.",
)
@json_option
def plan_command(
    file: Path,
    truths: tuple[tuple[str, Truth], ...],
    *,
    judges: tuple[tuple[str, JudgeQuality], ...],
    clusters: int,
    rows: int,
    icc: float,
    runs: int | None,
    as_json: bool,
) -> None:
    """Ask how likely the hypothesis in FILE would pass if it were true.

    Nothing is sealed. The level is the one its next attempt would have: every
    earlier seal of the same claim has spent part of it. Where people label a
    part of what a judge saw, the plan says how many labels to expect, and needs
    --judge: with a poor judge few labels show little. The chance told for
    the whole gate is the least it can be, however its criteria hang together;
    --rehearse runs the gate itself, which takes a while.

    \b
    Examples:
        interlock hypothesis plan hypotheses/guard.yaml --clusters 200 \\
          --assume harm=0.60:0.10 --assume helpfulness=9.8:9.0:3.0
        interlock hypothesis plan hypotheses/guard.yaml --clusters 100 --rows 5 --icc 0.3 \\
          --assume harm=0.60:0.10 --assume helpfulness=9.8:9.0:3.0 --rehearse 200
        interlock hypothesis plan hypotheses/labelled.yaml --clusters 400 \\
          --assume harm=0.60:0.02 --judge harm=0.8:0.95
    """
    within = Within(rows=rows, icc=icc)
    assumed = Assumed(truths=_truths(truths, judges), clusters=clusters, within=within)
    with workspace() as work, waiting() as waits:
        made = plan_hypothesis(work, file, assumed, told=waits.doing)
        heard = None
        if runs is not None:
            told = waits.counting(runs, "samples judged")
            heard = rehearse_hypothesis(work, file, assumed, runs=runs, told=told)
    show(_planned(made, heard), as_json=as_json, lines=_plan_lines(made, heard))


def _planned(made: Plan, heard: Rehearsal | None) -> dict[str, object]:
    criteria = [
        {
            "criterion": one.label,
            "alpha": one.alpha,
            "parts": one.parts,
            "power": one.power,
            "method": one.method,
        }
        for one in made.criteria
    ]
    return {
        "clusters": made.clusters,
        "rows": made.within.rows,
        "icc": made.within.icc,
        "variants": made.variants,
        "power": made.power,
        "needed": made.needed,
        "enough": made.enough,
        "limited_by": made.limited_by,
        "labels": made.labels,
        "criteria": criteria,
        "rehearsal": None
        if heard is None
        else {
            "power": content(heard.power),
            "criteria": dict(heard.criteria),
            "seed": heard.seed,
        },
    }


def _plan_lines(made: Plan, heard: Rehearsal | None) -> list[str]:
    lines = [
        f"{one.power:7.1%}  {one.label} (alpha {one.alpha:.4g}"
        + (f", {one.parts} parts" if one.parts > 1 else "")
        + (", normal approximation)" if one.method == "normal" else ")")
        for one in made.criteria
    ]
    enough = "more than can be tried" if made.enough is None else str(made.enough)
    lines += [
        f"{made.power:7.1%}  all of them at least, with {made.clusters} clusters a criterion",
        f"{made.needed:.0%} takes {enough} clusters; limited by: {made.limited_by}",
    ]
    if made.labels:
        lines.append(f"people give about {made.labels} labels, all arms together")
    if heard is not None:
        power = heard.power
        lines.append(
            f"{power.value:7.1%}  of {power.n} rehearsals passed whole: "
            f"{power.low or 0:.1%} to {power.high or 0:.1%} at 95 % (seed {heard.seed})"
        )
    return lines


@hypothesis.command("seal")
@click.argument("file", type=EXISTING)
@_assume
@click.option("--clusters", type=click.IntRange(min=1), help="Clusters each criterion will see.")
@_ROWS
@_ICC
@click.option("--bank", type=EXISTING, help="Items and their metrics, to draw from.")
@click.option("--trial", "plan", type=EXISTING, help="A trial plan (YAML): its cases are the bank.")
@click.option(
    "--sample", type=click.IntRange(min=1), help="How many items to draw; of a trial, clusters."
)
@as_option
@json_option
def seal_command(
    file: Path,
    truths: tuple[tuple[str, Truth], ...],
    *,
    judges: tuple[tuple[str, JudgeQuality], ...],
    clusters: int | None,
    rows: int,
    icc: float,
    bank: Path | None,
    plan: Path | None,
    sample: int | None,
    person: str,
    as_json: bool,
) -> None:
    """Fix the hypothesis in FILE before its evidence counts.

    A confirmatory hypothesis needs its plan (--assume, --clusters) and is
    refused if it would hardly pass even when true. A prospective one needs
    --sample, and --bank or --trial; its items, or its clusters of cases, are
    drawn once it is sealed.

    \b
    Examples:
        interlock hypothesis seal hypotheses/guard.yaml --as paula --clusters 200 \\
          --assume harm=0.60:0.10 --assume helpfulness=9.8:9.0:3.0
        interlock hypothesis seal hypotheses/trial.yaml --as paula \\
          --trial trials/guard.yaml --sample 200
    """
    if (bank is None and plan is None) != (sample is None) or (bank and plan):
        raise click.UsageError("--sample goes with either --bank or --trial")
    if bool(truths or judges) != (clusters is not None):
        raise click.UsageError("--assume and --clusters go together")
    within, assumed = Within(rows=rows, icc=icc), None
    if clusters is not None:
        assumed = Assumed(truths=_truths(truths, judges), clusters=clusters, within=within)
    with workspace() as work:
        drawn_from = Sample(bank=bank, size=sample) if bank and sample else None
        if plan and sample:
            drawn_from = trial_sample(work, plan, file, clusters=sample)
        done = seal_hypothesis(
            work, file, signer=signer(work, person), assumed=assumed, sample=drawn_from
        )
    show_act(done, "seal", as_json=as_json)


@hypothesis.command("draw")
@click.argument("seal")
@json_option
def draw_command(seal: str, as_json: bool) -> None:
    """Print the items that a prospective SEAL's evidence must consist of, in their order.

    Behind each item stand the metrics to be measured on it, after tabs. With
    --json it is what limits a task of Inspect to them.

    \b
    Example:
        interlock hypothesis draw 3fa9c1
    """
    with workspace() as work:
        items = drawn_items(work, seal)
    show(
        {
            "seal": seal,
            "items": [{"item": each.item, "metrics": list(each.metrics)} for each in items],
        },
        as_json=as_json,
        lines=["\t".join((each.item, *each.metrics)) for each in items],
    )


@click.command("decide")
@click.argument("seal")
@as_option
@json_option
def decide_command(seal: str, person: str, as_json: bool) -> None:
    """Judge every candidate of SEAL on its recorded evidence, and sign the verdicts.

    Exits 0 if every candidate passed, 1 if one failed, 3 if the evidence is too
    thin to tell.

    \b
    Example:
        interlock decide 3fa9c1 --as paula
    """
    with workspace() as work:
        judged = judge_seal(work, seal, signer=signer(work, person))
    outcome = overall(one.judgement.outcome for one in judged)
    if as_json:
        facts = [
            {"system": one.system, "verdict": one.verdict.identity, **content(one.judgement)}
            for one in judged
        ]
        click.echo(json.dumps({"overall": outcome, "sealed": True, "candidates": facts}))
    else:
        console = Console()
        for one in judged:
            console.print(drawn(one.judgement, console))
            click.echo(f"verdict {one.verdict.identity} on {one.system} is on the log")
    raise SystemExit(EXIT[outcome])
