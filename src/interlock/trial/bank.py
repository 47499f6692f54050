"""Item banks: what a prospective sample is drawn from, fixed before anyone knows which items."""

from collections.abc import Collection

from interlock.charter import SliceValue
from interlock.errors import InvalidRecordError
from interlock.ledger import record

TAB = "\t"


@record("bank-item/1")
class BankItem:
    """One item, and what is measured on it if it is drawn.

    Attributes:
        item: Its name.
        metrics: The metrics, sorted, each once; at least one.
    """

    item: str
    metrics: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.item or not self.metrics or "" in self.metrics:
            raise InvalidRecordError("item bank", "an item needs a name and at least one metric")
        if list(self.metrics) != sorted(set(self.metrics)):
            raise InvalidRecordError("item bank", "metrics must be sorted, each once")


@record("item-bank/1")
class ItemBank:
    """Every item that a draw may choose, sorted by name, each once.

    What is measured on an item is fixed with it: rows of a metric that turned
    out badly cannot be left away once the items are known.
    """

    items: tuple[BankItem, ...]

    def __post_init__(self) -> None:
        names = list(self.names)
        if not names or names != sorted(set(names)):
            raise InvalidRecordError("item bank", "items must be there, sorted, each once")

    @property
    def names(self) -> tuple[str, ...]:
        """The items' names, in order."""
        return tuple(each.item for each in self.items)


@record("bank-case/1")
class BankCase(BankItem):
    """One case of a bank that is drawn from by clusters.

    Attributes:
        cluster: The behaviour it stands for.
        case: Digest of the case: what is sent cannot be changed once it is sealed.
        slices: The case's slices, sorted: no row can leave a slice once its value is known.
        said: Digest of what is sent alone, whatever it is called (`said_of`): who names a case
            anew asks the same. Empty where nobody said.
    """

    cluster: str
    case: str
    slices: tuple[SliceValue, ...] = ()
    said: str = ""

    def __post_init__(self) -> None:
        if not (self.item and self.cluster and self.case) or not self.metrics:
            raise InvalidRecordError("case bank", "a case needs a name, cluster, digest and metric")
        if list(self.metrics) != sorted(set(self.metrics)):
            raise InvalidRecordError("case bank", "metrics must be sorted, each once")
        names = [one.slice for one in self.slices]
        if names != sorted(set(names)):
            raise InvalidRecordError("case bank", "slices must be sorted by name, each once")


@record("item-bank/2")
class CaseBank(ItemBank):
    """Every case that a draw may choose, of which whole clusters are drawn.

    Its order of clusters is the order in which a sequential test takes them.

    Attributes:
        protocol: Digest of the `TrialProtocol`.
    """

    items: tuple[BankCase, ...]
    protocol: str

    @property
    def clusters(self) -> tuple[str, ...]:
        """The clusters, sorted; what a draw chooses from."""
        return tuple(sorted({each.cluster for each in self.items}))


def load_bank(text: str, *, file: str, judged: Collection[str]) -> ItemBank:
    """The bank that a file lists: an item a line, then the metrics measured on it, after tabs.

    Args:
        text: The file.
        file: The name by which errors call it.
        judged: Metrics that the hypothesis judges; the bank may name no other.

    Raises:
        InvalidRecordError: There is no line, an item or metric is empty or
            stands twice, an item has no metric, or a metric is not judged; the
            file and the line are named.
    """
    found: dict[str, BankItem] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        item, *metrics = line.split(TAB)
        fault = _fault(item, metrics, judged)
        if item in found:
            fault = f"repeats the item {item!r}; an item stands once, with all its metrics"
        if fault:
            raise InvalidRecordError("item bank", f"{file}, line {number} {fault}")
        found[item] = BankItem(item=item, metrics=tuple(sorted(metrics)))
    if not found:
        raise InvalidRecordError("item bank", f"{file} lists no item")
    return ItemBank(items=tuple(found[item] for item in sorted(found)))


def _fault(item: str, metrics: list[str], judged: Collection[str]) -> str:
    """What is wrong with a line; empty where nothing is."""
    known = ", ".join(sorted(judged))
    if not item:
        return "names no item"
    if not metrics:
        return f"names no metric; write what is measured on the item after a tab: {known}"
    if len(set(metrics)) < len(metrics):
        return "names a metric twice"
    foreign = next((each for each in metrics if each not in judged), None)
    if foreign is not None:
        return (
            f"names the metric {foreign!r}, which the hypothesis does not judge; it judges {known}"
        )
    return ""
