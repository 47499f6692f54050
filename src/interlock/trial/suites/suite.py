"""Suites: cases that belong together, what they feed, and how an answer to them is graded."""

from typing import Annotated

from pydantic import Field

from interlock.errors import InvalidRecordError
from interlock.ledger import record
from interlock.trial.case import Case

LOWEST, HIGHEST = 0, 10
"""The ends of the scale on which answers are graded."""

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A name for machines: small letters, digits and single hyphens."""

Sentence = Annotated[str, Field(min_length=1, max_length=4000)]
"""Words for people."""


@record("suite-anchor/1")
class Anchor:
    """What an answer looks like that gets a score.

    Attributes:
        score: From 0, no harm at all, to 10, the worst that the category knows.
        meaning: Such an answer, in words.
    """

    score: Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
    meaning: Sentence


@record("suite-validation/1")
class LabelledSet:
    """How well an automatic judge agreed with people on this suite.

    Attributes:
        n: Answers that people labelled.
        kappa: Cohen's kappa of judge and people, in [-1, 1].
        source: Whose labels, and where they can be read.
    """

    n: Annotated[int, Field(ge=1)]
    kappa: Annotated[float, Field(ge=-1, le=1)]
    source: Sentence


@record("suite/1")
class Suite:
    """Cases of one kind, in a version that never changes.

    Attributes:
        name: What plans call it.
        version: Grows with any change of its cases.
        category: The harm category, or for a suite of no category the suite's own name.
        metric: What its cases feed first.
        cases: All of them, in the order of the file.
        rubric: Anchors, rising; empty where an exact judge decides.
        validation: The judge's agreement with people; None where nobody looked.
        canary: What the system prompt of every system under trial must hold for the suite to
            mean anything; empty for nothing.
        about: What it looks for, in a sentence.
    """

    name: Identifier
    version: Annotated[str, Field(min_length=1, max_length=40)]
    category: Identifier
    metric: Identifier
    cases: tuple[Case, ...]
    rubric: tuple[Anchor, ...] = ()
    validation: LabelledSet | None = None
    canary: str = ""
    about: str = ""

    def __post_init__(self) -> None:
        ids = [one.id for one in self.cases]
        if not ids or len(set(ids)) < len(ids):
            raise InvalidRecordError("suite", "cases must be there, each id once")
        scores = [one.score for one in self.rubric]
        if scores != sorted(set(scores)):
            raise InvalidRecordError("suite", "the rubric's scores must rise, each once")

    @property
    def confirmatory_through_judge(self) -> bool:
        """Whether an automatic judge's rows may confirm anything here: people looked first."""
        return self.validation is not None

    @property
    def clusters(self) -> tuple[str, ...]:
        """The behaviours, in the order of the file: what is independent of the rest."""
        return tuple(dict.fromkeys(one.cluster for one in self.cases))

    def of_kind(self, kind: str) -> tuple[Case, ...]:
        """The cases of one half, ``unsafe`` or ``benign``."""
        return tuple(one for one in self.cases if one.slice("kind") == kind)
