"""Refusals: what has no effect, and why."""

from dataclasses import dataclass

from interlock.errors import RefusedActError


@dataclass(frozen=True)
class Refusal:
    """A statement on the log that has no effect.

    Attributes:
        index: Where it is, counted from 0.
        time: When the log took it.
        identity: Its statement identity.
        reason: A stable word, such as ``stale-assessment``.
        sentence: The fact, the rule and the next step.
    """

    index: int
    time: str
    identity: str
    reason: str
    sentence: str


def need(holds: object, reason: str, sentence: str) -> None:
    """Go on only where a rule holds.

    Raises:
        RefusedActError: It does not.
    """
    if not holds:
        raise RefusedActError(reason, sentence)
