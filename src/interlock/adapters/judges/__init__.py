"""Judges from the world outside: files, endpoints and plug-ins."""

from interlock.adapters.judges.columns import LabelColumns, read_labels
from interlock.adapters.judges.files import read_classifier
from interlock.adapters.judges.stated import BUILT_IN, Bench, judge_of

__all__ = [
    "BUILT_IN",
    "Bench",
    "LabelColumns",
    "judge_of",
    "read_classifier",
    "read_labels",
]
