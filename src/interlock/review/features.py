"""Features that wait for a campaign, and whether the sealed evidence has covered it."""

from collections.abc import Iterator

from interlock.charter import Charter, CoverageMin, Feature, Hypothesis
from interlock.gate import Judgement
from interlock.review.document import BlockedFeature

_CAMPAIGN = "campaign"


def blocked(
    served: tuple[str, ...],
    charter: Charter,
    judged: tuple[Hypothesis, Judgement],
    *,
    off: tuple[str, ...],
) -> tuple[BlockedFeature, ...]:
    """Served features whose campaign no passed coverage reaches, in the charter's order.

    Coverage lifts a feature where it was sealed for the metric and the campaign that the charter
    names, asks for at least as many independent clusters, and passed.

    Args:
        served: Features of the candidate's manifest.
        charter: The charter in force.
        judged: The sealed hypothesis and what the gate found.
        off: Features that a condition of the release turns off.
    """
    return tuple(
        BlockedFeature(
            feature=one.id,
            campaign=one.campaign,
            metric=one.metric,
            clusters=one.clusters,
            reason=reason,
            off=one.id in off,
        )
        for one in charter.features
        if one.id in served and (reason := _reason(one, *judged))
    )


def _reason(feature: Feature, hypothesis: Hypothesis, judgement: Judgement) -> str:
    """Why the feature stays blocked; empty where it does not."""
    came = {one.criterion: one.outcome for one in judgement.verdicts}
    found = list(_covering(feature, hypothesis))
    if not found:
        return (
            f"no sealed coverage reaches the campaign {feature.campaign} of {feature.metric}; seal "
            f"a coverage_min of {feature.clusters} clusters where campaign is {feature.campaign}"
        )
    enough = [one for one in found if one.clusters >= feature.clusters]
    if not enough:
        most = max(one.clusters for one in found)
        return (
            f"the sealed coverage of {feature.campaign} asks for {most} clusters and the charter "
            f"for {feature.clusters}; seal a larger one"
        )
    outcomes = {came.get(one.id, "never judged") for one in enough}
    if "passed" in outcomes:
        return ""
    return f"the coverage of its campaign {feature.campaign} came to {', '.join(sorted(outcomes))}"


def _covering(feature: Feature, hypothesis: Hypothesis) -> Iterator[CoverageMin]:
    for one in hypothesis.criteria:
        if not isinstance(one, CoverageMin) or one.metric != feature.metric:
            continue
        if (_CAMPAIGN, feature.campaign) in {(at.slice, at.value) for at in one.required}:
            yield one
