"""The charter as a whole: its articles, and whether they fit together."""

from collections.abc import Iterator
from typing import Annotated, Literal, Protocol

from pydantic import Field

from interlock.charter.articles import (
    HarmCategory,
    Metric,
    Principle,
    Quorum,
    RedLine,
    Role,
    Rubric,
    SeverityScale,
)
from interlock.charter.practice import Changes, Feature, Staleness
from interlock.charter.scores import NamedScore
from interlock.charter.terms import Name, Share
from interlock.errors import InvalidFieldError
from interlock.ledger import Json, record, upcast


@record("charter/2")
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
        changes: What a change of each class needs.
        evidence_days: How long evidence bears a GO, in days from its first
            import; 0 where it does not age.
        features: Features that wait for a campaign.
        staleness: What a change of a part touches; a part not listed touches all.
        scores: Risk scores that every assessment must carry.
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
    changes: Changes = Changes()
    evidence_days: Annotated[int, Field(ge=0, le=36500)] = 0
    features: tuple[Feature, ...] = ()
    staleness: tuple[Staleness, ...] = ()
    scores: tuple[NamedScore, ...] = ()

    def __post_init__(self) -> None:
        for field, reason in _faults(self):
            raise InvalidFieldError("charter", field, reason)

    def metric(self, name: str) -> Metric | None:
        """The metric of that name; None where the charter declares none."""
        return next((one for one in self.metrics if one.name == name), None)

    def rubric(self, name: str) -> Rubric | None:
        """The rubric of that id; None where the charter declares none."""
        return next((one for one in self.rubrics if one.id == name), None)


@upcast("charter/1", "charter/2")
def _first(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version knew one class of change, and nothing that ages, waits or is scored."""
    return fields


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
        "changes.emergency": charter.changes.emergency,
        "changes.standard_parts": charter.changes.standard_parts,
        "features": _ids(charter.features),
        "staleness": tuple(one.part for one in charter.staleness),
        "scores": _ids(charter.scores),
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
    roles = {
        "quorum.required": charter.quorum.required,
        "quorum.advisory": charter.quorum.advisory,
        "changes.emergency": charter.changes.emergency,
    }
    for field, names in roles.items():
        for k, name in enumerate(names):
            yield f"{field}.{k}", "role", name
    yield from _measured(charter)


def _measured(charter: Charter) -> Iterator[tuple[str, str, str]]:
    """Every metric that the rules of practice name."""
    for k, feature in enumerate(charter.features):
        yield f"features.{k}.metric", "metric", feature.metric
    for k, rule in enumerate(charter.staleness):
        for j, name in enumerate(rule.metrics):
            yield f"staleness.{k}.metrics.{j}", "metric", name


def _ids(articles: tuple[_Identified, ...]) -> tuple[str, ...]:
    return tuple(one.id for one in articles)
