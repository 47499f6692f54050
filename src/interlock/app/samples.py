"""Prospective samples: drawn by the seal, and the only rows that count under it."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from interlock.admission import Accepted, Seal
from interlock.app.acts import find_act
from interlock.app.charters import charter_in_force
from interlock.app.drawn_cases import Clusters, Drawn
from interlock.app.workspace import Workspace
from interlock.charter import AllOf, Charter, CoverageMin, Hypothesis, is_sequential, judged_of
from interlock.errors import InvalidRecordError, NotOnLogError, WrongSampleError
from interlock.gate import draw
from interlock.ledger import digest, leaf_hash, root_hash
from interlock.trial import (
    BankCase,
    BankItem,
    CaseBank,
    ItemBank,
    TrialProtocol,
    judge_kind,
    load_bank,
)

_UNSEALED = ("item", "cluster", "metric", "judge", "status")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What a prospective sample is drawn from.

    Attributes:
        bank: File of items, one a line, each with the metrics measured on it; or a bank.
        size: How many items to draw; of a bank of cases, how many clusters.
        records: Records to be stored with the seal, such as the protocol of a bank of cases.
    """

    bank: Path | ItemBank
    size: int
    records: tuple[object, ...] = ()


def read_bank(work: Workspace, sample: Sample, hypothesis: Hypothesis) -> ItemBank:
    """The bank of a sample, which is large enough to draw it and suits the hypothesis.

    Raises:
        InvalidRecordError: It is no bank for the hypothesis, or too small.
    """
    bank = sample.bank
    name = "the bank" if isinstance(bank, ItemBank) else str(bank)
    if not isinstance(bank, ItemBank):
        bank = _read(bank, hypothesis)
    protocol = _protocol(work, bank, sample.records)
    fault = bank_fault(hypothesis, bank, protocol, charter=charter_in_force(work))
    if fault:
        raise InvalidRecordError("item bank", f"{name} {fault}")
    things, noun = drawn_from(bank), "clusters" if isinstance(bank, CaseBank) else "items"
    if sample.size > len(things):
        fault = f"{name} lists {len(things)} {noun}, too few to draw {sample.size} of them"
        raise InvalidRecordError("item bank", fault)
    return bank


def _read(path: Path, hypothesis: Hypothesis) -> ItemBank:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRecordError("item bank", f"{path} is not UTF-8") from error
    return load_bank(text, file=str(path), judged=hypothesis.metrics)


def _protocol(work: Workspace, bank: ItemBank, records: tuple[object, ...]) -> TrialProtocol | None:
    """The protocol of a bank of cases, stored with its seal or before it.

    Raises:
        RecordMissingError: It is nowhere.
    """
    if not isinstance(bank, CaseBank):
        return None
    given = [one for one in records if isinstance(one, TrialProtocol)]
    named = [one for one in given if digest(one) == bank.protocol]
    found = named[0] if named else work.log.record(bank.protocol)
    return found if isinstance(found, TrialProtocol) else None


def drawn_from(bank: ItemBank) -> tuple[str, ...]:
    """What a seal draws: the clusters of a bank of cases, or the items of another."""
    return bank.clusters if isinstance(bank, CaseBank) else bank.names


def bank_fault(
    hypothesis: Hypothesis, bank: ItemBank, protocol: TrialProtocol | None, *, charter: Charter
) -> str:
    """Why a hypothesis cannot be tried on a bank; empty where it can.

    Args:
        hypothesis: What is claimed.
        bank: What is drawn from.
        protocol: Who judges the bank's metrics; None for a bank of items.
        charter: The charter that the seal names: it says what takes reading.
    """
    if not isinstance(bank, CaseBank):
        return _plain_fault(hypothesis)
    if protocol is None:
        return "names a protocol that is none"
    by = {one.metric: one.by for one in judged_of(hypothesis)}
    exact = {one.metric for one in protocol.judges if judge_kind(one.judge) == "exact"}
    unread = exact & _needs_reading(hypothesis, charter)
    for one in bank.items:
        for metric in one.metrics:
            faults = {
                "which the hypothesis does not judge": metric not in hypothesis.metrics,
                "of which its protocol names no judge": not protocol.judge(metric),
                "without the metric that says which labels are due": (
                    by.get(metric, metric) not in one.metrics
                ),
                f"which {protocol.judge(metric)} would score by looking for a text; whether a "
                "rubric or a red line is met takes reading: let people judge it (human:NAME/1), or "
                "a model with people's labels of a part (judged: in the hypothesis)": (
                    metric in unread
                ),
            }
            for fault, there in faults.items():
                if there:
                    return f"measures {metric} on {one.item}, {fault}"
    return ""


