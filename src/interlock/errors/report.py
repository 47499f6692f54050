"""Reports that cannot be written where they were asked for."""

from interlock.errors.error import InterlockError


class NotAReportError(InterlockError):
    """A report would replace something that no report put there."""

    code = "not-a-report"

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder, self.reason = folder, reason

    def __str__(self) -> str:
        return (
            f"{self.folder} is no place for a report: {self.reason}; a report replaces its whole "
            "folder, so name one that is new, empty, or was written by `interlock report`"
        )
