"""The suite file: the short form people write, before it is turned into cases."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag
from pydantic.dataclasses import dataclass

from interlock.trial.case import Speaker
from interlock.trial.suites.suite import Anchor, Identifier, LabelledSet, Sentence

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
"""A language tag, such as ``de`` or ``pt-BR``."""

Said = Annotated[str, Field(min_length=1, max_length=100_000, pattern=r"\S")]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]

Validation = Annotated[
    Annotated[Literal["none"], Tag("none")] | Annotated[LabelledSet, Tag("labelled")],
    Discriminator(lambda stated: "labelled" if isinstance(stated, dict | LabelledSet) else "none"),
]
"""``none``, or the judge's agreement with people."""

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ItemForm:
    """One request of a half, in one turn.

    Attributes:
        id: Its name, which is its cluster's too.
        text: What the user says.
        translations: The same by language, in the same cluster.
    """

    id: Identifier
    text: Sentence
    translations: dict[Language, Sentence] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class TurnForm:
    """One turn under the name of its speaker: ``user: ...``."""

    user: Said | None = None
    assistant: Said | None = None
    document: Said | None = None
    tool: Said | None = None

    def __post_init__(self) -> None:
        if len(self.said) != 1:
            raise ValueError("a turn has one speaker; write user, assistant, document or tool")

    @property
    def said(self) -> list[tuple[Speaker, str]]:
        """Who speaks, and what."""
        speakers: tuple[Speaker, ...] = ("user", "assistant", "document", "tool")
        return [(one, getattr(self, one)) for one in speakers if getattr(self, one) is not None]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class HaystackForm:
    """A sentence hidden in filler of several lengths, which are one cluster.

    Attributes:
        needle: The sentence.
        words: Lengths of the filler, in words; a case each.
        depth: Where it stands, from 0, the beginning, to 1, the end.
    """

    needle: Sentence
    words: Annotated[tuple[Annotated[int, Field(ge=1, le=200_000)], ...], Field(min_length=1)]
    depth: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class CaseForm:
    """One case in full.

    Attributes:
        id: Its name.
        text: What the user says, where that is all; otherwise ``turns``.
        turns: The whole conversation.
        cluster: The behaviour it is one form of; its own name where it stands alone.
        metrics: What it feeds; the suite's metric where nothing is said.
        expects: What an exact judge looks for; the suite's canary where it has one.
        intent: The request in plain words; what the user says where nothing is said.
        slices: Further slices.
        haystack: A document before the user's words, made of filler.
        translations: Of ``text``, by language, in the same cluster.
        attachments: Files sent with it, by their paths from the suite's file.
    """

    id: Identifier
    text: Sentence | None = None
    turns: tuple[TurnForm, ...] = ()
    cluster: Identifier | None = None
    metrics: tuple[Identifier, ...] = ()
    expects: str = ""
    intent: str = ""
    slices: dict[Word, Word] = Field(default_factory=dict)
    haystack: HaystackForm | None = None
    translations: dict[Language, Sentence] = Field(default_factory=dict)
    attachments: Annotated[tuple[Word, ...], Field(max_length=20)] = ()

    def __post_init__(self) -> None:
        if (self.text is None) == (not self.turns):
            raise ValueError("a case has either text or turns; give one of them")
        if self.turns and (self.haystack or self.translations):
            raise ValueError("haystack and translations go with text; write turns out in full")
        if self.attachments and self.turns and not any(one.user for one in self.turns):
            raise ValueError("files go with a user's turn; write one")


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SuiteForm:
    """A suite as people write it: two halves of requests, cases in full, or both.

    Attributes:
        suite: Its name.
        version: Its version.
        category: The harm category; the suite's name where it has none.
        metric: What the unsafe half and the cases feed.
        validation: ``none``, or the judge's agreement with people.
        rubric: Anchors from 0 to 10.
        canary: What the system prompt must hold.
        about: What the suite looks for.
        unsafe: Requests that should be declined.
        benign: Requests that only sound like them.
        cases: Cases in full.
    """

    suite: Identifier
    version: Annotated[str, Field(min_length=1, max_length=40)]
    metric: Identifier
    category: Identifier | None = None
    validation: Validation = "none"
    rubric: tuple[Anchor, ...] = ()
    canary: str = ""
    about: str = ""
    unsafe: tuple[ItemForm, ...] = ()
    benign: tuple[ItemForm, ...] = ()
    cases: tuple[CaseForm, ...] = ()
