"""People's labels: which answers are to be labelled, in what order, and when a label is settled."""

import hashlib
from dataclasses import dataclass

from interlock.errors import ValueOutOfRangeError
from interlock.ledger import canonical
from interlock.trial.judges.scale import LabelScale

SHARE = 0.2
"""The share of tasks that two people label without knowing of each other."""

_WHOLE = 2**64
_DOMAIN = b"interlock-label/1\n"


@dataclass(frozen=True, kw_only=True)
class LabelTask:
    """One answer that people label on one metric.

    What a judge said of it is no part of it: nobody who labels could be shown it.

    Attributes:
        seal: Statement identity of the seal it is evidence for.
        system: Digest or name of the system that answered; never shown.
        item: The case.
        epoch: Which run of the case.
        metric: What is asked of the answer, such as ``harm``.
        prompt_ref: Keyed digest of what was sent, as the text store has it.
        completion_ref: Keyed digest of the answer.
        intent_ref: Keyed digest of the request in plain words; empty for none.
    """

    seal: str
    system: str
    item: str
    epoch: int
    metric: str
    prompt_ref: str
    completion_ref: str
    intent_ref: str = ""

    @property
    def place(self) -> tuple[str, str, str, int, str]:
        """What makes it this task and no other."""
        return (self.seal, self.system, self.item, self.epoch, self.metric)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one person says of one answer, as they sign it.

    Attributes:
        task: The answer; its references hold the label to these very texts.
        name: Its blind name.
        scale: What could be said of it.
        wanted: How many people it needs.
        rater: Who says it.
        value: In the metric's unit; None where it was skipped.
        time: When, as their own machine had it.
    """

    task: LabelTask
    name: str
    scale: LabelScale
    wanted: int
    rater: str
    value: float | None
    time: str

    def signed_bytes(self) -> bytes:
        """What the person's key signs.

        The first line keeps it apart from every other thing that the key signs.
        All is text, so that whatever was written over in a file has bytes too.
        """
        told = vars(self.task) | {
            "name": self.name,
            "scale": self.scale.stated(),
            "wanted": self.wanted,
            "rater": self.rater,
            "value": repr(self.value),
            "time": self.time,
        }
        return _DOMAIN + canonical({key: str(value) for key, value in told.items()})


@dataclass(frozen=True, kw_only=True)
class LabelRow:
    """What people came to on one answer.

    Attributes:
        system: As its task has it.
        item: The case.
        epoch: Which run of the case.
        metric: What was asked.
        value: In the metric's unit, 1 for yes and 0 for no; None while it is not settled.
        raters: Who labelled it, in the order in which they did.
        doubted: Labels beside theirs that count for nothing: no key that may label it
            signed them as they stand.
    """

    system: str
    item: str
    epoch: int
    metric: str
    value: float | None
    raters: tuple[str, ...]
    doubted: int = 0


def wanted(task: LabelTask, *, share: float = SHARE) -> int:
    """How many people label a task: two on the given share of all, one on the rest.

    Which tasks these are follows from the tasks alone: nobody picks them, and
    asking again changes nothing.

    Raises:
        ValueOutOfRangeError: ``share`` is outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueOutOfRangeError("share labelled twice", share, (0.0, 1.0))
    drawn = int(_mixed("twice", *map(str, task.place))[:16], 16)
    return 2 if drawn < share * _WHOLE else 1


def turn_of(task: str, *, rater: str, salt: str) -> str:
    """Where a task comes in one rater's own order: by this text, sorted.

    Arms, items and repeats are mixed, and no two raters tire on the same tasks.
    """
    return _mixed("turn", salt, rater, task)


def blind_name(task: LabelTask, *, salt: str) -> str:
    """A task's name for people who label, from which nobody without the salt learns its arm."""
    return _mixed("blind", salt, *map(str, task.place))[:16]


def _mixed(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
