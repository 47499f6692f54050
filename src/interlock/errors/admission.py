"""Acts that break a rule, and decisions that do not hold."""

from interlock.errors.error import InterlockError


class RefusedActError(InterlockError):
    """A governance act breaks a rule, and so may not go on the log or has no effect there.

    Attributes:
        reason: A stable word, such as ``stale-assessment``.
        sentence: The fact, the rule and the next step.
    """

    code = "refused-act"

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(reason, sentence)
        self.reason, self.sentence = reason, sentence

    def __str__(self) -> str:
        return f"{self.reason}: {self.sentence}"


class UnknownActError(RefusedActError):
    """The log holds an act this version does not know, so no state can be trusted."""

    code = "unknown-act"

    def __init__(self, kind: str) -> None:
        super().__init__(
            "unknown-act",
            f"{kind!r} is no act this version knows, and ignoring one could hide a revocation; "
            "upgrade interlock and read the log again",
        )
        self.args = (kind,)
        self.kind = kind


class DoesNotHoldError(InterlockError):
    """A decision does not allow the release now.

    Attributes:
        decision: Statement identity of the decision.
        reason: A stable word, such as ``expired``.
        sentence: The fact, the rule and the next step.
    """

    code = "does-not-hold"

    def __init__(self, decision: str, reason: str, sentence: str) -> None:
        super().__init__(decision, reason, sentence)
        self.decision, self.reason, self.sentence = decision, reason, sentence

    def __str__(self) -> str:
        return f"decision {self.decision[:12]} does not hold ({self.reason}): {self.sentence}"


class InvalidBundleError(InterlockError):
    """A file is not a bundle as Interlock exports them."""

    code = "invalid-bundle"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the bundle is refused: {self.reason}; ask for a new one (`interlock export`)"


class BundleRefusedError(InterlockError):
    """A bundle does not show that its decision holds."""

    code = "bundle-refused"

    def __init__(self, file: str, reason: str, sentence: str) -> None:
        super().__init__(file, reason, sentence)
        self.file, self.reason, self.sentence = file, reason, sentence

    def __str__(self) -> str:
        return f"{self.file} does not hold ({self.reason}): {self.sentence}"
