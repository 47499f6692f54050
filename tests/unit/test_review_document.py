"""An assessment: what the ledger fills in, and what keeps it from a signature."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from interlock.charter import (
    AllOf,
    CoverageMin,
    Criterion,
    RateUpper,
    RedLine,
    SliceValue,
    ZeroEvents,
)
from interlock.ledger import digest, dump, load
from interlock.review import Draft, Facts, blanks, dropped, fill
from interlock.review.draft import (
    DroppedClaim,
    Hazard,
    Mitigation,
    Monitor,
    RiskAcceptance,
    UnmeasuredRedLine,
)
from interlock.review.red_lines import unmeasured
from tests.review_facts import (
    CANDIDATE,
    CHARTER,
    DOCUMENT,
    DRAFT,
    FACTS,
    HYPOTHESIS,
    JUDGEMENT,
    LIMIT,
    NO_GO_PAGE,
    SEAL,
    VERDICT,
    estimate,
    verdict_on,
)


def fields(draft: Draft, facts: Facts = FACTS) -> list[str]:
    return [blank.field for blank in blanks(fill(draft, facts))]


def test_a_finished_assessment_has_no_blanks() -> None:
    assert blanks(DOCUMENT) == ()


def test_an_assessment_is_read_back_as_it_was_written() -> None:
    assert load(dump(DOCUMENT)) == DOCUMENT
    assert load(dump(NO_GO_PAGE.document)) == NO_GO_PAGE.document


def test_the_ledgers_half_comes_from_the_seal_and_the_verdict() -> None:
    sealed = DOCUMENT.sealed
    assert (sealed.seal, sealed.index, sealed.basis) == (SEAL, 9, "retrospective")
    assert (sealed.candidate, sealed.candidate_name) == (CANDIDATE, "mistralguard")
    assert (DOCUMENT.verdict, DOCUMENT.judgement) == (VERDICT, JUDGEMENT)


def test_a_system_nobody_named_goes_by_its_digest() -> None:
    document = fill(DRAFT, replace(FACTS, names={}))
    assert document.sealed.candidate_name == CANDIDATE[:12]


def test_what_did_not_pass_speaks_against() -> None:
    document = NO_GO_PAGE.document
    assert [one.verdict.outcome for one in document.against] == [
        "undecided",
        "failed",
        "failed",
        "undecided",
    ]
    assert DOCUMENT.against == ()


def test_worse_and_ungained_slices_are_told_and_undecided_ones_are_not() -> None:
    told = [one.finding.value for one in DOCUMENT.worsened]
    assert told == ["privacy_fictional", "contrast_discr"]


def test_a_hazard_is_bounded_by_the_evidence_on_its_own_category() -> None:
    rest = DOCUMENT.residual[0]
    assert (rest.category, rest.bound) == ("Violent crime", 0.1372)
    assert rest.confidence == pytest.approx(0.975)


def test_a_hazard_of_a_category_without_evidence_of_its_own_takes_the_bound_of_all() -> None:
    hazard = replace(DRAFT.hazards[0], category="self-harm")
    rest = fill(replace(DRAFT, hazards=(hazard,)), FACTS).residual[0]
    assert (rest.bound, rest.criterion) == (0.0708, LIMIT.id)


def test_a_bound_on_another_slice_says_nothing_of_a_hazard() -> None:
    german = RateUpper(metric="tone", below=0.5, where=(SliceValue(slice="language", value="de"),))
    hypothesis = replace(HYPOTHESIS, criteria=(*HYPOTHESIS.criteria, german))
    judged = verdict_on(german, ("passed", estimate(0.1, 0.0, 0.2), 0.5), "well under")
    judgement = replace(JUDGEMENT, verdicts=(*JUDGEMENT.verdicts, judged))
    facts = replace(FACTS, hypothesis=hypothesis, judgement=judgement)
    hazard = replace(DRAFT.hazards[0], metric="tone")
    assert fill(replace(DRAFT, hazards=(hazard,)), facts).residual[0].bound is None


@pytest.mark.parametrize("metric", ["", "helpfulness"])
def test_a_hazard_that_no_rate_measures_is_not_bounded_by_evidence(metric: str) -> None:
    hazard = replace(DRAFT.hazards[0], metric=metric)
    rest = fill(replace(DRAFT, hazards=(hazard,)), FACTS).residual[0]
    assert (rest.bound, rest.confidence, rest.criterion) == (None, None, "")


def test_an_interval_without_an_upper_end_bounds_nothing() -> None:
    hazard = replace(DRAFT.hazards[0], category="self-harm")
    draft = replace(DRAFT, hazards=(hazard,))
    rest = fill(draft, replace(FACTS, judgement=NO_GO_PAGE.document.judgement)).residual[0]
    assert rest.bound is None


def hazard(**changed: object) -> Callable[[Draft], Draft]:
    return lambda draft: replace(draft, hazards=(replace(draft.hazards[0], **changed),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda draft: replace(draft, title=" "), "title"),
        (lambda draft: replace(draft, purpose=""), "purpose"),
        (lambda draft: replace(draft, product="other"), "product"),
        (lambda draft: replace(draft, not_shipping=""), "not_shipping"),
        (lambda draft: replace(draft, excluded_uses=()), "excluded_uses"),
        (lambda draft: replace(draft, limits=("",)), "limits[0]"),
        (lambda draft: replace(draft, affected=()), "affected"),
        (lambda draft: replace(draft, hazards=()), "hazards"),
        (lambda draft: replace(draft, monitoring=()), "monitoring"),
        (lambda draft: replace(draft, valid_days=None), "valid_days"),
        (
            lambda draft: replace(draft, monitoring=(Monitor(metric="m", threshold="t"),)),
            "monitoring[0].pages",
        ),
        (lambda draft: replace(draft, dropped=()), "dropped"),
        (
            lambda draft: replace(draft, dropped=(replace(draft.dropped[0], reason=" "),)),
            "dropped[0].reason",
        ),
        (
            lambda draft: replace(
                draft, dropped=(*draft.dropped, DroppedClaim(claim="tone", reason="r"))
            ),
            "dropped[1].claim",
        ),
        (
            lambda draft: replace(draft, unmeasured_red_lines=draft.unmeasured_red_lines[1:]),
            "unmeasured_red_lines",
        ),
        (
            lambda draft: replace(
                draft,
                unmeasured_red_lines=(
                    *draft.unmeasured_red_lines,
                    UnmeasuredRedLine(id="no-dragons", reason="r"),
                ),
            ),
            "unmeasured_red_lines[2].id",
        ),
        (hazard(mitigation=None), "hazards[0]"),
        (hazard(mitigation=Mitigation(control="c", owner="o")), "hazards[0].mitigation.fails_when"),
        (
            hazard(mitigation=None, acceptance=RiskAcceptance(by="me")),
            "hazards[0].acceptance.reason",
        ),
        (hazard(category="dragons"), "hazards[0].category"),
        (hazard(severity=9), "hazards[0].severity"),
        (hazard(severity=None), "hazards[0].severity"),
        (hazard(metric="never-sealed"), "hazards[0].metric"),
        (hazard(scenario=""), "hazards[0].scenario"),
    ],
)
def test_each_thing_left_open_keeps_the_assessment_from_a_signature(
    change: Callable[[Draft], Draft], field: str
) -> None:
    assert fields(change(DRAFT)) == [field]


def test_a_blank_says_where_and_what_to_do() -> None:
    document = fill(replace(DRAFT, hazards=(Hazard(category="privacy", severity=1),)), FACTS)
    assert [str(blank) for blank in blanks(document)] == [
        "hazards[0].scenario: is empty; write it",
        "hazards[0]: has neither a mitigation nor an acceptance; give it one of the two",
    ]


def test_evidence_on_a_bar_that_was_not_sealed_blocks() -> None:
    foreign = RateUpper(metric="charm", below=0.5)
    judged = verdict_on(foreign, ("passed", estimate(0.1, 0.0, 0.2), 0.5), "charming")
    judgement = replace(JUDGEMENT, verdicts=(*JUDGEMENT.verdicts, judged))
    found = blanks(fill(DRAFT, replace(FACTS, judgement=judgement)))
    assert [str(blank) for blank in found] == [
        "evidence: the seal holds no bar for 'rate of charm below 0.5'; take it out"
    ]


def test_a_sealed_bar_without_a_verdict_blocks() -> None:
    judgement = replace(JUDGEMENT, verdicts=JUDGEMENT.verdicts[:-1])
    assert fields(DRAFT, replace(FACTS, judgement=judgement)) == ["evidence"]


def test_a_hypothesis_other_than_the_sealed_one_blocks() -> None:
    softer = replace(HYPOTHESIS, name="softer")
    assert fields(DRAFT, replace(FACTS, hypothesis=softer)) == ["hypothesis"]


def test_a_judgement_of_another_hypothesis_blocks() -> None:
    other = replace(JUDGEMENT, hypothesis=digest(replace(HYPOTHESIS, name="softer")))
    assert fields(DRAFT, replace(FACTS, judgement=other)) == ["judgement"]


@pytest.mark.parametrize("outcome", ["failed", "undecided", "failed, passed", "never judged"])
def test_a_claim_that_did_not_pass_and_was_dropped_needs_a_reason(outcome: str) -> None:
    earlier = replace(FACTS.earlier[1], outcome=outcome)
    silent = replace(DRAFT, dropped=())
    assert fields(silent, replace(FACTS, earlier=(earlier,))) == ["dropped"]
    assert fields(silent, replace(FACTS, earlier=(replace(earlier, dropped=False),))) == []


def test_a_claim_that_passed_and_was_dropped_is_told_and_needs_no_reason() -> None:
    earlier = replace(FACTS.earlier[1], outcome="passed, passed")
    document = fill(replace(DRAFT, dropped=()), replace(FACTS, earlier=(earlier,)))
    assert document.setbacks == (earlier,)
    assert blanks(document) == ()


GERMAN = (SliceValue(slice="language", value="de"),)


@pytest.mark.parametrize(
    ("judged", "still"),
    [
        (RateUpper(metric="full-compliance", below=0.05), True),
        (RateUpper(metric="full-compliance", below=0.1, rubric="1" * 64), True),
        (RateUpper(metric="full-compliance", below=0.1, where=GERMAN), False),
        (RateUpper(metric="tone", below=0.1), False),
        (ZeroEvents(metric="full-compliance", at_most=0.1), False),
        (AllOf(metric="full-compliance", below=0.1, values=("privacy",)), True),
        (AllOf(metric="full-compliance", below=0.1, values=("privacy", "self-harm")), False),
        (CoverageMin(metric="full-compliance", clusters=500), True),
        (CoverageMin(metric="full-compliance", required=GERMAN), False),
    ],
)
def test_a_claim_is_dropped_with_its_metric_its_kind_or_its_place_and_not_with_its_bar(
    judged: Criterion, still: bool
) -> None:
    assert dropped(judged, HYPOTHESIS) is not still


def crossing(category: str) -> ZeroEvents:
    where = (SliceValue(slice="category", value=category),)
    return ZeroEvents(metric="crossing", at_most=0.01, where=where)


CHILDREN, WEAPONS = CHARTER.red_lines
ANYWHERE = ZeroEvents(metric="crossing", at_most=0.01)
REACHED = CoverageMin(
    metric="crossing", required=(SliceValue(slice="category", value="mass-casualty-weapons"),)
)


@pytest.mark.parametrize(
    ("criteria", "left"),
    [
        ((), [CHILDREN, WEAPONS]),
        ((crossing("mass-casualty-weapons"),), [CHILDREN]),
        ((crossing("child-sexual-exploitation"), crossing("mass-casualty-weapons")), []),
        ((ANYWHERE,), [CHILDREN, WEAPONS]),
        ((ANYWHERE, REACHED), [CHILDREN]),
        ((RateUpper(metric="crossing", below=0.01),), [CHILDREN, WEAPONS]),
    ],
)
def test_a_red_line_is_measured_where_its_own_categories_are_looked_at(
    criteria: tuple[Criterion, ...], left: list[RedLine]
) -> None:
    hypothesis = replace(HYPOTHESIS, criteria=(*HYPOTHESIS.criteria, *criteria))
    assert list(unmeasured(hypothesis, CHARTER)) == left


def test_a_red_line_about_everything_is_measured_on_all_rows() -> None:
    charter = replace(CHARTER, red_lines=(replace(WEAPONS, categories=()),))
    hypothesis = replace(HYPOTHESIS, criteria=(*HYPOTHESIS.criteria, ANYWHERE))
    assert unmeasured(hypothesis, charter) == ()
