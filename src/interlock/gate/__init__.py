"""What the numbers allow: seals, lineages, criteria, verdicts."""

from interlock.gate.chances import JudgeQuality, Truth, Within
from interlock.gate.drawn import drawn_sizes
from interlock.gate.estimates import Place
from interlock.gate.judgement import Terms, judge, judge_variants
from interlock.gate.lineage import alpha_of, lineage_key, retried
from interlock.gate.pairing import PAIRING_COLUMNS
from interlock.gate.plan import ALONE, Aim, CriterionPower, Plan, check_power, plan
from interlock.gate.rehearsal import Rehearsal, rehearse
from interlock.gate.seal import draw, seed_of
from interlock.gate.twophase import FLAGGED, needs_label
from interlock.gate.verdict import (
    CriterionVerdict,
    EvidenceCounts,
    Judgement,
    PartVerdict,
    SequentialJudgement,
    SequentialVerdict,
    SliceFinding,
    ended,
    overall,
)

__all__ = [
    "ALONE",
    "FLAGGED",
    "PAIRING_COLUMNS",
    "Aim",
    "CriterionPower",
    "CriterionVerdict",
    "EvidenceCounts",
    "JudgeQuality",
    "Judgement",
    "PartVerdict",
    "Place",
    "Plan",
    "Rehearsal",
    "SequentialJudgement",
    "SequentialVerdict",
    "SliceFinding",
    "Terms",
    "Truth",
    "Within",
    "alpha_of",
    "check_power",
    "draw",
    "drawn_sizes",
    "ended",
    "judge",
    "judge_variants",
    "lineage_key",
    "needs_label",
    "overall",
    "plan",
    "rehearse",
    "retried",
    "seed_of",
]
