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


class PairedTwiceError(InterlockError):
    """One arm holds the same (metric, item, epoch) twice.

    Attributes:
        file: What the arm is called: its file, or its system.
        item: The item.
        row: The later of the two data rows, counted from 1.
    """

    code = "paired-twice"

    def __init__(self, file: str, item: str, row: int) -> None:
        super().__init__(file, item, row)
        self.file, self.item, self.row = file, item, row

    def __str__(self) -> str:
        return (
            f"row {self.row} of {self.file} repeats item {self.item!r} of the same metric "
            "and epoch; a copied row is no further evidence: remove it, or give repeats their epoch"
        )


class ConflictingItemError(InterlockError):
    """An item has two clusters, or two values of one slice."""

    code = "conflicting-item"

    def __init__(self, item: str, column: str) -> None:
        super().__init__(item, column)
        self.item, self.column = item, column

    def __str__(self) -> str:
        return (
            f"item {self.item!r} has two values of {self.column} within one metric; an item has "
            f"one, in both arms and every epoch: correct {self.column}, or name the items apart"
        )


class NotANumberError(InterlockError):
    """A scored value is NaN or infinite.

    Attributes:
        file: What the arm is called: its file, or its system.
        item: The item.
        row: The data row, counted from 1.
    """

    code = "not-a-number"

    def __init__(self, file: str, item: str, row: int) -> None:
        super().__init__(file, item, row)
        self.file, self.item, self.row = file, item, row

    def __str__(self) -> str:
        return (
            f"row {self.row} of {self.file} (item {self.item!r}) is scored but its value is "
            "no finite number; correct it, or give it the status unscored or error"
        )


class OutOfRangeError(InterlockError):
    """A scored value lies outside the range declared for its metric.

    Attributes:
        file: What the arm is called: its file, or its system.
        metric: The metric.
        item: The item.
        row: The data row, counted from 1.
    """

    code = "out-of-range"

    def __init__(self, file: str, metric: str, place: tuple[str, int]) -> None:
        super().__init__(file, metric, place)
        self.file, self.metric = file, metric
        self.item, self.row = place

    def __str__(self) -> str:
        return (
            f"row {self.row} of {self.file} (item {self.item!r}) has a value outside the "
            f"range of {self.metric}; every bound rests on that range: correct the value, or "
            "declare the range the metric really has"
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


class UnderpoweredError(InterlockError):
    """A hypothesis would probably stay undecided even if it is true.

    Attributes:
        power: The chance that every criterion passes, if the assumed truth holds.
        needed: The chance that a confirmatory hypothesis must have.
        clusters: Clusters a criterion that would reach it; ``None`` if none up to the limit does.
    """

    code = "underpowered"

    def __init__(self, power: float, needed: float, clusters: int | None) -> None:
        super().__init__(power, needed, clusters)
        self.power, self.needed, self.clusters = power, needed, clusters

    def __str__(self) -> str:
        way = (
            "no sample within reach would do: assume a candidate farther from its limits"
            if self.clusters is None
            else f"plan {self.clusters} clusters a criterion"
        )
        return (
            f"the hypothesis would pass with a chance of {self.power:.2f} even if it is true; a "
            f"confirmatory one needs {self.needed:.2f}: {way}, or seal it as exploratory"
        )


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
        return f"the public key is refused: {self.reason}; create another with `interlock key new`"


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


class CharterError(InterlockError):
    """A charter or hypothesis file says something that cannot be meant."""

    code = "charter"

    def __init__(self, file: str, line: int, field: str, reason: str) -> None:
        super().__init__(file, line, field, reason)
        self.file, self.line, self.field, self.reason = file, line, field, reason

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}"
        return f"{where}, {self.field}: {self.reason}" if self.field else f"{where}: {self.reason}"


class LogMovedError(InterlockError):
    """The log grew between reading it and appending to it."""

    code = "log-moved"

    def __init__(self, expected: int, size: int) -> None:
        super().__init__(expected, size)
        self.expected, self.size = expected, size

    def __str__(self) -> str:
        return (
            f"the log has {self.size} entries, not {self.expected}: somebody else appended; "
            "read it again and decide again"
        )


class LogMissingError(InterlockError):
    """There is no log where one was expected."""

    code = "log-missing"

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place

    def __str__(self) -> str:
        return f"there is no log at {self.place}; run `interlock init` or restore a backup"


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


class EntryRefusedError(InterlockError):
    """One entry of the log is not one the log could have taken."""

    code = "entry-refused"

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(index, reason)
        self.index, self.reason = index, reason

    def __str__(self) -> str:
        return f"entry {self.index} of the log does not hold: {self.reason}"


class RecordMissingError(InterlockError):
    """A record is not stored under its digest."""

    code = "record-missing"

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest

    def __str__(self) -> str:
        return (
            f"no record with digest {self.digest} is stored, or it was altered; "
            "restore it from a backup or from who wrote it"
        )


