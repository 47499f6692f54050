"""Where systems under trial answer: endpoints, functions, recordings and plug-ins."""

from interlock.adapters.targets.anthropic_messages import NEWEST
from interlock.adapters.targets.opening import Targets, open_target
from interlock.adapters.targets.patience import Patience
from interlock.adapters.targets.recorded import prompt_digest, prompt_text, read_recorded
from interlock.adapters.targets.stated import StatedTarget, read_target
from interlock.adapters.targets.turns import Files, FolderFiles

__all__ = [
    "NEWEST",
    "Files",
    "FolderFiles",
    "Patience",
    "StatedTarget",
    "Targets",
    "open_target",
    "prompt_digest",
    "prompt_text",
    "read_recorded",
    "read_target",
]
