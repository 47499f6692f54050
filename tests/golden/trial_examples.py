"""Examples of the kinds that `trial` keeps; see `tests.golden.examples`."""

from interlock.trial import ItemBank, Part, System

_PART = Part(name="system-prompt", version="a" * 64)

TRIAL: list[object] = [
    ItemBank(items=("item-1", "item-2", "zwölf")),
    _PART,
    System(name="guard", model="model-7b@2026-03-01", parts=(_PART,)),
]
