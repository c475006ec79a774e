"""What a look may be."""

import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.contact.widget import rules


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture as an editor writes it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 3, height: int = 5) -> bytes:
    """The head of one, with a marker before the frame."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8" + app + frame + b"\xff\xd9"


@pytest.mark.parametrize(
    ("color", "code"),
    [
        ("#2459D6", None),
        ("#000000", None),
        ("#767676", None),
        ("#777777", "color-contrast-too-low"),
        ("#ffff00", "color-contrast-too-low"),
        ("red", "color-not-usable"),
        ("#fff", "color-not-usable"),
        ("#2459d6;}", "color-not-usable"),
        ("", "color-not-usable"),
    ],
)
def test_white_can_be_read_on_a_color(color: str, code: str | None) -> None:
    if code is None:
        assert rules.checked_color(color) == color.lower()
        return
    with pytest.raises(Invalid, match=code):
        rules.checked_color(color)


@given(st.integers(0, 0xFFFFFF))
def test_contrast_is_a_contrast(color: int) -> None:
    assert 1 <= rules.contrast_with_white(f"#{color:06x}") <= 21


@pytest.mark.parametrize(
    ("site", "kept"),
    [
        ("https://www.Example.com", "https://www.example.com"),
        ("https://shop.example.com:8443/", "https://shop.example.com:8443"),
        ("https://www.example.com:443", "https://www.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://www.example.com", None),
        ("https://*.example.com", None),
        ("https://www.example.com/path", None),
        ("https://user@www.example.com", None),
        ("https://www.example.com:99999", None),
        ("javascript:alert(1)", None),
        ("null", None),
        ("", None),
    ],
)
def test_a_site_is_an_origin(site: str, kept: str | None) -> None:
    if kept is not None:
        assert rules.checked_sites([site, site]) == [kept]
        return
    with pytest.raises(Invalid, match="site-not-usable"):
        rules.checked_sites([site])


@pytest.mark.parametrize("avatar", ["服", "CM", "", " 8 "])
def test_one_or_two_letters_stand_for_us(avatar: str) -> None:
    assert rules.checked_avatar(avatar) == avatar.strip()


@pytest.mark.parametrize("avatar", ["abc", "<b", "\u202ea", "😀!"])
def test_more_does_not(avatar: str) -> None:
    with pytest.raises(Invalid, match="avatar-not-usable"):
        rules.checked_avatar(avatar)


def test_a_picture_is_known_by_what_it_holds() -> None:
    assert rules.picture_kind(png()) == "image/png"
    assert rules.picture_kind(jpeg()) == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture-not-usable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture-not-usable"),
        (b"GIF89a" + b"\0" * 50, "picture-not-usable"),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "picture-not-usable"),
        (png()[:20], "picture-not-usable"),
        (b"\xff\xd8\xff\xe0\0\0", "picture-not-usable"),
        (png(513, 1), "picture-edge-too-long"),
        (jpeg(4, 9_000), "picture-edge-too-long"),
        (png() + b"\0" * 70_000, "picture-too-large"),
    ],
)
def test_what_is_none_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        rules.picture_kind(data)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"]))
def test_whatever_comes_is_a_picture_or_refused(data: bytes, head: bytes) -> None:
    with suppress(Invalid):
        assert rules.picture_kind(head + data) in ("image/png", "image/jpeg")
