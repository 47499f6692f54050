"""Files of people that say something that cannot be meant."""

from interlock.errors.error import InterlockError


class CharterError(InterlockError):
    """A charter or hypothesis file says something that cannot be meant."""

    code = "charter"

    def __init__(self, file: str, line: int, field: str, reason: str) -> None:  # noqa: PLR0917 - the facts are the args, so that it pickles
        super().__init__(file, line, field, reason)
        self.file, self.line, self.field, self.reason = file, line, field, reason

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}"
        return f"{where}, {self.field}: {self.reason}" if self.field else f"{where}: {self.reason}"
