"""The Safety Impact Assessment: what a person wrote, beside what the ledger filled in."""

from interlock.admission import Basis
from interlock.charter import Hypothesis, RedLine
from interlock.gate import Judgement
from interlock.ledger import record
from interlock.review.draft import Draft
from interlock.review.evidence import Evidence, SliceEvidence, read_evidence, read_slices


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


@record("residual-risk/1")
class ResidualRisk:
    """What remains of one hazard, as far as evidence bounds it. Filled, never typed.

    Attributes:
        hazard: Position of the hazard in the draft, from 0.
        category: The category's name in the charter; empty if it has none.
        severity: What the stated level means there; empty if it means nothing.
        bound: Upper bound of the candidate's own rate of the hazard's metric,
            a share in [0, 1]; ``None`` where no evidence bounds it.
        confidence: One-sided confidence of the bound; ``None`` without one.
        criterion: Id of the criterion the bound is from; empty without one.
    """

    hazard: int
    category: str
    severity: str
    bound: float | None
    confidence: float | None
    criterion: str


@record("safety-impact-assessment/1")
class SafetyImpactAssessment:
    """The short form: one document that a panel can question, sign or refuse.

    Attributes:
        draft: The authored half.
        sealed: Which bar, and when it was fixed.
        hypothesis: The bar itself; its digest is the one that was sealed.
        verdict: Statement identity of the verdict it rests on.
        judgement: What the gate found; its digest is the one in the verdict.
        earlier: Every criterion of every other seal on the same systems or
            evidence until the assessment was filled, oldest first.
        residual: What remains of each hazard.
        unmeasured: Red lines of the charter that no criterion measures.
    """

    draft: Draft
    sealed: SealedBar
    hypothesis: Hypothesis
    verdict: str
    judgement: Judgement
    earlier: tuple[EarlierAttempt, ...]
    residual: tuple[ResidualRisk, ...]
    unmeasured: tuple[RedLine, ...]

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
