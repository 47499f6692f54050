"""Commands about plug-ins: which are there, and whether one keeps what it must."""

import json
from typing import Any

import click

from interlock.app.trials import CheckedPlugin, check_plugin, list_plugins
from interlock.cli.doors import REFUSED, json_option, show


@click.group()
def plugins() -> None:
    """Show plug-ins of other distributions, and check one."""


@plugins.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Print every plug-in that is installed; none is loaded by that.

    \b
    Example:
        interlock plugins list
    """
    found = list_plugins()
    lines = [f"{one.group:20} {one.identity}: {one.place}" for one in found]
    show(
        {"plugins": [vars(one) for one in found]},
        as_json=as_json,
        lines=lines or ["no plug-in is installed"],
    )


@plugins.command("check")
@click.argument("name")
@click.option(
    "--set",
    "stated",
    metavar="KEY=VALUE",
    multiple=True,
    help="What a plan would state of it, a value as JSON or as plain text; repeatable.",
)
@json_option
def check_command(name: str, stated: tuple[str, ...], as_json: bool) -> None:
    """Run the published checks on the plug-in NAME, and exit 0 only if all of them hold.

    This runs the plug-in's code, a target's calls included.

    \b
    Examples:
        interlock plugins check shouting
        interlock plugins check my-model --set url=http://127.0.0.1:8480/v1
    """
    checked = check_plugin(name, dict(_pair(one) for one in stated))
    show(
        {"plugins": [_facts(one) for one in checked]},
        as_json=as_json,
        lines=[line for one in checked for line in _lines(one)],
    )
    if not all(one.holds for one in checked):
        raise SystemExit(REFUSED)


def _pair(stated: str) -> tuple[str, Any]:
    key, equals, value = stated.partition("=")
    if not key or not equals:
        raise click.UsageError(f"--set {stated}: write it as KEY=VALUE")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _facts(one: CheckedPlugin) -> dict[str, Any]:
    return {
        **vars(one.plugin),
        "holds": one.holds,
        "findings": [vars(each) for each in one.findings],
    }


def _lines(one: CheckedPlugin) -> list[str]:
    first = f"{one.plugin.identity} of {one.plugin.group}: {'holds' if one.holds else 'BROKEN'}"
    words = (
        f"  holds   {each.check}" if each.holds else f"  BROKEN  {each.check}: {each.said}"
        for each in one.findings
    )
    return [first, *words]
