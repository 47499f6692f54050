"""What we promise: principles, harm categories, red lines, metrics, rubrics, hypotheses."""

from interlock.charter.articles import HarmCategory, Metric, RedLine, Rubric
from interlock.charter.charter import Charter
from interlock.charter.criteria import (
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    SliceValue,
    ZeroEvents,
)
from interlock.charter.hypothesis import (
    Hypothesis,
    JudgedMetric,
    TrialHypothesis,
    is_sequential,
    judged_of,
)
from interlock.charter.load import (
    STANDARD_CHARTER,
    charter_schema,
    hypothesis_schema,
    load_charter,
    load_hypothesis,
)
from interlock.charter.practice import Feature
from interlock.charter.scores import NamedScore, ScoreTerm
from interlock.charter.shape import Schema, schema, validated
from interlock.charter.source import Source, read

__all__ = [
    "STANDARD_CHARTER",
    "AgreementMin",
    "AllOf",
    "CalibrationMax",
    "Charter",
    "CoverageMin",
    "Criterion",
    "DifferenceNoninferior",
    "Feature",
    "HarmCategory",
    "Hypothesis",
    "JudgedMetric",
    "Metric",
    "NamedScore",
    "RateUpper",
    "RatioBelow",
    "RedLine",
    "Rubric",
    "Schema",
    "ScoreTerm",
    "SliceValue",
    "Source",
    "TrialHypothesis",
    "ZeroEvents",
    "charter_schema",
    "hypothesis_schema",
    "is_sequential",
    "judged_of",
    "load_charter",
    "load_hypothesis",
    "read",
    "schema",
    "validated",
]
