"""The seams of a trial: what answers, what disguises, and what judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from interlock.trial.case import Attachment, Case, Turn


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call of a system.

    Attributes:
        turns: The conversation so far; the last turn is to be answered.
        system_prompt: The product's own prompt; empty for none.
        decoding: Settings such as ``temperature``, ``top_p``, ``max_tokens``, ``seed``, as the
            sealed manifest has them.
        attachments: Files sent with the first turn.
        logprobs: Whether the log-probabilities of the tokens are asked for.
        epoch: Which repeat of its case it belongs to, from 0. No endpoint is told.
    """

    turns: tuple[Turn, ...]
    system_prompt: str = ""
    decoding: Mapping[str, float | int | str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    logprobs: bool = False
    epoch: int = 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a system gave back.

    Attributes:
        text: The completion.
        tokens_in: Tokens of the request; None where the endpoint does not say.
        tokens_out: Tokens of the completion.
        latency_ms: From sending to the last byte, in milliseconds.
        finish: Why it ended, as the endpoint says: ``stop``, ``length``, ...
        model: What the endpoint says that answered.
        logprobs: Natural log of each completion token's chance, where asked for and given.
    """

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_ms: float | None = None
    finish: str = ""
    model: str = ""
    logprobs: tuple[float, ...] = ()


class Target(Protocol):
    """Where a system answers."""

    async def answer(self, request: Request) -> Answer:
        """Answer once; retries are the target's own affair.

        Raises:
            TargetError: No answer could be had; the row is an error and not a refusal.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a judge says of one answer.

    Attributes:
        value: In the metric's unit; None where the judge gave nothing that can be read.
        reason: Why it is none, or what was found, in few words.
    """

    value: float | None
    reason: str = ""


class Judge(Protocol):
    """Scores answers on one metric, without knowing which arm they came from."""

    @property
    def identity(self) -> str:
        """``kind:name/version#digest``; see `interlock.trial.protocol.Identity`."""
        ...

    async def judge(self, case: Case, said: Sequence[Turn]) -> Ruling:
        """Score the conversation ``said``, which ends with the system's answer."""
        ...


class Attack(Protocol):
    """A disguise of a request, the same for the same seed."""

    @property
    def name(self) -> str:
        """Value of the slice ``attack``."""
        ...

    @property
    def version(self) -> str:
        """Grows whenever the same seed would give something else."""
        ...

    @property
    def owasp(self) -> tuple[str, ...]:
        """Entries of the OWASP Top 10 for LLM Applications, such as ``LLM01:2025``."""
        ...

    @property
    def atlas(self) -> tuple[str, ...]:
        """Techniques of MITRE ATLAS, such as ``AML.T0054``."""
        ...

    def apply(self, case: Case, *, seed: int) -> Case:
        """The same case in disguise: other turns and id, the same cluster and intent."""
        ...

    def recover(self, case: Case) -> str | None:
        """The request back out of its disguise; None where it has no decoder."""
        ...


Finish = Literal["complete", "stopped", "budget"]
"""How a trial ended: at its cap, by its sealed rule, or because the budget was spent."""
