"""What a look may be. Pure."""

import re
import unicodedata

from careline.kernel.errors import Invalid

LEAST_CONTRAST = 4.5
"""Of white words on the colour (WCAG 2.2, 1.4.3)."""

GREETING_MAX = 200
AVATAR_MAX = 2
MOST_SITES = 50
PICTURE_MAX = 65_536
PICTURE_EDGE_MAX = 512

_COLOR = re.compile(r"#[0-9a-f]{6}")
_SITE = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)*)(:(?P<port>\d{1,5}))?")
_LOOPBACK = ("localhost", "127.0.0.1")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def checked_color(text: str) -> str:
    """A colour as ``#rrggbb`` on which white can be read. Raises ``Invalid``."""
    color = text.strip().lower()
    if not _COLOR.fullmatch(color):
        raise Invalid("color-not-usable", field="color")
    found = contrast_with_white(color)
    if found < LEAST_CONTRAST:
        raise Invalid("color-contrast-too-low", field="color", contrast=round(found, 2), least=LEAST_CONTRAST)
    return color


def contrast_with_white(color: str) -> float:
    """The contrast of white on a colour ``#rrggbb``: 1 … 21 (WCAG 2.2, relative luminance)."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def checked_avatar(text: str) -> str:
    """One or two letters; empty when there is none. Raises ``Invalid``."""
    letters = unicodedata.normalize("NFC", text).strip()
    if len(letters) > AVATAR_MAX or not all(unicodedata.category(one)[0] in "LN" for one in letters):
        raise Invalid("avatar-not-usable", field="avatar", max=AVATAR_MAX)
    return letters


def checked_sites(texts: list[str]) -> list[str]:
    """Origins as browsers write them: no path, no pattern, TLS except on the machine itself. Raises ``Invalid``."""
    if len(texts) > MOST_SITES:
        raise Invalid("too-many-sites", field="sites", max=MOST_SITES)
    return list(dict.fromkeys(_checked_site(text, at) for at, text in enumerate(texts)))


def _checked_site(text: str, at: int) -> str:
    origin = text.strip().lower().removesuffix("/")
    known = _SITE.fullmatch(origin)
    usable = known is not None and len(origin) <= 255 and int(known["port"] or 1) in range(1, 65_536)
    if not usable or known is None or (known["scheme"] == "http" and known["host"] not in _LOOPBACK):
        raise Invalid("site-not-usable", field=f"sites/{at}", value=text.strip()[:255])
    if known["port"] == _DEFAULT_PORTS[known["scheme"]]:
        return origin.rpartition(":")[0]
    return origin


def picture_kind(data: bytes) -> str:
    """The media type of a picture, by what it holds and never by what it is called. Raises ``Invalid``.

    PNG (ISO/IEC 15948) and JPEG (ISO/IEC 10918-1), at most 512 pixels an edge; nothing that could hold a script.
    """
    if len(data) > PICTURE_MAX:
        raise Invalid("picture-too-large", field="picture", max=PICTURE_MAX)
    size = _png_size(data) or _jpeg_size(data)
    if size is None:
        raise Invalid("picture-not-usable", field="picture", allowed="PNG, JPEG")
    width, height = size
    if not (0 < width <= PICTURE_EDGE_MAX and 0 < height <= PICTURE_EDGE_MAX):
        raise Invalid("picture-edge-too-long", field="picture", max=PICTURE_EDGE_MAX)
    return "image/png" if data.startswith(_PNG) else "image/jpeg"


_PNG = b"\x89PNG\r\n\x1a\n"


def _png_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """From the first frame header; markers are walked by their lengths."""
    at = 2
    if not data.startswith(b"\xff\xd8"):
        return None
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if length < 2:
            return None
        at += 2 + length
    return None
