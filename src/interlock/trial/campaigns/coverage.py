"""What has been tried at all: how many behaviours in each category, under each attack and slice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from interlock.errors import NotEstimableError
from interlock.trial.campaigns.tries import Try

COVERAGE_TARGET = 0.40
"""Growth from one quarter to the next that a programme aims at, as a share."""

_OWN = frozenset({"category", "attack", "kind", "campaign"})


class Cell(NamedTuple):
    """One category under one attack, in one value of one slice or in all.

    Attributes:
        category: The harm; empty where rows name none.
        attack: The attack; empty for requests as they come.
        slice: The slice; empty for all rows.
        value: Its value.
    """

    category: str
    attack: str
    slice: str = ""
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Behaviours tried, by cell. It is a count of what was done and estimates nothing.

    Attributes:
        counts: Harmful behaviours with at least one row that has a value, by cell, in order.
    """

    counts: dict[Cell, int]

    @property
    def tests(self) -> int:
        """Behaviours under attacks: each pair of both counts once, however often it was tried."""
        return sum(n for cell, n in self.counts.items() if not cell.slice)

    @property
    def cells(self) -> int:
        """Cells with at least one behaviour."""
        return len(self.counts)

    def growth(self, before: "Coverage") -> float:
        """By what share there are more tests than before; below 0 where there are fewer.

        Raises:
            NotEstimableError: Nothing was tried before: every growth would be infinite.
        """
        if not before.tests:
            raise NotEstimableError("growth of coverage", "nothing was tried in the quarter before")
        return self.tests / before.tests - 1


def coverage_of(tries: Iterable[Try], *, slices: Collection[str] = ()) -> Coverage:
    """Count what was tried.

    Args:
        tries: Rows; those without a value cover nothing, and harmless look-alikes are no tests
            of a harm.
        slices: Slices to count in besides; all that rows carry where empty.
    """
    found: dict[Cell, set[str]] = {}
    for one in tries:
        if one.value is None or one.benign:
            continue
        names = [name for name in one.slices if name not in _OWN and name in (slices or one.slices)]
        cells = [Cell(one.category, one.attack)]
        cells += [Cell(one.category, one.attack, name, one.slices[name]) for name in names]
        for cell in cells:
            found.setdefault(cell, set()).add(one.ref.cluster)
    return Coverage(counts={cell: len(found[cell]) for cell in sorted(found)})
