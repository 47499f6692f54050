"""Judging a hypothesis: every criterion, always, and the slices the average hides."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from interlock.admission import Basis
from interlock.charter import Criterion, Hypothesis, is_sequential, judged_of
from interlock.errors import BrokenOrderError
from interlock.gate.criteria import Rows, find
from interlock.gate.estimates import Level, Place, Reach
from interlock.gate.finding import Finding, undecided
from interlock.gate.identity import Judges, doubt, judges_of
from interlock.gate.lineage import Schedule, alpha_of, lineage_key
from interlock.gate.pairing import ERRORED, MISSING, SCORED, UNSCORED, Arm, Pairs, pair
from interlock.gate.scoring import Scale, check_range, fill, scale_of, scales_of
from interlock.gate.slices import Searched, search
from interlock.gate.twophase import Labelled, labelled
from interlock.gate.verdict import (
    CriterionVerdict,
    EvidenceCounts,
    Judgement,
    SequentialJudgement,
    SequentialVerdict,
    Stop,
    overall,
)
from interlock.ledger import digest


@dataclass(frozen=True)
class Terms:
    """Under which terms a hypothesis is judged.

    Attributes:
        basis: Whether the evidence was drawn after the seal.
        seed: Where the orders of all bets start from, in [0, 2^52).
        attempts: Attempt of each lineage, by `lineage_key`. Empty outside of a
            seal, where every criterion has its whole alpha.
        schedule: How a lineage spends its alpha over attempts.
        variants: How many candidates the same seal may still pass; each is
            judged at its share of alpha.
        names: What errors call the two arms: their files, or their systems.
        order: The drawn clusters in the sealed order, for a sequential hypothesis.
        sizes: Rows of each cluster drawn for a criterion, by its place; see `drawn_sizes`.
        bank: The sizes that clusters of the whole bank have there, drawn or not; none where there
            is no bank of clusters, and the largest that was seen stands for the largest there is.
    """

    basis: Basis
    seed: int
    attempts: Mapping[str, int] = field(default_factory=dict)
    schedule: Schedule = "halving"
    variants: int = 1
    names: tuple[str, str] = ("before", "after")
    order: tuple[str, ...] = ()
    sizes: Mapping[Place, tuple[int, ...]] = field(default_factory=dict)
    bank: Mapping[Place, frozenset[int]] = field(default_factory=dict)

    def attempt(self, criterion: Criterion) -> int:
        """Which attempt this is; 0 outside any lineage.

        Raises:
            KeyError: There are lineages, and none is this criterion's; it must
                not slip through with its whole alpha.
        """
        return self.attempts[lineage_key(criterion)] if self.attempts else 0

    def alpha(self, criterion: Criterion, whole: float) -> float:
        """What this criterion may spend of its lineage's whole alpha."""
        attempt = self.attempt(criterion)
        spent = alpha_of(attempt, alpha=whole, schedule=self.schedule) if attempt else whole
        return spent / self.variants


