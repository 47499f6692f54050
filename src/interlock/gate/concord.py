"""Whether two metrics of the same rows fit: chances and outcomes, a judge and people."""

from collections.abc import Mapping

import numpy as np

from interlock.charter import AgreementMin, CalibrationMax
from interlock.errors import NotEstimableError
from interlock.gate.beside import Beside, Column, Side, put_beside
from interlock.gate.estimates import Level
from interlock.gate.finding import Finding, count, limit_of, nothing, over, undecided, under
from interlock.gate.pairing import Pairs
from interlock.gate.scoring import Numbers
from interlock.gate.unseen import worst_chances, worst_labels
from interlock.gate.verdict import overall
from interlock.measure import (
    Forecasts,
    calibration_bound,
    calibration_error,
    clustered_kappa,
)

LEAST_CLUSTERS = 20
"""A bootstrap of fewer clusters says little about its own bound; such a sample stays undecided."""

LEAST_ALPHA = 0.0025
"""A quantile of 2,000 resamples under this level rests on fewer than five of them."""

MOST_LABELS = 20


def calibration_max(
    criterion: CalibrationMax, judged: Mapping[str, Pairs], level: Level
) -> Finding:
    """Whether the candidate's chances come true: the bound of its calibration error.

    Every row that has a forecast or an outcome counts; what lacks one of them
    counts as wrong as it can be. Where clusters differ in size, the error over
    rows is bounded too, and the one that speaks against the release decides.
    Each is taken at the gaps that are worst for it: what widens the error over
    rows can narrow that over clusters.
    """
    twins = judged.get(criterion.metric), judged.get(criterion.outcome)
    rows = put_beside(twins, criterion.where)
    if rows is None:
        return nothing(criterion)
    chances, outcomes = rows.columns("after")
    between = outcomes.known & (outcomes.value > 0) & (outcomes.value < 1)
    if between.any():
        reason = f"{criterion.outcome} is neither 0 nor 1 in {count(int(between.sum()), 'row')}"
        return undecided(criterion, f"{reason}: a chance is of something that happens or does not")
    bins, confidence, seed = criterion.bins, level.confidence, level.seed

    def worst(weights: Numbers) -> Forecasts:
        given, happened = worst_chances(chances, outcomes, bins, weights=weights)
        return Forecasts(happened, given, rows.groups)

    sizes = np.bincount(rows.groups)
    each = worst(1 / sizes[rows.groups])
    found = [calibration_bound(each, bins=bins, confidence=confidence, seed=seed)]
    if len(np.unique(sizes)) > 1:
        whole = worst(np.ones(len(rows.groups)))
        found.append(calibration_error(whole, bins=bins, confidence=confidence, seed=seed))
    highest = max(found, key=lambda one: 1.0 if one.high is None else one.high)
    return under(criterion, highest, _gaps(rows))


def agreement_min(criterion: AgreementMin, judged: Mapping[str, Pairs], level: Level) -> Finding:
    """Whether a judge agrees with people on every row of the slice, in either arm.

    A row that one of them did not label counts as a disagreement, as costly as
    labels allow: which rows people labelled is known to who leaves some out.
    An intersection-union test: each arm at the full level.
    """
    twins = judged.get(criterion.metric), judged.get(criterion.reference)
    rows = put_beside(twins, criterion.where)
    if rows is None:
        return nothing(criterion)
    if rows.clusters < LEAST_CLUSTERS:
        few = f"{count(rows.clusters, 'cluster')} of {' and '.join(criterion.metrics)}"
        return undecided(criterion, f"{few}: a resampled bound takes {LEAST_CLUSTERS} at least")
    if level.alpha < LEAST_ALPHA:
        reason = f"at a level of {level.alpha:.2g} a resampled bound cannot be told"
        return undecided(criterion, f"{reason}; it takes {LEAST_ALPHA:g} at least")
    arms: tuple[Side, ...] = ("before", "after")
    found = [_arm(criterion, rows, (side, level)) for side in arms]
    outcome = overall(one.outcome for one in found)
    worst = min((one for one in found if one.outcome == outcome), key=_low)
    names = {"before": "baseline", "after": "candidate"}
    reason = "; ".join(
        f"{names[side]}: {one.reason}" for side, one in zip(arms, found, strict=True)
    )
    return Finding(outcome, worst.estimate, limit_of(criterion), reason + _silence(rows, arms))


def _arm(criterion: AgreementMin, rows: Beside, given: tuple[Side, Level]) -> Finding:
    side, level = given
    judge, people = rows.columns(side)
    labels = _labels(judge, people)
    if len(labels) > MOST_LABELS:
        return undecided(criterion, f"{len(labels)} different values are no labels")
    by_distance = criterion.weights != "equal"
    first, second = worst_labels(judge, people, labels, by_distance=by_distance)
    names = [f"{label:g}" for label in labels]
    try:
        estimate = clustered_kappa(
            [(names[a], names[b]) for a, b in zip(first, second, strict=True)],
            rows.groups,
            categories=names,
            weights=criterion.weights,
            confidence=level.confidence,
            seed=level.seed,
        )
    except NotEstimableError:
        reason = "not estimable: one and the same label throughout leaves nothing to agree on"
        return undecided(criterion, reason)
    return over(criterion, estimate, "")


def _labels(judge: Column, people: Column) -> Numbers:
    """Every label that either gave, in order; at least two, since a gap disagrees."""
    known = np.unique(np.concatenate([one.value[one.known] for one in (judge, people)]))
    complete = bool((judge.known & people.known).all())
    if complete or len(known) > 1:
        return known
    only = known[0] if len(known) else 0.0
    return np.array([only, only + 1.0])


def _low(finding: Finding) -> float:
    """How far down a bound reaches; what could not be estimated reaches below all."""
    if finding.estimate is None or finding.estimate.low is None:
        return -np.inf
    return finding.estimate.low


def _gaps(rows: Beside) -> str:
    gaps, n = rows.gaps("after"), len(rows.groups)
    return f"; {gaps} of {n} rows without a score count against it" if gaps else ""


def _silence(rows: Beside, arms: tuple[Side, ...]) -> str:
    """Who left how many rows of both arms without a label."""
    judge, people = (
        np.concatenate([one.known for one in columns])
        for columns in zip(*(rows.columns(side) for side in arms), strict=True)
    )
    said = []
    if (judge & ~people).any():
        gaps = np.count_nonzero(judge & ~people)
        said.append(f"; {gaps} of {np.count_nonzero(judge)} judged rows have no label")
    if not judge.all():
        said.append(f"; {np.count_nonzero(~judge)} of {len(judge)} rows were not judged")
    return "".join(f"{one} and count against it" for one in said)
