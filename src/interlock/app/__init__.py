"""What anyone may ask: one function per action."""

from interlock.app.charters import adopt_charter
from interlock.app.compare import compare, comparison
from interlock.app.demo import demo
from interlock.app.history import history
from interlock.app.hypotheses import (
    Assumed,
    Judged,
    judge_seal,
    plan_hypothesis,
    seal_hypothesis,
)
from interlock.app.pages import assessment_page
from interlock.app.people import publish_keyring, qualify, request_enrolment, vouch
from interlock.app.places import create_workspace, open_workspace, user_folder
from interlock.app.proofs import (
    back_up,
    check_decision,
    export_bundle,
    verify_bundle,
    verify_log,
)
from interlock.app.recovery import restore_log
from interlock.app.reviews import (
    Cast,
    accept,
    answer,
    ask,
    cast_vote,
    close_review,
    draft_assessment,
    hold,
    lift,
    read_assessment,
    revoke,
    submit_assessment,
)
from interlock.app.runs import record_run
from interlock.app.samples import Sample, drawn_items
from interlock.app.tracing import Step, trace
from interlock.app.workspace import Appended, Workspace

__all__ = [
    "Appended",
    "Assumed",
    "Cast",
    "Judged",
    "Sample",
    "Step",
    "Workspace",
    "accept",
    "adopt_charter",
    "answer",
    "ask",
    "assessment_page",
    "back_up",
    "cast_vote",
    "check_decision",
    "close_review",
    "compare",
    "comparison",
    "create_workspace",
    "demo",
    "draft_assessment",
    "drawn_items",
    "export_bundle",
    "history",
    "hold",
    "judge_seal",
    "lift",
    "open_workspace",
    "plan_hypothesis",
    "publish_keyring",
    "qualify",
    "read_assessment",
    "record_run",
    "request_enrolment",
    "restore_log",
    "revoke",
    "seal_hypothesis",
    "submit_assessment",
    "trace",
    "user_folder",
    "verify_bundle",
    "verify_log",
    "vouch",
]
