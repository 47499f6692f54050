"""The closed set of governance acts: what may be put on the log, and who may put it there.

An act carries only what the rule for a GO needs, and names everything else by
the digest of its record. Acts hold no fractions, so that any JSON library can
write their canonical form.
"""

from interlock.admission.acts_evidence import (
    CriterionOutcome,
    Engagement,
    Lineage,
    Recomputation,
    Run,
    Seal,
    Unseal,
    Variant,
    Verdict,
)
from interlock.admission.acts_panel import (
    Acceptance,
    Answer,
    Assessment,
    Closing,
    Condition,
    Question,
    Vote,
)
from interlock.admission.acts_people import (
    Adoption,
    Enrolment,
    Keyring,
    Qualification,
    Recovery,
)
from interlock.admission.acts_release import Decision, Hold, Kill, Lift, Revocation, Rollback
from interlock.admission.terms import (
    Ballot,
    Basis,
    Change,
    Digest,
    MaybeDigest,
    Outcome,
    Previous,
    PublicKey,
    SignatureText,
    Time,
    VariantKind,
    Week,
)

__all__ = [
    "MAY",
    "SIGNED_BY_ROOT",
    "Acceptance",
    "Adoption",
    "Answer",
    "Assessment",
    "Ballot",
    "Basis",
    "Change",
    "Closing",
    "Condition",
    "CriterionOutcome",
    "Decision",
    "Digest",
    "Engagement",
    "Enrolment",
    "Hold",
    "Keyring",
    "Kill",
    "Lift",
    "Lineage",
    "MaybeDigest",
    "Outcome",
    "Previous",
    "PublicKey",
    "Qualification",
    "Question",
    "Recomputation",
    "Recovery",
    "Revocation",
    "Rollback",
    "Run",
    "Seal",
    "SignatureText",
    "Time",
    "Unseal",
    "Variant",
    "VariantKind",
    "Verdict",
    "Vote",
    "Week",
]

SIGNED_BY_ROOT = frozenset({"keyring/1", "adoption/2", "recovery/1"})

MAY: dict[str, tuple[str, ...]] = {
    "qualification/1": ("chair",),
    "variant/1": ("product-manager", "evaluation-engineer"),
    "seal/1": ("product-manager", "evaluation-engineer"),
    "run/1": ("product-manager", "evaluation-engineer"),
    "verdict/1": ("product-manager", "evaluation-engineer"),
    "recomputation/1": ("@panel", "evaluation-engineer"),
    "engagement/1": ("product-manager", "evaluation-engineer"),
    "unseal/1": ("@required",),
    "assessment/2": ("product-manager",),
    "question/1": ("@panel",),
    "answer/1": ("product-manager", "evaluation-engineer"),
    "acceptance/1": ("@panel",),
    "closing/1": ("@required",),
    "vote/1": ("@panel", "@emergency"),
    "decision/2": ("chair", "product-manager", "on-call"),
    "revocation/1": ("@required",),
    "hold/1": ("@required", "chair", "on-call"),
    "lift/1": ("@required", "chair"),
    "kill/1": ("@required", "chair"),
    "rollback/1": ("@required", "chair", "on-call"),
}
"""The roles that may do each act; ``@panel`` is every voting role of the charter in force,
``@required`` its required ones, ``@emergency`` those that let an emergency change through.
Said once, for every door."""