def _needs_reading(hypothesis: Hypothesis, charter: Charter) -> frozenset[str]:
    """Metrics with a rubric, of a red line, or labelled by people: a text found is no answer."""
    rubrics = {one.name for one in charter.metrics if one.rubric}
    chosen = {
        metric
        for one in hypothesis.criteria
        if getattr(one, "rubric", "")
        for metric in one.metrics
    }
    lines = {one.metric for one in charter.red_lines if one.metric}
    labelled = {one.metric for one in judged_of(hypothesis)}
    return frozenset(rubrics | chosen | lines | labelled)


def _plain_fault(hypothesis: Hypothesis) -> str:
    """Why a hypothesis cannot be tried on items without clusters; empty where it can."""
    if is_sequential(hypothesis):
        return "has no clusters to take one by one; a sequential test needs a bank of cases"
    for one in hypothesis.criteria:
        asked = one.required if isinstance(one, CoverageMin) else getattr(one, "where", ())
        if isinstance(one, AllOf) or asked:
            return (
                f"fixes no slices, and {one.label!r} asks for some, which could be chosen once the "
                "values are known; seal it with a bank of cases"
            )
    return ""


def drawn_items(work: Workspace, seal_id: str) -> tuple[BankItem, ...]:
    """The items that a prospective seal's evidence must consist of, in their sealed order.

    Nobody could know them before the seal was on the log, and everybody can
    draw them again afterwards. Of a bank of cases whole clusters are drawn, and
    their cases stand together.

    Raises:
        NotOnLogError: There is no such seal, or it is retrospective.
        InvalidRecordError: What it draws from is no item bank, or too small a one.
    """
    seal = find_act(work.state(), seal_id, Seal)
    bank = sealed_bank(work, seal)
    names = _draw(work, seal, bank)
    if isinstance(bank, CaseBank):
        return tuple(one for _, cases in clusters_of(bank, names) for one in cases)
    by_name = {each.item: each for each in bank.items}
    return tuple(by_name[name] for name in names)


def drawn_clusters(work: Workspace, seal_id: str) -> Clusters:
    """The clusters that a seal drew from its bank of cases, each with all its cases.

    Their order is the sealed one: a sequential test takes them one by one.

    Raises:
        NotOnLogError: There is no such seal, or it is retrospective.
        InvalidRecordError: What it draws from is no bank of cases, or too small a one.
    """
    seal = find_act(work.state(), seal_id, Seal)
    bank = sealed_bank(work, seal)
    if not isinstance(bank, CaseBank):
        raise InvalidRecordError("case bank", "the seal draws items from a bank without clusters")
    return clusters_of(bank, _draw(work, seal, bank))


def sealed_protocol(work: Workspace, seal_id: str) -> TrialProtocol:
    """How the cases that a seal drew become rows.

    Raises:
        NotOnLogError: There is no such seal, or it is retrospective.
        InvalidRecordError: It draws from no bank of cases, or names no protocol.
        RecordMissingError: The protocol is not stored.
    """
    bank = sealed_bank(work, find_act(work.state(), seal_id, Seal))
    found = _protocol(work, bank, ())
    if found is None:
        raise InvalidRecordError("case bank", "it has no protocol")
    return found


def sealed_bank(work: Workspace, seal: Accepted[Seal]) -> ItemBank:
    """The bank that a prospective seal draws from.

    Raises:
        NotOnLogError: The seal is retrospective.
        InvalidRecordError: What it draws from is no item bank.
    """
    if not seal.act.bank:
        raise NotOnLogError(seal.identity, "prospective seal")
    bank = work.log.record(seal.act.bank)
    if not isinstance(bank, ItemBank):
        raise InvalidRecordError("item bank", "what the seal draws from is none")
    return bank


