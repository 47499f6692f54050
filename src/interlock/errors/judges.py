"""Judges that cannot be believed, and labels that cannot be taken."""

from interlock.errors.error import InterlockError


class BadJudgeError(InterlockError):
    """What a plan says of a judge makes none.

    Attributes:
        judge: The judge as the plan names it.
        reason: The fact, the rule and the next step.
    """

    code = "bad-judge"

    def __init__(self, judge: str, reason: str) -> None:
        super().__init__(judge, reason)
        self.judge, self.reason = judge, reason

    def __str__(self) -> str:
        return f"the judge {self.judge} is refused: {self.reason}"


class JudgeIsCandidateError(InterlockError):
    """A model would judge itself.

    Attributes:
        judge: The judge's identity.
        system: The system of the plan that it is.
        shared: What both have in common.
    """

    code = "judge-is-candidate"

    def __init__(self, judge: str, system: str, shared: str) -> None:
        super().__init__(judge, system, shared)
        self.judge, self.system, self.shared = judge, system, shared

    def __str__(self) -> str:
        return (
            f"{self.judge} would judge {self.system}, and both are {self.shared}; nobody grades "
            "their own answers: name another model as the judge"
        )


class DemoJudgeError(InterlockError):
    """The model of the demonstration would judge.

    Attributes:
        judge: The judge's identity or model.
    """

    code = "demo-judge"

    def __init__(self, judge: str) -> None:
        super().__init__(judge)
        self.judge = judge

    def __str__(self) -> str:
        return (
            f"{self.judge} is a model for demonstrations, whose grades are worth nothing; "
            "name another model as the judge"
        )


class LabelFileError(InterlockError):
    """A file of labels cannot be taken.

    Attributes:
        file: The file.
        row: The row as people count records, from 1; 0 where it is the whole file.
        reason: The fact, the rule and the next step.
    """

    code = "label-file"

    def __init__(self, file: str, row: int, reason: str) -> None:
        super().__init__(file, row, reason)
        self.file, self.row, self.reason = file, row, reason

    def __str__(self) -> str:
        row = f" at row {self.row}" if self.row else ""
        return f"{self.file} is refused{row}: {self.reason}"


class RaterRefusedError(InterlockError):
    """Somebody may not label, or may not record what they labelled.

    Attributes:
        person: Who.
        reason: The fact, the rule and the next step.
    """

    code = "rater-refused"

    def __init__(self, person: str, reason: str) -> None:
        super().__init__(person, reason)
        self.person, self.reason = person, reason

    def __str__(self) -> str:
        return f"{self.person} {self.reason}"


class UnknownJudgeError(InterlockError):
    """There is no validation of a judge, or it was altered."""

    code = "unknown-judge"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return (
            f"{self.name!r} names no whole validation of a judge in this workspace; make one with "
            "`interlock judge validate`, or look with `interlock judge list`"
        )


class UnknownTaskError(InterlockError):
    """A seal has nothing to label.

    Attributes:
        seal: The seal as it was named.
    """

    code = "no-label-task"

    def __init__(self, seal: str) -> None:
        super().__init__(seal)
        self.seal = seal

    def __str__(self) -> str:
        return (
            f"no answer under the seal {self.seal!r} waits for a label; run its trial first, and "
            "look with `interlock label status`"
        )
