"""What a trial remembers, so that no answer is paid for twice: the form, without the disk."""

from dataclasses import dataclass
from typing import Protocol

from interlock.trial.conversation import Answer, Ruling


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is known of a call without its text.

    Attributes:
        ref: Keyed digest of the answer's text; None where the call failed.
        tokens_out: Tokens of the answer; None where the endpoint did not say.
        latency_ms: In milliseconds; None where nobody measured it.
        failure: Why there is no answer; empty where there is one.
    """

    ref: str | None
    tokens_out: int | None
    latency_ms: float | None
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What all sessions of a trial came to so far.

    Attributes:
        calls: Calls that were begun.
        answered: Calls that were answered.
        failed: Calls that ended without an answer.
        open: Calls that were begun and never ended: under way now, or cut off by a kill, made
            again, and perhaps paid for twice.
        tokens: Tokens sent and received, as far as the endpoints told.
        rulings: What judges said.
    """

    calls: int
    answered: int
    failed: int
    open: int
    tokens: int
    rulings: int


class Journal(Protocol):
    """Where calls and rulings are kept; what a coroutine here returned is on disk."""

    def outcome(self, call: str) -> Outcome | None:
        """What came of a call; None where it never ended."""
        ...

    def text(self, ref: str) -> str | None:
        """An answer's text; None where it was erased."""
        ...

    def ruling(self, name: str) -> Ruling | None:
        """What a judge said; None where it was not asked."""
        ...

    def totals(self) -> Totals:
        """What all sessions came to so far."""
        ...

    async def begin(self, call: str) -> None:
        """Remember that a call is about to be sent."""
        ...

    async def keep(self, call: str, answer: Answer) -> None:
        """Remember an answer."""
        ...

    async def fail(self, call: str, reason: str) -> None:
        """Remember that a call ended without an answer."""
        ...

    async def rule(self, name: str, ruling: Ruling) -> None:
        """Remember what a judge said."""
        ...
