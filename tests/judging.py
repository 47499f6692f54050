"""Candidates exactly at a limit of 2 %, seen through a judge who misses some of the events."""

import numpy as np
from numpy.typing import NDArray

from interlock.errors import NotEstimableError
from interlock.measure import JudgedRows, judge_corrected_rate, ppi_rate

Flags = NDArray[np.bool_]
LIMIT, SENSITIVITY, ROWS, LABELS = 0.02, 0.6, 1000, 100


def drawn_rows(
    rng: np.random.Generator,
    n: int,
    *,
    rate: float,
    specificity: float,
    sensitivity: float = SENSITIVITY,
) -> tuple[Flags, Flags]:
    """What the judge says of each of ``n`` rows, and what people would."""
    human = rng.random(n) < rate
    judge = np.where(human, rng.random(n) < sensitivity, rng.random(n) >= specificity)
    return judge, human


def shares_passed(
    rng: np.random.Generator,
    *,
    runs: int,
    specificity: float,
    sensitivity: float = SENSITIVITY,
) -> tuple[float, float]:
    """How often a hundred labels pass the candidate: by our bound, and by PPI++."""
    ours = theirs = 0
    for _ in range(runs):
        judge, human = drawn_rows(
            rng, ROWS, rate=LIMIT, specificity=specificity, sensitivity=sensitivity
        )
        anywhere = rng.permutation(ROWS)[:LABELS]
        labels = np.full(ROWS, np.nan)
        labels[anywhere] = human[anywhere]
        theirs += (ppi_rate(JudgedRows(judge, labels)).high or 0.0) < LIMIT
        labels = np.where(judge, human, np.nan)
        missed = rng.permutation(np.flatnonzero(~judge))[:LABELS]
        labels[missed] = human[missed]
        ours += _passes(JudgedRows(judge, labels))
    return ours / runs, theirs / runs


def _passes(rows: JudgedRows) -> bool:
    try:
        return (judge_corrected_rate(rows).high or 0.0) < LIMIT
    except NotEstimableError:
        return False
