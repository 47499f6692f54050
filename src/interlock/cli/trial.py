"""Commands that run a plan on systems: look at it, try it, run it under a seal."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from interlock.app.trials import Preview, Ran, plan_trial, run_trial, trial_status, try_trial
from interlock.cli.doors import EXIT, as_option, json_option, show, signer, workspace
from interlock.cli.inputs import EXISTING, NEW_FILE
from interlock.cli.waiting import waiting

_STANDING = {"recorded": 0, "labels": EXIT["undecided"], "budget": EXIT["undecided"]}


@click.group()
def trial() -> None:
    """Run suites of cases on systems, and record what comes back."""


@trial.command("plan")
@click.argument("file", type=EXISTING)
@json_option
def plan_command(file: Path, as_json: bool) -> None:
    """Show what the plan in FILE would run and about what it would cost; nothing is called.

    \b
    Example:
        interlock trial plan trials/guard.yaml
    """
    with workspace() as work:
        made = plan_trial(work, file)
    show(asdict(made), as_json=as_json, lines=_plan_lines(made))


def _plan_lines(made: Preview) -> list[str]:
    width = max((len(f"{name} = {value}") for name, value, *_ in made.slices), default=0)
    return [
        f"{made.trial}: {made.cases} cases of {made.clusters} clusters, "
        f"{made.epochs} times each, on {', '.join(made.systems) or 'no system: name targets'}",
        f"{made.calls} calls, about {made.tokens} tokens, were every cluster drawn",
        *(f"{metric} is scored by {judge}" for metric, judge in made.judges.items()),
        *_left_out(made.left_out),
        *(
            f"{f'{name} = {value}':{width}}  {cases:6} cases  {clusters:6} clusters"
            for name, value, cases, clusters in made.slices
        ),
    ]


def _left_out(cases: int) -> list[str]:
    told = f"{cases} cases say not what is to be found in the answer (expects): left out there"
    return [told] if cases else []


@trial.command("run")
@click.argument("file", type=EXISTING)
@click.option("--seal", "seal", required=True, help="The seal whose cases are run.")
@as_option
@json_option
def run_command(file: Path, seal: str, person: str, as_json: bool) -> None:
    """Run the cases that a seal drew on its systems, as the plan in FILE says, and record them.

    Whatever stops it, run the same command again: no answer is paid for twice.
    A sequential seal ends the run as soon as every candidate is decided.

    Exits 0 once the evidence is recorded, 3 while it waits for people's labels
    or for a larger budget, 4 where the plan is not what was sealed, and 5 where
    a system or a judge gives no answers.

    \b
    Example:
        interlock trial run trials/guard.yaml --seal 3fa9c1 --as paula
    """
    with workspace() as work:
        key = signer(work, person)
        with waiting() as waits:
            ran = run_trial(work, file, seal, signer=key, told=waits.running("cells"))
    show(_ran(ran), as_json=as_json, lines=_ran_lines(ran, seal))
    raise SystemExit(_STANDING[ran.standing])


def _ran(ran: Ran) -> dict[str, Any]:
    return {
        "standing": ran.standing,
        "finish": ran.finish,
        "clusters": ran.clusters,
        "cap": ran.cap,
        "reason": ran.reason,
        "labels": ran.labels,
        "totals": asdict(ran.totals),
        "runs": [
            {
                "system": name,
                "run": one.run.identity,
                "evidence": one.evidence,
                "counts": asdict(one.counts),
            }
            for name, one in ran.recorded
        ],
    }


def _ran_lines(ran: Ran, seal: str) -> list[str]:
    totals = ran.totals
    lines = [
        f"{ran.reason}",
        f"{totals.calls} calls, {totals.answered} answered, {totals.failed} failed, "
        f"{totals.tokens} tokens",
    ]
    if totals.open:
        lines.append(f"{totals.open} calls were cut off before they ended; they may be paid for")
    if ran.standing == "labels":
        lines.append(
            f"{ran.labels} answers wait for people: `interlock label {seal} --as NAME`; run this "
            "command again when they are in"
        )
    if ran.standing == "budget":
        lines.append("nothing is recorded yet; raise the plan's budget and run this command again")
    return [
        *lines,
        *(
            f"{name}: {one.counts.expected} rows, {one.counts.observed} scored, "
            f"{one.counts.unscored} unscored, {one.counts.errored} errors; "
            f"run {one.run.identity} is on the log"
            for name, one in ran.recorded
        ),
    ]


@trial.command("status")
@click.argument("seal")
@json_option
def status_command(seal: str, as_json: bool) -> None:
    """Show how far the trial of SEAL is, also while it runs.

    \b
    Example:
        interlock trial status 3fa9c1
    """
    with workspace() as work:
        found = trial_status(work, seal)
    totals = found.totals
    show(
        asdict(found),
        as_json=as_json,
        lines=[
            f"{totals.calls} calls: {totals.answered} answered, {totals.failed} failed, "
            f"{totals.open} under way or cut off",
            f"{totals.tokens} tokens, {totals.rulings} rulings of judges",
            f"labels that are open: {found.labels}",
            found.reason or "it has not come to its end",
            f"recorded: {', '.join(found.recorded) or 'nothing'}",
        ],
    )


@trial.command("try")
@click.argument("file", type=EXISTING)
@click.option("--system", required=True, help="The system to try it on.")
@click.option("--out", type=NEW_FILE, required=True, help="The table to write (.jsonl).")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many cases.")
@json_option
def try_command(file: Path, *, system: str, out: Path, limit: int | None, as_json: bool) -> None:
    """Run the plan in FILE on one system without a seal, and write the rows to a file.

    Its rows are for your own eyes: under a prospective seal they are no evidence.

    \b
    Example:
        interlock trial try trials/guard.yaml --system guarded --out rows.jsonl --limit 20
    """
    with workspace() as work, waiting() as waits:
        told = waits.running("cells")
        done = try_trial(work, file, out, system=system, limit=limit, told=told)
    show(
        {
            "out": str(out),
            "rows": done.rows,
            "finish": done.finished.finish,
            "totals": asdict(done.totals),
        },
        as_json=as_json,
        lines=[f"{done.rows} rows are in {out}; {done.totals.calls} calls were made"],
    )
