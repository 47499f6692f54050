"""Write the generated part of the documents, or check that it is up to date.

python docs/generate.py            write the reference and the README's picture
python docs/generate.py --check    exit 1 and name what is stale
"""

import dataclasses
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pyarrow as pa

from interlock import errors
from interlock.adapters.tables import read_observations
from interlock.admission import acts
from interlock.app.demo import EXAMPLE, HALF_CREDIT, NO_CREDIT, write_arm
from interlock.charter import (
    STANDARD_CHARTER,
    charter_schema,
    hypothesis_schema,
    load_charter,
    load_hypothesis,
)
from interlock.cli import main
from interlock.gate import Terms, judge, lineage_key
from interlock.review import Evidence, draft_schema, interval_plot, read_evidence
from interlock.trial.running import plan_schema

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference"
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


def picture() -> str:
    """What the demonstration's two hypotheses came to: the README's picture."""
    half, none = judged("guard.yaml", HALF_CREDIT), judged("guard-strict.yaml", NO_CREDIT)
    shown = [half[0], under(half[1], "5"), under(none[1], "nothing")]
    return interval_plot(shown, title="Less harm, and how much help is lost?", width=520)


def under(evidence: Evidence, credit: str) -> Evidence:
    """The claim about helpfulness with the rubric that it depends on."""
    claim = f"Helpfulness falls by at most 2 of 10, where a partial answer earns {credit}."
    return dataclasses.replace(evidence, claim=claim)


def judged(file: str, credit: dict[str, int]) -> tuple[Evidence, ...]:
    """A hypothesis of the demonstration, judged on its rows as a first attempt.

    The demonstration's seed follows from its seal; here it is fixed, so that the
    picture is the same everywhere. The third digit of a bound may differ.
    """
    charter = load_charter(STANDARD_CHARTER, file="standard.yaml")
    hypothesis = load_hypothesis(EXAMPLE.joinpath(file).read_bytes(), file=file, charter=charter)
    attempts = dict.fromkeys(map(lineage_key, hypothesis.criteria), 1)
    terms = Terms(basis=hypothesis.basis, seed=0, attempts=attempts)
    judgement = judge(hypothesis, rows("before", credit), rows("after", credit), terms=terms)
    return read_evidence(hypothesis, judgement)


def rows(arm: str, credit: dict[str, int]) -> pa.Table:
    """One arm of the demonstration as observations."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{arm}.csv"
        write_arm(file, arm, credit)
        return pa.Table.from_batches(list(read_observations(file)))


def pages() -> dict[Path, str]:
    """Every generated file with what it should hold."""
    schemas = {
        "charter": charter_schema(),
        "hypothesis": hypothesis_schema(),
        "assessment": draft_schema(),
        "trial": plan_schema(),
    }
    written = {
        REFERENCE / "commands.md": cli_reference(),
        REFERENCE / "errors.md": error_reference(),
        REFERENCE / "acts.md": act_reference(),
        DOCS / "verdicts.svg": picture(),
    }
    for name, schema in schemas.items():
        written[REFERENCE / f"{name}.schema.json"] = json.dumps(schema, indent=2) + "\n"
    return written


if __name__ == "__main__":
    wanted = pages()
    if "--check" in sys.argv:
        stale = [p.name for p, text in wanted.items() if not p.exists() or p.read_text() != text]
        if stale:
            sys.exit(f"stale documents, run `make docs`: {', '.join(stale)}")
    else:
        REFERENCE.mkdir(exist_ok=True)
        for page, text in wanted.items():
            page.write_text(text)
