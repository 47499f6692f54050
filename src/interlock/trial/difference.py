"""What differs between two systems, and which evidence that makes stale."""

from collections.abc import Collection
from dataclasses import dataclass

from interlock.charter import Charter
from interlock.trial.system import System, parts_of


@dataclass(frozen=True, kw_only=True)
class PartDifference:
    """One part in which two systems differ.

    Attributes:
        part: What charters call it: ``model``, a kind of part, ``features``, or
            the own name of a part of no declared kind.
        name: Its name among parts of the kind; empty where there is but one.
        before: Its version in the first system; empty where it has none.
        after: Its version in the second; empty where it has none.
    """

    part: str
    name: str
    before: str
    after: str

    @property
    def change(self) -> str:
        """What became of it: added, removed or changed."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class Difference:
    """Everything in which two systems differ, sorted; nothing for the same system."""

    parts: tuple[PartDifference, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """The parts that differ, by the names charters use, sorted, each once."""
        return tuple(sorted({one.part for one in self.parts}))


def diff(before: System, after: System) -> Difference:
    """Compare two systems part by part."""
    first, second = parts_of(before), parts_of(after)
    return Difference(
        tuple(
            PartDifference(
                part=part,
                name=name,
                before=first.get((part, name), ""),
                after=second.get((part, name), ""),
            )
            for part, name in sorted(first.keys() | second.keys())
            if first.get((part, name)) != second.get((part, name))
        )
    )


def stale(difference: Difference, charter: Charter, metrics: Collection[str]) -> tuple[str, ...]:
    """The metrics whose evidence on the first system says nothing about the second, sorted.

    A part that the charter has no rule for touches every metric: it must be
    written down that a change is harmless, never that it is not.

    Args:
        difference: How the systems differ.
        charter: The charter in force.
        metrics: The metrics there is evidence on.
    """
    rules = {rule.part: set(rule.metrics) for rule in charter.staleness}
    touched: set[str] = set()
    for part in difference.changed:
        touched |= rules.get(part, set(metrics))
    return tuple(sorted(touched & set(metrics)))
