"""Statements, signatures, proofs and logs that show less than they claim."""

from interlock.errors.error import InterlockError


class InvalidTimeError(InterlockError):
    """A time is not written as RFC 3339 UTC seconds."""

    code = "invalid-time"

    def __init__(self, time: str) -> None:
        super().__init__(time)
        self.time = time

    def __str__(self) -> str:
        return f"{self.time!r} is no time; write UTC seconds, such as 2026-11-21T21:52:51Z"


class InvalidKeyError(InterlockError):
    """A public key is one that proves nothing."""

    code = "invalid-key"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the public key is refused: {self.reason}; "
            "make another with `interlock person request`"
        )


class InvalidStatementError(InterlockError):
    """A payload is not a statement as Interlock writes them."""

    code = "invalid-statement"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the statement is refused: {self.reason}; "
            "only an in-toto Statement v1 with a versioned predicate is accepted: sign it again"
        )


class InvalidEnvelopeError(InterlockError):
    """Bytes are not a signed envelope as Interlock writes them."""

    code = "invalid-envelope"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the envelope is refused: {self.reason}; "
            "only a canonical DSSE envelope is accepted: present the bytes that were signed"
        )


class InvalidProofError(InterlockError):
    """A Merkle proof does not show what it is said to show."""

    code = "invalid-proof"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the proof does not hold: {self.reason}; ask the log for a new one"


class InvalidCheckpointError(InterlockError):
    """A checkpoint note is malformed, or not signed as the root demands."""

    code = "invalid-checkpoint"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the checkpoint is refused: {self.reason}; "
            "a checkpoint needs the log's signature and its witness's cosignature, "
            "so ask the log for its newest one"
        )


class EntryRefusedError(InterlockError):
    """One entry of the log is not one the log could have taken."""

    code = "entry-refused"

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(index, reason)
        self.index, self.reason = index, reason

    def __str__(self) -> str:
        return (
            f"entry {self.index} of the log does not hold: {self.reason}; "
            "the log could not have taken it: restore the newest backup"
        )


class LogTruncatedError(InterlockError):
    """Entries that a checkpoint promises are gone."""

    code = "log-truncated"

    def __init__(self, size: int, promised: int) -> None:
        super().__init__(size, promised)
        self.size, self.promised = size, promised

    def __str__(self) -> str:
        return (
            f"the log holds {self.size} entries where its checkpoint promises {self.promised}: "
            "statements were removed; restore the newest backup"
        )


class LogRewrittenError(InterlockError):
    """The entries are not those that a checkpoint promises."""

    code = "log-rewritten"

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def __str__(self) -> str:
        return (
            f"the first {self.size} entries do not have the root hash their checkpoint promises: "
            "statements were changed; restore the newest backup"
        )


class LogUnsignedError(InterlockError):
    """The log holds entries beyond its newest checkpoint."""

    code = "log-unsigned"

    def __init__(self, promised: int) -> None:
        super().__init__(promised)
        self.promised = promised

    def __str__(self) -> str:
        return (
            f"the log holds entries beyond the {self.promised} of its newest checkpoint: "
            "they were not appended by the log; restore the newest backup"
        )
