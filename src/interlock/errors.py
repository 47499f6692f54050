"""Every error the product raises on purpose, each with a stable code."""


class InterlockError(Exception):
    """Something the product refuses to do, said in words a user can act on.

    Subclasses set ``code`` (stable, documented) and keep their facts both as
    attributes and as ``args``, so that an error survives pickling. The message
    states the fact, the rule and the next step.
    """

    code = "interlock"


class InvalidRecordError(InterlockError):
    """A record breaks the rule of its kind."""

    code = "invalid-record"

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind, self.reason = kind, reason

    def __str__(self) -> str:
        return f"this is no valid {self.kind}: {self.reason}; correct the field and try again"


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
