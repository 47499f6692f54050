"""Plug-ins of other distributions, loaded only when a plan names one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, get_args

from interlock.errors import PluginError, TargetError

Group = Literal["interlock.targets", "interlock.attacks", "interlock.judges", "interlock.importers"]
GROUPS: tuple[Group, ...] = get_args(Group)

UNIMPORTABLE = (ImportError, AttributeError, NameError, SyntaxError, TypeError, ValueError, OSError)
"""What importing code of others commonly raises."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A plug-in that is installed; nothing of it is loaded.

    Attributes:
        group: What it is for.
        name: What a plan calls it.
        place: ``module:object`` of what stands behind it.
        distribution: The distribution it came with.
        version: That distribution's version.
    """

    group: Group
    name: str
    place: str
    distribution: str
    version: str

    @property
    def identity(self) -> str:
        """What a trial records: ``NAME (DISTRIBUTION VERSION)``."""
        return f"{self.name} ({self.distribution} {self.version})"


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plug-in that is loaded.

    Attributes:
        object: What its entry point names: an attack itself, a judge or a target as a function
            of the plan's settings that makes one, an importer as a function of a path.
        listed: Which plug-in it is.
    """

    object: Any
    listed: Listed

    def made(self, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a target or a judge
        """What its function makes of the plan's settings, as ``object(**settings)``.

        Raises:
            PluginError: It does not take these settings, or refuses them.
        """
        try:
            return self.object(**{str(name): value for name, value in settings.items()})
        except (TypeError, ValueError) as error:
            raise self.error(f"it does not take what the plan states ({error})") from error

    def error(self, reason: str) -> PluginError:
        """An error about this plug-in."""
        return PluginError(self.listed.group, self.listed.identity, reason)


def installed(group: Group | None = None) -> Iterator[Listed]:
    """Plug-ins that are installed, by group and name; nothing is loaded."""
    for each in (group,) if group else GROUPS:
        found = entry_points(group=each)
        yield from sorted((_listed(each, one) for one in found), key=lambda one: one.name)


def load_plugin(group: Group, name: str) -> Plugin:
    """Load the plug-in of a name.

    Raises:
        PluginError: There is none, two distributions bring one, its import
            fails, or what it names is of the wrong kind.
    """
    found = list(entry_points(group=group, name=name))
    if not found:
        known = ", ".join(one.name for one in installed(group)) or "none"
        fault = f"no distribution that is installed brings it; there are: {known}"
        raise PluginError(group, name, f"{fault}. Install the one that does")
    listed = [_listed(group, one) for one in found]
    if len(listed) > 1:
        which = " and ".join(sorted(f"{one.distribution} {one.version}" for one in listed))
        raise PluginError(group, name, f"{which} both bring it; uninstall one of them")
    try:
        made = found[0].load()
    except UNIMPORTABLE as error:
        fault = f"{found[0].value} cannot be loaded ({type(error).__name__}: {error})"
        raise PluginError(group, listed[0].identity, f"{fault}; mend or reinstall it") from error
    plugin = Plugin(object=made, listed=listed[0])
    _check_kind(plugin)
    return plugin


async def outcome(work: Callable[[], Awaitable[Any]], name: str) -> Any:  # noqa: ANN401 - whatever it gives
    """What code of others gives when it is asked once.

    Whatever it raises is the error of the one row that is asked for, and not
    the trial's; its wish to end the process is no exception.

    Args:
        work: Asks it.
        name: What errors call it.

    Raises:
        TargetError: It raised.
    """

    async def spared() -> Any:  # noqa: ANN401 - as above
        try:
            return await work()
        except SystemExit as error:
            # A task that raises this would end the loop, and with it the trial.
            return error

    made = (await asyncio.gather(spared(), return_exceptions=True))[0]
    if isinstance(made, TargetError):
        raise made
    if isinstance(made, BaseException):
        raise TargetError(name, f"it raised {type(made).__name__}: {made}") from made
    return made


def _listed(group: Group, one: EntryPoint) -> Listed:
    return Listed(
        group=group,
        name=one.name,
        place=one.value,
        distribution=one.dist.name if one.dist else "unknown",
        version=one.dist.version if one.dist else "unknown",
    )


def _check_kind(plugin: Plugin) -> None:
    if plugin.listed.group == "interlock.attacks":
        wanted = ("name", "version", "owasp", "atlas", "apply", "recover")
        absent = [one for one in wanted if not hasattr(plugin.object, one)]
        if absent or isinstance(plugin.object, type):
            lacks = f"it lacks {', '.join(absent)}" if absent else "it is a class"
            raise plugin.error(f"{lacks}; name an attack, an object with {', '.join(wanted)}")
        if plugin.object.name != plugin.listed.name:
            raise plugin.error(f"the attack calls itself {plugin.object.name}; give both one name")
    elif not callable(plugin.object):
        raise plugin.error("it is no function; name one that makes what the plan asks for")
