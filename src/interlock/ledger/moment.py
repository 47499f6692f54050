"""Moments: RFC 3339 UTC seconds as text, which sorts as it counts."""

import re
from datetime import UTC, datetime

from interlock.errors import InvalidTimeError

_FORM = "%Y-%m-%dT%H:%M:%SZ"
_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)


def posix(time: str) -> int:
    """Seconds since 1970 of a time such as ``2026-11-21T21:52:51Z``.

    Raises:
        InvalidTimeError: The text is not UTC seconds in exactly this form, or
            lies before 1970.
    """
    if not _TEXT.fullmatch(time):
        raise InvalidTimeError(time)
    try:
        seconds = int(datetime.fromisoformat(time).timestamp())
    except ValueError as error:
        raise InvalidTimeError(time) from error
    if seconds < 0:
        raise InvalidTimeError(time)
    return seconds


def utc(seconds: int) -> str:
    """The text of a time given in seconds since 1970.

    Raises:
        InvalidTimeError: It lies before 1970 or after the year 9999.
    """
    if seconds < 0:
        raise InvalidTimeError(str(seconds))
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime(_FORM)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidTimeError(str(seconds)) from error
