"""The whole gate rehearsed: samples drawn as assumed, judged as evidence would be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from interlock.charter import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    is_sequential,
)
from interlock.gate.beside import Side
from interlock.gate.chances import Truth, Within, changes
from interlock.gate.criteria import Rows, find
from interlock.gate.estimates import Level, Reach
from interlock.gate.judgement import Terms
from interlock.gate.labelled import judge_labelled
from interlock.gate.pairing import SCORED, Arm, Pairs
from interlock.gate.plan import check_assumed, watched
from interlock.gate.scoring import Numbers
from interlock.gate.twophase import Flags, Labelled
from interlock.gate.verdict import overall
from interlock.gate.watched import Watched
from interlock.measure import Estimate, exact_rate

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """How often the gate passed on samples drawn as assumed.

    Attributes:
        power: Share of samples on which every criterion passed, with the
            interval (exact, 95 %) that so many samples leave.
        criteria: Share of samples on which each passed, by its label.
        seed: What the samples were drawn from.
    """

    power: Estimate
    criteria: Mapping[str, float]
    seed: int


def rehearse(
    hypothesis: Hypothesis,
    truths: Mapping[str, Truth],
    *,
    sample: tuple[int, Within],
    terms: Terms,
    runs: int = 100,
    told: Callable[[int], None] = lambda _: None,
) -> Rehearsal:
    """Judge samples drawn as assumed by the very criteria that will judge the evidence.

    Criteria over all rows of a metric see the same rows; a criterion over a
    slice, and each part of an ``all_of``, sees clusters of its own. Events in
    the two arms are independent, as in `plan`. Scores change by the assumed
    mean and spread (a beta distribution over the whole range); forecasts are
    even over [0, 1] and too high by the assumed error; labels are two, each as
    frequent as the other, with the assumed kappa. Where people label a part,
    the judge flags rows with the assumed errors, and labels are drawn by chance.

    Args:
        hypothesis: What would be sealed.
        truths: What is assumed of each judged metric, by name.
        sample: Clusters each criterion would see, and what one holds.
        terms: Attempts and variants, which set each criterion's alpha; their
            seed fixes the samples.
        runs: How many samples, at least 1.
        told: Called after each with how many are done.

    Raises:
        UnassumedMetricError: Nothing is assumed of a judged metric.
        UnassumedJudgeError: Nothing is assumed of the judge of a metric that
            people label in part.
        UnjudgedMetricError: A judge is assumed that the hypothesis has not.
    """
    check_assumed(hypothesis, truths)
    rng = np.random.default_rng(terms.seed)
    reach = Reach(sample[0], sample[0], {}) if is_sequential(hypothesis) else None
    passed = np.zeros((runs, len(hypothesis.criteria)), dtype=np.bool_)
    for run in range(runs):
        scene = _Scene(hypothesis, truths, sample, rng, {})
        for place, criterion in enumerate(hypothesis.criteria):
            level = Level(terms.alpha(criterion, hypothesis.alpha), terms.seed, reach)
            passed[run, place] = _passes(criterion, scene, level)
        told(run + 1)
    shares = passed.mean(axis=0)
    return Rehearsal(
        power=exact_rate(passed.all(axis=1), confidence=CONFIDENCE),
        criteria={
            one.label: float(share) for one, share in zip(hypothesis.criteria, shares, strict=True)
        },
        seed=terms.seed,
    )


@dataclass(frozen=True)
class _Scene:
    """One sample, drawn as far as it was asked for."""

    hypothesis: Hypothesis
    truths: Mapping[str, Truth]
    sample: tuple[int, Within]
    rng: np.random.Generator
    drawn: dict[tuple[object, ...], dict[str, Rows]]

    def rows(self, criterion: Criterion, place: object) -> dict[str, Rows]:
        """The rows that a criterion sees, the same for all that look at the same place."""
        seen = watched(self.hypothesis, criterion, self.truths)
        kind = type(criterion) if len(criterion.metrics) > 1 else _shape(criterion, seen)
        key = (criterion.metrics, kind, place)
        if key not in self.drawn:
            self.drawn[key] = self._draw(criterion, seen)
        return self.drawn[key]

    def _draw(self, criterion: Criterion, seen: Watched | None) -> dict[str, Rows]:
        n, within = self.sample
        truth, rng = self.truths[criterion.metric], self.rng
        if isinstance(criterion, CalibrationMax):
            said = rng.random(n)
            happened = (rng.random(n) < np.clip(said - truth.after, 0, 1)).astype(np.float64)
            return _twins(criterion.metrics, [(said, happened)] * 2)
        if isinstance(criterion, AgreementMin):
            kappas = (truth.before, truth.after)
            return _twins(criterion.metrics, [_labels(one, n, rng) for one in kappas])
        if isinstance(criterion, DifferenceNoninferior) and seen is None:
            change = changes(criterion.high - criterion.low, truth, ((n,), rng))
            return {criterion.metric: _pairs(np.zeros(n), change, 1)}
        arms = [_events(rate, n, (within, rng)) for rate in (truth.before, truth.after)]
        pairs = _pairs(arms[0], arms[1], within.rows)
        return {criterion.metric: pairs if seen is None else _labelled(pairs, seen, rng)}


def _passes(criterion: Criterion, scene: _Scene, level: Level) -> bool:
    if isinstance(criterion, AllOf):
        everywhere = [replace(part, where=()) for part in criterion.parts]
        seen = [scene.rows(criterion, part.where)[criterion.metric] for part in criterion.parts]
        labelled = [one for one in seen if isinstance(one, Labelled)]
        if labelled:
            found = sum(one.positives for one in labelled)
            parts = [
                judge_labelled(part, one, level, positives=found).outcome
                for part, one in zip(everywhere, labelled, strict=True)
            ]
        else:
            parts = [
                find(part, {criterion.metric: one}, level).outcome
                for part, one in zip(everywhere, seen, strict=True)
            ]
        return overall(parts) == "passed"
    rows = scene.rows(criterion, getattr(criterion, "where", ()))
    if isinstance(criterion, CoverageMin):
        return find(replace(criterion, required=()), rows, level).outcome == "passed"
    return find(replace(criterion, where=()), rows, level).outcome == "passed"


def _shape(criterion: Criterion, seen: Watched | None) -> str:
    """Scores and events of one metric are not drawn alike; labels are events."""
    return "score" if isinstance(criterion, DifferenceNoninferior) and seen is None else "event"


def _labelled(pairs: Pairs, seen: Watched, rng: np.random.Generator) -> Labelled:
    """Rows as a judge of the assumed quality flags them, and as people are asked about them."""
    drawn = rng.random(len(pairs)) < seen.labelled
    flagged: dict[Side, Flags] = {
        "before": _flags(pairs.before, seen, rng),
        "after": _flags(pairs.after, seen, rng),
    }
    return Labelled(pairs, flagged, drawn, seen.labelled)


def _flags(arm: Arm, seen: Watched, rng: np.random.Generator) -> Flags:
    chances = np.where(arm.value > 0, seen.judge.sensitivity, 1 - seen.judge.specificity)
    return np.asarray(rng.random(len(arm.value)) < chances)


def _events(rate: float, n: int, given: tuple[Within, np.random.Generator]) -> Numbers:
    """Rows of 0 and 1, cluster by cluster."""
    within, rng = given
    counts = np.rint(within.shares(rate, (n,), rng) * within.rows)
    return (np.arange(within.rows) < counts[:, None]).astype(np.float64).ravel()


def _labels(kappa: float, n: int, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    people = rng.integers(0, 2, n).astype(np.float64)
    agrees = rng.random(n) < (1 + kappa) / 2
    return np.where(agrees, people, 1 - people), people


def _twins(names: tuple[str, ...], arms: list[tuple[Numbers, Numbers]]) -> dict[str, Rows]:
    return {name: _pairs(arms[0][place], arms[1][place], 1) for place, name in enumerate(names)}


def _pairs(before: Numbers, after: Numbers, rows: int) -> Pairs:
    n = len(before)
    whole = np.arange(n)
    return Pairs(
        before=_arm(before),
        after=_arm(after),
        cluster=(whole // rows).astype(np.int32),
        tags={},
        item=whole // rows,
        items=pa.array(["drawn"] * (n // rows)),
        epoch=whole % rows,
        epochs=np.arange(rows),
    )


def _arm(values: Numbers) -> Arm:
    return Arm(values, np.full(len(values), SCORED, dtype=np.int8), np.arange(1, len(values) + 1))
