"""Running a sealed trial as far as its rule, its budget and its labels let it; then recording."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from interlock.adapters.inspect_engine import TAKEN, Logs, run_in_inspect
from interlock.adapters.journal import TrialJournal
from interlock.adapters.targets import read_target
from interlock.admission import Accepted, Seal
from interlock.app.acts import find_act
from interlock.app.judging.labels import label_store, refuse_own_labels
from interlock.app.runs import Recorded, Rows, record_rows
from interlock.app.samples import drawn_clusters, sealed_bank, sealed_protocol
from interlock.app.systems import sealed_system, system_names
from interlock.app.trials.labels import People, enqueue
from interlock.app.trials.looks import Looks
from interlock.app.trials.opening import Opened, opened
from interlock.app.trials.plans import Made, check_protocol, make_trial
from interlock.app.trials.products import read_product
from interlock.app.verdicts import check_seal, terms_of
from interlock.app.workspace import HIDDEN, Workspace
from interlock.charter import Hypothesis, is_sequential
from interlock.errors import LostJournalError, NoTrialSealError
from interlock.gate import Terms
from interlock.ledger import Signer
from interlock.trial import Account, CaseBank, Finish, TrialProtocol
from interlock.trial.running import (
    Arm,
    Cluster,
    Finished,
    Pace,
    Progress,
    Sheet,
    Totals,
    Trial,
    held,
    never,
    run,
)

FINISH = "finish"
"""The note in a journal of how its trial ended."""

_FOLDER = "trials"
_NONCE = "nonce"

Standing = Literal["recorded", "labels", "budget"]
"""What became of a session: evidence, or waiting for people's labels, or for a larger budget."""


Engine = Callable[..., Awaitable[Finished]]
"""What makes the calls: `interlock.trial.running.run`, or another with the same arguments."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a session of a trial came to.

    Attributes:
        standing: Whether it is evidence now, or what it waits for.
        finish: How the run ended.
        clusters: Whole clusters, the first so many of the sealed order.
        cap: Clusters that the seal drew.
        reason: Why it ended where it did.
        recorded: What was recorded, by system; nothing while it waits.
        labels: Labels that are due and not in.
        totals: What all sessions came to.
    """

    standing: Standing
    finish: Finish
    clusters: int
    cap: int
    reason: str
    recorded: tuple[tuple[str, Recorded], ...]
    labels: int
    totals: Totals


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A trial as it was sealed, with cases and judges as the plan makes them again.

    Attributes:
        seal: The seal.
        hypothesis: What is claimed.
        terms: Under which terms it is judged.
        protocol: Who scores each metric.
        clusters: What was drawn, in order.
        names: The systems by name, the baseline first.
        made: What follows from the plan.
    """

    seal: Accepted[Seal]
    hypothesis: Hypothesis
    terms: Terms
    protocol: TrialProtocol
    clusters: tuple[Cluster, ...]
    names: tuple[str, ...]
    made: Made


def run_trial(
    work: Workspace,
    path: Path,
    seal_id: str,
    *,
    signer: Signer,
    told: Callable[[Progress], None] = lambda _: None,
) -> Ran:
    """Run what a seal drew on every system that it names, and record it as their evidence.

    What was answered or judged in an earlier session is not paid for again.
    Under a sequential seal the trial ends as soon as every candidate is
    decided. While labels of people are due nothing is recorded: they are put in
    the queue, and the same command records once they are in.

    Args:
        work: The workspace.
        path: The plan (YAML).
        seal_id: The seal.
        signer: Who records it.
        told: Called after each cell.

    Raises:
        NoTrialSealError: The seal draws no cases.
        ChangedCaseError, ChangedProtocolError, ChangedSystemError: Plan or
            manifest are not what was sealed.
        UnrunnableSystemError, BadTargetError, BadJudgeError: A system cannot be
            called, or a judge not be asked.
        TargetDownError: One of them gives nothing; nothing was recorded.
        NoEngineError: What the plan names to make the calls is not installed.
        RaterRefusedError: Who records has labelled answers of it.
        BusyTrialError: Another process runs the same trial.
        LostJournalError: This user began it with a journal that is gone.
        RefusedActError: A system has a run of another origin under the seal.
    """
    sealed = read_sealed(work, path, seal_id)
    refuse_own_labels(work, sealed.seal.identity, signer=signer)
    journal = _own_journal(work, sealed.seal.identity)
    try:
        return asyncio.run(_run(work, sealed, journal, signer=signer, told=told))
    finally:
        journal.close()


def read_sealed(work: Workspace, path: Path, seal_id: str) -> Sealed:
    """A sealed trial, its plan held to the seal.

    Raises:
        InterlockError: As for `run_trial`.
    """
    seal = find_act(work.state(), seal_id, Seal)
    if not seal.act.bank or not isinstance(sealed_bank(work, seal), CaseBank):
        raise NoTrialSealError(seal.identity)
    check_seal(work, seal)
    made = make_trial(work, path)
    protocol = sealed_protocol(work, seal.identity)
    check_protocol(protocol, made.protocol)
    drawn = drawn_clusters(work, seal.identity)
    cases = held(made.cases, (one for _, some in drawn for one in some))
    names = tuple(system_names(work, seal.act).values())
    for name in names:
        sealed_system(work, seal, name)
    return Sealed(
        seal=seal,
        hypothesis=work.log.record(seal.act.hypothesis),
        terms=terms_of(work, seal, basis="prospective"),
        protocol=protocol,
        clusters=tuple(tuple((one, cases[one.item]) for one in some) for _, some in drawn),
        names=names,
        made=made,
    )


def journal_path(work: Workspace, name: str) -> Path:
    """Where a trial's journal is."""
    return work.path(f"{HIDDEN}/{_FOLDER}/{name}.sqlite")


