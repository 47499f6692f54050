"""Logs, records and keys that are not where they should be, or not what they were."""

from interlock.errors.error import InterlockError


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


class NoBackupError(InterlockError):
    """A file to be restored holds no log."""

    code = "no-backup"

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file} is no backup of a log; name a file that `interlock ledger backup` made"


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
