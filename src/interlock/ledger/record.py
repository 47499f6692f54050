"""Records: frozen facts, strict when parsed, named by the digest of kind and content."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast, dataclass_transform

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from interlock.errors import InvalidRecordError, UnknownKindError
from interlock.ledger.canonical import Json, canonical, parse

T = TypeVar("T")
Upcast = Callable[[dict[str, Json]], dict[str, Json]]

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_SET = re.compile(r"\b(?:frozenset|set|Set|AbstractSet)\b")
_kinds: dict[str, type[Any]] = {}
_upcasts: dict[str, tuple[str, Upcast]] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
def record(kind: str) -> Callable[[type[T]], type[T]]:
    """Make a class a record of ``kind``, such as ``"vote/1"``.

    The class becomes a frozen, keyword-only dataclass whose fields are checked
    strictly (no coercion, no unknown field, no NaN or infinity) both when it
    is built and when it is parsed. Lists are tuples; sets have no order and so
    no digest, and are refused when the class is made.

    Raises:
        InvalidRecordError: The kind is taken, or a field is a set.
    """

    def register(cls: type[T]) -> type[T]:
        if kind in _kinds:
            raise InvalidRecordError(kind, "this kind is already registered")
        made = dataclass(frozen=True, kw_only=True, config=_STRICT)(cls)
        for field in fields(made):
            if _SET.search(str(field.type)):
                raise InvalidRecordError(kind, f"field {field.name} is a set; use a tuple")
        _kinds[kind] = made
        made.__record_kind__ = kind  # type: ignore[attr-defined]
        return cast("type[T]", made)

    return register


def upcast(old: str, new: str) -> Callable[[Upcast], Upcast]:
    """Register how the content of kind ``old`` becomes content of kind ``new``."""

    def register(function: Upcast) -> Upcast:
        _upcasts[old] = (new, function)
        return function

    return register


def kinds() -> tuple[str, ...]:
    """Every registered kind, sorted."""
    return tuple(sorted(_kinds))


def kind_of(made: object) -> str:
    """The kind of a record.

    Raises:
        UnknownKindError: The object is not a record.
    """
    kind = getattr(type(made), "__record_kind__", None)
    if not isinstance(kind, str):
        raise UnknownKindError(type(made).__name__)
    return kind


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_kinds[kind])


def content(made: object) -> dict[str, Json]:
    """The record's fields as plain JSON values, without its kind."""
    return cast("dict[str, Json]", _adapter(kind_of(made)).dump_python(made, mode="json"))


def dump(made: object) -> bytes:
    """Canonical bytes of ``{"content": ..., "kind": ...}`` (RFC 8785)."""
    return canonical({"kind": kind_of(made), "content": content(made)})


def digest(made: object) -> str:
    """SHA-256 over `dump`, in lower-case hex: the record's name everywhere."""
    return hashlib.sha256(dump(made)).hexdigest()


def build(kind: str, fields_: dict[str, Json]) -> Any:  # noqa: ANN401 - the kind decides the type
    """The record of ``kind`` with these fields, older kinds upcast first.

    Raises:
        UnknownKindError: No such kind is registered.
        InvalidRecordError: A field is missing, unknown, or of the wrong type.
    """
    while kind in _upcasts:
        kind, function = _upcasts[kind]
        fields_ = function(fields_)
    if kind not in _kinds:
        raise UnknownKindError(kind)
    try:
        return _adapter(kind).validate_json(canonical(fields_))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "content"
        raise InvalidRecordError(kind, f"{where}: {first['msg']}") from error


def load(data: bytes) -> Any:  # noqa: ANN401 - the kind decides the type
    """Parse what `dump` wrote, strictly.

    Raises:
        StrictJsonError: The bytes are not canonical JSON.
        UnknownKindError: No such kind is registered.
        InvalidRecordError: The content breaks the rule of its kind.
    """
    value = parse(data)
    if not isinstance(value, dict) or set(value) != {"kind", "content"}:
        raise InvalidRecordError("record", "expected exactly the fields kind and content")
    kind, body = value["kind"], value["content"]
    if not isinstance(kind, str) or not isinstance(body, dict):
        raise InvalidRecordError("record", "kind must be a string and content an object")
    return build(kind, body)
