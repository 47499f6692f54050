"""Who may say go: root, keyring, votes, decision, conditions, and the check anyone can run."""

from interlock.admission.acts import (
    MAY,
    SIGNED_BY_ROOT,
    Acceptance,
    Adoption,
    Answer,
    Assessment,
    Ballot,
    Basis,
    Condition,
    CriterionOutcome,
    Decision,
    Enrolment,
    Hold,
    Keyring,
    Lift,
    Lineage,
    Outcome,
    Qualification,
    Question,
    Recovery,
    Revocation,
    Run,
    Seal,
    Verdict,
    Vote,
)
from interlock.admission.bundle import Bundle, export
from interlock.admission.check import check
from interlock.admission.enrolment import EnrolmentRequest, countersign, enrol
from interlock.admission.evidence import overall
from interlock.admission.fold import admit, fold
from interlock.admission.refusal import Refusal
from interlock.admission.root import Root
from interlock.admission.state import Accepted, Person, State
from interlock.admission.subjects import statement_of, subject_of

__all__ = [
    "MAY",
    "SIGNED_BY_ROOT",
    "Acceptance",
    "Accepted",
    "Adoption",
    "Answer",
    "Assessment",
    "Ballot",
    "Basis",
    "Bundle",
    "Condition",
    "CriterionOutcome",
    "Decision",
    "Enrolment",
    "EnrolmentRequest",
    "Hold",
    "Keyring",
    "Lift",
    "Lineage",
    "Outcome",
    "Person",
    "Qualification",
    "Question",
    "Recovery",
    "Refusal",
    "Revocation",
    "Root",
    "Run",
    "Seal",
    "State",
    "Verdict",
    "Vote",
    "admit",
    "check",
    "countersign",
    "enrol",
    "export",
    "fold",
    "overall",
    "statement_of",
    "subject_of",
]
