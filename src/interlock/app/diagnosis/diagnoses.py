"""Diagnoses of a model from files of observations: figures with intervals; nothing is decided."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from interlock.adapters.logprobs import Scored, read_scored
from interlock.app.diagnosis.diagnosed import Observed, Row
from interlock.errors import BadTableError, DifferentTokenisersError
from interlock.measure import Estimate, Forecasts, brier, calibration_error, exact_rate
from interlock.measure.diagnostics import (
    Attacked,
    AttackFigures,
    bits_per_byte,
    burstiness,
    detection,
    perplexity,
    robustness,
    self_consistency,
)
from interlock.review.pictures import (
    CurvePoint,
    Panel,
    curve_plot,
    panels_plot,
)

Answers = Literal["value", "completion"]
_ATTACK, _PLAIN = "attack", "none"
_FLAGGED = 0.5
_FEW = "Fewer than 10 clusters show too little for an interval: it is open."


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What one diagnosis found.

    Attributes:
        what: Its name and what it is of.
        panels: Its figures, those that share an axis together.
        left_out: Rows without a value or without a partner; they count nowhere.
        counts: Plain counts beside, by name.
        curve: Points of a calibration curve; empty for other diagnoses.
        notes: What must be known to read the figures.
    """

    what: str
    panels: tuple[Panel, ...]
    left_out: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    curve: tuple[CurvePoint, ...] = ()
    notes: tuple[str, ...] = ()


def diagnose_perplexity(files: Sequence[Path], *, seed: int = 0) -> Diagnosis:
    """Perplexity and bits a byte of the completions of one or more files, one system a file.

    Args:
        files: JSON lines with log-probabilities, scored with one tokeniser.
        seed: Fixes the samples that the intervals are drawn from.

    Raises:
        BadTableError: A file is none, or two bear one name.
        BadRowError: A row is refused; the error names file and row.
        DifferentTokenisersError: Files count different tokens.
        NotEnoughDataError: A file has fewer than two clusters.
    """
    scored = [read_scored(path) for path in files]
    first = scored[0]
    for other in scored[1:]:
        if other.tokeniser != first.tokeniser:
            raise DifferentTokenisersError(
                (first.file, first.tokeniser), (other.file, other.tokeniser)
            )
    known = [one for one in scored if all(each.octets for each in one.completions)]
    asked = [one for one in scored if one.prompts]
    panels = [
        Panel(
            heading="perplexity of the completion",
            scale="score",
            rows=tuple((one.file, perplexity(one.completions, seed=seed)) for one in scored),
        ),
        Panel(
            heading="bits a byte of the completion",
            scale="score",
            rows=tuple((one.file, bits_per_byte(one.completions, seed=seed)) for one in known),
        ),
        Panel(
            heading="perplexity of the prompt, apart",
            scale="score",
            rows=tuple((one.file, perplexity(one.prompts, seed=seed)) for one in asked),
        ),
    ]
    return Diagnosis(
        what=f"perplexity in tokens of {first.tokeniser}",
        panels=tuple(panel for panel in panels if panel.rows),
        counts=_tokens(scored),
        notes=("Perplexity compares with no other tokeniser's; bits a byte do.", _FEW),
    )


def diagnose_burstiness(file: Path, *, metric: str | None = None, seed: int = 0) -> Diagnosis:
    """Burstiness of gaps: the values of a metric, those of one cluster in one sequence.

    Raises:
        BadTableError: The file is no table, or the metric is not in it.
        BadRowError: A row is refused; the error names file and row.
        NotEnoughDataError: There are fewer than two clusters.
        NotEstimableError: All gaps are 0.
        ValueOutOfRangeError: A gap is negative.
    """
    name, found = Observed(file).metric(metric)
    rows = list(found.rows.values())
    gaps, clusters = [row.value for row in rows], [row.cluster for row in rows]
    made = burstiness(gaps, clusters, seed=seed)
    panel = Panel(heading="burstiness", scale="difference", rows=((name, made),))
    return Diagnosis(
        what=f"burstiness of {name}",
        panels=(panel,),
        left_out=found.left_out,
        notes=("-1: all gaps are equal; 0: as by pure chance; towards 1: bursts.", _FEW),
    )


