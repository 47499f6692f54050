"""Judges held against people, and people asked: validation, corrected rates, queues of labels."""

from interlock.app.judging.judges import (
    CorrectedRate,
    JudgeList,
    KeptValidation,
    list_judges,
    rate_judged,
    show_judge,
    validate_judge,
)
from interlock.app.judging.labels import (
    Asked,
    Imported,
    LabelQueue,
    LabelStatus,
    choices,
    export_labels,
    import_labels,
    label_queue,
    label_status,
)

__all__ = [
    "Asked",
    "CorrectedRate",
    "Imported",
    "JudgeList",
    "KeptValidation",
    "LabelQueue",
    "LabelStatus",
    "choices",
    "export_labels",
    "import_labels",
    "label_queue",
    "label_status",
    "list_judges",
    "rate_judged",
    "show_judge",
    "validate_judge",
]
