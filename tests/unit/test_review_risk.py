"""Risk by drawing: held to what can be worked out without drawing."""

import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from scipy import stats

from interlock.charter import NamedScore, ScoreTerm, schema
from interlock.errors import InvalidRecordError
from interlock.ledger import content, dump, load
from interlock.review.figures import RiskScore, Simulation
from interlock.review.occurrences import count, luck, total
from interlock.review.ranges import (
    Beta,
    Fixed,
    Lognormal,
    Pert,
    Poisson,
    Range,
    Triangular,
    Uniform,
    told,
)
from interlock.review.risk import (
    CHANCE,
    DRAWS,
    exceedance,
    seed_of,
    summarise,
    work_out,
    yearly_harm,
)
from interlock.review.scope import StatedInput

SHARED = Path(__file__).parents[3] / "shared"
N = 400_000


def oracle(name: str) -> Any:
    return json.loads((SHARED / "oracles/statistics.json").read_text("utf-8"))[name]


def drawn(found: Range, *, n: int = N) -> Any:
    return found.draw(n, np.random.default_rng(20261122))


def stated(**ranges: Range) -> tuple[StatedInput, ...]:
    return tuple(
        StatedInput(input=name.replace("_", "-"), range=one, grounds="A test.")
        for name, one in ranges.items()
    )


def score(form: Any, limit: float | None = None, **weights: float) -> NamedScore:
    terms = tuple(
        ScoreTerm(input=name.replace("_", "-"), meaning="m", weight=weight)
        for name, weight in weights.items()
    )
    return NamedScore(id="tested", definition="d", form=form, terms=terms, limit=limit)


OFTEN = score("frequency_severity", often=1.0, bad=1.0)


@pytest.mark.parametrize(
    ("found", "mean", "variance"),
    [
        (Fixed(value=3.0), 3.0, 0.0),
        (Uniform(low=1.0, high=4.0), 2.5, 0.75),
        (Triangular(low=0.0, mode=1.0, high=5.0), 2.0, 7 / 6),
        (Pert(low=1.0, mode=3.0, high=10.0), 23 / 6, 2.4960317),
        (Beta(a=2.0, b=18.0), 0.1, 2 * 18 / (400 * 21)),
        (Poisson(rate=2.0), 2.0, 2.0),
        (
            Lognormal.of(1.0, 0.5),
            math.exp(1.125),
            (math.exp(0.25) - 1) * math.exp(2.25),
        ),
    ],
)
def test_draws_have_the_mean_and_variance_of_their_distribution(
    found: Range, mean: float, variance: float
) -> None:
    assert found.moments == pytest.approx((mean, variance), abs=1e-6)
    draws = drawn(found)
    assert draws.mean() == pytest.approx(mean, abs=5 * math.sqrt(variance / N))
    assert draws.var() == pytest.approx(variance, rel=0.03, abs=1e-12)
    low, high = found.ends
    assert low <= draws.min()
    assert draws.max() <= high


def test_a_lognormal_leaves_a_twentieth_beyond_each_of_its_ends() -> None:
    draws = drawn(Lognormal(p5=10.0, p95=1000.0))
    assert np.mean(draws < 10.0) == pytest.approx(0.05, abs=0.002)
    assert np.mean(draws > 1000.0) == pytest.approx(0.05, abs=0.002)


@pytest.mark.shared
def test_pert_agrees_with_its_closed_form() -> None:
    wanted = oracle("pert_1_3_10")
    found = Pert(low=1.0, mode=3.0, high=10.0)
    assert found.shapes == pytest.approx((wanted["a"], wanted["b"]), abs=1e-6)
    assert found.moments == pytest.approx((wanted["mean"], wanted["var"]), abs=1e-6)
    draws = drawn(found)
    assert draws.mean() == pytest.approx(wanted["mean"], abs=0.01)
    assert draws.var() == pytest.approx(wanted["var"], rel=0.01)


@pytest.mark.shared
def test_occurrences_times_size_agree_with_their_closed_form() -> None:
    wanted = oracle("risk_poisson_lognormal")
    size = Lognormal.of(wanted["mu"], wanted["s"])
    inputs = stated(often=Fixed(value=wanted["lam"]), bad=size)
    found = [work_out(OFTEN, inputs, seed=seed).figures for seed in range(20)]
    # Var of a compound Poisson sum: lambda E[X^2].
    spread = math.sqrt(wanted["lam"] * math.exp(2 * wanted["mu"] + 2 * wanted["s"] ** 2))
    error = spread / math.sqrt(DRAWS * len(found))
    assert np.mean([one.mean for one in found]) == pytest.approx(wanted["mean"], abs=4 * error)