def diagnose_consistency(
    file: Path, *, metric: str | None = None, answers: Answers = "value", seed: int = 0
) -> Diagnosis:
    """Whether repeats (epochs) of an item get the same answer.

    Args:
        file: Observations, each item at two epochs at least.
        metric: Whose rows are meant; None for the only one.
        answers: Whether equal values are the same answer, or equal texts of ``completion``.
        seed: Fixes the orders that the intervals are read in.

    Raises:
        BadTableError: The file is no table, the metric is not in it, or texts are asked for and
            are not there.
        BadRowError: A row is refused; the error names file and row.
        NotEnoughDataError: An item was asked once only.
    """
    name, found = Observed(file).metric(metric)
    said: dict[str, list[Hashable]] = {}
    clusters: dict[str, str] = {}
    for (item, _), row in found.rows.items():
        if answers == "completion" and not row.completion:
            reason = f"item {item} has no completion; compare values, or bring the texts along"
            raise BadTableError(str(file), reason)
        said.setdefault(item, []).append(row.value if answers == "value" else row.completion)
        clusters[item] = row.cluster
    made = self_consistency(said, clusters, seed=seed)
    shares = (("modal share", made.modal), ("pairs that agree", made.agreement))
    return Diagnosis(
        what=f"self-consistency of {name} ({answers})",
        panels=(
            Panel(heading="shares", scale="share", rows=shares),
            Panel(heading="entropy, in nats", scale="score", rows=(("entropy", made.entropy),)),
        ),
        left_out=found.left_out,
        counts={"items": len(said), "fewest repeats": min(map(len, said.values()))},
        notes=("Modal share and entropy depend on the number of repeats; pairs do not.",),
    )


def diagnose_calibration(
    file: Path,
    *,
    said: str = "confidence",
    happened: str = "correct",
    bins: int = 10,
    seed: int = 0,
) -> Diagnosis:
    """Whether what a model says it is sure of comes true as often as it says.

    Args:
        file: Observations of two metrics on the same items and epochs.
        said: The metric with the stated confidence in [0, 1], verbalised or from token chances.
        happened: The metric that is 1 where it came true, else 0.
        bins: Equally wide bins of the curve.
        seed: Fixes the samples that the intervals are drawn from.

    Raises:
        BadTableError: The file is no table, or no item has both metrics.
        BadRowError: A row is refused; the error names file and row.
        NotEnoughDataError: There are fewer than two clusters.
        ValueOutOfRangeError: A confidence is outside [0, 1], or an outcome neither 0 nor 1.
    """
    pairs, left_out = Observed(file).pairs(said, happened)
    clusters = [row.cluster for row, _ in pairs]
    came, chances = [row.value for _, row in pairs], [row.value for row, _ in pairs]
    forecasts = Forecasts(came, chances, clusters)
    errors = (
        ("expected error", calibration_error(forecasts, bins=bins, seed=seed)),
        ("greatest error", calibration_error(forecasts, kind="greatest", bins=bins, seed=seed)),
        ("Brier score", brier(forecasts, seed=seed)),
    )
    curve = tuple(
        CurvePoint(said=one.said, happened=_share(one.happened, one.n), n=one.n)
        for one in forecasts.bins(bins)
    )
    return Diagnosis(
        what=f"calibration of {said} against {happened}",
        panels=(Panel(heading="calibration", scale="score", rows=errors),),
        left_out=left_out,
        counts={"rows": len(pairs)},
        curve=curve,
        notes=("Points of the curve take rows as independent; the errors go by cluster.", _FEW),
    )


