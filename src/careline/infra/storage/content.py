"""What a file is, by what is in it. Pure.

Only what can be told from its own bytes is taken, and of that only kinds that people show each other. What is active
when it is opened (HTML, SVG, scripts), what hides other files (archives, Office files, which are archives) and what is
two things at once is refused. Signatures as in the formats' own documents: PNG (W3C) §5.2, GIF89a §17, JPEG
(ITU T.81) B.1, WebP (RFC 9649) §2, PDF (ISO 32000-2) §7.5.2, Matroska/WebM (RFC 9559) §4, Ogg (RFC 3533) §6, ISO base
media (ISO 14496-12) §4.3.
"""

import enum
import re
import struct
from collections.abc import Callable

import msgspec

from careline.kernel.errors import Invalid

HEAD = 256 * 1024
"""As many bytes from the beginning are looked at; a photograph's own dimensions stand after its camera's notes."""

TAIL = 66 * 1024
"""As many from the end: a ZIP archive, whatever it is appended to, has its mark in the last 65,557 bytes."""

MOST_PIXELS = 50_000_000
"""Of a picture; whoever shows it needs four bytes for each, however small its file is."""

LONGEST_SIDE = 20_000


class Kind(enum.StrEnum):
    """What may be done with it: shown in the page, played, or only saved."""

    PICTURE = "picture"
    SOUND = "sound"
    DOCUMENT = "document"


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is. ``extension`` has no dot; ``width`` and ``height`` are a picture's, in pixels."""

    kind: Kind
    media_type: str
    extension: str
    width: int | None = None
    height: int | None = None


