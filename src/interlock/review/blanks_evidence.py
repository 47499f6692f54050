"""Blanks about evidence: what was dropped, passed over, changed, or never sealed."""

from collections.abc import Iterator

from interlock.ledger import digest
from interlock.review.blank import Blank, unknown, unwritten
from interlock.review.document import SafetyImpactAssessment


def evidence(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """Everything about the evidence that is not owned up to, or that no seal holds."""
    yield from _abandoned(document)
    yield from _unmeasured(document)
    yield from _deviations(document)
    yield from _unsealed(document)
    for one in document.blocked:
        if not one.off:
            yield Blank(
                "conditions",
                f"the feature {one.feature!r} is blocked: {one.reason}; or serve without it, with "
                f"{{kind: feature_off, limit: {one.feature}}}",
            )


def _abandoned(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """A claim that did not pass and is no longer judged goes nowhere without a reason."""
    came = {one.claim: one.outcome for one in document.abandoned}
    given = {one.claim for one in document.draft.dropped}
    for claim, outcome in came.items():
        if claim not in given:
            yield Blank("dropped", f"{claim!r} came to {outcome} and is no longer judged; say why")
    for k, one in enumerate(document.draft.dropped):
        yield from unwritten(f"dropped[{k}]", claim=one.claim, reason=one.reason)
        if one.claim.strip() and one.claim not in came:
            yield Blank(f"dropped[{k}].claim", unknown(one.claim, "dropped claim", came))


def _unmeasured(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """A red line that the evidence does not speak to is acknowledged in writing."""
    passed_over = {line.id: line.text for line in document.unmeasured}
    given = {one.id for one in document.draft.unmeasured_red_lines}
    for name in passed_over:
        if name not in given:
            reason = f"no criterion measures the charter's {name}; say why this may be so"
            yield Blank("unmeasured_red_lines", reason)
    for k, one in enumerate(document.draft.unmeasured_red_lines):
        field = f"unmeasured_red_lines[{k}]"
        yield from unwritten(field, id=one.id, reason=one.reason)
        if one.id.strip() and one.id not in passed_over:
            yield Blank(f"{field}.id", unknown(one.id, "unmeasured red line", passed_over))


def _deviations(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """What went otherwise than it was sealed is explained."""
    given = {one.deviation for one in document.draft.deviation_reasons}
    for what in dict.fromkeys(one.what for one in document.deviations):
        if what not in given:
            yield Blank("deviation_reasons", f"{what!r} has no reason; say how it came about")
    for k, one in enumerate(document.draft.deviation_reasons):
        field = f"deviation_reasons[{k}]"
        yield from unwritten(field, deviation=one.deviation, reason=one.reason)


def _unsealed(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """Evidence about something the seal never fixed a bar for."""
    sealed, judged = document.hypothesis, document.judgement
    if digest(sealed) != document.sealed.hypothesis:
        yield Blank("hypothesis", "is not the one that was sealed; fill it from the seal again")
    if judged.hypothesis != document.sealed.hypothesis:
        yield Blank("judgement", "is of another hypothesis than the seal's; judge this one")
    if sealed.product != document.draft.product:
        yield Blank("product", f"the seal speaks about {sealed.product!r}; name that product")
    known = {criterion.id for criterion in sealed.criteria}
    came = {verdict.criterion for verdict in judged.verdicts}
    for verdict in judged.verdicts:
        if verdict.criterion not in known:
            yield Blank("evidence", f"the seal holds no bar for {verdict.label!r}; take it out")
    for criterion in sealed.criteria:
        if criterion.id not in came:
            yield Blank("evidence", f"nothing was judged for {criterion.label!r}; judge it")
