"""Features that wait for a campaign, and what lifts the block."""

from dataclasses import replace

import pytest

from interlock.admission import Condition
from interlock.charter import CoverageMin, SliceValue
from interlock.ledger import digest
from interlock.review import Facts, blanks, fill
from interlock.review.document import BlockedFeature
from tests.review_facts import CANDIDATE, DRAFT, FACTS, HYPOTHESIS, JUDGEMENT, verdict_on

MALWARE = SliceValue(slice="campaign", value="obfuscated-malware")
ENOUGH = CoverageMin(metric="harm", required=(MALWARE,), clusters=100)


def judged(coverage: CoverageMin, outcome: str) -> Facts:
    """The facts of a release whose seal holds one more coverage, and what it came to."""
    hypothesis = replace(HYPOTHESIS, criteria=(*HYPOTHESIS.criteria, coverage))
    came = verdict_on(coverage, (outcome, None, float(coverage.clusters)), "counted")
    judgement = replace(
        JUDGEMENT, hypothesis=digest(hypothesis), verdicts=(*JUDGEMENT.verdicts, came)
    )
    return replace(
        FACTS,
        seal=replace(FACTS.seal, hypothesis=digest(hypothesis)),
        hypothesis=hypothesis,
        judgement=judgement,
    )


def blocked(facts: Facts) -> tuple[BlockedFeature, ...]:
    return fill(DRAFT, facts).blocked


def test_a_feature_without_sealed_coverage_of_its_campaign_is_blocked() -> None:
    (found,) = blocked(FACTS)
    assert (found.feature, found.campaign) == ("file-upload", "obfuscated-malware")
    assert found.reason.startswith("no sealed coverage reaches the campaign")


def test_passed_coverage_with_enough_clusters_lifts_the_block() -> None:
    facts = judged(ENOUGH, "passed")
    assert blocked(facts) == ()
    served = replace(DRAFT, conditions=DRAFT.conditions[:2])
    assert blanks(fill(served, facts)) == ()


@pytest.mark.parametrize("outcome", ["failed", "undecided"])
def test_coverage_that_did_not_pass_lifts_nothing(outcome: str) -> None:
    (found,) = blocked(judged(ENOUGH, outcome))
    assert found.reason == f"the coverage of its campaign obfuscated-malware came to {outcome}"


def test_coverage_of_fewer_clusters_than_the_charter_asks_for_lifts_nothing() -> None:
    (found,) = blocked(judged(replace(ENOUGH, clusters=99), "passed"))
    assert "asks for 99 clusters and the charter for 100" in found.reason


@pytest.mark.parametrize(
    "coverage",
    [
        replace(ENOUGH, metric="helpfulness"),
        replace(ENOUGH, required=(SliceValue(slice="campaign", value="hallucination"),)),
        replace(ENOUGH, required=(SliceValue(slice="category", value="obfuscated-malware"),)),
        replace(ENOUGH, required=()),
    ],
)
def test_coverage_of_another_metric_or_place_lifts_nothing(coverage: CoverageMin) -> None:
    (found,) = blocked(judged(coverage, "passed"))
    assert found.reason.startswith("no sealed coverage reaches the campaign")


def test_a_blocked_feature_keeps_from_signing_unless_a_condition_turns_it_off() -> None:
    served = fill(replace(DRAFT, conditions=DRAFT.conditions[:2]), FACTS)
    (blank,) = blanks(served)
    assert blank.field == "conditions"
    assert "{kind: feature_off, limit: file-upload}" in blank.reason
    (found,) = fill(DRAFT, FACTS).blocked
    assert found.off


def test_turning_off_another_feature_does_not_help() -> None:
    other = Condition(kind="feature_off", limit="web-search")
    document = fill(replace(DRAFT, conditions=(*DRAFT.conditions[:2], other)), FACTS)
    assert [blank.field for blank in blanks(document)] == ["conditions"]


def test_a_feature_that_the_system_does_not_serve_is_not_blocked() -> None:
    plain = FACTS.systems[FACTS.seal.baseline]
    assert blocked(replace(FACTS, systems={CANDIDATE: plain})) == ()
