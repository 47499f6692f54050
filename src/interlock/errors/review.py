"""Assessments that cannot be signed, and copies of them that cannot be believed."""

from interlock.errors.error import InterlockError


class UnsignableError(InterlockError):
    """A document would get the digest that a panel signs although something in it is open.

    Attributes:
        blanks: Everything that is open, each with its field and the next step.
    """

    code = "unsignable"

    def __init__(self, blanks: tuple[str, ...]) -> None:
        super().__init__(blanks)
        self.blanks = blanks

    def __str__(self) -> str:
        listed = "".join(f"\n  {blank}" for blank in self.blanks)
        return (
            f"the assessment is not complete, and only a complete one gets the digest that a panel "
            f"signs; {len(self.blanks)} things are missing:{listed}"
        )


class AlteredCopyError(InterlockError):
    """A copy of an assessment is not what the panel signed.

    Attributes:
        field: The field that is wrong; empty where it is the copy as a whole.
        reason: What is wrong with it.
    """

    code = "altered-copy"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason

    def __str__(self) -> str:
        where = f"field {self.field} of the copy" if self.field else "the copy"
        return (
            f"{where} does not hold: {self.reason}; believe nothing in it, and ask whoever "
            "keeps the log for another with `interlock assess redact`"
        )
