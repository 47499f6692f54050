"""What stands between an assessment and a signature."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from interlock.ledger import digest
from interlock.review.document import SafetyImpactAssessment
from interlock.review.draft import Draft, Hazard


@dataclass(frozen=True)
class Blank:
    """One thing that must be written before anyone can sign.

    Attributes:
        field: Where it belongs, such as ``hazards[2].mitigation``.
        reason: What is missing, and the way out.
    """

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


def blanks(document: SafetyImpactAssessment) -> tuple[Blank, ...]:
    """Everything that keeps the document from being put before a panel; empty if nothing does."""
    return (
        *_unwritten(document.draft),
        *_hazards(document),
        *_monitoring(document.draft),
        *_abandoned(document),
        *_unmeasured(document),
        *_unsealed(document),
    )


def _unwritten(draft: Draft) -> Iterator[Blank]:
    """Whole fields left empty."""
    for field in ("id", "title", "product", "purpose", "not_shipping"):
        if not getattr(draft, field).strip():
            yield Blank(field, "is empty; write it, in words counsel can read")
    for field, wanted in (
        ("excluded_uses", "name at least one use it is not for"),
        ("affected", "name who is affected, people who never use it among them"),
        ("limits", "name what the evidence does not cover; there is always something"),
    ):
        if not getattr(draft, field):
            yield Blank(field, f"is empty; {wanted}")
    yield from _empty_texts("excluded_uses", draft.excluded_uses)
    yield from _empty_texts("limits", draft.limits)
    for k, party in enumerate(draft.affected):
        yield from _parts(f"affected[{k}]", who=party.who, how=party.how)
    for k, other in enumerate(draft.alternatives):
        yield from _parts(f"alternatives[{k}]", option=other.option, why_not=other.why_not)
    if draft.valid_days is None:
        yield Blank("valid_days", "a go without an end is none; say after how many days it expires")


def _hazards(document: SafetyImpactAssessment) -> Iterator[Blank]:
    if not document.draft.hazards:
        yield Blank("hazards", "is empty; no product is without a hazard")
    for k, hazard in enumerate(document.draft.hazards):
        yield from _hazard(f"hazards[{k}]", hazard)
    for rest in document.residual:
        hazard, field = document.draft.hazards[rest.hazard], f"hazards[{rest.hazard}]"
        if not rest.category:
            yield Blank(
                f"{field}.category", f"the charter has no category {hazard.category!r}; name one"
            )
        elif not rest.severity:
            yield Blank(f"{field}.severity", f"is no level of the scale of {rest.category}")
        if hazard.metric and hazard.metric not in document.hypothesis.metrics:
            yield Blank(
                f"{field}.metric",
                f"the seal does not hold {hazard.metric!r}; leave it empty, or seal it",
            )


def _hazard(field: str, hazard: Hazard) -> Iterator[Blank]:
    yield from _parts(field, scenario=hazard.scenario)
    control, accepted = hazard.mitigation, hazard.acceptance
    if control is None and accepted is None:
        yield Blank(field, "has neither a mitigation nor an acceptance; give it one of the two")
    if control is not None:
        yield from _parts(
            f"{field}.mitigation",
            control=control.control,
            owner=control.owner,
            fails_when=control.fails_when,
        )
    if accepted is not None:
        yield from _parts(f"{field}.acceptance", by=accepted.by, reason=accepted.reason)


def _monitoring(draft: Draft) -> Iterator[Blank]:
    if not draft.monitoring:
        yield Blank("monitoring", "is empty; name a metric, a threshold, and who is called")
    for k, watch in enumerate(draft.monitoring):
        yield from _parts(
            f"monitoring[{k}]", metric=watch.metric, threshold=watch.threshold, pages=watch.pages
        )


def _abandoned(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """A claim that did not pass and is no longer judged goes nowhere without a reason."""
    came = {one.claim: one.outcome for one in document.abandoned}
    given = {one.claim for one in document.draft.dropped}
    for claim, outcome in came.items():
        if claim not in given:
            yield Blank("dropped", f"{claim!r} came to {outcome} and is no longer judged; say why")
    for k, one in enumerate(document.draft.dropped):
        yield from _parts(f"dropped[{k}]", claim=one.claim, reason=one.reason)
        if one.claim.strip() and one.claim not in came:
            yield Blank(f"dropped[{k}].claim", _unknown(one.claim, "dropped claim", came))


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
        yield from _parts(field, id=one.id, reason=one.reason)
        if one.id.strip() and one.id not in passed_over:
            yield Blank(f"{field}.id", _unknown(one.id, "unmeasured red line", passed_over))


def _unknown(named: str, what: str, known: Iterable[str]) -> str:
    """That something named is none of what the ledger filled, and what there is."""
    there = "; ".join(map(repr, known)) or "none"
    return f"{named!r} is no {what}; take it out, or name one of: {there}"


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


def _parts(field: str, **texts: str) -> Iterator[Blank]:
    for name, text in texts.items():
        if not text.strip():
            yield Blank(f"{field}.{name}", "is empty; write it")


def _empty_texts(field: str, texts: tuple[str, ...]) -> Iterator[Blank]:
    for k, text in enumerate(texts):
        if not text.strip():
            yield Blank(f"{field}[{k}]", "is empty; write it, or take it out")
