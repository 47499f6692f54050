"""Hypotheses: sealed before their evidence counts, then judged on what was recorded for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from interlock.admission import (
    Accepted,
    CriterionOutcome,
    Lineage,
    Run,
    Seal,
    State,
    Verdict,
    statement_of,
)
from interlock.app.acts import find_act
from interlock.app.attempts import count_attempts
from interlock.app.charters import adopted, charter_in_force
from interlock.app.harvests import check_harvest
from interlock.app.samples import Sample, read_bank
from interlock.app.settings import check_product
from interlock.app.systems import read_system, system_names
from interlock.app.verdicts import derive
from interlock.app.workspace import Appended, Workspace
from interlock.charter import Hypothesis, ZeroEvents, is_sequential, load_hypothesis
from interlock.errors import (
    InvalidRecordError,
    MissingRunError,
    NotOnLogError,
    OverplannedError,
    UnnamedSystemError,
    UnplannedError,
)
from interlock.gate import (
    ALONE,
    Aim,
    Judgement,
    Plan,
    Rehearsal,
    Terms,
    Truth,
    Within,
    check_power,
    lineage_key,
    plan,
    rehearse,
)
from interlock.ledger import Signer, digest
from interlock.trial import ItemBank, System


@dataclass(frozen=True)
class Judged:
    """One candidate's verdict on the log, and the numbers behind it.

    Attributes:
        system: Name of the candidate.
        verdict: The verdict's act on the log.
        judgement: Every estimate.
    """

    system: str
    verdict: Appended
    judgement: Judgement


def read_hypothesis(work: Workspace, path: Path) -> Hypothesis:
    """The hypothesis of a file, held to the charter in force.

    Raises:
        CharterError: The file is no valid hypothesis, or contradicts the charter.
    """
    text = path.read_bytes()
    return load_hypothesis(text, file=str(path), charter=charter_in_force(work))


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is assumed when a hypothesis is planned.

    Attributes:
        truths: What would be true of each judged metric, by name, and how good
            its judge is where people label a part.
        clusters: Independent clusters each criterion would see.
        within: What one cluster holds: its rows, and how they hang together.
    """

    truths: Mapping[str, Truth]
    clusters: int
    within: Within = ALONE


def plan_hypothesis(
    work: Workspace,
    path: Path,
    assumed: Assumed,
    *,
    told: Callable[[str], None] = lambda _: None,
) -> Plan:
    """The chance that a hypothesis passes if it is true, at the level its next attempt has.

    Args:
        work: The workspace.
        path: The hypothesis (YAML).
        assumed: What would be true.
        told: Called with what is being tried, for who waits.

    Raises:
        CharterError: The file is no valid hypothesis.
        UnassumedMetricError: Nothing is assumed of a judged metric.
        UnassumedJudgeError: Nothing is assumed of the judge of a metric that
            people label in part.
        UnjudgedMetricError: A judge is assumed that the hypothesis has not.
    """
    return _planned(work, read_hypothesis(work, path), assumed, told=told)


def rehearse_hypothesis(
    work: Workspace,
    path: Path,
    assumed: Assumed,
    *,
    runs: int,
    told: Callable[[int], None] = lambda _: None,
) -> Rehearsal:
    """How often the whole gate passes on samples drawn as assumed, at its next attempt's level.

    Args:
        work: The workspace.
        path: The hypothesis (YAML).
        assumed: What would be true.
        runs: How many samples to draw and judge.
        told: Called after each with how many are done.

    Raises:
        CharterError: The file is no valid hypothesis.
        UnassumedMetricError: Nothing is assumed of a judged metric.
        UnassumedJudgeError: Nothing is assumed of the judge of a metric that
            people label in part.
        UnjudgedMetricError: A judge is assumed that the hypothesis has not.
    """
    hypothesis = read_hypothesis(work, path)
    sample = (assumed.clusters, assumed.within)
    terms = _next_terms(work, hypothesis)
    return rehearse(hypothesis, assumed.truths, sample=sample, terms=terms, runs=runs, told=told)


