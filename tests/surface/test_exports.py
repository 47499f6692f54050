"""A package's door: one line that says what it is for, few names, each explained."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import interlock

MOST_EXPORTS = 30
LARGER = {"app": 85, "ledger": 50, "measure": 42, "review": 46}
"""Packages with more names than a reader likes. They may only shrink, but for `app`, which has one
name for each action. Records are the words of the domain, and not counted."""


def package(name: str) -> ModuleType:
    return importlib.import_module(f"interlock.{name}")


SOURCE = Path(inspect.getfile(interlock)).parent
STAGES = sorted(one.name for one in pkgutil.iter_modules(interlock.__path__) if one.ispkg)
ROOMS = [
    *(f"app.{room}" for room in ("campaigns", "diagnosis", "judging", "trials", "variants")),
    "measure.diagnostics",
    "measure.simulation",
    "review.pictures",
    *(f"trial.{room}" for room in ("attacks", "campaigns", "judges", "running", "suites")),
]
"""Packages inside a stage that are entered by a door of their own."""
PACKAGES = STAGES + ROOMS
MODULES = sorted(
    one.name
    for one in pkgutil.walk_packages(interlock.__path__, "interlock.")
    if ".examples" not in one.name
)


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What a module defines itself for others: classes and functions without an underscore."""
    for name, thing in vars(module).items():
        own = getattr(thing, "__module__", None) == module.__name__
        if (
            own
            and not name.startswith("_")
            and (inspect.isclass(thing) or inspect.isroutine(thing))
        ):
            yield name, thing


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_says_in_one_line_which_question_it_answers(name: str) -> None:
    told = package(name).__doc__
    assert told
    assert "\n" not in told
    assert told.endswith(".")


@pytest.mark.parametrize("name", [one for one in PACKAGES if one != "adapters"])
def test_exports_are_named_completely_and_in_order(name: str) -> None:
    module = package(name)
    source = ast.parse(inspect.getsource(module))
    imported = [
        alias.asname or alias.name
        for node in source.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(module.__all__) == sorted(imported), "what a package imports, it exports"
    assert len(set(module.__all__)) == len(module.__all__)
    assert list(module.__all__) == in_order(module.__all__)


def in_order(names: list[str]) -> list[str]:
    """Constants first, then classes, then functions, each by name, as ruff sorts them."""
    return sorted(names, key=lambda one: (not one.isupper(), not one[0].isupper(), one))


@pytest.mark.parametrize("name", [one for one in PACKAGES if one not in {"adapters", "errors"}])
def test_a_package_exports_few_names(name: str) -> None:
    things = (getattr(package(name), each) for each in package(name).__all__)
    counted = [each for each in things if not hasattr(each, "__record_kind__")]
    assert len(counted) <= LARGER.get(name, MOST_EXPORTS)


def test_a_package_is_entered_by_its_door_alone() -> None:
    """Adapters have none: they are many small rooms, each imported for itself."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            entered = str(node.module).split(".") if isinstance(node, ast.ImportFrom) else []
            if entered[:1] == ["interlock"] and len(entered) > 2:
                own, door = path.relative_to(SOURCE).parts[0], ".".join(entered[1:])
                known = entered[1] in {own, "adapters"} or door in ROOMS
                assert known, f"{path} enters {door} by a window"


@pytest.mark.parametrize("name", MODULES)
def test_every_public_class_and_function_is_explained(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    for called, thing in public(module):
        told = inspect.getdoc(thing)
        assert told, f"{name}.{called}"
        assert told.split("\n\n")[0].rstrip().endswith("."), f"{name}.{called} starts a sentence"
