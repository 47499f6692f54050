"""What we ran: imported results as observations, written once, text kept apart."""

from interlock.trial.bank import BankItem, ItemBank, load_bank
from interlock.trial.intake import Intake, Texts
from interlock.trial.observations import (
    OBSERVATION_SCHEMA,
    STATUSES,
    TEXTS,
    Counts,
    count_observations,
)
from interlock.trial.system import Part, System, load_system

__all__ = [
    "OBSERVATION_SCHEMA",
    "STATUSES",
    "TEXTS",
    "BankItem",
    "Counts",
    "Intake",
    "ItemBank",
    "Part",
    "System",
    "Texts",
    "count_observations",
    "load_bank",
    "load_system",
]
