"""Variants over the weeks: declared, and held against one baseline."""

from interlock.app.variants.declaring import (
    Declared,
    VariantRow,
    VariantTable,
    declare_variant,
    variant_picture,
    variant_table,
)
from interlock.app.variants.results import (
    Tested,
)

__all__ = [
    "Declared",
    "Tested",
    "VariantRow",
    "VariantTable",
    "declare_variant",
    "variant_picture",
    "variant_table",
]
