"""Commands about engagement figures, which stay shut until safety has passed."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from interlock.app import (
    Figure,
    Opened,
    Sealed,
    Standing,
    import_engagement,
    list_engagements,
    open_engagement,
    unseal_engagement,
)
from interlock.cli.doors import as_option, json_option, show, show_act, signer, workspace
from interlock.cli.inputs import EXISTING
from interlock.ledger import content


@click.group()
def engagement() -> None:
    """Keep engagement figures shut until safety and helpfulness have passed."""


@engagement.command("import")
@click.argument("file", type=EXISTING)
@click.option("--seal", required=True, metavar="ID", help="The seal that keeps them shut.")
@click.option("--system", required=True, metavar="NAME", help="Baseline or candidate of the seal.")
@as_option
@json_option
def import_engagement_command(
    file: Path, seal: str, system: str, person: str, as_json: bool
) -> None:
    """Encrypt the engagement figures in FILE to all required roles, and log that they are there.

    Only metrics that the sealed hypothesis lists under `sealed` belong in it.
    Whoever imports them may have seen them, and the record says who that was;
    FILE itself is yours to delete.

    \b
    Example:
        interlock engagement import usage.csv --seal 3fa9c1 --system guarded --as paula
    """
    with workspace() as work:
        done = import_engagement(work, file, seal, system=system, signer=signer(work, person))
    show(_sealed(done), as_json=as_json, lines=_sealed_lines(done))


def _sealed(done: Sealed) -> dict[str, Any]:
    return {
        "engagement": done.act.identity,
        "ciphertext": done.ciphertext,
        "rows": done.rows,
        "keepers": [{"role": role, "people": list(names)} for role, names in done.keepers],
    }


def _sealed_lines(done: Sealed) -> list[str]:
    kept = [f"  {role}: {', '.join(names)}" for role, names in done.keepers]
    return [
        f"engagement {done.act.identity}, sealed file {done.ciphertext}",
        f"{done.rows} rows are encrypted; to read them takes the log and one of each:",
        *kept,
    ]


@engagement.command("list")
@json_option
def list_engagements_command(as_json: bool) -> None:
    """List sealed figures, who brought them, and whose layers are still closed."""
    with workspace() as work:
        found = list_engagements(work)
    show(
        {"engagements": [asdict(each) for each in found]},
        as_json=as_json,
        lines=[_standing_line(each) for each in found] or ["no engagement figures were imported"],
    )


def _standing_line(each: Standing) -> str:
    opened = f"unsealed by {each.unsealed}" if each.unsealed else "sealed"
    left = f"next: {', then '.join(each.left)}"
    return (
        f"{each.engagement}  {each.system}, brought by {each.importer} at {each.time}, "
        f"{opened}; {left}"
    )


@engagement.command("unseal")
@click.argument("engagement_id", metavar="ENGAGEMENT")
@as_option
@json_option
def unseal_engagement_command(engagement_id: str, person: str, as_json: bool) -> None:
    """Say on the log that ENGAGEMENT may be opened, since its verdict passed.

    Refused while there is no verdict, and for good where safety failed. The
    log's own layer comes off; each required role then opens its own.

    \b
    Example:
        interlock engagement unseal 5be017 --as lea
    """
    with workspace() as work:
        done = unseal_engagement(work, engagement_id, signer=signer(work, person))
    show_act(done, "unseal", as_json=as_json)


@engagement.command("open")
@click.argument("engagement_id", metavar="ENGAGEMENT")
@click.option("--to", type=click.Path(path_type=Path), help="Write the rows here, as JSON lines.")
@as_option
@json_option
def open_engagement_command(
    engagement_id: str, to: Path | None, person: str, as_json: bool
) -> None:
    """Open your layer of ENGAGEMENT; who opens the last one reads the figures.

    What is still encrypted stays in the workspace for the next role. Nothing is
    written in the clear but to the file that --to names.

    \b
    Example:
        interlock engagement open 5be017 --as sofia --to usage.jsonl
    """
    with workspace() as work:
        done = open_engagement(work, engagement_id, signer=signer(work, person), to=to)
    show(_opened(done), as_json=as_json, lines=_opened_lines(done))


def _opened(done: Opened) -> dict[str, Any]:
    figures = [
        {**asdict(each), "mean": None if each.mean is None else content(each.mean)}
        for each in done.figures
    ]
    return {"role": done.role, "left": list(done.left), "figures": figures}


def _opened_lines(done: Opened) -> list[str]:
    if done.left:
        return [f"the layer of {done.role} is open; left: {', '.join(done.left)}"]
    return [f"the layer of {done.role} was the last:", *map(_figure_line, done.figures)]


def _figure_line(each: Figure) -> str:
    counted = f"{each.clusters} clusters, {each.rows} rows, {each.missing} without a value"
    if each.mean is None:
        return f"{each.metric}: too few clusters for a mean ({counted})"
    shown = f"{each.mean.value:.4g} ({each.mean.low:.4g} to {each.mean.high:.4g})"
    return (
        f"{each.metric}: mean {shown} at {each.mean.confidence:.0%}, {counted}; it decides nothing"
    )
