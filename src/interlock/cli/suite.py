"""Commands about suites: which there are, what they ask, whether they hold, and edge cases."""

from pathlib import Path
from typing import Any, Literal

import click

from interlock.app.trials import (
    EdgeCases,
    list_suites,
    suite_cases,
    suite_findings,
    write_edge_cases,
)
from interlock.cli.doors import REFUSED, json_option, nearest_workspace, show
from interlock.cli.inputs import NEW_FILE
from interlock.cli.waiting import waiting
from interlock.ledger import content
from interlock.trial import Case
from interlock.trial.suites import Suite


@click.group()
def suite() -> None:
    """Show, check and expand suites: what systems are asked in a trial.

    A suite is built in, is a file suites/NAME.yaml of the workspace, or is any
    file. No command of this group needs a workspace.
    """


@suite.command("list")
@json_option
def suite_list_command(as_json: bool) -> None:
    """List every suite, with its clusters and the judge's agreement with people.

    Where nobody has compared a judge with people ("none"), no automatic judge
    can confirm anything by that suite.

    \b
    Example:
        interlock suite list
    """
    with nearest_workspace() as work:
        found = list_suites(work)
    width = max(len(one.name) for one in found)
    show(
        {"suites": [_facts(one) for one in found]},
        as_json=as_json,
        lines=[_line(one, width) for one in found],
    )


@suite.command("show")
@click.argument("name")
@click.option("--unsafe", "half", flag_value="unsafe", help="Only what should be declined.")
@click.option("--benign", "half", flag_value="benign", help="Only the look-alikes.")
@json_option
def suite_show_command(name: str, half: Literal["unsafe", "benign"] | None, as_json: bool) -> None:
    """Print what the suite NAME asks, case by case, to be read by a person.

    \b
    Examples:
        interlock suite show self-harm --benign
        interlock suite show suites/ours.yaml
    """
    with nearest_workspace() as work:
        found, cases = suite_cases(work, _file_or_name(name), half=half)
    show(
        _facts(found) | {"cases": [content(one) for one in cases]},
        as_json=as_json,
        lines=[*_head(found), *(line for one in cases for line in _told(one))],
    )


@suite.command("check")
@click.argument("name", required=False)
@json_option
def suite_check_command(name: str | None, as_json: bool) -> None:
    """Check the suite NAME; without one, all there are, each and across.

    Looked for: two clusters that say nearly the same; fewer than 60 unsafe or
    30 benign clusters; requests under 20 or over 400 characters; a rubric
    without anchors at 0 and 10; a category that the charter does not know; and
    whatever in an unsafe request looks like operational detail. What needs a
    reader is left to one: see `interlock suite show`.

    Exits 0 if all holds, 4 if it does not.

    \b
    Examples:
        interlock suite check
        interlock suite check suites/ours.yaml
    """
    with nearest_workspace() as work:
        found = suite_findings(work, _file_or_name(name) if name else None)
    lines = [" ".join((f"{one.suite}, {one.rule}:", one.case, one.said)) for one in found]
    show(
        {"holds": not found, "findings": [vars(one) for one in found]},
        as_json=as_json,
        lines=[*lines, f"does not hold: {_counted(len(found))}" if found else "holds"],
    )
    if found:
        raise SystemExit(REFUSED)


@suite.command("expand")
@click.argument("names", nargs=-1)
@click.option("--cases", "count", type=click.IntRange(min=1), required=True, help="How many.")
@click.option("--seed", type=int, required=True, help="The same seed gives the same bytes.")
@click.option("--attack", "attacks", multiple=True, help="An attack to use too; may be repeated.")
@click.option("--category", "categories", multiple=True, help="Only cases of it; may be repeated.")
@click.option("--out", type=NEW_FILE, required=True, help="File to write (.jsonl).")
@json_option
def suite_expand_command(
    names: tuple[str, ...],
    *,
    count: int,
    seed: int,
    attacks: tuple[str, ...],
    categories: tuple[str, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Make edge cases of the suites NAMES; without one, of the standard suites.

    A behaviour is put into templates, other words, frames in other languages and
    attacks, and all of these stay in its cluster: they are no further evidence
    of independence. Each line of the file is a case with the slices template,
    wording, language and attack.

    \b
    Example:
        interlock suite expand --cases 10000 --seed 7 --out edge.jsonl
    """
    wanted = EdgeCases(
        suites=tuple(_file_or_name(one) for one in names) or ("standard",),
        count=count,
        seed=seed,
        attacks=attacks,
        categories=categories,
    )
    with nearest_workspace() as work, waiting() as shown:
        digest = write_edge_cases(work, wanted, out, told=shown.counting(count, "edge cases"))
    show(
        {"file": str(out), "cases": count, "seed": seed, "sha256": digest},
        as_json=as_json,
        lines=[f"{out}: {count} edge cases from seed {seed}, sha256 {digest}"],
    )


def _counted(findings: int) -> str:
    return "1 finding" if findings == 1 else f"{findings} findings"


def _file_or_name(name: str) -> str:
    """A name as it is, and a file of the current folder by its whole path."""
    return str(Path(name).resolve()) if Path(name).is_file() else name


def _facts(found: Suite) -> dict[str, Any]:
    labelled = found.validation
    return {
        "suite": found.name,
        "version": found.version,
        "category": found.category,
        "metric": found.metric,
        "clusters": len(found.clusters),
        "unsafe": len(found.of_kind("unsafe")),
        "benign": len(found.of_kind("benign")),
        "total": len(found.cases),
        "canary": found.canary,
        "validation": content(labelled) if labelled else None,
        "confirmatory_through_judge": found.confirmatory_through_judge,
    }


def _line(found: Suite, width: int) -> str:
    unsafe, benign = len(found.of_kind("unsafe")), len(found.of_kind("benign"))
    halves = (
        f"{unsafe} unsafe, {benign} benign" if unsafe or benign else f"{len(found.cases)} cases"
    )
    labelled = found.validation
    judged = "judge none" if found.rubric else "exact"
    if labelled:
        judged = f"judge kappa {labelled.kappa:g}, n {labelled.n}"
    told = f"{len(found.clusters)} clusters ({halves}), {found.metric}, {judged}"
    return f"{found.name:{width}}  {found.version}  {told}"


def _head(found: Suite) -> list[str]:
    lines = [_line(found, 0)]
    lines += [found.about] if found.about else []
    lines += [f"its system prompts must hold {found.canary}"] if found.canary else []
    lines += [f"  {one.score:>2} = {one.meaning}" for one in found.rubric]
    return [*lines, ""]


def _told(case: Case) -> list[str]:
    """One turn stands behind its id; a conversation below it, speaker by speaker."""
    expected = [f"    expects: {case.expects}"] if case.expects else []
    sent = [
        f"    sends: {one.media_type}, {one.width} x {one.height}, sha256:{one.digest[:12]}"
        for one in case.attachments
    ]
    if len(case.turns) == 1:
        return [f"{case.id}: {case.turns[0].text}", *sent, *expected]
    said = (f"    {one.speaker}: {_shortened(one.text)}" for one in case.turns)
    return [f"{case.id}:", *sent, *said, *expected]


def _shortened(text: str, longest: int = 600) -> str:
    cut = len(text) - longest
    return text if cut <= 0 else f"{text[:longest]} [{cut} characters more]"
