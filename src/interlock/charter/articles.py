"""The articles of a charter: what is promised, how it is measured, who must agree."""

from collections.abc import Iterator
from typing import Annotated, Literal, Protocol

from pydantic import Field

from interlock.charter.hypothesis import Name, Outlook, Share
from interlock.errors import InvalidFieldError
from interlock.ledger import record

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]


@record("principle/1")
class Principle:
    """One thing the product is held to, in a sentence anyone can question."""

    id: Identifier
    text: Text


@record("scale-level/1")
class ScaleLevel:
    """One step of a severity scale; a higher level is worse."""

    level: Annotated[int, Field(ge=0, le=10)]
    meaning: Text


@record("severity-scale/1")
class SeverityScale:
    """How bad one occurrence is, from its lowest level to its highest."""

    id: Identifier
    levels: Annotated[tuple[ScaleLevel, ...], Field(min_length=2)]

    def __post_init__(self) -> None:
        steps = [one.level for one in self.levels]
        if steps != sorted(set(steps)):
            raise ValueError("levels must rise, each once")


@record("crosswalk/1")
class Crosswalk:
    """The same harm under the identifiers of others; an empty list says none matches.

    Attributes:
        ailuminate: Hazard codes of MLCommons AILuminate 1.0.
        nist_ai_600_1: Risk numbers of NIST AI 600-1 section 2, such as ``2.4``.
        owasp_llm_2025: Entries of the OWASP Top 10 for LLM Applications 2025.
        owasp_llm_2026: Entries of its 2026 edition.
    """

    ailuminate: tuple[Name, ...]
    nist_ai_600_1: tuple[Name, ...]
    owasp_llm_2025: tuple[Name, ...]
    owasp_llm_2026: tuple[Name, ...]


@record("harm-category/1")
class HarmCategory:
    """One kind of harm: what belongs to it, how bad it can be, which principle it breaks.

    Attributes:
        id: The value rows carry in ``slice.category``.
        name: What people call it.
        definition: What belongs to it and what does not.
        scale: Id of its severity scale.
        principle: Id of the principle it breaks.
        crosswalk: Where others list it.
    """

    id: Identifier
    name: Name
    definition: Text
    scale: Identifier
    principle: Identifier
    crosswalk: Crosswalk


@record("rubric-level/1")
class RubricLevel:
    """One answer a rater may give and the score it stands for."""

    label: Name
    score: float
    meaning: Text


@record("rubric/1")
class Rubric:
    """How a completion becomes a number; its digest is part of every criterion."""

    id: Identifier
    definition: Text
    levels: Annotated[tuple[RubricLevel, ...], Field(min_length=2)]

    def __post_init__(self) -> None:
        labels = [one.label for one in self.levels]
        if len(set(labels)) < len(labels):
            raise ValueError("a label stands twice")


@record("metric/1")
class Metric:
    """One measured quantity of one completion.

    Attributes:
        name: The value rows carry in ``metric``.
        definition: What is measured.
        direction: Which way is better.
        unit: What one step of it is.
        low: Least value it can take.
        high: Greatest value it can take.
        rubric: Id of the rubric it is scored by unless a hypothesis names
            another; empty where none applies.
    """

    name: Name
    definition: Text
    direction: Outlook
    unit: Name
    low: float
    high: float
    rubric: str = ""

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError("low must be under high")


@record("red-line/1")
class RedLine:
    """What may not happen at all; a failed red line cannot be waived.

    Attributes:
        id: Its name.
        text: The line, in a sentence.
        metric: The 0/1 metric that counts crossings.
        at_most: No hypothesis may ask for less than an upper bound at this share.
        categories: The harm categories it is about; empty for all.
    """

    id: Identifier
    text: Text
    metric: Name
    at_most: Share
    categories: tuple[Identifier, ...] = ()


@record("role/1")
class Role:
    """What a person may act as, and what is expected of them then."""

    id: Identifier
    duty: Text


@record("quorum/1")
class Quorum:
    """Whose go a GO needs, each from another person, and whose dissent is kept beside it."""

    required: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    advisory: tuple[Identifier, ...] = ()


