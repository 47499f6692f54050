"""The command by which a second person arrives at a verdict again, or disputes it."""

import click

from interlock.app import recompute
from interlock.cli.doors import REFUSED, as_option, json_option, show, signer, workspace


@click.command("recompute")
@click.argument("verdict")
@as_option
@json_option
def recompute_command(verdict: str, person: str, as_json: bool) -> None:
    """Derive VERDICT again from the recorded rows, and sign what comes out.

    Exits 0 if every figure is as it was recorded, bit for bit. Else exits 4:
    the verdict is then disputed on the log, and nothing may rest on it.

    \b
    Example:
        interlock recompute 9c0d21 --as ella
    """
    with workspace() as work:
        done = recompute(work, verdict, signer=signer(work, person))
    act = done.act
    agreed = [f"agrees: every figure of verdict {done.verdict} came out as it was recorded"]
    disputed = [f"disputed: verdict {done.verdict} did not come out again", *done.differs]
    show(
        {
            "act": "recomputation",
            "id": act.identity,
            "index": act.receipt.index,
            "verdict": done.verdict,
            "agrees": done.agrees,
            "outcome": done.judgement.outcome,
            "differs": list(done.differs),
        },
        as_json=as_json,
        lines=[
            *(agreed if done.agrees else disputed),
            f"recomputation {act.identity} is on the log at index {act.receipt.index}",
        ],
    )
    raise SystemExit(0 if done.agrees else REFUSED)
