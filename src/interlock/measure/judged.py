"""How often something happened, where a fallible judge saw every row and people saw some."""

import math

import numpy as np
from numpy.typing import ArrayLike

from interlock.errors import MismatchedShapesError, NotEstimableError, ValueOutOfRangeError
from interlock.measure.distributions import normal_point
from interlock.measure.estimate import Estimate
from interlock.measure.rates import exact_ends
from interlock.measure.sample import Flags, Numbers, flags, tail

# With fewer, what is said of the rows nobody labelled rests on hardly any event.
FEWEST = 5


class JudgedRows:
    """Rows that a judge flagged or not, some of them labelled by people.

    Args:
        judge: Shape ``(n,)``, the judge's flag of each row; rows are independent draws from one
            population.
        human: Shape ``(n,)``: 0 or 1, and NaN where no person labelled the row.

    Raises:
        NotEnoughDataError: There is no row.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A flag or a label is neither 0 nor 1.
    """

    def __init__(self, judge: ArrayLike, human: ArrayLike) -> None:
        self.judge: Flags = flags(judge, name="judge")
        labels: Numbers = np.asarray(human, dtype=np.float64)
        if labels.shape != self.judge.shape:
            raise MismatchedShapesError("human", labels.shape, f"the shape {self.judge.shape}")
        self.labelled: Flags = ~np.isnan(labels)
        strange = labels[self.labelled & (labels != 0) & (labels != 1)]
        if strange.size:
            raise ValueOutOfRangeError("human", float(strange[0]), (0.0, 1.0))
        self.human: Flags = labels == 1

    @property
    def n(self) -> int:
        """Rows, labelled or not."""
        return self.judge.size


def judge_corrected_rate(
    rows: JudgedRows, *, confidence: float = 0.90, fewest: int = FEWEST
) -> Estimate:
    """Share of rows on which the event happened by people's labels, with guaranteed bounds.

    People label every row that the judge flagged, and a random sample of those that it did not.

    Args:
        rows: The rows. Which of the judge's negatives are labelled was drawn by chance, each with
            the same chance and without regard to anything seen.
        confidence: Two-sided coverage, in (0, 1). Each end alone holds with a chance of at least
            ``1 - (1 - confidence) / 2``, whatever the judge is worth.
        fewest: Events that people must have found. The level holds with none; a gate that
            compares two arms counts those of both.

    Returns:
        An estimate in [0, 1].

    Raises:
        NotEstimableError: A row that the judge flagged has no label, none of those that it did not
            flag has one, or people found the event on too few rows.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        The share of rows both flagged and true, and the share of true ones among those not flagged,
        are each bounded exactly (Clopper and Pearson 1934) at half of the level, and joined by
        ``p + (1 - p) q``. Chosen over prediction-powered inference (`ppi_rate`), whose normal error
        does not see the rare events that a judge misses: at a limit of 2 % it wrongly passes more
        than one candidate in eight.
    """
    alpha = tail(confidence)
    negatives = rows.labelled & ~rows.judge
    if not rows.labelled[rows.judge].all():
        raise NotEstimableError("judge-corrected rate", "a row the judge flagged has no label")
    sampled, unflagged = int(negatives.sum()), int((~rows.judge).sum())
    if unflagged and not sampled:
        raise NotEstimableError("judge-corrected rate", "no row the judge passed has a label")
    caught, missed = int((rows.human & rows.judge).sum()), int((rows.human & negatives).sum())
    if caught + missed < fewest:
        raise NotEstimableError(
            "judge-corrected rate", f"people found {caught + missed} events, fewer than {fewest}"
        )
    value = caught / rows.n + (unflagged / rows.n * missed / sampled if sampled else 0.0)
    low, high = two_phase_ends((caught, rows.n), (missed, sampled), unflagged, alpha=alpha)
    return Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        confidence=confidence,
        n=rows.n,
        method="judge-corrected/1",
    )


