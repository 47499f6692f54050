"""Whether a hypothesis still judges what another one judged."""

from collections.abc import Iterator

from interlock.charter import AllOf, CoverageMin, Criterion, Hypothesis, SliceValue

_Claim = tuple[str, str, tuple[SliceValue, ...]]


def dropped(criterion: Criterion, hypothesis: Hypothesis) -> bool:
    """Whether the hypothesis no longer judges a criterion's metric in its way and place.

    The bar and the rubric have no part in it: who comes back with another of
    them tries again, and the lineage counts that. A limit in each of several
    places is as many limits; it is dropped if one of the places is.
    """
    kept = {claim for one in hypothesis.criteria for claim in _claims(one)}
    return not kept.issuperset(_claims(criterion))


def _claims(criterion: Criterion) -> Iterator[_Claim]:
    """Kind, metric and place of everything that the criterion asks for."""
    match criterion:
        case AllOf():
            for part in criterion.parts:
                yield part.kind, part.metric, part.where
        case CoverageMin():
            for place in criterion.required:
                yield criterion.kind, criterion.metric, (place,)
            if not criterion.required:
                yield criterion.kind, criterion.metric, ()
        case _:
            yield criterion.kind, criterion.metric, criterion.where
