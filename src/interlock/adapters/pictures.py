"""Pictures by what their bytes say: the format, the size, and whether the file is whole."""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from interlock.errors import AttachmentError

Read = Callable[[bytes], tuple[int, int]]
"""From bytes to width and height."""

MOST_PIXELS = 100_000_000
"""A picture of more is refused: it would be a burden to whoever opens it."""

_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
# Of each of the seven pictures: its first column and row, and the steps from there.
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_DEPTHS = (1, 2, 4, 8, 16)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = {0x01, *range(0xD0, 0xD8)}
_SLICE = 8 << 20


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a picture is.

    Attributes:
        media_type: Such as ``image/png``.
        width: In pixels, at least 1.
        height: In pixels, at least 1.
    """

    media_type: str
    width: int
    height: int


class _FormatError(ValueError):
    """Something in the bytes is not as the format has it."""


def picture_of(data: bytes, *, file: str) -> Picture:
    """Format and size of a picture, which must be whole and as large as it says.

    The format follows from the first bytes and never from a name. A PNG is
    unpacked and counted, a GIF, JPEG and WebP are walked from part to part to
    their end; what the pixels show is not looked at.

    Args:
        data: The file.
        file: The name by which errors call it.

    Raises:
        AttachmentError: It is no PNG, JPEG, GIF or WebP, it is cut off, its
            parts contradict its size, or it has over 100 million pixels.
    """
    if (found := _format(data)) is None:
        reason = "is no PNG, JPEG, GIF or WebP by its first bytes; save it as one of these"
        raise AttachmentError(file, reason)
    media_type, read = found
    try:
        width, height = read(data)
    except _FormatError as fault:
        reason = f"is {media_type} and broken: {fault}; save it anew"
        raise AttachmentError(file, reason) from fault
    except (struct.error, IndexError) as error:
        raise AttachmentError(file, f"is {media_type} and cut off; save it anew") from error
    return Picture(media_type=media_type, width=width, height=height)


def _format(data: bytes) -> tuple[str, Read] | None:
    for signature, media_type, read in _FORMATS:
        if data.startswith(signature) and (signature != b"RIFF" or data[8:12] == b"WEBP"):
            return media_type, read
    return None


def _sized(width: int, height: int) -> tuple[int, int]:
    if not width or not height:
        raise _FormatError("its size is none")
    if width * height > MOST_PIXELS:
        raise _FormatError(f"{width} x {height} pixels are more than {MOST_PIXELS}")
    return width, height


def _png(data: bytes) -> tuple[int, int]:
    chunks = list(_png_chunks(data))
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise _FormatError("it does not begin with its size or end with its end")
    width, height, depth, colour, _, _, woven = struct.unpack(">IIBBBBB", chunks[0][1])
    _sized(width, height)
    if colour not in _PNG_CHANNELS or depth not in _PNG_DEPTHS:
        raise _FormatError(f"it has a colour type of {colour} in {depth} bits")
    bits = depth * _PNG_CHANNELS[colour]
    passes = _passes(width, height) if woven else [(width, height)]
    wanted = sum(tall * (1 + (wide * bits + 7) // 8) for wide, tall in passes if wide and tall)
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    if _unpacked(packed, most=wanted) != wanted:
        raise _FormatError(f"its data are not those of {width} x {height} pixels")
    return width, height


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place, name = 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        (check,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(name + body) != check:
            raise _FormatError(f"its part {name.decode('ascii', 'replace')} has another checksum")
        yield name, body
        place += 12 + length
    if place != len(data):
        raise _FormatError("something follows its end")


def _passes(width: int, height: int) -> list[tuple[int, int]]:
    """The seven pictures of which an interlaced PNG is woven, as (width, height)."""
    return [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in _ADAM7]


def _unpacked(packed: bytes, *, most: int) -> int:
    """How many bytes a zlib stream holds; one more than ``most`` where it is more."""
    stream, found, rest = zlib.decompressobj(), 0, packed
    try:
        while rest and found <= most:
            found += len(stream.decompress(rest, _SLICE))
            rest = stream.unconsumed_tail
    except zlib.error as error:
        raise _FormatError("its data cannot be unpacked") from error
    return found if stream.eof or found > most else -1


def _jpeg(data: bytes) -> tuple[int, int]:
    size: tuple[int, int] | None = None
    place = 2
    while True:
        while data[place] == 0xFF and data[place + 1] == 0xFF:
            place += 1
        if data[place] != 0xFF:
            raise _FormatError("a part does not begin where the one before it ends")
        marker = data[place + 1]
        place += 2
        if marker == 0xD9:
            break
        if marker in _BARE:
            continue
        (length,) = struct.unpack_from(">H", data, place)
        if marker in _FRAMES:
            if size is not None:
                raise _FormatError("it states its size twice")
            height, width = struct.unpack_from(">HH", data, place + 3)
            size = _sized(width, height)
        place = _scanned(data, place + length) if marker == 0xDA else place + length
    if size is None:
        raise _FormatError("it states no size")
    return size


def _scanned(data: bytes, place: int) -> int:
    """Where the next marker stands after the packed pixels that begin at a place."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0:
            raise IndexError
        if data[place + 1] and not 0xD0 <= data[place + 1] <= 0xD7 and data[place + 1] != 0xFF:
            return place
        place += 1 if data[place + 1] == 0xFF else 2


