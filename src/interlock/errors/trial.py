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


class BadLogError(InterlockError):
    """The log of another tool cannot be believed as it stands.

    Attributes:
        file: The file.
        member: The part of it at fault; empty where it is the whole file.
        reason: The fact, the rule and the next step.
    """

    code = "bad-log"

    def __init__(self, file: str, member: str, reason: str) -> None:
        super().__init__(file, member, reason)
        self.file, self.member, self.reason = file, member, reason

    def __str__(self) -> str:
        member = f" at {self.member}" if self.member else ""
        return f"{self.file} is refused{member}: {self.reason}"


class IncompleteRunError(InterlockError):
    """A run ended before everything it had planned was measured.

    Attributes:
        file: The log.
        expected: Samples it had planned; 0 where nobody knows.
        found: Samples that are there; 0 where they were not looked at.
        reason: How it ended.
    """

    code = "incomplete-run"

    def __init__(self, file: str, expected: int, found: int, reason: str) -> None:  # noqa: PLR0917 - the facts are the args, so that it pickles
        super().__init__(file, expected, found, reason)
        self.file, self.expected, self.found, self.reason = file, expected, found, reason

    def __str__(self) -> str:
        there = f"{self.found} of {self.expected} samples are there"
        counts = there if self.found else f"{self.expected} samples were planned"
        return (
            f"{self.file} is refused, its run is not whole: {self.reason}"
            f"{'; ' + counts if self.expected else ''}; finish the run, or import it with "
            "--allow-incomplete, where whatever is missing counts against passing"
        )


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


class PartFileError(InterlockError):
    """A file cannot be part of a system.

    Attributes:
        file: Its path as the manifest names it.
        reason: Why, and the next step.
    """

    code = "part-file"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return f"{self.file} {self.reason}"


class TargetError(InterlockError):
    """A system under trial gave no answer.

    Attributes:
        target: What was called.
        reason: What happened, and the next step.
        retryable: Whether the same call may succeed later.
    """

    code = "target"

    def __init__(self, target: str, reason: str, retryable: bool = False) -> None:
        super().__init__(target, reason, retryable)
        self.target, self.reason, self.retryable = target, reason, retryable

    def __str__(self) -> str:
        return f"{self.target} gave no answer: {self.reason}"
