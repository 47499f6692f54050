"""The one form in which a number leaves this package: with its uncertainty."""

import math

from interlock.errors import InvalidRecordError
from interlock.ledger import record


@record("estimate/1")
class Estimate:
    """A number, how far it may be off, and from how much it was counted.

    Attributes:
        value: The point estimate, in the unit its estimator states.
        low: Lower end of the interval; ``None`` where it is unbounded.
        high: Upper end of the interval; ``None`` where it is unbounded.
        confidence: Two-sided coverage in (0, 1). Each end alone is a bound at
            ``1 - (1 - confidence) / 2``.
        n: Independent clusters (rows, where each row is its own cluster).
        method: The estimator and its version, such as ``"wilson/1"``.
    """

    value: float
    low: float | None
    high: float | None
    confidence: float
    n: int
    method: str

    def __post_init__(self) -> None:
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if not low <= self.value <= high:
            raise InvalidRecordError("estimate", "the value must lie inside its interval")
        if not 0 < self.confidence < 1:
            raise InvalidRecordError("estimate", "confidence must lie strictly between 0 and 1")
        if self.n < 1:
            raise InvalidRecordError("estimate", "an estimate needs at least one cluster")
