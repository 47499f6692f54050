"""Bundles are read back as they were written, and not otherwise."""

from typing import Any

import pytest

from interlock.admission import Bundle, export
from interlock.errors import InvalidBundleError
from interlock.ledger import canonical, digest, dump, parse
from tests.world import World, make_root, named


@pytest.fixture
def bundle() -> Bundle:
    world = World().begin()
    decision = world.go()
    return export(world.entries, decision, checkpoint=world.note(), records=[dump(make_root())])


def test_a_bundle_is_read_back_as_it_was_written(bundle: Bundle) -> None:
    assert Bundle.parse(bundle.to_bytes()) == bundle
    assert bundle.records == {digest(make_root()): dump(make_root()).decode()}
    state, cosigned = bundle.read(make_root())
    assert state.size == cosigned.checkpoint.size == len(bundle.entries)
    assert state.standing(bundle.decision) == "go"


def test_a_bundle_needs_its_decision_on_the_log(bundle: Bundle) -> None:
    with pytest.raises(InvalidBundleError, match="no such decision"):
        export(bundle.log(), named("x"), checkpoint=bundle.checkpoint)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "interlock-bundle/2"},
        {"note": ""},
        {"decision": "x"},
        {"decision": 1},
        {"entries": "x"},
        {"entries": [1]},
        {"checkpoint": None},
        {"records": []},
        {"records": {"0" * 64: "another text"}},
        {"records": {"0" * 64: 1}},
        {"proof": {}},
        {"proof": {"index": True, "hashes": []}},
        {"proof": {"index": 0, "hashes": ["zz"]}},
    ],
)
def test_a_bundle_of_another_form_is_refused(bundle: Bundle, changes: dict[str, Any]) -> None:
    value = parse(bundle.to_bytes())
    assert isinstance(value, dict)
    with pytest.raises(InvalidBundleError):
        Bundle.parse(canonical(value | changes))


def test_a_bundle_has_one_form(bundle: Bundle) -> None:
    with pytest.raises(InvalidBundleError):
        Bundle.parse(bundle.to_bytes() + b"\n")
