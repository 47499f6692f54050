"""Files of log-probabilities: JSON lines, one text a line, its tokens' chances as a list."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from interlock.errors import BadRowError, BadTableError, DuplicateRowError
from interlock.measure.diagnostics import Completion

_LONGEST_LINE = 4 << 20
_KNOWN = {
    "item", "cluster", "epoch", "system", "model", "tokeniser", "prompt", "completion", "bytes",
    "logprobs", "prompt_logprobs",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The texts of one file, scored by one model.

    Attributes:
        file: The file.
        tokeniser: What cut the texts into tokens: as the rows say, or their model.
        completions: One a row; bytes of a text are 0 where the row does not tell them.
        prompts: The same rows' prompts where they have chances, apart.
    """

    file: str
    tokeniser: str
    completions: tuple[Completion, ...]
    prompts: tuple[Completion, ...]


def read_scored(path: Path) -> Scored:
    """Read texts with the log-probabilities of their tokens.

    A row needs ``item``, ``logprobs`` (natural logarithms of the completion's tokens: numbers, or
    objects with ``logprob`` as endpoints give them) and ``tokeniser`` or ``model``. The text as
    ``completion``, or its length in UTF-8 as ``bytes``, gives bits a byte. ``cluster`` is the item
    by default; ``prompt_logprobs`` are kept apart.

    Raises:
        BadTableError: The file holds no rows, or a line is over 4 MiB.
        BadRowError: A row is refused; the error names file and row.
        DuplicateRowError: An (item, epoch) stands twice.
    """
    made = _Rows(str(path))
    for number, row in read_lines(path):
        made.add(number, row)
    return made.scored()


def read_lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Objects of a file of JSON lines with the number of their line.

    Raises:
        BadTableError: A line is over 4 MiB.
        BadRowError: A line is no JSON object, names a key twice, or holds NaN.
    """
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(_LONGEST_LINE + 1):
            number += 1
            if len(line) > _LONGEST_LINE:
                raise BadTableError(str(path), f"line {number} is over 4 MiB; split the text")
            if line.strip():
                yield number, _object(str(path), number, line)


def write_scored(rows: list[dict[str, Any]]) -> bytes:
    """Rows as a file that `read_scored` reads."""
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in rows).encode()


class _Rows:
    """Rows of one file, checked one by one."""

    def __init__(self, file: str) -> None:
        self._file, self._tokeniser = file, ""
        self._completions: list[Completion] = []
        self._prompts: list[Completion] = []
        self._seen: dict[tuple[str, int], int] = {}

    def add(self, number: int, row: Mapping[str, Any]) -> None:
        def refuse(column: str, reason: str) -> NoReturn:
            raise BadRowError(self._file, number, column, reason)

        if strange := sorted(row.keys() - _KNOWN):
            refuse(strange[0], f"is unknown; a row may have {', '.join(sorted(_KNOWN))}")
        for name in ("item", "cluster", "model", "tokeniser", "completion"):
            if not isinstance(row.get(name, ""), str):
                refuse(name, "is no text; write it in quotation marks")
        for name in ("epoch", "bytes"):
            value = row.get(name, 0)
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                refuse(name, "is no whole number from 0 up")
        if not (item := row.get("item", "")):
            refuse("item", "is missing; name what was asked, so that nothing counts twice")
        self._distinct(number, (item, row.get("epoch", 0)))
        self._one_tokeniser(number, row.get("tokeniser") or row.get("model") or "")
        octets = len(row["completion"].encode()) if "completion" in row else row.get("bytes", 0)
        cluster = row.get("cluster") or item
        self._completions.append(
            Completion(cluster=cluster, logs=self._logs(number, row, "logprobs"), octets=octets)
        )
        if "prompt_logprobs" in row:
            logs = self._logs(number, row, "prompt_logprobs")
            self._prompts.append(Completion(cluster=cluster, logs=logs))

    def scored(self) -> Scored:
        if not self._completions:
            raise BadTableError(self._file, "it holds no rows; no data is no result")
        return Scored(
            file=self._file,
            tokeniser=self._tokeniser,
            completions=tuple(self._completions),
            prompts=tuple(self._prompts),
        )

    def _distinct(self, number: int, key: tuple[str, int]) -> None:
        if (earlier := self._seen.setdefault(key, number)) != number:
            reason = f"it repeats row {earlier} (item {key[0]}, epoch {key[1]}); number repeats"
            raise DuplicateRowError(self._file, number, "", f"{reason} by epoch")

    def _one_tokeniser(self, number: int, said: str) -> None:
        if not said:
            reason = "is missing, and so is model; say what cut the text into tokens"
            raise BadRowError(self._file, number, "tokeniser", reason)
        if self._tokeniser and said != self._tokeniser:
            reason = (
                f"is {said}, and was {self._tokeniser} before; perplexity does not mix tokenisers, "
                "so give each a file of its own"
            )
            raise BadRowError(self._file, number, "tokeniser", reason)
        self._tokeniser = said

    def _logs(self, number: int, row: Mapping[str, Any], name: str) -> tuple[float, ...]:
        found = row.get(name)
        if not isinstance(found, list) or not found:
            reason = "is no list of numbers; write one natural logarithm a token, at least one"
            raise BadRowError(self._file, number, name, reason)
        logs = [one.get("logprob") if isinstance(one, dict) else one for one in found]
        for k, one in enumerate(logs, start=1):
            if isinstance(one, bool) or not isinstance(one, int | float) or not one <= 0:
                reason = (
                    f"holds {json.dumps(one)} at token {k}; the logarithm of a chance is 0 or less"
                )
                raise BadRowError(self._file, number, name, reason)
        return tuple(float(one or 0) for one in logs)


def _object(file: str, number: int, line: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        cut = "" if line.endswith(b"\n") else "; the file may be cut off"
        raise BadRowError(file, number, "", f"it is no strict JSON ({error}){cut}") from error
    if not isinstance(found, dict):
        raise BadRowError(file, number, "", 'it is no object; write {"item": ..., ...}')
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