class KeyNameError(InterlockError):
    """A name cannot name a key file."""

    code = "key-name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return (
            f"{self.name!r} cannot name a key; use up to 64 lower-case letters, "
            "digits, dots, hyphens and underscores, a letter or digit first"
        )


class KeyTakenError(InterlockError):
    """A key of this name exists already."""

    code = "key-taken"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"a key named {self.name} exists and is never overwritten; choose another name"


class KeyMissingError(InterlockError):
    """No key of this name is in the user's key directory."""

    code = "key-missing"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"there is no key named {self.name}; create it with `interlock key new {self.name}`"


class WrongPassphraseError(InterlockError):
    """A key file does not open with the passphrase given."""

    code = "wrong-passphrase"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return (
            f"the key {self.name} does not open with this passphrase; "
            "a key file must have one: try again"
        )


class LogRolledBackError(InterlockError):
    """A log shows less, or something else, than it has shown before."""

    code = "log-rolled-back"

    def __init__(self, origin: str, seen: int, shown: int) -> None:
        super().__init__(origin, seen, shown)
        self.origin, self.seen, self.shown = origin, seen, shown

    def __str__(self) -> str:
        shown = "another tree" if self.shown == self.seen else f"{self.shown} entries"
        return (
            f"{self.origin} has shown {self.seen} entries and now shows {shown}; "
            "a log only grows: restore the newest backup, and have the root keys sign a recovery"
        )


class RestoreRefusedError(InterlockError):
    """A backup may not replace the log."""

    code = "restore-refused"

    def __init__(self, size: int, backup: int) -> None:
        super().__init__(size, backup)
        self.size, self.backup = size, backup

    def __str__(self) -> str:
        return (
            f"the log is whole and has {self.size} entries, the backup {self.backup}; "
            "a restore would lose statements or change nothing: keep the log"
        )


class NotEnoughDataError(InterlockError):
    """There is too little to count: no data is not a value of zero."""

    code = "not-enough-data"

    def __init__(self, name: str, found: int, needed: int) -> None:
        super().__init__(name, found, needed)
        self.name, self.found, self.needed = name, found, needed

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.found} found, at least {self.needed} needed; "
            "too little evidence is never an estimate: record more trials"
        )


class NotEstimableError(InterlockError):
    """A quantity has no meaning on this evidence, however much of it there is."""

    code = "not-estimable"

    def __init__(self, quantity: str, reason: str) -> None:
        super().__init__(quantity, reason)
        self.quantity, self.reason = quantity, reason

    def __str__(self) -> str:
        return (
            f"the {self.quantity} is not estimable: {self.reason}; "
            "judge another quantity, or record trials on which it is defined"
        )


class ValueOutOfRangeError(InterlockError):
    """A number handed to an estimator lies outside the range it may take."""

    code = "value-out-of-range"

    def __init__(self, name: str, value: float, allowed: tuple[float, float]) -> None:
        super().__init__(name, value, allowed)
        self.name, self.value, self.allowed = name, value, allowed

    def __str__(self) -> str:
        low, high = self.allowed
        return (
            f"{self.name} is {self.value:g}, but must be a number from {low:g} to {high:g}; "
            "correct the value or declare the range that it has"
        )


class MismatchedShapesError(InterlockError):
    """Columns that belong together do not have the shape they must have."""

    code = "mismatched-shapes"

    def __init__(self, name: str, shape: tuple[int, ...], wanted: str) -> None:
        super().__init__(name, shape, wanted)
        self.name, self.shape, self.wanted = name, shape, wanted

    def __str__(self) -> str:
        return f"{self.name} has the shape {self.shape}, not {self.wanted}; pass one entry a row"


class AlphaSpentError(InterlockError):
    """A claim was tried so often that nothing is left to spend on another try.

    Attributes:
        attempt: The attempt that finds nothing left.
        alpha: What the whole lineage had.
    """

    code = "alpha-spent"

    def __init__(self, attempt: int, alpha: float) -> None:
        super().__init__(attempt, alpha)
        self.attempt, self.alpha = attempt, alpha

    def __str__(self) -> str:
        return (
            f"attempt {self.attempt} at this claim finds nothing left of its alpha of "
            f"{self.alpha:g}; tries of one claim against one baseline share it: a new baseline "
            "starts a new lineage"
        )


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
        return f"refused ({self.reason}): {self.sentence}"


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


class UnassumedMetricError(InterlockError):
    """A plan assumes nothing of a metric that is judged."""

    code = "unassumed-metric"

    def __init__(self, metric: str) -> None:
        super().__init__(metric)
        self.metric = metric

    def __str__(self) -> str:
        return (
            f"nothing is assumed of {self.metric}; power is the chance to pass under an assumed "
            f"truth: state the baseline's and the candidate's {self.metric}"
        )
