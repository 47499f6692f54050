"""What the numbers allow: seals, lineages, criteria, verdicts."""

from interlock.gate.judgement import Terms, judge, judge_variants
from interlock.gate.lineage import alpha_of, lineage_key
from interlock.gate.pairing import PAIRING_COLUMNS
from interlock.gate.plan import CriterionPower, Plan, Truth, check_power, plan
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
    "PAIRING_COLUMNS",
    "CriterionPower",
    "CriterionVerdict",
    "EvidenceCounts",
    "Judgement",
    "PartVerdict",
    "Plan",
    "SliceFinding",
    "Terms",
    "Truth",
    "alpha_of",
    "check_power",
    "draw",
    "judge",
    "judge_variants",
    "lineage_key",
    "overall",
    "plan",
    "seed_of",
]
