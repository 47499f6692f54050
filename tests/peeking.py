"""How often a trial that is looked at again and again passes a candidate at its limit."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from interlock.measure.anytime import SHARES, log_capital, log_growth

Array = NDArray[np.float64]
ALPHA = 0.05

Evidence = Callable[[Array, int], Array]
"""Log capital after ``n`` rows, for each number of rows with the event."""


def chance_of_passing(evidence: Evidence, looks: range, *, rate: float) -> float:
    """The exact chance that the evidence is there at any look, if the event has this rate."""
    going_on = np.zeros(looks[-1] + 1)
    going_on[0], passed = 1.0, 0.0
    for n in range(1, looks[-1] + 1):
        happens = rate * going_on[:-1]
        going_on *= 1 - rate
        going_on[1:] += happens
        if n in looks:
            there = evidence(np.arange(n + 1.0), n) >= -np.log(ALPHA)
            passed += float(going_on[: n + 1][there].sum())
            going_on[: n + 1][there] = 0
    return passed


def bettors(limit: float) -> Evidence:
    """Evidence of the bettors on flags that the mean is under ``limit``."""
    one, none = np.ones(()), np.zeros(())

    def evidence(events: Array, n: int) -> Array:
        safe = log_growth(one, one, 1 - limit)
        harmful = log_growth(none, one, 1 - limit)
        return log_capital((n - events)[:, None] * safe + events[:, None] * harmful)

    return evidence


def ever_there(gains: Array, costs: Array, ratio: float) -> float:
    """Share of samples, of shape ``(runs, n)``, on which the bettors' evidence is ever there."""
    held = np.zeros((len(gains), SHARES.size))
    there = np.zeros(len(gains), dtype=bool)
    for gain, cost in zip(gains.T, costs.T, strict=True):
        held += log_growth(gain, cost, ratio)
        there |= log_capital(held) >= -np.log(ALPHA)
    return float(there.mean())
