"""Ways to spoil a file: blindly by the byte, or knowing what it is made of."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

Rng = np.random.Generator
T = TypeVar("T")

ODD_BYTES = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\n",
    b'"',
    b"'",
    b"{",
    b"[" * 3000,
    b"9" * 5000,
    b"1e999",
    b"-0",
    b"NaN",
    b"Infinity",
    b"\\ud800",
    b"\\u0000",
    b",",
    b":",
    b"&a *a",
    b"!!python/none ",
    b"<<: ",
    b"? ",
    b"---\n",
    b"\t",
    b"x" * 70_000,
)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1 << 31,
    1 << 63,
    -(1 << 64),
    10**400,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "a\nb",
    "\x00",
    "\ud800",
    "\u202e\u0661",
    "x" * 5000,
    [],
    {},
    [[]],
    {"": None},
    [None] * 300,
    "0" * 64,
    "2026-11-21T21:52:51Z",
    "9999-99-99T99:99:99Z",
    "AAAA",
    "../../etc/passwd",
)


def one_of(rng: Rng, choices: Sequence[T]) -> T:
    """A choice; `Generator.choice` would make arrays of them."""
    return choices[int(rng.integers(len(choices)))]


def spoiled(data: bytes, rng: Rng) -> bytes:
    """Bytes after one to four blind accidents."""
    for _ in range(int(rng.integers(1, 5))):
        data = one_of(rng, _ACCIDENTS)(data, rng)
    return data


def _spot(data: bytes, rng: Rng) -> int:
    return int(rng.integers(len(data) + 1))


def _span(data: bytes, rng: Rng) -> tuple[int, int]:
    start = _spot(data, rng)
    return start, min(len(data), start + int(rng.geometric(1 / 20)))


def _flip(data: bytes, rng: Rng) -> bytes:
    made = bytearray(data)
    for _ in range(int(rng.integers(1, 9))):
        if made:
            made[int(rng.integers(len(made)))] ^= 1 << int(rng.integers(8))
    return bytes(made)


def _overwrite(data: bytes, rng: Rng) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + rng.bytes(end - start) + data[end:]


def _cut(data: bytes, rng: Rng) -> bytes:
    return data[: _spot(data, rng)]


def _drop(data: bytes, rng: Rng) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, rng: Rng) -> bytes:
    start, end = sorted((_spot(data, rng), _spot(data, rng)))
    return data[:end] + data[start:end] + data[end:]


def _move(data: bytes, rng: Rng) -> bytes:
    start, end = _span(data, rng)
    rest, at = data[:start] + data[end:], _spot(data[: len(data) - (end - start)], rng)
    return rest[:at] + data[start:end] + rest[at:]


def _insert(data: bytes, rng: Rng) -> bytes:
    at = _spot(data, rng)
    return data[:at] + one_of(rng, ODD_BYTES) + data[at:]


def _extreme(data: bytes, rng: Rng) -> bytes:
    """Fill a few bytes with the ends of their range, as lengths and offsets have them."""
    at, size = _spot(data, rng), one_of(rng, (1, 2, 4, 8))
    filler = one_of(rng, (b"\xff", b"\x00", b"\x7f", b"\x80"))
    return data[:at] + filler * size + data[at + size :]


_ACCIDENTS: tuple[Callable[[bytes, Rng], bytes], ...] = (
    _flip,
    _flip,
    _overwrite,
    _cut,
    _drop,
    _repeat,
    _move,
    _insert,
    _insert,
    _extreme,
)


def spoiled_json(data: bytes, rng: Rng, *, canonical: bool = False) -> bytes:
    """JSON with one to three of its parts replaced, removed, doubled or swapped."""
    return written(changed(json.loads(data), rng), rng, canonical=canonical)


def changed(value: Any, rng: Rng) -> Any:
    """A JSON value with one to three changes somewhere inside it."""
    holder = [value]
    for _ in range(int(rng.integers(1, 4))):
        _change(holder, rng)
    return holder[0]


def written(value: Any, rng: Rng, *, canonical: bool = False) -> bytes:
    """A JSON value as bytes; half a surrogate pair is escaped, or written as no UTF-8 is."""
    plain = bool(rng.integers(2)) and not canonical
    text = json.dumps(value, ensure_ascii=plain, sort_keys=canonical, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _change(holder: list[Any], rng: Rng) -> None:
    """Walk down by chance and change what is found there."""
    parent: Any = holder
    key: Any = 0
    while isinstance(parent[key], dict | list) and parent[key] and rng.random() < 0.85:
        parent = parent[key]
        key = (
            one_of(rng, list(parent))
            if isinstance(parent, dict)
            else int(rng.integers(len(parent)))
        )
    kind = int(rng.integers(7))
    inner = _inner(parent[key], rng) if kind < 4 else None
    if inner is not None:
        parent[key] = inner
    elif kind == 4 and parent is not holder:
        del parent[key]
    elif kind == 5:
        nested = parent[key]
        for _ in range(int(one_of(rng, (1, 30, 250, 900)))):
            nested = [nested]
        parent[key] = nested
    elif kind == 6 and isinstance(parent, list) and parent is not holder:
        parent.insert(key, json.loads(json.dumps(parent[key])))
    elif kind == 6 and isinstance(parent, dict):
        parent[one_of(rng, ("", "x" * 300, "\ud800", "kind", "id"))] = parent[key]
    else:
        parent[key] = one_of(rng, ODD_VALUES)


def _inner(value: Any, rng: Rng) -> Any:
    """What is written inside a text (JSON, or JSON in base64), changed; None where nothing is."""
    if not isinstance(value, str) or len(value) < 8:
        return None
    if value.startswith(("{", "[")):
        try:
            return written(changed(json.loads(value), rng), rng, canonical=True).decode(
                "utf-8", "surrogatepass"
            )
        except ValueError:
            return None
    try:
        found = json.loads(base64.b64decode(value, validate=True))
    except (ValueError, binascii.Error):
        return spoiled(value.encode("utf-8", "surrogatepass"), rng).decode("latin-1")
    return base64.b64encode(written(changed(found, rng), rng, canonical=True)).decode()


def spoiled_lines(data: bytes, rng: Rng) -> bytes:
    """Text with its lines swapped, doubled, indented, or given other values."""
    lines = data.split(b"\n")
    for _ in range(int(rng.integers(1, 4))):
        at, kind = int(rng.integers(len(lines))), int(rng.integers(6))
        if kind == 0:
            lines.insert(at, one_of(rng, lines))
        elif kind == 1 and len(lines) > 1:
            del lines[at]
        elif kind == 2:
            lines[at] = b" " * int(rng.integers(1, 9)) + lines[at]
        elif kind == 3:
            head, mark, _ = lines[at].partition(one_of(rng, (b":", b",", b"=")))
            value = one_of(rng, ODD_VALUES)
            lines[at] = head + mark + b" " + json.dumps(value).encode()
        elif kind == 4:
            lines[at] = spoiled(lines[at], rng)
        else:
            other = int(rng.integers(len(lines)))
            lines[at], lines[other] = lines[other], lines[at]
    return b"\n".join(lines)
