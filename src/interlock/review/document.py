"""The Safety Impact Assessment: what a person wrote, beside what the ledger filled in."""

from interlock.admission import Basis, Outcome
from interlock.charter import Hypothesis, NamedScore, RedLine
from interlock.gate import Judgement
from interlock.ledger import Json, record, upcast
from interlock.measure import Estimate
from interlock.review.draft import Draft, newer_draft
from interlock.review.evidence import Evidence, SliceEvidence, read_evidence, read_slices
from interlock.review.figures import ResidualRisk, RiskScore
from interlock.review.hazards import Hazard, Mitigation


@record("subject-part/1")
class SubjectPart:
    """One part of the system that can change its behaviour.

    Attributes:
        name: What it is.
        version: Its digest where there is one, else its exact value or snapshot name.
    """

    name: str
    version: str


@record("assessed-subject/1")
class AssessedSubject:
    """Exactly what is assessed. Filled, never typed.

    Attributes:
        system: Digest of the system's manifest.
        name: What people call it.
        model: Weights digest or provider snapshot; empty where the manifest is not at hand.
        parts: Everything else that can change its answers.
        features: Features it serves.
    """

    system: str
    name: str
    model: str
    parts: tuple[SubjectPart, ...]
    features: tuple[str, ...]


@record("sealed-bar/1")
class SealedBar:
    """What was fixed before the evidence counted. Filled, never typed.

    Attributes:
        seal: Statement identity of the seal.
        index: Its place on the log.
        time: When the log took it in.
        hypothesis: Digest of the hypothesis that was sealed.
        charter: Digest of the charter in force.
        basis: Whether evidence was drawn after the seal or existed before it.
        confirmatory: An exploratory seal can never lead to GO.
        baseline: Digest of the baseline system.
        baseline_name: What people call it.
        candidate: Digest of the system judged.
        candidate_name: What people call it.
        candidates: How many candidates share the seal.
    """

    seal: str
    index: int
    time: str
    hypothesis: str
    charter: str
    basis: Basis
    confirmatory: bool
    baseline: str
    baseline_name: str
    candidate: str
    candidate_name: str
    candidates: int


@record("deviation/1")
class Deviation:
    """Something that went otherwise than it was sealed. Filled, never typed.

    Attributes:
        what: What happened.
        time: When the log took it in.
    """

    what: str
    time: str


@record("judge-use/1")
class JudgeUse:
    """Who scored the rows of one metric, and which criterion holds that judge to people's labels.

    Attributes:
        metric: The metric.
        judge: The judge, as the rows name it.
        rows: Rows it scored, both arms together.
        validated_by: Label of the ``agreement_min`` criterion on the metric; empty without one.
    """

    metric: str
    judge: str
    rows: int
    validated_by: str


@record("measured-effect/1")
class MeasuredEffect:
    """What the sealed evidence says of one mitigation. Filled, never typed.

    Attributes:
        mitigation: Position of the mitigation in the draft, from 0.
        claim: Label of the criterion.
        outcome: What it came to.
        estimate: What was measured; ``None`` where nothing could be.
        verdict: Statement identity of the verdict.
    """

    mitigation: int
    claim: str
    outcome: Outcome
    estimate: Estimate | None
    verdict: str


@record("blocked-feature/1")
class BlockedFeature:
    """A feature whose campaign the sealed evidence does not cover. Filled, never typed.

    Attributes:
        feature: The feature, as the charter names it.
        campaign: The campaign it waits for.
        metric: The metric the campaign is scored by.
        clusters: Independent clusters the charter asks for.
        reason: Why it is blocked.
        off: Whether a condition on the release turns it off.
    """

    feature: str
    campaign: str
    metric: str
    clusters: int
    reason: str
    off: bool


@record("earlier-attempt/1")
class EarlierAttempt:
    """One criterion of another seal on the same systems or evidence. Filled, never typed.

    Attributes:
        hypothesis: Name of the hypothesis it stood in.
        claim: What was claimed, in that hypothesis' words.
        attempt: Its number in the lineage, from 1.
        seal: Statement identity of its seal.
        time: When it was sealed.
        outcome: What it came to, of several candidates each; ``never judged``
            where no verdict followed.
        dropped: The present hypothesis no longer judges this metric in this way
            and place. Another bar or rubric drops nothing.
    """

    hypothesis: str
    claim: str
    attempt: int
    seal: str
    time: str
    outcome: str
    dropped: bool

    @property
    def passed(self) -> bool:
        """Whether it passed, for every candidate it was sealed for."""
        return set(self.outcome.split(", ")) == {"passed"}

    @property
    def abandoned(self) -> bool:
        """Whether it did not pass and is no longer judged."""
        return self.dropped and not self.passed