@record("charter/1")
class Charter:
    """What a product promises, in a form that can be measured and voted on.

    Attributes:
        name: What people call it; its digest is what acts refer to.
        principles: What the product is held to.
        scales: Severity scales.
        categories: The kinds of harm.
        red_lines: What may not happen at all.
        metrics: What is measured.
        rubrics: How completions become numbers.
        roles: Who acts.
        quorum: Whose go is needed.
        retrospective: Whether evidence that existed before its seal may lead to GO.
        alpha: Most that the lineage of one criterion may spend, one-sided.
        schedule: ``halving`` gives attempt k of a lineage alpha / 2^k; a list
            gives attempt k its own share of alpha, and none after its end.
    """

    name: Name
    principles: Annotated[tuple[Principle, ...], Field(min_length=1)]
    scales: Annotated[tuple[SeverityScale, ...], Field(min_length=1)]
    categories: Annotated[tuple[HarmCategory, ...], Field(min_length=1)]
    red_lines: tuple[RedLine, ...] = ()
    metrics: Annotated[tuple[Metric, ...], Field(min_length=1)]
    rubrics: tuple[Rubric, ...] = ()
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    quorum: Quorum
    retrospective: Literal["refused", "accepted-by-panel"] = "refused"
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    schedule: Literal["halving"] | tuple[Share, ...] = "halving"

    def __post_init__(self) -> None:
        for field, reason in _faults(self):
            raise InvalidFieldError("charter", field, reason)

    def metric(self, name: str) -> Metric | None:
        """The metric of that name; None where the charter declares none."""
        return next((one for one in self.metrics if one.name == name), None)

    def rubric(self, name: str) -> Rubric | None:
        """The rubric of that id; None where the charter declares none."""
        return next((one for one in self.rubrics if one.id == name), None)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


def _faults(charter: Charter) -> Iterator[tuple[str, str]]:
    """Everything that does not fit together, as (field, reason)."""
    yield from _repeated(charter)
    yield from _dangling(charter)
    quorum = charter.quorum
    for name in sorted(set(quorum.required) & set(quorum.advisory)):
        yield "quorum.advisory", f"{name} is required already"
    if charter.schedule != "halving" and sum(charter.schedule) > 1 + 1e-12:
        yield "schedule", "its shares of alpha must sum to 1 at most"


def _repeated(charter: Charter) -> Iterator[tuple[str, str]]:
    """Names that stand twice in one list."""
    lists: dict[str, tuple[str, ...]] = {
        "principles": _ids(charter.principles),
        "scales": _ids(charter.scales),
        "categories": _ids(charter.categories),
        "red_lines": _ids(charter.red_lines),
        "metrics": tuple(one.name for one in charter.metrics),
        "rubrics": _ids(charter.rubrics),
        "roles": _ids(charter.roles),
        "quorum.required": charter.quorum.required,
        "quorum.advisory": charter.quorum.advisory,
    }
    for field, names in lists.items():
        for k, name in enumerate(names):
            if name in names[:k]:
                yield f"{field}.{k}", f"{name} is declared twice"


def _dangling(charter: Charter) -> Iterator[tuple[str, str]]:
    """Names that refer to nothing."""
    known = {
        "principle": _ids(charter.principles),
        "scale": _ids(charter.scales),
        "category": _ids(charter.categories),
        "rubric": ("", *_ids(charter.rubrics)),
        "metric": tuple(one.name for one in charter.metrics),
        "role": _ids(charter.roles),
    }
    for field, what, name in _references(charter):
        if name not in known[what]:
            yield field, f"no {what} is called {name}"


def _references(charter: Charter) -> Iterator[tuple[str, str, str]]:
    """Every use of a name, as (field, what it must be, name)."""
    for k, category in enumerate(charter.categories):
        yield f"categories.{k}.principle", "principle", category.principle
        yield f"categories.{k}.scale", "scale", category.scale
    for k, metric in enumerate(charter.metrics):
        yield f"metrics.{k}.rubric", "rubric", metric.rubric
    for k, line in enumerate(charter.red_lines):
        yield f"red_lines.{k}.metric", "metric", line.metric
        for j, name in enumerate(line.categories):
            yield f"red_lines.{k}.categories.{j}", "category", name
    for k, name in enumerate(charter.quorum.required):
        yield f"quorum.required.{k}", "role", name
    for k, name in enumerate(charter.quorum.advisory):
        yield f"quorum.advisory.{k}", "role", name


def _ids(articles: tuple[_Identified, ...]) -> tuple[str, ...]:
    return tuple(one.id for one in articles)
