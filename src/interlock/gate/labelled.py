"""Criteria on a metric of which people label a part: bounds in two parts, whatever the judge is."""

from dataclasses import replace

import numpy as np

from interlock.charter import (
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.errors import NotEstimableError
from interlock.gate import sequence
from interlock.gate.beside import Side
from interlock.gate.estimates import Level, difference, rate, ratio
from interlock.gate.finding import Finding, count, limit_of, nothing, over, undecided, under
from interlock.gate.twophase import FLAGGED, Labelled
from interlock.measure import (
    FEWEST,
    Estimate,
    JudgedRows,
    judge_corrected_rate,
    ppi_rate,
    rogan_gladen,
)

_NO_EVENT = (
    "not estimable: people found no event in the baseline, and a share of nothing says nothing; "
    "judge the candidate's own rate beside it"
)


def judge_labelled(
    criterion: RateUpper | RatioBelow | DifferenceNoninferior | ZeroEvents,
    rows: Labelled,
    level: Level,
    *,
    positives: int | None = None,
) -> Finding:
    """Judge a criterion on people's labels of what a judge flagged and of a drawn part.

    Independent rows of 0 and 1 are bounded exactly, each part at half of the
    level; a ratio bounds each arm at half of that. Larger clusters, differences
    and sequential trials bet on corrected values. With fewer than five events
    found by people in both arms together nothing is decided, though every
    level would hold.

    Args:
        criterion: What is claimed.
        rows: The rows.
        level: Its alpha.
        positives: Events that people found wherever the criterion looks; counted here if not given.
    """
    chosen = rows.select(criterion.where)
    if not len(chosen):
        return nothing(criterion)
    level = level.at((criterion.metric, criterion.where))
    found = chosen.positives if positives is None else positives
    if found < FEWEST:
        reason = (
            f"people found {count(found, 'event')} in both arms together, fewer than {FEWEST}: "
            "nobody can tell from these labels whether they would have found one"
        )
        return undecided(criterion, reason + _gaps(chosen))
    try:
        finding = _bounded(criterion, chosen, level)
    except NotEstimableError as error:
        return undecided(criterion, f"not estimable: {error.reason}" + _gaps(chosen))
    return replace(finding, reason=finding.reason + _gaps(chosen) + _beside(chosen, level))


def _bounded(
    criterion: RateUpper | RatioBelow | DifferenceNoninferior | ZeroEvents,
    rows: Labelled,
    level: Level,
) -> Finding:
    if isinstance(criterion, ZeroEvents):
        return _zero_events(criterion, rows, level)
    scores = replace(rows.scores(getattr(criterion, "better", "lower")), gaps=0)
    if level.reach is not None:
        return sequence.follow(criterion, scores, level)
    match criterion:
        case RateUpper():
            return under(criterion, _rate(rows, level), "")
        case RatioBelow():
            return under(criterion, _ratio(rows, level), "")
        case _:
            estimate = difference(scores, level)
            judge = under if criterion.better == "lower" else over
            return judge(criterion, estimate, "")


def _zero_events(criterion: ZeroEvents, rows: Labelled, level: Level) -> Finding:
    """None seen by people, every label that was due there, and the rate's bound at the limit."""
    limit = limit_of(criterion)
    seen = rows.known("after") & (rows.people.after.value > 0)
    if seen.any():
        first = rows.people.first(np.flatnonzero(seen))
        reason = f"{count(int(seen.sum()), 'event')} seen, the first in item {first!r}"
        return Finding("failed", _rate(rows, level), limit, reason)
    if (rows.due("after") & ~rows.known("after")).any():
        reason = "no event seen, but a label that is due is absent, and cannot be said to be clean"
        return undecided(criterion, reason)
    if level.reach is not None:
        claim = RateUpper(metric=criterion.metric, below=limit, where=criterion.where)
        found = sequence.follow(claim, rows.scores("lower"), level)
        return replace(found, limit=limit)
    estimate = _rate(rows, level)
    bound = 1.0 if estimate.high is None else estimate.high
    if bound <= limit:
        return Finding("passed", estimate, limit, f"no event seen: the rate is at most {bound:.4g}")
    reason = f"no event seen, which bounds the rate at {bound:.4g} only; {limit:g} is asked for"
    return undecided(criterion, reason, estimate)


def _rate(rows: Labelled, level: Level) -> Estimate:
    if not _exact(rows, level):
        return rate(rows.scores("lower"), level)
    return judge_corrected_rate(
        _rows(rows, "after", otherwise=1.0), confidence=level.confidence, fewest=0
    )


def _ratio(rows: Labelled, level: Level) -> Estimate:
    """The candidate's rate over the baseline's, each bounded at half of the level."""
    if not _exact(rows, level):
        return ratio(rows.scores("lower"), level)
    half = (1 + level.confidence) / 2
    after = judge_corrected_rate(_rows(rows, "after", otherwise=1.0), confidence=half, fewest=0)
    before = judge_corrected_rate(_rows(rows, "before", otherwise=0.0), confidence=half, fewest=0)
    if before.value == 0:
        raise NotEstimableError("ratio", _NO_EVENT)
    value = after.value / before.value
    high = None if not before.low or after.high is None else after.high / before.low
    return Estimate(
        value=value,
        low=min((after.low or 0.0) / (before.high or 1.0), value),
        high=None if high is None else max(high, value),
        confidence=level.confidence,
        n=rows.people.clusters,
        method="judge-corrected-ratio/1",
    )


def _exact(rows: Labelled, level: Level) -> bool:
    """Whether every row is a cluster of its own, no cluster is larger, and labels are 0 or 1."""
    return rows.people.clusters == len(rows) and level.here <= {1} and rows.whole


def _rows(rows: Labelled, side: Side, *, otherwise: float) -> JudgedRows:
    return JudgedRows(rows.flagged[side], rows.labels(side, otherwise=otherwise))


def _gaps(rows: Labelled) -> str:
    if not rows.gaps:
        return ""
    due = sum(int(np.count_nonzero(rows.due(side))) for side in ("before", "after"))
    return f"; {rows.gaps} of {due} labels that were due are absent and count against it"


def _beside(rows: Labelled, level: Level) -> str:
    """What two customary corrections say of the candidate; neither decides anything.

    Their intervals are for independent rows that are looked at once, and are shown for no others.
    """
    if level.reach is not None or not _exact(rows, level):
        return ""
    drawn = np.where(rows.drawn & rows.known("after"), rows.people.after.value, np.nan)
    sample = JudgedRows(rows.flagged["after"], np.where(drawn >= FLAGGED, 1.0, drawn))
    said = []
    for name, method in (("PPI++", ppi_rate), ("Rogan-Gladen", rogan_gladen)):
        try:
            found = method(sample)
        except NotEstimableError:
            continue
        said.append(f"{name} {found.value:.4g} ({found.low:.4g} to {found.high:.4g})")
    return f"; beside it, deciding nothing: {', '.join(said)}" if said else ""
