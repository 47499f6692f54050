"""Systems by the names that people give them; the ledger knows them by digest alone."""

from interlock.admission import Seal
from interlock.app.workspace import Workspace
from interlock.charter import Hypothesis
from interlock.errors import InvalidRecordError, UnnamedSystemError
from interlock.trial import System, load_system


def read_system(work: Workspace, name: str) -> System:
    """The manifest of a system, from the workspace's folder ``systems``.

    Raises:
        UnnamedSystemError: There is no such file.
        CharterError: The file is no valid manifest, or calls its system otherwise.
    """
    path = work.path(f"systems/{name}.yaml")
    if not path.is_file():
        raise UnnamedSystemError(str(path))
    return load_system(path.read_bytes(), file=str(path), name=name)


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