def _draw(work: Workspace, seal: Accepted[Seal], bank: ItemBank) -> tuple[str, ...]:
    root = root_after(work, seal).hex()
    return draw(drawn_from(bank), seal.act.sample, seal=seal.identity, checkpoint_root=root)


def clusters_of(bank: CaseBank, names: tuple[str, ...]) -> Clusters:
    """The named clusters of a bank in this order, each with all its cases."""
    cases: dict[str, list[BankCase]] = {name: [] for name in names}
    for one in bank.items:
        if one.cluster in cases:
            cases[one.cluster].append(one)
    return tuple((name, tuple(found)) for name, found in cases.items())


def check_sample(work: Workspace, seal: Accepted[Seal], rows: pa.Table) -> int:
    """Refuse evidence that is not what the seal drew, row for row.

    Every drawn item must be there under each metric that its bank names, in
    every epoch from 0 to the last of the whole file. Of a bank of cases every
    row is as bank and protocol say (see `Drawn`); of a metric that people
    label in part any part will do here, since what is due is the gate's
    business; and under a sequential seal a prefix of whole clusters will do.

    Returns:
        How many of what was drawn the rows reach through: all, or a prefix.

    Raises:
        WrongSampleError: A row was not drawn, or a drawn one is absent.
    """
    bank = sealed_bank(work, seal)
    if not isinstance(bank, CaseBank):
        return _check_items(drawn_items(work, seal.identity), rows)
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    protocol = sealed_protocol(work, seal.identity)
    labelled = (one.metric for one in judged_of(hypothesis))
    drawn = Drawn(
        clusters=drawn_clusters(work, seal.identity),
        protocol=protocol,
        partial=frozenset(one for one in labelled if judge_kind(protocol.judge(one)) == "human"),
        sequential=is_sequential(hypothesis),
    )
    return drawn.check(rows)


def _check_items(items: tuple[BankItem, ...], rows: pa.Table) -> int:
    """No row stands twice (`trial.Intake` sees to that), so counting them is enough.

    What the bank does not fix is not free either: each item is a cluster of its
    own, and one judge scores a metric.
    """
    drawn = {(metric, each.item) for each in items for metric in each.metrics}
    metrics, names = (rows.column(name).to_pylist() for name in ("metric", "item"))
    found = Counter(zip(metrics, names, strict=True))
    foreign = sum(count for pair, count in found.items() if pair not in drawn)
    epochs = 1 + (pc.max(rows.column("epoch")).as_py() or 0)
    absent = len(drawn) * epochs - (found.total() - foreign)
    if foreign or absent:
        raise WrongSampleError(foreign, absent)
    _refuse_chosen(rows)
    return len(items)


def _refuse_chosen(rows: pa.Table) -> None:
    """Refuse clusters and judges that nobody sealed.

    Raises:
        WrongSampleError: An item is in a cluster of another name, or a metric has two judges.
    """
    plain = pa.table({name: rows[name].cast(pa.string()) for name in _UNSEALED})
    elsewhere = plain.filter(pc.not_equal(plain["cluster"], plain["item"]))
    if len(elsewhere):
        item, cluster = (elsewhere[name][0].as_py() for name in ("item", "cluster"))
        told = f"item {item!r} is in the cluster {cluster!r}, and the bank seals no clusters"
        raise WrongSampleError(len(elsewhere), 0, told)
    scored = plain.filter(pc.equal(plain["status"], pa.scalar("scored")))
    judges: dict[str, set[str]] = {}
    for one in scored.group_by(["metric", "judge"]).aggregate([]).to_pylist():
        judges.setdefault(one["metric"], set()).add(one["judge"] or "nobody named")
    for metric, names in sorted(judges.items()):
        if len(names) > 1:
            told = f"{metric} is judged by {' and by '.join(sorted(names))}; use one judge"
            raise WrongSampleError(len(scored), 0, told)


def root_after(work: Workspace, seal: Accepted[Seal]) -> bytes:
    """Root of the first checkpoint after a seal: the tree that ends with it."""
    return root_hash(leaf_hash(leaf) for leaf in work.log.leaves(stop=seal.index + 1))
