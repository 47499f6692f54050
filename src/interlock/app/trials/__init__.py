"""Trials: planned, sealed, run on real systems without paying twice, and recorded as evidence."""

from interlock.app.trials.plans import trial_sample
from interlock.app.trials.preview import Preview, plan_trial
from interlock.app.trials.running import Ran, run_trial
from interlock.app.trials.status import TrialStatus, trial_status
from interlock.app.trials.trying import Tried, try_trial

__all__ = [
    "Preview",
    "Ran",
    "TrialStatus",
    "Tried",
    "plan_trial",
    "run_trial",
    "trial_sample",
    "trial_status",
    "try_trial",
]
