"""What a model's answers show beside right and wrong: each figure with its interval."""

from interlock.measure.adherence import SURE, Adherence, Violations, adherence, sure_violations
from interlock.measure.diagnostics.attacked import ANY_ATTACK, Attacked, AttackFigures, robustness
from interlock.measure.diagnostics.attempts import (
    attack_success_at,
    attack_success_change,
)
from interlock.measure.diagnostics.bursts import burstiness
from interlock.measure.diagnostics.consistency import Consistency, self_consistency
from interlock.measure.diagnostics.detection import Detection, detection
from interlock.measure.diagnostics.surprise import Completion, bits_per_byte, perplexity
from interlock.measure.rates import pooled_rate

__all__ = [
    "ANY_ATTACK",
    "SURE",
    "Adherence",
    "AttackFigures",
    "Attacked",
    "Completion",
    "Consistency",
    "Detection",
    "Violations",
    "adherence",
    "attack_success_at",
    "attack_success_change",
    "bits_per_byte",
    "burstiness",
    "detection",
    "perplexity",
    "pooled_rate",
    "robustness",
    "self_consistency",
    "sure_violations",
]
