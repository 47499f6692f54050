"""Systems as they are called: the prompt and the settings that their manifests name by digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from interlock.app.systems import read_system
from interlock.app.workspace import Workspace
from interlock.charter import read
from interlock.errors import ManifestMissingError, UnrunnableSystemError
from interlock.ledger import digest
from interlock.trial import System, TypedSystem

_FILE = "sha256:"


@dataclass(frozen=True, kw_only=True)
class Product:
    """What a manifest says of how a system is called.

    Attributes:
        name: What people call it.
        system: Its digest.
        model: The model's name, or the digest of its weights.
        prompt: The system prompt; empty for none.
        decoding: Settings by name.
    """

    name: str
    system: str
    model: str
    prompt: str
    decoding: Mapping[str, float | int | str]


def read_product(work: Workspace, name: str) -> Product:
    """How a system is called, as its manifest says and in no other way.

    Raises:
        ManifestMissingError: There is no such manifest.
        CharterError: The file is no valid manifest.
        UnrunnableSystemError: It has several prompts, or settings without a
            name; or a file of it changed while it was read.
    """
    system = read_system(work, name)
    path = work.path(f"systems/{name}.yaml")
    return Product(
        name=name,
        system=digest(system),
        model=system.model,
        prompt=_prompt(name, system, path),
        decoding=dict(_settings(name, system)),
    )


def _settings(name: str, system: System) -> list[tuple[str, float | int | str]]:
    found: list[tuple[str, float | int | str]] = []
    for one in _components(system, "decoding"):
        if not one[0]:
            reason = (
                f"its decoding is {one[1]!r}, and no endpoint knows what that is; name settings, "
                "such as decoding: {temperature: 0}"
            )
            raise UnrunnableSystemError(name, reason)
        found.append((one[0], _number(one[1])))
    return found


def _prompt(name: str, system: System, path: Path) -> str:
    """The text of the one prompt, still the text that the manifest's digest is of."""
    prompts = _components(system, "prompt")
    if not prompts:
        return ""
    if len(prompts) == 1 and prompts[0][0] == "text" and not prompts[0][1].startswith(_FILE):
        return prompts[0][1]
    if len(prompts) > 1 or prompts[0][0]:
        reason = (
            "its manifest names several prompts, and one is sent; write prompt: {file: NAME}, or "
            "prompt: {text: ...} for a short one"
        )
        raise UnrunnableSystemError(name, reason)
    version = prompts[0][1]
    if not version.startswith(_FILE):
        return version
    try:
        stated = read(path.read_bytes(), file=str(path)).value
        told = stated["prompt"]["file"]  # type: ignore[index, call-overload] # it was read as a manifest just now
        text = (path.parent / str(told)).read_bytes()
        if hashlib.sha256(text).hexdigest() != version.removeprefix(_FILE):
            raise UnrunnableSystemError(name, "its prompt changed while it was read; run again")
        return text.decode()
    except UnicodeDecodeError as error:
        raise UnrunnableSystemError(name, f"its prompt {told} is not UTF-8; save it so") from error
    except OSError as error:
        raise ManifestMissingError(str(path.parent)) from error


def _components(system: System, section: str) -> list[tuple[str, str]]:
    if not isinstance(system, TypedSystem):
        return []
    return [(one.name, one.version) for one in system.components if one.section == section]


def _number(text: str) -> float | int | str:
    """A setting as it was written: a number where it is one."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float) else text
