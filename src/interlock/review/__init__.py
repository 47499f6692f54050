"""What remains: assessment, questions, the panel's work."""

from interlock.review.blanks import Blank, blanks
from interlock.review.document import EarlierAttempt, SafetyImpactAssessment
from interlock.review.draft import Draft, draft_schema, load_draft
from interlock.review.drawing import visible
from interlock.review.dropping import dropped
from interlock.review.evidence import (
    Evidence,
    SliceEvidence,
    describe,
    figure,
    interval,
    read_evidence,
)
from interlock.review.fill import Facts, fill
from interlock.review.panel import CastVote, Milestones, Step, Tally, days_in_review, steps, tally
from interlock.review.plot import interval_plot, mark, parts_strip, slices_strip, verdict_strip
from interlock.review.template import draft_template

__all__ = [
    "Blank",
    "CastVote",
    "Draft",
    "EarlierAttempt",
    "Evidence",
    "Facts",
    "Milestones",
    "SafetyImpactAssessment",
    "SliceEvidence",
    "Step",
    "Tally",
    "blanks",
    "days_in_review",
    "describe",
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
    "read_evidence",
    "slices_strip",
    "steps",
    "tally",
    "verdict_strip",
    "visible",
]
