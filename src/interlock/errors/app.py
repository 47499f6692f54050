"""Actions that lack something they need."""

from difflib import get_close_matches

from interlock.errors.error import InterlockError


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


class ManifestMissingError(InterlockError):
    """There is no manifest of a system."""

    code = "manifest-missing"

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file}: there is no such manifest; write it, or name a system that has one"


class UnnamedSystemError(InterlockError):
    """A hypothesis to be sealed does not say which systems it speaks of."""

    code = "unnamed-system"

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return (
            f"{self.file}: a seal needs a product, a baseline and candidates; write what is "
            "missing and seal again"
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
        return (
            f"the seal names no system {self.system!r}; evidence counts for those it names: "
            f"give --system {' or '.join(self.named)}"
        )


class UnknownPersonError(InterlockError):
    """Somebody is named who is not enrolled."""

    code = "unknown-person"

    def __init__(self, name: str, enrolled: tuple[str, ...]) -> None:
        super().__init__(name, enrolled)
        self.name, self.enrolled = name, enrolled

    def __str__(self) -> str:
        listed = ", ".join(self.enrolled) or "nobody"
        return f"{self.name!r} is not enrolled; enrolled are: {listed}"


class BackupPlaceError(InterlockError):
    """A backup would be written among the files it is a backup of."""

    code = "backup-place"

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return (
            f"{self.file} lies among the workspace's own files, and a backup there could replace "
            "the log or be lost with it; name a file elsewhere, on another disk if there is one"
        )


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


class UnlistedProductError(InterlockError):
    """A hypothesis speaks of a product that the workspace does not have."""

    code = "unlisted-product"

    def __init__(self, product: str, listed: tuple[str, ...], file: str) -> None:
        super().__init__(product, listed, file)
        self.product, self.listed, self.file = product, listed, file

    def __str__(self) -> str:
        folded = {each.casefold(): each for each in self.listed}
        near = get_close_matches(self.product.casefold(), folded, n=1)
        meant = f"did you mean {folded[near[0]]!r}?" if near else f"it lists {self._listed}."
        return (
            f"the product {self.product!r} is not listed in {self.file}; attempts are counted for "
            f"each product, so every one is listed there: {meant} Correct the hypothesis, or list "
            "the product"
        )

    @property
    def _listed(self) -> str:
        return ", ".join(self.listed)


class BlankAssessmentError(InterlockError):
    """An assessment would be put before the panel unfinished."""

    code = "blank-assessment"

    def __init__(self, file: str, blanks: tuple[str, ...]) -> None:
        super().__init__(file, blanks)
        self.file, self.blanks = file, blanks

    def __str__(self) -> str:
        listed = "".join(f"\n  {blank}" for blank in self.blanks)
        return f"{self.file} cannot be signed yet; {len(self.blanks)} things are missing:{listed}"


class UnfinishedAssessmentError(InterlockError):
    """An assessment before the panel lacks something, though it was signed.

    The program of whoever wrote it refuses that, so they used another one.
    """

    code = "unfinished-assessment"

    def __init__(self, assessment: str, blanks: tuple[str, ...]) -> None:
        super().__init__(assessment, blanks)
        self.assessment, self.blanks = assessment, blanks

    def __str__(self) -> str:
        listed = "".join(f"\n  {blank}" for blank in self.blanks)
        return (
            f"assessment {self.assessment[:12]} was signed unfinished, and nobody goes by it; let "
            f"its author submit a whole one. {len(self.blanks)} things are missing:{listed}"
        )


class UntrueVerdictError(InterlockError):
    """A verdict on the log is not what the record of its numbers came to."""

    code = "untrue-verdict"

    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict

    def __str__(self) -> str:
        return (
            f"verdict {self.verdict[:12]} is not what its own numbers came to, so nothing may rest "
            "on it; seal again, and judge with `interlock decide`"
        )


class UntrueSealError(InterlockError):
    """A seal on the log is not what its hypothesis says.

    Attributes:
        seal: Statement identity of the seal.
        differing: What it says otherwise.
    """

    code = "untrue-seal"

    def __init__(self, seal: str, differing: tuple[str, ...]) -> None:
        super().__init__(seal, differing)
        self.seal, self.differing = seal, differing

    def __str__(self) -> str:
        return (
            f"seal {self.seal[:12]} is not what its hypothesis says in: "
            f"{', '.join(self.differing)}; nothing may rest on it: seal again with "
            "`interlock hypothesis seal`"
        )


class UntrueAssessmentError(InterlockError):
    """An assessment on the log is not what its document says.

    Attributes:
        assessment: Statement identity of the assessment.
        fault: What is not so, in words.
    """

    code = "untrue-assessment"

    def __init__(self, assessment: str, fault: str) -> None:
        super().__init__(assessment, fault)
        self.assessment, self.fault = assessment, fault

    def __str__(self) -> str:
        return (
            f"assessment {self.assessment[:12]} is not what its document says: {self.fault}; put "
            "a new one before the panel with `interlock assess submit`"
        )


class UntrueChangeError(InterlockError):
    """A standard change on the log is not what the manifests of its two systems say."""

    code = "untrue-change"

    def __init__(self, assessment: str, found: tuple[str, ...], signed: tuple[str, ...]) -> None:
        super().__init__(assessment, found, signed)
        self.assessment, self.found, self.signed = assessment, found, signed

    def __str__(self) -> str:
        return (
            f"assessment {self.assessment[:12]} says that it changes {', '.join(self.signed)}, and "
            f"the manifests differ in {', '.join(self.found) or 'nothing'}; put a new assessment "
            "that says so before the panel"
        )
