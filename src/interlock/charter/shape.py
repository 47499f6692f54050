"""One declaration of a file's shape, which gives both its JSON Schema and its refusals."""

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from interlock.charter.agreement import hint
from interlock.charter.source import Source
from interlock.errors import CharterError
from interlock.ledger import Json

T = TypeVar("T")
Schema = dict[str, Any]

_LONGEST_SHOWN = 60
_UNKNOWN = "unexpected_keyword_argument"


def validated(cls: type[T], source: Source) -> T:
    """The file's value as a ``cls``.

    Raises:
        CharterError: The first thing in the file that the type refuses.
    """
    try:
        return cast("T", _adapter(cast("Hashable", cls)).validate_json(json.dumps(source.value)))
    except ValidationError as error:
        raise _refusal(cls, source, error) from error


def schema(cls: type[Any], title: str) -> Schema:
    """JSON Schema (draft 2020-12) of files whose shape is ``cls``."""
    made = cast("Schema", _without_null(_adapter(cast("Hashable", cls)).json_schema()))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}


def _refusal(cls: type[Any], source: Source, found: ValidationError) -> CharterError:
    """Pydantic's first finding in our words, at its line, with the next step."""
    errors = found.errors()
    # A misspelt key is also a missing one; the misspelling is what the author can see.
    first = next((one for one in errors if one["type"] == _UNKNOWN), errors[0])
    path = tuple(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return source.error(_in_file(path, source), "is missing; add it")
    if first["type"] == _UNKNOWN:
        known = _fields_at(schema(cls, ""), path[:-1])
        step = hint(path[-1], known) if known else "; take it out"
        reason = f"this key is unknown{step}"
        return source.error(_in_file(path, source), reason)
    # What is left names parts of the type (a branch of a union), which no file has.
    while path not in source.lines:
        path = path[:-1]
    message = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    given = first["input"]
    told = f", not {_shown(given)}" if isinstance(given, str | int | float) else ""
    return source.error(path, message + told)


def _shown(given: str | float) -> str:
    """A value as it stands in the file; a long one by its beginning."""
    told = repr(given)
    return told if len(told) <= _LONGEST_SHOWN else f"{told[: _LONGEST_SHOWN - 3]}..."


def _in_file(path: tuple[str, ...], source: Source) -> tuple[str, ...]:
    """A finding's path without the tags of unions, which stand on the way and in no file."""
    found: tuple[str, ...] = ()
    for part in path[:-1]:
        if (*found, part) in source.lines:
            found = (*found, part)
    return (*found, *path[-1:])


def _fields_at(found: Schema, path: tuple[str, ...]) -> list[str]:
    """The keys a schema knows at a path; none where it branches in a way that no key decides."""
    part = found
    for step in path:
        part = _resolved(part, found)
        branches = part.get("discriminator", {}).get("mapping", {})
        if step in branches:
            part = {"$ref": branches[step]}
        else:
            part = part.get("items" if step.isdigit() else "properties", {})
            part = part if step.isdigit() else part.get(step, {})
    return sorted(_resolved(part, found).get("properties", {}))


def _resolved(part: Schema, whole: Schema) -> Schema:
    name = str(part.get("$ref", "")).removeprefix("#/$defs/")
    return cast("Schema", whole["$defs"][name]) if name else part


@cache
def _adapter(cls: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", cls))


def _without_null(part: Json) -> Json:
    """A schema in which an optional key is left out, never null: an empty key is a mistake."""
    if isinstance(part, list):
        return [_without_null(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _without_null(one) for key, one in part.items() if (key, one) != ("default", None)}
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        del kept["anyOf"]
        (only,) = (one for one in choices if one != {"type": "null"})
        return {**kept, **only} if isinstance(only, dict) else kept
    return kept
