"""What each kind of criterion asks of the numbers, and the bound that answers."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from interlock.charter import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    SliceValue,
    ZeroEvents,
)
from interlock.errors import NotEstimableError
from interlock.gate import sequence
from interlock.gate.concord import agreement_min, calibration_max
from interlock.gate.estimates import Level, difference, rate, rate_of_rows, ratio
from interlock.gate.finding import Finding, count, limit_of, nothing, over, undecided, under
from interlock.gate.labelled import judge_labelled
from interlock.gate.pairing import SCORED, Pairs
from interlock.gate.scoring import HARM, Scale, Scores, fill, select
from interlock.gate.twophase import Labelled
from interlock.gate.verdict import PartVerdict, overall
from interlock.measure import exact_rate, zero_failure_n

Bounded = RateUpper | RatioBelow | DifferenceNoninferior
OfOneMetric = Bounded | ZeroEvents | CoverageMin | AllOf
Rows = Pairs | Labelled


def find(criterion: Criterion, judged: Mapping[str, Rows], level: Level) -> Finding:
    """Judge one criterion on the pairs of its metrics; a metric may have none.

    A criterion passes only when its bound is on the right side of the limit,
    fails when the opposite bound is on the wrong side, and is undecided between.
    Where every pair is a cluster of its own and every value 0 or 1, bounds are
    exact or score bounds; otherwise they are betting bounds, one bet a
    cluster, which hold whatever happens within a cluster. A sequential trial
    is followed cluster by cluster (`sequence.follow`), and where people label a
    part both parts are bounded (`judge_labelled`).
    """
    if isinstance(criterion, CalibrationMax | AgreementMin):
        plain = {
            name: rows.people if isinstance(rows, Labelled) else rows
            for name, rows in judged.items()
        }
        if isinstance(criterion, CalibrationMax):
            return calibration_max(criterion, plain, level)
        return agreement_min(criterion, plain, level)
    return _of_one_metric(criterion, judged.get(criterion.metric), level)


def _of_one_metric(criterion: OfOneMetric, rows: Rows | None, level: Level) -> Finding:
    match criterion:
        case CoverageMin():
            return sequence.counted(_coverage_min(criterion, rows), level.reach)
        case AllOf():
            return _all_of(criterion, rows, level)
        case _ if isinstance(rows, Labelled):
            return judge_labelled(criterion, rows, level)
        case ZeroEvents():
            return sequence.counted(_zero_events(criterion, rows, level), level.reach)
        case _:
            return _bounded(criterion, rows, level)


def _bounded(criterion: Bounded, pairs: Pairs | None, level: Level) -> Finding:
    scale = HARM
    if isinstance(criterion, DifferenceNoninferior):
        scale = Scale(criterion.low, criterion.high, criterion.better)
    scores = _scores(pairs, criterion.where, scale)
    if scores is None:
        return nothing(criterion)
    if level.reach is not None:
        return sequence.follow(criterion, scores, level)
    level = level.at((criterion.metric, criterion.where))
    match criterion:
        case RateUpper():
            return under(criterion, rate(scores, level), _gaps(scores))
        case RatioBelow():
            return _ratio_below(criterion, scores, level)
        case _:
            judge = under if criterion.better == "lower" else over
            return judge(criterion, difference(scores, level), _gaps(scores))


def _ratio_below(criterion: RatioBelow, scores: Scores, level: Level) -> Finding:
    try:
        return under(criterion, ratio(scores, level), _gaps(scores))
    except NotEstimableError:
        reason = (
            "not estimable: the baseline shows no event, and a share of nothing says nothing; "
            "choose items on which the baseline can fail, and judge the candidate's own rate"
        )
        return undecided(criterion, reason + _gaps(scores))


def _zero_events(criterion: ZeroEvents, pairs: Pairs | None, level: Level) -> Finding:
    chosen = None if pairs is None else select(pairs, criterion.where)
    if chosen is None or not len(chosen):
        return nothing(criterion)
    scores, limit = fill(chosen, HARM), criterion.at_most
    level = level.at((criterion.metric, criterion.where))
    events = np.flatnonzero((chosen.after.status == SCORED) & (chosen.after.value > 0))
    if len(events):
        first = chosen.first(events)
        reason = f"{count(len(events), 'event')} seen, the first in item {first!r}"
        return Finding("failed", rate(scores, level), limit, reason + _gaps(scores))
    if (chosen.after.status != SCORED).any():
        reason = "no event seen, but who was not scored cannot be said to be clean"
        return undecided(criterion, reason + _gaps(scores), rate(scores, level))
    clean = exact_rate(np.zeros(scores.clusters, dtype=np.bool_), confidence=level.confidence)
    bound = clean.high or 1.0
    if bound <= limit and len(level.sizes(scores)) > 1:
        return _clean_rows(criterion, scores, level)
    if bound <= limit:
        reason = f"no event in {count(clean.n, 'cluster')}: the rate is at most {bound:.4g}"
        return Finding("passed", clean, limit, reason)
    needed = zero_failure_n(limit, confidence=level.confidence)
    reason = (
        f"no event in {count(clean.n, 'cluster')} bounds the rate at {bound:.4g} only; "
        f"a bound of {limit:g} takes {needed} clean clusters"
    )
    return undecided(criterion, reason, clean)


def _clean_rows(criterion: ZeroEvents, scores: Scores, level: Level) -> Finding:
    """No event in enough clusters, of which some are larger: so many rows have to be clean too."""
    if level.reach is not None:
        claim = RateUpper(metric=criterion.metric, below=criterion.at_most, where=criterion.where)
        return replace(sequence.follow(claim, scores, level), limit=criterion.at_most)
    estimate, limit = rate_of_rows(scores, level), criterion.at_most
    bound = 1.0 if estimate.high is None else estimate.high
    told = (
        f"no event in {count(estimate.n, 'cluster')}, which bounds the rate of rows at {bound:.4g}"
    )
    if bound <= limit:
        return Finding("passed", estimate, limit, told)
    largest = max(level.sizes(scores))
    reason = f"{told} only, since one cluster can hold {count(largest, 'row')}"
    return undecided(criterion, reason, estimate)


def _coverage_min(criterion: CoverageMin, rows: Rows | None) -> Finding:
    """Count the clusters that are scored in both arms, everywhere they are required."""
    places: list[tuple[SliceValue, ...]] = [(one,) for one in criterion.required] or [()]
    thin = [
        f"{place[0].value if place else criterion.metric} has {count}"
        for place in places
        if (count := _covered(rows, place)) < criterion.clusters
    ]
    limit = limit_of(criterion)
    if thin:
        reason = f"too few scored clusters of {criterion.clusters}: {', '.join(thin)}"
        return undecided(criterion, reason)
    return Finding("passed", None, limit, f"every place has {criterion.clusters} scored clusters")


def _all_of(criterion: AllOf, rows: Rows | None, level: Level) -> Finding:
    """An intersection-union test: every part at its own full alpha, without Holm."""
    if isinstance(rows, Labelled):
        seen = sum(rows.select(part.where).positives for part in criterion.parts)
        found = [judge_labelled(part, rows, level, positives=seen) for part in criterion.parts]
    else:
        found = [_bounded(part, rows, level) for part in criterion.parts]
    outcome = overall(one.outcome for one in found)
    worst = max(
        (one.estimate for one in found if one.estimate is not None),
        key=lambda estimate: (estimate.high or 1.0, estimate.value),
        default=None,
    )
    open_parts = [
        f"{value} {one.outcome}"
        for value, one in zip(criterion.values, found, strict=True)
        if one.outcome != "passed"
    ]
    reason = ", ".join(open_parts) or f"each of {len(found)} passed at its own level"
    parts = tuple(
        PartVerdict(value=value, outcome=one.outcome, estimate=one.estimate, reason=one.reason)
        for value, one in zip(criterion.values, found, strict=True)
    )
    at, hopeless = sequence.together(found)
    return Finding(outcome, worst, criterion.below, reason, parts, at=at, hopeless=hopeless)


def _scores(pairs: Pairs | None, where: tuple[SliceValue, ...], scale: Scale) -> Scores | None:
    chosen = None if pairs is None else select(pairs, where)
    return fill(chosen, scale) if chosen is not None and len(chosen) else None


def _covered(rows: Rows | None, place: tuple[SliceValue, ...]) -> int:
    """Clusters with a row that counts in both arms: scored, or one whose label is not due."""
    if rows is None:
        return 0
    if isinstance(rows, Labelled):
        part = rows.select(place)
        both = part.counts("before") & part.counts("after")
        return len(np.unique(part.people.cluster[both]))
    chosen = select(rows, place)
    both = (chosen.before.status == SCORED) & (chosen.after.status == SCORED)
    return len(np.unique(chosen.cluster[both]))


def _gaps(scores: Scores) -> str:
    if not scores.gaps:
        return ""
    return f"; {scores.gaps} of {2 * len(scores.groups)} rows without a score count against it"
