"""Prospective samples: drawn by the seal, and the only rows that count under it."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from interlock.admission import Accepted, Seal
from interlock.app.acts import find_act
from interlock.app.workspace import Workspace
from interlock.charter import Hypothesis
from interlock.errors import InvalidRecordError, NotOnLogError, WrongSampleError
from interlock.gate import draw
from interlock.ledger import leaf_hash, root_hash
from interlock.trial import BankItem, ItemBank, load_bank


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What a prospective sample is drawn from.

    Attributes:
        bank: File of items, one a line, each with the metrics measured on it.
        size: How many items to draw.
    """

    bank: Path
    size: int


def read_bank(sample: Sample, hypothesis: Hypothesis) -> ItemBank:
    """The bank of a sample, which is large enough to draw it.

    Raises:
        InvalidRecordError: The file is no bank for the hypothesis, or too small.
    """
    path = sample.bank
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRecordError("item bank", f"{path} is not UTF-8") from error
    bank = load_bank(text, file=str(path), judged=hypothesis.metrics)
    if sample.size > len(bank.items):
        fault = f"{path} lists {len(bank.items)} items, too few to draw {sample.size} of them"
        raise InvalidRecordError("item bank", fault)
    return bank


def drawn_items(work: Workspace, seal_id: str) -> tuple[BankItem, ...]:
    """The items that a prospective seal's evidence must consist of, in their sealed order.

    Nobody could know them before the seal was on the log, and everybody can
    draw them again afterwards.

    Raises:
        NotOnLogError: There is no such seal, or it is retrospective.
        InvalidRecordError: What it draws from is no item bank, or too small a one.
    """
    seal = find_act(work.state(), seal_id, Seal)
    if not seal.act.bank:
        raise NotOnLogError(seal_id, "prospective seal")
    bank = work.log.record(seal.act.bank)
    if not isinstance(bank, ItemBank):
        raise InvalidRecordError("item bank", "what the seal draws from is none")
    root = root_after(work, seal).hex()
    names = draw(bank.names, seal.act.sample, seal=seal.identity, checkpoint_root=root)
    by_name = {each.item: each for each in bank.items}
    return tuple(by_name[name] for name in names)


def check_sample(work: Workspace, seal: Accepted[Seal], rows: pa.Table) -> None:
    """Refuse evidence that is not what the seal drew, row for row.

    Every drawn item must be there under each metric that its bank names, in
    every epoch from 0 to the last of the whole file. No row stands twice
    (`trial.Intake` sees to that), so counting them is enough.

    Raises:
        WrongSampleError: A row was not drawn, or a drawn one is absent.
    """
    items = drawn_items(work, seal.identity)
    drawn = {(metric, each.item) for each in items for metric in each.metrics}
    metrics, names = (rows.column(name).to_pylist() for name in ("metric", "item"))
    found = Counter(zip(metrics, names, strict=True))
    foreign = sum(count for pair, count in found.items() if pair not in drawn)
    epochs = 1 + (pc.max(rows.column("epoch")).as_py() or 0)
    absent = len(drawn) * epochs - (found.total() - foreign)
    if foreign or absent:
        raise WrongSampleError(foreign, absent)


def root_after(work: Workspace, seal: Accepted[Seal]) -> bytes:
    """Root of the first checkpoint after a seal: the tree that ends with it."""
    return root_hash(leaf_hash(leaf) for leaf in work.log.leaves(stop=seal.index + 1))
