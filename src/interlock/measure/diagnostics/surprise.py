"""How surprised a model is by a text: perplexity, and bits a byte."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interlock.errors import NotEnoughDataError, NotEstimableError
from interlock.measure.estimate import Estimate
from interlock.measure.resampling import grouped, resampled
from interlock.measure.sample import Numbers, numbers


@dataclass(frozen=True, kw_only=True)
class Completion:
    """The chances that a model gave the tokens of one text.

    Attributes:
        cluster: The unit of independence that it belongs to.
        logs: Natural logarithm of each token's chance, each at most 0. Tokens of the prompt are
            no part of it.
        octets: Length of the text in UTF-8; 0 where it is not known.
    """

    cluster: str
    logs: tuple[float, ...]
    octets: int = 0


def perplexity(
    completions: Sequence[Completion], *, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Perplexity of texts: the exponential of minus the mean log-chance of their tokens.

    Args:
        completions: Texts scored by one model; their clusters are independent draws from one
            population. Every token has the same weight.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        1 or more, in equally likely tokens to choose from; ``n`` counts clusters. It depends on
        how the tokeniser cuts the text, so that it compares with no other tokeniser's.

    Raises:
        NotEnoughDataError: Fewer than two clusters, or there is no token.
        NotEstimableError: It is larger than any number that can be held, beyond about 1e308.
        ValueOutOfRangeError: A log-chance is above 0, NaN or infinite.

    Source:
        Jelinek et al. (1977), JASA 62:S63, with a bootstrap over clusters: tokens of one text
        depend on each other.
    """
    sums = _sums(completions)

    def figure(totals: Numbers) -> Numbers:
        # A draw of the least likely texts alone may be beyond all numbers: unbounded above.
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(-totals[:, 0] / totals[:, 1]))

    if not np.isfinite(figure(sums.sum(axis=0)[None, :])).all():
        raise NotEstimableError(
            "perplexity", "the texts are so unlikely that no number holds it; read bits a byte"
        )
    return resampled(figure, sums, method="perplexity/1", confidence=confidence, seed=seed)


def bits_per_byte(
    completions: Sequence[Completion], *, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Bits that a model needs for each byte of texts, whatever its tokeniser.

    Args:
        completions: As for `perplexity`, each with its length in bytes.
        confidence: Two-sided coverage, in (0, 1), reached with many clusters only.
        seed: Fixes the samples drawn.

    Returns:
        0 or more, in bits a byte of UTF-8; ``n`` counts clusters.

    Raises:
        NotEnoughDataError: Fewer than two clusters, or there is no token.
        NotEstimableError: The length of a text is not known.
        ValueOutOfRangeError: A log-chance is above 0, NaN or infinite.

    Source:
        Gao et al. (2020), The Pile, arXiv:2101.00027, section 3.1, with a bootstrap over clusters.
    """
    sums = _sums(completions)
    if any(one.octets < 1 for one in completions):
        raise NotEstimableError("number of bits a byte", "the length of a text is not known")

    def figure(totals: Numbers) -> Numbers:
        return np.asarray(-totals[:, 0] / (math.log(2) * totals[:, 2]))

    return resampled(figure, sums, method="bits-per-byte/1", confidence=confidence, seed=seed)


def _sums(completions: Sequence[Completion]) -> Numbers:
    """Log-chances, tokens and bytes by cluster, shape ``(clusters, 3)``."""
    if not completions or any(not one.logs for one in completions):
        raise NotEnoughDataError("tokens of a text", 0, 1)
    parts = [
        (
            float(numbers(one.logs, low=-np.inf, high=0.0, name="log-chance").sum()),
            len(one.logs),
            one.octets,
        )
        for one in completions
    ]
    return grouped(np.array(parts, dtype=np.float64), [one.cluster for one in completions])
