"""Trial protocols: how cases become rows, fixed with the seal."""

from typing import Annotated

from pydantic import Field

from interlock.errors import InvalidRecordError
from interlock.ledger import record

AUTOMATIC = ("rule", "classifier", "model", "panel")
"""Kinds of judges whose errors must be known before what they say counts."""

Identity = Annotated[
    str, Field(pattern=r"^(human|exact|rule|classifier|model|panel):[^\s#]+(#[0-9a-f]{12})?$")
]
"""Who judged, as ``kind:name/version``, and the first 12 digits of the digest of what steers it.

An ``exact`` judge is the metric's own definition, such as a canary found in an answer.
"""


@record("metric-judge/1")
class MetricJudge:
    """Who scores a metric.

    Attributes:
        metric: The metric.
        judge: The judge's identity; ``human:NAME/VERSION`` names the instruction people follow.
    """

    metric: str
    judge: Identity


@record("trial-protocol/1")
class TrialProtocol:
    """How cases become rows, whatever the system: sealed, so that no one can choose afterwards.

    Attributes:
        judges: Who scores each metric of the bank, sorted by metric.
        epochs: How often each case is run.
    """

    judges: tuple[MetricJudge, ...]
    epochs: Annotated[int, Field(ge=1, le=1000)] = 1

    def __post_init__(self) -> None:
        metrics = [one.metric for one in self.judges]
        if not metrics or metrics != sorted(set(metrics)):
            raise InvalidRecordError(
                "trial protocol", "judges must be there, sorted by metric, each once"
            )

    def judge(self, metric: str) -> str:
        """Who scores a metric; empty where the protocol names nobody."""
        return next((one.judge for one in self.judges if one.metric == metric), "")


def judge_kind(identity: str) -> str:
    """The kind of a judge, from its identity; empty where it is none of ours."""
    kind, colon, _ = identity.partition(":")
    return kind if colon and kind in ("human", "exact", *AUTOMATIC) else ""
