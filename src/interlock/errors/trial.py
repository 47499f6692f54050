"""Files of results, evidence and texts that cannot be used."""

from interlock.errors.error import InterlockError


class BadTableError(InterlockError):
    """A file as a whole is no table of observations."""

    code = "bad-table"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return f"{self.file} is refused: {self.reason}"


class BadRowError(InterlockError):
    """One row of a file is no observation.

    Attributes:
        file: The file.
        row: The row as people count records: from 1, the header not counted.
        column: The column at fault; empty where it is the whole row.
        reason: The fact, the rule and the next step.
    """

    code = "bad-row"

    def __init__(self, file: str, row: int, column: str, reason: str) -> None:  # noqa: PLR0917 - the facts are the args, so that it pickles
        super().__init__(file, row, column, reason)
        self.file, self.row, self.column, self.reason = file, row, column, reason

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f"{self.file} is refused at row {self.row}{column}: {self.reason}"


class DuplicateRowError(BadRowError):
    """The same thing was measured twice in one file."""

    code = "duplicate-row"


class EvidenceError(InterlockError):
    """Stored evidence is absent, or is not what its name says."""

    code = "evidence"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return f"evidence {self.name[:12]} cannot be used: {self.reason}"


class NoTextError(InterlockError):
    """A prompt or completion is not there to be read."""

    code = "no-text"

    def __init__(self, ref: str, reason: str) -> None:
        super().__init__(ref, reason)
        self.ref, self.reason = ref, reason

    def __str__(self) -> str:
        return f"the text {self.ref[:12]} cannot be shown: {self.reason}"
