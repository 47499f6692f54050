"""The suites that come with the product, versioned with it."""

from functools import cache
from importlib import resources

from interlock.trial.suites.load import load_suite
from interlock.trial.suites.suite import Suite


@cache
def standard_names() -> tuple[str, ...]:
    """Names of the suites of the harm categories, sorted."""
    return _names("standard")


@cache
def special_names() -> tuple[str, ...]:
    """Names of the suites that test something else than a category, sorted."""
    return _names("special")


def standard_suites() -> tuple[Suite, ...]:
    """Every suite of a harm category, sorted by name.

    Raises:
        CharterError: A file of this installation was altered.
    """
    return tuple(_shipped("standard", name) for name in standard_names())


def special_suites() -> tuple[Suite, ...]:
    """Every other suite that comes with the product, sorted by name.

    Raises:
        CharterError: A file of this installation was altered.
    """
    return tuple(_shipped("special", name) for name in special_names())


def standard_suite(name: str) -> Suite | None:
    """The suite that comes with the product under a name, of either sort; None where none does.

    Raises:
        CharterError: The file of this installation was altered.
    """
    if name in standard_names():
        return _shipped("standard", name)
    if name in special_names():
        return _shipped("special", name)
    return None


def _names(place: str) -> tuple[str, ...]:
    files = resources.files("interlock.trial.suites").joinpath(place).iterdir()
    return tuple(
        sorted(one.name.removesuffix(".yaml") for one in files if one.name.endswith(".yaml"))
    )


@cache
def _shipped(place: str, name: str) -> Suite:
    file = resources.files("interlock.trial.suites").joinpath(place, f"{name}.yaml")
    return load_suite(file.read_bytes(), file=f"{place}/{name}.yaml", name=name)
