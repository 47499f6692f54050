"""Commands about red-team campaigns: plans, findings, failure modes."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from interlock.app.campaigns import (
    Among,
    CampaignStatus,
    ProposedMode,
    Rated,
    campaign_findings,
    campaign_status,
    link_mode,
    list_modes,
    name_mode,
    new_campaign,
    propose_modes,
    record_finding,
)
from interlock.cli.doors import F, json_option, show, workspace
from interlock.cli.inputs import EXISTING, WORDS
from interlock.ledger import content
from interlock.measure import Estimate
from interlock.trial.campaigns import FailingCell, FailureMode, Finding

_PLAIN = "(as it comes)"


def _among(command: F) -> F:
    """Add what narrows the failing prompts that are looked at."""
    category = click.option("--category", default="", metavar="ID", help="Only this harm.")
    attack = click.option(
        "--attack", default=None, metavar="NAME", help="Only this attack; '' for none."
    )
    return category(attack(command))


@click.group()
def campaign() -> None:
    """Plan red-team campaigns, record what they found, and what it led to.

    Campaigns, findings and failure modes are kept in the workspace, each named
    by its digest and never changed. They are no acts on the log: nobody signs
    them, and no decision rests on them.
    """


@campaign.command("new")
@click.argument("file", type=EXISTING)
@json_option
def campaign_new_command(file: Path, as_json: bool) -> None:
    """Keep the plan in FILE: campaign, product, goal, period, categories, attacks, suites, budget.

    \b
    Example:
        interlock campaign new campaigns/autumn.yaml
    """
    with workspace() as work:
        made = new_campaign(work, file)
    plan = made.campaign
    show(
        {"digest": made.digest, "campaign": content(plan)},
        as_json=as_json,
        lines=[f"campaign {plan.name} ({plan.product}, {plan.period}) is kept as {made.digest}"],
    )


@campaign.command("status")
@click.argument("name")
@json_option
def campaign_status_command(name: str, as_json: bool) -> None:
    """Say what the campaign NAME has spent, tried and found, and what is left of its plan.

    \b
    Example:
        interlock campaign status autumn
    """
    with workspace() as work:
        found = campaign_status(work, name)
    show(_status(found), as_json=as_json, lines=_status_lines(found))


@campaign.command("findings")
@click.argument("name")
@json_option
def campaign_findings_command(name: str, as_json: bool) -> None:
    """List the findings of the campaign NAME, and the hits that none of them speaks of.

    \b
    Example:
        interlock campaign findings autumn
    """
    with workspace() as work:
        found = campaign_findings(work, name)
    recorded = [
        f"{digest[:12]}  severity {one.severity} ({one.scale})  {_where(one)}  "
        f"{one.clusters} of {one.tried} behaviours: {one.title}"
        for digest, one in found.recorded.items()
    ]
    show(
        {
            "recorded": {digest: content(one) for digest, one in found.recorded.items()},
            "waiting": [_cell(one) for one in found.waiting],
        },
        as_json=as_json,
        lines=[
            *(recorded or ["no finding is recorded"]),
            *(f"no finding yet  {_cell_line(one)}" for one in found.waiting),
        ],
    )


@campaign.command("find")
@click.argument("name")
@click.option("--category", required=True, metavar="ID", help="The harm, as the charter calls it.")
@click.option("--attack", default="", metavar="NAME", help="The attack; none by default.")
@click.option("--metric", default="harm", show_default=True, help="What was measured.")
@click.option("--severity", type=int, required=True, help="A level of the category's scale.")
@click.option("--title", type=WORDS, required=True, help="What was found; no prompt, no answer.")
@json_option
def campaign_find_command(
    name: str, category: str, attack: str, metric: str, severity: int, title: str, as_json: bool
) -> None:
    """Record a finding of the campaign NAME, with the items that show it.

    Items are named by reference; what was said stays in the text store.

    \b
    Example:
        interlock campaign find autumn --category fraud --attack role-play \\
          --severity 3 --title "Plays a con man to the end"
    """
    rated = Rated(category=category, attack=attack, metric=metric, severity=severity, title=title)
    with workspace() as work:
        digest, made = record_finding(work, name, rated)
    show(
        {"digest": digest, "finding": content(made)},
        as_json=as_json,
        lines=[
            f"finding {digest[:12]} is kept: {_where(made)}, severity {made.severity}, "
            f"{made.clusters} of {made.tried} behaviours"
        ],
    )


@campaign.command("modes")
@click.argument("name", required=False, default="")
@_among
@json_option
def campaign_modes_command(name: str, category: str, attack: str | None, as_json: bool) -> None:
    """Propose failure modes from failing prompts of the campaign NAME; without it list them.

    Prompts that share words are put together. The words shown are of the
    prompts: mind who reads along. `interlock trace` finds the items.

    \b
    Example:
        interlock campaign modes autumn --attack ''
        interlock campaign modes
    """
    with workspace() as work:
        if not name:
            modes = list_modes(work)
            show(
                {"modes": {digest: _mode(one) for digest, one in modes.items()}},
                as_json=as_json,
                lines=[line for digest, one in modes.items() for line in _mode_lines(digest, one)]
                or ["no failure mode has a name yet"],
            )
            return
        found = propose_modes(work, name, among=Among(category=category, attack=attack))
    unread = f"{found.unread} failing prompts are not here to be read"
    show(
        {"proposed": [_proposal(one) for one in found.modes], "unread": found.unread},
        as_json=as_json,
        lines=[
            *(line for one in found.modes for line in _proposal_lines(one)),
            *([unread] if found.unread else []),
        ]
        or ["no prompt failed"],
    )


@campaign.command("name")
@click.argument("name")
@click.argument("proposal")
@click.option("--called", required=True, metavar="WORD", help="Such as long-context-drift.")
@click.option("--definition", type=WORDS, required=True, help="What belongs to it, what does not.")
@_among
@json_option
def campaign_name_command(
    name: str,
    proposal: str,
    called: str,
    definition: str,
    category: str,
    attack: str | None,
    as_json: bool,
) -> None:
    """Make the PROPOSAL of the campaign NAME a failure mode with a name and a definition.

    Narrow it by the same options as when it was proposed.

    \b
    Example:
        interlock campaign name autumn 3fa9c1d20b77 --called story-cover \\
          --definition "Does in a story what it declines outside of one."
    """
    with workspace() as work:
        digest, made = name_mode(
            work,
            name,
            proposal,
            called=called,
            definition=definition,
            among=Among(category=category, attack=attack),
        )
    show({"digest": digest, "mode": _mode(made)}, as_json=as_json, lines=_mode_lines(digest, made))


@campaign.command("link")
@click.argument("mode")
@click.option("--part", type=WORDS, help="A part of a system that guards against it.")
@click.option("--mitigation", type=WORDS, help="Anything else that was put in place.")
@click.option("--boundary", type=WORDS, help="What the product is no longer held out to do.")
@json_option
def campaign_link_command(
    mode: str, part: str | None, mitigation: str | None, boundary: str | None, as_json: bool
) -> None:
    """Say what the failure mode MODE led to: a part, a mitigation, or a boundary of the product.

    \b
    Example:
        interlock campaign link story-cover --part "classifiers guard"
        interlock campaign link story-cover --boundary "It writes no crime fiction."
    """
    given = [(kind, says) for kind, says in _given(part, mitigation, boundary) if says]
    if len(given) != 1:
        raise click.UsageError("give one of --part, --mitigation and --boundary")
    kind, says = given[0]
    with workspace() as work:
        digest, made = link_mode(work, mode, kind=kind, says=says)
    show({"digest": digest, "mode": _mode(made)}, as_json=as_json, lines=_mode_lines(digest, made))


def _given(part: str | None, mitigation: str | None, boundary: str | None) -> list[Any]:
    return [("part", part), ("mitigation", mitigation), ("boundary", boundary)]


def interval(one: Estimate) -> str:
    """A share with its interval, as lists print it."""
    low, high = one.low or 0.0, 1.0 if one.high is None else one.high
    return f"{one.value:.1%} ({low:.1%} to {high:.1%}, {one.n} behaviours)"


def _where(one: Finding) -> str:
    return f"{one.category} / {one.attack or _PLAIN} / {one.metric}"


def _cell(one: FailingCell) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("category", "attack", "metric")},
        **{name: getattr(one, name) for name in ("hit", "tried", "unknown")},
        "rate": content(one.rate),
        "exemplars": [content(ref) for ref in one.exemplars],
    }


def _cell_line(one: FailingCell) -> str:
    unknown = f", {one.unknown} rows nobody could tell" if one.unknown else ""
    return (
        f"{one.category or '(no category)'} / {one.attack or _PLAIN} / {one.metric}: "
        f"{one.hit} of {one.tried} behaviours hit, {interval(one.rate)} of tries{unknown}"
    )


def _status(found: CampaignStatus) -> dict[str, Any]:
    return {
        "digest": found.planned.digest,
        "campaign": content(found.planned.campaign),
        "spent": {"calls": found.calls, "tokens": found.tokens},
        "tried": [_cell(one) for one in found.cells],
        "idle_attacks": list(found.idle),
        "untried_categories": list(found.untried),
        "new_attacks": list(found.new),
        "findings_by_severity": {str(level): n for level, n in found.severities.items()},
        "modes_by_status": found.modes,
    }


def _status_lines(found: CampaignStatus) -> list[str]:
    plan = found.planned.campaign
    calls = f"{found.calls} of {plan.calls}" if plan.calls else str(found.calls)
    tokens = f"{found.tokens} of {plan.tokens}" if plan.tokens else str(found.tokens)
    severities = ", ".join(f"{n} of severity {level}" for level, n in found.severities.items())
    modes = ", ".join(f"{n} {status}" for status, n in found.modes.items())
    return [
        f"{plan.name}: {plan.goal}",
        f"{plan.product}, {plan.period}; {calls} calls, {tokens} tokens spent",
        *(_cell_line(one) for one in found.cells),
        *(f"{one} is new: it was never tried on {plan.product} before" for one in found.new),
        *(f"nothing was tried under {one} yet" for one in found.idle),
        *(f"nothing was tried in {one} yet" for one in found.untried),
        f"findings: {severities or 'none'}; failure modes: {modes or 'none'}",
    ]


def _proposal(one: ProposedMode) -> dict[str, Any]:
    return dataclasses.asdict(one) | {"exemplars": [content(ref) for ref in one.exemplars]}


def _proposal_lines(one: ProposedMode) -> list[str]:
    attacks = ", ".join(attack or _PLAIN for attack in one.attacks)
    shown = ", ".join(ref.item for ref in one.exemplars)
    return [
        f"{one.id}  {one.prompts} prompts, {one.clusters} behaviours, alike by "
        f"{one.cohesion:.2f}: {', '.join(one.terms)}",
        f"  {', '.join(one.categories)} under {attacks}; typical: {shown}"
        + ("" if one.findings else "; no finding speaks of it yet"),
    ]


def _mode(one: FailureMode) -> dict[str, Any]:
    return content(one) | {"status": one.status}


def _mode_lines(digest: str, one: FailureMode) -> list[str]:
    return [
        f"{one.name}  {one.status}  ({digest[:12]}, {len(one.findings)} findings)",
        f"  {one.definition}",
        *(f"  led to {each.kind}: {each.says}" for each in one.led_to),
    ]
