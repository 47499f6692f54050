"""What remains: assessment, questions, the panel's work."""

from interlock.review.blanks import blanks
from interlock.review.case_graph import CaseGraph, CaseNode, LinkKind, case_graph
from interlock.review.difference import FieldChange, PartChange, difference
from interlock.review.disclosure import (
    READS,
    AssessmentManifest,
    Reader,
    RedactedCopy,
    SaltedField,
    check_copy,
    read_document,
    redact,
    salt_fields,
)
from interlock.review.document import (
    AssessedSubject,
    Deviation,
    EarlierAttempt,
    SafetyImpactAssessment,
)
from interlock.review.draft import Draft, FieldName, draft_schema, load_draft
from interlock.review.drawing import visible
from interlock.review.dropping import dropped
from interlock.review.evidence import (
    Evidence,
    Scale,
    SliceEvidence,
    describe,
    figure,
    interval,
    read_evidence,
    read_slices,
)
from interlock.review.fields import FIELDS, disclosure_of
from interlock.review.figures import Exceedance, ResidualRisk, RiskScore, Simulation
from interlock.review.fill import Facts, JudgedRows, fill
from interlock.review.hazards import Hazard
from interlock.review.panel import CastVote, Milestones, Step, Tally, days_in_review, steps, tally
from interlock.review.plot import interval_plot, mark, parts_strip, slices_strip, verdict_strip
from interlock.review.ranges import told
from interlock.review.safety_case import Defeater
from interlock.review.template import draft_template

__all__ = [
    "FIELDS",
    "READS",
    "AssessedSubject",
    "AssessmentManifest",
    "CaseGraph",
    "CaseNode",
    "CastVote",
    "Defeater",
    "Deviation",
    "Draft",
    "EarlierAttempt",
    "Evidence",
    "Exceedance",
    "Facts",
    "FieldChange",
    "FieldName",
    "Hazard",
    "JudgedRows",
    "LinkKind",
    "Milestones",
    "PartChange",
    "Reader",
    "RedactedCopy",
    "ResidualRisk",
    "RiskScore",
    "SafetyImpactAssessment",
    "SaltedField",
    "Scale",
    "Simulation",
    "SliceEvidence",
    "Step",
    "Tally",
    "blanks",
    "case_graph",
    "check_copy",
    "days_in_review",
    "describe",
    "difference",
    "disclosure_of",
    "draft_schema",
    "draft_template",
    "dropped",
    "figure",
    "fill",
    "interval",
    "interval_plot",
    "load_draft",
    "mark",
    "parts_strip",
    "read_document",
    "read_evidence",
    "read_slices",
    "redact",
    "salt_fields",
    "slices_strip",
    "steps",
    "tally",
    "told",
    "verdict_strip",
    "visible",
]
