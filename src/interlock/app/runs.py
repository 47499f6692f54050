"""Runs: recorded results become evidence under a seal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from interlock.adapters.tables import read_observations
from interlock.admission import Accepted, Basis, Engagement, Run, Seal, State
from interlock.app.acts import find_act
from interlock.app.samples import check_sample, sealed_bank
from interlock.app.systems import sealed_system
from interlock.app.workspace import Appended, Workspace
from interlock.charter import Hypothesis
from interlock.errors import ImportedTrialError, RecordMissingError, SealedMetricError
from interlock.ledger import Signer
from interlock.trial import Account, CaseBank, Counts, Reading, count_observations


@dataclass(frozen=True)
class Mean:
    """What the scored rows of a metric average, to be held against what a tool claims.

    It is no estimate and nothing is judged by it.

    Attributes:
        value: The mean over items of the mean over each item's repeats.
        rows: Scored rows it is made of.
    """

    value: float
    rows: int


@dataclass(frozen=True)
class Recorded:
    """Evidence that counts under a seal.

    Attributes:
        run: The run's act on the log.
        evidence: Content digest of the observations.
        basis: Whether its items were drawn after the seal.
        counts: What became of the rows.
        account: What the file told besides its rows, where it is another tool's log.
        means: What the rows themselves average, by metric.
    """

    run: Appended
    evidence: str
    basis: Basis
    counts: Counts
    account: Account
    means: Mapping[str, Mean]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Observations on their way to becoming evidence.

    Attributes:
        batches: Batches of observations; they count once the last one was read.
        file: What errors call them.
        account: What is told of them besides.
    """

    batches: Iterator[pa.RecordBatch]
    file: str
    account: Account


def record_run(
    work: Workspace,
    source: Path,
    seal_id: str,
    *,
    system: str,
    signer: Signer,
    reading: Reading | None = None,
) -> Recorded:
    """Read a file of results and record it as one system's evidence under a seal.

    The evidence is on disk, whole, before the act that names it is signed.
    Under a prospective seal its rows must be exactly those drawn; under a
    retrospective one it is retrospective, whatever it says of itself.

    Args:
        work: The workspace.
        source: A table of observations, or a file that another tool wrote.
        seal_id: The seal.
        system: The seal's baseline or one of its candidates, by name.
        signer: Who records it.
        reading: How to read another tool's file.

    Raises:
        BadTableError, BadRowError, DuplicateRowError: The file is refused.
        BadLogError: A log is damaged, was edited or invalidated, or was run for another seal.
        IncompleteRunError: A log's run is not whole, and that was not allowed.
        PluginError: No other distribution brings the reader that was asked for.
        ImportedTrialError: The seal draws cases, which are run and not handed in.
        SealedMetricError: A row's metric is one that a seal of the product keeps
            sealed, this one or another.
        ForeignSystemError: The seal names no such system.
        ChangedSystemError: Its manifest is not the one that was sealed.
        WrongSampleError: A prospective seal drew other rows.
        RefusedActError: The system was run under this seal before.
    """
    account = Account()
    seal = find_act(work.state(), seal_id, Seal)
    if seal.act.bank and isinstance(sealed_bank(work, seal), CaseBank):
        raise ImportedTrialError(seal.identity, str(source))
    asked = replace(reading or Reading(), seal=seal.identity)
    observed = read_observations(source, texts=work.texts, reading=asked, account=account)
    rows = Rows(batches=observed, file=str(source), account=account)
    return record_rows(work, rows, seal_id, system=system, signer=signer)


def record_rows(
    work: Workspace, rows: Rows, seal_id: str, *, system: str, signer: Signer
) -> Recorded:
    """Record observations as one system's evidence under a seal, whoever made them.

    Raises:
        InterlockError: As for `record_run`.
    """
    state = work.state()
    seal = find_act(state, seal_id, Seal)
    subject = sealed_system(work, seal, system)
    shut = _kept_shut(work, state, seal)
    batches = _nothing_sealed(rows.batches, shut, file=rows.file, account=rows.account)
    evidence = work.evidence.write(batches, account=rows.account)
    kept = work.evidence.open(evidence)
    if seal.act.basis == "prospective":
        check_sample(work, seal, kept)
    act = Run(seal=seal.identity, system=subject, evidence=evidence, basis=seal.act.basis)
    run = work.append(act, signer)
    counts = count_observations(kept)
    return Recorded(run, evidence, seal.act.basis, counts, rows.account, _means(kept))


def _means(rows: pa.Table) -> dict[str, Mean]:
    by_item = rows.select(["metric", "item", "value"]).filter(rows["value"].is_valid())
    plain = by_item.set_column(0, "metric", by_item["metric"].cast(pa.string()))
    of_items = plain.group_by(["metric", "item"]).aggregate([("value", "mean"), ("value", "count")])
    found = of_items.group_by("metric").aggregate([("value_mean", "mean"), ("value_count", "sum")])
    return {
        str(one["metric"]): Mean(one["value_mean_mean"], one["value_count_sum"])
        for one in found.to_pylist()
    }


def _kept_shut(work: Workspace, state: State, seal: Accepted[Seal]) -> frozenset[str]:
    """Metrics that must not be read yet: under this seal, or under any of its product still shut.

    A seal is open once all figures that arrived under it are unsealed; what is shut there would
    be read here, under a seal that says nothing of it.
    """
    engaged = {each.act.seal for each in state.of(Engagement)}
    shut = {each.act.seal for each in state.of(Engagement) if each.identity not in state.unsealed}
    found = set[str]()
    for other in state.of(Seal):
        opened = other.identity in engaged - shut and other.identity != seal.identity
        if other.act.product == seal.act.product and not opened:
            found |= _sealed_metrics(work, other)
    return frozenset(found)


def _sealed_metrics(work: Workspace, seal: Accepted[Seal]) -> set[str]:
    """What a seal keeps shut; nothing where whoever sealed it left no hypothesis to read."""
    try:
        hypothesis = work.log.record(seal.act.hypothesis)
    except RecordMissingError:
        return set()
    return set(hypothesis.sealed) if isinstance(hypothesis, Hypothesis) else set()


def _nothing_sealed(
    batches: Iterator[pa.RecordBatch], sealed: frozenset[str], *, file: str, account: Account
) -> Iterator[pa.RecordBatch]:
    """The rows of a file, none of a metric that must not be read yet, nor what a tool claims of it.

    Raises:
        SealedMetricError: One is.
    """
    shut, rows = pa.array(sorted(sealed), pa.string()), 0
    for batch in batches:
        metrics = batch["metric"].cast(pa.string())
        found = pc.is_in(metrics, value_set=shut)
        if pc.any(found).as_py():
            k = int(pc.index(found, True).as_py())
            raise SealedMetricError(file, rows + k + 1, metrics[k].as_py())
        rows += batch.num_rows
        yield batch
    account.claimed = tuple(one for one in account.claimed if one.metric not in sealed)
