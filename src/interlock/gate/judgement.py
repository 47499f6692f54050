"""Judging a hypothesis: every criterion, always, and the slices the average hides."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from interlock.admission import Basis
from interlock.charter import Criterion, Hypothesis
from interlock.gate.criteria import find
from interlock.gate.estimates import Level
from interlock.gate.lineage import Schedule, alpha_of, lineage_key
from interlock.gate.pairing import ERRORED, MISSING, SCORED, UNSCORED, Pairs, pair
from interlock.gate.scoring import Scale, check_range, fill, scale_of, scales_of
from interlock.gate.slices import Searched, search
from interlock.gate.verdict import CriterionVerdict, EvidenceCounts, Judgement, overall
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
    """

    basis: Basis
    seed: int
    attempts: Mapping[str, int] = field(default_factory=dict)
    schedule: Schedule = "halving"
    variants: int = 1
    names: tuple[str, str] = ("before", "after")

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
    intersection-union test, each at its own alpha.

    Args:
        hypothesis: What is claimed.
        before: The baseline's observations.
        after: The candidate's.
        terms: Attempts and alpha, basis, seed.

    Raises:
        PairedTwiceError: An arm has the same row twice.
        ConflictingItemError: An item has two clusters, or two values of a slice.
        NotANumberError: A score is NaN or infinite.
        OutOfRangeError: A score lies outside its declared range.
        AlphaSpentError: A lineage has nothing left to spend.
    """
    pairs = pair(before, after, names=terms.names)
    judged = {name: pairs[name] for name in hypothesis.metrics if name in pairs}
    for criterion in hypothesis.criteria:
        for metric, scale in scales_of(criterion).items():
            if metric in judged:
                check_range(metric, judged[metric], scale, names=terms.names)
    verdicts = tuple(
        _verdict(criterion, judged, (hypothesis.alpha, terms)) for criterion in hypothesis.criteria
    )
    return Judgement(
        hypothesis=digest(hypothesis),
        name=hypothesis.name,
        outcome=overall(verdict.outcome for verdict in verdicts),
        basis=terms.basis,
        seed=terms.seed,
        verdicts=verdicts,
        slices=search(_to_search(hypothesis, judged), alpha=hypothesis.alpha),
        evidence=_counts(judged),
        unjudged=tuple(sorted(set(pairs) - set(hypothesis.metrics))),
    )


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


def _verdict(
    criterion: Criterion, judged: Mapping[str, Pairs], given: tuple[float, Terms]
) -> CriterionVerdict:
    whole, terms = given
    alpha = terms.alpha(criterion, whole)
    finding = find(criterion, judged, Level(alpha, terms.seed))
    return CriterionVerdict(
        criterion=criterion.id,
        label=criterion.label,
        kind=criterion.kind,
        metric=criterion.metric,
        outcome=finding.outcome,
        estimate=finding.estimate,
        limit=finding.limit,
        reason=finding.reason,
        attempt=terms.attempt(criterion),
        alpha=alpha,
        basis=terms.basis,
        rubric=getattr(criterion, "rubric", ""),
        parts=finding.parts,
    )


def _to_search(hypothesis: Hypothesis, judged: Mapping[str, Pairs]) -> dict[str, Searched]:
    """Every judged metric, with the slices declared for the search, or all where none is."""
    gains = {gain.metric for gain in hypothesis.gains}
    scales: dict[str, Scale] = {}
    for criterion in hypothesis.criteria:
        scale = scale_of(criterion)
        if scale is not None and criterion.metric in judged:
            scales[criterion.metric] = scale
    return {
        metric: Searched(
            scores=fill(judged[metric], scale),
            tags={
                name: tag
                for name, tag in judged[metric].tags.items()
                if name in hypothesis.slices or not hypothesis.slices
            },
            gain=metric in gains,
        )
        for metric, scale in scales.items()
    }


def _counts(judged: Mapping[str, Pairs]) -> EvidenceCounts:
    tally = sum(
        (
            np.bincount(arm.status, minlength=4)
            for pairs in judged.values()
            for arm in (pairs.before, pairs.after)
        ),
        start=np.zeros(4, dtype=np.int64),
    )
    return EvidenceCounts(
        expected=int(tally.sum()),
        observed=int(tally[SCORED]),
        unscored=int(tally[UNSCORED] + tally[MISSING]),
        errored=int(tally[ERRORED]),
    )
