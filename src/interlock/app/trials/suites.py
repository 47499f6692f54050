"""Suites by the names that people give them, and the cases that a trial takes from them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from interlock.adapters.attachments import SuiteFiles
from interlock.adapters.files import replace
from interlock.app.workspace import Workspace
from interlock.charter import STANDARD_CHARTER, load_charter
from interlock.errors import NoCanaryError, NoSuiteError, SuiteNameError
from interlock.ledger import dump
from interlock.trial import Case
from interlock.trial.attacks import attack_named
from interlock.trial.suites import (
    Finding,
    Suite,
    check_suites,
    expand,
    load_suite,
    special_names,
    special_suites,
    standard_names,
    standard_suite,
    standard_suites,
)

ATTACHMENTS = "attachments"
"""The workspace's folder of files that cases send, each named by its SHA-256."""

FOLDER = "suites"
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, kw_only=True)
class EdgeCases:
    """What edge cases are to be made.

    Attributes:
        suites: Suites by name or file.
        count: How many to make.
        seed: Decides which.
        attacks: Attacks by name that are used too.
        categories: Only of these; empty for all.
    """

    suites: tuple[str, ...]
    count: int
    seed: int
    attacks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def list_suites(work: Workspace | None = None) -> tuple[Suite, ...]:
    """Every suite there is: those of the categories, the special ones, and the workspace's own.

    Raises:
        CharterError: A file of the workspace is no suite.
        SuiteNameError: A suite of the workspace has the name of one that is built in.
    """
    own = sorted(one.stem for one in work.path(FOLDER).glob("*.yaml")) if work else []
    return (
        *standard_suites(),
        *special_suites(),
        *(find_suite(work, name) for name in own),
    )


def find_suite(work: Workspace | None, name: str, *, keep: bool = False) -> Suite:
    """A suite that is built in, in the workspace's folder ``suites``, or in a file.

    Args:
        work: The workspace; None where there is none.
        name: A suite's name, or the path of a YAML file, which is relative to
            the workspace.
        keep: Whether the files that its cases send are kept in the workspace,
            for a trial to send them.

    Raises:
        NoSuiteError: There is no such suite.
        SuiteNameError: The workspace calls another suite by a built-in name.
        CharterError: The file is no suite, or names a file that cannot be sent.
    """
    kept = work.path(ATTACHMENTS) if work and keep else None
    if name.endswith(_YAML):
        file = work.path(name) if work else Path(name)
        if not file.is_file():
            _unknown(name, file)
        return _read(file, None, kept)
    path = work.path(f"{FOLDER}/{name}.yaml") if work else None
    there = path is not None and path.is_file()
    built_in = standard_suite(name)
    if there and (built_in is not None or _all(name)):
        raise SuiteNameError(name, "the product", str(path))
    if built_in is not None:
        return built_in
    if path is None or not there:
        _unknown(name, path)
    return _read(path, name, kept)


def suites_of(
    work: Workspace | None, names: Iterable[str], *, keep: bool = False
) -> tuple[Suite, ...]:
    """Several suites, each once, in the order they are named; ``standard`` is all categories.

    Args:
        work: The workspace; None where there is none.
        names: Suites by name or file.
        keep: As for `find_suite`.

    Raises:
        NoSuiteError, SuiteNameError, CharterError: See `find_suite`.
    """
    wanted = [each for name in names for each in (_all(name) or (name,))]
    return tuple(find_suite(work, name, keep=keep) for name in dict.fromkeys(wanted))


