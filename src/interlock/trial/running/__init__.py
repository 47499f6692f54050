"""How a trial is run: from its plan to rows, in the sealed order, with no answer paid for twice."""

from interlock.trial.running.arms import (
    Arm,
    Cell,
    Cluster,
    answers_wanted,
    cells_of,
)
from interlock.trial.running.journal import Journal, Outcome, Totals
from interlock.trial.running.plan import Budget, TrialPlan, load_plan, plan_schema
from interlock.trial.running.rows import Label, Labels, Sheet, sent_files, transcript
from interlock.trial.running.run import (
    Finished,
    Look,
    Pace,
    Progress,
    Trial,
    never,
    run,
)
from interlock.trial.running.sealing import bank_of, held, protocol_of
from interlock.trial.running.talk import Meter, StoppedError, Table

__all__ = [
    "Arm",
    "Budget",
    "Cell",
    "Cluster",
    "Finished",
    "Journal",
    "Label",
    "Labels",
    "Look",
    "Meter",
    "Outcome",
    "Pace",
    "Progress",
    "Sheet",
    "StoppedError",
    "Table",
    "Totals",
    "Trial",
    "TrialPlan",
    "answers_wanted",
    "bank_of",
    "cells_of",
    "held",
    "load_plan",
    "never",
    "plan_schema",
    "protocol_of",
    "run",
    "sent_files",
    "transcript",
]
