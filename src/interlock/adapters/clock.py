"""The machine's clock."""

import time
from typing import Protocol

from interlock.ledger import utc


class Clock(Protocol):
    """Whoever tells the time."""

    def now(self) -> str:
        """The time as UTC seconds, ``2026-11-21T21:52:51Z``."""


class SystemClock:
    """Wall-clock time of this machine."""

    def now(self) -> str:
        """The time as UTC seconds, ``2026-11-21T21:52:51Z``."""
        return utc(int(time.time()))
