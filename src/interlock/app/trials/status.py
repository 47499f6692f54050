"""How far a trial is, for who looks on."""

import json
from dataclasses import dataclass

from interlock.adapters.journal import read_totals
from interlock.admission import Seal
from interlock.app.acts import find_act
from interlock.app.judging.labels import label_store
from interlock.app.systems import system_names
from interlock.app.trials.running import FINISH, journal_path
from interlock.app.workspace import Workspace
from interlock.trial.running import Totals


@dataclass(frozen=True, kw_only=True)
class TrialStatus:
    """How far a trial is.

    Attributes:
        seal: Statement identity of its seal.
        totals: Calls and rulings so far.
        reason: Why it ended; empty while it has not.
        labels: Labels in the queue that are not settled.
        recorded: The systems that have a run, by name.
    """

    seal: str
    totals: Totals
    reason: str
    labels: int
    recorded: tuple[str, ...]


def trial_status(work: Workspace, seal_id: str) -> TrialStatus:
    """How far the trial of a seal is, while it runs or not.

    Raises:
        NotOnLogError: There is no such seal.
    """
    state = work.state()
    seal = find_act(state, seal_id, Seal)
    totals, noted = read_totals(journal_path(work, seal.identity), note=FINISH)
    names = system_names(work, seal.act)
    return TrialStatus(
        seal=seal.identity,
        totals=totals,
        reason=json.loads(noted)["reason"] if noted else "",
        labels=label_store(work).open_count(seal.identity),
        recorded=tuple(
            name for system, name in names.items() if (seal.identity, system) in state.runs
        ),
    )
