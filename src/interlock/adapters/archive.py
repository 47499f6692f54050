"""Zip archives read whole or not at all: no member that hides, overlaps, swells or climbs."""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, NoReturn, Self

import pyarrow as pa

from interlock.errors import BadLogError

MOST_BYTES = 16 << 20
"""The most bytes a member may have when it is unpacked; as JSON it takes some times as much."""

_MOST_DIRECTORY = 256 << 20
_SMALL, _MOST_RATIO = 1 << 20, 250
_STORED, _DEFLATED, _ZSTD = 0, 8, 93
_ENCRYPTED = 0x1
_UTF8 = 0x800
_FULL = 0xFFFFFFFF

_END = struct.Struct("<4s4H2LH")
_WIDE_PLACE = struct.Struct("<4sLQL")
_WIDE_END = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_CLIMBS = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\x00")


class Member(NamedTuple):
    """One file in an archive, as the directory at its end describes it.

    Attributes:
        name: Its path inside the archive.
        flags: Bits that say how it is packed.
        method: The compression, by its number in the standard.
        checksum: CRC-32 of its bytes.
        packed: Bytes in the archive.
        size: Bytes when unpacked.
        start: Where its own header starts.
        limit: Where the next thing starts.
    """

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    start: int
    limit: int


class Archive:
    """A zip archive, open to read.

    Written anew since Python 3.11's own reader refuses zstandard (method 93),
    which is what current logs are packed with. One member is in memory at a
    time, at most 16 MiB of it; a member that unpacks to over 250 times its size
    is refused, and so is one whose bytes another one claims too.

    Source:
        PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.
    """

    def __init__(self, path: Path) -> None:
        """Open an archive and read its directory.

        Raises:
            BadLogError: It is no whole archive, or its directory cannot be believed.
        """
        self._file, self._size = str(path), path.stat().st_size
        self._stream: BinaryIO = path.open("rb")
        try:
            self.members: Mapping[str, Member] = self._directory(self._size)
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stream.close()

    def read(self, name: str) -> bytes:
        """The bytes of a member, unpacked.

        Raises:
            BadLogError: It is damaged, too large, or packed in a way that is not read here.
        """
        member = self.members[name]
        self._check_size(member)
        head = self._at(member.start, _LOCAL.size, member.name)
        signature, *_, name_size, extra_size = _LOCAL.unpack(head)
        if signature != b"PK\3\4" or member.flags & _ENCRYPTED:
            what = "is encrypted" if signature == b"PK\3\4" else "has no header of its own"
            self._refuse(f"it {what}; export the log again", member.name)
        rest = self._at(member.start + _LOCAL.size, name_size + extra_size, member.name)
        start = member.start + _LOCAL.size + name_size + extra_size
        if start + member.packed > member.limit or _decoded(rest[:name_size], member.flags) != name:
            self._refuse("its own header contradicts the directory; export the log again", name)
        data = self._unpacked(member, self._at(start, member.packed, member.name))
        if len(data) != member.size or zlib.crc32(data) != member.checksum:
            self._refuse("its bytes were damaged or altered; copy the file again", member.name)
        return data

    def _check_size(self, member: Member) -> None:
        if member.size > MOST_BYTES:
            most = MOST_BYTES >> 20
            self._refuse(
                f"it unpacks to over {most} MiB, the most that is read at once; split the log, or "
                "hand its scores in as a table",
                member.name,
            )
        if member.size > _SMALL and member.size > _MOST_RATIO * member.packed:
            self._refuse(
                f"it unpacks to over {_MOST_RATIO} times its size; no log does", member.name
            )

    def _unpacked(self, member: Member, packed: bytes) -> bytes:
        try:
            if member.method == _ZSTD:
                unpacked = pa.Codec("zstd").decompress(packed, member.size, asbytes=True)
                return bytes(unpacked)
            if member.method == _DEFLATED:
                return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.size + 1)
        except (OSError, ValueError, zlib.error):
            self._refuse("its bytes were damaged or altered; copy the file again", member.name)
        if member.method != _STORED:
            self._refuse(
                f"it is packed by method {member.method}; use deflate or zstandard", member.name
            )
        return packed

    def _directory(self, size: int) -> dict[str, Member]:
        start, end, count = self._place(size)
        data = self._at(start, end - start, "")
        found = list(self._entries(data))
        if len(found) != count:
            self._refuse("its directory has another length than it says; copy the file again")
        found.sort(key=lambda each: each.start)
        limits = [*(each.start for each in found), start][1:]
        members: dict[str, Member] = {}
        for each, limit in zip(found, limits, strict=True):
            if each.start + _LOCAL.size + len(each.name) + each.packed > limit:
                self._refuse("its bytes belong to another member too; no log does that", each.name)
            if each.name in members:
                reason = "it stands twice, so that a sample was measured twice; run it anew, once"
                self._refuse(reason, each.name)
            members[each.name] = each._replace(limit=limit)
        return members

    def _place(self, size: int) -> tuple[int, int, int]:
        """Where the directory starts and ends, and how many entries it has."""
        tail = self._at(max(0, size - _END.size - 0xFFFF), min(size, _END.size + 0xFFFF), "")
        where = tail.rfind(b"PK\5\6")
        if where < 0 or len(tail) - where < _END.size:
            self._refuse("it has no end, so it is no zip archive or was cut off; copy it again")
        _, _, _, _, count, length, start, comment = _END.unpack_from(tail, where)
        end = size - len(tail) + where
        if end + _END.size + comment != size:
            self._refuse("something follows its end; copy the file again")
        if _FULL in {length, start} or count == 0xFFFF:
            end, count, length, start = self._wide_place(end)
        if start + length != end or length > _MOST_DIRECTORY:
            self._refuse("its directory is not where it says; copy the file again")
        return start, end, count

    def _wide_place(self, end: int) -> tuple[int, int, int, int]:
        """The same for an archive of over 4 GiB or 65,535 members."""
        place = end - _WIDE_PLACE.size
        signature, _, at, _ = _WIDE_PLACE.unpack(self._at(place, _WIDE_PLACE.size, ""))
        if signature != b"PK\6\7" or at + _WIDE_END.size != place:
            self._refuse("its directory is not where it says; copy the file again")
        found = _WIDE_END.unpack(self._at(at, _WIDE_END.size, ""))
        return at, found[7], found[8], found[9]

    def _entries(self, data: bytes) -> Iterator[Member]:
        at = 0
        while at < len(data):
            if len(data) - at < _ENTRY.size:
                self._refuse("its directory is cut off; copy the file again")
            head = _ENTRY.unpack_from(data, at)
            flags, method, checksum, packed, size = head[3], head[4], *head[7:10]
            name_end = at + _ENTRY.size + head[10]
            extra_end = name_end + head[11]
            raw, extra = data[at + _ENTRY.size : name_end], data[name_end:extra_end]
            at = extra_end + head[12]
            if head[0] != b"PK\1\2" or at > len(data):
                self._refuse("its directory is damaged; copy the file again")
            name = _decoded(raw, flags)
            if name is None or _CLIMBS.search(name):
                self._refuse("a member's name leads out of the archive; export the log again")
            wide = _wide(extra, (size, packed, head[16]))
            if wide is None:
                self._refuse("its sizes cannot be read; copy the file again", name)
            size, packed, start = wide
            yield Member(
                name=name,
                flags=flags,
                method=method,
                checksum=checksum,
                packed=packed,
                size=size,
                start=start,
                limit=0,
            )

    def _at(self, start: int, size: int, name: str) -> bytes:
        """So many bytes from a place on, which the file must have."""
        if not 0 <= start <= start + size <= self._size:
            self._refuse("the file ends before it does; copy the file again", name)
        self._stream.seek(start)
        data = self._stream.read(size)
        if len(data) != size:
            self._refuse("the file became shorter as it was read; wait for its run to end", name)
        return data

    def _refuse(self, reason: str, member: str = "") -> NoReturn:
        raise BadLogError(self._file, member, reason)


def _decoded(raw: bytes, flags: int) -> str | None:
    """A name as text, in the one of two encodings that its flags say."""
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        return None


def _wide(extra: bytes, sizes: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """Unpacked and packed size and start; what fills 32 bits stands in the extra field."""
    if _FULL not in sizes:
        return sizes
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1 and at + 4 + length <= len(extra):
            given = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            whole = [next(given, _FULL) if each == _FULL else each for each in sizes]
            return (whole[0], whole[1], whole[2])
        at += 4 + length
    return None
