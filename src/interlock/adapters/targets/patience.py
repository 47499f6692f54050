"""When to ask again, and after how long."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from random import Random

RETRIED = (408, 409, 429)
"""Statuses below 500 after which the same request may succeed: timeout, conflict, rate limit."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often a request is made, and how long is waited in between.

    Attributes:
        attempts: Requests at most, the first one included.
        unheard: Requests at most of an endpoint that has only kept silent so far: whoever waits
            for one that never was there waits for each of them to time out.
        first_s: Wait after the first failure; it doubles with each further one.
        longest_s: No wait is longer. Where a server asks for more, the call fails at once.
        rng: Scatters the waits, so that calls which failed together do not return together.
        sleep: Waits some seconds.
        seconds: A clock that only runs forward, for latencies.
    """

    attempts: int = 6
    unheard: int = 2
    first_s: float = 0.5
    longest_s: float = 60.0
    rng: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - scatters waits, hides nothing
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    seconds: Callable[[], float] = time.perf_counter

    def wait(self, failures: int, asked: float | None, *, heard: bool = True) -> float | None:
        """Seconds to wait after so many failures; None where there is no use in waiting.

        ``heard`` is false where an endpoint has only kept silent so far. The
        wait is between half and all of ``first_s * 2**(failures - 1)``, or what
        the server asked for and up to a tenth more.
        """
        most = self.attempts if heard else min(self.attempts, self.unheard)
        if failures >= most or (asked is not None and asked > self.longest_s):
            return None
        if asked is not None:
            return asked * (1 + self.rng.random() / 10)
        whole = min(self.longest_s, self.first_s * 2.0 ** (failures - 1))
        return whole * (1 + self.rng.random()) / 2


def retried(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the same request may succeed later, as far as status and headers tell."""
    told = headers.get("x-should-retry")
    if told in {"true", "false"}:
        return told == "true"
    return status in RETRIED or status >= 500


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to be left alone; None where it does not say.

    ``Retry-After`` is a number of seconds or a date (RFC 9110, 10.2.3); a date
    is read against the server's own ``Date``, whatever our clock says.
    """
    try:
        if "retry-after-ms" in headers:
            return _sane(float(headers["retry-after-ms"]) / 1000)
        stated = headers.get("Retry-After", "")
        if stated[:1].isalpha():
            then, now = parsedate_to_datetime(stated), parsedate_to_datetime(headers["Date"])
            return _sane((then - now).total_seconds())
        return _sane(float(stated)) if stated else None
    except (ValueError, TypeError, KeyError):
        return None


def _sane(seconds: float) -> float | None:
    return max(0.0, seconds) if math.isfinite(seconds) else None
