"""Trials that cannot be run, or cannot be run as they were sealed."""

from interlock.errors.error import InterlockError
from interlock.errors.team import UnavailableError


class ChangedCaseError(InterlockError):
    """A plan no longer makes the cases that were sealed.

    Attributes:
        case: Name of the case.
        sealed: Its digest in the sealed bank.
        found: Its digest now; empty where the plan makes no such case.
    """

    code = "changed-case"

    def __init__(self, case: str, sealed: str, found: str) -> None:
        super().__init__(case, sealed, found)
        self.case, self.sealed, self.found = case, sealed, found

    def __str__(self) -> str:
        now = f"has the digest {self.found[:12]} now" if self.found else "is not made any more"
        return (
            f"the case {self.case} {now}, and {self.sealed[:12]} was sealed; what is sent cannot "
            "change once it is sealed: put suites, attacks, number of cases and seed of the plan "
            "back, or seal again"
        )


class ChangedProtocolError(InterlockError):
    """A plan would score or repeat otherwise than was sealed.

    Attributes:
        metric: The metric at fault; ``epochs`` where cases would be repeated otherwise.
        sealed: Who scores it, or how often a case is run, as sealed.
        found: The same as the plan says it.
    """

    code = "changed-protocol"

    def __init__(self, metric: str, sealed: str, found: str) -> None:
        super().__init__(metric, sealed, found)
        self.metric, self.sealed, self.found = metric, sealed, found

    def __str__(self) -> str:
        return (
            f"the plan says {self.found or 'nothing'} of {self.metric}, and "
            f"{self.sealed or 'nothing'} was sealed; a judge chosen after the answers is no judge: "
            "put it back, or seal again"
        )


class NoTrialSealError(InterlockError):
    """A seal draws from no bank of cases, so nothing can be run under it."""

    code = "no-trial-seal"

    def __init__(self, seal: str) -> None:
        super().__init__(seal)
        self.seal = seal

    def __str__(self) -> str:
        return (
            f"seal {self.seal[:12]} draws no cases that could be run; seal the hypothesis with "
            "`interlock hypothesis seal FILE --trial PLAN --sample CLUSTERS`"
        )


class ImportedTrialError(InterlockError):
    """A file is handed in where a trial has to be run."""

    code = "imported-trial"

    def __init__(self, seal: str, file: str) -> None:
        super().__init__(seal, file)
        self.seal, self.file = seal, file

    def __str__(self) -> str:
        return (
            f"{self.file} is no evidence under seal {self.seal[:12]}, which draws cases to be run: "
            f"run it with `interlock trial run PLAN --seal {self.seal[:12]}`"
        )


class LostJournalError(InterlockError):
    """A trial was begun, and what it was answered is gone."""

    code = "lost-journal"

    def __init__(self, seal: str, begun: str) -> None:
        super().__init__(seal, begun)
        self.seal, self.begun = seal, begun

    def __str__(self) -> str:
        return (
            f"the trial of seal {self.seal[:12]} was begun on {self.begun}, and its journal is "
            "gone or another one; what was answered once is not asked for anew: restore the "
            "journal from a backup, or seal again"
        )


class UnrunnableSystemError(InterlockError):
    """A system cannot be run as its manifest describes it.

    Attributes:
        system: What people call it.
        reason: What is missing, and the next step.
    """

    code = "unrunnable-system"

    def __init__(self, system: str, reason: str) -> None:
        super().__init__(system, reason)
        self.system, self.reason = system, reason

    def __str__(self) -> str:
        return f"the system {self.system} cannot be run: {self.reason}"


class NoEngineError(InterlockError):
    """What a plan names to make the calls is not here."""

    code = "no-engine"

    def __init__(self, engine: str, reason: str) -> None:
        super().__init__(engine, reason)
        self.engine, self.reason = engine, reason

    def __str__(self) -> str:
        return f"the trial cannot be run by {self.engine}: {self.reason}, or leave engine out"


class BadDrawError(InterlockError):
    """A task cannot be limited to what a seal drew."""

    code = "bad-draw"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return f"the draw {self.file} is refused: {self.reason}"


class BusyTrialError(InterlockError):
    """Another process is running the same trial."""

    code = "busy-trial"

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return (
            f"another process is running this trial ({self.file} is locked): two at once would "
            "pay for the same answers twice; wait for it, or end it"
        )


class BrokenStoreError(InterlockError):
    """A file in which something is kept cannot be read.

    Attributes:
        file: The file.
        reason: What is wrong with it.
        lost: What it holds.
    """

    code = "broken-store"

    def __init__(self, file: str, reason: str, lost: str) -> None:
        super().__init__(file, reason, lost)
        self.file, self.reason, self.lost = file, reason, lost

    def __str__(self) -> str:
        return (
            f"{self.file} is damaged and cannot be read ({self.reason}): {self.lost} is lost with "
            "it, and what was recorded as evidence is not; restore it from a backup, or move it "
            "away and begin anew"
        )


class TargetDownError(UnavailableError):
    """A system or a judge that a trial needs gives no answers at all."""

    code = "target-down"

    def __init__(self, target: str, failures: int, reason: str) -> None:
        super().__init__(target, reason)
        self.args = (target, failures, reason)
        self.target, self.failures = target, failures

    def __str__(self) -> str:
        return (
            f"{self.target} failed {self.failures} times in a row: {self.reason}; this is no "
            "verdict and nothing was recorded. What was answered is kept: run the same command "
            "again once it is back"
        )
