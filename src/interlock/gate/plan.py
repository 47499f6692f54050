"""How likely a true hypothesis would pass, before any cluster is spent on it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interlock.charter import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    Criterion,
    Hypothesis,
    is_sequential,
    judged_of,
)
from interlock.errors import (
    UnassumedJudgeError,
    UnassumedMetricError,
    UnderpoweredError,
    UnjudgedMetricError,
)
from interlock.gate.chances import Sample, Truth, Within, chance
from interlock.gate.judgement import Terms
from interlock.gate.watched import Watched, chance_watched

_MOST_CLUSTERS = 2**20
# Beyond, clusters of several rows take minutes to simulate.
_MOST_SIMULATED = 2**14
ALONE = Within()

Told = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class CriterionPower:
    """The chance that one criterion passes if the truth is as assumed.

    Attributes:
        label: What it claims, in words.
        alpha: The one-sided level it will be judged at.
        parts: In how many slices it must hold, each with its own clusters.
        clusters: Clusters in each.
        power: The chance that it passes, in all its parts.
        method: ``exact``, ``simulated`` or ``normal``; see `chances.chance` and
            `watched.chance_watched`.
    """

    label: str
    alpha: float
    parts: int
    clusters: int
    power: float
    method: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a sample of a given size can show.

    Attributes:
        criteria: Each criterion's power, in the hypothesis's order.
        power: The chance that all of them pass, at least: what remains when the
            chances of each to miss are added up, however they hang together.
        needed: The chance asked for.
        clusters: Clusters a criterion (and a part of it) that were planned.
        enough: Clusters that would reach ``needed``; ``None`` if no number tried would.
        limited_by: The criterion with the least power, in words.
        variants: Candidates that share the seal; each is planned at its share of alpha.
        within: What one cluster holds.
        labels: Labels that people are expected to give, in all arms together, where a
            judge saves them the rest; 0 where none does. Ending early saves more.
    """

    criteria: tuple[CriterionPower, ...]
    power: float
    needed: float
    clusters: int
    enough: int | None
    limited_by: str
    variants: int
    within: Within
    labels: int = 0


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a plan is to reach.

    Attributes:
        needed: The chance of passing asked for, in (0, 1).
        within: What one cluster holds.
        told: Called with what is being tried, for who waits.
    """

    needed: float = 0.80
    within: Within = ALONE
    told: Told = lambda _: None


def plan(
    hypothesis: Hypothesis,
    truths: Mapping[str, Truth],
    *,
    clusters: int,
    terms: Terms,
    aim: Aim | None = None,
) -> Plan:
    """The power of every criterion and of the whole gate, and how many clusters would do.

    How each chance is worked out is told beside it (`chances.chance`). The two
    arms' events are taken as independent (events that fall on the same items
    only help), and so are the parts of an ``all_of``. Of several candidates
    each is planned at its first share of alpha, which Holm can only enlarge.
    Where people label a part, the judge's errors fall alike on both arms.
    `rehearse` tells how the gate itself does.

    Args:
        hypothesis: What would be sealed.
        truths: What is assumed of each judged metric, by name.
        clusters: Independent clusters each criterion would see, and for an
            ``all_of`` each of its parts; at least 1.
        terms: Attempts and variants, which set each criterion's alpha.
        aim: The chance asked for, and what a cluster holds.

    Raises:
        UnassumedMetricError: Nothing is assumed of a judged metric.
        UnassumedJudgeError: Nothing is assumed of the judge of a metric that
            people label in part.
        UnjudgedMetricError: A judge is assumed that the hypothesis has not.
    """
    check_assumed(hypothesis, truths)
    aim = aim or Aim()
    given = _Given(hypothesis, truths, terms, aim)
    powers = given.powers(clusters)
    return Plan(
        criteria=powers,
        power=_together(powers),
        needed=aim.needed,
        clusters=clusters,
        enough=_enough(given),
        limited_by=min(powers, key=lambda one: one.power).label,
        variants=terms.variants,
        within=aim.within,
        labels=given.labels(clusters),
    )


def check_power(hypothesis: Hypothesis, made: Plan) -> None:
    """Refuse to call a hypothesis confirmatory that its sample can hardly confirm.

    Raises:
        UnderpoweredError: It is confirmatory, and would pass too rarely even if true.
    """
    if hypothesis.confirmatory and made.power < made.needed:
        raise UnderpoweredError(made.power, made.needed, made.enough)


def check_assumed(hypothesis: Hypothesis, truths: Mapping[str, Truth]) -> None:
    """Refuse to plan on what nobody has assumed.

    What a forecast is of, and what a judge is held against, needs no assumption
    of its own where nothing else is claimed of it.

    Raises:
        UnassumedMetricError: Nothing is assumed of a judged metric.
        UnassumedJudgeError: Nothing is assumed of the judge of a metric that
            people label in part.
        UnjudgedMetricError: A judge is assumed that the hypothesis has not.
    """
    for criterion in hypothesis.criteria:
        if criterion.metric not in truths:
            raise UnassumedMetricError(criterion.metric)
    judged = {one.metric for one in judged_of(hypothesis)}
    for metric, truth in truths.items():
        if truth.judge is None and metric in judged:
            raise UnassumedJudgeError(metric)
        if truth.judge is not None and metric not in judged:
            raise UnjudgedMetricError(metric)


def watched(
    hypothesis: Hypothesis, criterion: Criterion, truths: Mapping[str, Truth]
) -> Watched | None:
    """How the rows that a criterion reads come to be labelled; ``None`` where all have a score."""
    entry = next((one for one in judged_of(hypothesis) if one.metric == criterion.metric), None)
    judge = truths[criterion.metric].judge
    if entry is None or judge is None or isinstance(criterion, AgreementMin | CalibrationMax):
        return None
    parts = len(criterion.values) if isinstance(criterion, AllOf) else 1
    return Watched(judge=judge, labelled=entry.labelled, parts=parts)


@dataclass(frozen=True)
class _Given:
    """Everything but the number of clusters."""

    hypothesis: Hypothesis
    truths: Mapping[str, Truth]
    terms: Terms
    aim: Aim

    def powers(self, clusters: int) -> tuple[CriterionPower, ...]:
        """The power of each criterion with so many clusters."""
        self.aim.told(f"{clusters} clusters")
        return tuple(self._power(one, clusters) for one in self.hypothesis.criteria)

    def reaches(self, clusters: int) -> bool:
        """Whether so many clusters reach the chance asked for."""
        return _together(self.powers(clusters)) >= self.aim.needed

    @property
    def simulated(self) -> bool:
        """Whether chances of rates are simulated, and so rise unevenly."""
        plain = self.aim.within.rows == 1 and not judged_of(self.hypothesis)
        return not plain or is_sequential(self.hypothesis)

    @property
    def most(self) -> int:
        """The most clusters worth trying."""
        return _MOST_SIMULATED if self.simulated else _MOST_CLUSTERS

    def labels(self, clusters: int) -> int:
        """The labels that people are expected to give, each slice with its own clusters."""
        most: dict[str, float] = {}
        for criterion in self.hypothesis.criteria:
            seen = watched(self.hypothesis, criterion, self.truths)
            if seen is not None:
                truth = self.truths[criterion.metric]
                arms = seen.share(truth.before) + self.terms.variants * seen.share(truth.after)
                found = arms * seen.parts * clusters * self.aim.within.rows
                most[criterion.metric] = max(found, most.get(criterion.metric, 0.0))
        return math.ceil(sum(most.values()))

    def _power(self, criterion: Criterion, clusters: int) -> CriterionPower:
        alpha = self.terms.alpha(criterion, self.hypothesis.alpha)
        parts = len(criterion.values) if isinstance(criterion, AllOf) else 1
        truth = self.truths[criterion.metric]
        sample = Sample(
            n=clusters,
            alpha=alpha,
            within=self.aim.within,
            sequential=is_sequential(self.hypothesis),
        )
        seen = watched(self.hypothesis, criterion, self.truths)
        if seen is None or isinstance(criterion, AgreementMin | CalibrationMax):
            one, method = chance(criterion, truth, sample)
        else:
            one, method = chance_watched(criterion, truth, (sample, seen))
        return CriterionPower(
            label=criterion.label,
            alpha=alpha,
            parts=parts,
            clusters=clusters,
            power=one**parts,
            method=method,
        )


def _together(powers: tuple[CriterionPower, ...]) -> float:
    """The least chance that all pass (Bonferroni's inequality), whatever their dependence."""
    return max(0.0, 1 - sum(1 - one.power for one in powers))


def _enough(given: _Given) -> int | None:
    """The fewest clusters that reach the chance, to within half a percent."""
    most = 1
    while not given.reaches(most):
        most *= 2
        if most > given.most:
            return None
    least = most // 2
    while most - least > max(1, least // 200 if given.simulated else 1):
        middle = (least + most) // 2
        if given.reaches(middle):
            most = middle
        else:
            least = middle
    if given.simulated:
        return most
    # Exact power rises like a saw: fewer clusters may do where bisection saw a falling tooth.
    nearby = range(3 * most // 4, most, max(1, most // 256))
    return next((n for n in nearby if n and given.reaches(n)), most)
