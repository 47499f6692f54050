"""Arms and cells: each system with where it answers, and each single thing to be run on it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from interlock.ledger import canonical
from interlock.trial.bank import BankCase
from interlock.trial.case import Case, Turn
from interlock.trial.conversation import Request, Target


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One system of a trial.

    Attributes:
        name: What people call it.
        system: Its digest.
        target: Where it answers.
        system_prompt: The product's own prompt; empty for none.
        decoding: Settings, as the sealed manifest has them.
    """

    name: str
    system: str
    target: Target
    system_prompt: str = ""
    decoding: Mapping[str, float | int | str] = field(default_factory=dict)

    @cached_property
    def settings(self) -> str:
        """The decoding in its one spelling."""
        return canonical(dict(self.decoding)).decode()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One case, run once on one system.

    Attributes:
        arm: The system.
        case: The case.
        sealed: What the bank says of it: the metrics to be measured on it, its digest.
        epoch: Which repeat, from 0.
    """

    arm: Arm
    case: Case
    sealed: BankCase
    epoch: int

    def call(self, turn: int) -> str:
        """What the journal calls the call for the system's answer number ``turn``, from 0."""
        place = (self.arm.system, self.sealed.case, str(self.epoch), str(turn), self.arm.settings)
        return hashlib.sha256("\n".join(place).encode()).hexdigest()

    def request(self, said: Sequence[Turn]) -> Request:
        """The call that asks the system to answer the conversation so far."""
        return Request(
            turns=tuple(said),
            system_prompt=self.arm.system_prompt,
            decoding=self.arm.decoding,
            attachments=self.case.attachments,
            epoch=self.epoch,
        )

    def ruling(self, metric: str, judge: str) -> str:
        """What the journal calls that which a judge says of the last answer."""
        return hashlib.sha256(f"{self.call(0)}\n{metric}\n{judge}".encode()).hexdigest()


Cluster = tuple[tuple[BankCase, Case], ...]


def cells_of(cluster: Sequence[tuple[BankCase, Case]], arm: Arm, *, epochs: int) -> Iterator[Cell]:
    """Everything that is run on one arm for one cluster, always in the same order."""
    for sealed, case in sorted(cluster, key=lambda one: one[0].item):
        for epoch in range(epochs):
            yield Cell(arm=arm, case=case, sealed=sealed, epoch=epoch)


def answers_wanted(case: Case) -> tuple[int, ...]:
    """Positions of the turns of a case at which the system speaks next.

    The system answers at the end, and before a user's turn wherever another
    user's turn has gone unanswered: documents and tool results are read
    together with the turn that they follow or precede.
    """
    places: list[int] = []
    asked = False
    for k, turn in enumerate(case.turns):
        if turn.speaker == "user":
            if asked:
                places.append(k - 1)
            asked = True
        elif turn.speaker == "assistant":
            asked = False
    return (*places, len(case.turns) - 1)
