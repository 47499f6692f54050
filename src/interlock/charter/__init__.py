"""What we promise: principles, harm categories, red lines, metrics, rubrics, hypotheses."""

from interlock.charter.articles import Charter, HarmCategory, Metric, RedLine, Rubric
from interlock.charter.hypothesis import (
    AllOf,
    CoverageMin,
    Criterion,
    DifferenceNoninferior,
    Hypothesis,
    RateUpper,
    RatioBelow,
    SliceValue,
    ZeroEvents,
)
from interlock.charter.load import (
    STANDARD_CHARTER,
    charter_schema,
    hypothesis_schema,
    load_charter,
    load_hypothesis,
)
from interlock.charter.shape import Schema, schema, validated
from interlock.charter.source import Source, read

__all__ = [
    "STANDARD_CHARTER",
    "AllOf",
    "Charter",
    "CoverageMin",
    "Criterion",
    "DifferenceNoninferior",
    "HarmCategory",
    "Hypothesis",
    "Metric",
    "RateUpper",
    "RatioBelow",
    "RedLine",
    "Rubric",
    "Schema",
    "SliceValue",
    "Source",
    "ZeroEvents",
    "charter_schema",
    "hypothesis_schema",
    "load_charter",
    "load_hypothesis",
    "read",
    "schema",
    "validated",
]