def seal_hypothesis(
    work: Workspace,
    path: Path,
    *,
    signer: Signer,
    assumed: Assumed | None = None,
    sample: Sample | None = None,
) -> Appended:
    """Fix a hypothesis by digest, before its evidence counts.

    Every criterion's attempt is counted from the log: who seals the same claim
    against the same baseline again has less alpha left. To seal the same again
    while nothing has been run under it gives the seal that stands: a command
    whose answer was lost can be given again, and no second sample is drawn.

    Args:
        work: The workspace.
        path: The hypothesis (YAML), naming its product and systems.
        signer: Who seals it.
        assumed: What was assumed when planning; needed for a confirmatory
            hypothesis, which is refused if it could hardly pass when true.
        sample: What a prospective sample is drawn from.

    Raises:
        CharterError: The file is no valid hypothesis.
        UnnamedSystemError: It names no product, baseline or candidate.
        UnlistedProductError: The workspace does not list its product.
        OverplannedError: It was planned with more clusters than are drawn.
        UnplannedError: It is confirmatory, and nobody has planned it.
        UnassumedJudgeError: It was planned without a word on the judge whose
            rows people label in part.
        UnderpoweredError: It is confirmatory, and its sample is too small.
        InvalidRecordError: The item bank is none, or too small for its sample.
        HarvestedBankError: The bank is a part of an earlier one of the product.
        RefusedActError: A rule of the ledger forbids the seal.
    """
    hypothesis = read_hypothesis(work, path)
    if not (hypothesis.product and hypothesis.baseline and hypothesis.candidates):
        raise UnnamedSystemError(str(path))
    check_product(work.folder, hypothesis.product)
    if hypothesis.confirmatory and assumed is None:
        raise UnplannedError(hypothesis.name)
    names = (hypothesis.baseline, *hypothesis.candidates)
    systems = [read_system(work, name) for name in names]
    bank = _bank(work, hypothesis, sample)
    if assumed and sample and assumed.clusters > sample.size:
        raise OverplannedError(assumed.clusters, sample.size)
    seal = replace(
        _retrospective(work, hypothesis, systems),
        basis=hypothesis.basis,
        bank=digest(bank) if bank else "",
        sample=sample.size if sample else 0,
    )
    standing = _unused(work, seal)
    if standing is not None:
        return standing
    if hypothesis.confirmatory and assumed is not None:
        check_power(hypothesis, _planned(work, hypothesis, assumed))
    kept = (bank, *sample.records) if bank and sample else ()
    return work.append(seal, signer, records=(hypothesis, *systems, *kept))


def _bank(work: Workspace, hypothesis: Hypothesis, sample: Sample | None) -> ItemBank | None:
    """What a sample is drawn from, of which nothing was left out for how it did."""
    if sample is None:
        if is_sequential(hypothesis):
            fault = "a sequential test takes drawn clusters; seal it with a trial"
            raise InvalidRecordError("case bank", fault)
        return None
    bank, state = read_bank(work, sample, hypothesis), work.state()
    check_harvest(work, state, bank, product=hypothesis.product, before=state.size)
    return bank


def _retrospective(work: Workspace, hypothesis: Hypothesis, systems: Sequence[System]) -> Seal:
    """The seal of a hypothesis whose evidence is there already: no sample is drawn for it."""
    baseline, *candidates = map(digest, systems)
    return Seal(
        hypothesis=digest(hypothesis),
        charter=adopted(work).act.charter,
        product=hypothesis.product,
        baseline=baseline,
        candidates=tuple(candidates),
        lineages=_lineages(work, hypothesis),
        basis="retrospective",
        confirmatory=hypothesis.confirmatory,
        bank="",
        sample=0,
    )


def _unused(work: Workspace, seal: Seal) -> Appended | None:
    """The same seal, one attempt ago, if it is the last of its lineages and has no run."""
    before = tuple(replace(one, attempt=one.attempt - 1) for one in seal.lineages)
    identity = statement_of(replace(seal, lineages=before)).identity
    state = work.state()
    if identity not in state.accepted or any(sealed == identity for sealed, _ in state.runs):
        return None
    receipt = work.log.receipt(identity)
    return Appended(identity, receipt) if receipt else None


def _planned(
    work: Workspace,
    hypothesis: Hypothesis,
    assumed: Assumed,
    *,
    told: Callable[[str], None] = lambda _: None,
) -> Plan:
    terms = _next_terms(work, hypothesis)
    aim = Aim(within=assumed.within, told=told)
    return plan(hypothesis, assumed.truths, clusters=assumed.clusters, terms=terms, aim=aim)


