"""The articles of a charter: what is promised, how it is measured, who must agree."""

from typing import Annotated

from pydantic import Field

from interlock.charter.terms import Identifier, Name, Outlook, Share, Text
from interlock.ledger import record


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
