"""Examples of the kinds that `trial` keeps; see `tests.golden.examples`."""

from interlock.trial import BankItem, ItemBank, Part, System

_PART = Part(name="system-prompt", version="a" * 64)

_ITEM = BankItem(item="item-1", metrics=("harm", "helpfulness"))

TRIAL: list[object] = [
    _ITEM,
    ItemBank(items=(_ITEM, BankItem(item="zwölf", metrics=("harm",)))),
    _PART,
    System(model="model-7b@2026-03-01", parts=(_PART,)),
]
