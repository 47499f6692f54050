"""Canonical JSON (RFC 8785): one value, one sequence of bytes, nothing lenient."""

import json
from typing import NoReturn, cast

import rfc8785

from interlock.errors import StrictJsonError

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_LARGEST = 2**53 - 1
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value.

    Raises:
        StrictJsonError: The value holds NaN, an infinity, an integer beyond
            2^53 (which a reader may round), a lone surrogate, or something
            JSON cannot say.
    """
    try:
        if _plain(value):
            return _encode(value).encode()
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise StrictJsonError(str(error)) from error


def parse(data: bytes) -> Json:
    """The value of canonical JSON bytes.

    Raises:
        StrictJsonError: A key appears twice, a number is NaN or infinite, or
            the bytes are not the canonical form of their own value.
    """
    value = decode(data)
    if canonical(value) != data:
        raise StrictJsonError("the bytes are not the canonical form of their value")
    return value


def decode(data: bytes) -> Json:
    """The value of JSON bytes, canonical or not; for who compares the bytes another way.

    Raises:
        StrictJsonError: The bytes are not JSON, a key appears twice, or a
            number is NaN or infinite.
    """
    try:
        return cast("Json", _decode(data.decode()))
    except (ValueError, RecursionError) as error:
        raise StrictJsonError(str(error)) from error


def _plain(value: object) -> bool:
    """Whether Python's own encoder writes the RFC 8785 form of a value.

    It differs only in how it writes fractions, orders keys outside ASCII, and
    in what it lets pass; rfc8785, in pure Python, takes several times as long.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -_LARGEST <= cast("int", value) <= _LARGEST
    if kind is dict:
        items = cast("dict[object, object]", value).items()
        return all(type(key) is str and key.isascii() and _plain(held) for key, held in items)
    return (kind is list or kind is tuple) and all(map(_plain, cast("list[object]", value)))


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object whose keys are distinct (Python would silently keep the last)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise StrictJsonError("an object names the same key twice")
    return found


def _integer(text: str) -> int | float:
    """A whole number; beyond 2^53 it can only be a double, as it is when written."""
    number = int(text)
    return number if -_LARGEST <= number <= _LARGEST else float(text)


def _no_constant(name: str) -> NoReturn:
    raise StrictJsonError(f"{name} is not a JSON number")


_decode = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=_integer, parse_constant=_no_constant
).decode
