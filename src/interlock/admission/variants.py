"""Variants: which systems a product was tried as, and what each was made from."""

from interlock.admission.acts import Variant
from interlock.admission.refusal import need
from interlock.admission.state import Accepted, State


def variant(state: State, said: Accepted[Variant]) -> None:
    """A system is a variant of a product, made from an earlier one; it permits nothing.

    A parent stands on the log before its child, so that descent never turns
    back on itself.

    Raises:
        RefusedActError: The system was declared before, or the parent is no
            variant of the same product.
    """
    act = said.act
    need(
        (act.product, act.system) not in state.variants,
        "variant-twice",
        "this system is a variant of the product already; declare another system",
    )
    parent = state.find(act.parent, Variant)
    need(
        not act.parent or parent is not None,
        "unknown-variant",
        "the parent is no accepted variant; declare it first, or name none",
    )
    need(
        parent is None or parent.act.product == act.product,
        "foreign-parent",
        "the parent is a variant of another product; name one of this product, or none",
    )
    state.variants[act.product, act.system] = said
