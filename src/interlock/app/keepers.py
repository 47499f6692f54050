"""Who keeps which layer of sealed figures: every required role, and nobody twice."""

from collections.abc import Mapping, Sequence

from interlock.admission import State
from interlock.errors import NoKeepersError

Keepers = Mapping[str, tuple[str, ...]]


def keepers(state: State, *, importer: str, time: str) -> Keepers:
    """The people who keep each required role's layer, by role in the charter's order.

    Everybody who holds the role and a qualification for it, so that nobody's absence keeps figures
    shut for ever; but each person in one layer only. The importer, who may have seen the figures,
    keeps none where others suffice.

    Args:
        state: What the log amounts to.
        importer: Who brings the figures.
        time: When; a qualification lasts beyond it.

    Raises:
        NoKeepersError: There are not as many distinct people as roles.
    """
    holders = {
        role: tuple(
            name
            for name, person in sorted(state.people.items())
            if role in person.roles and state.qualified(name, role, time)
        )
        for role in state.required
    }
    others = {role: _without(names, importer) for role, names in holders.items()}
    chosen = _matched(others) or _matched(holders)
    if chosen is None:
        raise NoKeepersError(state.required)
    kept = {role: [name] for role, name in chosen.items()}
    placed = set(chosen.values())
    for name in sorted({name for names in others.values() for name in names} - placed):
        fewest = min((role for role in others if name in others[role]), key=lambda r: len(kept[r]))
        kept[fewest].append(name)
    return {role: tuple(sorted(kept[role])) for role in state.required}


def _without(names: Sequence[str], importer: str) -> tuple[str, ...]:
    return tuple(name for name in names if name != importer)


def _matched(holders: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    """A person of its own for each role, if there are such (augmenting paths)."""
    taken: dict[str, str] = {}

    def place(role: str, tried: set[str]) -> bool:
        for name in holders[role]:
            if name in tried:
                continue
            tried.add(name)
            if name not in taken or place(taken[name], tried):
                taken[name] = role
                return True
        return False

    if not all(place(role, set()) for role in holders):
        return None
    return {role: name for name, role in taken.items()}
