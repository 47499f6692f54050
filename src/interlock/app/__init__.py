"""What anyone may ask: one function per action."""

from interlock.app.assessments import (
    compare_assessments,
    draft_assessment,
    read_assessment,
    redact_assessment,
    submit_assessment,
    verify_copy,
    verify_copy_offline,
)
from interlock.app.changes import CarriedEvidence, SystemChange, compare_systems
from interlock.app.charters import adopt_charter
from interlock.app.compare import compare, comparison
from interlock.app.demo import Watching, demo, try_suites
from interlock.app.engagement import (
    Opened,
    Sealed,
    Standing,
    import_engagement,
    list_engagements,
    open_engagement,
    unseal_engagement,
)
from interlock.app.exports import Export, Exported, Form, export_view
from interlock.app.figures import Figure
from interlock.app.history import history
from interlock.app.hypotheses import (
    Assumed,
    Judged,
    judge_seal,
    plan_hypothesis,
    rehearse_hypothesis,
    seal_hypothesis,
)
from interlock.app.pages import PageFormat, assessment_page
from interlock.app.people import publish_keyring, qualify, request_enrolment, vouch
from interlock.app.places import create_workspace, open_workspace, user_folder
from interlock.app.proofs import (
    back_up,
    check_decision,
    export_bundle,
    verify_bundle,
    verify_log,
)
from interlock.app.recomputation import Recomputed, recompute
from interlock.app.recovery import restore_log
from interlock.app.report import Reported, report
from interlock.app.reviews import (
    Cast,
    accept,
    answer,
    ask,
    cast_vote,
    close_question,
    close_review,
)
from interlock.app.runs import Recorded, record_run
from interlock.app.samples import Sample, drawn_items
from interlock.app.stops import hold, kill, lift, revoke, roll_back
from interlock.app.systems import Manifest, show_system
from interlock.app.team import (
    Team,
    TeamPlan,
    create_team,
    join_team,
    make_witness,
    pin_minimum,
    serve_team,
    serve_witness,
)
from interlock.app.tracing import Step, trace
from interlock.app.workspace import Appended, Workspace

__all__ = [
    "Appended",
    "Assumed",
    "CarriedEvidence",
    "Cast",
    "Export",
    "Exported",
    "Figure",
    "Form",
    "Judged",
    "Manifest",
    "Opened",
    "PageFormat",
    "Recomputed",
    "Recorded",
    "Reported",
    "Sample",
    "Sealed",
    "Standing",
    "Step",
    "SystemChange",
    "Team",
    "TeamPlan",
    "Watching",
    "Workspace",
    "accept",
    "adopt_charter",
    "answer",
    "ask",
    "assessment_page",
    "back_up",
    "cast_vote",
    "check_decision",
    "close_question",
    "close_review",
    "compare",
    "compare_assessments",
    "compare_systems",
    "comparison",
    "create_team",
    "create_workspace",
    "demo",
    "draft_assessment",
    "drawn_items",
    "export_bundle",
    "export_view",
    "history",
    "hold",
    "import_engagement",
    "join_team",
    "judge_seal",
    "kill",
    "lift",
    "list_engagements",
    "make_witness",
    "open_engagement",
    "open_workspace",
    "pin_minimum",
    "plan_hypothesis",
    "publish_keyring",
    "qualify",
    "read_assessment",
    "recompute",
    "record_run",
    "redact_assessment",
    "rehearse_hypothesis",
    "report",
    "request_enrolment",
    "restore_log",
    "revoke",
    "roll_back",
    "seal_hypothesis",
    "serve_team",
    "serve_witness",
    "show_system",
    "submit_assessment",
    "trace",
    "try_suites",
    "unseal_engagement",
    "user_folder",
    "verify_bundle",
    "verify_copy",
    "verify_copy_offline",
    "verify_log",
    "vouch",
]