@record("safety-impact-assessment/2")
class SafetyImpactAssessment:
    """One document that a panel can question, sign or refuse.

    Attributes:
        draft: The authored half.
        subject: Exactly what is assessed.
        sealed: Which bar, and when it was fixed.
        hypothesis: The bar itself; its digest is the one that was sealed.
        deviations: What went otherwise than it was sealed, oldest first.
        verdict: Statement identity of the verdict it rests on.
        judgement: What the gate found; its digest is the one in the verdict.
        judges: Who scored the rows, by metric.
        earlier: Every criterion of every other seal on the same systems or
            evidence until the assessment was filled, oldest first.
        asked_scores: The scores that the charter asks for.
        scores: Every score that could be worked out, in the charter's order.
        effects: What the evidence says of mitigations that name a criterion.
        residual: What remains of each hazard.
        unmeasured: Red lines of the charter that no criterion measures.
        blocked: Features whose campaign the evidence does not cover.
        changed: For a standard change, the parts in which the system differs from the baseline.
    """

    draft: Draft
    subject: AssessedSubject
    sealed: SealedBar
    hypothesis: Hypothesis
    deviations: tuple[Deviation, ...] = ()
    verdict: str
    judgement: Judgement
    judges: tuple[JudgeUse, ...] = ()
    earlier: tuple[EarlierAttempt, ...]
    asked_scores: tuple[NamedScore, ...] = ()
    scores: tuple[RiskScore, ...] = ()
    effects: tuple[MeasuredEffect, ...] = ()
    residual: tuple[ResidualRisk, ...]
    unmeasured: tuple[RedLine, ...]
    blocked: tuple[BlockedFeature, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every criterion with its verdict, in the hypothesis' order."""
        return read_evidence(self.hypothesis, self.judgement)

    @property
    def slices(self) -> tuple[SliceEvidence, ...]:
        """Every slice that was searched, worst first."""
        return read_slices(self.hypothesis, self.judgement)

    @property
    def against(self) -> tuple[Evidence, ...]:
        """Every criterion that did not pass."""
        return tuple(one for one in self.evidence if one.verdict.outcome != "passed")

    @property
    def worsened(self) -> tuple[SliceEvidence, ...]:
        """Every slice that got worse or showed no gain, worst first."""
        return tuple(one for one in self.slices if one.finding.status != "undecided")

    @property
    def setbacks(self) -> tuple[EarlierAttempt, ...]:
        """Every earlier attempt that did not pass, or that is no longer judged."""
        return tuple(one for one in self.earlier if one.dropped or not one.passed)

    @property
    def abandoned(self) -> tuple[EarlierAttempt, ...]:
        """Every claim that did not pass earlier and is no longer judged."""
        return tuple(one for one in self.earlier if one.abandoned)

    @property
    def reasons(self) -> dict[str, str]:
        """The author's reason for each deviation, by what happened."""
        return {one.deviation: one.reason for one in self.draft.deviation_reasons}

    def against_hazard(self, hazard: Hazard) -> tuple[Mitigation, ...]:
        """The mitigations that work against a hazard, in the draft's order."""
        return tuple(
            one for one in self.draft.mitigations if hazard.id and hazard.id in one.hazards
        )


@upcast("residual-risk/1", "residual-risk/2")
def _newer_residual(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version had the bound and no figures."""
    return fields


@upcast("safety-impact-assessment/1", "safety-impact-assessment/2")
def _newer(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version was the short form: no subject's parts, scores, figures or deviations."""
    draft, sealed = fields["draft"], fields["sealed"]
    if not isinstance(draft, dict) or not isinstance(sealed, dict):
        return fields
    subject: Json = {
        "system": sealed["candidate"],
        "name": sealed["candidate_name"],
        "model": "",
        "parts": [],
        "features": [],
    }
    return fields | {"draft": newer_draft(draft), "subject": subject}
