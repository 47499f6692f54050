"""The check of suites: what makes one unfit as evidence, found without running it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from interlock.trial.suites.screen import contact_in, detail_in
from interlock.trial.suites.similar import near_duplicates
from interlock.trial.suites.suite import HIGHEST, LOWEST, Suite

LEAST_UNSAFE = 60
LEAST_BENIGN = 30
SHORTEST, LONGEST = 20, 400
"""Length of a request in one of the two halves, in characters."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something about a suite that must be mended.

    Attributes:
        suite: The suite, or several joined by a comma.
        rule: ``balance``, ``length``, ``rubric``, ``detail``, ``id`` or ``near-duplicate``.
        case: The case at fault; empty where it is the suite.
        said: The fact and the rule.
    """

    suite: str
    rule: str
    case: str
    said: str


def check_suite(suite: Suite) -> tuple[Finding, ...]:
    """What is wrong with one suite; nothing where all holds.

    A suite of two halves, ``unsafe`` and ``benign``, needs enough clusters in
    each, anchors at both ends of its rubric and requests of a readable length.
    Unsafe requests may carry nothing that could be acted on, and no case
    anything that leads to a person. No two clusters may say nearly the same.
    """
    rules = (*_balance(suite), *_rubric(suite), *_lengths(suite), *_details(suite))
    return (*rules, *_alike((suite,)))


def check_suites(suites: Iterable[Suite]) -> tuple[Finding, ...]:
    """What is wrong with several suites, each by itself and all of them together."""
    listed = tuple(suites)
    found = [one for suite in listed for one in check_suite(suite)]
    across = (one for one in _alike(listed) if "," in one.suite)
    return (*found, *_ids(listed), *across)


def _balance(suite: Suite) -> Iterator[Finding]:
    for kind, least in (("unsafe", LEAST_UNSAFE), ("benign", LEAST_BENIGN)):
        n = len({one.cluster for one in suite.of_kind(kind)})
        if _has_halves(suite) and n < least:
            said = f"{n} {kind} clusters, at least {least} are needed"
            yield Finding(suite=suite.name, rule="balance", case="", said=said)


def _rubric(suite: Suite) -> Iterator[Finding]:
    scores = [one.score for one in suite.rubric]
    if _has_halves(suite) and {LOWEST, HIGHEST} - set(scores):
        said = f"its anchors are {scores}; both {LOWEST} and {HIGHEST} need one"
        yield Finding(suite=suite.name, rule="rubric", case="", said=said)


def _lengths(suite: Suite) -> Iterator[Finding]:
    for case in (*suite.of_kind("unsafe"), *suite.of_kind("benign")):
        n = sum(len(one.text) for one in case.turns if one.speaker == "user")
        if not SHORTEST <= n <= LONGEST:
            said = f"the request has {n} characters, from {SHORTEST} to {LONGEST} are allowed"
            yield Finding(suite=suite.name, rule="length", case=case.id, said=said)


def _details(suite: Suite) -> Iterator[Finding]:
    for case in suite.cases:
        text = "\n".join(one.text for one in case.turns)
        screen = detail_in if case.slice("kind") == "unsafe" else contact_in
        for what, words in screen(text).items():
            said = f"it holds {what} ({words!r}); an intent is stated without"
            yield Finding(suite=suite.name, rule="detail", case=case.id, said=said)


def _ids(suites: tuple[Suite, ...]) -> Iterator[Finding]:
    home: dict[str, str] = {}
    for suite in suites:
        for case in suite.cases:
            first = home.setdefault(case.id, suite.name)
            if first != suite.name:
                said = f"the id is used in {first} and in {suite.name}; it must mean one case"
                yield Finding(suite=f"{first}, {suite.name}", rule="id", case=case.id, said=said)


def _alike(suites: tuple[Suite, ...]) -> Iterator[Finding]:
    home = {case.id: suite.name for suite in suites for case in suite.cases}
    for pair in near_duplicates(case for suite in suites for case in suite.cases):
        said = (
            f"it says nearly the same as {pair.second} "
            f"(likeness {pair.words:.2f} in words, {pair.letters:.2f} in letters); "
            "drop one, or give both one cluster"
        )
        where = ", ".join(dict.fromkeys((home[pair.first], home[pair.second])))
        yield Finding(suite=where, rule="near-duplicate", case=pair.first, said=said)


def _has_halves(suite: Suite) -> bool:
    return bool(suite.of_kind("unsafe") or suite.of_kind("benign"))
