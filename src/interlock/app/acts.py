"""Acts by the names people type: a statement identity, or enough of its beginning."""

from typing import Any, TypeVar

from interlock.admission import Accepted, Decision, State
from interlock.errors import AmbiguousNameError, NotOnLogError
from interlock.ledger import kind_of

Act = TypeVar("Act")

SHORTEST_PREFIX = 6


def find_act(state: State, name: str, kind: type[Act]) -> Accepted[Act]:
    """The accepted act of one kind that an identity, or its first six digits or more, names.

    Raises:
        NotOnLogError: The log holds no such act that counts.
        AmbiguousNameError: Several identities begin so.
    """
    found = [each for each in state.of(kind) if _matches(each, name)]
    if len(found) > 1:
        raise AmbiguousNameError(name, len(found))
    if not found:
        raise NotOnLogError(name, _word(kind))
    return found[0]


def find_any(state: State, name: str) -> Accepted[Any]:
    """The accepted act of whatever kind that a name names; see `find_act`."""
    found = [each for each in state.accepted.values() if _matches(each, name)]
    if len(found) > 1:
        raise AmbiguousNameError(name, len(found))
    if not found:
        raise NotOnLogError(name, "act")
    return found[0]


def claimed_decision(state: State, name: str) -> str:
    """The identity of a decision that counts, or of a statement that has no effect.

    Whoever asks about a refused decision is told why it was refused.

    Raises:
        NotOnLogError: Neither begins so.
        AmbiguousNameError: Several identities begin so.
    """
    refused = {each.identity for each in state.refused if _begins(each.identity, name)}
    if len(refused - state.accepted.keys()) == 1:
        return refused.pop()
    return find_act(state, name, Decision).identity


def word_of(act: object) -> str:
    """What people call this kind of act: ``vote``, ``seal``."""
    return kind_of(act).partition("/")[0].replace("-", " ")


def _matches(act: Accepted[Any], name: str) -> bool:
    return _begins(act.identity, name)


def _begins(identity: str, name: str) -> bool:
    return len(name) >= SHORTEST_PREFIX and identity.startswith(name)


def _word(kind: type[Any]) -> str:
    return kind.__name__.lower()
