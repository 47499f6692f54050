"""Releases at their boundary: the cells in which customary bounds pass too many of them.

A cell draws many samples of a candidate that is exactly as bad as its limit, and says for each of
them whether the gate's bound passes it, and whether the customary one does. The quick test and the
long proof of levels share them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from interlock.measure import (
    Estimate,
    PairedCounts,
    bounded_mean,
    clustered_rate,
    clustered_ratio,
    paired_ratio,
    score_paired_ratio,
)
from interlock.measure.betting import ORDERS, capital
from interlock.measure.paired_ratios import exact_chance, paired_scores
from tests.intervals import high, low

Array = NDArray[np.float64]
Passed = NDArray[np.bool_]

ALPHA = 0.05
Z = float(stats.norm.isf(ALPHA))
AT_ONCE = 500


@dataclass(frozen=True)
class Outcome:
    """How one cell went: shares of samples passed, and median distances of bound from estimate."""

    guarded: float
    naive: float
    width: float
    naive_width: float


@dataclass(frozen=True)
class Cell:
    """A candidate at its limit and the customary method that passes it too often.

    ``play`` draws many samples and bets on them at once; ``judge`` draws fewer, and says of each
    whether the public estimator's own bound passes it, read as the gate reads it.
    """

    name: str
    naive: str
    play: Callable[[np.random.Generator, int], Outcome]
    judge: Callable[[np.random.Generator, int], Passed]


def bet(gains: Array, costs: Array | None, ratio: float, seed: int) -> Passed:
    """Which samples, of shape ``(runs, n)``, the betting bound passes against ``ratio``."""
    rng, passed = np.random.default_rng(seed), []
    for start in range(0, len(gains), AT_ONCE):
        chunk = slice(start, start + AT_ONCE)
        lanes = np.repeat(np.arange(len(gains[chunk])), ORDERS)[:, None]
        order = rng.permuted(np.tile(np.arange(gains.shape[1]), (len(lanes), 1)), axis=1)
        won = gains[chunk][lanes, order]
        lost = None if costs is None else costs[chunk][lanes, order]
        held = capital(won, lost, np.array([ratio]), alpha=ALPHA)
        passed.append(held.reshape(-1, ORDERS).mean(axis=1) >= 1 / ALPHA)
    return np.concatenate(passed)


def clustered_rate_cell(clusters: int, rows: int, limit: float = 0.02) -> Cell:
    """A rate at its limit, with an intra-cluster correlation of .3."""

    def draw(rng: np.random.Generator, runs: int) -> Array:
        spread = 1 / 0.3 - 1
        rates = rng.beta(limit * spread, (1 - limit) * spread, (runs, clusters))
        return rng.binomial(rows, rates).astype(np.float64)

    def judge(rng: np.random.Generator, runs: int) -> Passed:
        labels = np.repeat(np.arange(clusters), rows)
        happened = np.arange(rows) < np.sort(draw(rng, runs))[:, :, None]
        bounds = [high(clustered_rate(h.ravel(), labels, seed=k)) for k, h in enumerate(happened)]
        return np.array(bounds) < limit

    def play(rng: np.random.Generator, runs: int) -> Outcome:
        seen = draw(rng, runs)
        total, n = seen.sum(axis=1), clusters * rows
        bounds = stats.beta.isf(ALPHA, total + 1, n - total)
        shares = seen / rows
        return Outcome(
            guarded=float(bet(1 - shares, None, 1 - limit, 1).mean()),
            naive=float((bounds <= limit).mean()),
            width=_median([_reach(bounded_mean(s, low=0, high=1)) for s in shares[:40]]),
            naive_width=float((bounds - total / n)[:40].mean()),
        )

    return Cell(f"rate, {clusters} x {rows}, ICC .3, limit {limit}", "row-wise exact", play, judge)


def clustered_ratio_cell(clusters: int, rows: int, limit: float = 0.6) -> Cell:
    """A ratio at its limit; the candidate's harm sits in a few clusters that are all bad."""

    def draw(rng: np.random.Generator, runs: int) -> tuple[Array, Array]:
        before = rng.binomial(rows, 0.1, (runs, clusters)) / rows
        return before, (rng.random((runs, clusters)) < 0.1 * limit).astype(np.float64)

    def judge(rng: np.random.Generator, runs: int) -> Passed:
        labels = np.arange(clusters)
        bounds = [
            high(clustered_ratio(b, a, labels, seed=k)) if b.any() else np.inf
            for k, (b, a) in enumerate(zip(*draw(rng, runs), strict=True))
        ]
        return np.array(bounds) < limit

    def play(rng: np.random.Generator, runs: int) -> Outcome:
        before, after = draw(rng, runs)
        gap = limit * before - after
        with np.errstate(divide="ignore", invalid="ignore"):
            score = gap.mean(axis=1) / (gap.std(axis=1, ddof=1) / np.sqrt(clusters))
        labels = np.arange(clusters)
        pairs = [(b, a) for b, a in zip(before[:40], after[:40], strict=True) if b.any()]
        return Outcome(
            guarded=float(bet(before, after, 1 / limit, 2).mean()),
            naive=float((score > Z).mean()),
            width=_median([_reach(clustered_ratio(b, a, labels)) for b, a in pairs]),
            naive_width=_median([_delta(b, a) for b, a in pairs]),
        )

    name = f"ratio, {clusters} clusters, rare all-bad, limit {limit}"
    return Cell(name, "delta method", play, judge)


