"""What a model is like: perplexity, calibration, robustness and the like, with their pictures."""

from interlock.app.diagnosis.adhering import diagnose_adherence
from interlock.app.diagnosis.diagnoses import (
    Answers,
    Diagnosis,
    diagnose_burstiness,
    diagnose_calibration,
    diagnose_confusion,
    diagnose_consistency,
    diagnose_perplexity,
    diagnose_robustness,
    diagnosis_picture,
)
from interlock.app.diagnosis.log_chances import (
    Endpoint,
    record_log_chances,
)

__all__ = [
    "Answers",
    "Diagnosis",
    "Endpoint",
    "diagnose_adherence",
    "diagnose_burstiness",
    "diagnose_calibration",
    "diagnose_confusion",
    "diagnose_consistency",
    "diagnose_perplexity",
    "diagnose_robustness",
    "diagnosis_picture",
    "record_log_chances",
]