@pytest.mark.shared
def test_the_chance_that_nothing_occurs_agrees_with_its_closed_form() -> None:
    wanted = oracle("risk_poisson_lognormal")
    ever = score("frequency_severity", 1e-12, often=1.0, bad=1.0)
    inputs = stated(often=Poisson(rate=wanted["lam"]), bad=Lognormal.of(1.0, 0.5))
    found = work_out(ever, inputs, seed=7).exceedance
    assert found is not None
    chance = found.share
    error = math.sqrt(wanted["p_zero"] * (1 - wanted["p_zero"]) / DRAWS)
    assert 1 - chance == pytest.approx(wanted["p_zero"], abs=4 * error)


@pytest.mark.shared
def test_a_jeffreys_range_exceeds_a_limit_as_often_as_it_should() -> None:
    wanted = oracle("jeffreys_p_gt_2pct_1_of_100")
    over = score("weighted_sum", 0.02, rate=1.0)
    found = work_out(over, stated(rate=Beta(a=1.5, b=99.5)), seed=7).exceedance
    assert found is not None
    assert found.share == pytest.approx(wanted, abs=4 * math.sqrt(wanted * (1 - wanted) / DRAWS))


def test_a_weighted_sum_of_known_inputs_is_arithmetic() -> None:
    made = work_out(
        score("weighted_sum", first=0.25, second=0.75),
        stated(first=Fixed(value=0.4), second=Fixed(value=0.8)),
        seed=1,
    )
    assert made.figures.p50 == pytest.approx(0.7)
    assert made.figures.p95 == pytest.approx(0.7)
    assert made.formula == "0.25 * first + 0.75 * second"


def test_one_harmless_input_makes_a_geometric_mean_harmless() -> None:
    made = work_out(
        score("weighted_geometric_mean", first=0.25, second=0.75),
        stated(first=Fixed(value=0.0), second=Uniform(low=0.5, high=1.0)),
        seed=1,
    )
    assert made.figures.p95 == 0.0


def test_a_weighted_geometric_mean_follows_its_formula() -> None:
    # The logarithm of x^w is w ln x, and -ln of a uniform share is exponential.
    made = work_out(
        score("weighted_geometric_mean", only=1.0), stated(only=Uniform(low=0.0, high=1.0)), seed=1
    )
    assert made.figures.p50 == pytest.approx(0.5, abs=0.02)
    assert made.figures.p95 == pytest.approx(0.95, abs=0.02)


def test_very_many_occurrences_are_summed_without_drawing_each() -> None:
    inputs = stated(often=Fixed(value=1e6), bad=Uniform(low=0.0, high=2.0))
    found = work_out(OFTEN, inputs, seed=1).figures
    assert found.mean == pytest.approx(1e6, rel=1e-3)
    spread = math.sqrt(1e6 * (1 + 1 / 3))
    assert found.p95 - found.p50 == pytest.approx(1.645 * spread, rel=0.05)


def chance_of_at_most(x: float, often: Lognormal, size: Lognormal, *, steps: int = 1000) -> float:
    """P(sum of N sizes <= x), N ~ Poisson(often): Panjer's recursion, by 200 quantiles of often."""
    step = x / steps
    ends = (np.arange(steps + 1) + 0.5) * step
    below = _lognormal(size).cdf(ends)
    sizes = np.diff(below, prepend=0.0)
    rates = _lognormal(often).ppf((np.arange(200) + 0.5) / 200)
    sums = np.zeros((200, steps + 1))
    sums[:, 0] = np.exp(rates * (sizes[0] - 1))
    weighted = np.arange(steps + 1) * sizes
    for k in range(1, steps + 1):
        sums[:, k] = rates / k * (sums[:, k - 1 :: -1][:, :k] @ weighted[1 : k + 1])
    return float(sums.sum(axis=1).mean())


def _lognormal(found: Lognormal) -> Any:
    low, high = math.log(found.p5), math.log(found.p95)
    sigma = (high - low) / (2 * stats.norm.ppf(0.95))
    return stats.lognorm(s=sigma, scale=math.exp((low + high) / 2))


def test_sums_over_orders_of_magnitude_keep_their_median_and_tail() -> None:
    often, size = Lognormal(p5=0.01, p95=1000.0), Lognormal(p5=1.0, p95=10_000.0)
    found = work_out(OFTEN, stated(often=often, bad=size), seed=3).figures
    assert found.p50_low > 1000
    # Four standard errors of a share of 20,000 draws, and the width of the recursion's steps.
    assert chance_of_at_most(found.p50, often, size) == pytest.approx(0.50, abs=0.02)
    assert chance_of_at_most(found.p95, often, size) == pytest.approx(0.95, abs=0.01)


