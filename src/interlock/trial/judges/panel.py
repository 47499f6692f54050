"""Panels of judges: several opinions of one answer, made one by a rule fixed before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from interlock.errors import BadJudgeError
from interlock.trial.case import Case, Turn
from interlock.trial.conversation import Judge, Ruling
from interlock.trial.judges.identity import identity_of

Counting = Literal["majority", "any"]


@dataclass(frozen=True)
class PanelJudge:
    """1 where most of its members flag the answer, or where any of them does.

    A member that gives nothing readable counts for neither side: where the
    others do not settle it, and where both sides are even, the panel gives
    nothing either.

    Attributes:
        members: Judges that give 0 or 1, at least two of them, each once.
        counting: What flags an answer.
        name: What the plan calls the panel.
    """

    members: tuple[Judge, ...]
    counting: Counting = "majority"
    name: str = ""
    identity: str = field(init=False)

    def __post_init__(self) -> None:
        """Name the panel by its members.

        Raises:
            BadJudgeError: It has fewer than two members, or one twice.
        """
        names = [member.identity for member in self.members]
        title = self.name or self.counting
        if len(names) < 2 or len(set(names)) < len(names):
            raise BadJudgeError(f"panel:{title}", "a panel has at least two members, each once")
        steered = {"members": sorted(names), "counting": self.counting}
        made = identity_of("panel", title, steered_by=steered)
        object.__setattr__(self, "identity", made)

    async def judge(self, case: Case, said: Sequence[Turn]) -> Ruling:
        """Ask every member, one after the other."""
        rulings = [await member.judge(case, said) for member in self.members]
        values = [ruling.value for ruling in rulings]
        strange = next((one for one in values if one not in {0.0, 1.0, None}), None)
        if strange is not None:
            return Ruling(value=None, reason=f"a member gave {strange:g}, which is neither 0 nor 1")
        yes, no = values.count(1.0), values.count(0.0)
        told = f"{yes} yes, {no} no, {len(values) - yes - no} unreadable"
        return Ruling(value=self._counted(yes, no), reason=told)

    def _counted(self, yes: int, no: int) -> float | None:
        members = len(self.members)
        most = members // 2 + 1
        enough, clear = (1, members) if self.counting == "any" else (most, most)
        if yes >= enough:
            return 1.0
        return 0.0 if no >= clear else None
