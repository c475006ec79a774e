"""Small pictures of the kinds that people send, made by hand."""

import struct
import zlib


def png(width: int, height: int) -> bytes:
    """All black; what is larger than a few dots only says so, as a bomb does."""
    row = b"\x00" + b"\x00" * 3 * width
    rows = row * height if width * height < 1_000_000 else b""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg(width: int, height: int) -> bytes:
    """The frame of one, with a camera's notes before it."""
    notes = b"\xff\xe1" + struct.pack(">H", 5002) + b"\x00" * 5000
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 8 + 3, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + notes + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"


def gif(width: int, height: int, comment: bytes = b"") -> bytes:
    """One, with a comment."""
    words = b"\x21\xfe" + bytes([len(comment)]) + comment + b"\x00" if comment else b""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00" + words + b"\x3b"


def webp(width: int, height: int) -> bytes:
    """The frame of one without loss."""
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", bits) + b"\x00" * 8
    return b"RIFF" + struct.pack("<I", len(body)) + body
