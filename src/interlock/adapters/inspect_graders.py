"""Which models a scorer of Inspect asked for its grades, as a log's header binds them."""

from collections.abc import Mapping
from typing import Any

_ROLE = "grader"


def graders(options: Mapping[str, Any], roles: Mapping[str, Any], candidate: str) -> frozenset[str]:
    """The models that a scorer graded by models asks; empty where their form names none.

    A model given to the scorer goes before the one bound to its role, and
    Inspect asks the candidate where neither is there.

    Args:
        options: What the scorer was made with.
        roles: The models bound to roles in the run.
        candidate: The model that was measured.

    Source:
        Inspect 0.3.285, ``model_graded_qa``, arguments ``model`` and ``model_role``.
    """
    given = options.get("model")
    if given is not None:
        return _named(given)
    role = options.get("model_role", _ROLE)
    if role is None:
        return frozenset({candidate})
    role = role.get("name") if isinstance(role, Mapping) else role
    if not isinstance(role, str):
        return frozenset()
    bound = roles.get(role)
    return frozenset({candidate}) if bound is None else _named(bound)


def _named(found: object) -> frozenset[str]:
    """The names in one model or a list of them; empty if one of them has none."""
    names = [_name(each) for each in (found if isinstance(found, list) else [found])]
    return frozenset(name for name in names if name) if all(names) else frozenset()


def _name(found: object) -> str:
    name = found.get("model") if isinstance(found, Mapping) else found
    return name if isinstance(name, str) else ""
