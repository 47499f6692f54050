"""One decision as every export sees it; each text says by a mark to which field it belongs."""

from dataclasses import replace
from typing import Any, get_args

from interlock.adapters.exchange import Dossier, Source, Standing, hidden_from, withhold
from interlock.admission import Accepted, Condition, Decision, Run, Vote
from interlock.charter import (
    AllOf,
    DifferenceNoninferior,
    Hypothesis,
    RatioBelow,
    RedLine,
    ZeroEvents,
)
from interlock.gate import CriterionVerdict, EvidenceCounts, Judgement, PartVerdict, SliceFinding
from interlock.ledger import Checkpoint, Cosigned, digest
from interlock.measure import Estimate
from interlock.review import (
    AssessedSubject,
    Draft,
    EarlierAttempt,
    FieldName,
    Hazard,
    Reader,
    ResidualRisk,
    SafetyImpactAssessment,
    Simulation,
)
from interlock.review.document import SealedBar, SubjectPart
from interlock.review.draft import FieldDisclosure
from interlock.review.figures import Exceedance
from interlock.review.hazards import Mitigation, RiskAcceptance
from interlock.review.operation import IncidentPlan, KillSwitch, Monitor, Retention
from interlock.review.safety_case import CaseClaim, Defeater, SafetyCase
from interlock.review.scope import AffectedParty, Alternative, Interest, Regime

SYSTEM, BASELINE, MODEL = "c" * 64, "b" * 64, "d" * 64
BUNDLE, DECISION, TIME = "e" * 64, "1" * 64, "2026-11-21T21:52:51Z"

GAIN = RatioBelow(metric="harm", cut=0.40)
GUARD = DifferenceNoninferior(metric="helpfulness", margin=2.0, low=0.0, high=10.0)
RED_LINE = ZeroEvents(metric="red-line", at_most=0.02)
EACH = AllOf(metric="harm", below=0.25, values=("privacy", "violent-crime"))
HYPOTHESIS = Hypothesis(
    name="guard (mark-seal)",
    product="assistant",
    baseline="plain",
    candidates=("guarded",),
    cluster="one prompt",
    criteria=(GAIN, GUARD, RED_LINE, EACH),
)


def estimate(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value=value, low=low, high=high, confidence=0.95, n=200, method="wilson/1")


def came(criterion: Any, outcome: Any, found: Estimate | None, **more: Any) -> CriterionVerdict:
    return CriterionVerdict(
        criterion=criterion.id,
        label=criterion.label,
        kind=criterion.kind,
        metric=criterion.metric,
        outcome=outcome,
        estimate=found,
        limit=0.6,
        reason="the bound lies under the limit (mark-evidence)",
        attempt=1,
        alpha=0.025,
        basis="prospective",
        rubric="",
        **more,
    )


