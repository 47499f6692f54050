"""What we ran: imported results as observations, written once, text kept apart."""

from interlock.trial.bank import BankItem, ItemBank, load_bank
from interlock.trial.difference import Difference, PartDifference, diff, stale
from interlock.trial.intake import Intake, Texts
from interlock.trial.manifest import load_system
from interlock.trial.observations import (
    OBSERVATION_SCHEMA,
    STATUSES,
    TEXTS,
    Counts,
    count_observations,
)
from interlock.trial.reading import WORDS, Account, Claim, Reading
from interlock.trial.system import Component, Part, System, TypedSystem, features_of, parts_of

__all__ = [
    "OBSERVATION_SCHEMA",
    "STATUSES",
    "TEXTS",
    "WORDS",
    "Account",
    "BankItem",
    "Claim",
    "Component",
    "Counts",
    "Difference",
    "Intake",
    "ItemBank",
    "Part",
    "PartDifference",
    "Reading",
    "System",
    "Texts",
    "TypedSystem",
    "count_observations",
    "diff",
    "features_of",
    "load_bank",
    "load_system",
    "parts_of",
    "stale",
]
