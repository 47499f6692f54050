"""Blanks of the safety case: claims that hang in the air, and doubts that nobody has met."""

from collections.abc import Iterator

from interlock.review.blank import Blank, twice, unknown, unwritten
from interlock.review.document import SafetyImpactAssessment
from interlock.review.safety_case import CaseClaim, SafetyCase


def case(document: SafetyImpactAssessment) -> Iterator[Blank]:
    """Everything that keeps the safety case from standing on the sealed evidence."""
    found = document.draft.safety_case
    if not found.claims:
        yield Blank("safety_case.claims", "is empty; claim what the release is safe enough for")
        return
    yield from twice("safety_case.claims[{}].id", (one.id for one in found.claims))
    labels = [one.label for one in document.hypothesis.criteria]
    for k, claim in enumerate(found.claims):
        yield from _claim(f"safety_case.claims[{k}]", claim, found, labels=labels)
    yield from _shape(found)
    yield from _defeaters(found)


def _claim(
    field: str, claim: CaseClaim, found: SafetyCase, *, labels: list[str]
) -> Iterator[Blank]:
    yield from unwritten(field, id=claim.id, text=claim.text, argument=claim.argument)
    known = [one.id for one in found.claims if one.id and one.id != claim.id]
    if claim.supports and claim.supports not in known:
        yield Blank(f"{field}.supports", unknown(claim.supports, "other claim", known))
    for k, name in enumerate(claim.evidence):
        if name not in labels:
            yield Blank(f"{field}.evidence[{k}]", unknown(name, "sealed criterion", labels))
    stands = claim.evidence or claim.assumptions or _below(claim, found)
    if not stands:
        yield Blank(field, "rests on nothing; give it evidence, an assumption, or claims below it")


def _shape(found: SafetyCase) -> Iterator[Blank]:
    """One claim at the top, and every other under it."""
    tops = [one.id for one in found.claims if not one.supports]
    if len(tops) != 1:
        there = ", ".join(map(repr, tops)) or "none"
        reason = f"exactly one claim supports no other, and here it is: {there}; leave one"
        yield Blank("safety_case.claims", reason)
    above = {one.id: one.supports for one in found.claims}
    for k, claim in enumerate(found.claims):
        if _circular(claim.id, above):
            reason = "supports itself in the end; break the circle"
            yield Blank(f"safety_case.claims[{k}].supports", reason)


def _defeaters(found: SafetyCase) -> Iterator[Blank]:
    known = [one.id for one in found.claims if one.id]
    for k, one in enumerate(found.defeaters):
        field = f"safety_case.defeaters[{k}]"
        yield from unwritten(field, text=one.text)
        if one.claim not in known:
            yield Blank(f"{field}.claim", unknown(one.claim, "claim", known))
        if one.state == "open":
            reason = "is open; resolve it, or have it accepted, with a reason and by whom"
            yield Blank(f"{field}.state", reason)
        else:
            yield from unwritten(field, reason=one.reason, by=one.by)


def _below(claim: CaseClaim, found: SafetyCase) -> bool:
    return bool(claim.id) and any(one.supports == claim.id for one in found.claims)


def _circular(name: str, above: dict[str, str]) -> bool:
    seen = set[str]()
    while name and name not in seen:
        seen.add(name)
        name = above.get(name, "")
    return bool(name)
