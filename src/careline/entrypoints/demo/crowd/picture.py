"""What one of the crowd photographs: a modem on a shelf with a red light where a green one should be. Drawn by hand."""

import struct
import zlib
from collections.abc import Iterator

WIDTH, HEIGHT = 480, 320
WALL, SHELF, BOX, FRONT = (226, 229, 233), (158, 124, 92), (42, 46, 54), (58, 63, 73)
LIGHTS = ((46, 190, 98), (46, 190, 98), (224, 52, 52), (70, 74, 82))
LIGHT, FIRST_LIGHT, STEP, ROW = 9, 150, 60, 190

Colour = tuple[int, int, int]


def modem() -> bytes:
    """The photograph, as PNG."""
    rows = b"".join(b"\x00" + bytes(value for x in range(WIDTH) for value in _at(x, y)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunks(header, zlib.compress(rows)))


def _at(x: int, y: int) -> Colour:
    for number, colour in enumerate(LIGHTS):
        if (x - FIRST_LIGHT - number * STEP) ** 2 + (y - ROW) ** 2 <= LIGHT**2:
            return colour
    if 90 <= x < 390 and 150 <= y < 230:
        return FRONT if y >= 165 else BOX
    if 110 <= x < 116 and 40 <= y < 150:
        return BOX  # its aerial
    return SHELF if y >= 230 else WALL


def _chunks(header: bytes, data: bytes) -> Iterator[bytes]:
    for name, content in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b"")):
        yield struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