def diagnose_robustness(
    file: Path, *, metric: str | None = None, tries: int | None = None, seed: int = 0
) -> Diagnosis:
    """What each attack does: success, beside no attack, and at several tries.

    Args:
        file: Observations with the slice ``attack``; without one, or ``none``, a row is a plain
            request. A value of .5 or more is a success of the attacker.
        metric: Whose rows are meant; None for the only one.
        tries: Tries that an attacker has; None for as many as every cluster has had.
        seed: Fixes the orders that the intervals are read in.

    Raises:
        BadTableError: The file is no table, or the metric is not in it.
        BadRowError: A row is refused; the error names file and row.
        NotEnoughDataError: A cluster has had fewer tries than asked for, without a success.
        TakenNameError: An attack is called as all of them together are.
    """
    name, found = Observed(file).metric(metric)
    rows = list(found.rows.values())
    figures = robustness(
        Attacked(
            cluster=[row.cluster for row in rows],
            attack=[row.slices.get(_ATTACK, _PLAIN) for row in rows],
            success=[float(row.value >= _FLAGGED) for row in rows],
        ),
        tries=tries,
        seed=seed,
    )
    return Diagnosis(
        what=f"robustness of {name} under attack",
        panels=_attack_panels(figures),
        left_out=found.left_out,
        counts={f"attempts with {one.attack}": one.attempts for one in figures},
        notes=(
            f"{len(figures)} intervals, each at its own confidence: the worst of several looks "
            "worse than it is.",
        ),
    )


def diagnose_confusion(file: Path, *, said: str, truth: str, seed: int = 0) -> Diagnosis:
    """Which jailbreak attempts a guard or judge notices, against what people say.

    Args:
        file: Observations of two metrics on the same items and epochs; .5 or more is a yes.
        said: The metric of the guard or judge: an attack was detected.
        truth: The metric of people: it was one.
        seed: Fixes the samples that the intervals are drawn from.

    Raises:
        BadTableError: The file is no table, or no item has both metrics.
        BadRowError: A row is refused; the error names file and row.
        NotEnoughDataError: There are fewer than two clusters.
    """
    pairs, left_out = Observed(file).pairs(said, truth)
    flagged, attacked = _yes(row for row, _ in pairs), _yes(row for _, row in pairs)
    found = detection(flagged, attacked, [row.cluster for row, _ in pairs], seed=seed)
    shares = (
        ("sensitivity", found.sensitivity),
        ("specificity", found.specificity),
        ("precision", found.precision),
    )
    return Diagnosis(
        what=f"confusion of {said} with {truth}",
        panels=(
            Panel(heading="shares", scale="share", rows=shares),
            Panel(heading="agreement", scale="score", rows=(("kappa", found.kappa),)),
        ),
        left_out=left_out,
        counts={
            "attack, detected": found.caught,
            "attack, missed": found.missed,
            "no attack, detected": found.false_alarms,
            "no attack, passed": found.cleared,
        },
    )


def diagnosis_picture(found: Diagnosis) -> str:
    """A diagnosis as one SVG: the curve where there is one, else every figure with its interval."""
    if found.curve:
        return curve_plot(found.curve, title=found.what)
    return panels_plot(found.panels, title=found.what)


def _share(happened: float, n: int) -> Estimate:
    """A bin's share with its interval, rows taken as independent."""
    return exact_rate(np.arange(n) < round(happened * n))


def _tokens(scored: Sequence[Scored]) -> dict[str, int]:
    return {
        f"tokens of {one.file}": sum(len(each.logs) for each in one.completions) for one in scored
    }


def _attack_panels(figures: Sequence[AttackFigures]) -> tuple[Panel, ...]:
    attacks = [one for one in figures if one.attack != _PLAIN]
    panels = (
        Panel(
            heading="success of one try",
            scale="share",
            rows=tuple((one.attack, one.success) for one in figures),
        ),
        Panel(
            heading="change against no attack",
            scale="difference",
            rows=tuple((one.attack, one.change) for one in attacks),
        ),
        Panel(
            heading="as a share of no attack",
            scale="share of baseline",
            rows=tuple((one.attack, one.ratio) for one in attacks),
        ),
        Panel(
            heading="success of several tries",
            scale="share",
            rows=tuple(
                (f"{one.attack}, {one.tries} tries", one.at_tries)
                for one in figures
                if one.at_tries is not None
            ),
        ),
    )
    return tuple(one for one in panels if any(found is not None for _, found in one.rows))


def _yes(rows: Iterable[Row]) -> list[bool]:
    return [row.value >= _FLAGGED for row in rows]