def test_a_few_occurrences_are_summed_one_by_one_beside_draws_of_very_many() -> None:
    counts = np.tile([0.0, 1.0, 1e6], 5000)
    size = Lognormal(p5=1.0, p95=100.0)
    totals = total(counts, size, np.random.default_rng(1))
    assert np.all(totals[counts == 0] == 0)
    assert np.median(totals[counts == 1]) == pytest.approx(10.0, rel=0.1)
    assert totals[counts == 1e6].mean() == pytest.approx(1e6 * size.moments[0], rel=0.001)


def test_sums_are_drawn_in_parts_that_fit_into_memory() -> None:
    counts = np.full(1000, 5000.0)
    totals = total(counts, Uniform(low=0.0, high=2.0), np.random.default_rng(1))
    assert totals.mean() == pytest.approx(5000.0, rel=0.001)
    assert totals.std() == pytest.approx(math.sqrt(5000 / 3), rel=0.1)


def test_counts_of_any_mean_that_a_draft_can_state_are_drawn() -> None:
    widest = Lognormal(p5=1.0, p95=1e12)
    _, found = yearly_harm(0.05, widest, {}, level=1, seed=4)
    assert found.p50 == pytest.approx(0.05 * 1e6, rel=0.3)
    assert work_out(OFTEN, stated(often=widest, bad=widest), seed=4).figures.p95 > 0
    counts = count(np.full(20_000, 4e9), np.random.default_rng(1))
    assert counts.mean() == pytest.approx(4e9, abs=4 * math.sqrt(4e9 / 20_000))
    assert counts.std() == pytest.approx(math.sqrt(4e9), rel=0.03)


def test_a_lognormal_over_more_than_twelve_orders_of_magnitude_is_refused() -> None:
    with pytest.raises(ValueError, match="closer together"):
        Lognormal(p5=1e-6, p95=1e12)


def shares(found: Simulation) -> dict[str, float]:
    return {one.input: one.share for one in found.sensitivity}


@pytest.mark.parametrize("often", [Fixed(value=3.0), Poisson(rate=3.0)])
def test_a_known_size_moves_nothing_and_chance_moves_all(often: Range) -> None:
    found = work_out(OFTEN, stated(often=often, bad=Fixed(value=0.1)), seed=1).figures
    assert shares(found) == {CHANCE: 1.0, "often": 0.0, "bad": 0.0}


def test_chance_has_a_share_of_its_own_beside_an_exposure_that_hardly_moves() -> None:
    _, found = yearly_harm(0.02, Uniform(low=100.0, high=110.0), {}, level=3, seed=4)
    assert shares(found)[CHANCE] > 0.97
    _, found = yearly_harm(0.02, Fixed(value=100.0), {"known": Fixed(value=0.5)}, level=3, seed=4)
    assert shares(found) == {CHANCE: 1.0, "exposure": 0.0, "known": 0.0}


def test_an_exposure_over_orders_of_magnitude_outweighs_chance() -> None:
    _, found = yearly_harm(0.02, Lognormal(p5=1e3, p95=1e6), {}, level=3, seed=4)
    assert shares(found)["exposure"] > 0.99


def test_where_a_count_lies_tells_nothing_of_its_rate() -> None:
    rng = np.random.default_rng(5)
    rates = rng.lognormal(0.0, 3.0, 20_000)
    found = luck(count(rates, rng), rates, rng)
    assert stats.kstest(found, "uniform").pvalue > 0.001
    assert stats.spearmanr(found, rates).statistic == pytest.approx(0.0, abs=4 / math.sqrt(20_000))


def test_an_exceedance_has_an_exact_interval_for_the_error_of_drawing() -> None:
    found = exceedance(np.arange(1000) / 1000, 0.9895)
    wanted = stats.binomtest(10, 1000).proportion_ci(0.95, method="exact")
    assert found.share == 0.01
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))
    assert exceedance(np.zeros(1000), 1.0).high > 0


def test_percentiles_lie_inside_of_intervals_that_cover_the_truth_as_often_as_they_claim() -> None:
    truth = stats.norm.ppf(0.95)
    covered = 0
    for seed in range(400):
        draws = np.random.default_rng(seed).standard_normal(2000)
        found = summarise(draws, {}, seed=seed)
        covered += found.p95_low <= truth <= found.p95_high
    assert covered / 400 == pytest.approx(0.95, abs=0.035)


