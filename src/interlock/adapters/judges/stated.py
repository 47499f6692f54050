"""Judges from what a plan states of them; what steers them is fixed before anything is run."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from interlock.adapters.judges.files import read_classifier
from interlock.adapters.local_model import DEMO_MODELS
from interlock.adapters.plugins import outcome
from interlock.adapters.targets import NEWEST, read_target
from interlock.errors import BadJudgeError
from interlock.trial import AUTOMATIC, Case, Judge, Ruling, Target, Turn, judge_kind
from interlock.trial.judges import (
    AnswerJudge,
    CanaryJudge,
    ComplianceRule,
    Grading,
    ModelJudge,
    OverRefusalRule,
    PanelJudge,
    PatternRule,
    SafePattern,
    UnsupportedJudge,
    refuse_self_judging,
)

BUILT_IN: tuple[Judge, ...] = (
    CanaryJudge(),
    AnswerJudge(),
    UnsupportedJudge(),
    ComplianceRule(),
    OverRefusalRule(),
)
"""The judges that need nothing but their name."""

_DEEPEST = 3
_NAMED_BY_PLACE = ("callable", "plugin")
_IDENTITY = re.compile(rf"({'|'.join(AUTOMATIC)}):[^\s#]+(#[0-9a-f]{{12}})?")
_GRADED = ("question", "range", "decoding")


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What judges are made with.

    Attributes:
        folder: Where files of classifiers are named from.
        seed: The plan's seed.
        open_target: Opens an endpoint from what the plan states of it; no call is made.
        plugin: Finds a judge by the name of its plug-in, with what the plan states of it.
    """

    folder: Path
    seed: int
    open_target: Callable[[Mapping[str, Any]], Target]
    plugin: Callable[[str, Mapping[str, Any]], Judge]


def judge_of(stated: object, bench: Bench) -> Judge:
    """The judge that a plan states.

    Args:
        stated: A name (``rule:refusal/1``, with or without its digest), or one of
            ``{regex: PATTERN, name: NAME}``, ``{classifier: FILE}``, ``{model: TARGET, question:
            TEXT, range: [LOW, HIGH], decoding: {...}}`` (a target as `read_target` has it),
            ``{plugin: NAME, ...}`` and ``{panel: [JUDGE, ...], counting: majority, name: NAME}``.
        bench: What judges are made with.

    Raises:
        BadJudgeError: It is none of these, or is not what its digest says.
        BadTargetError: A model's endpoint is not stated as it must be.
        DemoJudgeError: It is the model of the demonstration.
        PluginError: The plug-in is absent or broken.
    """
    return _made(stated, bench, 0)


def _made(stated: object, bench: Bench, depth: int) -> Judge:
    if isinstance(stated, str):
        return _named(stated)
    if not isinstance(stated, dict):
        raise BadJudgeError(
            str(stated), "write a name such as rule:refusal/1, or what it is made from"
        )
    if depth >= _DEEPEST:
        raise BadJudgeError("panel", "panels stand in panels in panels; name the judges themselves")
    match stated:
        case {"regex": str(pattern), **rest} if _only(rest, "name"):
            return PatternRule(SafePattern(pattern), _name(rest, "regex"))
        case {"classifier": str(file), **rest} if not rest:
            return read_classifier(bench.folder / file)
        case {"model": dict(target), **rest} if _only(rest, *_GRADED):
            return _model(target, rest, bench)
        case {"plugin": str(name), **rest}:
            return _automatic(name, bench.plugin(name, rest))
        case {"panel": list(members), **rest} if _only(rest, "counting", "name"):
            return _panel([_made(one, bench, depth + 1) for one in members], rest)
    raise BadJudgeError(
        ", ".join(map(str, stated)),
        "a judge is made from one of regex, classifier, model, plugin and panel, and from nothing "
        "that these do not know",
    )


def _named(identity: str) -> Judge:
    plain, _, digest = identity.partition("#")
    for judge in BUILT_IN:
        if judge.identity.partition("#")[0] == plain:
            if digest and judge.identity != identity:
                fault = f"this version is {judge.identity}; name that one and seal again"
                raise BadJudgeError(identity, fault)
            return judge
    if judge_kind(identity) == "human":
        raise BadJudgeError(identity, "people are no program; they label with `interlock label`")
    known = ", ".join(judge.identity.partition("#")[0] for judge in BUILT_IN)
    raise BadJudgeError(identity, f"there is none of this name; known are {known}")


def _automatic(name: str, judge: Judge) -> Judge:
    """A plug-in's judge: of a kind whose errors must be known, whatever it would like to be."""
    if not _IDENTITY.fullmatch(judge.identity):
        fault = (
            f"it calls itself {judge.identity!r}, and must be {'/'.join(AUTOMATIC)}:NAME/VERSION"
        )
        raise BadJudgeError(f"plugin {name}", fault)
    if isinstance(judge, ModelJudge | PanelJudge):
        # As it is, so that who may not judge is still seen; its faults are those of its target.
        return judge
    return _Plugged(judge, judge.identity)


@dataclass(frozen=True)
class _Plugged:
    """A plug-in's judge, whose faults leave single rows unscored."""

    judged_by: Judge
    identity: str

    async def judge(self, case: Case, said: Sequence[Turn]) -> Ruling:
        ruling: Ruling = await outcome(partial(self.judged_by.judge, case, said), self.identity)
        return ruling


def _model(target: dict[str, Any], rest: dict[str, Any], bench: Bench) -> Judge:
    found = read_target(target)
    model = found.model or (found.place if found.kind in _NAMED_BY_PLACE else "")
    if not model:
        fault = "its target names no model; write {model: {openai: URL, model: NAME}}"
        raise BadJudgeError(found.named, fault)
    asked: dict[str, Any] = {}
    match rest.get("question", ""), rest.get("range", [0, 1]), rest.get("decoding", {}):
        case str(question), [int() | float() as low, int() | float() as high], dict(decoding):
            asked = {"low": float(low), "high": float(high)}
            if question:
                asked["question"] = question
            if decoding:
                asked["decoding"] = _settings(model, decoding)
            elif found.kind == "anthropic" and found.version >= NEWEST:
                # The standard ones without temperature, which this version of the API refuses.
                asked["decoding"] = (("max_tokens", 300),)
        case _:
            fault = "its question is a text, its range two numbers [LOW, HIGH]"
            raise BadJudgeError(f"model:{model}", fault)
    judge = ModelJudge(
        target=bench.open_target(target),
        grading=Grading(model=model, **asked),
        seed=bench.seed,
        endpoint=found.place,
        barred=DEMO_MODELS,
    )
    refuse_self_judging([judge], ())
    return judge


def _settings(model: str, decoding: Mapping[str, Any]) -> tuple[tuple[str, float | int | str], ...]:
    for name, value in decoding.items():
        if not isinstance(value, int | float | str):
            raise BadJudgeError(f"model:{model}", f"its setting {name} must be a number or a text")
    return tuple(sorted(decoding.items()))


def _panel(members: list[Judge], rest: dict[str, Any]) -> Judge:
    match rest.get("counting", "majority"):
        case "majority" | "any" as counting:
            return PanelJudge(tuple(members), counting, _name(rest, ""))
    raise BadJudgeError("panel", "it counts by majority or any; write one of them")


def _name(rest: Mapping[str, Any], otherwise: str) -> str:
    name = rest.get("name", otherwise)
    if not isinstance(name, str):
        raise BadJudgeError(str(name), "a judge's name is a text")
    return name


def _only(rest: Mapping[str, Any], *known: str) -> bool:
    return set(rest) <= set(known)
