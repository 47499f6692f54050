"""What red teams planned, found and learnt: campaigns, findings, failure modes, coverage."""

from interlock.trial.campaigns.coverage import COVERAGE_TARGET, Cell, Coverage, coverage_of
from interlock.trial.campaigns.grouping import Group, group_texts
from interlock.trial.campaigns.hits import FailingCell, failing_cells
from interlock.trial.campaigns.misuse import Misused, MisusePoint, Release, misuse_over
from interlock.trial.campaigns.plan import load_campaign
from interlock.trial.campaigns.records import (
    Campaign,
    Consequence,
    FailureMode,
    Finding,
    ItemRef,
    quarter_of,
)
from interlock.trial.campaigns.tries import Try, tries_of

__all__ = [
    "COVERAGE_TARGET",
    "Campaign",
    "Cell",
    "Consequence",
    "Coverage",
    "FailingCell",
    "FailureMode",
    "Finding",
    "Group",
    "ItemRef",
    "MisusePoint",
    "Misused",
    "Release",
    "Try",
    "coverage_of",
    "failing_cells",
    "group_texts",
    "load_campaign",
    "misuse_over",
    "quarter_of",
    "tries_of",
]
