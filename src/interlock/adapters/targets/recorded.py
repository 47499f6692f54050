"""Targets that are files: completions that were recorded elsewhere, found again by their prompt."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interlock.errors import BadRowError, BadTableError, TargetError
from interlock.trial import Answer, Request, Turn

_TEXTS = ("prompt", "prompt_sha256", "completion", "finish", "model")
_NUMBERS = ("tokens_in", "tokens_out", "latency_ms")
_COLUMNS = frozenset((*_TEXTS, *_NUMBERS))
_DIGEST_LENGTH = 64


@dataclass(frozen=True)
class Recorded:
    """Answers with what a file holds for a prompt.

    Several completions of one prompt are its epochs, in the order of the file:
    a repeat gets its own, whenever it is asked for. The system prompt is no
    part of what is looked up; a file belongs to one system.

    Attributes:
        file: Its name.
        kept: Answers by the digest of their prompt.
    """

    file: str
    kept: Mapping[str, Sequence[Answer]] = field(repr=False)

    async def answer(self, request: Request) -> Answer:
        """The completion that was recorded for this prompt and epoch.

        Raises:
            TargetError: There is none.
        """
        named = prompt_digest(request.turns)
        found = self.kept.get(named, ())
        if not found:
            raise TargetError(self.file, f"it holds no completion of the prompt {named[:12]}")
        if request.epoch >= len(found):
            raise TargetError(
                self.file,
                f"it holds {len(found)} completions of the prompt {named[:12]} and none for epoch "
                f"{request.epoch}; record one for each epoch",
            )
        return found[request.epoch]


def prompt_text(turns: Sequence[Turn]) -> str:
    """What is sent, as one text: a single turn as it stands, several below their speaker.

    Several turns are ``[user]``, a line end and the text, with an empty line
    between two of them, as in the prompts that a trial keeps.
    """
    if len(turns) == 1:
        return turns[0].text
    return "\n\n".join(f"[{turn.speaker}]\n{turn.text}" for turn in turns)


def prompt_digest(turns: Sequence[Turn]) -> str:
    """SHA-256 of `prompt_text` in UTF-8, hex."""
    return _digest(prompt_text(turns))


def read_recorded(path: Path) -> Recorded:
    """Read a file of recorded completions: JSON lines (``.jsonl``) or CSV (``.csv``).

    Each row has a ``completion`` and either ``prompt`` or ``prompt_sha256``, and
    may have ``finish``, ``model``, ``tokens_in``, ``tokens_out`` and
    ``latency_ms``.

    Raises:
        BadTableError: The file is not there, is neither, or holds no rows.
        BadRowError: A row has another column, or not what its columns need.
    """
    readers = {".jsonl": _objects, ".csv": _records}
    if path.suffix not in readers:
        raise BadTableError(str(path), "recorded completions are .jsonl or .csv; name such a file")
    kept: dict[str, list[Answer]] = {}
    try:
        for row, found in enumerate(readers[path.suffix](path), start=1):
            reading = _Row(str(path), row, found)
            kept.setdefault(reading.prompt(), []).append(reading.answer())
    except OSError as error:
        raise BadTableError(str(path), f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadTableError(str(path), "it is no UTF-8 text; save it as UTF-8") from error
    if not kept:
        raise BadTableError(str(path), "it holds no rows; no data is no answer")
    return Recorded(str(path), kept)


@dataclass(frozen=True)
class _Row:
    """One row, and where it stands."""

    file: str
    number: int
    cells: Mapping[str, Any]

    def prompt(self) -> str:
        """The digest of its prompt."""
        odd = sorted(set(self.cells) - _COLUMNS)
        if odd:
            raise self._error(odd[0], f"no such column; known are {', '.join(sorted(_COLUMNS))}")
        named, text = self.cells.get("prompt_sha256"), self.cells.get("prompt")
        if (named is None) == (text is None):
            raise self._error("prompt", "state either prompt or prompt_sha256, and not both")
        if named is None:
            return _digest(self._text("prompt"))
        if len(str(named)) != _DIGEST_LENGTH or set(str(named)) - set("0123456789abcdef"):
            raise self._error("prompt_sha256", "must be 64 digits of 0-9 and a-f")
        return str(named)

    def answer(self) -> Answer:
        """Its completion with what is told about it."""
        return Answer(
            text=self._text("completion"),
            tokens_in=self._count("tokens_in"),
            tokens_out=self._count("tokens_out"),
            latency_ms=self._milliseconds(),
            finish=self._text("finish", ""),
            model=self._text("model", ""),
        )

    def _text(self, column: str, otherwise: str | None = None) -> str:
        found = self.cells.get(column, otherwise)
        if not isinstance(found, str):
            raise self._error(column, "must be there, and be a text")
        return found

    def _count(self, column: str) -> int | None:
        found = self.cells.get(column)
        if found is None:
            return None
        if not str(found).isdecimal() or isinstance(found, bool):
            raise self._error(column, f"{found!r} is no whole number of 0 or more")
        return int(found)

    def _milliseconds(self) -> float | None:
        found = self.cells.get("latency_ms")
        if found is None:
            return None
        try:
            number = float("nan") if isinstance(found, bool) else float(found)
        except (TypeError, ValueError):
            number = float("nan")
        if not 0 <= number < float("inf"):
            raise self._error("latency_ms", f"{found!r} is no number of milliseconds")
        return number

    def _error(self, column: str, reason: str) -> BadRowError:
        return BadRowError(self.file, self.number, column, reason)


def _objects(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        rows = (line for line in stream if line.strip())
        for number, line in enumerate(rows, start=1):
            try:
                found = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise BadRowError(str(path), number, "", f"it is no JSON ({error})") from error
            if not isinstance(found, dict):
                fault = 'it is no object; write {"prompt": ..., "completion": ...}'
                raise BadRowError(str(path), number, "", fault)
            yield found


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream, strict=True)
        try:
            for number, found in enumerate(rows, start=1):
                if None in found or None in found.values():
                    fault = "it has more or fewer cells than the header; quote cells with commas"
                    raise BadRowError(str(path), number, "", fault)
                # An empty cell states nothing, except that a completion may be empty.
                yield {k: v for k, v in found.items() if v != "" or k == "completion"}
        except csv.Error as error:
            raise BadTableError(str(path), f"it is no CSV ({error})") from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
