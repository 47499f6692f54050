"""How likely a true hypothesis would pass, before any cluster is spent on it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from interlock.charter import (
    AllOf,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.errors import UnassumedMetricError, UnderpoweredError
from interlock.gate.criteria import limit_of
from interlock.gate.judgement import Terms
from interlock.measure import exact_power_rate, simulated_power_paired_ratio

_MOST_CLUSTERS = 2**20


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is assumed of one metric, as if the hypothesis were true.

    Attributes:
        before: The baseline's rate or mean.
        after: The candidate's.
        spread: Standard deviation of a cluster's after - before, in the
            metric's unit; needed for scores only.
    """

    before: float
    after: float
    spread: float = 0.0


@dataclass(frozen=True, kw_only=True)
class CriterionPower:
    """The chance that one criterion passes if the truth is as assumed.

    Attributes:
        label: What it claims, in words.
        alpha: The one-sided level it will be judged at.
        parts: In how many slices it must hold, each with its own clusters.
        clusters: Clusters in each.
        power: The chance that it passes, in all its parts.
    """

    label: str
    alpha: float
    parts: int
    clusters: int
    power: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a sample of a given size can show.

    Attributes:
        criteria: Each criterion's power, in the hypothesis's order.
        power: Chance that all of them pass, taken as independent.
        needed: The chance asked for.
        clusters: Clusters a criterion (and a part of it) that were planned.
        enough: Clusters that would reach ``needed``; ``None`` if a million would not.
    """

    criteria: tuple[CriterionPower, ...]
    power: float
    needed: float
    clusters: int
    enough: int | None


def plan(
    hypothesis: Hypothesis,
    truths: Mapping[str, Truth],
    *,
    clusters: int,
    terms: Terms,
    needed: float = 0.80,
) -> Plan:
    """The power of every criterion, and how many clusters would do.

    Rates and red lines by exact enumeration; paired ratios by 20,000 seeded
    simulations of the gate's own test, with the two arms' events independent
    (events that fall on the same items only help); means by the normal
    approximation, widened to the betting bound the gate uses. Every cluster is
    taken as one pair; repeats within a cluster add little.

    Args:
        hypothesis: What would be sealed.
        truths: What is assumed of each judged metric, by name.
        clusters: Independent clusters each criterion would see, and for an
            ``all_of`` each of its parts; at least 1.
        terms: Attempts and variants, which set each criterion's alpha.
        needed: The chance of passing asked for, in (0, 1).

    Raises:
        UnassumedMetricError: Nothing is assumed of a judged metric.
    """
    for metric in hypothesis.metrics:
        if metric not in truths:
            raise UnassumedMetricError(metric)
    given = _Given(hypothesis, truths, terms)
    powers = given.powers(clusters)
    return Plan(
        criteria=powers,
        power=math.prod(one.power for one in powers),
        needed=needed,
        clusters=clusters,
        enough=_enough(given, needed),
    )


def check_power(hypothesis: Hypothesis, made: Plan) -> None:
    """Refuse to call a hypothesis confirmatory that its sample can hardly confirm.

    Raises:
        UnderpoweredError: It is confirmatory, and would pass too rarely even if true.
    """
    if hypothesis.confirmatory and made.power < made.needed:
        raise UnderpoweredError(made.power, made.needed, made.enough)


@dataclass(frozen=True)
class _Given:
    """Everything but the number of clusters."""

    hypothesis: Hypothesis
    truths: Mapping[str, Truth]
    terms: Terms

    def powers(self, clusters: int) -> tuple[CriterionPower, ...]:
        """The power of each criterion with so many clusters."""
        return tuple(self._power(one, clusters) for one in self.hypothesis.criteria)

    def all_pass(self, clusters: int) -> float:
        """The chance that all criteria pass with so many clusters."""
        return math.prod(one.power for one in self.powers(clusters))

    def _power(self, criterion: Criterion, clusters: int) -> CriterionPower:
        alpha = self.terms.alpha(criterion, self.hypothesis.alpha)
        parts = len(criterion.values) if isinstance(criterion, AllOf) else 1
        chance = _chance(criterion, self.truths[criterion.metric], (clusters, alpha))
        return CriterionPower(
            label=criterion.label,
            alpha=alpha,
            parts=parts,
            clusters=clusters,
            power=chance**parts,
        )


def _chance(criterion: Criterion, truth: Truth, sample: tuple[int, float]) -> float:
    """The chance that a criterion passes, or one part of it."""
    n, alpha = sample
    match criterion:
        case RateUpper() | AllOf():
            return exact_power_rate(n, truth=truth.after, limit=criterion.below, alpha=alpha)
        case RatioBelow():
            first, second = truth.before, truth.after
            shares = (first * second, first * (1 - second), second * (1 - first))
            limit = limit_of(criterion)
            return simulated_power_paired_ratio(n, shares, limit=limit, alpha=alpha).value
        case DifferenceNoninferior():
            return _mean_power(criterion, truth, sample)
        case ZeroEvents():
            enough = 1 - alpha ** (1 / n) <= criterion.at_most
            return (1 - truth.after) ** n if enough else 0.0
        case CoverageMin():
            return 1.0 if n >= criterion.clusters else 0.0


def _mean_power(criterion: DifferenceNoninferior, truth: Truth, sample: tuple[int, float]) -> float:
    """Normal power with the quantile a betting bound comes to, measured over many samples."""
    n, alpha = sample
    change = truth.after - truth.before
    loss = -change if criterion.better == "higher" else change
    quantile = -float(ndtri(alpha)) * (1.3 + 15 / n)
    error = max(truth.spread, 1e-12) / math.sqrt(n)
    return float(ndtr((criterion.margin - loss) / error - quantile))


def _enough(given: _Given, needed: float) -> int | None:
    """The fewest clusters that reach the chance, to within half a percent."""
    most = 1
    while given.all_pass(most) < needed:
        most *= 2
        if most > _MOST_CLUSTERS:
            return None
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        if given.all_pass(middle) >= needed:
            most = middle
        else:
            least = middle
    # Exact power rises like a saw: fewer clusters may do where bisection saw a falling tooth.
    nearby = range(3 * most // 4, most, max(1, most // 256))
    return next((n for n in nearby if n and given.all_pass(n) >= needed), most)
