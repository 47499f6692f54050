"""Records that break the rules of their form."""

from interlock.errors.error import InterlockError


class InvalidRecordError(InterlockError):
    """A record breaks the rule of its kind."""

    code = "invalid-record"

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind, self.reason = kind, reason

    def __str__(self) -> str:
        return f"this is no valid {self.kind}: {self.reason}; correct the field and try again"


class InvalidFieldError(InvalidRecordError):
    """One field of a record breaks the rule of its kind."""

    code = "invalid-field"

    def __init__(self, kind: str, field: str, reason: str) -> None:
        Exception.__init__(self, kind, field, reason)
        self.kind, self.field, self.reason = kind, field, reason

    def __str__(self) -> str:
        return (
            f"this is no valid {self.kind}: {self.field}: {self.reason}; correct it and try again"
        )


class UnknownKindError(InterlockError):
    """A record names a kind that this version does not know."""

    code = "unknown-kind"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return (
            f"records of kind {self.kind!r} are unknown to this version; "
            "an old reader must not guess: upgrade interlock and try again"
        )


class StrictJsonError(InterlockError):
    """Bytes that must be canonical JSON are not."""

    code = "strict-json"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the JSON is refused: {self.reason}; "
            "only canonical JSON (RFC 8785) without duplicate keys is accepted"
        )


class NoTruthValueError(InterlockError):
    """An outcome was used as if it were true or false."""

    code = "no-truth-value"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return (
            f"a {self.kind} is neither true nor false: it passed, failed, or is undecided; "
            "compare its outcome with one of the three words"
        )
