"""How p-values are told together, so that searching far does not find something in nothing."""

import numpy as np
from numpy.typing import ArrayLike

from interlock.measure.sample import Numbers, numbers


def holm(p_values: ArrayLike) -> Numbers:
    """P-values adjusted so that any false claim among them has at most the level's chance.

    For any-of claims and slices searched after the fact; "all must pass" needs no adjustment.

    Args:
        p_values: Shape ``(k,)``, in [0, 1]; they may depend on each other in any way.

    Returns:
        Shape ``(k,)``, adjusted, in the order given.

    Raises:
        NotEnoughDataError: There is no p-value.
        MismatchedShapesError: The p-values are not in one row.
        ValueOutOfRangeError: A p-value is NaN or outside [0, 1].

    Source:
        Holm (1979), Scandinavian Journal of Statistics 6:65-70. Chosen over Bonferroni: never
        larger.
    """
    given = numbers(p_values, low=0.0, high=1.0, name="p_values")
    order = np.argsort(given, kind="stable")
    stepped = np.maximum.accumulate(given[order] * np.arange(given.size, 0, -1))
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def benjamini_hochberg(p_values: ArrayLike) -> Numbers:
    """P-values adjusted so that the expected share of false claims stays at the level.

    For dashboards; it decides nothing.

    Args:
        p_values: Shape ``(k,)``, in [0, 1], independent or positively dependent.

    Returns:
        Shape ``(k,)``, adjusted, in the order given.

    Raises:
        NotEnoughDataError: There is no p-value.
        MismatchedShapesError: The p-values are not in one row.
        ValueOutOfRangeError: A p-value is NaN or outside [0, 1].

    Source:
        Benjamini and Hochberg (1995), JRSS B 57:289-300.
    """
    given = numbers(p_values, low=0.0, high=1.0, name="p_values")
    order = np.argsort(given, kind="stable")[::-1]
    steps = given[order] * given.size / np.arange(given.size, 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps), 1.0)
    return adjusted
