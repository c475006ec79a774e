"""A file is what its bytes say. What is active, hides others, lies about its length or is two things is refused."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.infra.storage.content import HEAD, TAIL, Content, Kind, Refused, content_of
from careline.infra.storage.names import LONGEST, clean_name
from tests.support.pictures import gif, jpeg, png, webp


def looked_at(content: bytes) -> Content:
    return content_of(content[:HEAD], content[-TAIL:], len(content))


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (png(3, 2), "image/png", Kind.PICTURE),
        (jpeg(3, 2), "image/jpeg", Kind.PICTURE),
        (gif(3, 2), "image/gif", Kind.PICTURE),
        (webp(3, 2), "image/webp", Kind.PICTURE),
        (b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n", "application/pdf", Kind.DOCUMENT),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 99, "audio/webm", Kind.SOUND),
        (b"OggS" + b"\x00" * 99, "audio/ogg", Kind.SOUND),
        (b"\x00\x00\x00\x1cftypisom" + b"\x00" * 99, "audio/mp4", Kind.SOUND),
        ("宽带断了\n第二行".encode(), "text/plain", Kind.DOCUMENT),
    ],
)
def test_known_kinds(content: bytes, media_type: str, kind: Kind) -> None:
    found = looked_at(content)
    assert (found.media_type, found.kind) == (media_type, kind)
    if kind is Kind.PICTURE:
        assert (found.width, found.height) == (3, 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file-type-refused"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>", "file-type-refused"),
        (b"words first\n" * 9 + b"<script>alert(1)</script>", "file-type-refused"),
        (b"MZ" + b"\x00" * 100, "file-type-refused"),
        (b"\x7fELF" + b"\x00" * 100, "file-type-refused"),
        (b"#!/bin/sh\necho\n", "file-type-refused"),
        (b"PK\x03\x04" + b"\x00" * 100 + b"PK\x05\x06" + b"\x00" * 18, "file-type-refused"),
        (b"\x1f\x8b\x08" + b"\x00" * 100, "file-type-refused"),
        (b"\x00" * 5000, "file-type-refused"),
        (png(3, 2) + b"PK\x03\x04" + b"PK\x05\x06" + b"\x00" * 18, "file-incomplete"),
        (jpeg(3, 2) + b"PK\x03\x04" + b"PK\x05\x06" + b"\x00" * 18, "file-ambiguous"),
        (gif(3, 2, b"<script>alert(1)</script>"), "file-ambiguous"),
        (b"%PDF-1.7\n%%EOF" + b"PK\x05\x06" + b"\x00" * 18, "file-ambiguous"),
        (png(3, 2)[:-9], "file-incomplete"),
        (jpeg(3, 2)[:-2], "file-incomplete"),
        (gif(3, 2)[:-1], "file-incomplete"),
        (webp(3, 2) + b"more", "file-incomplete"),
        (b"%PDF-1.7\n", "file-incomplete"),
        (b"\x89PNG\r\n\x1a\n", "file-incomplete"),
        (b"\xff\xd8\xff\xd9", "file-incomplete"),
        (png(30_000, 1), "picture-too-large"),
        (png(19_999, 19_999), "picture-too-large"),
        (png(0, 5), "file-incomplete"),
    ],
)
def test_what_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        looked_at(content)
    assert (refused.value.code, refused.value.field) == (code, "file")


MAGIC = [
    b"",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"RIFF",
    b"RIFF0000WEBPVP8X",
    b"%PDF-",
    b"\x1a\x45\xdf\xa3",
]


@given(st.sampled_from(MAGIC), st.binary(max_size=400), st.sampled_from([b"", b"IEND0000", b"\xff\xd9", b";"]))
def test_nothing_makes_it_fail(magic: bytes, content: bytes, end: bytes) -> None:
    """Whatever comes is a kind we know or is refused in words."""
    try:
        found = looked_at(magic + content + end)
    except Refused:
        return
    assert found.width is None or 0 < found.width <= 20_000


def test_a_bomb_of_a_picture_is_refused_before_anybody_unpacks_it() -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    body = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    bomb = b"\x89PNG\r\n\x1a\n" + body + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    with pytest.raises(Refused, match="picture-too-large"):
        looked_at(bomb)


@pytest.mark.parametrize(
    ("given", "extension", "shown"),
    [
        ("photo.jpg", "png", "photo.png"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\me\\账单.pdf", "pdf", "账单.pdf"),
        ("..", "pdf", "file.pdf"),
        ("", "pdf", "file.pdf"),
        ("   ", "pdf", "file.pdf"),
        (".htaccess", "txt", "htaccess.txt"),
        ("invoice.pdf.exe", "pdf", "invoice.pdf.pdf"),
        ("photo\u202egnp.exe", "png", "photognp.png"),
        ("a\x00b\r\nSet-Cookie: x.png", "png", "abSet-Cookie x.png"),
        ('a"; filename="b.html', "png", "a filename=b.png"),
        ("CON.txt", "txt", "file.txt"),
        ("第2季度.v1 报告", "pdf", "第2季度.v1 报告.pdf"),
        ("x" * 500, "pdf", "x" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_names(given: str, extension: str, shown: str) -> None:
    assert clean_name(given, extension) == shown


@given(st.text(max_size=300))
def test_no_name_leads_anywhere(name: str) -> None:
    shown = clean_name(name, "png")
    assert shown.endswith(".png")
    assert 0 < len(shown) <= LONGEST
    assert not set(shown) & set('/\\\x00\r\n"<>:;')
    assert not shown.startswith(".")
