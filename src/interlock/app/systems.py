"""Systems by the names that people give them; the ledger knows them by digest alone."""

from dataclasses import dataclass
from pathlib import Path

from interlock.adapters.parts import PartFiles
from interlock.admission import Accepted, Seal
from interlock.app.workspace import Workspace
from interlock.charter import Hypothesis
from interlock.errors import (
    ChangedSystemError,
    ForeignSystemError,
    InvalidRecordError,
    ManifestMissingError,
)
from interlock.ledger import digest
from interlock.trial import System, load_system


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A system by its name.

    Attributes:
        name: What people call it.
        digest: What the ledger calls it.
        system: Everything that can change its answers.
    """

    name: str
    digest: str
    system: System


def show_system(work: Workspace, name: str) -> Manifest:
    """A system's manifest, its files by digest, and the digest that identifies it all.

    Raises:
        ManifestMissingError: There is no such manifest.
        CharterError: The file is no valid manifest.
    """
    system = read_system(work, name)
    return Manifest(name=name, digest=digest(system), system=system)


def read_system(work: Workspace, name: str) -> System:
    """The manifest of a system, from the workspace's folder ``systems``.

    Raises:
        ManifestMissingError: There is no such file.
        CharterError: The file is no valid manifest, or calls its system otherwise.
    """
    path = work.path(f"systems/{name}.yaml")
    if not path.is_file():
        raise ManifestMissingError(str(path))
    return read_manifest(path, name=name)


def read_manifest(path: Path, *, name: str | None = None) -> System:
    """The system that a file describes, and the files beside it.

    Args:
        path: The manifest (YAML).
        name: What it must call the system, if it must be that.

    Raises:
        CharterError: The file is no valid manifest.
    """
    files = PartFiles(path.parent)
    return load_system(path.read_bytes(), file=str(path), name=name, digest_of=files)


def system_names(work: Workspace, seal: Seal) -> dict[str, str]:
    """What the sealed hypothesis calls each system of its seal, by digest, the baseline first.

    Raises:
        InvalidRecordError: The hypothesis names another number of systems;
            whoever sealed it did not use this program.
    """
    hypothesis: Hypothesis = work.log.record(seal.hypothesis)
    names = (hypothesis.baseline, *hypothesis.candidates)
    systems = (seal.baseline, *seal.candidates)
    if len(names) != len(systems):
        raise InvalidRecordError("seal", "its hypothesis names another number of systems")
    return dict(zip(systems, names, strict=True))


def sealed_system(work: Workspace, seal: Accepted[Seal], name: str) -> str:
    """The digest under which a seal names a system, whose manifest is still the same.

    Raises:
        ForeignSystemError: The seal names no such system.
        ChangedSystemError: Its manifest is not the one that was sealed.
    """
    named = {each: system for system, each in system_names(work, seal.act).items()}
    if name not in named:
        raise ForeignSystemError(name, tuple(sorted(named)))
    found = digest(read_system(work, name))
    if found != named[name]:
        raise ChangedSystemError(name, named[name], found)
    return found
