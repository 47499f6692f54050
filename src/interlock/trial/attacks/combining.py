"""Attacks by name, one inside another, and many tries of each."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from interlock.errors import AttackError, UnknownAttackError
from interlock.trial.attacks.catalogue import ATTACKS
from interlock.trial.case import Case, Turn
from interlock.trial.conversation import Attack

JOINT = "+"


@dataclass(frozen=True)
class Combined:
    """Attacks around one another; the first is the innermost. Fulfils `interlock.trial.Attack`."""

    parts: tuple[Attack, ...]

    @property
    def name(self) -> str:
        """The names of the parts, joined."""
        return JOINT.join(one.name for one in self.parts)

    @property
    def version(self) -> str:
        """The versions of the parts, joined."""
        return JOINT.join(one.version for one in self.parts)

    @property
    def owasp(self) -> tuple[str, ...]:
        """Every entry of any part, sorted."""
        return tuple(sorted({entry for one in self.parts for entry in one.owasp}))

    @property
    def atlas(self) -> tuple[str, ...]:
        """Every technique of any part, sorted."""
        return tuple(sorted({entry for one in self.parts for entry in one.atlas}))

    def apply(self, case: Case, *, seed: int) -> Case:
        """The case in all of the disguises.

        Raises:
            AttackError: What a part makes of it is no case.
        """
        for one in self.parts:
            case = one.apply(case, seed=seed)
        return case

    def recover(self, case: Case) -> str | None:
        """What is said under all of the disguises; None where one of them has no way back."""
        said: str | None = None
        for one in reversed(self.parts):
            said = one.recover(case)
            if said is None:
                return None
            case = dataclasses.replace(case, turns=(Turn(speaker="user", text=said),))
        return said


def attack_named(name: str, *, among: Mapping[str, Attack] = ATTACKS) -> Attack:
    """The attack of a name, or the combination that names joined by ``+`` ask for.

    Args:
        name: Such as ``role-play`` or ``role-play+base64``, the innermost first.
        among: The attacks there are; a plan's plug-ins are added to ours here.

    Raises:
        UnknownAttackError: A name is none of theirs.
    """
    parts = name.split(JOINT)
    strange = next((one for one in parts if one not in among), None)
    if strange is not None:
        raise UnknownAttackError(strange, tuple(sorted(among)))
    return among[name] if len(parts) == 1 else Combined(tuple(among[one] for one in parts))


def disguise(
    cases: Iterable[Case],
    names: Sequence[str],
    *,
    seed: int,
    tries: int = 1,
    among: Mapping[str, Attack] = ATTACKS,
) -> Iterator[Case]:
    """Every case under every attack, in order; tries of one behaviour stay in its cluster.

    Args:
        cases: What is disguised; they are not part of what comes out.
        names: Attacks, see `attack_named`.
        seed: Fixes every choice.
        tries: How often each attack is put to each case, with seeds that follow one another.
            A try after the first has its number in its name: ``+role-play.2``.
        among: The attacks there are.

    Raises:
        UnknownAttackError: A name is no attack.
        AttackError: There are no tries, or what an attack makes of a case is no case.
    """
    attacks = [attack_named(name, among=among) for name in names]
    if tries < 1:
        raise AttackError(", ".join(names), f"{tries} tries are none; ask for at least one")
    for case in cases:
        for one in attacks:
            for turn in range(tries):
                yield _numbered(one.apply(case, seed=seed + turn), turn + 1)


def _numbered(case: Case, number: int) -> Case:
    return case if number == 1 else dataclasses.replace(case, id=f"{case.id}.{number}")
