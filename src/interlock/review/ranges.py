"""Ranges: what is not known exactly, said as a distribution instead of a number."""

import math
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from interlock.ledger import record

Draws = NDArray[np.float64]
Positive = Annotated[float, Field(gt=0, le=1e12)]
Amount = Annotated[float, Field(ge=-1e12, le=1e12)]

# The standard normal deviate that leaves 5 % above it, so that P5 and P95 lie at its distance.
_Z95 = 1.6448536269514722

# Vose's customary weight of the mode; a larger one would be narrower than most experts mean.
_PERT_WEIGHT = 4.0

# Beyond twelve orders of magnitude between its ends a lognormal says nothing, and its moments
# leave the range of floating point.
_WIDEST = 1e12


@record("fixed-range/1")
class Fixed:
    """A value that is known."""

    kind: Literal["fixed"] = "fixed"
    value: Amount

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest it can be."""
        return self.value, self.value

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        return self.value, 0.0

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """The value, ``n`` times."""
        return np.full(n, self.value)


@record("uniform-range/1")
class Uniform:
    """Any value between two ends, none likelier than another."""

    kind: Literal["uniform"] = "uniform"
    low: Amount
    high: Amount

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError("low must be under high; a known value is of kind fixed")

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest it can be."""
        return self.low, self.high

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        return (self.low + self.high) / 2, (self.high - self.low) ** 2 / 12

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """Shape ``(n,)``."""
        return rng.uniform(self.low, self.high, n)


@record("triangular-range/1")
class Triangular:
    """A likeliest value between two ends, falling off in straight lines."""

    kind: Literal["triangular"] = "triangular"
    low: Amount
    mode: Amount
    high: Amount

    def __post_init__(self) -> None:
        _check_mode(self)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest it can be."""
        return self.low, self.high

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        low, mode, high = self.low, self.mode, self.high
        products = low * mode + low * high + mode * high
        return (low + mode + high) / 3, (low**2 + mode**2 + high**2 - products) / 18

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """Shape ``(n,)``."""
        return rng.triangular(self.low, self.mode, self.high, n)


@record("pert-range/1")
class Pert:
    """A likeliest value between two ends, falling off smoothly.

    Source:
        Malcolm, Roseboom, Clark and Fazar (1959), Operations Research 7:646-669: a
        beta distribution with mean (low + 4 mode + high) / 6. Beside the triangular
        one it trusts the mode more and the ends less.
    """

    kind: Literal["pert"] = "pert"
    low: Amount
    mode: Amount
    high: Amount

    def __post_init__(self) -> None:
        _check_mode(self)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest it can be."""
        return self.low, self.high

    @property
    def shapes(self) -> tuple[float, float]:
        """The two shapes of its beta distribution, each at least 1."""
        width = self.high - self.low
        return (
            1 + _PERT_WEIGHT * (self.mode - self.low) / width,
            1 + _PERT_WEIGHT * (self.high - self.mode) / width,
        )

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        mean, variance = Beta(a=self.shapes[0], b=self.shapes[1]).moments
        width = self.high - self.low
        return self.low + width * mean, width**2 * variance

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """Shape ``(n,)``."""
        return self.low + (self.high - self.low) * rng.beta(*self.shapes, n)


@record("lognormal-range/1")
class Lognormal:
    """A positive amount over orders of magnitude; in one case of ten it lies outside of its ends.

    Attributes:
        p5: One case of twenty lies under it.
        p95: One case of twenty lies over it.
    """

    kind: Literal["lognormal"] = "lognormal"
    p5: Positive
    p95: Positive

    def __post_init__(self) -> None:
        if not self.p5 < self.p95:
            raise ValueError("p5 must be under p95; a known value is of kind fixed")
        if self.p95 > self.p5 * _WIDEST:
            raise ValueError("p95 is over 1e12 times p5; name ends closer together")

    @classmethod
    def of(cls, mu: float, sigma: float) -> Self:
        """The one whose logarithm is normal with this mean and standard deviation."""
        return cls(p5=math.exp(mu - _Z95 * sigma), p95=math.exp(mu + _Z95 * sigma))

    @property
    def ends(self) -> tuple[float, float]:
        """Nothing bounds it but zero."""
        return 0.0, math.inf

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        mu, sigma = self._logarithm
        mean = math.exp(mu + sigma**2 / 2)
        return mean, math.expm1(sigma**2) * mean**2

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """Shape ``(n,)``."""
        return rng.lognormal(*self._logarithm, n)

    @property
    def _logarithm(self) -> tuple[float, float]:
        """Mean and standard deviation of its logarithm."""
        low, high = math.log(self.p5), math.log(self.p95)
        return (low + high) / 2, (high - low) / (2 * _Z95)


@record("beta-range/1")
class Beta:
    """A share: after x events in n trials, ``a`` is x + 1/2 and ``b`` is n - x + 1/2 (Jeffreys)."""

    kind: Literal["beta"] = "beta"
    a: Positive
    b: Positive

    @property
    def ends(self) -> tuple[float, float]:
        """A share lies between none and all."""
        return 0.0, 1.0

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        whole = self.a + self.b
        return self.a / whole, self.a * self.b / (whole**2 * (whole + 1))

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """Shape ``(n,)``."""
        return rng.beta(self.a, self.b, n)


@record("poisson-range/1")
class Poisson:
    """A count of independent occurrences.

    Attributes:
        rate: How many are expected.
    """

    kind: Literal["poisson"] = "poisson"
    rate: Annotated[float, Field(gt=0, le=1e9)]

    @property
    def ends(self) -> tuple[float, float]:
        """A count has no greatest value."""
        return 0.0, math.inf

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        return self.rate, self.rate

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """Shape ``(n,)``, whole numbers."""
        return rng.poisson(self.rate, n).astype(np.float64)


Range = Annotated[
    Fixed | Uniform | Triangular | Pert | Lognormal | Beta | Poisson,
    Field(discriminator="kind"),
]


def within(found: Range, low: float, high: float) -> bool:
    """Whether nothing that the range can give lies outside of two ends."""
    least, greatest = found.ends
    return low <= least and greatest <= high


def told(found: Range) -> str:
    """A range as people write it: ``PERT 1 to 10, likeliest 3``."""
    match found:
        case Fixed():
            return f"{found.value:g}"
        case Uniform():
            return f"uniform {found.low:g} to {found.high:g}"
        case Triangular() | Pert():
            name = "PERT" if isinstance(found, Pert) else "triangular"
            return f"{name} {found.low:g} to {found.high:g}, likeliest {found.mode:g}"
        case Lognormal():
            return f"lognormal, P5 {found.p5:g}, P95 {found.p95:g}"
        case Beta():
            return f"beta {found.a:g}, {found.b:g}"
        case Poisson():
            return f"Poisson {found.rate:g}"


def _check_mode(found: Triangular | Pert) -> None:
    if not (found.low <= found.mode <= found.high and found.low < found.high):
        raise ValueError("mode must lie between low and high, and low under high")
