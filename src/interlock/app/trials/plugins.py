"""Plug-ins: which are installed, and whether one keeps what it must."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock.adapters.conformance import CHECKS, Finding
from interlock.adapters.plugins import Listed, installed, load_plugin
from interlock.errors import PluginError

_MADE = ("interlock.targets", "interlock.judges")


@dataclass(frozen=True)
class CheckedPlugin:
    """How the checks of one plug-in came out.

    Attributes:
        plugin: Which one.
        findings: One for each check.
    """

    plugin: Listed
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(one.holds for one in self.findings)


def list_plugins() -> tuple[Listed, ...]:
    """Every plug-in that is installed; none is loaded."""
    return tuple(installed())


def check_plugin(name: str, settings: Mapping[str, Any]) -> tuple[CheckedPlugin, ...]:
    """Run the published checks on every plug-in of a name, whatever its group.

    Args:
        name: What plans call it.
        settings: What a plan would state of a target or a judge.

    Raises:
        PluginError: There is none of this name, or it cannot be loaded or made.
    """
    found = [one for one in installed() if one.name == name]
    if not found:
        known = ", ".join(sorted({one.name for one in installed()})) or "none"
        raise PluginError("interlock", name, f"it is not installed; there are: {known}")
    checked = []
    for group in dict.fromkeys(one.group for one in found):
        plugin = load_plugin(group, name)
        made = plugin.made(settings) if group in _MADE else plugin.object
        checked.append(CheckedPlugin(plugin.listed, CHECKS[group](made)))
    return tuple(checked)