PART = PartVerdict(
    value="privacy", outcome="passed", estimate=estimate(0.04, 0.001, 0.2), reason="mark-evidence"
)
JUDGEMENT = Judgement(
    hypothesis=digest(HYPOTHESIS),
    name="guard",
    outcome="undecided",
    basis="prospective",
    seed=7,
    verdicts=(
        came(GAIN, "passed", estimate(0.05, 0.02, 0.11)),
        came(GUARD, "undecided", estimate(-1.7, -2.4, -1.1)),
        came(RED_LINE, "failed", estimate(0.02, 0.001, None)),
        came(EACH, "passed", None, parts=(PART,)),
    ),
    slices=(
        SliceFinding(
            metric="helpfulness",
            slice="language",
            value="de (mark-evidence)",
            status="worse",
            before=9.0,
            after=5.25,
            rows=25,
            clusters=25,
            p=0.0002,
            p_adjusted=0.0024,
        ),
    ),
    evidence=EvidenceCounts(expected=400, observed=399, unscored=1, errored=0),
)
CASE = SafetyCase(
    claims=(
        CaseClaim(
            id="top",
            text="Serving it is acceptably safe (mark-safety_case)",
            argument="Over the hazards: {each of them}",
            assumptions=("Prompts in service are like those measured",),
        ),
        CaseClaim(
            id="harm",
            text="It does less harm",
            supports="top",
            argument="By the sealed gain",
            evidence=(GAIN.label, GUARD.label),
        ),
        CaseClaim(
            id="use",
            text="It is still of use",
            supports="top",
            argument="Same",
            evidence=(GUARD.label,),
        ),
    ),
    defeaters=(
        Defeater(
            claim="harm",
            text="The judge is lenient",
            state="resolved",
            reason="It is not",
            by="sofia",
        ),
        Defeater(
            claim="use", text="German fell (a point)", state="accepted", reason="Watched", by="lea"
        ),
    ),
)
DRAFT = Draft(
    id="guard",
    title="Serving behind a guard (mark-identity)",
    product="assistant",
    valid_days=90,
    purpose="Everyday questions (mark-use)",
    users=("employees (mark-use)",),
    excluded_uses=("medicine (mark-use)",),
    misuse=("jailbreaks (mark-use)",),
    regimes=(Regime(name="EU AI Act (mark-regimes)", role="deployer", reason="mark-regimes"),),
    affected=(AffectedParty(group="minors", who="children (mark-affected)", how="mark-affected"),),
    hazards=(
        Hazard(
            id="h1",
            category="violent-crime",
            scenario="Directions that *work* (mark-hazards)\nand a second line",
            actor="a user (mark-hazards)",
            severity=3,
            detectability="reports (mark-hazards)",
            metric="harm",
            acceptance=RiskAcceptance(by="mark-hazards", reason="mark-hazards", level=3.0),
        ),
    ),
    elicitation="best of 8 (mark-evidence)",
    limits=("English only (mark-limits)",),
    mitigations=(
        Mitigation(
            control="The guard (mark-mitigations)",
            hazards=("h1",),
            owner="mark-mitigations",
            fails_when="mark-mitigations",
        ),
    ),
    not_shipping="mark-alternatives",
    alternatives=(Alternative(option="mark-alternatives", why_not="mark-alternatives"),),
    benefits=("mark-alternatives",),
    safety_case=CASE,
    monitoring=(Monitor(metric="harm (mark-monitoring)", pages="mark-monitoring"),),
    kill_switch=KillSwitch(how="mark-monitoring"),
    incidents=IncidentPlan(contact="mark-incidents"),
    interests=(Interest(person="mark-interests", interest="mark-interests", handled="none"),),
    independence="mark-interests",
    retention=Retention(reason="mark-retention", matter="mark-retention"),
)
DOCUMENT = SafetyImpactAssessment(
    draft=DRAFT,
    subject=AssessedSubject(
        system=SYSTEM,
        name="guarded",
        model="snapshot-7 (mark-subject)",
        parts=(
            SubjectPart(name="prompt", version=MODEL),
            SubjectPart(name="guard-classifier", version="v2 (mark-subject)"),
        ),
        features=("file-upload",),
    ),
    sealed=SealedBar(
        seal="5" * 64,
        index=7,
        time="2026-11-20T08:00:00Z",
        hypothesis=digest(HYPOTHESIS),
        charter="9" * 64,
        basis="prospective",
        confirmatory=True,
        baseline=BASELINE,
        baseline_name="plain",
        candidate=SYSTEM,
        candidate_name="guarded",
        candidates=1,
    ),
    hypothesis=HYPOTHESIS,
    verdict="8" * 64,
    judgement=JUDGEMENT,
    earlier=(
        EarlierAttempt(
            hypothesis="old (mark-against)",
            claim="mark-against",
            attempt=1,
            seal="4" * 64,
            time=TIME,
            outcome="failed",
            dropped=False,
        ),
    ),
    residual=(
        ResidualRisk(
            hazard=0,
            category="Violent crime",
            severity="serious (mark-residual)",
            bound=0.11,
            confidence=0.975,
            criterion=GAIN.id,
            figures=Simulation(
                seed=1,
                draws=1000,
                mean=2.0,
                p50=1.5,
                p50_low=1.4,
                p50_high=1.6,
                p95=6.25,
                p95_low=6.0,
                p95_high=6.5,
                sensitivity=(),
            ),
            exceedance=Exceedance(share=0.25, low=0.22, high=0.28),
        ),
    ),
    unmeasured=(RedLine(id="never", text="mark-against", metric="red-line", at_most=0.01),),
)

RULING = Decision(
    assessment="a" * 64,
    product="assistant",
    system=SYSTEM,
    outcome="go",
    votes=("6" * 64, "7" * 64),
    conditions=(
        Condition(kind="tier", limit="internal & more"),
        Condition(kind="max_traffic_percent", limit="50"),
    ),
    expires="2027-02-01T00:00:00Z",
    change="normal",
)
GO = Standing(word="go", sentence="it allows the release until 2027-02-01T00:00:00Z")
HELD = Standing(word="held", sentence="a hold stops this system; it must be lifted first")


def _vote(identity: str, person: str, role: str, ballot: Any, reasons: str) -> Accepted[Vote]:
    act = Vote(
        origin="interlock.local/board",
        assessment="a" * 64,
        system=SYSTEM,
        charter="9" * 64,
        role=role,
        ballot=ballot,
        reasons=reasons,
        previous="",
        accepts_retrospective=False,
    )
    return Accepted(20, TIME, identity, person, "", act)


VOTES = (
    _vote("6" * 64, "sofia", "safety-researcher", "go", "All bounds are inside."),
    _vote("7" * 64, "7of9", "2nd-advisor", "no-go", "I <b>dissent</b>: *German* fell."),
)
RUN = Run(seal="5" * 64, system=SYSTEM, evidence="f" * 64, basis="prospective")


def source(standing: Standing = GO, *, outcome: Any = "go", reader: Reader = "internal") -> Source:
    act = replace(RULING, outcome=outcome)
    checkpoint = Checkpoint("interlock.local/board", 23, b"\x07" * 32)
    return Source(
        decision=Accepted(22, TIME, DECISION, "carol", "", act),
        standing=standing,
        cosigned=Cosigned(checkpoint, TIME),
        bundle=BUNDLE,
        reader=reader,
    )


def dossier(
    standing: Standing = GO,
    *,
    reader: Reader = "internal",
    document: SafetyImpactAssessment = DOCUMENT,
    **said: Any,
) -> Dossier:
    withheld = hidden_from(reader, document)
    return Dossier(
        source=source(standing, reader=reader, **said),
        document=withhold(document, withheld),
        withheld=withheld,
        votes=VOTES,
        runs=(Accepted(12, TIME, "3" * 64, "paula", "", RUN),),
    )


def classed(to: Any, *names: FieldName) -> SafetyImpactAssessment:
    """The document with some fields of another disclosure class, and all others public."""
    other = tuple(FieldDisclosure(field=one, to=to) for one in names)
    rest = tuple(
        FieldDisclosure(field=one, to="public") for one in get_args(FieldName) if one not in names
    )
    return replace(DOCUMENT, draft=replace(DRAFT, disclosure=(*other, *rest)))
