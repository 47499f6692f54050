"""What a system is asked: suites of cases, their check, and the edge cases made of them."""

from interlock.trial.suites.check import Finding, check_suite, check_suites
from interlock.trial.suites.expand import expand
from interlock.trial.suites.load import load_suite
from interlock.trial.suites.media import AttachmentOf
from interlock.trial.suites.shipped import (
    special_names,
    special_suites,
    standard_names,
    standard_suite,
    standard_suites,
)
from interlock.trial.suites.similar import NearDuplicate, check_independent, near_duplicates
from interlock.trial.suites.suite import Anchor, LabelledSet, Suite

__all__ = [
    "Anchor",
    "AttachmentOf",
    "Finding",
    "LabelledSet",
    "NearDuplicate",
    "Suite",
    "check_independent",
    "check_suite",
    "check_suites",
    "expand",
    "load_suite",
    "near_duplicates",
    "special_names",
    "special_suites",
    "standard_names",
    "standard_suite",
    "standard_suites",
]
