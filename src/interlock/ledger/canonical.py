"""Canonical JSON (RFC 8785): one value, one sequence of bytes, nothing lenient."""

import json
from typing import NoReturn, cast

import rfc8785
from pydantic_core import from_json

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
    try:
        value = decode(data)
        same = canonical(value) == data
    except StrictJsonError:
        same = False
    return value if same else _examined(data)


def decode(data: bytes) -> Json:
    """The value of JSON bytes, read fast and leniently.

    To be believed only once the value, written in its one form, has been
    compared with the bytes: then no other value could have been meant.

    Raises:
        StrictJsonError: The bytes are not JSON.
    """
    try:
        return cast("Json", from_json(data))
    except ValueError as error:
        raise StrictJsonError(str(error)) from error


def why_not(data: bytes) -> str:
    """Why bytes are not the one form of what they say."""
    try:
        parse(data)
    except StrictJsonError as error:
        return error.reason
    return "its base64 is not the only encoding of its bytes"


def _examined(data: bytes) -> Json:
    """The value of canonical bytes, read slowly, so that a refusal can say why."""
    try:
        value = cast("Json", _decode(data.decode()))
    except (ValueError, RecursionError) as error:
        raise StrictJsonError(str(error)) from error
    if canonical(value) != data:
        raise StrictJsonError("the bytes are not the canonical form of their value")
    return value


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
        for key, held in cast("dict[object, object]", value).items():
            if type(key) is not str or not key.isascii():
                return False
            if type(held) is not str and not _plain(held):
                return False
        return True
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
