"""The trial plan as people write it: what is sent, where, who judges it, and what it may cost."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from interlock.charter import Schema, read, schema, validated

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Some = Annotated[tuple[Name, ...], Field(min_length=1)]
Stated = Name | dict[Name, Any]
Engine = Literal["interlock", "inspect"]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Budget:
    """What a trial may cost, whole: earlier sessions of it are counted.

    Attributes:
        calls: Calls of systems; 0 for no bound. Neither a judge's calls are counted nor the
            retries of a call, which a patient target makes on its own.
        tokens: Tokens sent and received, as far as the endpoints tell; 0 for no bound.
    """

    calls: Annotated[int, Field(ge=0)] = 0
    tokens: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class TrialPlan:
    """A trial as people write it (``trials/NAME.yaml``).

    What decides the rows is sealed: cases, judges and epochs. Where the systems
    answer, what makes the calls, how many run at once and what they may cost is
    not: it can change between two sessions of one trial.

    Attributes:
        trial: What people call it.
        suites: Built-in suites by name, or files of the workspace.
        categories: Only these harm categories; all where left out.
        cases: How many edge cases are made of the suites besides them; 0 for none.
        seed: Where everything random about the cases starts from.
        attacks: Disguises by name; each gives every case once more, or is worn by edge cases
            where there are any.
        judges: Who scores each metric: an identity, or what an identity is made from.
        epochs: How often each case is run.
        targets: Where each system answers, by the system's name.
        concurrency: How many calls run at once.
        budget: What it may cost.
        engine: What makes the calls: Interlock, or Inspect (extra ``inspect``).
    """

    trial: Name
    suites: Some
    categories: Some = ()
    cases: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    seed: Annotated[int, Field(ge=0, lt=2**52)] = 0
    attacks: Some = ()
    judges: Annotated[dict[Name, Stated], Field(min_length=1)]
    epochs: Annotated[int, Field(ge=1, le=1000)] = 1
    targets: dict[Name, dict[Name, Any]] = Field(default_factory=dict)
    concurrency: Annotated[int, Field(ge=1, le=1000)] = 8
    budget: Budget = Field(default_factory=Budget)
    engine: Engine = "interlock"


def load_plan(text: str | bytes, *, file: str) -> TrialPlan:
    """The plan a YAML file states.

    Args:
        text: The file's content.
        file: The name by which errors call it.

    Raises:
        CharterError: The file is no plain YAML or breaks `plan_schema`; file,
            line and field say where.
    """
    return validated(TrialPlan, read(text, file=file))


def plan_schema() -> Schema:
    """JSON Schema (draft 2020-12) of a trial plan."""
    return schema(TrialPlan, "An Interlock trial plan")
