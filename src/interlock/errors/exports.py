"""Decisions that cannot be written in the form another tool reads."""

from interlock.errors.error import InterlockError


class UnsayableStandingError(InterlockError):
    """A form that cannot say that a go has fallen would carry one that has."""

    code = "unsayable-standing"

    def __init__(self, form: str, standing: str) -> None:
        super().__init__(form, standing)
        self.form, self.standing = form, standing

    def __str__(self) -> str:
        return (
            f"{self.form} has no place to say that this go stands as {self.standing}, and whoever "
            "reads one would take it for a go; export `--format vsa` or the bundle instead"
        )


class UnsignedExportError(InterlockError):
    """A form that is worth nothing unsigned was asked for without anybody to sign it."""

    code = "unsigned-export"

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form

    def __str__(self) -> str:
        return f"an export as {self.form} is signed by whoever makes it; say who with `--as NAME`"


class ForeignBundleError(InterlockError):
    """An export would name a bundle that is not of its decision, or not of the log as it is."""

    code = "foreign-bundle"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return (
            f"{self.file} {self.reason}, and an export names the bundle it can be checked "
            "against; name another file with `--bundle`, and it is written there"
        )


class WithheldExportError(InterlockError):
    """What a form is made of is not for its reader, or was never written."""

    code = "withheld-export"

    def __init__(self, form: str, part: str, reader: str) -> None:
        super().__init__(form, part, reader)
        self.form, self.part, self.reader = form, part, reader

    def __str__(self) -> str:
        return (
            f"{self.form} holds the {self.part} and nothing else, and there is none that "
            f"{self.reader} readers may see; say `--for internal`, or write one in the assessment"
        )
