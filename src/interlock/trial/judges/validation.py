"""What a judge is worth: its answers against people's, per arm and for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from interlock.errors import InvalidRecordError, NotEnoughDataError, NotEstimableError
from interlock.ledger import record
from interlock.measure import (
    Estimate,
    Forecasts,
    calibration_error,
    clustered_kappa,
)
from interlock.measure.diagnostics import pooled_rate

UNREADABLE = "(unreadable)"
"""The class of what a judge said and nobody can read; one of its own in every agreement."""

_BINS = 10

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class JudgedLabels:
    """Rows on which both a judge and people spoke.

    Attributes:
        human: People's label of each row.
        judge: The judge's of the same rows; None where nothing could be read.
        yes: The labels that mean that the event happened.
        groups: The arm or group of each row; empty for no groups.
        clusters: The cluster of each row; empty where each is its own.
        chances: The chance of the event that the judge gave each row; empty where it gives none,
            None where it gave none for a row.
    """

    human: Sequence[str]
    judge: Sequence[str | None]
    yes: frozenset[str]
    groups: Sequence[str] = ()
    clusters: Sequence[str] = ()
    chances: Sequence[float | None] = ()

    def of(self, group: str) -> "JudgedLabels":
        """The rows of one group."""
        kept = [k for k, one in enumerate(self.groups) if one == group]
        return JudgedLabels(
            human=[self.human[k] for k in kept],
            judge=[self.judge[k] for k in kept],
            yes=self.yes,
            clusters=[self.clusters[k] for k in kept] if self.clusters else (),
            chances=[self.chances[k] for k in kept] if self.chances else (),
        )

    @property
    def own(self) -> list[str]:
        """The cluster of each row."""
        return list(self.clusters) or list(map(str, range(len(self.human))))


@record("confusion/1")
class Confusion:
    """How often a judge and people said what.

    Attributes:
        tp: Both said yes.
        fp: The judge alone said yes.
        fn: People alone said yes, and the judge said no.
        tn: Both said no.
        unparsable_yes: People said yes, and the judge nothing readable.
        unparsable_no: People said no, and the judge nothing readable.
    """

    tp: Count
    fp: Count
    fn: Count
    tn: Count
    unparsable_yes: Count
    unparsable_no: Count

    @property
    def n(self) -> int:
        """Rows."""
        return self.tp + self.fp + self.fn + self.tn + self.unparsable_yes + self.unparsable_no


@record("group-validation/1")
class GroupValidation:
    """A judge against people in one arm or group.

    What is unreadable is neither found nor cleared: it counts against the judge
    in sensitivity and specificity alike, and is a class of its own in kappa.

    Attributes:
        group: Its name; empty for all rows.
        confusion: The counts.
        kappa: Cohen's, over all labels, with an interval over clusters; None where none can be had.
        sensitivity: Of the rows that people flagged, the share that the judge did, with an
            interval over clusters; None without.
        specificity: Of the rows that people did not flag, the share that the judge passed.
    """

    group: str
    confusion: Confusion
    kappa: Estimate | None
    sensitivity: Estimate | None
    specificity: Estimate | None


@record("reliability-bin/1")
class ReliabilityBin:
    """Rows that a judge gave about the same chance.

    Attributes:
        above: The chance that the bin lies above; the first one includes it.
        up_to: The largest chance in it.
        n: Its rows.
        said: The mean chance they were given.
        happened: The share of them that people flagged, with an interval over
            clusters.
    """

    above: Share
    up_to: Share
    n: Annotated[int, Field(ge=1)]
    said: Share
    happened: Estimate


@record("judge-validation/1")
class JudgeValidation:
    """How far a judge agrees with people, on what, and how sure that is.

    Attributes:
        judge: Its identity, or what the file calls it.
        metric: What both were asked.
        source: The file's name.
        source_sha256: SHA-256 of the file, hex.
        n: Rows with a person's label.
        unlabelled: Rows without, which say nothing here.
        labels: All labels that people gave, sorted.
        yes: Those that mean that the event happened, sorted.
        groups: All rows first, then each group, sorted by name.
        reliability: Its chances against what happened; empty where it gives none.
        calibration: Expected calibration error of its chances; None where it gives none.
    """

    judge: Annotated[str, Field(min_length=1)]
    metric: Annotated[str, Field(min_length=1)]
    source: str
    source_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    n: Annotated[int, Field(ge=1)]
    unlabelled: Count
    labels: tuple[str, ...]
    yes: tuple[str, ...]
    groups: tuple[GroupValidation, ...]
    reliability: tuple[ReliabilityBin, ...] = ()
    calibration: Estimate | None = None

    def __post_init__(self) -> None:
        names = [one.group for one in self.groups]
        if not names or names[0] or names[1:] != sorted(set(names[1:])):
            raise InvalidRecordError(
                "judge validation", "all rows come first, then each group once"
            )
        if self.groups[0].confusion.n != self.n:
            raise InvalidRecordError("judge validation", "the counts are not those of all rows")

    @property
    def all(self) -> GroupValidation:
        """The judge against people on all rows."""
        return self.groups[0]


@dataclass(frozen=True, kw_only=True)
class Validated:
    """What was validated, on which file.

    Attributes:
        judge: The judge's identity, or what the file calls it.
        metric: What both were asked.
        source: The file's name.
        source_sha256: SHA-256 of the file, hex.
        unlabelled: Rows of the file without a person's label.
    """

    judge: str
    metric: str
    source: str
    source_sha256: str
    unlabelled: int = 0


def validation_of(
    rows: JudgedLabels, *, about: Validated, confidence: float = 0.90, seed: int = 0
) -> JudgeValidation:
    """A judge against people: counts, agreement, and what it misses and raises falsely.

    Args:
        rows: At least one row; every row has a person's label. Clusters are independent draws from
            one population.
        about: What was validated.
        confidence: Two-sided coverage of all intervals, in (0, 1).
        seed: Fixes the samples drawn.

    Raises:
        NotEnoughDataError: There is no row.
        ValueOutOfRangeError: A chance is outside [0, 1], or ``confidence`` is no share.
    """
    if not rows.human:
        raise NotEnoughDataError("rows with a person's label", 0, 1)
    names = sorted(set(rows.groups))
    groups = [_group(rows, "", confidence=confidence, seed=seed)]
    groups += [_group(rows.of(name), name, confidence=confidence, seed=seed) for name in names]
    reliability, calibration = _calibrated(rows, confidence, seed)
    return JudgeValidation(
        judge=about.judge,
        metric=about.metric,
        source=about.source,
        source_sha256=about.source_sha256,
        n=len(rows.human),
        unlabelled=about.unlabelled,
        labels=tuple(sorted(set(rows.human))),
        yes=tuple(sorted(rows.yes)),
        groups=tuple(groups),
        reliability=reliability,
        calibration=calibration,
    )


def _group(rows: JudgedLabels, name: str, *, confidence: float, seed: int) -> GroupValidation:
    yes = [label in rows.yes for label in rows.human]
    said = [None if label is None else label in rows.yes for label in rows.judge]
    seen = list(zip(yes, said, strict=True))
    return GroupValidation(
        group=name,
        confusion=Confusion(
            tp=seen.count((True, True)),
            fp=seen.count((False, True)),
            fn=seen.count((True, False)),
            tn=seen.count((False, False)),
            unparsable_yes=seen.count((True, None)),
            unparsable_no=seen.count((False, None)),
        ),
        kappa=_kappa(rows, confidence, seed),
        sensitivity=_hit_rate(rows, True, (confidence, seed)),
        specificity=_hit_rate(rows, False, (confidence, seed)),
    )


def _kappa(rows: JudgedLabels, confidence: float, seed: int) -> Estimate | None:
    pairs = [
        (one, UNREADABLE if other is None else other)
        for one, other in zip(rows.human, rows.judge, strict=True)
    ]
    try:
        return clustered_kappa(pairs, rows.own, confidence=confidence, seed=seed)
    except (NotEstimableError, NotEnoughDataError):
        return None


def _hit_rate(rows: JudgedLabels, wanted: bool, asked: tuple[float, int]) -> Estimate | None:
    """Of the rows on which people said so, the share on which the judge said the same."""
    kept = [k for k, label in enumerate(rows.human) if (label in rows.yes) == wanted]
    if not kept:
        return None
    hits = [rows.judge[k] is not None and (rows.judge[k] in rows.yes) == wanted for k in kept]
    own, (confidence, seed) = rows.own, asked
    return pooled_rate(hits, [own[k] for k in kept], confidence=confidence, seed=seed)


def _calibrated(
    rows: JudgedLabels, confidence: float, seed: int
) -> tuple[tuple[ReliabilityBin, ...], Estimate | None]:
    kept = [k for k, chance in enumerate(rows.chances) if chance is not None]
    if not kept:
        return (), None
    own = rows.own
    clusters = np.array([own[k] for k in kept])
    happened = np.array([rows.human[k] in rows.yes for k in kept])
    forecasts = Forecasts(happened, [rows.chances[k] or 0.0 for k in kept], clusters)
    bins = tuple(
        ReliabilityBin(
            above=one.above,
            up_to=one.up_to,
            n=one.n,
            said=one.said,
            happened=pooled_rate(
                happened[inside], clusters[inside], confidence=confidence, seed=seed
            ),
        )
        for one in forecasts.bins(_BINS)
        for inside in [_within(forecasts, one.above, one.up_to)]
    )
    if len(set(clusters.tolist())) < 2:
        return bins, None
    return bins, calibration_error(forecasts, bins=_BINS, confidence=confidence, seed=seed)


def _within(forecasts: Forecasts, above: float, up_to: float) -> NDArray[np.bool_]:
    low = forecasts.chances > above if above > 0 else forecasts.chances >= 0
    return low & (forecasts.chances <= up_to)