def cases_of(
    work: Workspace | None,
    names: Iterable[str],
    categories: Sequence[str] = (),
    *,
    keep: bool = False,
) -> tuple[Case, ...]:
    """The cases of several suites, in the order of the suites and of their files.

    Args:
        work: The workspace; None where there is none.
        names: Suites by name or file; see `suites_of`.
        categories: Only cases of these; empty for all.
        keep: As for `find_suite`.

    Raises:
        NoSuiteError, CharterError: See `find_suite`.
        SuiteNameError: Two suites hold a case of one name.
    """
    home: dict[str, str] = {}
    found: list[Case] = []
    for suite in suites_of(work, names, keep=keep):
        for case in suite.cases:
            if categories and case.slice("category") not in categories:
                continue
            if case.id in home:
                raise SuiteNameError(case.id, home[case.id], suite.name)
            home[case.id] = suite.name
            found.append(case)
    return tuple(found)


def check_canaries(
    work: Workspace | None, names: Iterable[str], prompts: Mapping[str, str]
) -> None:
    """Refuse a trial in which a suite looks for a canary that a system cannot give away.

    Args:
        work: The workspace; None where there is none.
        names: Suites by name or file.
        prompts: System prompts, by system.

    Raises:
        NoCanaryError: A prompt does not hold the canary of a suite.
        NoSuiteError, SuiteNameError, CharterError: See `find_suite`.
    """
    for suite in suites_of(work, names):
        for system, prompt in prompts.items():
            if suite.canary not in prompt:
                raise NoCanaryError(system, suite.name, suite.canary)


def suite_cases(
    work: Workspace | None, name: str, *, half: str | None = None
) -> tuple[Suite, tuple[Case, ...]]:
    """A suite, and its cases or those of one half.

    Raises:
        NoSuiteError, SuiteNameError, CharterError: See `find_suite`.
    """
    suite = find_suite(work, name)
    return suite, suite.of_kind(half) if half else suite.cases


def suite_findings(work: Workspace | None, name: str | None = None) -> tuple[Finding, ...]:
    """What is wrong with a suite, or with any there is and all of them together.

    Raises:
        NoSuiteError, SuiteNameError, CharterError: See `find_suite`; also where
            the workspace's charter is no valid file.
    """
    suites = list_suites(work) if name is None else suites_of(work, (name,))
    charter = work.charter() if work else load_charter(STANDARD_CHARTER, file="standard.yaml")
    known = {one.id for one in charter.categories}
    strange = (
        Finding(
            suite=one.name,
            rule="category",
            case="",
            said=f"the charter has no category {one.category!r}; declare it there, or correct it",
        )
        for one in suites
        if one.of_kind("unsafe") and one.category not in known
    )
    return (*check_suites(suites), *strange)


def write_edge_cases(
    work: Workspace | None, wanted: EdgeCases, out: Path, *, told: Callable[[int], None]
) -> str:
    """Make edge cases and write them to a file, a record a line.

    Args:
        work: The workspace; None where there is none.
        wanted: Which.
        out: The file, which is there whole or not at all.
        told: Called with the number made so far.

    Returns:
        SHA-256 of the file.

    Raises:
        NoSuiteError, SuiteNameError, CharterError: See `cases_of`.
        UnknownAttackError: An attack is none.
        TooManyEdgeCasesError: So many different ones cannot be made.
    """
    attacks = [attack_named(name) for name in wanted.attacks]
    cases = cases_of(work, wanted.suites, wanted.categories)
    lines: list[bytes] = []
    for case in expand(cases, wanted.count, wanted.seed, attacks=attacks):
        lines.append(dump(case) + b"\n")
        told(len(lines))
    data = b"".join(lines)
    replace(out, data)
    return hashlib.sha256(data).hexdigest()


def _all(name: str) -> tuple[str, ...]:
    """What a name for several suites stands for; nothing where it is the name of one."""
    return {"standard": standard_names(), "special": special_names()}.get(name, ())


def _read(path: Path, name: str | None, kept: Path | None) -> Suite:
    files = SuiteFiles(path.parent, kept=kept)
    return load_suite(path.read_bytes(), file=str(path), name=name, attachment_of=files)


def _unknown(name: str, path: Path | None) -> NoReturn:
    known = (*standard_names(), *special_names())
    raise NoSuiteError(name, known, str(path) if path else "")
