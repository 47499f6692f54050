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
        return (
            f"your own directory holds no key named {self.name} for this log; let its owner act, "
            f"or ask to be enrolled with `interlock person request {self.name}`"
        )


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

    def __init__(self, file: str, row: int, column: str, reason: str) -> None:
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


class NoWorkspaceError(InterlockError):
    """There is no workspace where one is needed."""

    code = "no-workspace"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return (
            f"there is no workspace at or above {self.folder}; "
            "make one with `interlock init DIR`, or name one with `--workspace DIR`"
        )


class WorkspaceTakenError(InterlockError):
    """A workspace would be made in a folder that holds something."""

    code = "workspace-taken"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"{self.folder} is not empty; name a folder that is, or that does not exist"


class NotHolderError(InterlockError):
    """Somebody without the log's keys would append to it."""

    code = "not-holder"

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin

    def __str__(self) -> str:
        return (
            f"your own directory does not hold the keys of the log {self.origin}, so you can read "
            "it and not append; act where its keys are, or set INTERLOCK_HOME to their directory"
        )


class NoCharterError(InterlockError):
    """Something needs a charter, and none is in force."""

    code = "no-charter"

    def __str__(self) -> str:
        return "no charter is in force; put one there with `interlock charter adopt`"


class NotOnLogError(InterlockError):
    """A name stands for nothing that counts on the log."""

    code = "not-on-log"

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(name, wanted)
        self.name, self.wanted = name, wanted

    def __str__(self) -> str:
        return (
            f"{self.name!r} names no {self.wanted} that counts on this log; give at least six "
            "digits of its identity (`interlock ledger list` shows them all)"
        )


class AmbiguousNameError(InterlockError):
    """A shortened identity fits more than one act."""

    code = "ambiguous-name"

    def __init__(self, name: str, count: int) -> None:
        super().__init__(name, count)
        self.name, self.count = name, count

    def __str__(self) -> str:
        return f"{self.name!r} begins {self.count} identities; give more of its digits"


class UnnamedSystemError(InterlockError):
    """A hypothesis to be sealed does not say which systems it speaks of."""

    code = "unnamed-system"

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return (
            f"{self.file}: a seal needs a product, a baseline and candidates, and for each system "
            "a manifest systems/NAME.yaml; write what is missing and seal again"
        )


class UnplannedError(InterlockError):
    """A confirmatory hypothesis would be sealed without anyone having asked for its power."""

    code = "unplanned"

    def __init__(self, hypothesis: str) -> None:
        super().__init__(hypothesis)
        self.hypothesis = hypothesis

    def __str__(self) -> str:
        return (
            f"{self.hypothesis} is confirmatory, and nobody has said what it assumes: give "
            "--assume METRIC=BEFORE:AFTER and --clusters N, or seal it as exploratory"
        )


class MissingRunError(InterlockError):
    """A seal would be judged without the evidence it needs."""

    code = "missing-run"

    def __init__(self, seal: str, arm: str) -> None:
        super().__init__(seal, arm)
        self.seal, self.arm = seal, arm

    def __str__(self) -> str:
        return (
            f"seal {self.seal[:12]} has no run of its {self.arm}; nothing judged is nothing "
            "passed: record one with `interlock import FILE --seal ID --system NAME`"
        )


class ForeignSystemError(InterlockError):
    """Evidence would be recorded for a system that its seal does not name."""

    code = "foreign-system"

    def __init__(self, system: str, named: tuple[str, ...]) -> None:
        super().__init__(system, named)
        self.system, self.named = system, named

    def __str__(self) -> str:
        return f"the seal names no system {self.system!r}; it names {', '.join(self.named)}"


class ChangedSystemError(InterlockError):
    """A system's manifest is not the one that was sealed or decided on."""

    code = "changed-system"

    def __init__(self, system: str, named: str, found: str) -> None:
        super().__init__(system, named, found)
        self.system, self.named, self.found = system, named, found

    def __str__(self) -> str:
        return (
            f"the manifest of {self.system} has the digest {self.found[:12]}, and "
            f"{self.named[:12]} was sealed; evidence does not carry over to a changed system: "
            "put the manifest back, or seal a hypothesis about the new one"
        )


class WrongSampleError(InterlockError):
    """Evidence under a prospective seal has other items than those drawn."""

    code = "wrong-sample"

    def __init__(self, foreign: int, absent: int) -> None:
        super().__init__(foreign, absent)
        self.foreign, self.absent = foreign, absent

    def __str__(self) -> str:
        return (
            f"{self.foreign} items were not drawn and {self.absent} drawn items are absent; run "
            "exactly the items that `interlock hypothesis draw` prints, unscored ones included"
        )


class BlankAssessmentError(InterlockError):
    """An assessment would be put before the panel unfinished."""

    code = "blank-assessment"

    def __init__(self, file: str, blanks: tuple[str, ...]) -> None:
        super().__init__(file, blanks)
        self.file, self.blanks = file, blanks

    def __str__(self) -> str:
        listed = "".join(f"\n  {blank}" for blank in self.blanks)
        return f"{self.file} cannot be signed yet; {len(self.blanks)} things are missing:{listed}"


class BundleRefusedError(InterlockError):
    """A bundle does not show that its decision holds."""

    code = "bundle-refused"

    def __init__(self, file: str, reason: str, sentence: str) -> None:
        super().__init__(file, reason, sentence)
        self.file, self.reason, self.sentence = file, reason, sentence

    def __str__(self) -> str:
        return f"{self.file} does not hold ({self.reason}): {self.sentence}"