def test_the_input_that_moves_the_result_most_is_named_first() -> None:
    made = work_out(
        score("weighted_sum", narrow=0.5, wide=0.5),
        stated(narrow=Uniform(low=0.4, high=0.5), wide=Uniform(low=0.0, high=1.0)),
        seed=1,
    )
    first, second = made.figures.sensitivity
    assert (first.input, second.input) == ("wide", "narrow")
    assert first.share + second.share == pytest.approx(1.0)
    assert first.share == pytest.approx(1 / 1.01, abs=0.01)


def test_an_input_that_is_known_answers_for_nothing() -> None:
    made = work_out(
        score("weighted_sum", known=0.5, wide=0.5),
        stated(known=Fixed(value=0.3), wide=Uniform(low=0.0, high=1.0)),
        seed=1,
    )
    assert [(one.input, one.share) for one in made.figures.sensitivity] == [
        ("wide", 1.0),
        ("known", 0.0),
    ]


def test_the_same_seed_gives_the_same_figures_and_another_one_others() -> None:
    inputs = stated(often=Fixed(value=3.0), bad=Lognormal(p5=1.0, p95=9.0))
    assert work_out(OFTEN, inputs, seed=5) == work_out(OFTEN, inputs, seed=5)
    assert work_out(OFTEN, inputs, seed=5).figures != work_out(OFTEN, inputs, seed=6).figures


def test_a_seed_follows_from_facts_and_fits_a_number_that_json_can_hold() -> None:
    assert seed_of("a", "b") == seed_of("a", "b")
    assert seed_of("a", "b") != seed_of("ab")
    assert 0 <= seed_of("x") < 2**52


def test_what_remains_in_a_year_is_poisson_when_everything_is_known() -> None:
    points, found = yearly_harm(
        0.05, Fixed(value=200.0), {"control": Fixed(value=0.5)}, level=3, seed=9
    )
    mean = 200 * 0.05 * 0.5
    assert found.mean == pytest.approx(3 * mean, abs=4 * 3 * math.sqrt(mean / DRAWS))
    assert found.p50 == 3 * stats.poisson.ppf(0.50, mean)
    assert found.p95 == 3 * stats.poisson.ppf(0.95, mean)
    assert exceedance(points, found.p95).share <= 0.05


def test_a_control_that_stops_everything_leaves_nothing() -> None:
    _, found = yearly_harm(0.5, Fixed(value=1e6), {"control": Fixed(value=1.0)}, level=4, seed=9)
    assert (found.mean, found.p95) == (0.0, 0.0)


MADE = work_out(
    score("weighted_sum", 0.5, only=1.0), stated(only=Uniform(low=0.0, high=1.0)), seed=1
)


@pytest.mark.parametrize(
    ("field", "value"),
    [("formula", ""), ("formula", None), ("figures", None), ("inputs", [])],
)
def test_a_score_without_formula_or_interval_is_refused(field: str, value: object) -> None:
    altered = json.loads(dump(MADE))
    altered["content"][field] = value
    data = json.dumps(altered, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(InvalidRecordError, match=field):
        load(data)


@pytest.mark.parametrize("field", ["formula", "figures"])
def test_the_schema_of_a_score_asks_for_formula_and_interval(field: str) -> None:
    made = content(MADE)
    shape = schema(RiskScore, "A score")
    jsonschema.validate(made, shape)
    del made[field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        jsonschema.validate(made, shape)


@pytest.mark.parametrize("field", ["p50_low", "p95", "p95_high"])
def test_figures_without_one_of_their_ends_are_refused(field: str) -> None:
    made = content(MADE.figures)
    del made[field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        jsonschema.validate(made, schema(Simulation, "Figures"))


def test_percentiles_out_of_order_are_refused() -> None:
    made = json.loads(dump(MADE.figures))
    made["content"]["p50"] = made["content"]["p95"] + 1
    with pytest.raises(InvalidRecordError, match="percentiles"):
        load(json.dumps(made, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Fixed(value=3.0), "3"),
        (Uniform(low=1.0, high=2.0), "uniform 1 to 2"),
        (Triangular(low=1.0, mode=2.0, high=3.0), "triangular 1 to 3, likeliest 2"),
        (Pert(low=1.0, mode=3.0, high=10.0), "PERT 1 to 10, likeliest 3"),
        (Lognormal(p5=1.0, p95=9.0), "lognormal, P5 1, P95 9"),
        (Beta(a=1.5, b=99.5), "beta 1.5, 99.5"),
        (Poisson(rate=2.0), "Poisson 2"),
    ],
)
def test_a_range_is_told_in_a_few_words(found: Range, words: str) -> None:
    assert told(found) == words
