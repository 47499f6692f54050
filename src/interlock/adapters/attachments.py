"""Files that cases send: read beside the suite that names them, kept by digest for the runner."""

import hashlib
from pathlib import Path, PurePosixPath

from interlock.adapters.files import replace
from interlock.adapters.parts import beside
from interlock.adapters.pictures import picture_of
from interlock.errors import AttachmentError, PartFileError
from interlock.trial import Attachment

MOST_BYTES = 20_000_000
"""More is refused by the APIs that pictures are sent to."""

_ENDINGS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


class SuiteFiles:
    """The files that lie beside a suite's file.

    Args:
        folder: The folder of the suite's file; nothing outside of it is read.
        kept: The folder where each file that is read is kept under its
            SHA-256, which is made where it is not there; None to keep none.
    """

    def __init__(self, folder: Path, *, kept: Path | None = None) -> None:
        self._folder = folder
        self._kept = kept

    def __call__(self, name: str) -> Attachment:
        """The file of this name, as cases send it.

        Args:
            name: Its path relative to the folder, with ``/``.

        Raises:
            AttachmentError: It lies outside, is a link or behind one, is not
                there, has over 20 MB, is no whole picture, or is of another
                format than its name says.
        """
        data = self._read(name)
        picture = picture_of(data, file=name)
        ending = PurePosixPath(name).suffix.lower()
        if _ENDINGS.get(ending, picture.media_type) != picture.media_type:
            reason = f"is {picture.media_type} by its bytes, whatever its name ends in; rename it"
            raise AttachmentError(name, reason)
        digest = hashlib.sha256(data).hexdigest()
        if self._kept is not None:
            _keep(self._kept / digest, data)
        return Attachment(
            digest=digest,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
        )

    def _read(self, name: str) -> bytes:
        try:
            path = beside(self._folder, name, by="suite")
        except PartFileError as error:
            raise AttachmentError(name, error.reason) from error
        if path.exists() and not path.is_file():
            raise AttachmentError(name, "is no plain file; name a picture")
        try:
            with path.open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
        except OSError as error:
            reason = f"cannot be read ({error.strerror}); put it beside the suite"
            raise AttachmentError(name, reason) from error
        if len(data) > MOST_BYTES:
            raise AttachmentError(name, f"has over {MOST_BYTES // 10**6} MB; make it smaller")
        return data


def _keep(path: Path, data: bytes) -> None:
    """Write a file under its digest, unless it is there as it was read."""
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    else:
        if there == data:
            return
    replace(path, data, private=True)
