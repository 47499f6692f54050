"""Variants: declared once a product, from an earlier one of it, and worth nothing by themselves."""

from typing import Any

import pytest

from interlock.admission import Variant, fold
from interlock.errors import InvalidRecordError
from interlock.ledger import build, content
from tests.world import BASELINE, CANDIDATE, PRODUCT, VARIANT, World, both, refusal, reread


@pytest.fixture
def world() -> World:
    return World().staffed()


def variant(system: str = CANDIDATE, **changes: Any) -> Variant:
    fields: dict[str, Any] = {
        "system": system,
        "product": PRODUCT,
        "kind": "prompt",
        "parent": "",
        "week": "2026-W47",
        "says": "a shorter prompt",
    }
    return Variant(**fields | changes)


def test_a_variant_stands_beside_what_it_was_made_from(world: World) -> None:
    first = world.do(variant(BASELINE), "pim")
    second = world.do(variant(CANDIDATE, parent=first, kind="guardrail"), "pim")
    found = world.state.variants[PRODUCT, CANDIDATE]
    assert (found.identity, found.act.parent) == (second, first)
    assert fold(world.entries, root=world.root).variants == world.state.variants


def test_a_system_is_a_variant_of_a_product_once(world: World) -> None:
    first = world.do(variant(BASELINE), "pim")
    world.do(variant(CANDIDATE), "pim")
    again = variant(CANDIDATE, parent=first, says="another story of where it is from")
    assert refusal(world, again, "pim") == "variant-twice"
    world.do(variant(CANDIDATE, product="another"), "pim")


def test_a_parent_is_an_accepted_variant_of_the_same_product(world: World) -> None:
    foreign = world.do(variant(BASELINE, product="another"), "pim")
    assert refusal(world, variant(parent=foreign), "pim") == "foreign-parent"
    assert refusal(world, variant(parent="0" * 64), "pim") == "unknown-variant"
    seal = world.do(world.seal(), "pim")
    assert refusal(world, variant(parent=seal), "pim") == "unknown-variant"


def test_only_whoever_may_seal_declares_a_variant(world: World) -> None:
    assert refusal(world, variant(), "lena") == "role-not-held"


@pytest.mark.parametrize(
    "changes",
    [
        {"week": "2026-47"},
        {"week": "2026-W54"},
        {"week": "2026-W00"},
        {"kind": "weights"},
        {"parent": "abc"},
        {"system": ""},
    ],
)
def test_a_variant_that_says_nothing_definite_is_none(changes: dict[str, str]) -> None:
    with pytest.raises(InvalidRecordError):
        build("variant/1", {**content(variant()), **changes})


def test_the_verifier_reads_variants_and_gives_them_no_weight(world: World) -> None:
    first = world.do(variant(BASELINE), "pim")
    world.do(variant(VARIANT, parent=first), "pim")
    world.put(world.signed(variant(VARIANT), "pim"))
    world.put(world.signed(variant(CANDIDATE, parent="0" * 64), "pim"))
    assessment = world.assessed()
    world.voted(assessment)
    decision = world.do(world.decision(assessment), "cleo")
    assert both(world, decision) == "holds"
    reread(world)
