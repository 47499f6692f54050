"""What the average hides: slices searched after the fact for a loss."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import bdtrc

from interlock.gate.columns import Codes, Whole
from interlock.gate.pairing import Tag
from interlock.gate.scoring import Scores
from interlock.gate.verdict import SliceFinding
from interlock.measure import holm

LEAST_CLUSTERS = 5
"""Smaller slices are not searched: no loss in them could be told from chance."""


@dataclass(frozen=True)
class Searched:
    """One judged metric to search.

    Attributes:
        scores: Its complete figures.
        tags: The slice columns to search, over the same pairs.
        gain: Whether a gain is claimed for it, rather than no loss.
    """

    scores: Scores
    tags: Mapping[str, Tag]
    gain: bool


@dataclass(frozen=True)
class _Found:
    """One slice of one metric, before it is known how many were searched."""

    metric: str
    name: str
    value: str
    before: float
    after: float
    rows: int
    clusters: int
    p: float
    loss: float
    no_gain: bool


def search(metrics: Mapping[str, Searched], *, alpha: float = 0.05) -> tuple[SliceFinding, ...]:
    """Every slice of every metric that is large enough, worst first.

    In each slice, each cluster lost, gained, or did not move; were loss and
    gain equally likely, the losses among those that moved would be binomial.
    One exact one-sided sign test a slice (McNemar's, where rows are 0/1 and
    independent), Holm over all that were searched: the chance that any slice
    without a loss is called ``worse`` is at most ``alpha``. Called so is only
    one whose mean moved the wrong way too. Which slices are
    large enough depends on their size alone, never on what happened in them.

    Args:
        metrics: What to search, by name of the metric.
        alpha: Chance of calling any slice worse that is not, in (0, 1).

    Returns:
        Findings: first the worse ones by how far their mean moved, in units of
        the metric's range, then the rest by adjusted p and how far they moved.
    """
    found = [one for metric, searched in metrics.items() for one in _slices(metric, searched)]
    if not found:
        return ()
    adjusted = holm([one.p for one in found])
    findings = [_finding(one, float(p), alpha) for one, p in zip(found, adjusted, strict=True)]
    by_badness = sorted(zip(found, findings, strict=True), key=lambda both: _badness(*both))
    return tuple(finding for _, finding in by_badness)


def _badness(one: _Found, finding: SliceFinding) -> tuple[object, ...]:
    """What is shown before what: losses that are real by their size, the rest by how likely."""
    place = (one.metric, one.name, one.value)
    if finding.status == "worse":
        return (0, -one.loss, place)
    return (1, finding.p_adjusted, -one.loss, place)


def _finding(one: _Found, adjusted: float, alpha: float) -> SliceFinding:
    return SliceFinding(
        metric=one.metric,
        slice=one.name,
        value=one.value,
        status=_status(one, adjusted <= alpha),
        before=one.before,
        after=one.after,
        rows=one.rows,
        clusters=one.clusters,
        p=one.p,
        p_adjusted=adjusted,
    )


def _status(one: _Found, significant: bool) -> Literal["worse", "no gain shown", "undecided"]:
    """What is said of a slice: small losses under a mean that improved do not make it worse."""
    if significant and one.loss > 0:
        return "worse"
    return "no gain shown" if one.no_gain else "undecided"


def _slices(metric: str, searched: Searched) -> Iterator[_Found]:
    scores = searched.scores
    sign = 1.0 if scores.scale.better == "lower" else -1.0
    for name, tag in searched.tags.items():
        there = tag.codes >= 0
        codes, size = tag.codes[there], len(tag.values)
        rows = np.bincount(codes, minlength=size)
        before = np.bincount(codes, weights=scores.before[there], minlength=size)
        after = np.bincount(codes, weights=scores.after[there], minlength=size)
        clusters, lost, gained = _moves(scores, there, codes)
        for code in np.flatnonzero(clusters >= LEAST_CLUSTERS):
            was, now = float(before[code] / rows[code]), float(after[code] / rows[code])
            loss = sign * (now - was) / scores.scale.width
            yield _Found(
                metric=metric,
                name=name,
                value=str(tag.values[int(code)].as_py()),
                before=was,
                after=now,
                rows=int(rows[code]),
                clusters=int(clusters[code]),
                p=float(bdtrc(lost[code] - 1, lost[code] + gained[code], 0.5)),
                loss=loss,
                no_gain=searched.gain and loss >= 0 and was != scores.scale.best,
            )


def _moves(scores: Scores, there: np.ndarray, codes: Codes) -> tuple[Whole, Whole, Whole]:
    """For each value of a slice: its clusters, and those of them that lost and gained."""
    size = int(codes.max()) + 1 if len(codes) else 0
    change = (scores.after - scores.before)[there]
    if scores.scale.better == "higher":
        change = -change
    if not scores.independent:
        both = codes.astype(np.int64) * scores.clusters + scores.groups[there]
        cells, cell = np.unique(both, return_inverse=True)
        codes, change = cells // scores.clusters, np.bincount(cell, weights=change)
    least = 1e-9 * scores.scale.width
    return (
        np.bincount(codes, minlength=size),
        np.bincount(codes[change > least], minlength=size),
        np.bincount(codes[change < -least], minlength=size),
    )
