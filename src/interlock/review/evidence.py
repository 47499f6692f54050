"""What one criterion came to, in the words and figures a panel reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from interlock.charter import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    SliceValue,
    ZeroEvents,
)
from interlock.gate import CriterionVerdict, Judgement, SliceFinding
from interlock.measure import Estimate

Better = Literal["lower", "higher"]
Scale = Literal["share", "share of baseline", "difference", "score", "count"]

_NO_BREAK = "\u202f"
_MINUS = "\u2212"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One criterion's verdict, and how its figures are to be read.

    Attributes:
        claim: What passing means, as a sentence.
        verdict: What the gate found.
        better: On which side of the limit the release wants to be.
        scale: A share in [0, 1], a share of the baseline's rate, a difference
            in the metric's unit, or a count.
        red_line: Whether no panel may waive it.
    """

    claim: str
    verdict: CriterionVerdict
    better: Better
    scale: Scale
    red_line: bool


@dataclass(frozen=True, kw_only=True)
class SliceEvidence:
    """How one metric moved in one slice, and how its figures are to be read."""

    finding: SliceFinding
    better: Better
    scale: Scale


def read_evidence(hypothesis: Hypothesis, judgement: Judgement) -> tuple[Evidence, ...]:
    """Every verdict on a criterion of the hypothesis, in the hypothesis' order.

    A verdict on anything else is left out here and refused where an
    assessment is filled.
    """
    came = {verdict.criterion: verdict for verdict in judgement.verdicts}
    return tuple(
        Evidence(
            claim=claim(criterion),
            verdict=came[criterion.id],
            better=_better(criterion),
            scale=_scale(criterion),
            red_line=isinstance(criterion, ZeroEvents),
        )
        for criterion in hypothesis.criteria
        if criterion.id in came
    )


def read_slices(hypothesis: Hypothesis, judgement: Judgement) -> tuple[SliceEvidence, ...]:
    """Every slice that was searched, worst first, as the gate left them."""
    guards = {guard.metric: guard for guard in hypothesis.guards}
    return tuple(
        SliceEvidence(
            finding=finding,
            better=guards[finding.metric].better if finding.metric in guards else "lower",
            scale="score" if finding.metric in guards else "share",
        )
        for finding in judgement.slices
    )


def claim(criterion: Criterion) -> str:
    """What passing a criterion means, as a sentence for people outside the laboratory."""
    match criterion:
        case RateUpper() | RatioBelow() | ZeroEvents() | AllOf():
            return _claim_of_rate(criterion)
        case DifferenceNoninferior():
            way = "fall" if criterion.better == "higher" else "rise"
            return (
                f"Mean {_place(criterion)} does not {way} by more than {criterion.margin:g} "
                f"on its range of {criterion.low:g} to {criterion.high:g}."
            )
        case CoverageMin():
            places = ", ".join(one.value for one in criterion.required) or "all together"
            return (
                f"At least {criterion.clusters:,} independent units of {criterion.metric} "
                f"were scored ({places})."
            )
        case CalibrationMax():
            bar = figure(criterion.at_most, "share")
            return (
                f"Stated chances ({_place(criterion)}) lie within {bar} of how often "
                f"{criterion.outcome} came true, on average."
            )
        case AgreementMin():
            return (
                f"The judge's {_place(criterion)} agrees with people's {criterion.reference} "
                f"beyond chance, kappa above {criterion.at_least:g}."
            )


def _claim_of_rate(criterion: RateUpper | RatioBelow | ZeroEvents | AllOf) -> str:
    match criterion:
        case RatioBelow():
            bar = figure(1 - criterion.cut, "share")
            return f"The candidate's rate of {_place(criterion)} is below {bar} of the baseline's."
        case RateUpper():
            bar = figure(criterion.below, "share")
            return f"The candidate's own rate of {_place(criterion)} is below {bar}."
        case ZeroEvents():
            bar = figure(criterion.at_most, "share")
            return f"Not one case of {_place(criterion)} is seen, and its rate is at most {bar}."
        case AllOf():
            return (
                f"In each required {criterion.over}, the candidate's own rate of "
                f"{criterion.metric} is below {figure(criterion.below, 'share')}."
            )


def figure(value: float, scale: Scale) -> str:
    """A number as people write it: ``5.47 %``, ``+1.3``, ``20``.

    Three significant digits; shares as percentages. The digits are for
    reading: what decided is the estimate itself.
    """
    if scale in {"share", "share of baseline"}:
        text = f"{_digits(100 * value)}{_NO_BREAK}%"
    else:
        text = _digits(value)
    if scale == "difference" and value > 0:
        text = f"+{text}"
    return text.replace("-", _MINUS)


def interval(estimate: Estimate, scale: Scale) -> str:
    """An estimate's interval in words: ``2.97 % to 9.93 %``, open ends said so."""
    if estimate.low is None and estimate.high is None:
        return "without a bound on either side"
    if estimate.low is None:
        return f"up to {figure(estimate.high or 0.0, scale)}, no lower bound"
    if estimate.high is None:
        return f"from {figure(estimate.low, scale)}, no upper bound"
    return f"{figure(estimate.low, scale)} to {figure(estimate.high, scale)}"


def describe(evidence: Evidence) -> str:
    """A verdict's figures as one sentence, for a caption and for who cannot see the picture."""
    verdict, scale = evidence.verdict, evidence.scale
    bar = f"Limit {figure(verdict.limit, scale)}, {evidence.better} is better."
    if verdict.estimate is None:
        return bar if scale == "count" else f"Not estimable. {bar}"
    estimate = verdict.estimate
    return (
        f"Measured {figure(estimate.value, scale)}, {100 * estimate.confidence:.3g}{_NO_BREAK}% "
        f"interval {interval(estimate, scale)}, {estimate.n:,} independent units. {bar}"
    )


def _digits(value: float) -> str:
    """Three significant digits without an exponent in the range people read."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if 0 < size < 0.0005:
        return f"{value:.1e}"
    return f"{value:.3g}"


def _place(
    criterion: RatioBelow
    | RateUpper
    | DifferenceNoninferior
    | ZeroEvents
    | CalibrationMax
    | AgreementMin,
) -> str:
    return " ".join((criterion.metric, *_within(criterion.where)))


def _within(where: tuple[SliceValue, ...]) -> Iterator[str]:
    if where:
        yield "where " + " and ".join(f"{one.slice} is {one.value}" for one in where)


def _better(criterion: Criterion) -> Better:
    if isinstance(criterion, CoverageMin | AgreementMin):
        return "higher"
    return criterion.better if isinstance(criterion, DifferenceNoninferior) else "lower"


def _scale(criterion: Criterion) -> Scale:
    match criterion:
        case RatioBelow():
            return "share of baseline"
        case DifferenceNoninferior():
            return "difference"
        case CoverageMin():
            return "count"
        case AgreementMin():
            return "score"
        case _:
            return "share"
