"""The command that writes a decision into a file for others."""

from pathlib import Path
from typing import Literal, get_args

import click

from interlock.app import Export, Form, export_bundle, export_view
from interlock.cli.doors import json_option, show, signer, workspace
from interlock.cli.inputs import NEW_FILE
from interlock.review import Reader

FORMS: tuple[str, ...] = get_args(Form)
READERS: tuple[str, ...] = get_args(Reader)


@click.command("export")
@click.argument("decision")
@click.option("--out", type=NEW_FILE, required=True, help="File to write.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["bundle", *FORMS]),
    default="bundle",
    show_default=True,
    help="What to write it as.",
)
@click.option(
    "--bundle",
    type=NEW_FILE,
    help="The bundle that other forms name; written if it is not there. By default beside --out.",
)
@click.option(
    "--for",
    "reader",
    type=click.Choice(READERS),
    default="public",
    show_default=True,
    help="For whom: what they may not read is left out.",
)
@click.option("--as", "person", metavar="NAME", help="Whose key signs; for vsa alone.")
@json_option
def export_command(
    decision: str,
    out: Path,
    form: Form | Literal["bundle"],
    *,
    bundle: Path | None,
    reader: Reader,
    person: str | None,
    as_json: bool,
) -> None:
    """Write DECISION into a file that others can check, or that their tools can read.

    A bundle holds everything an outsider needs to check the decision without
    us. Give them root.json by another way; a bundle that brings its own root
    proves nothing.

    The other forms are views for other tools: oscal (assessment results),
    cyclonedx (ML-BOM with a model card), vsa (SLSA verification summary,
    signed with --as), ltac (the safety case) and sigstore (the decision's own
    signature). Each names the bundle it can be checked against, and claims no
    compliance with anything.

    \b
    Examples:
        interlock export 1d55e0 --out guard.bundle.json
        interlock export 1d55e0 --format oscal --out guard.oscal.json
        interlock export 1d55e0 --format vsa --as carol --out guard.vsa.json
    """
    with workspace() as work:
        if form == "bundle":
            found = export_bundle(work, decision, out)
            show({"decision": found.identity, "file": str(out)}, as_json=as_json, lines=[str(out)])
            return
        asked = Export(
            form=form,
            out=out,
            bundle=bundle or out.with_name(f"{out.name.partition('.')[0]}.bundle.json"),
            reader=reader,
        )
        done = export_view(work, decision, asked, signer=signer(work, person) if person else None)
    show(
        {"decision": done.decision, "standing": done.standing.word, "file": str(out)}
        | {"bundle": str(asked.bundle), "withheld": list(done.withheld)},
        as_json=as_json,
        lines=[
            f"{out}: {form}, stands as {done.standing.word}: {done.standing.sentence}",
            f"it is a view of {asked.bundle}, which can be verified; it claims no compliance",
            *(
                [f"withheld from {reader} readers: {', '.join(done.withheld)}"]
                * bool(done.withheld)
            ),
        ],
    )
