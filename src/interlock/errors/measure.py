"""Quantities that cannot be estimated from what there is."""

import math

from interlock.errors.error import InterlockError


class NotEnoughDataError(InterlockError):
    """There is too little to count: no data is not a value of zero."""

    code = "not-enough-data"

    def __init__(self, name: str, found: int, needed: int) -> None:
        super().__init__(name, found, needed)
        self.name, self.found, self.needed = name, found, needed

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.found} found, at least {self.needed} needed; "
            "too little evidence is never an estimate: record more trials"
        )


class NotEstimableError(InterlockError):
    """A quantity has no meaning on this evidence, however much of it there is."""

    code = "not-estimable"

    def __init__(self, quantity: str, reason: str) -> None:
        super().__init__(quantity, reason)
        self.quantity, self.reason = quantity, reason

    def __str__(self) -> str:
        return (
            f"the {self.quantity} is not estimable: {self.reason}; "
            "judge another quantity, or record trials on which it is defined"
        )


class ValueOutOfRangeError(InterlockError):
    """A number handed to an estimator lies outside the range it may take."""

    code = "value-out-of-range"

    def __init__(self, name: str, value: float, allowed: tuple[float, float]) -> None:
        super().__init__(name, value, allowed)
        self.name, self.value, self.allowed = name, value, allowed

    def __str__(self) -> str:
        return (
            f"{self.name} is {self.value:g}, but must be {_range(*self.allowed)}; "
            "correct the value or declare the range that it has"
        )


def _range(low: float, high: float) -> str:
    """A range in words; an end that is infinite is none, and no value may be infinite."""
    if math.isinf(low) and math.isinf(high):
        return "a finite number"
    if math.isinf(low):
        return f"a finite number of at most {high:g}"
    if math.isinf(high):
        return f"a finite number of at least {low:g}"
    return f"a number from {low:g} to {high:g}"


class TakenNameError(InterlockError):
    """Rows bear a name that a figure over several names has."""

    code = "taken-name"

    def __init__(self, what: str, name: str, whose: str) -> None:
        super().__init__(what, name, whose)
        self.what, self.name, self.whose = what, name, whose

    def __str__(self) -> str:
        return (
            f"the {self.what} {self.name!r} bears the name of {self.whose}, and both would be "
            f"shown as one; give the {self.what} another name in the rows"
        )


class MismatchedShapesError(InterlockError):
    """Columns that belong together do not have the shape they must have."""

    code = "mismatched-shapes"

    def __init__(self, name: str, shape: tuple[int, ...], wanted: str) -> None:
        super().__init__(name, shape, wanted)
        self.name, self.shape, self.wanted = name, shape, wanted

    def __str__(self) -> str:
        return f"{self.name} has the shape {self.shape}, not {self.wanted}; pass one entry a row"


class TrialEndedError(InterlockError):
    """A trial that has its outcome was handed more results, which cannot change it."""

    code = "trial-ended"

    def __init__(self, outcome: str, n: int) -> None:
        super().__init__(outcome, n)
        self.outcome, self.n = outcome, n

    def __str__(self) -> str:
        return (
            f"this trial {self.outcome} after {self.n} results, and more cannot change that; "
            "seal another attempt to test again"
        )
