"""Commands from the hypothesis to its verdict."""

import json
import math
from pathlib import Path

import click
from rich.console import Console

from interlock.app import (
    Assumed,
    Sample,
    drawn_items,
    judge_seal,
    plan_hypothesis,
    record_run,
    seal_hypothesis,
)
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
from interlock.gate import Plan, Truth, overall
from interlock.ledger import content


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


_ASSUME = click.option(
    "--assume",
    "truths",
    type=Assumption(),
    multiple=True,
    help="What would be true of a metric: rates or means before and after, and for scores "
    "the standard deviation of a cluster's change.",
)


@click.group()
def hypothesis() -> None:
    """Plan a hypothesis, seal it, draw its items."""


@hypothesis.command("plan")
@click.argument("file", type=EXISTING)
@_ASSUME
@click.option("--clusters", type=click.IntRange(min=1), required=True)
@json_option
def plan_command(
    file: Path, truths: tuple[tuple[str, Truth], ...], clusters: int, as_json: bool
) -> None:
    """Ask how likely the hypothesis in FILE would pass if it were true.

    Nothing is sealed. The level is the one its next attempt would have: every
    earlier seal of the same claim has spent part of it.

    \b
    Example:
        interlock hypothesis plan hypotheses/guard.yaml --clusters 200 \\
          --assume harm=0.60:0.10 --assume helpfulness=9.8:9.0:3.0
    """
    with workspace() as work:
        made = plan_hypothesis(work, file, Assumed(truths=dict(truths), clusters=clusters))
    show(_planned(made), as_json=as_json, lines=_plan_lines(made))


def _planned(made: Plan) -> dict[str, object]:
    criteria = [
        {"criterion": one.label, "alpha": one.alpha, "power": one.power} for one in made.criteria
    ]
    return {
        "clusters": made.clusters,
        "power": made.power,
        "needed": made.needed,
        "enough": made.enough,
        "criteria": criteria,
    }


def _plan_lines(made: Plan) -> list[str]:
    lines = [f"{one.power:7.1%}  {one.label} (alpha {one.alpha:.4g})" for one in made.criteria]
    enough = "more than a million" if made.enough is None else str(made.enough)
    return [
        *lines,
        f"{made.power:7.1%}  all of them, with {made.clusters} clusters a criterion",
        f"{made.needed:.0%} takes {enough} clusters",
    ]


@hypothesis.command("seal")
@click.argument("file", type=EXISTING)
@_ASSUME
@click.option("--clusters", type=click.IntRange(min=1), help="Clusters each criterion will see.")
@click.option("--bank", type=EXISTING, help="Items and their metrics, to draw from.")
@click.option("--sample", type=click.IntRange(min=1), help="How many items to draw.")
@as_option
@json_option
def seal_command(
    file: Path,
    truths: tuple[tuple[str, Truth], ...],
    clusters: int | None,
    bank: Path | None,
    sample: int | None,
    person: str,
    as_json: bool,
) -> None:
    """Fix the hypothesis in FILE before its evidence counts.

    A confirmatory hypothesis needs its plan (--assume, --clusters) and is
    refused if it would hardly pass even when true. A prospective one needs
    --bank and --sample; its items are drawn once it is sealed.

    \b
    Example:
        interlock hypothesis seal hypotheses/guard.yaml --as paula --clusters 200 \\
          --assume harm=0.60:0.10 --assume helpfulness=9.8:9.0:3.0
    """
    if (bank is None) != (sample is None):
        raise click.UsageError("--bank and --sample go together")
    if bool(truths) != (clusters is not None):
        raise click.UsageError("--assume and --clusters go together")
    with workspace() as work:
        done = seal_hypothesis(
            work,
            file,
            signer=signer(work, person),
            assumed=Assumed(truths=dict(truths), clusters=clusters) if clusters else None,
            sample=Sample(bank=bank, size=sample) if bank and sample else None,
        )
    show_act(done, "seal", as_json=as_json)


@hypothesis.command("draw")
@click.argument("seal")
@json_option
def draw_command(seal: str, as_json: bool) -> None:
    """Print the items that a prospective SEAL's evidence must consist of, in their order.

    Behind each item stand the metrics to be measured on it, after tabs.
    """
    with workspace() as work:
        items = drawn_items(work, seal)
    show(
        {"items": [{"item": each.item, "metrics": list(each.metrics)} for each in items]},
        as_json=as_json,
        lines=["\t".join((each.item, *each.metrics)) for each in items],
    )


@click.command("import")
@click.argument("file", type=EXISTING)
@click.option("--seal", required=True, metavar="ID", help="The seal it is evidence for.")
@click.option("--system", required=True, metavar="NAME", help="Baseline or candidate of the seal.")
@as_option
@json_option
def import_command(file: Path, seal: str, system: str, person: str, as_json: bool) -> None:
    """Record the results in FILE (CSV, JSONL or Parquet) as evidence under a seal.

    Only item, metric and value are required. Prompts and completions are kept
    apart from the evidence, so that it can be shared without them.

    \b
    Example:
        interlock import before.csv --seal 3fa9c1 --system baseline --as paula
    """
    with workspace() as work:
        done = record_run(work, file, seal, system=system, signer=signer(work, person))
    counts = done.counts
    show(
        {
            "run": done.run.identity,
            "evidence": done.evidence,
            "basis": done.basis,
            "expected": counts.expected,
            "observed": counts.observed,
            "unscored": counts.unscored,
            "errored": counts.errored,
        },
        as_json=as_json,
        lines=[
            f"run {done.run.identity} ({done.basis}), evidence {done.evidence}",
            f"{counts.expected} rows: {counts.observed} scored, {counts.unscored} unscored, "
            f"{counts.errored} errored; every gap counts against passing",
        ],
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
