"""Who keeps a layer: every required role by somebody of its own, the importer only if need be."""

from collections.abc import Mapping
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.admission import Person, Qualification, State
from interlock.admission.state import Accepted
from interlock.app.keepers import keepers
from interlock.errors import NoKeepersError
from tests.world import FAR, World, make_root

ROLES = ("safety-researcher", "policy-analyst", "legal-counsel")
NOW = "2026-11-01T00:00:00Z"
Roles = Mapping[str, tuple[str, ...]]


def state_of(people: Roles, *, until: str = FAR) -> State:
    """A state in which everybody is enrolled and qualified for what they hold."""
    state = State(make_root())
    state.adoption = Accepted(0, NOW, "a", "root", "", World().adoption(required=ROLES))
    for name, roles in people.items():
        state.people[name] = Person(name=name, key=name, roles=roles)
        for role in roles:
            act = Qualification(person=name, role=role, until=until, previous="")
            state.qualifications[name, role] = Accepted(1, NOW, name + role, "cleo", "", act)
    return state


def kept(people: Roles, importer: str = "paula") -> dict[str, tuple[str, ...]]:
    return dict(keepers(state_of(people), importer=importer, time=NOW))


def test_every_holder_of_a_role_keeps_its_layer() -> None:
    people = {"a": ROLES[:1], "b": ROLES[1:2], "c": ROLES[2:], "d": ROLES[:1]}
    assert kept(people) == {ROLES[0]: ("a", "d"), ROLES[1]: ("b",), ROLES[2]: ("c",)}


def test_a_person_with_two_roles_keeps_one_layer_only() -> None:
    found = kept({"a": ROLES[:2], "b": ROLES[1:2], "c": ROLES[2:]})
    assert found == {ROLES[0]: ("a",), ROLES[1]: ("b",), ROLES[2]: ("c",)}


def test_without_distinct_people_nothing_is_sealed() -> None:
    for people in ({"a": ROLES}, {"a": ROLES, "b": ROLES}, {"a": ROLES[:1], "b": ROLES[1:2]}, {}):
        with pytest.raises(NoKeepersError, match="distinct"):
            kept(people)


def test_a_role_without_a_qualification_keeps_nothing() -> None:
    people = {"a": ROLES[:1], "b": ROLES[1:2], "c": ROLES[2:]}
    with pytest.raises(NoKeepersError):
        keepers(state_of(people, until=NOW), importer="paula", time=NOW)


def test_the_importer_keeps_a_layer_only_where_nobody_else_can() -> None:
    people = {"a": ROLES[:1], "b": ROLES[1:2], "c": ROLES[2:], "d": ROLES[:1]}
    assert kept(people, "d")[ROLES[0]] == ("a",)
    assert kept(people, "c")[ROLES[2]] == ("c",)


@given(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.lists(st.sampled_from(ROLES), unique=True).map(tuple),
        max_size=6,
    ),
    st.sampled_from("abcxyz"),
)
def test_whoever_holds_what_nobody_ever_keeps_two_layers(people: Roles, importer: str) -> None:
    try:
        found = kept(people, importer)
    except NoKeepersError:
        return
    everybody = list(chain.from_iterable(found.values()))
    assert len(everybody) == len(set(everybody))
    assert tuple(found) == ROLES
    assert all(names for names in found.values())
    assert all(role in people[name] for role, names in found.items() for name in names)
