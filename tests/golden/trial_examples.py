"""Examples of the kinds that `trial` keeps; see `tests.golden.examples`."""

from interlock.trial import BankItem, Component, ItemBank, Part, System, TypedSystem

_PART = Part(name="system-prompt", version="a" * 64)

_COMPONENT = Component(section="decoding", name="temperature", version="0.7")

_ITEM = BankItem(item="item-1", metrics=("harm", "helpfulness"))

TRIAL: list[object] = [
    _ITEM,
    ItemBank(items=(_ITEM, BankItem(item="zwölf", metrics=("harm",)))),
    _PART,
    System(model="model-7b@2026-03-01", parts=(_PART,)),
    _COMPONENT,
    TypedSystem(
        model="model-7b@2026-03-01",
        parts=(_PART,),
        components=(_COMPONENT,),
        features=("file-upload",),
    ),
]
