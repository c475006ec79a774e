"""Text that people typed, checked once where it comes in."""

import unicodedata

from careline.kernel.errors import Invalid

_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def without_directions(text: str) -> str:
    """The text without the characters that turn the direction of writing around (UAX 9, section 2).

    In a name they would turn around what a screen says after it; they come along unseen with numbers that are copied.
    """
    return text if text.isascii() else text.translate(_DIRECTIONS)


def checked_text(value: str, *, field: str, max_length: int, lines: bool = False) -> str:
    """The text in Unicode normal form C without space around it, and, on one line, ``without_directions``.

    Raises ``Invalid`` when it is empty, longer than ``max_length`` characters, or holds what no database or screen
    wants: control characters (new lines and tabs only with ``lines``), surrogates, unassigned code points.
    """
    text = unicodedata.normalize("NFC", value if lines else without_directions(value)).strip()
    if not text:
        raise Invalid("text-empty", field=field)
    if len(text) > max_length:
        raise Invalid("text-too-long", field=field, max=max_length)
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Cn") and char not in allowed for char in text):
        raise Invalid("text-not-printable", field=field)
    return text