def open_journal(work: Workspace, name: str) -> TrialJournal:
    """The journal of a trial, made if absent.

    Raises:
        BusyTrialError: Another process has it.
    """
    return TrialJournal(journal_path(work, name), texts=work.texts)


def _own_journal(work: Workspace, seal: str) -> TrialJournal:
    """The journal of a seal's trial, the very one with which this user began it.

    Without it answers that were looked at and disliked could be asked for anew.

    Raises:
        LostJournalError: It is gone, or is another one.
        BusyTrialError: Another process has it.
    """
    begun, nonce = json.loads(work.keys.begun(seal) or '["", ""]')
    if nonce and not journal_path(work, seal).exists():
        raise LostJournalError(seal, begun)
    journal = open_journal(work, seal)
    found = journal.note(_NONCE)
    if nonce and found != nonce:
        journal.close()
        raise LostJournalError(seal, begun)
    if not found:
        found = secrets.token_hex(16)
        journal.write_note(_NONCE, found)
    if not nonce:
        work.keys.begin(seal, json.dumps([work.clock.now(), found]))
    return journal


async def _run(
    work: Workspace,
    sealed: Sealed,
    journal: TrialJournal,
    *,
    signer: Signer,
    told: Callable[[Progress], None],
) -> Ran:
    products = [read_product(work, name) for name in sealed.names]
    async with opened(work, sealed.made.plan, products, prospective=True) as found:
        session = _Session(work, sealed, journal, trial=_trial(sealed, found))
        await session.run(told)
    return session.close(signer)


def _trial(sealed: Sealed, found: Opened) -> Trial:
    return Trial(
        clusters=sealed.clusters,
        arms=found.arms,
        epochs=sealed.protocol.epochs,
        judges=found.judges,
    )


