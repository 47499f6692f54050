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
_HIDDEN = re.compile(rb"\\u00[2-7]")
_TOLD_ONCE = ("error", "invalidation")
_SCORES, _VALUE = b'"scores"', '"value"'


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
    """A sample, in which no key stands twice that can change what was measured.

    To look at every key costs more than all the reading, so it is done only
    where one of its keys that count stands in it more often than it should, on
    whatever level, or is written with escapes.

    Raises:
        BadLogError: As for `parsed`.
    """
    found = _object(loaded(data, file, member), file, member)
    if _suspect(found, data):
        _check_keys(data, file, member)
    return found


def _suspect(found: Fields, data: bytes) -> bool:
    """Whether a key may stand twice unseen: where an object has it, its last value is kept."""
    # One byte is found many times faster than several, and most samples hold no backslash.
    if b"\\" in data and b"\\u00" in data and _HIDDEN.search(data):
        return True
    if any(key in found and data.count(b'"%b"' % key.encode()) > 1 for key in _TOLD_ONCE):
        return True
    first = data.find(_SCORES)
    return first >= 0 and (
        data.find(_SCORES, first + 1) > first or _more_values(found, data[first:])
    )


def _more_values(found: Fields, data: bytes) -> bool:
    """Whether the scores that these bytes begin with hold more values than there are scores.

    A score that stands twice has brought a second value with it.
    """
    text = data[len(_SCORES) :].decode().lstrip(": \n\r\t")
    scores = found.get("scores")
    try:
        _, end = _PLAIN.raw_decode(text)
    except (ValueError, RecursionError):
        return True
    return text.count(_VALUE, 0, end) > (len(scores) if isinstance(scores, dict) else 0)


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


_PLAIN = json.JSONDecoder()
_DISTINCT = json.JSONDecoder(object_pairs_hook=_distinct)
