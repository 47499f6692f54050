"""Blanks about harm: hazards, what is done about them, what remains, and named scores."""

from collections.abc import Iterator

from interlock.review.blank import Blank, twice, unknown, unwritten
from interlock.review.document import SafetyImpactAssessment
from interlock.review.draft import Draft
from interlock.review.figures import ResidualRisk, RiskScore
from interlock.review.hazards import Hazard, Mitigation
from interlock.review.ranges import within
from interlock.review.residual import countable
from interlock.review.scope import StatedScore
from interlock.review.scoring import faults


def risk(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """Everything about harm that is not written, does not fit, or is more than was accepted."""
    if not document.draft.hazards:
        yield Blank("hazards", "is empty; no product is without a hazard")
    yield from twice("hazards[{}].id", (one.id for one in document.draft.hazards))
    for rest in document.residual:
        hazard, field = document.draft.hazards[rest.hazard], f"hazards[{rest.hazard}]"
        yield from _hazard(field, hazard, document)
        yield from _named(field, hazard, rest)
        yield from _accepted(field, hazard, rest)
    for k, control in enumerate(document.draft.mitigations):
        yield from _mitigation(f"mitigations[{k}]", control, document)
    yield from _scores(document)


def _hazard(field: str, hazard: Hazard, document: SafetyImpactAssessment) -> Iterator[Blank]:
    yield from unwritten(
        field,
        id=hazard.id,
        scenario=hazard.scenario,
        actor=hazard.actor,
        detectability=hazard.detectability,
    )
    as_it_is = hazard.acceptance is not None and hazard.acceptance.as_it_is
    if not document.against_hazard(hazard) and not as_it_is:
        yield Blank(
            field,
            "has neither a mitigation nor an acceptance as it is; name it under a mitigation, or "
            "let somebody accept it with as_it_is: true",
        )
    if hazard.metric and hazard.metric not in document.hypothesis.metrics:
        yield Blank(
            f"{field}.metric",
            f"the seal does not hold {hazard.metric!r}; leave it empty, or seal it",
        )
    if hazard.exposure is None and hazard.metric:
        yield Blank(f"{field}.exposure", "is missing; give a range of occasions a year")
    if hazard.exposure is not None and not countable(hazard):
        yield Blank(f"{field}.exposure", "may fall under 0; occasions do not: choose other ends")


def _named(field: str, hazard: Hazard, rest: ResidualRisk) -> Iterator[Blank]:
    if not rest.category:
        yield Blank(
            f"{field}.category", f"the charter has no category {hazard.category!r}; name one"
        )
    elif not rest.severity:
        yield Blank(f"{field}.severity", f"is no level of the scale of {rest.category}")


def _accepted(field: str, hazard: Hazard, rest: ResidualRisk) -> Iterator[Blank]:
    """Something always remains, and somebody takes it on, up to a level where there are figures."""
    accepted = hazard.acceptance
    if accepted is None:
        yield Blank(f"{field}.acceptance", "nobody accepts what remains; say who, and why")
        return
    yield from unwritten(f"{field}.acceptance", by=accepted.by, reason=accepted.reason)
    if rest.figures is None:
        return
    p95, high = rest.figures.p95, rest.figures.p95_high
    found = f"P95 at {p95:,.4g}, as far as the draws can tell up to {high:,.4g}, severity points"
    if accepted.level is None:
        yield Blank(
            f"{field}.acceptance.level",
            f"is missing; what remains has its {found} a year: say up to how much is accepted",
        )
    elif high > accepted.level:
        yield Blank(
            f"{field}.acceptance.level",
            f"{accepted.level:,.4g} is accepted and what remains has its {found} a year; mitigate "
            "more, or have more accepted",
        )


def _mitigation(
    field: str, control: Mitigation, document: SafetyImpactAssessment
) -> Iterator[Blank]:
    yield from unwritten(
        field,
        control=control.control,
        owner=control.owner,
        fails_when=control.fails_when,
        verified=control.verified,
    )
    yield from _against(field, control, document.draft)
    labels = [one.label for one in document.hypothesis.criteria]
    if control.measured_by and control.measured_by not in labels:
        reason = unknown(control.measured_by, "sealed criterion", labels)
        yield Blank(f"{field}.measured_by", reason)
    if control.effect is None:
        return
    yield from unwritten(field, grounds=control.grounds)
    if not within(control.effect, 0.0, 1.0):
        yield Blank(f"{field}.effect", "may leave [0, 1]; a share does not: choose other ends")


def _against(field: str, control: Mitigation, draft: Draft) -> Iterator[Blank]:
    known = [one.id for one in draft.hazards if one.id]
    if not control.hazards:
        yield Blank(f"{field}.hazards", "is empty; name the hazards it works against")
    for k, name in enumerate(control.hazards):
        if name not in known:
            yield Blank(f"{field}.hazards[{k}]", unknown(name, "hazard", known))


def _scores(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """Every score of the charter has its inputs, no other is there, and none is over its limit."""
    asked = {one.id: one for one in document.asked_scores}
    stated = {one.score for one in document.draft.scores}
    made = {one.score: one for one in document.scores}
    for name, score in asked.items():
        if name not in stated:
            inputs = ", ".join(term.input for term in score.terms)
            yield Blank("scores", f"the charter asks for {name!r}; state its inputs: {inputs}")
    yield from twice("scores[{}].score", (one.score for one in document.draft.scores))
    for k, one in enumerate(document.draft.scores):
        found = asked.get(one.score)
        if found is None:
            yield Blank(f"scores[{k}].score", unknown(one.score, "score of the charter", asked))
            continue
        for place, reason in faults(found, one):
            yield Blank(f"scores[{k}].{place}", reason)
        yield from _within_limit(f"scores[{k}].acceptance", one, made.get(one.score))


def _within_limit(field: str, stated: StatedScore, made: RiskScore | None) -> Iterator[Blank]:
    """A score over the charter's limit goes before a panel only if somebody takes it on."""
    if stated.acceptance is not None:
        yield from unwritten(field, by=stated.acceptance.by, reason=stated.acceptance.reason)
    elif made is not None and made.over_limit:
        figures = made.figures
        yield Blank(
            field,
            f"is missing; P95 is at {figures.p95:.4g}, as far as the draws can tell up to "
            f"{figures.p95_high:.4g}, and the charter's limit is {made.limit:.4g}: bring it down, "
            'or have somebody accept it: {by: "", reason: ""}',
        )
