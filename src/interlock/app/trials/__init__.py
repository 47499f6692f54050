"""Trials: suites and attacks, plans, runs that never pay twice, and the evidence they leave."""

from interlock.app.trials.attacks import (
    Disguised,
    apply_attack,
    list_attacks,
    show_attack,
)
from interlock.app.trials.models import (
    serve_model,
)
from interlock.app.trials.plans import (
    trial_sample,
)
from interlock.app.trials.plugins import (
    CheckedPlugin,
    check_plugin,
    list_plugins,
)
from interlock.app.trials.preview import (
    Preview,
    plan_trial,
)
from interlock.app.trials.running import (
    Ran,
    run_trial,
)
from interlock.app.trials.status import (
    TrialStatus,
    trial_status,
)
from interlock.app.trials.suites import (
    EdgeCases,
    list_suites,
    suite_cases,
    suite_findings,
    write_edge_cases,
)
from interlock.app.trials.trying import (
    Tried,
    try_trial,
)

__all__ = [
    "CheckedPlugin",
    "Disguised",
    "EdgeCases",
    "Preview",
    "Ran",
    "TrialStatus",
    "Tried",
    "apply_attack",
    "check_plugin",
    "list_attacks",
    "list_plugins",
    "list_suites",
    "plan_trial",
    "run_trial",
    "serve_model",
    "show_attack",
    "suite_cases",
    "suite_findings",
    "trial_sample",
    "trial_status",
    "try_trial",
    "write_edge_cases",
]
