"""Risk: what uncertain inputs come to, by drawing them, with the error of the drawing."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import rankdata

from interlock.charter import NamedScore
from interlock.measure import exact_rate
from interlock.review.figures import Exceedance, RiskScore, ScoreWeight, Sensitivity, Simulation
from interlock.review.occurrences import count, luck, total, typical
from interlock.review.ranges import Draws, Poisson, Range
from interlock.review.scope import StatedInput

DRAWS = 20_000
"""Enough that the 95th percentile of a smooth distribution is known to about one percent of its
spread; the interval beside each percentile says how well it is known."""

CHANCE = "chance (Poisson)"
"""What stands beside the inputs where occurrences are counted; no input can have such a name."""

# Two-sided 95 % of the standard normal.
_Z = 1.959963984540054


def seed_of(*facts: str) -> int:
    """A seed that follows from facts, so that nobody can choose it; below 2^52."""
    return int(hashlib.sha256("\n".join(facts).encode()).hexdigest()[:13], 16)


def work_out(score: NamedScore, inputs: Sequence[StatedInput], *, seed: int) -> RiskScore:
    """A named score from its inputs, which are taken to vary independently of each other.

    Args:
        score: The charter's formula.
        inputs: One range for each of its terms, each stated; shares in [0, 1] for a weighted
            form, amounts of at least 0 for ``frequency_severity``.
        seed: Where the draws start from.
    """
    rng = np.random.default_rng(seed)
    ranges = {one.input: one.range for one in inputs if one.range is not None}
    drawn, values = _joined(score, ranges, rng)
    return RiskScore(
        score=score.id,
        definition=score.definition,
        formula=score.formula,
        weights=tuple(ScoreWeight(input=one.input, weight=one.weight) for one in score.terms),
        inputs=tuple(inputs),
        figures=summarise(values, drawn, seed=seed),
        limit=score.limit,
        exceedance=None if score.limit is None else exceedance(values, score.limit),
    )


def yearly_harm(
    bound: float, exposure: Range, effects: Mapping[str, Range], *, level: int, seed: int
) -> tuple[Draws, Simulation]:
    """Severity points a year that remain of one hazard, if the bound of its rate were the truth.

    Occurrences are Poisson with mean exposure x bound x the product of (1 - effect); each weighs
    the level of its severity. Exposure and effects are taken to vary independently, and controls
    to fail independently of each other. The bound stands in for the rate, so the figures are
    those that the evidence cannot rule out and not the likeliest ones.

    Args:
        bound: Upper bound of the candidate's rate for one occasion, in [0, 1].
        exposure: Occasions a year, at least 0.
        effects: By control, the share of what is left that it stops, in [0, 1].
        level: The level of severity.
        seed: Where the draws start from.

    Returns:
        The points of every draw, shape ``(DRAWS,)``, and their summary.
    """
    rng = np.random.default_rng(seed)
    drawn = {"exposure": exposure.draw(DRAWS, rng)}
    drawn |= {name: effects[name].draw(DRAWS, rng) for name in sorted(effects)}
    mean = drawn["exposure"] * bound
    for name in sorted(effects):
        mean = mean * (1 - drawn[name])
    counts = count(mean, rng)
    drawn[CHANCE] = luck(counts, mean, rng)
    points = counts * level
    return points, summarise(points, drawn, seed=seed)


def summarise(values: Draws, drawn: Mapping[str, Draws], *, seed: int) -> Simulation:
    """Mean, median and 95th percentile of draws, with intervals for the error of drawing.

    The intervals are those of order statistics: of n draws, a number that is binomial lies under
    the true percentile. They say nothing about whether the inputs are right.

    Args:
        values: Shape ``(n,)``.
        drawn: What moved them, by name, each of shape ``(n,)`` and independent of the others.
        seed: Where the draws started from.
    """
    ordered = np.sort(values)
    low50, p50, high50 = _percentile(ordered, 0.50)
    low95, p95, high95 = _percentile(ordered, 0.95)
    return Simulation(
        seed=seed,
        draws=len(values),
        mean=float(values.mean()),
        p50=p50,
        p50_low=low50,
        p50_high=high50,
        p95=p95,
        p95_low=low95,
        p95_high=high95,
        sensitivity=_sensitivity(values, drawn),
    )


def exceedance(values: Draws, limit: float) -> Exceedance:
    """Share of the draws over a limit, with its exact 95 % interval for the error of drawing."""
    found = exact_rate(values > limit, confidence=0.95)
    low, high = found.low or 0.0, 1.0 if found.high is None else found.high
    return Exceedance(share=found.value, low=low, high=high)


def _joined(
    score: NamedScore, ranges: Mapping[str, Range], rng: np.random.Generator
) -> tuple[dict[str, Draws], Draws]:
    """What moves the score, as drawn, and the score of every draw."""
    if score.form == "frequency_severity":
        return _occurring(score, ranges, rng)
    drawn = {term.input: ranges[term.input].draw(DRAWS, rng) for term in score.terms}
    terms = ((drawn[term.input], term.weight) for term in score.terms)
    if score.form == "weighted_sum":
        return drawn, sum((weight * x for x, weight in terms), np.zeros(DRAWS))
    product = np.ones(DRAWS)
    for x, weight in terms:
        product = product * x**weight
    return drawn, product


def _occurring(
    score: NamedScore, ranges: Mapping[str, Range], rng: np.random.Generator
) -> tuple[dict[str, Draws], Draws]:
    """The same of so many occurrences of such a size; a count is known but for its chance."""
    often, bad = (term.input for term in score.terms)
    found = ranges[often]
    rates = np.full(DRAWS, found.rate) if isinstance(found, Poisson) else found.draw(DRAWS, rng)
    counts = count(rates, rng)
    totals = total(counts, ranges[bad], rng)
    sizes = typical(counts, totals, size=ranges[bad], rng=rng)
    return {often: rates, bad: sizes, CHANCE: luck(counts, rates, rng)}, totals


def _percentile(ordered: Draws, share: float) -> tuple[float, float, float]:
    """A percentile between the ends of its 95 % interval."""
    n = len(ordered)
    slack = _Z * np.sqrt(n * share * (1 - share))
    low = max(int(np.floor(n * share - slack)), 0)
    high = min(int(np.ceil(n * share + slack)), n - 1)
    return float(ordered[low]), float(np.quantile(ordered, share)), float(ordered[high])


def _sensitivity(values: Draws, drawn: Mapping[str, Draws]) -> tuple[Sensitivity, ...]:
    """Squared Spearman correlation of each input with the result, as shares of their sum.

    Not a decomposition of the variance: ranks say which input the result follows, by how much in
    its own unit they do not.
    """
    result = rankdata(values)
    squares = {name: _correlation(rankdata(x), result) ** 2 for name, x in drawn.items()}
    whole = sum(squares.values())
    shares = {name: one / whole if whole > 0 else 0.0 for name, one in squares.items()}
    falling = sorted(shares.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Sensitivity(input=name, share=share) for name, share in falling)


def _correlation(x: Draws, y: Draws) -> float:
    """Pearson's correlation; 0 where one of the two never moves."""
    if x.min() == x.max() or y.min() == y.max():
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])