def _gif(data: bytes) -> tuple[int, int]:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    _sized(width, height)
    place = 13 + _colours(flags)
    frames = 0
    while data[place] != 0x3B:
        if data[place] == 0x21:
            place = _blocks(data, place + 2)
        elif data[place] == 0x2C:
            left, top, wide, tall, local = struct.unpack_from("<HHHHB", data, place + 1)
            if left + wide > width or top + tall > height:
                raise _FormatError("a frame of it is larger than it says it is")
            place, frames = _blocks(data, place + 11 + _colours(local)), frames + 1
        else:
            raise _FormatError("a part does not begin where the one before it ends")
    if not frames:
        raise _FormatError("it holds no frame")
    return width, height


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, place: int) -> int:
    """Where a chain of blocks ends."""
    while data[place]:
        place += 1 + data[place]
    return place + 1


def _webp(data: bytes) -> tuple[int, int]:
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 != len(data):
        raise _FormatError(f"it says that it has {length + 8} bytes and has {len(data)}")
    stated: tuple[int, int] | None = None
    place = 12
    found: list[tuple[int, int]] = []
    moving = False
    while place < len(data):
        name, length = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + length]
        if len(body) != length:
            raise _FormatError("a part of it is cut off")
        if name == b"VP8X":
            wide, tall = body[4:7], body[7:10]
            stated = _sized(*(1 + int.from_bytes(one, "little") for one in (wide, tall)))
        elif name in _WEBP_FRAMES:
            found.append(_sized(*_WEBP_FRAMES[name](body)))
            moving = moving or name == b"ANMF"
        place += 8 + length + length % 2
    if not found:
        raise _FormatError("it holds no picture")
    size = stated or found[0]
    if any(wide > size[0] or tall > size[1] for wide, tall in found):
        raise _FormatError("a frame of it is larger than it says it is")
    if not moving and found != [size]:
        raise _FormatError(
            f"its picture is not the one of {size[0]} x {size[1]} pixels that it states"
        )
    return size


def _lossy(body: bytes) -> tuple[int, int]:
    if body[3:6] != b"\x9d\x01\x2a":
        raise _FormatError("its picture does not begin as one")
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _lossless(body: bytes) -> tuple[int, int]:
    if body[0] != 0x2F:
        raise _FormatError("its picture does not begin as one")
    (bits,) = struct.unpack_from("<I", body, 1)
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


def _frame(body: bytes) -> tuple[int, int]:
    """Size of one frame of an animation."""
    return 1 + int.from_bytes(body[6:9], "little"), 1 + int.from_bytes(body[9:12], "little")


_WEBP_FRAMES: dict[bytes, Read] = {
    b"VP8 ": _lossy,
    b"VP8L": _lossless,
    b"ANMF": _frame,
}
_FORMATS: tuple[tuple[bytes, str, Read], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", _png),
    (b"\xff\xd8\xff", "image/jpeg", _jpeg),
    (b"GIF87a", "image/gif", _gif),
    (b"GIF89a", "image/gif", _gif),
    (b"RIFF", "image/webp", _webp),
)
