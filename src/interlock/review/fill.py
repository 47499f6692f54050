"""The ledger's half of an assessment: filled from facts, so that nobody can type it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interlock.admission import Seal
from interlock.charter import AllOf, Charter, Criterion, Hypothesis, RateUpper, ZeroEvents
from interlock.gate import CriterionVerdict, Judgement
from interlock.measure import Estimate
from interlock.review.document import (
    EarlierAttempt,
    ResidualRisk,
    SafetyImpactAssessment,
    SealedBar,
)
from interlock.review.draft import Draft, Hazard
from interlock.review.red_lines import unmeasured


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the ledger knows about one candidate under one seal.

    Attributes:
        seal: The seal.
        identity: The seal's statement identity.
        index: Its place on the log.
        time: When the log took it in.
        candidate: Digest of the candidate judged.
        names: What people call the systems, by digest.
        hypothesis: The sealed hypothesis.
        charter: The charter in force.
        verdict: Statement identity of the verdict.
        judgement: The gate's record behind it.
        earlier: Criteria of other seals on the same systems or evidence, oldest first.
    """

    seal: Seal
    identity: str
    index: int
    time: str
    candidate: str
    names: Mapping[str, str]
    hypothesis: Hypothesis
    charter: Charter
    verdict: str
    judgement: Judgement
    earlier: tuple[EarlierAttempt, ...] = ()


def fill(draft: Draft, facts: Facts) -> SafetyImpactAssessment:
    """Set the ledger's facts beside what a person wrote.

    A document can be filled and shown at any time; `blanks` says whether it
    may be put before a panel.
    """
    return SafetyImpactAssessment(
        draft=draft,
        sealed=_bar(facts),
        hypothesis=facts.hypothesis,
        verdict=facts.verdict,
        judgement=facts.judgement,
        earlier=facts.earlier,
        residual=tuple(_residual(k, draft.hazards[k], facts) for k in range(len(draft.hazards))),
        unmeasured=unmeasured(facts.hypothesis, facts.charter),
    )


def _bar(facts: Facts) -> SealedBar:
    seal = facts.seal
    return SealedBar(
        seal=facts.identity,
        index=facts.index,
        time=facts.time,
        hypothesis=seal.hypothesis,
        charter=seal.charter,
        basis=seal.basis,
        confirmatory=seal.confirmatory,
        baseline=seal.baseline,
        baseline_name=facts.names.get(seal.baseline, seal.baseline[:12]),
        candidate=facts.candidate,
        candidate_name=facts.names.get(facts.candidate, facts.candidate[:12]),
        candidates=len(seal.candidates),
    )


def _residual(position: int, hazard: Hazard, facts: Facts) -> ResidualRisk:
    """What is known of one hazard; the closest evidence speaks, and of several the worst."""
    category, severity = _named(hazard, facts.charter)
    bounds = sorted(_bounds(hazard, facts), key=lambda one: (one.specific, one.bound))
    found = bounds[-1] if bounds else None
    return ResidualRisk(
        hazard=position,
        category=category,
        severity=severity,
        bound=found.bound if found else None,
        confidence=found.confidence if found else None,
        criterion=found.criterion if found else "",
    )


def _named(hazard: Hazard, charter: Charter) -> tuple[str, str]:
    """Name of the hazard's category and meaning of its severity; empty where there is none."""
    for category in charter.categories:
        if category.id == hazard.category:
            levels = next(one.levels for one in charter.scales if one.id == category.scale)
            meanings = (one.meaning for one in levels if one.level == hazard.severity)
            return category.name, next(meanings, "")
    return "", ""


@dataclass(frozen=True)
class _Bound:
    """An upper bound of the candidate's own rate, and whether it is of this category alone."""

    specific: bool
    bound: float
    confidence: float
    criterion: str


def _bounds(hazard: Hazard, facts: Facts) -> Iterator[_Bound]:
    came = {verdict.criterion: verdict for verdict in facts.judgement.verdicts}
    for criterion in facts.hypothesis.criteria:
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
        within = [(one.slice, one.value) for one in criterion.where]
        if within in ([], [("category", category)]):
            yield bool(within), verdict.estimate
    if isinstance(criterion, AllOf) and criterion.over == "category":
        for part in verdict.parts:
            if part.value == category:
                yield True, part.estimate
