"""Canonical JSON (RFC 8785): one value, one sequence of bytes, nothing lenient."""

import json
from typing import NoReturn, cast

import rfc8785

from interlock.errors import StrictJsonError

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value.

    Raises:
        StrictJsonError: The value holds NaN, an infinity, an integer beyond
            2^53, a lone surrogate, or something JSON cannot say.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise StrictJsonError(str(error)) from error


def parse(data: bytes) -> Json:
    """The value of canonical JSON bytes.

    Raises:
        StrictJsonError: A key appears twice, a number is NaN or infinite, or
            the bytes are not the canonical form of their own value.
    """
    try:
        value = cast(
            "Json",
            json.loads(data, object_pairs_hook=_once, parse_constant=_no_constant),
        )
    except (ValueError, RecursionError) as error:
        raise StrictJsonError(str(error)) from error
    if canonical(value) != data:
        raise StrictJsonError("the bytes are not the canonical form of their value")
    return value


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object whose keys are distinct (Python would silently keep the last)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise StrictJsonError("an object names the same key twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise StrictJsonError(f"{name} is not a JSON number")
