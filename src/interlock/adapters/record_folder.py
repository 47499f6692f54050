"""A folder of records that are only ever added, each a file named by its digest."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from interlock.adapters.files import write_new
from interlock.errors import InterlockError, RecordFolderError
from interlock.ledger import digest, dump, load

T = TypeVar("T")

_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)


class RecordFolder:
    """Records in canonical form, whole or absent; nothing changes or removes one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, made: object) -> str:
        """Write a record, unless it is here already; returns its digest."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = digest(made)
        with suppress(FileExistsError):
            write_new(self._folder / f"{name}.json", dump(made))
        return name

    def all(self, kind: type[T]) -> dict[str, T]:
        """Every record of one kind by digest, in the order of the digests.

        Raises:
            RecordFolderError: A file holds no record, or not the one that its name says.
        """
        found = {name: made for name, made in self._records() if isinstance(made, kind)}
        return dict(sorted(found.items()))

    def _records(self) -> Iterator[tuple[str, object]]:
        for path in self._folder.glob("*.json"):
            if _NAME.fullmatch(path.stem):
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() != path.stem:
                    fault = "its bytes were altered; restore it from a backup, or remove the file"
                    raise RecordFolderError(str(path), fault)
                try:
                    yield path.stem, load(data)
                except InterlockError as error:
                    raise RecordFolderError(str(path), str(error)) from error