def judge(hypothesis: Hypothesis, before: pa.Table, after: pa.Table, *, terms: Terms) -> Judgement:
    """Judge every criterion of a hypothesis on two arms of observations.

    All criteria are always judged, whatever the first ones come to. Rows are
    paired by (metric, item, epoch); what was not scored counts against
    passing; ``n`` counts clusters, never rows. The criteria join as an
    intersection-union test, each at its own alpha. A sequential hypothesis is
    judged on whole clusters, from the first of the sealed order on, as if
    looked at after each.

    Args:
        hypothesis: What is claimed.
        before: The baseline's observations.
        after: The candidate's.
        terms: Attempts and alpha, basis, seed, and the sealed order.

    Raises:
        PairedTwiceError: An arm has the same row twice.
        ConflictingItemError: An item has two clusters, or two values of a slice.
        NotANumberError: A score is NaN or infinite.
        OutOfRangeError: A score lies outside its declared range.
        AlphaSpentError: A lineage has nothing left to spend.
        UnorderedClusterError, BrokenOrderError: A sequential trial's clusters are
            no beginning of the sealed order, the same in both arms.
    """
    order = terms.order if is_sequential(hypothesis) else ()
    reach = _reach(order, (before, after), terms)
    pairs = pair(before, after, names=terms.names, order=order)
    judged = _judged(hypothesis, pairs, terms)
    judges = judges_of(before, after, metrics=hypothesis.metrics)
    given = _Given(hypothesis, judged, judges, terms, reach)
    verdicts = tuple(given.verdict(criterion) for criterion in hypothesis.criteria)
    found: dict[str, Any] = {
        "hypothesis": digest(hypothesis),
        "name": hypothesis.name,
        "outcome": overall(verdict.outcome for verdict in verdicts),
        "basis": terms.basis,
        "seed": terms.seed,
        "slices": search(_to_search(hypothesis, judged), alpha=hypothesis.alpha),
        "evidence": _counts(judged),
        "unjudged": tuple(sorted(set(pairs) - set(hypothesis.metrics))),
    }
    if not is_sequential(hypothesis):
        return Judgement(verdicts=verdicts, **found)
    taken, cap = (reach.taken, reach.whole) if reach else (0, 0)
    followed = tuple(one for one in verdicts if isinstance(one, SequentialVerdict))
    stop = _stop(followed, taken=taken, cap=cap)
    if stop == "open":
        followed = tuple(map(_still_open, followed))
    return SequentialJudgement(verdicts=followed, taken=taken, cap=cap, stop=stop, **found)


def _still_open(verdict: SequentialVerdict) -> SequentialVerdict:
    """A red line is clear only where its trial ended as sealed: the next cluster could cross it."""
    if (verdict.kind, verdict.outcome) != ("zero_events", "passed"):
        return verdict
    reason = f"{verdict.reason}; but the trial ended before its cap and decided nothing: go on"
    return replace(verdict, outcome="undecided", reason=reason, decided_at=0)


def _reach(order: tuple[str, ...], arms: tuple[pa.Table, pa.Table], terms: Terms) -> Reach | None:
    """How far a sequential trial went: a beginning of its order, the same in both arms."""
    if not order:
        return None
    there = [{str(name) for name in arm["cluster"].unique().to_pylist()} for arm in arms]
    places = {name: place for place, name in enumerate(order)}
    taken = max((places[name] + 1 for one in there for name in one if name in places), default=0)
    for system, found in zip(terms.names, there, strict=True):
        missing = next((name for name in order[:taken] if name not in found), None)
        if missing is not None:
            raise BrokenOrderError(system, missing)
    return Reach(len(order), taken, terms.sizes)


def _judged(hypothesis: Hypothesis, pairs: Mapping[str, Pairs], terms: Terms) -> dict[str, Rows]:
    """The rows of every judged metric, values held to their ranges."""
    found: dict[str, Rows] = {name: pairs[name] for name in hypothesis.metrics if name in pairs}
    for criterion in hypothesis.criteria:
        for metric, scale in scales_of(criterion).items():
            if metric in pairs:
                check_range(metric, pairs[metric], scale, names=terms.names)
    for one in judged_of(hypothesis):
        both = labelled(pairs.get(one.metric), pairs.get(one.by), one, seed=terms.seed)
        if both is not None:
            found[one.metric] = both
    return found


def _stop(verdicts: tuple[SequentialVerdict, ...], *, taken: int, cap: int) -> Stop:
    outcome = overall(one.outcome for one in verdicts)
    if outcome != "undecided":
        return outcome
    if taken >= cap:
        return "cap"
    return "hopeless" if any(one.hopeless for one in verdicts) else "open"


def judge_variants(
    hypothesis: Hypothesis, before: pa.Table, afters: Mapping[str, pa.Table], *, terms: Terms
) -> dict[str, Judgement]:
    """Judge several candidates of one seal, any of which may pass, by Holm over them.

    With m candidates each is first judged at 1/m of its alpha; whenever some
    pass, the rest are judged again as if only they had been sealed. This is
    Holm's procedure on each candidate's largest p: the chance that any
    candidate passes wrongly is at most alpha, however many there are.

    Args:
        hypothesis: What is claimed of each candidate.
        before: The baseline's observations.
        afters: Each candidate's observations, by name.
        terms: As for `judge`; ``variants`` counts all sealed candidates, also
            those that have no evidence yet and so cannot have passed.

    Source:
        Holm (1979), Scand. J. Statist. 6:65-70.
    """
    judged: dict[str, Judgement] = {}
    left, remaining = max(terms.variants, len(afters)), dict(afters)
    while remaining:
        step = replace(terms, variants=left)
        latest = {
            name: judge(hypothesis, before, after, terms=step) for name, after in remaining.items()
        }
        judged |= latest
        passed = [name for name, one in latest.items() if one.outcome == "passed"]
        if not passed:
            break
        left -= len(passed)
        for name in passed:
            del remaining[name]
    return judged


