"""Adjusted p-values: against statsmodels and the worked figures."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from interlock.errors import NotEnoughDataError, ValueOutOfRangeError
from interlock.measure import benjamini_hochberg, holm


def test_the_figures_of_the_design() -> None:
    # From statistics.json, the figures of bh.
    adjusted = benjamini_hochberg([0.001, 0.008, 0.039, 0.041, 0.2])
    assert adjusted == pytest.approx([0.005, 0.02, 0.05125, 0.05125, 0.2])


@pytest.mark.parametrize(("ours", "name"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
def test_adjusted_p_values_equal_those_of_statsmodels(ours: type, name: str) -> None:
    rng = np.random.default_rng(4)
    for k in (1, 2, 17, 40):
        given = np.round(rng.random(k) ** 3, 3)
        assert ours(given) == pytest.approx(multipletests(given, method=name)[1])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_what_is_no_p_value_is_refused(adjust: type) -> None:
    for bad in (float("nan"), -0.01, 1.01):
        with pytest.raises(ValueOutOfRangeError):
            adjust([0.5, bad])
    with pytest.raises(NotEnoughDataError):
        adjust([])
