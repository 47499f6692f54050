"""The ends of an interval as plain numbers: infinite where there is no bound."""

import math

from interlock.measure import Estimate


def low(estimate: Estimate) -> float:
    return -math.inf if estimate.low is None else estimate.low


def high(estimate: Estimate) -> float:
    return math.inf if estimate.high is None else estimate.high


def ends(estimate: Estimate) -> tuple[float, float]:
    return low(estimate), high(estimate)
