"""Attacks that cannot be used, or do not keep what every attack promises."""

from interlock.errors.error import InterlockError


class UnknownAttackError(InterlockError):
    """An attack is asked for by a name that none has.

    Attributes:
        name: The name.
        known: The names there are.
    """

    code = "unknown-attack"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name, self.known = name, known

    def __str__(self) -> str:
        return (
            f"there is no attack {self.name!r}; there are {', '.join(self.known)}, and "
            "combinations such as role-play+base64, the innermost first"
        )


class AttackError(InterlockError):
    """An attack cannot disguise a case, or does not do as every attack must.

    Attributes:
        attack: Its name.
        reason: The fact, the rule and the next step.
    """

    code = "attack"

    def __init__(self, attack: str, reason: str) -> None:
        super().__init__(attack, reason)
        self.attack, self.reason = attack, reason

    def __str__(self) -> str:
        return f"the attack {self.attack} cannot be used: {self.reason}"
