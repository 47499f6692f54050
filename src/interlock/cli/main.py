"""The root of all commands."""

from importlib.metadata import version

import click

from interlock.cli.assess import assess
from interlock.cli.attack import attack
from interlock.cli.board import review
from interlock.cli.campaign import campaign
from interlock.cli.compare import compare_command
from interlock.cli.coverage import campaign_coverage_command, campaign_misuse_command
from interlock.cli.demo import demo_command
from interlock.cli.diagnose import diagnose
from interlock.cli.doors import Door
from interlock.cli.engagement import engagement
from interlock.cli.evidence import decide_command, hypothesis
from interlock.cli.exports import export_command
from interlock.cli.imports import import_command
from interlock.cli.judge import judge
from interlock.cli.label import label
from interlock.cli.model import model
from interlock.cli.plugins import plugins
from interlock.cli.proof import (
    check_command,
    ledger,
    trace_command,
    verify_command,
)
from interlock.cli.recompute import recompute_command
from interlock.cli.report import report_command
from interlock.cli.setup import charter, init_command, person
from interlock.cli.stops import hold_command, kill_command, lift_command, rollback_command
from interlock.cli.suite import suite
from interlock.cli.system import system
from interlock.cli.team import pin_command, team, witness
from interlock.cli.trial import trial
from interlock.cli.variants import variants


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("interlock"), prog_name="interlock")
@click.option(
    "--workspace",
    "folder",
    metavar="DIR",
    envvar="INTERLOCK_WORKSPACE",
    help="The workspace; by default the nearest one at or above the current folder.",
)
def main(folder: str | None) -> None:
    """The release interlock for products built on language models.

    Nothing ships until its evidence clears gates that were fixed before the
    evidence was seen, and the right people have signed the risk that remains.

    \b
    Start here:
        interlock demo                 one decision from results to a verified bundle
        interlock compare A B ...      judge two files of results by a short hypothesis
        interlock init DIR             a workspace that works at once

    Exit codes: 0 passed or holds, 1 failed, 2 usage, 3 undecided, 4 the input is
    refused or the check does not hold, 5 a fault of the machine or of Interlock.
    """


for command in (
    init_command,
    charter,
    person,
    system,
    suite,
    attack,
    campaign,
    hypothesis,
    trial,
    import_command,
    judge,
    label,
    engagement,
    decide_command,
    recompute_command,
    compare_command,
    variants,
    diagnose,
    assess,
    review,
    hold_command,
    lift_command,
    kill_command,
    rollback_command,
    check_command,
    export_command,
    verify_command,
    trace_command,
    report_command,
    ledger,
    team,
    witness,
    model,
    plugins,
    demo_command,
):
    main.add_command(command)

ledger.add_command(pin_command)
campaign.add_command(campaign_coverage_command)
campaign.add_command(campaign_misuse_command)
