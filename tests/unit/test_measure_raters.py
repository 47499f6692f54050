"""Agreement of several raters: the classic worked figures, statsmodels, and what is too little."""

import numpy as np
import pytest
from statsmodels.stats.inter_rater import aggregate_raters
from statsmodels.stats.inter_rater import fleiss_kappa as their_fleiss

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure import clustered_kappa, cohen_kappa, fleiss_kappa, krippendorff_alpha
from tests.intervals import ends, high, low

FOURTEEN_RATERS = (
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
)
THREE_CODERS = ("*****34121133*3", "1*213343*******", "**21344*21133*4")
FOUR_OBSERVERS = ("123321412***", "1233224125*3", "*3332342251*", "12332441251*")


def labels(coders: tuple[str, ...]) -> list[list[str | None]]:
    columns = [[None if x == "*" else x for x in coder] for coder in coders]
    return [list(row) for row in zip(*columns, strict=True)]


def figures(coders: tuple[str, ...]) -> list[list[float | None]]:
    return [[None if x is None else float(x) for x in row] for row in labels(coders)]


def spread_out(counts: tuple[int, ...]) -> list[str]:
    return [str(label) for label, count in enumerate(counts) for _ in range(count)]


def test_fleiss_gives_the_figure_of_the_classic_table() -> None:
    ratings = [spread_out(counts) for counts in FOURTEEN_RATERS]
    assert fleiss_kappa(ratings).value == pytest.approx(0.2099, abs=5e-5)


def test_fleiss_equals_statsmodels() -> None:
    drawn = np.random.default_rng(3).integers(0, 4, (60, 5))
    theirs = their_fleiss(aggregate_raters(drawn)[0])
    ours = fleiss_kappa([[str(x) for x in row] for row in drawn])
    assert ours.value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(
    ("scale", "coders", "known"),
    [
        ("nominal", THREE_CODERS, 0.691),
        ("interval", THREE_CODERS, 0.811),
        ("nominal", FOUR_OBSERVERS, 0.743),
        ("ordinal", FOUR_OBSERVERS, 0.815),
        ("interval", FOUR_OBSERVERS, 0.849),
        ("nominal", ("aabbdcccedda", "babbbccceddd"), 0.692),
    ],
)
def test_krippendorff_gives_the_published_figures_with_ratings_missing(
    scale: str, coders: tuple[str, ...], known: float
) -> None:
    ratings = figures(coders) if scale == "interval" else labels(coders)
    alpha = krippendorff_alpha(ratings, scale=scale)  # type: ignore[arg-type]
    assert alpha.value == pytest.approx(known, abs=5e-4)


def test_an_item_with_one_rating_changes_nothing() -> None:
    ratings = labels(THREE_CODERS)
    alone = krippendorff_alpha(ratings)
    assert krippendorff_alpha([*ratings, ["9", None, None]], categories=list("12349")).value == (
        pytest.approx(alone.value)
    )
    assert alone.n == 12


def test_numbers_far_from_zero_agree_as_well_as_the_same_near_it() -> None:
    near = krippendorff_alpha(figures(FOUR_OBSERVERS), scale="interval")
    moved = [[None if x is None else x + 1e7 for x in row] for row in figures(FOUR_OBSERVERS)]
    assert krippendorff_alpha(moved, scale="interval").value == pytest.approx(near.value, abs=1e-6)


def test_without_clusters_the_resampled_kappa_is_about_as_wide_as_the_formula() -> None:
    rng = np.random.default_rng(5)
    first = rng.integers(0, 3, 400)
    second = np.where(rng.random(400) < 0.7, first, rng.integers(0, 3, 400))
    one, other = [str(x) for x in first], [str(x) for x in second]
    formula = cohen_kappa(one, other)
    ours = clustered_kappa(list(zip(one, other, strict=True)), np.arange(400))
    assert ours.value == pytest.approx(formula.value)
    assert ends(ours) == pytest.approx(ends(formula), abs=0.012)


