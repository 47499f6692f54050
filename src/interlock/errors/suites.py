"""Suites and edge cases that cannot be used."""

from interlock.errors.error import InterlockError


class NoSuiteError(InterlockError):
    """A suite is neither built in, nor in the workspace, nor a file.

    Attributes:
        suite: What was asked for.
        known: The suites there are, sorted.
        looked: The file that was looked for; empty where there is no workspace.
    """

    code = "no-suite"

    def __init__(self, suite: str, known: tuple[str, ...], looked: str = "") -> None:
        super().__init__(suite, known, looked)
        self.suite, self.known, self.looked = suite, known, looked

    def __str__(self) -> str:
        looked = f", and there is no file {self.looked}" if self.looked else ""
        return (
            f"no suite is called {self.suite!r}{looked}; "
            f"name a YAML file, or one of {', '.join(self.known)}"
        )


class SuiteNameError(InterlockError):
    """Two suites, or two cases of suites used together, have one name.

    Attributes:
        name: The name.
        first: Where it is used.
        second: Where it is used again.
    """

    code = "suite-name"

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__(name, first, second)
        self.name, self.first, self.second = name, first, second

    def __str__(self) -> str:
        return (
            f"{self.name!r} is in {self.first} and in {self.second}; "
            "a name must mean one thing, so rename one of them"
        )


class NearDuplicateError(InterlockError):
    """Cases that say nearly the same are declared as independent of each other.

    Attributes:
        first: A case.
        second: The case of another cluster that says nearly the same.
        pairs: How many such pairs there are.
    """

    code = "near-duplicate"

    def __init__(self, first: str, second: str, pairs: int) -> None:
        super().__init__(first, second, pairs)
        self.first, self.second, self.pairs = first, second, pairs

    def __str__(self) -> str:
        more = f" ({self.pairs} such pairs)" if self.pairs > 1 else ""
        return (
            f"{self.first} and {self.second} say nearly the same and are in two clusters{more}; "
            "paraphrases are one observation and not two: give them one cluster, or drop one"
        )


class TooManyEdgeCasesError(InterlockError):
    """More edge cases were asked for than can be made without saying the same twice.

    Attributes:
        asked: How many were asked for.
        made: How many there are.
    """

    code = "too-many-edge-cases"

    def __init__(self, asked: int, made: int) -> None:
        super().__init__(asked, made)
        self.asked, self.made = asked, made

    def __str__(self) -> str:
        return (
            f"{self.asked} edge cases were asked for and the cases give {self.made} different "
            "ones; ask for fewer, or name more suites or attacks"
        )


class NoCanaryError(InterlockError):
    """A suite looks for a canary that a system's prompt does not hold.

    Attributes:
        system: The system.
        suite: The suite.
        canary: What its prompt must hold.
    """

    code = "no-canary"

    def __init__(self, system: str, suite: str, canary: str) -> None:
        super().__init__(system, suite, canary)
        self.system, self.suite, self.canary = system, suite, canary

    def __str__(self) -> str:
        return (
            f"the system prompt of {self.system} does not hold {self.canary}, which the suite "
            f"{self.suite} looks for in answers; a prompt without it cannot leak and would pass "
            "for nothing: put the canary into the prompt and seal the system so"
        )


class AttachmentError(InterlockError):
    """A file cannot be sent with a case.

    Attributes:
        file: Its path as the suite names it.
        reason: Why, and the next step.
    """

    code = "attachment"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return f"{self.file} {self.reason}"
