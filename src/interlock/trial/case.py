"""Cases: what is sent to a system, what it stands for, and what is measured on the answer."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.charter import SliceValue
from interlock.errors import InvalidRecordError
from interlock.ledger import record

Speaker = Literal["user", "assistant", "document", "tool"]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
"""A name without white space."""


@record("turn/1")
class Turn:
    """One piece of a conversation.

    Attributes:
        speaker: ``user`` and ``assistant`` as chats have them. A ``document`` is text that the
            product was given to read, a ``tool`` what a tool answered; where an endpoint knows
            neither, they are sent as quoted parts of the user's turn.
        text: What is said. An ``assistant`` turn is put into the system's mouth; between two
            ``user`` turns without one, the system answers for itself.
    """

    speaker: Speaker
    text: str


@record("attachment/1")
class Attachment:
    """A file that is sent with a case, named by its content.

    Attributes:
        digest: SHA-256 of its bytes, hex.
        media_type: Such as ``image/png``.
        width: In pixels; 0 where it has none.
        height: In pixels; 0 where it has none.
    """

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: str
    width: int = 0
    height: int = 0


@record("case/1")
class Case:
    """One prompt, or one scripted conversation, that a system is tried on.

    Attributes:
        id: Its name; the item of its observations.
        cluster: The behaviour it stands for. Templates, paraphrases, translations and attacks of
            one behaviour are one cluster: they are not independent of each other.
        metrics: What can be measured on the answer, sorted.
        turns: What is sent after the system's own prompt, in order; the last one is the user's,
            a document's or a tool's.
        slices: Such as category, kind (``unsafe`` or ``benign``), language, attack; sorted.
        intent: The request in plain words, whatever disguise the turns wear. Judges read it.
        expects: What an exact judge looks for: a canary, an answer; empty for nothing.
        attachments: Files sent with the first turn.
    """

    id: Word
    cluster: Word
    metrics: tuple[str, ...]
    turns: tuple[Turn, ...]
    slices: tuple[SliceValue, ...] = ()
    intent: str = ""
    expects: str = ""
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        if not self.metrics or list(self.metrics) != sorted(set(self.metrics)):
            raise InvalidRecordError("case", "metrics must be there, sorted, each once")
        if not self.turns or self.turns[-1].speaker == "assistant":
            raise InvalidRecordError("case", "the last turn is what the system answers")
        names = [one.slice for one in self.slices]
        if names != sorted(set(names)):
            raise InvalidRecordError("case", "slices must be sorted by name, each once")

    def slice(self, name: str) -> str:
        """Its value in a slice; empty where it has none."""
        return next((one.value for one in self.slices if one.slice == name), "")
