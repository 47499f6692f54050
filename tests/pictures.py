"""Pictures for tests, made from their formats' own parts: whole, of any size, and with faults."""

import struct
import zlib


def chunk(name: bytes, body: bytes) -> bytes:
    """A part of a PNG with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *, shade: int = 128, rows: int | None = None) -> bytes:
    """A grey PNG; of ``rows`` rows where it lies about its height."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    row = b"\x00" + bytes([shade]) * width
    packed = zlib.compress(row * (height if rows is None else rows))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def woven_png() -> bytes:
    """An interlaced PNG of 5 x 3 pixels: rows of the passes 1, 2, 4, 5, 6 and 7; 3 is empty."""
    head = struct.pack(">IIBBBBB", 5, 3, 8, 0, 0, 0, 1)
    rows = [1, 1, 1, 3, 2, 2, 5]
    packed = zlib.compress(b"".join(b"\x00" + b"\x07" * n for n in rows))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def jpeg(width: int, height: int, *, frames: int = 1) -> bytes:
    """The parts of a JPEG with a scan that holds a stuffed byte and a restart mark."""
    frame = struct.pack(">BBHBHHB3s", 0xFF, 0xC0, 11, 8, height, width, 1, b"\x01\x11\x00")
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8\xff\xe0\x00\x04ab" + frame * frames + scan + b"\xff\xd9"


def gif(width: int, height: int, *, frame: tuple[int, int] | None = None) -> bytes:
    """A GIF of two colours with a comment and one frame."""
    wide, tall = frame or (width, height)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    comment = b"\x21\xfe\x02hi\x00"
    return (
        head
        + comment
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, wide, tall, 0)
        + (b"\x02\x02\x44\x01\x00" + b"\x3b")
    )


def webp(width: int, height: int, *, canvas: tuple[int, int] | None = None) -> bytes:
    """A lossless WebP, on a canvas of its own where one is given."""
    bits = (width - 1) | (height - 1) << 14
    parts = _riff(b"VP8L", b"\x2f" + struct.pack("<I", bits) + b"\x00")
    if canvas is not None:
        sizes = b"".join((side - 1).to_bytes(3, "little") for side in canvas)
        parts = _riff(b"VP8X", b"\0\0\0\0" + sizes) + parts
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def lossy_webp(width: int, height: int) -> bytes:
    """A lossy WebP."""
    part = _riff(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height))
    return b"RIFF" + struct.pack("<I", 4 + len(part)) + b"WEBP" + part


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
