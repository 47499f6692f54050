"""Harvested banks: items kept because of how they did, which a sealed draw cannot undo."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Literal

from interlock.admission import Accepted, Seal, State
from interlock.app.workspace import Workspace
from interlock.errors import HarvestedBankError, LostBankError, RecordMissingError
from interlock.trial import BankItem, CaseBank, ItemBank


def check_harvest(
    work: Workspace, state: State, bank: ItemBank, *, product: str, before: int
) -> None:
    """Refuse a bank that keeps a part of an earlier one of the product.

    Who has seen how the items of an earlier bank did could keep those that did
    well. So a bank that shares items with one that was sealed earlier holds
    every item that was measured there on any metric of the shared ones; and
    one of clusters likewise every such cluster and every such request word for
    word, or a new disguise or name of the old requests would do the same. What
    was measured apart, such as harmless look-alikes, may stay away; a larger
    bank is fine, and so is a new one.

    Args:
        work: The workspace.
        state: What the log amounts to.
        bank: The bank of the seal in question.
        product: The product it speaks about.
        before: Index of the seal on the log, or the log's size where it is not sealed yet.

    Raises:
        HarvestedBankError: It is a part.
        LostBankError: The record of an earlier bank is not stored.
    """
    for seal, earlier in _earlier(work, state, product=product, before=before):
        _refuse_part(seal, (bank, earlier), "item")
        if isinstance(bank, CaseBank) and isinstance(earlier, CaseBank):
            _refuse_part(seal, (bank, earlier), "cluster")
            _refuse_part(seal, (bank, earlier), "said")


def _earlier(
    work: Workspace, state: State, *, product: str, before: int
) -> Iterator[tuple[Accepted[Seal], ItemBank]]:
    """The banks sealed earlier: of each its record, since who removes one hides what was seen."""
    for seal in state.of(Seal):
        if not seal.act.bank or seal.act.product != product or seal.index >= before:
            continue
        try:
            bank = work.log.record(seal.act.bank)
        except RecordMissingError as error:
            raise LostBankError(seal.identity, seal.act.bank) from error
        if isinstance(bank, ItemBank):
            yield seal, bank


def _refuse_part(
    seal: Accepted[Seal], banks: tuple[ItemBank, ItemBank], what: Literal["item", "cluster", "said"]
) -> None:
    name: Callable[[BankItem], str] = attrgetter(what)
    bank, earlier = banks
    here = {name(one) for one in bank.items} - {""}
    shared = {metric for one in earlier.items if name(one) in here for metric in one.metrics}
    alike = {name(one) for one in earlier.items if shared.intersection(one.metrics)} - {""}
    if absent := sorted(alike - here):
        told = "request" if what == "said" else what
        raise HarvestedBankError(seal.identity, told, len(absent), absent[0])
