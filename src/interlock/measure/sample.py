"""Refuses what is no sample: empty, not finite, out of its range, of another shape."""

import math
import sys

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlock.errors import MismatchedShapesError, NotEnoughDataError, ValueOutOfRangeError

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


def tail(confidence: float) -> float:
    """The chance left on one side of a two-sided interval.

    Raises:
        ValueOutOfRangeError: ``confidence`` is not strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueOutOfRangeError("confidence", confidence, (0.0, 1.0))
    return (1 - confidence) / 2


def finite_width(low: float, high: float) -> float:
    """How far two values of a declared range can lie apart.

    Raises:
        ValueOutOfRangeError: The range is empty, has no end on one side, or is wider than a number
            can say.
    """
    width = float(high) - float(low)
    if not 0 < width < math.inf:
        raise ValueOutOfRangeError("the width of the range", width, (0.0, sys.float_info.max))
    return width


def numbers(values: ArrayLike, *, low: float, high: float, name: str = "values") -> Numbers:
    """The sample as floats, every one finite and in ``[low, high]``.

    Args:
        values: The sample.
        low: Least value allowed; infinite where there is none.
        high: Greatest value allowed; infinite where there is none.
        name: What errors call the sample.

    Raises:
        NotEnoughDataError: There is no value.
        MismatchedShapesError: The values are not in one row.
        ValueOutOfRangeError: A value is NaN, infinite or outside the range.
    """
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1:
        raise MismatchedShapesError(name, sample.shape, "one row of values")
    if sample.size == 0:
        raise NotEnoughDataError(name, 0, 1)
    within = np.isfinite(sample) & (sample >= low) & (sample <= high)
    if not within.all():
        raise ValueOutOfRangeError(name, float(sample[~within][0]), (low, high))
    return sample


def flags(happened: ArrayLike, *, name: str = "happened") -> Flags:
    """The sample as flags; 0 and 1 are flags too, nothing else is.

    Raises:
        NotEnoughDataError: There is no flag.
        MismatchedShapesError: The flags are not in one row.
        ValueOutOfRangeError: A value is neither 0 nor 1.
    """
    sample = np.asarray(happened)
    if sample.dtype != np.bool_:
        sample = numbers(sample, low=0.0, high=1.0, name=name)
        between = (sample > 0) & (sample < 1)
        if between.any():
            raise ValueOutOfRangeError(name, float(sample[between][0]), (0.0, 1.0))
    elif sample.ndim != 1:
        raise MismatchedShapesError(name, sample.shape, "one row of flags")
    elif sample.size == 0:
        raise NotEnoughDataError(name, 0, 1)
    return sample.astype(np.bool_)


def same_length(first: NDArray[np.generic], second: NDArray[np.generic]) -> None:
    """Refuse two columns of one sample that differ in length.

    Raises:
        MismatchedShapesError: They do.
    """
    if first.shape != second.shape:
        raise MismatchedShapesError("columns", second.shape, f"the shape {first.shape}")


def at_least(count: int, *, name: str) -> int:
    """A whole number of trials of at least one.

    Raises:
        NotEnoughDataError: It is less.
    """
    if count < 1:
        raise NotEnoughDataError(name, count, 1)
    return count
