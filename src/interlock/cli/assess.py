"""Commands of the Safety Impact Assessment: draft, check, submit, copies and differences."""

from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click

from interlock.adapters.files import replace, write_new
from interlock.app import (
    PageFormat,
    assessment_page,
    compare_assessments,
    draft_assessment,
    read_assessment,
    redact_assessment,
    submit_assessment,
    verify_copy,
    verify_copy_offline,
)
from interlock.cli.doors import as_option, json_option, show, show_act, signer, workspace
from interlock.cli.inputs import EXISTING, NEW_FILE
from interlock.review import PartChange, Reader, blanks


@click.group()
def assess() -> None:
    """Write a Safety Impact Assessment and put it before the panel."""


@assess.command("draft")
@click.argument("verdict")
@click.option("--out", type=NEW_FILE, help="File to write; by default standard output.")
@json_option
def draft_command(verdict: str, out: Path | None, as_json: bool) -> None:
    """Print a draft for VERDICT with everything a person has to write.

    Numbers, attempts, seal and residual bounds are not in it: they are filled
    from the ledger and never typed.

    \b
    Example:
        interlock assess draft 9c0d21 --out assessments/guard.yaml
    """
    if out is not None and out.exists():
        raise click.UsageError(f"{out} exists; name another file, so that nothing written is lost")
    with workspace() as work:
        text = draft_assessment(work, verdict)
    if out is not None:
        write_new(out, text.encode())
        show({"file": str(out)}, as_json=as_json, lines=[f"{out}: write what it asks for"])
    elif as_json:
        show({"draft": text}, as_json=True, lines=[])
    else:
        click.echo(text, nl=False)


@assess.command("check")
@click.argument("file", type=EXISTING)
@click.option("--verdict", required=True, metavar="ID")
@json_option
def check_draft_command(file: Path, verdict: str, as_json: bool) -> None:
    """Name everything in FILE that is missing before anyone can sign; exits 4 if anything is.

    \b
    Example:
        interlock assess check assessments/guard.yaml --verdict 9c0d21
    """
    with workspace() as work:
        missing = blanks(read_assessment(work, file, verdict))
    lines = [str(blank) for blank in missing] or ["nothing is missing"]
    facts = {"blanks": [{"field": one.field, "reason": one.reason} for one in missing]}
    show(facts, as_json=as_json, lines=lines)
    raise SystemExit(4 if missing else 0)


@assess.command("submit")
@click.argument("file", type=EXISTING)
@click.option("--verdict", required=True, metavar="ID")
@as_option
@json_option
def submit_command(file: Path, verdict: str, person: str, as_json: bool) -> None:
    """Put the assessment in FILE before the panel; it voids every vote on the one before.

    \b
    Example:
        interlock assess submit assessments/guard.yaml --verdict 9c0d21 --as paula
    """
    with workspace() as work:
        done = submit_assessment(work, file, verdict, signer=signer(work, person))
    show_act(done, "assessment", as_json=as_json)


@assess.command("page")
@click.argument("assessment")
@click.option("--out", type=NEW_FILE, required=True, help="File to write.")
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(PageFormat)),
    default="html",
    help="One page of HTML, Markdown, or PDF; all say the same.",
)
@click.option(
    "--for",
    "reader",
    type=click.Choice(get_args(Reader)),
    help="Withhold what this reader may not see; by default nothing is withheld.",
)
@json_option
def page_command(
    assessment: str, out: Path, form: PageFormat, reader: Reader | None, as_json: bool
) -> None:
    """Write an assessment, its questions, votes and decision as one page anyone can read.

    \b
    Examples:
        interlock assess page 77ab02 --out guard.html
        interlock assess page 77ab02 --format pdf --for public --out guard.pdf
    """
    with workspace() as work:
        replace(out, assessment_page(work, assessment, form=form, reader=reader))
    show({"file": str(out)}, as_json=as_json, lines=[str(out)])


@assess.command("diff")
@click.argument("old")
@click.argument("new")
@json_option
def diff_command(old: str, new: str, as_json: bool) -> None:
    """Say what changed from the assessment OLD to NEW, field by field.

    \b
    Example:
        interlock assess diff 77ab02 c41d9e
    """
    with workspace() as work:
        changes = compare_assessments(work, old, new)
    lines = [
        line
        for change in changes
        for line in (
            f"{change.field}: {change.before[:12]} -> {change.after[:12]}",
            *(f"  {_changed(part)}" for part in change.parts),
        )
    ]
    facts = {"changes": [asdict(change) for change in changes]}
    show(facts, as_json=as_json, lines=lines or ["nothing differs"])


def _changed(part: PartChange) -> str:
    """One change on one line."""
    if part.words:
        return f"{part.path}: {part.words}"
    was, now = (_quoted(text) for text in (part.before, part.after))
    return f"{part.path}: {was} -> {now}"


def _quoted(text: str | None) -> str:
    return "not there" if text is None else f"{text!r}"


@assess.command("redact")
@click.argument("assessment")
@click.option(
    "--for", "reader", type=click.Choice(get_args(Reader)), required=True, help="Who will read it."
)
@click.argument("file", type=NEW_FILE)
@json_option
def redact_command(assessment: str, reader: Reader, file: Path, as_json: bool) -> None:
    """Write to FILE a copy of ASSESSMENT with the fields that one reader may see.

    The copy still shows the digest that the panel signed: `assess verify-copy`.

    \b
    Example:
        interlock assess redact 77ab02 --for public guard-public.json
    """
    with workspace() as work:
        copy = redact_assessment(work, assessment, file, reader=reader)
    withheld = [
        one.name
        for one in copy.manifest.fields
        if one.name not in {field.name for field in copy.fields}
    ]
    facts = {"file": str(file), "fields": [one.name for one in copy.fields], "withheld": withheld}
    shown = f"{file}: {len(copy.fields)} fields for {reader}; withheld: {', '.join(withheld)}"
    show(facts, as_json=as_json, lines=[shown])


@assess.command("verify-copy")
@click.argument("file", type=EXISTING)
@click.option("--assessment", metavar="ID", help="The assessment, on this workspace's log.")
@click.option("--bundle", type=EXISTING, help="Or a bundle of the decision on it, ...")
@click.option("--root", type=EXISTING, help="... with your own root.json; no workspace is needed.")
@json_option
def verify_copy_command(
    file: Path, assessment: str | None, bundle: Path | None, root: Path | None, as_json: bool
) -> None:
    """Hold a redacted copy in FILE against what the panel signed; exits 4 if it is not that.

    \b
    Example:
        interlock assess verify-copy guard-public.json --assessment 77ab02
        interlock assess verify-copy guard-public.json --bundle go.json --root root.json
    """
    if assessment is not None and bundle is None and root is None:
        with workspace() as work:
            copy = verify_copy(work, file, assessment)
    elif assessment is None and bundle is not None and root is not None:
        copy = verify_copy_offline(file, bundle, root)
    else:
        raise click.UsageError("give --assessment, or both --bundle and --root")
    facts = {
        "holds": True,
        "reader": copy.reader,
        "fields": {one.name: one.value for one in copy.fields},
    }
    shown = f"the copy holds: {len(copy.fields)} of {len(copy.manifest.fields)} fields"
    show(facts, as_json=as_json, lines=[f"{shown}, for {copy.reader}"])
