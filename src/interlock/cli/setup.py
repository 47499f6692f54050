"""Commands that make a workspace, its people and its charter."""

import os
from pathlib import Path

import click

from interlock.admission import Enrolment, EnrolmentRequest
from interlock.app import (
    adopt_charter,
    create_workspace,
    publish_keyring,
    qualify,
    request_enrolment,
    user_folder,
    vouch,
)
from interlock.cli.doors import (
    as_option,
    json_option,
    passphrase,
    read_record,
    show,
    show_act,
    signer,
    workspace,
    write_record,
)
from interlock.cli.inputs import EXISTING, NEW_FILE, WORDS


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--product",
    "products",
    type=WORDS,
    multiple=True,
    default=("assistant",),
    show_default=True,
    help="What the board decides on; may be given several times.",
)
@json_option
def init_command(folder: Path, products: tuple[str, ...], as_json: bool) -> None:
    """Make a workspace in FOLDER that works at once.

    It holds a standard charter (meant for git), a log with its keys, and
    root.json, which outsiders need to check your decisions: publish it.
    Private keys go to your own directory, never into the workspace.

    \b
    Example:
        interlock init board
    """
    work = create_workspace(
        folder,
        home=user_folder(os.environ),
        passphrase=passphrase("the root", confirm=True),
        products=products,
    )
    show(
        {"workspace": str(work.folder), "origin": work.root.origin},
        as_json=as_json,
        lines=[
            f"made {work.folder}, log {work.root.origin}",
            "next: interlock person request NAME --role ROLE, for at least two people",
        ],
    )
    work.close()


@click.group()
def person() -> None:
    """Enrol people: a request, a countersignature by somebody else, a new keyring."""


@person.command("request")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="May be given several times.")
@click.option("--out", type=NEW_FILE, required=True, help="File to hand to the countersigner.")
@json_option
def request_command(name: str, roles: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Make a key for NAME in your own directory, and a request to be enrolled with it.

    \b
    Example:
        interlock person request ada --role safety-researcher --out ada.request.json
    """
    with workspace() as work:
        made = request_enrolment(work, name, roles=roles, passphrase=passphrase(name, confirm=True))
        write_record(out, made)
    show(
        {"name": made.name, "key": made.key, "file": str(out)},
        as_json=as_json,
        lines=[f"{out}: hand it to somebody who compares the key with you: {made.key}"],
    )


@person.command("countersign")
@click.argument("request", type=EXISTING)
@click.option("--out", type=NEW_FILE, required=True, help="File to hand to the root's holder.")
@as_option
@json_option
def countersign_command(request: Path, out: Path, person: str, as_json: bool) -> None:
    """Vouch for the key of a REQUEST, after comparing it with the person.

    \b
    Example:
        interlock person countersign ada.request.json --as grace --out ada.enrolment.json
    """
    with workspace() as work:
        asked = read_record(request, EnrolmentRequest)
        made = vouch(work, asked, countersigner=person, signer=signer(work, person))
        write_record(out, made)
    show(
        {"name": made.name, "countersigner": person, "file": str(out)},
        as_json=as_json,
        lines=[f"{out}: {person} vouches for {made.name}"],
    )


@person.command("enrol")
@click.argument("enrolments", type=EXISTING, nargs=-1)
@click.option("--remove", "leaving", multiple=True, help="Whose key ends here.")
@json_option
def enrol_command(enrolments: tuple[Path, ...], leaving: tuple[str, ...], as_json: bool) -> None:
    """Put a new keyring on the log, signed by the root key.

    \b
    Examples:
        interlock person enrol ada.enrolment.json grace.enrolment.json
        interlock person enrol --remove ada
    """
    if not enrolments and not leaving:
        raise click.UsageError("name an ENROLMENT to add, or somebody to --remove")
    with workspace() as work:
        people = [read_record(path, Enrolment) for path in enrolments]
        root_key = work.root_key(passphrase("the root"))
        done = publish_keyring(work, people, leaving=leaving, signer=root_key)
    show_act(done, "keyring", as_json=as_json)


@person.command("qualify")
@click.argument("name")
@click.option("--role", required=True)
@click.option("--until", required=True, help="UTC, such as 2027-11-21T00:00:00Z.")
@as_option
@json_option
def qualify_command(name: str, role: str, until: str, person: str, as_json: bool) -> None:
    """Qualify NAME to vote in a role until a time; a chair signs.

    \b
    Example:
        interlock person qualify ada --role safety-researcher --as carol \\
          --until 2027-06-30T00:00:00Z
    """
    with workspace() as work:
        done = qualify(work, name, role=role, until=until, signer=signer(work, person))
    show_act(done, "qualification", as_json=as_json)


@click.group()
def charter() -> None:
    """Check and adopt the charter."""


@charter.command("check")
@json_option
def charter_check_command(as_json: bool) -> None:
    """Read the workspace's charter, and name file, line and field of what is wrong with it."""
    with workspace() as work:
        found = work.charter()
    facts = {
        "name": found.name,
        "categories": len(found.categories),
        "required": list(found.quorum.required),
    }
    words = f"{found.name}: {len(found.categories)} harm categories, a GO needs "
    show(facts, as_json=as_json, lines=[words + ", ".join(found.quorum.required)])


@charter.command("adopt")
@json_option
def charter_adopt_command(as_json: bool) -> None:
    """Put the workspace's charter in force, signed by the root key."""
    with workspace() as work:
        done = adopt_charter(work, signer=work.root_key(passphrase("the root")))
    show_act(done, "adoption", as_json=as_json)
