"""JSON as Inspect writes it, in bounded memory and with no key said twice where it counts."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from interlock.errors import BadLogError

Fields = Mapping[str, Any]

_SMALL, _MOST_PARTS = 1 << 20, 1 << 20
_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")
_SCORES = b'"scores"'


def parsed(data: bytes, file: str, member: str) -> Fields:
    """A JSON object in which no key stands twice, on any level.

    Raises:
        BadLogError: It is none in UTF-8, is nested too deeply, has over a
            million parts, or says a key twice.
    """
    found = _object(loaded(data, file, member), file, member)
    _check_keys(data, file, member)
    return found


def parsed_sample(data: bytes, file: str, member: str) -> Fields:
    """A sample, in which no key stands twice wherever its scores seem to.

    To look at every key of every sample costs more than all the reading.

    Raises:
        BadLogError: As for `parsed`.
    """
    found = _object(loaded(data, file, member), file, member)
    if data.find(_SCORES, data.find(_SCORES) + 1) > 0:
        _check_keys(data, file, member)
    return found


def loaded(data: bytes, file: str, member: str) -> object:
    """JSON of any kind, which may hold NaN and Infinity.

    Raises:
        BadLogError: It is none in UTF-8, is nested too deeply, or has over a million parts.
    """
    if heavy(data):
        reason = (
            f"it has over {_MOST_PARTS:,} parts, which is more than is read at once; split the "
            "log, or hand its scores in as a table"
        )
        raise BadLogError(file, member, reason)
    try:
        found: object = from_json(data)
    except ValueError:
        found = _slowly(data, file, member)
    return found


def heavy(data: bytes) -> bool:
    """Whether JSON has too many parts to be held: each takes some hundred bytes at most."""
    return len(data) > _SMALL and sum(map(data.count, (b",", b"[", b"{"))) > _MOST_PARTS


def _object(found: object, file: str, member: str) -> Fields:
    if not isinstance(found, dict):
        raise BadLogError(file, member, "it is no JSON object; export the log again")
    return found


def _slowly(data: bytes, file: str, member: str) -> object:
    """The same by Python's own parser, which goes deeper than the fast one's 200 levels."""
    try:
        found: object = json.loads(data.decode())
        if _HALF_PAIR.search(data):
            # Half a surrogate pair can be written as an escape, but never as UTF-8.
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _no_json(error, file, member) from error
    return found


def _no_json(error: Exception, file: str, member: str) -> BadLogError:
    return BadLogError(file, member, f"it is no JSON ({type(error).__name__}); copy the file again")


class _TwiceError(Exception):
    """A key stands twice in one object."""


def _check_keys(data: bytes, file: str, member: str) -> None:
    """Refuse an object with a key that stands twice in it, or in one within it."""
    try:
        _DISTINCT.raw_decode(data.decode().lstrip())
    except _TwiceError as twice:
        reason = (
            f"its key {twice.args[0][:60]!r} stands twice, so that nobody can say which counts; "
            "import the log as it was written"
        )
        raise BadLogError(file, member, reason) from twice
    except (ValueError, RecursionError) as error:
        raise _no_json(error, file, member) from error


def _distinct(pairs: list[tuple[str, Any]]) -> None:
    """Keep nothing of an object but that its keys are distinct."""
    if len(dict(pairs)) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for k, key in enumerate(keys) if key in keys[:k]))


_DISTINCT = json.JSONDecoder(object_pairs_hook=_distinct)
