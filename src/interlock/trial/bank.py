"""Item banks: what a prospective sample is drawn from, fixed before anyone knows which items."""

from interlock.errors import InvalidRecordError
from interlock.ledger import record


@record("item-bank/1")
class ItemBank:
    """Every item that a draw may choose, sorted, each once."""

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.items or list(self.items) != sorted(set(self.items)) or "" in self.items:
            raise InvalidRecordError("item bank", "items must be there, sorted, each once")


def load_bank(text: str, *, file: str) -> ItemBank:
    """The bank that a file lists, one item a line.

    Raises:
        InvalidRecordError: There is no line, one is empty, or an item stands
            twice; the file and the line are named.
    """
    lines: dict[str, int] = {}
    for number, item in enumerate(text.splitlines(), start=1):
        if not item or item in lines:
            fault = f"repeats line {lines[item]}" if item else "is empty"
            raise InvalidRecordError("item bank", f"{file}, line {number} {fault}")
        lines[item] = number
    if not lines:
        raise InvalidRecordError("item bank", f"{file} lists no item")
    return ItemBank(items=tuple(sorted(lines)))
