"""Whether a model that is asked the same again says the same again."""

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from interlock.errors import NotEnoughDataError
from interlock.measure.estimate import Estimate
from interlock.measure.means import bounded_mean


@dataclass(frozen=True, kw_only=True)
class Consistency:
    """How far the repeats of questions agree, as means over clusters of questions.

    Attributes:
        modal: Share of the commonest answer, in (0, 1].
        entropy: Entropy of the answers in nats, from 0 to the logarithm of the most repeats.
        agreement: Share of pairs of repeats that agree, in [0, 1].
    """

    modal: Estimate
    entropy: Estimate
    agreement: Estimate


def self_consistency(
    answers: Mapping[str, Sequence[Hashable]],
    clusters: Mapping[str, str] | None = None,
    *,
    confidence: float = 0.90,
    seed: int = 0,
) -> Consistency:
    """Modal share, entropy and pair agreement of the answers to each question.

    Args:
        answers: Every question's answers, at least two each; equal ones are the same answer.
            Repeats of one question are exchangeable.
        clusters: The cluster of each question; ``None`` where questions are independent draws
            from one population.
        confidence: Two-sided coverage, in (0, 1); each end is a bound with guaranteed level.
        seed: Fixes the orders in which the clusters are read.

    Returns:
        Means of cluster means. Modal share and entropy depend on the number of repeats (few
        repeats look consistent); pair agreement does not.

    Raises:
        NotEnoughDataError: There is no question, or one was asked once only.

    Source:
        Wang et al. (2023), arXiv:2203.11171, for the modal answer; Shannon's entropy of the shares
        seen; pair agreement is one minus the unbiased Gini-Simpson index (Simpson 1949, Nature
        163:688). The bounds are those of `bounded_mean`, so that one question alone has a wide
        interval and not none.
    """
    if not answers:
        raise NotEnoughDataError("questions", 0, 1)
    fewest = min(len(said) for said in answers.values())
    if fewest < 2:
        raise NotEnoughDataError("repeats of a question", fewest, 2)
    most = math.log(max(len(said) for said in answers.values()))
    modal, entropy, agreement = _cluster_means(answers, clusters)

    def over(values: Sequence[float], high: float, name: str) -> Estimate:
        capped = [min(one, high) for one in values]
        found = bounded_mean(capped, low=0.0, high=high, confidence=confidence, seed=seed)
        return replace(found, method=f"{name}/1")

    return Consistency(
        modal=over(modal, 1.0, "modal-share"),
        entropy=over(entropy, most, "answer-entropy"),
        agreement=over(agreement, 1.0, "pair-agreement"),
    )


def _cluster_means(
    answers: Mapping[str, Sequence[Hashable]], clusters: Mapping[str, str] | None
) -> Iterator[tuple[float, ...]]:
    """Modal share, entropy and pair agreement, each of every cluster in the same order."""
    groups: dict[str, list[tuple[float, float, float]]] = {}
    for question, said in answers.items():
        group = question if clusters is None else clusters[question]
        groups.setdefault(group, []).append(_figures(said))
    means = (
        tuple(sum(column) / len(column) for column in zip(*group, strict=True))
        for group in groups.values()
    )
    return zip(*means, strict=True)


def _figures(said: Sequence[Hashable]) -> tuple[float, float, float]:
    n, counts = len(said), Counter(said).values()
    entropy = -sum(k / n * math.log(k / n) for k in counts)
    pairs = sum(k * (k - 1) for k in counts) / (n * (n - 1))
    return max(counts) / n, max(entropy, 0.0), pairs
