"""Two arms met on the same prompts, counted as a two by two table."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from interlock.errors import NotEnoughDataError, ValueOutOfRangeError
from interlock.measure.sample import flags, same_length


@dataclass(frozen=True, kw_only=True)
class PairedCounts:
    """On how many pairs the event happened before, after, both times, or never.

    Attributes:
        both: Pairs with the event in both arms.
        only_before: Pairs with the event in the baseline only.
        only_after: Pairs with the event in the candidate only.
        neither: Pairs without the event.

    Raises:
        NotEnoughDataError: There is no pair.
        ValueOutOfRangeError: A cell is negative.
    """

    both: int
    only_before: int
    only_after: int
    neither: int

    def __post_init__(self) -> None:
        least = min(self.both, self.only_before, self.only_after, self.neither)
        if least < 0:
            raise ValueOutOfRangeError("a cell of the paired table", least, (0.0, math.inf))
        if self.n < 1:
            raise NotEnoughDataError("pairs", self.n, 1)

    @classmethod
    def of(cls, before: ArrayLike, after: ArrayLike) -> Self:
        """Count paired flags, both of shape ``(n,)`` and in the same order of pairs.

        Raises:
            NotEnoughDataError: There is no pair.
            MismatchedShapesError: The arms differ in length.
            ValueOutOfRangeError: A value is neither 0 nor 1.
        """
        first, second = flags(before, name="before"), flags(after, name="after")
        same_length(first, second)
        cells = np.bincount(2 * first + second, minlength=4)
        neither, only_after, only_before, both = (int(cell) for cell in cells)
        return cls(both=both, only_before=only_before, only_after=only_after, neither=neither)

    @property
    def n(self) -> int:
        """All pairs."""
        return self.both + self.only_before + self.only_after + self.neither

    @property
    def before(self) -> int:
        """Pairs with the event in the baseline."""
        return self.both + self.only_before

    @property
    def after(self) -> int:
        """Pairs with the event in the candidate."""
        return self.both + self.only_after
