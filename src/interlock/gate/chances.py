"""The chance that one criterion passes if the truth is as assumed."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from interlock.charter import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.gate.concord import LEAST_ALPHA, LEAST_CLUSTERS
from interlock.gate.finding import limit_of
from interlock.gate.scoring import Numbers
from interlock.measure import (
    exact_power_rate,
    simulated_power_paired_ratio,
)
from interlock.measure.simulation import (
    means_bounded_under,
    means_followed_under,
    rates_followed_under,
    ratios_bounded_under,
    ratios_followed_under,
)

RUNS = 400
"""Simulated samples behind a chance that cannot be enumerated: it is right to about .05."""

_FOLLOWED = (RateUpper, AllOf, RatioBelow, DifferenceNoninferior)

# Standard deviation of outcome - forecast where forecasts are spread evenly over [0, 1].
_FORECAST_SPREAD = math.sqrt(1 / 6)


@dataclass(frozen=True, kw_only=True)
class JudgeQuality:
    """What is assumed of the judge of a metric that people label in part.

    Attributes:
        sensitivity: The share, in [0, 1], of rows with the event that it flags.
        specificity: The share, in [0, 1], of rows without it that it does not flag.
    """

    sensitivity: float
    specificity: float

    def flags(self, rate: float) -> float:
        """The expected share of rows that it flags, where the event has this rate."""
        return rate * self.sensitivity + (1 - rate) * (1 - self.specificity)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is assumed of one metric, as if the hypothesis were true.

    Attributes:
        before: The baseline's rate or mean; of an agreement, kappa in its arm.
        after: The candidate's; of forecasts, their calibration error.
        spread: Standard deviation of a cluster's after - before, in the
            metric's unit; needed for scores only.
        judge: How good the judge is, where people label a part of its rows.
    """

    before: float
    after: float
    spread: float = 0.0
    judge: JudgeQuality | None = None


