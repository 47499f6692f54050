"""Campaigns, findings and failure modes that cannot be worked with."""

from interlock.errors.error import InterlockError


class TooManyTextsError(InterlockError):
    """More texts are to be held against one another than can be.

    Attributes:
        found: How many there are.
        most: How many can be.
    """

    code = "too-many-texts"

    def __init__(self, found: int, most: int) -> None:
        super().__init__(found, most)
        self.found, self.most = found, most

    def __str__(self) -> str:
        return (
            f"{self.found} texts are too many to be held against one another, at most "
            f"{self.most} are; choose one category or one attack"
        )


class UnknownCampaignError(InterlockError):
    """Something of a campaign is asked for by a name that nothing has.

    Attributes:
        what: ``campaign``, ``failure mode`` or ``proposal``.
        name: The name.
        known: The names there are.
    """

    code = "unknown-campaign"

    def __init__(self, what: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(what, name, known)
        self.what, self.name, self.known = what, name, known

    def __str__(self) -> str:
        there = f"there are {', '.join(self.known)}" if self.known else "there is none yet"
        return f"no {self.what} is called {self.name!r}; {there}"


class CampaignError(InterlockError):
    """A finding or failure mode cannot be recorded as it is given.

    Attributes:
        name: The campaign or failure mode.
        reason: The fact, the rule and the next step.
    """

    code = "campaign"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return f"nothing was recorded for {self.name}: {self.reason}"


class RecordFolderError(InterlockError):
    """A kept record is not what its name says.

    Attributes:
        file: The file.
        reason: Why, and the next step.
    """

    code = "record-folder"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return f"{self.file} cannot be used: {self.reason}"