def test_items_that_belong_together_make_the_interval_wider() -> None:
    pairs = [("a", "a"), ("b", "b"), ("a", "b"), ("b", "b"), ("a", "a"), ("b", "a")] * 5
    copies = [pair for pair in pairs for _ in range(6)]
    whole = np.repeat(np.arange(30), 6)
    apart = clustered_kappa(copies, np.arange(180))
    together = clustered_kappa(copies, whole)
    assert together.n == 30
    assert high(together) - low(together) > 2 * (high(apart) - low(apart))
    rated = [list(pair) for pair in copies]
    assert low(krippendorff_alpha(rated, clusters=whole)) < low(krippendorff_alpha(rated))
    assert low(fleiss_kappa(rated, clusters=whole)) < low(fleiss_kappa(rated))


def test_full_agreement_on_few_clusters_is_no_proof_of_full_agreement() -> None:
    pairs = [("a", "a"), ("b", "b")] * 5
    rated = [list(pair) for pair in pairs]
    numbered = [[float(x == "a") for x in pair] for pair in pairs]
    found = [
        clustered_kappa(pairs, np.arange(10)),
        fleiss_kappa(rated),
        krippendorff_alpha(rated),
        krippendorff_alpha(numbered, scale="interval"),
    ]
    for estimate in found:
        assert estimate.value == 1
        # 3 unseen disagreeing clusters in 11: about the exact bound 1 - .05 ** (1 / 10) = .26.
        assert 0.6 < low(estimate) < 0.8


def test_resampling_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    truth = 0.7  # with even labels, an answer kept with a chance of .7 and else guessed
    covered = 0
    for seed in range(150):
        first = rng.integers(0, 2, 80)
        second = np.where(rng.random(80) < truth, first, rng.integers(0, 2, 80))
        pairs = [(str(a), str(b)) for a, b in zip(first, second, strict=True)]
        estimate = clustered_kappa(pairs, np.arange(80), seed=seed)
        covered += low(estimate) <= truth <= high(estimate)
    assert covered / 150 == pytest.approx(0.9, abs=0.06)


def test_the_same_seed_gives_the_same_interval() -> None:
    ratings = labels(FOUR_OBSERVERS)
    assert krippendorff_alpha(ratings, seed=3) == krippendorff_alpha(ratings, seed=3)
    assert krippendorff_alpha(ratings, seed=3) != krippendorff_alpha(ratings, seed=4)


def test_what_cannot_show_agreement_is_refused() -> None:
    with pytest.raises(NotEstimableError):
        krippendorff_alpha([["a", "a"], ["a", "a"]])
    with pytest.raises(NotEstimableError):
        krippendorff_alpha([[1.0, 1.0], [1.0, 1.0]], scale="interval")
    with pytest.raises(NotEstimableError):
        fleiss_kappa([["a", "a"], ["a", "a"]])
    with pytest.raises(NotEstimableError):
        clustered_kappa([("a", "a"), ("a", "a")], [0, 1])
    with pytest.raises(NotEstimableError, match="number of ratings"):
        fleiss_kappa([["a", "b"], ["a", None]])
    with pytest.raises(NotEnoughDataError):
        fleiss_kappa([["a"], ["b"]])
    with pytest.raises(NotEnoughDataError):
        krippendorff_alpha([["a", None], ["b", None]])
    with pytest.raises(NotEnoughDataError, match="clusters"):
        clustered_kappa([("a", "b"), ("b", "b")], [0, 0])
    for empty in (fleiss_kappa, krippendorff_alpha):
        with pytest.raises(NotEnoughDataError):
            empty([])
    with pytest.raises(NotEnoughDataError):
        krippendorff_alpha([], scale="interval")


def test_badly_shaped_ratings_are_refused() -> None:
    with pytest.raises(MismatchedShapesError):
        fleiss_kappa([["a", "b"], ["a"]])
    with pytest.raises(MismatchedShapesError):
        krippendorff_alpha([[1.0, 2.0], [1.0]], scale="interval")
    with pytest.raises(MismatchedShapesError):
        krippendorff_alpha([["a", "b"], ["a", "a"]], clusters=[1])
    with pytest.raises(MismatchedShapesError):
        clustered_kappa([("a", "b"), ("a", "a")], [1, 2, 3])
    with pytest.raises(ValueOutOfRangeError, match="label"):
        krippendorff_alpha([["a", "b"]], categories=["a"])
    with pytest.raises(ValueOutOfRangeError):
        krippendorff_alpha([[1.0, float("nan")]], scale="interval")