def two_phase_ends(
    flagged: tuple[int, int], sampled: tuple[int, int], unflagged: int, *, alpha: float
) -> tuple[float, float]:
    """Both ends of `judge_corrected_rate`, each missed with a chance of at most ``alpha``.

    Args:
        flagged: Events that people found among the rows that the judge flagged, and all rows.
        sampled: Events that they found among the labelled rows of the rest, and those rows.
        unflagged: Rows that the judge did not flag.
        alpha: One-sided level, in (0, 1).
    """
    low, high = exact_ends(*flagged, alpha=alpha / 2)
    if sampled[1]:
        high += (1 - high) * exact_ends(*sampled, alpha=alpha / 2)[1]
        least = exact_ends(*sampled, alpha=alpha / 4)[0]
        low += least * exact_ends(unflagged, flagged[1], alpha=alpha / 4)[0]
    return low, high


def ppi_rate(rows: JudgedRows, *, confidence: float = 0.90) -> Estimate:
    """Share of rows on which the event happened, by power-tuned prediction-powered inference.

    Args:
        rows: The rows; those labelled were drawn by chance from all of them, at least two.
        confidence: Two-sided coverage, in (0, 1), reached with many labelled events only.

    Returns:
        The estimate, not held to [0, 1].

    Raises:
        NotEstimableError: Fewer than two rows are labelled, or none is left without a label.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Angelopoulos, Duchi and Zrnic (2023), PPI++, arXiv:2311.01453. Shown beside
        `judge_corrected_rate`, never decides.
    """
    alpha = tail(confidence)
    few, many = int(rows.labelled.sum()), int((~rows.labelled).sum())
    if few < 2 or many == 0:
        raise NotEstimableError("prediction-powered rate", "too few rows with or without a label")
    truth = rows.human[rows.labelled].astype(np.float64)
    said = rows.judge[rows.labelled].astype(np.float64)
    rest = rows.judge[~rows.labelled].astype(np.float64)
    spread = float(rows.judge.var(ddof=1))
    shared = float(np.cov(truth, said)[0, 1])
    weight = shared / ((1 + few / many) * spread) if spread > 0 else 0.0
    value = float(truth.mean() + weight * (rest.mean() - said.mean()))
    variance = (truth - weight * said).var(ddof=1) / few + weight**2 * rest.var() / many
    half = normal_point(alpha) * math.sqrt(float(variance))
    return Estimate(
        value=value,
        low=value - half,
        high=value + half,
        confidence=confidence,
        n=rows.n,
        method="ppi-tuned/1",
    )


def rogan_gladen(rows: JudgedRows, *, confidence: float = 0.90) -> Estimate:
    """Share of rows on which the event happened, from the judge's rate and its error rates.

    Args:
        rows: The rows; those labelled were drawn by chance from all of them.
        confidence: Two-sided coverage, in (0, 1), reached with many labelled events only.

    Returns:
        An estimate held to [0, 1].

    Raises:
        NotEstimableError: The labels hold no event or nothing else, or the judge does no better
            than chance.
        ValueOutOfRangeError: ``confidence`` is no share.

    Source:
        Rogan and Gladen (1978), American Journal of Epidemiology 107:71-76. Shown beside
        `judge_corrected_rate`, never decides.
    """
    alpha = tail(confidence)
    events = int((rows.labelled & rows.human).sum())
    others = int(rows.labelled.sum()) - events
    if not events or not others:
        raise NotEstimableError("Rogan-Gladen rate", "people gave one and the same label")
    sensitivity = float(rows.judge[rows.labelled & rows.human].mean())
    specificity = float((~rows.judge[rows.labelled & ~rows.human]).mean())
    skill = sensitivity + specificity - 1
    if skill <= 0:
        raise NotEstimableError("Rogan-Gladen rate", "the judge does no better than chance")
    flagged = float(rows.judge.mean())
    value = min(max((flagged + specificity - 1) / skill, 0.0), 1.0)
    variance = (
        flagged * (1 - flagged) / rows.n
        + value**2 * sensitivity * (1 - sensitivity) / events
        + (1 - value) ** 2 * specificity * (1 - specificity) / others
    )
    half = normal_point(alpha) * math.sqrt(variance) / skill
    return Estimate(
        value=value,
        low=max(value - half, 0.0),
        high=min(value + half, 1.0),
        confidence=confidence,
        n=rows.n,
        method="rogan-gladen/1",
    )
