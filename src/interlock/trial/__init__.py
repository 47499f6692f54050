"""What we ran: imported results as observations, written once, text kept apart."""

from interlock.trial.bank import BankCase, BankItem, CaseBank, ItemBank, load_bank
from interlock.trial.case import Attachment, Case, Turn
from interlock.trial.conversation import (
    Answer,
    Attack,
    Finish,
    Judge,
    Request,
    Ruling,
    Target,
)
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
from interlock.trial.protocol import AUTOMATIC, MetricJudge, TrialProtocol, judge_kind
from interlock.trial.reading import WORDS, Account, Claim, Reading
from interlock.trial.received import received, ruled
from interlock.trial.system import Component, Part, System, TypedSystem, features_of, parts_of

__all__ = [
    "AUTOMATIC",
    "OBSERVATION_SCHEMA",
    "STATUSES",
    "TEXTS",
    "WORDS",
    "Account",
    "Answer",
    "Attachment",
    "Attack",
    "BankCase",
    "BankItem",
    "Case",
    "CaseBank",
    "Claim",
    "Component",
    "Counts",
    "Difference",
    "Finish",
    "Intake",
    "ItemBank",
    "Judge",
    "MetricJudge",
    "Part",
    "PartDifference",
    "Reading",
    "Request",
    "Ruling",
    "System",
    "Target",
    "Texts",
    "TrialProtocol",
    "Turn",
    "TypedSystem",
    "count_observations",
    "diff",
    "features_of",
    "judge_kind",
    "load_bank",
    "load_system",
    "parts_of",
    "received",
    "ruled",
    "stale",
]
