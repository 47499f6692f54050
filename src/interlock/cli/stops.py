"""Commands that stop a release, and the one that goes back to an earlier one."""

from pathlib import Path

import click

from interlock.app import hold, kill, lift, roll_back
from interlock.cli.doors import as_option, json_option, show_act, signer, workspace
from interlock.cli.inputs import EXISTING, WORDS

_EVIDENCE = click.option(
    "--evidence",
    type=EXISTING,
    help="A file that shows it; its digest goes on the log, the file does not.",
)


@click.command("hold")
@click.argument("decision")
@click.option("--reason", type=WORDS, required=True)
@as_option
@json_option
def hold_command(decision: str, reason: str, person: str, as_json: bool) -> None:
    """Stop the system of DECISION until somebody else lifts the hold."""
    with workspace() as work:
        done = hold(work, decision, reason, signer=signer(work, person))
    show_act(done, "hold", as_json=as_json)


@click.command("lift")
@click.argument("hold_id", metavar="HOLD")
@click.option("--reason", type=WORDS, required=True)
@as_option
@json_option
def lift_command(hold_id: str, reason: str, person: str, as_json: bool) -> None:
    """Lift a hold that somebody else set."""
    with workspace() as work:
        done = lift(work, hold_id, reason, signer=signer(work, person))
    show_act(done, "lift", as_json=as_json)


@click.command("kill")
@click.argument("decision")
@click.option("--reason", type=WORDS, required=True)
@_EVIDENCE
@as_option
@json_option
def kill_command(
    decision: str, reason: str, evidence: Path | None, person: str, as_json: bool
) -> None:
    """Stop the system of DECISION for good: no go on it counts again."""
    with workspace() as work:
        done = kill(work, decision, reason, evidence=evidence, signer=signer(work, person))
    show_act(done, "kill", as_json=as_json)


@click.command("rollback")
@click.argument("decision")
@click.option("--to", required=True, metavar="ID", help="The standing go to go back to.")
@click.option("--reason", type=WORDS, required=True)
@_EVIDENCE
@as_option
@json_option
def rollback_command(
    decision: str, to: str, reason: str, evidence: Path | None, person: str, as_json: bool
) -> None:
    """Go back from the system of DECISION to an earlier release whose go still stands.

    Every go so far on the system that is left ends. The earlier go goes on for
    as long as it was given.

    \b
    Example:
        interlock rollback 04ce51 --to 8b1f30 --as carol --reason "Refusals doubled."
    """
    with workspace() as work:
        done = roll_back(
            work, decision, reason, to=to, evidence=evidence, signer=signer(work, person)
        )
    show_act(done, "rollback", as_json=as_json)
