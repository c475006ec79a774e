"""What people call a file, made harmless. Pure; the name is shown and offered for saving, and never part of a path."""

import re
import unicodedata

LONGEST = 120
"""Characters of a name, its extension included."""

_PATH = re.compile(r"[/\\]")
_REFUSED = re.compile(r'[<>:"|?*%;]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def clean_name(name: str, extension: str, *, otherwise: str = "file") -> str:
    """The last part of a name, without what misleads or is special somewhere, ending as its content does.

    ``photo.jpg`` of a PNG becomes ``photo.png``, ``../../bill.pdf`` becomes ``bill.pdf``, and what turns the direction
    of writing, so that ``exe`` reads as something else, is left out.
    """
    last = _PATH.split(unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
    plain = " ".join(_REFUSED.sub("", kept).split()).strip(". ")
    stem, dot, given = plain.rpartition(".")
    if not dot or not given.isascii() or not given.isalnum() or len(given) > 5:
        stem = plain
    stem = stem.strip(". ")[: LONGEST - len(extension) - 1].strip(". ")
    if not stem or _RESERVED.fullmatch(stem):
        stem = otherwise
    return f"{stem}.{extension}"
