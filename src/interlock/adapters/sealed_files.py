"""The folder of sealed files and of what is left of them: ciphertext only, named by its digest."""

import re
from contextlib import suppress
from pathlib import Path

from interlock.adapters.files import write_new
from interlock.adapters.sealing import sha256
from interlock.errors import SealedFileError

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class SealedFiles:
    """A folder of ciphertexts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, ciphertext: bytes) -> str:
        """Write a ciphertext whole or not at all; returns its name."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = sha256(ciphertext)
        with suppress(FileExistsError):
            write_new(self._path(name), ciphertext, private=True)
        return name

    def read(self, name: str) -> bytes:
        """The ciphertext of a name.

        Raises:
            SealedFileError: It is not here, or its bytes are no longer those it was named for.
        """
        if name not in self:
            raise SealedFileError(name, "it is not in this workspace")
        data = self._path(name).read_bytes()
        if sha256(data) != name:
            raise SealedFileError(name, "its bytes were altered")
        return data

    def drop(self, name: str) -> None:
        """Forget a ciphertext that nothing names."""
        self._path(name).unlink(missing_ok=True)

    def __contains__(self, name: str) -> bool:
        return _DIGEST.fullmatch(name) is not None and self._path(name).is_file()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.age"