def _next_terms(work: Workspace, hypothesis: Hypothesis) -> Terms:
    """The terms under which the next seal of a hypothesis would be judged."""
    return Terms(
        basis=hypothesis.basis,
        seed=0,
        attempts=count_attempts(work, hypothesis, _lineages(work, hypothesis)),
        schedule=charter_in_force(work).schedule,
        variants=max(1, len(hypothesis.candidates)),
    )


def _lineages(work: Workspace, hypothesis: Hypothesis) -> tuple[Lineage, ...]:
    """Every criterion with the number of its next attempt against the baseline."""
    state = work.state()
    baseline = digest(read_system(work, hypothesis.baseline)) if hypothesis.baseline else ""
    return tuple(
        Lineage(
            criterion=each.id,
            claim=(claim := lineage_key(each)),
            attempt=state.attempts_of(hypothesis.product, baseline, claim) + 1,
        )
        for each in hypothesis.criteria
    )


def judge_seal(work: Workspace, seal_id: str, *, signer: Signer) -> tuple[Judged, ...]:
    """Judge every candidate of a seal that has evidence, and put each verdict on the log.

    The orders of all bets derive from the seal and the first checkpoint after
    it, so that judging again gives the same verdict, bit for bit. A candidate
    that was judged before keeps its verdict.

    Raises:
        NotOnLogError: There is no such seal.
        MissingRunError: The baseline, or every candidate, has no run yet.
        InterlockError: The evidence is refused; see `gate.judge`.
    """
    state = work.state()
    seal = find_act(state, seal_id, Seal)
    base, runs = _runs(state, seal)
    done = {system for system in runs if (seal.identity, system) in state.verdicts}
    everyone = {seal.act.baseline: base, **runs}
    new = derive(work, seal, everyone) if done != set(runs) else {}
    return tuple(
        _standing(work, state.verdicts[seal.identity, system])
        if system in done
        else _recorded(work, seal, new[system], runs=(base, run), signer=signer)
        for system, run in runs.items()
    )


def _standing(work: Workspace, verdict_id: str) -> Judged:
    """The verdict that a candidate has already."""
    state = work.state()
    act = find_act(state, verdict_id, Verdict).act
    receipt = work.log.receipt(verdict_id)
    if receipt is None:
        raise NotOnLogError(verdict_id, "verdict")
    judgement: Judgement = work.log.record(act.judgement)
    name = system_names(work, find_act(state, act.seal, Seal).act)[act.system]
    return Judged(name, Appended(verdict_id, receipt), judgement)


def _recorded(
    work: Workspace,
    seal: Accepted[Seal],
    judgement: Judgement,
    *,
    runs: tuple[Accepted[Run], Accepted[Run]],
    signer: Signer,
) -> Judged:
    """The verdict of one candidate, put on the log unless it is there."""
    hypothesis: Hypothesis = work.log.record(seal.act.hypothesis)
    system = runs[1].act.system
    act = Verdict(
        seal=seal.identity,
        system=system,
        runs=tuple(run.identity for run in runs),
        judgement=digest(judgement),
        outcome=judgement.outcome,
        criteria=tuple(
            CriterionOutcome(
                criterion=criterion.id,
                outcome=verdict.outcome,
                red_line=isinstance(criterion, ZeroEvents),
            )
            for criterion, verdict in zip(hypothesis.criteria, judgement.verdicts, strict=True)
        ),
    )
    name = system_names(work, seal.act)[system]
    return Judged(name, work.append(act, signer, records=(judgement,)), judgement)


def _runs(state: State, seal: Accepted[Seal]) -> tuple[Accepted[Run], dict[str, Accepted[Run]]]:
    """The baseline's run, and those of the candidates that have one."""
    base = state.runs.get((seal.identity, seal.act.baseline))
    if base is None:
        raise MissingRunError(seal.identity, "baseline")
    runs = {
        system: run
        for system in seal.act.candidates
        if (run := state.runs.get((seal.identity, system))) is not None
    }
    if not runs:
        raise MissingRunError(seal.identity, "candidate")
    return base, runs
