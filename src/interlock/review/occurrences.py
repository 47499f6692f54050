"""How often something occurs in a year, and what all of it comes to, draw by draw."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from interlock.review.ranges import Draws, Range

# Up to so many occurrences in one draw each has a size of its own; the sum of more is approximated.
_MOST_SUMMED = 10_000

# Sizes held in memory at a time, give or take one draw's.
_AT_ONCE = 2_000_000

# A Poisson count above this is drawn as normal: its skewness is under 0.00004, and NumPy's sampler
# refuses a mean near 2^63.
_MOST_POISSON = 1e9


def count(rates: Draws, rng: np.random.Generator) -> Draws:
    """How many occur in each draw: whole numbers, Poisson about each of the rates.

    Args:
        rates: Shape ``(n,)``, expected occurrences, at least 0.
        rng: What the draws come from.
    """
    many = rates > _MOST_POISSON
    counts = rng.poisson(np.where(many, 0.0, rates)).astype(np.float64)
    noise = rng.standard_normal(int(many.sum()))
    counts[many] = np.rint(rates[many] + np.sqrt(rates[many]) * noise)
    return counts


def luck(counts: Draws, rates: Draws, rng: np.random.Generator) -> Draws:
    """Where each count lies among those its own rate could have given, in [0, 1].

    The share of the distribution below the count, and a uniform share of the count's own
    probability: uniform whatever the rate, so it holds the chance of the count and nothing of
    the rate.

    Args:
        counts: Shape ``(n,)``, as `count` gives them.
        rates: The rates they were drawn with.
        rng: What the uniform shares come from.

    Source:
        Brockwell (2007), Journal of Time Series Analysis 28:577-598, of the randomised
        probability integral transform.
    """
    below = np.where(counts > 0, special.pdtr(np.maximum(counts - 1, 0.0), rates), 0.0)
    upto = special.pdtr(counts, rates)
    found: Draws = below + rng.random(len(counts)) * (upto - below)
    return found


def total(counts: Draws, size: Range, rng: np.random.Generator) -> Draws:
    """The sum of the sizes of all occurrences in each draw, each of its own size.

    Up to 10,000 occurrences every one is drawn. Of a draw with more, the sum is drawn as
    lognormal with the mean and variance of such a sum: it stays above zero and leans to the
    right as sums of positive sizes do, which a normal does not. That is close unless sizes lie
    over more than four orders of magnitude between P5 and P95; then its median is too low.

    Args:
        counts: Shape ``(n,)``, whole numbers.
        size: The range of one occurrence's size, at least 0; sizes are independent.
        rng: What the draws come from.

    Source:
        Fenton (1960), IRE Transactions on Communications Systems 8:57-67. Chosen over a gamma,
        which agrees where sizes are alike and falls to nothing where they are not.
    """
    mean, variance = size.moments
    if variance == 0:
        return counts * mean
    few = counts <= _MOST_SUMMED
    totals = np.zeros(len(counts))
    totals[few] = _summed(counts[few].astype(np.int64), size, rng)
    many = counts[~few]
    squared = np.log1p(variance / mean / mean / many)
    totals[~few] = rng.lognormal(np.log(many * mean) - squared / 2, np.sqrt(squared))
    return totals


def typical(counts: Draws, totals: Draws, *, size: Range, rng: np.random.Generator) -> Draws:
    """The mean size in each draw; a known size is the same in each.

    Where nothing occurs it is a size that could have, so that how often does not show in it.
    """
    mean, variance = size.moments
    if variance == 0:
        return np.full(len(counts), mean)
    idle = size.draw(len(counts), rng)
    return np.divide(totals, counts, out=idle, where=counts > 0)


def _summed(counts: NDArray[np.int64], size: Range, rng: np.random.Generator) -> Draws:
    """Sums of sizes that are all drawn, so many draws at a time as memory is given to."""
    ends = np.cumsum(counts)
    whole = int(ends[-1]) if len(ends) else 0
    cuts = np.searchsorted(ends, np.arange(_AT_ONCE, whole, _AT_ONCE))
    return np.concatenate([_sums(part, size, rng) for part in np.split(counts, cuts)])


def _sums(counts: NDArray[np.int64], size: Range, rng: np.random.Generator) -> Draws:
    sizes = size.draw(int(counts.sum()), rng)
    owner = np.repeat(np.arange(len(counts)), counts)
    return np.bincount(owner, weights=sizes, minlength=len(counts)).astype(np.float64)
