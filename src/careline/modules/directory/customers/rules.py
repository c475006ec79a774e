"""Pure rules on customers' values: numbers in one form, masks that hide, and how sure we are who speaks."""

import enum
import re

from careline.kernel.errors import Invalid

_NOISE = re.compile(r"[\s()（）.·\-‐‑‒–—―]+")
_NUMBER = re.compile(r"\+?[0-9]{3,15}\Z")
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")
_WIDE = {ord(wide): plain for wide, plain in zip("０１２３４５６７８９＋", "0123456789+", strict=True)}
LONGEST_TEXT = 64

MASK = "*"


class Assurance(enum.StrEnum):
    """How sure we are who speaks. A caller number alone never discloses or changes anything."""

    NONE = "none"
    CLAIMED = "claimed"
    CALLER_NUMBER = "caller_number"
    ONE_TIME_CODE = "one_time_code"
    SERVICE_PASSWORD = "service_password"  # noqa: S105 - the name of a level
    REAL_NAME = "real_name"

    def satisfies(self, needed: "Assurance") -> bool:
        """Whether this is at least as sure as what is needed."""
        order = list(Assurance)
        return order.index(self) >= order.index(needed)


def normal_number(text: str) -> str | None:
    """A telephone number in the one form it is stored and compared in; None when the text is none.

    Spaces, hyphens, brackets and full-width digits are read. Numbers of the mainland lose +86 or 0086 (and a mobile
    one a plain 86); a fixed one gets its 0 back. Numbers of other countries keep ``+``, also when 00 was dialled.
    """
    if len(text) > LONGEST_TEXT:
        return None
    plain = _NOISE.sub("", text.translate(_WIDE))
    if not _NUMBER.match(plain):
        return None
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if plain.startswith("+86"):
        home = plain[3:]
        if len(home) < 3:
            return None
        return home if _MOBILE.match(home) or home.startswith("0") else f"0{home}"
    if plain.startswith("86") and _MOBILE.match(plain[2:]):
        return plain[2:]
    return plain if len(plain.lstrip("+")) >= 3 else None


def checked_msisdn(text: str, *, field: str) -> str:
    """A mobile number as stored: eleven digits. Raises ``Invalid`` for anything else."""
    number = normal_number(text)
    if number is None or not _MOBILE.match(number):
        raise Invalid("msisdn-not-usable", field=field)
    return number


def mask_number(text: str) -> str:
    """``138****6021``: the first three and last four of eleven or more, the last four of eight or more, else nothing.

    So at least four characters are hidden, or all. What is no number is masked in the same way.
    """
    shown = normal_number(text) or text
    length = len(shown)
    head = 3 if length >= 11 else 0
    tail = 4 if length >= 8 else 0
    return shown[:head] + MASK * (length - head - tail) + shown[length - tail :]


def mask_name(name: str) -> str:
    """``王*敏``: first and last of three or more Chinese characters, the first of two; of other words the initials."""
    words = name.split()
    if len(words) == 1 and not name.isascii():
        word = words[0]
        tail = word[-1] if len(word) >= 3 else ""
        return MASK if len(word) == 1 else word[0] + MASK * (len(word) - 1 - len(tail)) + tail
    return " ".join(MASK if len(word) == 1 else word[0] + MASK * (len(word) - 1) for word in words)