def mean_cell(n: int, margin: float) -> Cell:
    """A mean of 0/10 scores that fell by exactly the margin, through rare losses of 10."""

    def draw(rng: np.random.Generator, runs: int) -> Array:
        return -10 * (rng.random((runs, n)) < margin / 10).astype(np.float64)

    def judge(rng: np.random.Generator, runs: int) -> Passed:
        changes = np.sort(draw(rng, runs))
        bounds = [low(bounded_mean(c, low=-10, high=10, seed=k)) for k, c in enumerate(changes)]
        return np.array(bounds) > -margin

    def play(rng: np.random.Generator, runs: int) -> Outcome:
        change = draw(rng, runs)
        error = change.std(axis=1, ddof=1) / np.sqrt(n)
        half = float(stats.t.isf(ALPHA, n - 1)) * error
        bounds = [bounded_mean(c, low=-10, high=10) for c in change[:40]]
        return Outcome(
            guarded=float(bet((change + 10) / 20, None, (10 - margin) / 20, 3).mean()),
            naive=float((change.mean(axis=1) - half > -margin).mean()),
            width=_median([b.value - low(b) for b in bounds]),
            naive_width=float(half[:40].mean()),
        )

    return Cell(f"mean, n {n}, losses of 10, margin {margin}", "paired t", play, judge)


def paired_ratio_cell(n: int, before: float, limit: float) -> Cell:
    """A paired ratio at its limit; nearly every event of the candidate is one of the baseline."""

    def draw(rng: np.random.Generator, runs: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        new = 0.01 * limit * before
        chances = [limit * before - new, (1 - limit) * before + new, new]
        drawn = rng.multinomial(n, [*chances, 1 - sum(chances)], size=runs)
        return np.unique(drawn, axis=0, return_inverse=True)

    def judge(rng: np.random.Generator, runs: int) -> Passed:
        tables, which = draw(rng, runs)
        return np.array([upper_ratio(*cells) < limit for cells in tables[:, :3].tolist()])[which]

    def play(rng: np.random.Generator, runs: int) -> Outcome:
        tables, which = draw(rng, runs)
        counts = [
            PairedCounts(both=a, only_before=b, only_after=c, neither=d)
            for a, b, c, d in tables.tolist()
        ]
        scores = paired_scores(tables.T[:3].astype(np.float64), limit)
        below = np.array(
            [
                score < 0 and table.before > 0 and exact_chance(table, limit, alpha=ALPHA) <= ALPHA
                for table, score in zip(counts, scores, strict=True)
            ]
        )
        shown = [counts[i] for i in which[:40] if counts[i].before]
        return Outcome(
            guarded=float(below[which].mean()),
            naive=float((scores <= -Z)[which].mean()),
            width=_median([_reach(paired_ratio(table)) for table in shown]),
            naive_width=_median([_reach(score_paired_ratio(table)) for table in shown]),
        )

    name = f"paired ratio, {n} pairs, baseline {before}, limit {limit}"
    return Cell(name, "plain score", play, judge)


@cache
def upper_ratio(both: int, only_before: int, only_after: int) -> float:
    """The gate's upper bound of a paired ratio; pairs without an event have no part in it."""
    if both + only_before == 0:
        return np.inf
    table = PairedCounts(both=both, only_before=only_before, only_after=only_after, neither=0)
    return high(paired_ratio(table))


def size_of_the_paired_bound(n: int, limit: float) -> float:
    """The largest chance that ``paired_ratio(...).high < limit`` on ``n`` pairs at that ratio.

    Every table is enumerated, at 24 baseline rates and 17 shares of pairs with both events each.
    """
    tables = np.array(
        [
            (both, before, after, n - both - before - after)
            for both in range(n + 1)
            for before in range(n + 1 - both)
            for after in range(n + 1 - both - before)
            if both + after < limit * (both + before) and upper_ratio(both, before, after) < limit
        ]
    )
    if not len(tables):
        return 0.0
    ways = special.gammaln(n + 1) - special.gammaln(tables + 1).sum(axis=1)
    rate = np.repeat(np.append(np.geomspace(0.02, 0.5, 12), np.linspace(0.55, 0.999, 12)), 17)
    least, most = np.maximum(rate * (1 + limit) - 1, 0), rate * limit
    both = least + (most - least) * np.tile(np.linspace(0, 1, 17), 24)
    chances = np.stack([both, rate - both, rate * limit - both, 1 - rate * (1 + limit) + both])
    logs = special.xlogy(tables[:, :, None], np.maximum(chances, 0)).sum(axis=1)
    return float(np.exp(ways[:, None] + logs).sum(axis=0).max())


QUICK = (
    clustered_rate_cell(20, 30),
    clustered_ratio_cell(20, 30),
    mean_cell(30, 2.0),
    paired_ratio_cell(30, 0.64, 0.8),
)

BAD = (
    *(clustered_rate_cell(c, m) for c, m in ((20, 30), (100, 10), (300, 5))),
    *(clustered_ratio_cell(c, m) for c, m in ((20, 30), (100, 10), (300, 5))),
    *(mean_cell(n, margin) for n in (30, 250) for margin in (2.0, 0.2)),
    *(paired_ratio_cell(30, before, limit) for before in (0.1, 0.3, 0.64) for limit in (0.6, 0.8)),
    paired_ratio_cell(200, 0.64, 0.6),
    paired_ratio_cell(5000, 0.002, 0.6),
)


def _reach(estimate: Estimate) -> float:
    """Distance of the upper bound from the estimate."""
    return high(estimate) - estimate.value


def _median(widths: list[float]) -> float:
    """The middle width: a mean would drown in one sample without a bound."""
    return float(np.median(widths)) if widths else float("nan")


def _delta(before: Array, after: Array) -> float:
    ratio = after.mean() / before.mean()
    return float(Z * (after - ratio * before).std(ddof=1) / np.sqrt(before.size) / before.mean())
