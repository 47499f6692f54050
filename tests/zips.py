"""Zip archives written by hand, zstandard members and lies included, for tests and benches."""

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

STORED, DEFLATED, ZSTD = 0, 8, 93

_LOCAL = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


def packed(data: bytes, method: int) -> bytes:
    """The bytes of a member as one of the three methods packs them."""
    if method == ZSTD:
        return bytes(pa.Codec("zstd").compress(data, asbytes=True))
    if method == DEFLATED:
        maker = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return maker.compress(data) + maker.flush()
    return data


def write_zip(
    path: Path, members: Iterable[tuple[str, bytes]], *, method: int = ZSTD, **lies: Any
) -> Path:
    """Write an archive; ``lies`` replace what is said of every member.

    They are ``size``, ``checksum``, ``flags`` and ``says`` (the method it claims).
    """
    entries, offset = [], 0
    with path.open("wb") as stream:
        for name, data in members:
            raw, body = name.encode(), packed(data, method)
            flags, says = lies.get("flags", 0x800), lies.get("says", method)
            checksum = lies.get("checksum", zlib.crc32(data))
            size = lies.get("size", len(data))
            facts = (20, flags, says, 0, 0x21, checksum, len(body), size, len(raw), 0)
            stream.write(_LOCAL.pack(b"PK\3\4", *facts) + raw + body)
            entries.append(_ENTRY.pack(b"PK\1\2", 20, *facts, 0, 0, 0, 0, offset) + raw)
            offset += _LOCAL.size + len(raw) + len(body)
        directory, count = b"".join(entries), len(entries)
        stream.write(directory)
        ends = (b"PK\5\6", 0, 0, count, count, len(directory), offset, 0)
        stream.write(_END.pack(*ends))
    return path
