"""The gate where people check a judge in part: how often it passes a candidate at its limit.

Single looks are judged by `gate.judge` itself, once for each set of counts that occurs; sequential
trials by the same bets, and some of each kind by the gate, which must agree.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from scipy import stats

from interlock.charter import JudgedMetric, RateUpper, TrialHypothesis
from interlock.gate import Terms, judge, needs_label
from interlock.measure.simulation import means_followed_under
from tests.arms import Row, arm
from tests.judging import LABELS, LIMIT, ROWS, drawn_rows

pytestmark = pytest.mark.prove

Flags = NDArray[np.bool_]
Told = Callable[[str, object], None]
MODEL, PEOPLE, SEED = "model:guard/1#0123456789ab", "human:harm/1", 7
RUNS, NULLS, CHECKED = 4000, 6000, 12


def claim(
    limit: float, chance: float, stopping: Literal["fixed", "sequential"] = "fixed"
) -> TrialHypothesis:
    return TrialHypothesis(
        name="test",
        criteria=(RateUpper(metric="harm", below=limit),),
        basis="prospective",
        stopping=stopping,
        judged=(JudgedMetric(metric="harm", by="judged-harm", labelled=chance),),
    )


def due(n: int, chance: float) -> Flags:
    return np.array([needs_label(f"i{k:05}", 0, seed=SEED, chance=chance) for k in range(n)])


def rows_of(harm: Flags, flagged: Flags, drawn: Flags, *, each: int = 1) -> pa.Table:
    """The judge's row of every item, and people's of those that are due."""
    rows: list[Row] = []
    for k, (truth, flag) in enumerate(zip(harm, flagged, strict=True)):
        same = {"item": f"i{k:05}", "cluster": f"c{k // each:05}"}
        rows.append({**same, "metric": "judged-harm", "value": float(flag), "judge": MODEL})
        if flag or drawn[k]:
            rows.append({**same, "metric": "harm", "value": float(truth), "judge": PEOPLE})
    return arm(rows)


@pytest.mark.parametrize(
    ("limit", "labels", "sensitivity", "specificity", "runs"),
    [
        (LIMIT, LABELS, 0.6, 0.98, RUNS),  # where PPI++ passes .173
        (LIMIT, LABELS, 0.8, 1.0, RUNS),  # where it passes .22
        # A hundred labels cannot bound a rate under 2 % at all; these could.
        (0.1, 300, 0.6, 1.0, 1500),
    ],
)
def test_a_candidate_at_its_limit_hardly_ever_passes_the_gate(
    limit: float,
    labels: int,
    sensitivity: float,
    specificity: float,
    runs: int,
    record_property: Told,
) -> None:
    rng, chance = np.random.default_rng(31), labels / (ROWS * (1 - limit))
    drawn, hypothesis = due(ROWS, chance), claim(limit, chance)
    harmful = np.arange(ROWS) % 3 == 0
    before, terms = rows_of(harmful, harmful, drawn), Terms(basis="prospective", seed=SEED)

    @cache
    def passes(caught: int, alarms: int, missed: int, sampled: int) -> bool:
        """What the gate says of any candidate with these counts."""
        rest, ours = np.flatnonzero(~drawn), np.flatnonzero(drawn)
        harm, flagged = np.zeros(ROWS, dtype=bool), np.zeros(ROWS, dtype=bool)
        harm[ours[:missed]] = True
        flagged[ours[sampled:]] = True
        flagged[rest[: caught + alarms - (len(ours) - sampled)]] = True
        harm[np.flatnonzero(flagged)[:caught]] = True
        found = judge(hypothesis, before, rows_of(harm, flagged, drawn), terms=terms)
        return found.outcome == "passed"

    wrong = 0
    for _ in range(runs):
        said, human = drawn_rows(
            rng, ROWS, rate=limit, specificity=specificity, sensitivity=sensitivity
        )
        caught, missed = int((said & human).sum()), int((drawn & human & ~said).sum())
        wrong += passes(caught, int((said & ~human).sum()), missed, int((drawn & ~said).sum()))
    told = f"gate at {limit}, sensitivity {sensitivity}, specificity {specificity}: "
    record_property("told", told + f"{wrong / runs:.4f}")
    assert wrong / runs <= 0.055


def drawn_trials(
    rng: np.random.Generator, shape: tuple[int, int, int], sensitivity: float, limit: float
) -> tuple[Flags, Flags]:
    """What people would say of each row, and the judge: trials, clusters, rows in each."""
    chances = np.full(shape[:2], limit)
    if shape[2] > 1:
        chances = rng.beta(limit * 7 / 3, (1 - limit) * 7 / 3, shape[:2])
    harm = rng.random(shape) < chances[..., None]
    return harm, np.where(harm, rng.random(shape) < sensitivity, rng.random(shape) < 0.05)


@pytest.mark.parametrize("sensitivity", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("clusters", "each"), [(400, 1), (120, 6)])
@pytest.mark.parametrize(("limit", "chance"), [(0.1, 0.25), (0.04, 0.1)])
def test_a_sequential_trial_at_its_limit_hardly_ever_passes(
    sensitivity: float,
    clusters: int,
    each: int,
    limit: float,
    chance: float,
    record_property: Told,
) -> None:
    rng, wrong = np.random.default_rng(32), 0
    for _ in range(NULLS // 500):
        harm, said = drawn_trials(rng, (500, clusters, each), sensitivity, limit)
        drawn = rng.random(harm.shape) < chance
        values = np.where(said, harm * chance, drawn & harm).mean(axis=2)
        wrong += int(means_followed_under(values, limit=limit * chance, alpha=0.05).sum())
    told = f"sequential, judge of {sensitivity}, {clusters} x {each}, limit {limit}: "
    record_property("told", told + f"{wrong / NULLS:.4f}")
    assert stats.beta.ppf(0.01, max(wrong, 1), NULLS - wrong + 1) <= 0.05
    assert wrong / NULLS <= 0.055


@pytest.mark.parametrize("each", [1, 6])
def test_the_gate_decides_a_sequential_trial_as_those_bets_do(each: int) -> None:
    rng, clusters, chance, limit = np.random.default_rng(33), 150, 0.25, 0.3
    drawn = due(clusters * each, chance).reshape(clusters, each)
    order = tuple(f"c{k:05}" for k in range(clusters))
    terms = Terms(basis="prospective", seed=SEED, order=order)
    outcomes = []
    for k in range(CHECKED):
        harm, said = drawn_trials(rng, (1, clusters, each), 0.5, limit if k % 2 else 0.1)
        values = np.where(said, harm * chance, drawn & harm).mean(axis=2)
        expected = bool(means_followed_under(values, limit=limit * chance, alpha=0.05)[0])
        rows = rows_of(harm.ravel(), said.ravel(), drawn.ravel(), each=each)
        found = judge(claim(limit, chance, "sequential"), rows, rows, terms=terms)
        assert (found.outcome == "passed") == expected
        outcomes.append(expected)
    assert set(outcomes) == {True, False}
