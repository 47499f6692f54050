"""Looking at attacks: which there are, and what one makes of a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from interlock.trial import Attack, Case, Turn
from interlock.trial.attacks import ATTACKS, Disguise, attack_named, load_translation


@dataclass(frozen=True, kw_only=True)
class Disguised:
    """A text under an attack.

    Attributes:
        attack: The attack.
        case: What would be sent.
        recovered: What its decoder reads out of it; None where it has none.
    """

    attack: Attack
    case: Case
    recovered: str | None


def list_attacks() -> tuple[Disguise, ...]:
    """The attacks that come with the product, in the order in which they are listed."""
    return tuple(ATTACKS.values())


def show_attack(name: str) -> tuple[Disguise, ...]:
    """The attack of a name; of a combination each part, the innermost first.

    Raises:
        UnknownAttackError: A name is no attack.
    """
    attack_named(name)
    return tuple(ATTACKS[part] for part in name.split("+"))


def apply_attack(name: str, text: str, *, seed: int, translations: Path | None = None) -> Disguised:
    """Put a text in a disguise, and read it back.

    Args:
        name: An attack, or several joined by ``+``, the innermost first.
        text: What is asked for.
        seed: Fixes every choice.
        translations: A file of translations, whose attack may be named as well.

    Raises:
        UnknownAttackError: A name is no attack.
        AttackError: The text has no translation.
        CharterError: The file is none of translations.
    """
    among: Mapping[str, Attack] = ATTACKS
    if translations is not None:
        given = load_translation(translations.read_bytes(), file=str(translations))
        among = {**ATTACKS, given.name: given}
    attack = attack_named(name, among=among)
    plain = Case(
        id="text",
        cluster="text",
        metrics=("harm",),
        turns=(Turn(speaker="user", text=text),),
        intent=text,
    )
    made = attack.apply(plain, seed=seed)
    return Disguised(attack=attack, case=made, recovered=attack.recover(made))
