"""Files that are parts of a system, read by digest from beside its manifest."""

import hashlib
from pathlib import Path, PurePosixPath

from interlock.errors import PartFileError


class PartFiles:
    """The files beside a manifest.

    Args:
        folder: The manifest's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str) -> str:
        """SHA-256 of a file's content, hex.

        Args:
            name: Its path relative to the folder, with ``/``.

        Raises:
            PartFileError: The path is absolute or leads out of the folder, a
                step of it is a link (which could point elsewhere tomorrow), or
                there is no such file that can be read.
        """
        path = beside(self._folder, name, by="manifest")
        try:
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            reason = f"cannot be read ({error.strerror}); put it beside the manifest"
            raise PartFileError(name, reason) from error


def beside(folder: Path, name: str, *, by: str) -> Path:
    """Where a file lies that something in a folder names.

    Args:
        folder: The folder of what names it.
        name: Its path relative to the folder, with ``/``.
        by: What errors call what names it.

    Raises:
        PartFileError: The path is absolute or leads out of the folder, or a
            step of it is a link (which could point elsewhere tomorrow).
    """
    steps = PurePosixPath(name)
    if steps.is_absolute() or ".." in steps.parts or not steps.parts or "\x00" in name:
        reason = f"lies outside of the {by}'s folder; copy it there and name it from there"
        raise PartFileError(name, reason)
    path = folder
    for step in steps.parts:
        path = path / step
        if path.is_symlink():
            raise PartFileError(name, "is a link or behind one; put the file itself there")
    return path
