"""Scales of labels: what people may say of an answer, and when two of them said the same."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

APART = 0.1
"""Numbers of a range without levels agree up to this share of its width."""


@dataclass(frozen=True, kw_only=True)
class LabelLevel:
    """One answer that people may choose.

    Attributes:
        label: Its name.
        score: What it stands for, in the metric's unit.
        meaning: When to choose it.
    """

    label: str
    score: float
    meaning: str


@dataclass(frozen=True, kw_only=True)
class LabelScale:
    """What people may say of an answer on one metric.

    A scale from 0 to 1 without levels is a question of yes or no; any other
    without levels takes a number.

    Attributes:
        low: The least value.
        high: The greatest value.
        levels: What to choose from, in the order in which it is shown.
    """

    low: float = 0.0
    high: float = 1.0
    levels: tuple[LabelLevel, ...] = ()

    @property
    def yes_or_no(self) -> bool:
        """Whether 1 and 0 are all that can be said."""
        return not self.levels and (self.low, self.high) == (0, 1)

    @property
    def tolerance(self) -> float:
        """How far two labels may lie apart and still agree: nothing where levels are chosen."""
        return 0.0 if self.levels or self.yes_or_no else APART * (self.high - self.low)

    @property
    def values(self) -> tuple[float, ...]:
        """All that can be said, rising; nothing where any number of the range can."""
        if self.yes_or_no:
            return (0.0, 1.0)
        return tuple(sorted({one.score for one in self.levels}))

    def has(self, value: float) -> bool:
        """Whether a value can be said."""
        return value in self.values if self.values else self.low <= value <= self.high

    def settled(self, labels: Sequence[float], *, wanted: int) -> float | None:
        """What people came to; None while labels are missing or stand too far apart.

        Where two disagree a third is asked, and the median of all three holds.

        Args:
            labels: The labels that were given.
            wanted: How many people are asked at first.
        """
        if len(labels) < max(wanted, 1):
            return None
        apart = max(labels) - min(labels) > self.tolerance
        if apart and len(labels) % 2 == 0:
            return None
        return float(median(labels))

    def stated(self) -> str:
        """The scale as text, from which `scale_stated` makes it again."""
        return json.dumps(asdict(self), sort_keys=True)


def scale_stated(text: str) -> LabelScale:
    """The scale of a text that `LabelScale.stated` made."""
    fields = json.loads(text)
    levels = tuple(LabelLevel(**one) for one in fields.pop("levels"))
    return LabelScale(**fields, levels=levels)


YES_OR_NO = LabelScale()
"""Whether something is so."""


def value_said(scale: LabelScale, words: str) -> float | None:
    """The value that somebody wrote: a level's name or score, or a number of the range.

    None where it is nothing of the scale. Questions of yes or no have words of their own.
    """
    for one in scale.levels:
        if one.label.casefold() == words.casefold():
            return one.score
    try:
        value = float(words)
    except ValueError:
        return None
    return value if math.isfinite(value) and scale.has(value) else None
