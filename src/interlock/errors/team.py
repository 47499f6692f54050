"""What a team's log can run into: services out of reach, witnesses and services that refuse."""

from interlock.errors.error import InterlockError


class UnavailableError(InterlockError):
    """Something on another machine cannot be reached, which says nothing about what was asked."""

    code = "unavailable"

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what, self.reason = what, reason

    def __str__(self) -> str:
        return (
            f"{self.what} cannot be reached: {self.reason}; this is no verdict. Whether an act "
            "that was being put on the log is there, `interlock ledger list` says once it is back: "
            "try again then"
        )


class UnpublishedError(UnavailableError):
    """An act has its place on a log and is not published, as the log's witness is out of reach."""

    code = "unpublished"

    def __str__(self) -> str:
        return (
            f"an act has its place on the log and is not published: {self.what} cannot be reached "
            f"({self.reason}); what it says nobody can see yet: have the witness answer again"
        )


class ServiceRefusedError(InterlockError):
    """A log service does not do what it was asked, for a reason of its own.

    Attributes:
        url: The service.
        reason: The code it gave.
        sentence: What it said.
    """

    code = "service-refused"

    def __init__(self, url: str, reason: str, sentence: str) -> None:
        super().__init__(url, reason, sentence)
        self.url, self.reason, self.sentence = url, reason, sentence

    def __str__(self) -> str:
        return f"the log service {self.url} refuses this ({self.reason}): {self.sentence}"


class TokenRefusedError(InterlockError):
    """A log service wants to see a token, and was shown none or another."""

    code = "token-refused"

    def __init__(self, url: str, file: str) -> None:
        super().__init__(url, file)
        self.url, self.file = url, file

    def __str__(self) -> str:
        return (
            f"the log service {self.url} takes requests with its token only; "
            f"ask who runs it, and put the token into {self.file}"
        )


class BadTokenError(InterlockError):
    """A file that is to hold a log service's token holds none.

    Attributes:
        file: The file.
        reason: What it holds instead.
    """

    code = "bad-token"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return (
            f"{self.file} holds no token: {self.reason}; write one line of printable ASCII into "
            "it, or delete it where the service is to ask for no token"
        )


class WitnessRefusedError(InterlockError):
    """A witness does not vouch for a checkpoint of the log."""

    code = "witness-refused"

    def __init__(self, witness: str, reason: str) -> None:
        super().__init__(witness, reason)
        self.witness, self.reason = witness, reason

    def __str__(self) -> str:
        return (
            f"the witness {self.witness} does not cosign the log: {self.reason}; "
            "nothing more is published until it does: compare the database with a member's copy"
        )


class BelowMinimumError(InterlockError):
    """A log is shorter than the root knows it to be, or begins otherwise."""

    code = "below-minimum"

    def __init__(self, origin: str, minimum: int, shown: int) -> None:
        super().__init__(origin, minimum, shown)
        self.origin, self.minimum, self.shown = origin, minimum, shown

    def __str__(self) -> str:
        other = "another beginning" if self.shown >= self.minimum else f"{self.shown} entries"
        return (
            f"{self.origin} has {self.minimum} entries that root.json pins, and what is shown has "
            f"{other}; it was rolled back or rewritten: believe none of it, and ask whoever "
            "holds the root keys for a recovery"
        )


class DamagedCopyError(InterlockError):
    """A member's copy of a team's log cannot be read.

    Attributes:
        file: The copy.
        reason: What is wrong with it.
    """

    code = "damaged-copy"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return (
            f"your copy of the team's log, {self.file}, is damaged: {self.reason}; delete the "
            "file, which is safe: it is fetched anew and held to what you have seen"
        )


class InvalidNoteKeyError(InterlockError):
    """A line is no verifier key of a signed note."""

    code = "invalid-note-key"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the verifier key is refused: {self.reason}; copy the whole line that "
            "`interlock witness create` or `interlock team create` printed"
        )


class UnnamedRecordError(InterlockError):
    """A record came with an act that does not name it."""

    code = "unnamed-record"

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest

    def __str__(self) -> str:
        return (
            f"neither the act nor a record it names speaks of the record {self.digest}; "
            "a log keeps only what its acts name: send the act with its own records"
        )


class UnsentRecordError(InterlockError):
    """An act names a record that neither came with it nor is on the log."""

    code = "unsent-record"

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest

    def __str__(self) -> str:
        return (
            f"the act names the record {self.digest}, which is neither sent with it nor kept "
            "already; nobody could check the act: send it again with its records"
        )


class BadRequestError(InterlockError):
    """A request to a log service is not one it understands."""

    code = "bad-request"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the request is refused: {self.reason}; use the client of the service's version"


class ForgetfulDatabaseError(InterlockError):
    """A database is set to forget what it has acknowledged."""

    code = "forgetful-database"

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting

    def __str__(self) -> str:
        return (
            f"the database runs with {self.setting}, so what it acknowledges can be lost when "
            "it stops; no log is kept on it: change the setting"
        )


class NoServiceError(InterlockError):
    """A folder is not one from which a log or a witness can be served."""

    code = "no-service"

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder, self.reason = folder, reason

    def __str__(self) -> str:
        return (
            f"{self.folder} cannot be served: {self.reason}; name the folder that "
            "`interlock team create` or `interlock witness create` printed"
        )
