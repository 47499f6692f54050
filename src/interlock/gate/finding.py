"""What a criterion came to: on which side of its limit a bound lies, and why, in words."""

from dataclasses import dataclass

from interlock.admission import Outcome
from interlock.charter import (
    AgreementMin,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    RatioBelow,
    ZeroEvents,
)
from interlock.gate.verdict import PartVerdict
from interlock.measure import Estimate


@dataclass(frozen=True)
class Finding:
    """What a criterion came to, before its lineage is written beside it.

    Attributes:
        outcome: Passed, failed or undecided.
        estimate: What was measured.
        limit: The bar.
        reason: Why, in words.
        parts: Every part of an ``all_of``.
        at: The clusters of the sealed order after which a sequential test was decided; 0
            where it is not.
        hopeless: Whether no further cluster of the sealed order can make it pass.
    """

    outcome: Outcome
    estimate: Estimate | None
    limit: float
    reason: str
    parts: tuple[PartVerdict, ...] = ()
    at: int = 0
    hopeless: bool = False


def limit_of(criterion: Criterion) -> float:
    """The bar of a criterion, in the unit of its estimate."""
    match criterion:
        case RatioBelow():
            return round(1 - criterion.cut, 12)
        case DifferenceNoninferior():
            return -criterion.margin if criterion.better == "higher" else criterion.margin
        case ZeroEvents() | CalibrationMax():
            return criterion.at_most
        case AgreementMin():
            return criterion.at_least
        case CoverageMin():
            return float(criterion.clusters)
        case _:
            return criterion.below


def under(criterion: Criterion, estimate: Estimate, gaps: str) -> Finding:
    """Judge an estimate that has to lie under its limit."""
    limit = limit_of(criterion)
    if estimate.high is not None and estimate.high < limit:
        outcome: Outcome = "passed"
        reason = f"the upper bound {estimate.high:.4g} lies under the limit {limit:g}"
    elif estimate.low is not None and estimate.low > limit:
        outcome = "failed"
        reason = f"even the lower bound {estimate.low:.4g} lies above the limit {limit:g}"
    else:
        outcome, reason = "undecided", _across(estimate, limit)
    return Finding(outcome, estimate, limit, reason + gaps)


def over(criterion: Criterion, estimate: Estimate, gaps: str) -> Finding:
    """Judge an estimate that has to lie over its limit."""
    limit = limit_of(criterion)
    if estimate.low is not None and estimate.low > limit:
        outcome: Outcome = "passed"
        reason = f"the lower bound {estimate.low:.4g} lies over the limit {limit:g}"
    elif estimate.high is not None and estimate.high < limit:
        outcome = "failed"
        reason = f"even the upper bound {estimate.high:.4g} lies below the limit {limit:g}"
    else:
        outcome, reason = "undecided", _across(estimate, limit)
    return Finding(outcome, estimate, limit, reason + gaps)


def undecided(criterion: Criterion, reason: str, estimate: Estimate | None = None) -> Finding:
    """What cannot be told, and why."""
    return Finding("undecided", estimate, limit_of(criterion), reason)


def nothing(criterion: Criterion) -> Finding:
    """What was not looked at cannot pass."""
    metrics = " and ".join(criterion.metrics)
    return undecided(criterion, f"no row of {metrics} here: what was not looked at cannot pass")


def count(n: int, thing: str) -> str:
    """A number of things, in words."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def _across(estimate: Estimate, limit: float) -> str:
    low = "no lower bound" if estimate.low is None else f"{estimate.low:.4g}"
    high = "no upper bound" if estimate.high is None else f"{estimate.high:.4g}"
    return (
        f"the interval from {low} to {high} reaches across the limit {limit:g}: "
        f"{count(estimate.n, 'cluster')} {'is' if estimate.n == 1 else 'are'} too few to tell"
    )