class _Session:
    """One session of a sealed trial: run as far as it goes, then record or wait."""

    def __init__(
        self, work: Workspace, sealed: Sealed, journal: TrialJournal, *, trial: Trial
    ) -> None:
        self._work, self._sealed, self._journal, self._trial = work, sealed, journal, trial
        self._people = People(
            seal=sealed.seal.identity,
            hypothesis=sealed.hypothesis,
            protocol=sealed.protocol,
            seed=sealed.terms.seed,
            journal=journal,
            store=label_store(work),
        )
        self._sheet = Sheet(
            run=sealed.made.plan.trial,
            journal=journal,
            protocol=sealed.protocol,
            labels=self._people.label,
        )
        self._finished = Finished(finish="budget", clusters=0)
        self._reason = ""

    async def run(self, told: Callable[[Progress], None]) -> None:
        """Run until nothing more is to be called, unless an earlier session came to that."""
        if noted := self._journal.note(FINISH):
            found = json.loads(noted)
            self._reason = found.pop("reason")
            self._finished = Finished(**found)
            return
        sealed, plan = self._sealed, self._sealed.made.plan
        looks = Looks(
            hypothesis=sealed.hypothesis,
            terms=sealed.terms,
            trial=self._trial,
            sheet=self._sheet,
            people=self._people,
        )
        sequential = is_sequential(sealed.hypothesis)
        self._finished = await self._engine()(
            self._trial,
            self._journal,
            pace=Pace(concurrency=plan.concurrency, budget=plan.budget),
            look=looks if sequential else never,
            told=told,
        )
        self._reason = looks.reason or self._ended()
        spent = self._finished.finish == "budget"
        # While labels are due, a later look may end the trial earlier than it ended here.
        if not looks.blocked and (not spent or (sequential and self._finished.clusters)):
            self._note()

    def _engine(self) -> Engine:
        sealed, plan = self._sealed, self._sealed.made.plan
        if plan.engine == "interlock":
            return run
        folder = self._work.path(f"{HIDDEN}/{_FOLDER}/{sealed.seal.identity}-{plan.engine}")
        logs = Logs(folder=folder, seal=sealed.seal.identity, name=plan.trial)
        return partial(run_in_inspect, logs=logs)

    def close(self, signer: Signer) -> Ran:
        """Record what was run, or say what is missing."""
        clusters = self._trial.clusters[: self._finished.clusters]
        wanted = [one for arm in self._trial.arms for one in self._people.open(clusters, arm)]
        if wanted:
            enqueue(self._work, self._people, wanted)
            return self._ran("labels", labels=len(wanted))
        if not self._journal.note(FINISH):
            return self._ran("budget")
        return self._ran("recorded", recorded=tuple(self._recorded(clusters, signer)))

    def _recorded(
        self, clusters: Sequence[Cluster], signer: Signer
    ) -> Iterator[tuple[str, Recorded]]:
        """Each arm's evidence; one that was recorded before an earlier session ended stays."""
        seal = self._sealed.seal.identity
        for arm in self._trial.arms:
            if (seal, arm.system) in self._work.state().runs:
                continue
            rows = Rows(
                batches=self._sheet.batches(clusters, arm, texts=self._work.texts),
                file=f"the trial {self._sheet.run}",
                account=self._account(clusters, arm),
            )
            yield (
                arm.name,
                record_rows(self._work, rows, seal, system=arm.name, signer=signer),
            )

    def _account(self, clusters: Sequence[Cluster], arm: Arm) -> Account:
        epochs = self._sealed.protocol.epochs
        answered = read_target(self._sealed.made.plan.targets[arm.name]).named
        return Account(
            tool="interlock",
            expected=epochs * sum(map(len, self._trial.clusters)),
            found=epochs * sum(map(len, clusters)),
            notes=[self._reason, *self._logs(), f"{arm.name} was answered by {answered}"],
        )

    def _logs(self) -> Iterator[str]:
        """Which logs of Inspect were read, if any were."""
        taken: dict[str, str] = json.loads(self._journal.note(TAKEN) or "{}")
        yield from (f"run by Inspect, log sha256:{digest}" for digest in sorted(taken.values()))

    def _note(self) -> None:
        noted = {
            "finish": self._finished.finish,
            "clusters": self._finished.clusters,
            "reason": self._reason,
        }
        self._journal.write_note(FINISH, json.dumps(noted))

    def _ended(self) -> str:
        cap, clusters = len(self._trial.clusters), self._finished.clusters
        if self._finished.finish == "budget":
            return f"the budget was spent after {clusters} of {cap} clusters"
        if clusters < cap:
            return f"{clusters} of {cap} clusters were run, and people have to label before more is"
        return f"all {cap} clusters were run"

    def _ran(
        self,
        standing: Standing,
        *,
        recorded: tuple[tuple[str, Recorded], ...] = (),
        labels: int = 0,
    ) -> Ran:
        return Ran(
            standing=standing,
            finish=self._finished.finish,
            clusters=self._finished.clusters,
            cap=len(self._trial.clusters),
            reason=self._reason,
            recorded=recorded,
            labels=labels,
            totals=self._journal.totals(),
        )