@dataclass(frozen=True)
class _Given:
    """Everything that a criterion is judged on."""

    hypothesis: Hypothesis
    judged: Mapping[str, Rows]
    judges: Mapping[str, Judges]
    terms: Terms
    reach: Reach | None

    def verdict(self, criterion: Criterion) -> CriterionVerdict:
        """What one criterion came to."""
        terms = self.terms
        alpha = terms.alpha(criterion, self.hypothesis.alpha)
        finding = self._finding(criterion, Level(alpha, terms.seed, self.reach, terms.bank))
        found: dict[str, Any] = {
            "criterion": criterion.id,
            "label": criterion.label,
            "kind": criterion.kind,
            "metric": criterion.metric,
            "outcome": finding.outcome,
            "estimate": finding.estimate,
            "limit": finding.limit,
            "reason": finding.reason,
            "attempt": terms.attempt(criterion),
            "alpha": alpha,
            "basis": terms.basis,
            "rubric": getattr(criterion, "rubric", ""),
            "parts": finding.parts,
        }
        if not is_sequential(self.hypothesis):
            return CriterionVerdict(**found)
        return SequentialVerdict(decided_at=finding.at, hopeless=finding.hopeless, **found)

    def _finding(self, criterion: Criterion, level: Level) -> Finding:
        beside = {one.metric: one.by for one in judged_of(self.hypothesis)}
        reason = doubt(criterion, self.judges, beside)
        if is_sequential(self.hypothesis) and self.reach is None:
            reason = "a sequential test needs the sealed order of clusters, and there is none here"
        if reason:
            return replace(undecided(criterion, reason), hopeless=True)
        return find(criterion, self.judged, level)


def _to_search(hypothesis: Hypothesis, judged: Mapping[str, Rows]) -> dict[str, Searched]:
    """Every judged metric, with the slices declared for the search, or all where none is.

    Of a metric that people label in part, the rows that the seal drew for a
    label whatever the judge said: what the judge flagged differs from arm to arm.
    """
    gains = {gain.metric for gain in hypothesis.gains}
    scales: dict[str, Scale] = {}
    for criterion in hypothesis.criteria:
        scale = scale_of(criterion)
        if scale is not None and criterion.metric in judged:
            scales[criterion.metric] = scale
    found = {}
    for metric, scale in scales.items():
        rows = judged[metric]
        pairs = rows.people.part(np.flatnonzero(rows.drawn)) if isinstance(rows, Labelled) else rows
        if not len(pairs):
            continue
        found[metric] = Searched(
            scores=fill(pairs, scale),
            tags={
                name: tag
                for name, tag in pairs.tags.items()
                if name in hypothesis.slices or not hypothesis.slices
            },
            gain=metric in gains,
        )
    return found


def _counts(judged: Mapping[str, Rows]) -> EvidenceCounts:
    """What became of the rows; of a metric that people label in part, of those that were due."""
    tally = np.zeros(4, dtype=np.int64)
    for rows in judged.values():
        for arm, due in _arms(rows):
            tally += np.bincount(arm.status[due], minlength=4)
    return EvidenceCounts(
        expected=int(tally.sum()),
        observed=int(tally[SCORED]),
        unscored=int(tally[UNSCORED] + tally[MISSING]),
        errored=int(tally[ERRORED]),
    )


def _arms(rows: Rows) -> tuple[tuple[Arm, np.ndarray | slice], ...]:
    if isinstance(rows, Labelled):
        people = rows.people
        return (people.before, rows.due("before")), (people.after, rows.due("after"))
    return (rows.before, slice(None)), (rows.after, slice(None))
