"""What was not seen, filled in as it speaks most against a release."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from interlock.gate.beside import Column
from interlock.gate.columns import Whole
from interlock.gate.scoring import Numbers


def worst_chances(
    chances: Column, outcomes: Column, bins: int, *, weights: Numbers
) -> tuple[Numbers, Numbers]:
    """Forecasts and outcomes without gaps, with the largest calibration error they can have.

    The error is the largest weighted sum over rows of forecast - outcome, over
    every choice of a sign for each bin. Under given signs each gap has one
    worst value whatever the others are, so all signs are tried: no fill is
    worse for the error of these weights. It can be better for that of others.

    Args:
        chances: Forecasts in [0, 1].
        outcomes: Outcomes, 0 or 1.
        bins: Bins of equal width, closed on the right, at most 10.
        weights: Shape ``(n,)``, above 0, what each row adds to the error.

    Returns:
        Both columns, shape ``(n,)``.
    """
    given, happened = chances.value.copy(), outcomes.value.copy()
    edges = np.arange(bins + 1) / bins
    # A bin is open on its left: its least chance is the next number above the edge.
    ends = np.array([np.concatenate([[0.0], np.nextafter(edges[1:-1], 1.0)]), edges[1:]])
    place = np.maximum(np.searchsorted(edges, np.where(chances.known, given, 0.0)) - 1, 0)
    both, said = chances.known & outcomes.known, chances.known & ~outcomes.known
    sums = np.bincount(place[both], weights=((given - happened) * weights)[both], minlength=bins)
    over = np.bincount(place[said], weights=(given * weights)[said], minlength=bins)
    short = np.bincount(place[said], weights=((1 - given) * weights)[said], minlength=bins)
    signs = np.array(list(product((-1.0, 1.0), repeat=bins)))
    up = signs > 0
    # What one row without a forecast adds in each bin, if its event did not happen or did.
    adds = [np.where(up, ends[1], -ends[0]) - signs * outcome for outcome in (0.0, 1.0)]
    best = np.stack([one.max(axis=1) for one in adds])
    silent = ~chances.known & outcomes.known
    neither = ~chances.known & ~outcomes.known
    total = signs @ sums + np.where(up, over, short).sum(axis=1)
    total += weights[neither].sum() * best.max(axis=0)
    for y in (0, 1):
        total += weights[silent & (happened == y)].sum() * best[y]
    chosen = int(np.argmax(total))
    happened[said] = np.where(up[chosen][place[said]], 0.0, 1.0)
    happened[neither] = float(np.argmax(best[:, chosen]))
    for y in (0, 1):
        rows = ~chances.known & (happened == y)
        k = int(np.argmax(adds[y][chosen]))
        given[rows] = ends[int(up[chosen, k]), k]
    return given, happened


def worst_labels(
    judge: Column, people: Column, labels: Numbers, *, by_distance: bool
) -> tuple[Whole, Whole]:
    """Both raters' labels without gaps, as positions in ``labels``, such that kappa is small.

    A gap is filled with the label that costs most beside the other rater's,
    and among those with the one the other rater gives most often: it makes
    agreement by chance likely.

    Args:
        judge: The judge's labels.
        people: The people's labels.
        labels: All labels in order, at least two if there is a gap.
        by_distance: Whether a disagreement costs more the further the labels lie apart.
    """
    distance = np.abs(np.subtract.outer(np.arange(len(labels)), np.arange(len(labels))))
    cost = distance if by_distance else np.sign(distance)
    first, second = (_positions(one, labels) for one in (judge, people))
    nobody = (first < 0) & (second < 0)
    second[nobody] = len(labels) - 1
    shares = [_shares(one, len(labels)) for one in (first, second)]
    for own, other, share in ((first, second, shares[1]), (second, first, shares[0])):
        open_rows = own < 0
        own[open_rows] = np.argmax(cost[other[open_rows]] + share / 2, axis=1)
    return first, second


def _positions(column: Column, labels: Numbers) -> NDArray[np.int64]:
    found = np.searchsorted(labels, np.where(column.known, column.value, labels[0]))
    return np.where(column.known, found, -1)


def _shares(positions: Whole, size: int) -> Numbers:
    seen = np.bincount(positions[positions >= 0], minlength=size).astype(np.float64)
    return np.asarray(seen / max(seen.sum(), 1.0))
