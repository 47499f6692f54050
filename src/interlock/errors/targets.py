"""Endpoints, plug-ins and the demonstration's model: what cannot be opened as it is stated."""

from interlock.errors.error import InterlockError
from interlock.errors.team import UnavailableError


class BadTargetError(InterlockError):
    """What a plan states of a target cannot be opened.

    Attributes:
        target: What was stated, in short; never a key.
        field: The entry at fault; empty where it is the whole.
        reason: The fact, the rule and the next step.
    """

    code = "bad-target"

    def __init__(self, target: str, field: str, reason: str) -> None:
        super().__init__(target, field, reason)
        self.target, self.field, self.reason = target, field, reason

    def __str__(self) -> str:
        field = f", {self.field}" if self.field else ""
        return f"the target {self.target}{field} is refused: {self.reason}"


class PluginError(InterlockError):
    """A plug-in that a plan names is not there, or is not what it must be.

    Attributes:
        group: The entry points it was looked for in.
        name: Its name.
        reason: The fact, the rule and the next step.
    """

    code = "plugin"

    def __init__(self, group: str, name: str, reason: str) -> None:
        super().__init__(group, name, reason)
        self.group, self.name, self.reason = group, name, reason

    def __str__(self) -> str:
        return f"the plug-in {self.name} of {self.group} is refused: {self.reason}"


class NoLocalModelError(InterlockError):
    """A local model is not here to be served."""

    code = "no-local-model"

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(model, reason)
        self.model, self.reason = model, reason

    def __str__(self) -> str:
        return f"{self.model} cannot be served: {self.reason}"


class LocalModelDownError(UnavailableError):
    """The local model did not begin to answer."""

    code = "local-model-down"

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(model, reason)
        self.model = model

    def __str__(self) -> str:
        return f"{self.model} does not answer: {self.reason}; this is no verdict, start it again"
