"""What remains of a hazard: the bound that evidence sets, and what follows from it in a year."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from interlock.charter import AllOf, Charter, Criterion, Hypothesis, RateUpper, ZeroEvents
from interlock.gate import CriterionVerdict, Judgement
from interlock.measure import Estimate
from interlock.review.draft import Draft
from interlock.review.figures import ResidualRisk
from interlock.review.hazards import Hazard
from interlock.review.ranges import Range, within
from interlock.review.risk import exceedance, seed_of, yearly_harm


def residual(
    position: int, draft: Draft, *, charter: Charter, judged: tuple[Hypothesis, Judgement]
) -> ResidualRisk:
    """What is known of one hazard; the closest evidence speaks, and of several the worst.

    Args:
        position: The hazard's place in the draft, from 0.
        draft: The authored half, with its mitigations.
        charter: The charter in force.
        judged: The sealed hypothesis and what the gate found.
    """
    hazard = draft.hazards[position]
    category, severity, nist = _named(hazard, charter)
    bounds = sorted(_bounds(hazard, *judged), key=lambda one: (one.specific, one.bound))
    found = bounds[-1] if bounds else None
    plain = ResidualRisk(
        hazard=position,
        category=category,
        nist=nist,
        severity=severity,
        bound=found.bound if found else None,
        confidence=found.confidence if found else None,
        criterion=found.criterion if found else "",
    )
    if found is None or not severity or not countable(hazard):
        return plain
    return _counted(plain, draft, seed=seed_of(judged[1].hypothesis, str(judged[1].seed)))


def countable(hazard: Hazard) -> bool:
    """Whether its occasions can be counted: a range that never falls under zero."""
    return hazard.exposure is not None and within(hazard.exposure, 0.0, math.inf)


def effects(hazard: Hazard, draft: Draft) -> dict[str, Range]:
    """What each mitigation takes off beyond the evidence, by its place in the draft."""
    return {
        f"mitigation {k + 1}": one.effect
        for k, one in enumerate(draft.mitigations)
        if one.effect is not None
        and hazard.id
        and hazard.id in one.hazards
        and within(one.effect, 0.0, 1.0)
    }


def _counted(rest: ResidualRisk, draft: Draft, *, seed: int) -> ResidualRisk:
    """The same with its figures."""
    hazard = draft.hazards[rest.hazard]
    exposure, level = hazard.exposure, hazard.severity
    if exposure is None or level is None or rest.bound is None:
        return rest
    taken = effects(hazard, draft)
    points, figures = yearly_harm(
        rest.bound, exposure, taken, level=level, seed=seed_of(str(seed), str(rest.hazard))
    )
    factors = ["exposure", f"{rest.bound:.4g}", *(f"(1 - {name})" for name in taken)]
    accepted = hazard.acceptance.level if hazard.acceptance else None
    return replace(
        rest,
        formula=f"N * {level}, N ~ Poisson({' * '.join(factors)})",
        figures=figures,
        exceedance=None if accepted is None else exceedance(points, accepted),
    )


def _named(hazard: Hazard, charter: Charter) -> tuple[str, str, tuple[str, ...]]:
    """The category's name, what the severity means there, and NIST's risks; else empty."""
    for category in charter.categories:
        if category.id == hazard.category:
            levels = next(one.levels for one in charter.scales if one.id == category.scale)
            meanings = (one.meaning for one in levels if one.level == hazard.severity)
            return category.name, next(meanings, ""), category.crosswalk.nist_ai_600_1
    return "", "", ()


@dataclass(frozen=True)
class _Bound:
    """An upper bound of the candidate's own rate, and whether it is of this category alone."""

    specific: bool
    bound: float
    confidence: float
    criterion: str


def _bounds(hazard: Hazard, hypothesis: Hypothesis, judgement: Judgement) -> Iterator[_Bound]:
    came = {verdict.criterion: verdict for verdict in judgement.verdicts}
    for criterion in hypothesis.criteria:
        verdict = came.get(criterion.id)
        if verdict is None or not hazard.metric or criterion.metric != hazard.metric:
            continue
        for specific, estimate in _rates(criterion, verdict, hazard.category):
            if estimate is not None and estimate.high is not None:
                confidence = 1 - (1 - estimate.confidence) / 2
                yield _Bound(specific, estimate.high, confidence, criterion.id)


def _rates(
    criterion: Criterion, verdict: CriterionVerdict, category: str
) -> Iterator[tuple[bool, Estimate | None]]:
    """The candidate's own rates that speak to a category: of it alone, or of everything."""
    if isinstance(criterion, RateUpper | ZeroEvents):
        place = [(one.slice, one.value) for one in criterion.where]
        if place in ([], [("category", category)]):
            yield bool(place), verdict.estimate
    if isinstance(criterion, AllOf) and criterion.over == "category":
        for part in verdict.parts:
            if part.value == category:
                yield True, part.estimate
