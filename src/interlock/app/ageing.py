"""The age of evidence: from when it counts, and until when it can bear a GO."""

from collections.abc import Iterable

from interlock.admission import Run, State
from interlock.ledger import posix, utc

DAY_SECONDS = 24 * 60 * 60


def recorded_since(state: State, runs: Iterable[Run]) -> str:
    """When the oldest evidence of some runs was first recorded, under whichever seal that was.

    Args:
        state: What the log amounts to.
        runs: At least one run that counts.
    """
    return min(state.recorded[run.evidence] for run in runs)


def bears_until(recorded: str, days: int) -> str:
    """The last moment at which evidence can bear a GO; the log's rules count the same.

    Args:
        recorded: When the oldest of it was first recorded, RFC 3339 UTC seconds.
        days: For how many days evidence counts; over 0.
    """
    return utc(posix(recorded) + days * DAY_SECONDS)
