"""Kappa: against statsmodels, the worked figure, and at its edges."""

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from interlock.errors import (
    MismatchedShapesError,
    NotEnoughDataError,
    NotEstimableError,
    ValueOutOfRangeError,
)
from interlock.measure import cohen_kappa
from tests.intervals import ends


def test_a_confusion_table_gives_the_kappa_of_the_design() -> None:
    # From statistics.json, the figures of confusion_85_5_2_8.
    first = ["no"] * 90 + ["yes"] * 10
    second = ["no"] * 85 + ["yes"] * 5 + ["no"] * 2 + ["yes"] * 8
    assert cohen_kappa(first, second).value == pytest.approx(0.6568627, abs=1e-7)


@pytest.mark.parametrize(
    ("weights", "theirs"), [("equal", None), ("linear", "linear"), ("quadratic", "quadratic")]
)
def test_kappa_and_its_interval_equal_those_of_statsmodels(weights: str, theirs: str) -> None:
    rng = np.random.default_rng(2)
    first = rng.integers(0, 4, 150)
    second = np.clip(first + rng.integers(-1, 2, 150), 0, 3)
    table = np.zeros((4, 4))
    np.add.at(table, (first, second), 1)
    oracle = cohens_kappa(table, wt=theirs)
    ours = cohen_kappa(
        [str(x) for x in first],
        [str(x) for x in second],
        weights=weights,  # type: ignore[arg-type]
        confidence=0.95,
    )
    assert ours.value == pytest.approx(oracle.kappa, abs=1e-12)
    assert ends(ours) == pytest.approx((oracle.kappa_low, oracle.kappa_upp), abs=1e-9)


def test_the_order_of_categories_decides_how_far_a_disagreement_is() -> None:
    first, second = ["a", "b", "c", "a"], ["a", "b", "b", "c"]
    near = cohen_kappa(first, second, categories=["a", "c", "b"], weights="quadratic")
    far = cohen_kappa(first, second, categories=["a", "b", "c"], weights="quadratic")
    assert near.value > far.value


def test_full_agreement_is_one() -> None:
    assert cohen_kappa(["a", "b"], ["a", "b"]).value == 1.0


def test_raters_who_use_one_label_only_cannot_agree_beyond_chance() -> None:
    with pytest.raises(NotEstimableError, match="kappa"):
        cohen_kappa(["a", "a"], ["a", "a"])


def test_bad_columns_of_labels_are_refused() -> None:
    with pytest.raises(NotEnoughDataError):
        cohen_kappa([], [])
    with pytest.raises(MismatchedShapesError):
        cohen_kappa(["a"], ["a", "b"])
    with pytest.raises(ValueOutOfRangeError, match="label"):
        cohen_kappa(["a"], ["b"], categories=["a", "c"])