@dataclass(frozen=True, kw_only=True)
class Within:
    """What one cluster holds.

    Attributes:
        rows: Rows in each, at least 1.
        icc: Correlation of events between two rows of a cluster, in [0, 1): 0 if
            they are independent, near 1 if a further row says nothing new.
    """

    rows: int = 1
    icc: float = 0.0

    def shares(self, rate: float, size: tuple[int, ...], rng: np.random.Generator) -> Numbers:
        """Share of rows with the event in clusters drawn at random: beta-binomial."""
        if rate in {0.0, 1.0}:
            return np.full(size, rate)
        chances = np.full(size, rate)
        if self.icc > 0:
            weight = (1 - self.icc) / self.icc
            chances = rng.beta(rate * weight, (1 - rate) * weight, size=size)
        return np.asarray(rng.binomial(self.rows, chances) / self.rows)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What a criterion would see.

    Attributes:
        n: Independent clusters.
        alpha: The one-sided level it is judged at.
        within: What one cluster holds.
        sequential: Whether clusters are taken one by one, ``n`` at most.
    """

    n: int
    alpha: float
    within: Within
    sequential: bool = False


def chance(criterion: Criterion, truth: Truth, sample: Sample) -> tuple[float, str]:
    """The chance that a criterion passes, or one part of it, and how it was worked out.

    Rates and red lines whose clusters hold one row are enumerated exactly;
    paired ratios simulated 20,000 times. Rates and ratios over clusters of
    several rows are simulated 400 times by the gate's own betting bound. Means,
    forecasts and agreements are approximated by a normal, widened to the bounds
    the gate uses; `rehearse` runs the gate itself. Of a sequential trial rates,
    ratios and means are simulated 400 times.

    Args:
        criterion: What is claimed.
        truth: What is assumed of its metric.
        sample: What it would see.
    """
    if sample.sequential and isinstance(criterion, _FOLLOWED):
        return _followed(criterion, truth, sample), "simulated"
    match criterion:
        case RateUpper() | AllOf():
            return _rate(criterion.below, truth, sample)
        case RatioBelow():
            return _ratio(criterion, truth, sample)
        case ZeroEvents():
            enough = 1 - sample.alpha ** (1 / sample.n) <= criterion.at_most
            clean = clean_cluster(truth.after, sample.within)
            return (clean**sample.n if enough else 0.0), "exact"
        case CoverageMin():
            return float(sample.n >= criterion.clusters), "exact"
        case _:
            return _normal(criterion, truth, sample), "normal"


def _normal(
    criterion: DifferenceNoninferior | CalibrationMax | AgreementMin, truth: Truth, sample: Sample
) -> float:
    match criterion:
        case DifferenceNoninferior():
            return _mean(criterion, truth, sample)
        case CalibrationMax():
            return _calibration(criterion, truth, sample)
        case AgreementMin():
            return _agreement(criterion, truth, sample)


def clean_cluster(rate: float, within: Within) -> float:
    """The chance that no row of a cluster shows the event."""
    if within.icc == 0 or rate in {0.0, 1.0}:
        return (1 - rate) ** within.rows
    weight = (1 - within.icc) / within.icc
    first, second = rate * weight, (1 - rate) * weight
    steps = np.arange(within.rows)
    return float(np.prod((second + steps) / (first + second + steps)))


def _rate(limit: float, truth: Truth, sample: Sample) -> tuple[float, str]:
    n, alpha, within = sample.n, sample.alpha, sample.within
    if within.rows == 1:
        return exact_power_rate(n, truth=truth.after, limit=limit, alpha=alpha), "exact"
    shares = within.shares(truth.after, (RUNS, n), np.random.default_rng(n))
    return float(means_bounded_under(shares, limit=limit, alpha=alpha).mean()), "simulated"


def _ratio(criterion: RatioBelow, truth: Truth, sample: Sample) -> tuple[float, str]:
    n, alpha, within = sample.n, sample.alpha, sample.within
    first, second, limit = truth.before, truth.after, limit_of(criterion)
    if within.rows == 1:
        shares = (first * second, first * (1 - second), second * (1 - first))
        return simulated_power_paired_ratio(n, shares, limit=limit, alpha=alpha).value, "simulated"
    rng = np.random.default_rng(n)
    arms = [within.shares(rate, (RUNS, n), rng) for rate in (first, second)]
    passed = ratios_bounded_under(arms[0], arms[1], limit=limit, alpha=alpha)
    return float(passed.mean()), "simulated"


def _followed(
    criterion: RateUpper | AllOf | RatioBelow | DifferenceNoninferior, truth: Truth, sample: Sample
) -> float:
    """The chance that a sequential trial passes at one of its looks."""
    n, alpha, within = sample.n, sample.alpha, sample.within
    rng, size, limit = np.random.default_rng(n), (RUNS, n), limit_of(criterion)
    match criterion:
        case RatioBelow():
            arms = [within.shares(rate, size, rng) for rate in (truth.before, truth.after)]
            passed = ratios_followed_under(arms[0], arms[1], limit=limit, alpha=alpha)
        case DifferenceNoninferior():
            width = criterion.high - criterion.low
            loss = changes(width, truth, (size, rng))
            loss = -loss if criterion.better == "higher" else loss
            unit, bar = ((one + width) / (2 * width) for one in (loss, criterion.margin))
            passed = means_followed_under(np.asarray(unit), limit=float(bar), alpha=alpha)
        case _:
            shares = within.shares(truth.after, size, rng)
            follow = rates_followed_under if within.rows == 1 else means_followed_under
            passed = follow(shares, limit=limit, alpha=alpha)
    return float(passed.mean())


def changes(
    width: float, truth: Truth, given: tuple[tuple[int, ...], np.random.Generator]
) -> Numbers:
    """After - before of clusters, with the assumed mean and spread, within the range."""
    size, rng = given
    mean = (truth.after - truth.before + width) / (2 * width)
    variance = (truth.spread / (2 * width)) ** 2
    if variance == 0:
        return np.full(size, truth.after - truth.before)
    weight = max(mean * (1 - mean) / variance - 1, 1e-3)
    return np.asarray(width * (2 * rng.beta(mean * weight, (1 - mean) * weight, size) - 1))


def _quantile(n: int, alpha: float) -> float:
    """The normal quantile with the factor that a betting bound comes to, measured on samples."""
    return -float(ndtri(alpha)) * (1.3 + 15 / n)


def _mean(criterion: DifferenceNoninferior, truth: Truth, sample: Sample) -> float:
    n, alpha = sample.n, sample.alpha
    change = truth.after - truth.before
    loss = -change if criterion.better == "higher" else change
    error = max(truth.spread, 1e-12) / math.sqrt(n)
    return float(ndtr((criterion.margin - loss) / error - _quantile(n, alpha)))


def _calibration(criterion: CalibrationMax, truth: Truth, sample: Sample) -> float:
    """Forecasts spread evenly; the error shown is larger than the true one by chance alone."""
    n, alpha = sample.n, sample.alpha
    error = _FORECAST_SPREAD / math.sqrt(n)
    by_chance = math.sqrt(2 / math.pi) * error * math.sqrt(criterion.bins)
    room = criterion.at_most - max(truth.after, by_chance)
    return float(ndtr(room / error - _quantile(n, alpha)))


def _agreement(criterion: AgreementMin, truth: Truth, sample: Sample) -> float:
    """Two labels, each as frequent as the other, in both arms."""
    n, alpha = sample.n, sample.alpha
    if n < LEAST_CLUSTERS or alpha < LEAST_ALPHA:
        return 0.0
    missed = 0.0
    for kappa in (truth.before, truth.after):
        error = math.sqrt(max(1 - kappa**2, 1e-9) / n)
        missed += 1 - float(ndtr((kappa - criterion.at_least) / error + float(ndtri(alpha))))
    return max(0.0, 1 - missed)