class Refused(Invalid):
    """A file that is not taken; ``code`` says why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, field="file", **params)


ALLOWED = "png, jpg, gif, webp, pdf, txt, webm, ogg, m4a, mp4, mp3, wav, heic"

_ACTIVE = re.compile(rb"<\s*(script|html|svg|iframe|body|!doctype|\?xml|\?php)", re.IGNORECASE)
_END_OF_ZIP = b"PK\x05\x06"


def content_of(head: bytes, tail: bytes, size: int) -> Content:
    """What a file of ``size`` bytes is, that begins and ends so.

    ``head`` and ``tail`` are its first ``HEAD`` and last ``TAIL`` bytes, or all of it. Raises ``Refused``.
    """
    if size == 0:
        raise Refused("file-empty")
    for signature, offset, read in _KINDS:
        if head[offset : offset + len(signature)] == signature:
            found = read(head, tail, size)
            if found is not None:
                return _one_thing(found, head, tail)
    return _text(head, tail, size)


def _one_thing(found: Content, head: bytes, tail: bytes) -> Content:
    """Something that another program would take for something else is refused: it was made so on purpose."""
    if _END_OF_ZIP in tail or (found.kind is Kind.PICTURE and _ACTIVE.search(head[:1024])):
        raise Refused("file-ambiguous")
    return found


def _picture(media_type: str, extension: str, width: int, height: int) -> Content:
    if not width or not height:
        raise Refused("file-incomplete")
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise Refused("picture-too-large", max=MOST_PIXELS // 1_000_000)
    return Content(kind=Kind.PICTURE, media_type=media_type, extension=extension, width=width, height=height)


def _png(head: bytes, tail: bytes, size: int) -> Content:
    if len(head) < 33 or head[12:16] != b"IHDR" or tail[-8:-4] != b"IEND":
        raise Refused("file-incomplete")
    width, height = struct.unpack(">II", head[16:24])
    return _picture("image/png", "png", width, height)


def _gif(head: bytes, tail: bytes, size: int) -> Content:
    if len(head) < 13 or head[3:6] not in (b"87a", b"89a") or tail[-1:] != b"\x3b":
        raise Refused("file-incomplete")
    width, height = struct.unpack("<HH", head[6:10])
    return _picture("image/gif", "gif", width, height)


def _jpeg(head: bytes, tail: bytes, size: int) -> Content:
    """Cameras add previews and short films behind the picture's end, so it need not be the file's."""
    if b"\xff\xd9" not in tail:
        raise Refused("file-incomplete")
    at = 2
    while at + 9 <= len(head):
        if head[at] != 0xFF:
            break
        marker = head[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return _picture("image/jpeg", "jpg", width, height)
        at += 2 if marker == 0x01 or 0xD0 <= marker <= 0xD8 else 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    raise Refused("file-incomplete")


def _riff(head: bytes, tail: bytes, size: int) -> Content | None:
    if len(head) < 30:
        raise Refused("file-incomplete")
    told = int.from_bytes(head[4:8], "little") + 8
    if head[8:12] == b"WAVE":
        return Content(kind=Kind.SOUND, media_type="audio/wav", extension="wav")
    if head[8:12] != b"WEBP":
        return None
    if told + told % 2 != size + size % 2:
        raise Refused("file-incomplete")
    return _picture("image/webp", "webp", *_webp_size(head))


def _webp_size(head: bytes) -> tuple[int, int]:
    form = head[12:16]
    if form == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise Refused("file-incomplete")


def _pdf(head: bytes, tail: bytes, size: int) -> Content:
    if b"%%EOF" not in tail[-2048:]:
        raise Refused("file-incomplete")
    return Content(kind=Kind.DOCUMENT, media_type="application/pdf", extension="pdf")


def _webm(head: bytes, tail: bytes, size: int) -> Content | None:
    """Browsers record voice into it."""
    if b"webm" not in head[:64]:
        return None
    return Content(kind=Kind.SOUND, media_type="audio/webm", extension="webm")


def _ogg(head: bytes, tail: bytes, size: int) -> Content:
    return Content(kind=Kind.SOUND, media_type="audio/ogg", extension="ogg")


_BRANDS = {
    b"M4A ": (Kind.SOUND, "audio/mp4", "m4a"),
    b"heic": (Kind.DOCUMENT, "image/heic", "heic"),
    b"heix": (Kind.DOCUMENT, "image/heic", "heic"),
    b"mif1": (Kind.DOCUMENT, "image/heic", "heic"),
    b"isom": (Kind.SOUND, "audio/mp4", "mp4"),
    b"iso5": (Kind.SOUND, "audio/mp4", "mp4"),
    b"iso6": (Kind.SOUND, "audio/mp4", "mp4"),
    b"mp41": (Kind.SOUND, "audio/mp4", "mp4"),
    b"mp42": (Kind.SOUND, "audio/mp4", "mp4"),
    b"qt  ": (Kind.DOCUMENT, "video/quicktime", "mov"),
}


def _base_media(head: bytes, tail: bytes, size: int) -> Content | None:
    known = _BRANDS.get(head[8:12])
    return None if known is None else Content(kind=known[0], media_type=known[1], extension=known[2])


def _mp3(head: bytes, tail: bytes, size: int) -> Content:
    return Content(kind=Kind.SOUND, media_type="audio/mpeg", extension="mp3")


def _text(head: bytes, tail: bytes, size: int) -> Content:
    """Words, if they are nothing but words."""
    begin = head.removeprefix(b"\xef\xbb\xbf")
    try:
        words = begin.decode("utf-8") if size <= len(head) else begin[: begin.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        words = ""
    if not words or not all(char.isprintable() or char in "\t\r\n\u200d" for char in words):
        raise Refused("file-type-refused", allowed=ALLOWED)
    if _ACTIVE.search(head) or _ACTIVE.search(tail) or b"\x00" in tail or head.startswith((b"#!", b"%!")):
        raise Refused("file-type-refused", allowed=ALLOWED)
    return Content(kind=Kind.DOCUMENT, media_type="text/plain", extension="txt")


_KINDS: tuple[tuple[bytes, int, Callable[[bytes, bytes, int], Content | None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, _png),
    (b"\xff\xd8\xff", 0, _jpeg),
    (b"GIF8", 0, _gif),
    (b"RIFF", 0, _riff),
    (b"%PDF-", 0, _pdf),
    (b"\x1a\x45\xdf\xa3", 0, _webm),
    (b"OggS", 0, _ogg),
    (b"ftyp", 4, _base_media),
    (b"ID3", 0, _mp3),
    (b"\xff\xfb", 0, _mp3),
)
