"""A large JSON file read piece by piece: its long list is never held as objects all at once."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlock.errors import BadLogError

MOST_BYTES = 64 << 20
_SPACE = " \t\n\r"
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError("a key stands twice in one object")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


@dataclass
class Walk:
    """One way through a JSON file, from its beginning to its end.

    Attributes:
        file: The file by which errors call it.
        text: All of it.
        at: How far the way has come.
    """

    file: str
    text: str
    at: int = 0

    @classmethod
    def of(cls, path: Path) -> "Walk":
        """Begin the way through a file.

        Raises:
            BadLogError: It is over 64 MiB, or no UTF-8.
        """
        if path.stat().st_size > MOST_BYTES:
            most = f"it has over {MOST_BYTES >> 20} MiB"
            reason = f"{most}; split the run, or hand its scores in as a table"
            raise BadLogError(str(path), "", reason)
        try:
            return cls(str(path), path.read_bytes().decode())
        except UnicodeDecodeError as error:
            raise BadLogError(str(path), "", "it is no UTF-8; copy the file again") from error

    def keys(self) -> Iterator[str]:
        """The keys of the object that comes next; each must be followed by a look at its value.

        Raises:
            BadLogError: It is no object, is damaged, or says a key twice.
        """
        seen = set[str]()
        for _ in self._parts("{", "}"):
            key = self.value()
            if not isinstance(key, str) or key in seen:
                raise self._damaged("a key is no text or stands twice")
            seen.add(key)
            self._pass(":")
            yield key

    def items(self) -> Iterator[int]:
        """The places of the list that comes next, from 0; each must be followed by a look at it.

        Raises:
            BadLogError: It is no list, or is damaged.
        """
        yield from self._parts("[", "]")

    def value(self) -> object:
        """What comes next, whole.

        Raises:
            BadLogError: It is damaged or cut off, nested too deeply, or says a key twice.
        """
        self._skip()
        begun = self.at
        try:
            found, self.at = _DECODER.raw_decode(self.text, self.at)
            if _HALF_PAIR.search(self.text, begun, self.at):
                # Half a surrogate pair can be written as an escape, but never as UTF-8.
                json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise self._damaged(f"{error}"[:100]) from error
        return found

    def end(self) -> None:
        """See that nothing follows.

        Raises:
            BadLogError: Something does.
        """
        self._skip()
        if self.at < len(self.text):
            raise self._damaged("something follows its end")

    def _parts(self, opening: str, closing: str) -> Iterator[int]:
        self._pass(opening)
        self._skip()
        if self.text[self.at : self.at + 1] == closing:
            self.at += 1
            return
        k = 0
        while True:
            yield k
            k += 1
            self._skip()
            if self.text[self.at : self.at + 1] == closing:
                self.at += 1
                return
            self._pass(",")

    def _pass(self, mark: str) -> None:
        self._skip()
        if self.text[self.at : self.at + 1] != mark:
            cut = "it is cut off" if self.at >= len(self.text) else f"{mark!r} is missing"
            raise self._damaged(cut)
        self.at += 1

    def _skip(self) -> None:
        text, at = self.text, self.at
        while at < len(text) and text[at] in _SPACE:
            at += 1
        self.at = at

    def _damaged(self, what: str) -> BadLogError:
        reason = f"it is no sound JSON ({what}); the run may have been cut off: export it again"
        return BadLogError(self.file, f"character {self.at:,}", reason)
