"""Who says what an answer is worth, and how far that can be believed."""

from interlock.trial.judges.candidates import Contender, refuse_self_judging
from interlock.trial.judges.classifier import (
    ClassifierJudge,
    LinearClassifier,
    features,
    weights_digest,
)
from interlock.trial.judges.exact import AnswerJudge, CanaryJudge, UnsupportedJudge
from interlock.trial.judges.grader import Grading, ModelJudge
from interlock.trial.judges.labels import (
    SHARE,
    LabelRow,
    LabelTask,
    Said,
    blind_name,
    turn_of,
    wanted,
)
from interlock.trial.judges.panel import PanelJudge
from interlock.trial.judges.patterns import SafePattern
from interlock.trial.judges.rules import ComplianceRule, OverRefusalRule, PatternRule
from interlock.trial.judges.scale import (
    YES_OR_NO,
    LabelLevel,
    LabelScale,
    scale_stated,
    value_said,
)
from interlock.trial.judges.validation import (
    Confusion,
    GroupValidation,
    JudgedLabels,
    JudgeValidation,
    ReliabilityBin,
    Validated,
    validation_of,
)

__all__ = [
    "SHARE",
    "YES_OR_NO",
    "AnswerJudge",
    "CanaryJudge",
    "ClassifierJudge",
    "ComplianceRule",
    "Confusion",
    "Contender",
    "Grading",
    "GroupValidation",
    "JudgeValidation",
    "JudgedLabels",
    "LabelLevel",
    "LabelRow",
    "LabelScale",
    "LabelTask",
    "LinearClassifier",
    "ModelJudge",
    "OverRefusalRule",
    "PanelJudge",
    "PatternRule",
    "ReliabilityBin",
    "SafePattern",
    "Said",
    "UnsupportedJudge",
    "Validated",
    "blind_name",
    "features",
    "refuse_self_judging",
    "scale_stated",
    "turn_of",
    "validation_of",
    "value_said",
    "wanted",
    "weights_digest",
]
