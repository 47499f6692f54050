"""Write the generated part of the reference, or check that it is up to date.

    python docs/generate.py            write docs/reference/*
    python docs/generate.py --check    exit 1 and name what is stale
"""

import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from interlock import errors
from interlock.admission import acts
from interlock.charter import charter_schema, hypothesis_schema
from interlock.cli import main
from interlock.review import draft_schema

REFERENCE = Path(__file__).parent / "reference"
NOTICE = "<!-- Written by docs/generate.py; run `make docs` to change it. -->\n"


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be run, with its full name, in alphabetical order."""
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from commands(command.commands[name], f"{path} {name}")
    else:
        yield path, command


def cli_reference() -> str:
    """Each command's own help, word for word."""
    parts = ["# Commands\n", NOTICE]
    root = main.make_context("interlock", [], resilient_parsing=True)
    root.max_content_width = 96
    for path, command in commands(main, "interlock"):
        context = click.Context(command, info_name=path, parent=None, max_content_width=96)
        context.terminal_width = 96
        parts.append(f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def error_reference() -> str:
    """Each error the product raises on purpose: code, name and meaning."""
    rows = []
    for _, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, errors.InterlockError) and error is not errors.InterlockError:
            meaning = (inspect.getdoc(error) or "").split("\n\n")[0].replace("\n", " ")
            rows.append((error.code, error.__name__, meaning))
    lines = [f"| `{code}` | `{name}` | {meaning} |" for code, name, meaning in sorted(rows)]
    head = ["# Errors\n", NOTICE, "Every refusal carries one of these codes.\n"]
    return "\n".join([*head, "| code | error | meaning |", "|---|---|---|", *lines]) + "\n"


def act_reference() -> str:
    """Each governance act: who may do it, and what it says."""
    lines = ["# Governance acts\n", NOTICE]
    lines.append("`@panel` is every voting role of the charter in force, `@required` the roles")
    lines.append("whose go a GO needs. Root acts are signed by the root keys.\n")
    lines += ["| act | who | meaning |", "|---|---|---|"]
    for kind in sorted(acts.SIGNED_BY_ROOT | set(acts.MAY)):
        who = ", ".join(acts.MAY.get(kind, ("root",)))
        lines.append(f"| `{kind}` | {who} | {meaning_of(kind)} |")
    return "\n".join(lines) + "\n"


def meaning_of(kind: str) -> str:
    """The first sentence of the act's docstring."""
    for _, cls in inspect.getmembers(acts, inspect.isclass):
        if getattr(cls, "__record_kind__", None) == kind:
            return (inspect.getdoc(cls) or "").split("\n\n")[0].replace("\n", " ")
    raise LookupError(kind)


def pages() -> dict[Path, str]:
    """Every generated file with what it should hold."""
    schemas = {
        "charter": charter_schema(),
        "hypothesis": hypothesis_schema(),
        "assessment": draft_schema(),
    }
    written = {
        REFERENCE / "commands.md": cli_reference(),
        REFERENCE / "errors.md": error_reference(),
        REFERENCE / "acts.md": act_reference(),
    }
    for name, schema in schemas.items():
        written[REFERENCE / f"{name}.schema.json"] = json.dumps(schema, indent=2) + "\n"
    return written


if __name__ == "__main__":
    wanted = pages()
    if "--check" in sys.argv:
        stale = [p.name for p, text in wanted.items() if not p.exists() or p.read_text() != text]
        if stale:
            sys.exit(f"stale reference, run `make docs`: {', '.join(stale)}")
    else:
        REFERENCE.mkdir(exist_ok=True)
        for page, text in wanted.items():
            page.write_text(text)
