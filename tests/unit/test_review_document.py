"""An assessment: what the ledger fills in, and what keeps it from a signature."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

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
from interlock.ledger import digest, dump, kind_of, load
from interlock.review import Draft, Facts, blanks, dropped, fill
from interlock.review.draft import FieldDisclosure
from interlock.review.hazards import Hazard, RiskAcceptance
from interlock.review.operation import KillSwitch, NotificationClock, Retention
from interlock.review.ranges import Fixed, Lognormal, Uniform
from interlock.review.red_lines import unmeasured
from interlock.review.safety_case import CaseClaim, SafetyCase
from interlock.review.scope import DroppedClaim, Regime, ScoreAcceptance, UnmeasuredRedLine
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


def test_the_subject_is_the_candidate_with_its_parts_and_features() -> None:
    subject = DOCUMENT.subject
    assert (subject.system, subject.name) == (CANDIDATE, "mistralguard")
    assert [(one.name, one.version) for one in subject.parts] == [("prompt", "8" * 64)]
    assert subject.features == ("file-upload",)


def test_rows_without_a_value_are_a_deviation_with_its_time() -> None:
    (found,) = DOCUMENT.deviations
    assert found.time == FACTS.judged
    assert found.what.startswith("3 of 900 expected rows have no value")
    assert DOCUMENT.reasons[found.what] == "The raters left three answers open."


def test_a_mitigation_that_names_a_criterion_shows_what_was_measured() -> None:
    (found,) = DOCUMENT.effects
    assert (found.mitigation, found.outcome, found.verdict) == (0, "passed", VERDICT)
    assert found.estimate == JUDGEMENT.verdicts[0].estimate


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


Change = Callable[[Draft], Draft]


def put(**changed: object) -> Change:
    return lambda draft: replace(draft, **changed)  # type: ignore[arg-type]


def first(field: str, **changed: object) -> Change:
    """A change of the first entry of a list of the draft."""

    def change(draft: Draft) -> Draft:
        one, *others = getattr(draft, field)
        return put(**{field: (replace(one, **changed), *others)})(draft)

    return change


def hazard(**changed: object) -> Change:
    return first("hazards", **changed)


def accepted(**changed: object) -> Change:
    return lambda draft: hazard(acceptance=replace(draft.hazards[0].acceptance, **changed))(draft)  # type: ignore[type-var]


def score_input(**changed: object) -> Change:
    def change(draft: Draft) -> Draft:
        one, *others = draft.scores[0].inputs
        return first("scores", inputs=(replace(one, **changed), *others))(draft)  # type: ignore[arg-type]

    return change


def claim(position: int, **changed: object) -> Change:
    def change(draft: Draft) -> Draft:
        claims = list(draft.safety_case.claims)
        claims[position] = replace(claims[position], **changed)  # type: ignore[arg-type]
        return put(safety_case=replace(draft.safety_case, claims=tuple(claims)))(draft)

    return change


def defeater(**changed: object) -> Change:
    def change(draft: Draft) -> Draft:
        one, *others = draft.safety_case.defeaters
        doubts = (replace(one, **changed), *others)  # type: ignore[arg-type]
        return put(safety_case=replace(draft.safety_case, defeaters=doubts))(draft)

    return change


def incidents(**changed: object) -> Change:
    return lambda draft: put(incidents=replace(draft.incidents, **changed))(draft)  # type: ignore[arg-type]


DROPPED, LINES = DRAFT.dropped[0], DRAFT.unmeasured_red_lines


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (put(title=" "), "title"),
        (put(status="draft"), "status"),
        (put(version=2), "supersedes"),
        (put(follows="4" * 64), "follows"),
        (put(reassess_when=()), "reassess_when"),
        (put(purpose=""), "purpose"),
        (put(users=()), "users"),
        (put(languages=()), "languages"),
        (put(tiers=()), "tiers"),
        (put(misuse=()), "misuse"),
        (put(product="other"), "product"),
        (put(regimes=()), "regimes"),
        (put(regimes=(Regime(name="GDPR", role="controller"),)), "regimes[0].reason"),
        (put(not_shipping=""), "not_shipping"),
        (put(benefits=()), "benefits"),
        (put(excluded_uses=()), "excluded_uses"),
        (put(elicitation=""), "elicitation"),
        (put(limits=("",)), "limits[0]"),
        (put(affected=DRAFT.affected[1:]), "affected"),
        (first("affected", how=""), "affected[0].how"),
        (put(monitoring=()), "monitoring"),
        (put(valid_days=None), "valid_days"),
        (first("monitoring", pages=""), "monitoring[0].pages"),
        (first("monitoring", denominator=""), "monitoring[0].denominator"),
        (first("monitoring", false_alarms=""), "monitoring[0].false_alarms"),
        (put(kill_switch=KillSwitch(how="On-call.")), "kill_switch.tested"),
        (incidents(levels=()), "incidents.levels"),
        (incidents(clocks=()), "incidents.clocks"),
        (
            incidents(clocks=(NotificationClock(to="a", rule="b", event="c"),)),
            "incidents.clocks[0].hours",
        ),
        (incidents(contact=" "), "incidents.contact"),
        (put(interests=()), "interests"),
        (put(independence=""), "independence"),
        (put(retention=Retention(reason="Our own.")), "retention.years"),
        (put(retention=Retention(years=1, reason="r", legal_hold=True)), "retention.matter"),
        (put(disclosure=(FieldDisclosure(field="use", to="public"),) * 2), "disclosure[1].field"),
        (put(dropped=()), "dropped"),
        (first("dropped", reason=" "), "dropped[0].reason"),
        (put(dropped=(DROPPED, DroppedClaim(claim="tone", reason="r"))), "dropped[1].claim"),
        (put(unmeasured_red_lines=LINES[1:]), "unmeasured_red_lines"),
        (
            put(unmeasured_red_lines=(*LINES, UnmeasuredRedLine(id="no-dragons", reason="r"))),
            "unmeasured_red_lines[2].id",
        ),
        (put(deviation_reasons=()), "deviation_reasons"),
        (first("deviation_reasons", reason=""), "deviation_reasons[0].reason"),
        (hazard(category="dragons"), "hazards[0].category"),
        (hazard(severity=9), "hazards[0].severity"),
        (hazard(severity=None), "hazards[0].severity"),
        (hazard(metric="never-sealed"), "hazards[0].metric"),
        (hazard(scenario=""), "hazards[0].scenario"),
        (hazard(actor=""), "hazards[0].actor"),
        (hazard(detectability=""), "hazards[0].detectability"),
        (hazard(exposure=None), "hazards[0].exposure"),
        (hazard(exposure=Uniform(low=-1.0, high=5.0)), "hazards[0].exposure"),
        (hazard(acceptance=None), "hazards[0].acceptance"),
        (accepted(by=""), "hazards[0].acceptance.by"),
        (accepted(level=None), "hazards[0].acceptance.level"),
        (accepted(level=10.0), "hazards[0].acceptance.level"),
        (first("mitigations", hazards=()), "mitigations[0].hazards"),
        (first("mitigations", hazards=("dragons",)), "mitigations[0].hazards[0]"),
        (first("mitigations", owner=""), "mitigations[0].owner"),
        (first("mitigations", verified=""), "mitigations[0].verified"),
        (first("mitigations", measured_by="charm"), "mitigations[0].measured_by"),
        (first("mitigations", effect=Fixed(value=0.1)), "mitigations[0].grounds"),
        (
            first("mitigations", effect=Lognormal(p5=0.1, p95=0.2), grounds="g"),
            "mitigations[0].effect",
        ),
        (put(scores=DRAFT.scores[1:]), "scores"),
        (put(scores=(*DRAFT.scores, DRAFT.scores[0])), "scores[2].score"),
        (score_input(range=None), "scores[0].inputs[0].range"),
        (score_input(range=Uniform(low=0.5, high=1.5)), "scores[0].inputs[0].range"),
        (score_input(grounds=""), "scores[0].inputs[0].grounds"),
        (put(safety_case=SafetyCase()), "safety_case.claims"),
        (claim(1, text=""), "safety_case.claims[1].text"),
        (claim(1, evidence=("charm",)), "safety_case.claims[1].evidence[0]"),
        (claim(1, evidence=()), "safety_case.claims[1]"),
        (claim(1, supports=""), "safety_case.claims"),
        (defeater(state="open"), "safety_case.defeaters[0].state"),
        (defeater(reason=""), "safety_case.defeaters[0].reason"),
        (defeater(claim="dragons"), "safety_case.defeaters[0].claim"),
        (put(conditions=DRAFT.conditions[:2]), "conditions"),
    ],
)
def test_each_thing_left_open_keeps_the_assessment_from_a_signature(
    change: Change, field: str
) -> None:
    assert fields(change(DRAFT)) == [field]


def test_what_is_accepted_must_lie_over_all_that_drawing_leaves_open() -> None:
    figures = DOCUMENT.residual[0].figures
    assert figures is not None
    assert figures.p95 < figures.p95_high
    assert fields(accepted(level=figures.p95)(DRAFT)) == ["hazards[0].acceptance.level"]
    assert fields(accepted(level=figures.p95_high)(DRAFT)) == []


TAKEN_ON = ScoreAcceptance(by="Ada", reason="For a tenth of traffic.")


def strict(limit: float) -> Facts:
    """The same facts under a charter with another limit on its first score."""
    one, *others = CHARTER.scores
    charter = replace(CHARTER, scores=(replace(one, limit=limit), *others))
    return replace(FACTS, charter=charter)


def test_a_score_over_the_charters_limit_needs_somebody_who_accepts_it_for_a_reason() -> None:
    figures = DOCUMENT.scores[0].figures
    for limit in (figures.p95 / 2, (figures.p95 + figures.p95_high) / 2):
        assert fields(DRAFT, strict(limit)) == ["scores[0].acceptance"]
        assert fields(first("scores", acceptance=TAKEN_ON)(DRAFT), strict(limit)) == []
    assert fields(DRAFT, strict(figures.p95_high)) == []


@pytest.mark.parametrize("missing", ["by", "reason"])
def test_an_acceptance_of_a_score_says_who_and_why(missing: str) -> None:
    accepted = replace(TAKEN_ON, **{missing: " "})
    found = fields(first("scores", acceptance=accepted)(DRAFT), strict(0.01))
    assert found == [f"scores[0].acceptance.{missing}"]


def test_a_hazard_needs_a_mitigation_or_somebody_who_accepts_it_as_it_is() -> None:
    unmitigated = replace(DRAFT, mitigations=())
    assert fields(unmitigated) == ["hazards[0]"]
    assert fields(accepted(as_it_is=True)(unmitigated)) == []


def test_claims_that_support_each_other_hold_nothing_up() -> None:
    circle = (
        CaseClaim(id="a", text="t", argument="w", supports="b"),
        CaseClaim(id="b", text="t", argument="w", supports="a"),
    )
    assert fields(replace(DRAFT, safety_case=SafetyCase(claims=circle))) == [
        "safety_case.claims",
        "safety_case.claims[0].supports",
        "safety_case.claims[1].supports",
    ]


def test_a_standard_change_names_the_go_it_follows_and_changes_something() -> None:
    standard = replace(DRAFT, change="standard")
    assert fields(standard) == ["follows", "change"]
    following = replace(standard, follows="4" * 64)
    assert fields(following, replace(FACTS, changed=("decoding",))) == []
    assert fill(following, replace(FACTS, changed=("decoding",))).changed == ("decoding",)


def test_a_blank_says_where_and_what_to_do() -> None:
    bare = Hazard(
        id="taken-for-fiction",
        category="privacy",
        severity=1,
        actor="A user.",
        detectability="Never.",
        acceptance=RiskAcceptance(by="Policy", reason="Rare."),
    )
    document = fill(replace(DRAFT, hazards=(bare,), mitigations=()), FACTS)
    assert [str(blank) for blank in blanks(document)] == [
        "hazards[0].scenario: is empty; write it",
        "hazards[0]: has neither a mitigation nor an acceptance as it is; name it under a "
        "mitigation, or let somebody accept it with as_it_is: true",
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


GOLDEN = Path(__file__).parents[1] / "golden" / "records"


def test_an_assessment_of_the_short_form_is_still_read() -> None:
    old = load((GOLDEN / "safety-impact-assessment-1.json").read_bytes())
    hazard, left = old.draft.hazards
    (control,) = old.against_hazard(hazard)
    assert (hazard.id, control.control) == ("hazard-1", "The guarding prompt.")
    assert old.against_hazard(left) == ()
    assert left.acceptance.as_it_is
    assert (old.subject.name, old.subject.parts, old.scores) == ("guarded", (), ())
    assert old.residual[0].bound == 0.0708
    assert load(dump(old)) == old


@pytest.mark.parametrize("kind", ["hazard", "mitigation", "monitor", "risk-acceptance"])
def test_parts_of_the_short_form_are_still_read(kind: str) -> None:
    assert kind_of(load((GOLDEN / f"{kind}-1.json").read_bytes())) == f"{kind}/2"
