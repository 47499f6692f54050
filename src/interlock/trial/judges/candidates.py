"""Who may not judge: a model its own answers, and the model of the demonstration anything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from interlock.errors import DemoJudgeError, JudgeIsCandidateError
from interlock.trial.conversation import Judge
from interlock.trial.judges.grader import ModelJudge, is_demo, plain_model
from interlock.trial.judges.panel import PanelJudge

_LOCAL = (".local", ".internal", ".localhost", ".lan")
_HERE = {"127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104 - compared, not bound


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A system that is judged.

    Attributes:
        name: What people call it.
        models: What it says its model is: in its manifest, and in the plan where that says so.
        endpoint: Where it answers: a URL, a function, a plug-in; empty for nowhere.
    """

    name: str
    models: tuple[str, ...]
    endpoint: str = ""


def refuse_self_judging(judges: Iterable[Judge], contenders: Sequence[Contender]) -> None:
    """Refuse judges that are among those judged, or that are the model of a demonstration.

    Models are the same by the last part of their names, in any case, without a
    snapshot's date. An endpoint on this machine or on a private network serves
    one model under whatever name it is asked for: a judge there is the system
    that answers there. Public endpoints serve many, and names decide. What a
    provider serves under a name no check can see.

    Raises:
        JudgeIsCandidateError: A judge is a system of the plan.
        DemoJudgeError: A judge is a demonstration's model.
    """
    for judge in judges:
        for model in _models(judge):
            _refuse(model, contenders)


def _models(judge: Judge) -> Iterator[ModelJudge]:
    if isinstance(judge, ModelJudge):
        yield judge
    if isinstance(judge, PanelJudge):
        for member in judge.members:
            yield from _models(member)


def _refuse(judge: ModelJudge, contenders: Sequence[Contender]) -> None:
    if is_demo(judge.grading.model, judge.barred):
        raise DemoJudgeError(judge.identity)
    named, here = plain_model(judge.grading.model), _place(judge.endpoint)
    for contender in contenders:
        if named in map(plain_model, contender.models):
            raise JudgeIsCandidateError(judge.identity, contender.name, "the same model")
        if judge.endpoint and here == _place(contender.endpoint) and _serves_one(here[0]):
            raise JudgeIsCandidateError(judge.identity, contender.name, "at the same endpoint")


def _place(endpoint: str) -> tuple[str, int]:
    """Host and port of a URL; anything else stands for itself."""
    if "://" not in endpoint:
        return f"({endpoint})", 0
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return ("localhost" if host in _HERE else host), port


def _serves_one(host: str) -> bool:
    """Whether a place serves one model: a private address, a plain name, a function."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.startswith("(") or host.endswith(_LOCAL)
