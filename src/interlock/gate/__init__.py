"""What the numbers allow: seals, lineages, criteria, verdicts."""

from interlock.gate.chances import Truth, Within
from interlock.gate.judgement import Terms, judge, judge_variants
from interlock.gate.lineage import alpha_of, lineage_key
from interlock.gate.pairing import PAIRING_COLUMNS
from interlock.gate.plan import ALONE, Aim, CriterionPower, Plan, check_power, plan
from interlock.gate.rehearsal import Rehearsal, rehearse
from interlock.gate.seal import draw, seed_of
from interlock.gate.verdict import (
    CriterionVerdict,
    EvidenceCounts,
    Judgement,
    PartVerdict,
    SliceFinding,
    overall,
)

__all__ = [
    "ALONE",
    "PAIRING_COLUMNS",
    "Aim",
    "CriterionPower",
    "CriterionVerdict",
    "EvidenceCounts",
    "Judgement",
    "PartVerdict",
    "Plan",
    "Rehearsal",
    "SliceFinding",
    "Terms",
    "Truth",
    "Within",
    "alpha_of",
    "check_power",
    "draw",
    "judge",
    "judge_variants",
    "lineage_key",
    "overall",
    "plan",
    "rehearse",
    "seed_of",
]
