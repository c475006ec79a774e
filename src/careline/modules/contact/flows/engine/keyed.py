"""What a caller keyed or a visitor typed, checked and brought into one form. Pure; it never says what it was."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

Kind = str
KINDS = ("digits", "date", "amount", "msisdn", "check_digit")

_MSISDN = re.compile(r"(?:\+?86)?(1[3-9]\d{9})\Z")
_AMOUNT = re.compile(r"(\d{1,12})(?:[.*](\d{1,2}))?\Z")
_DAY = re.compile(r"(\d{4})(?:年|[-/.])?(\d{1,2})(?:月|[-/.])?(\d{1,2})日?\Z")
_BETWEEN = str.maketrans("", "", " \t-–—")


def understood(text: str, kind: Kind, least: int, most: int) -> str | None:
    """The value in its one form; None when it is none of the kind, or too short or too long in digits.

    A date is ISO 8601; money is yuan with two digits after the point, a caller keys ``*`` for the point; a number of a
    mobile line has no country code; ``check_digit`` is the one of ISO/IEC 7812 (Luhn).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    value = _READERS[kind](plain)
    if value is None:
        return None
    length = sum(char.isdigit() for char in plain)
    return value if least <= length <= most or kind in ("date", "amount", "msisdn") else None


def _digits(text: str) -> str | None:
    plain = text.translate(_BETWEEN)
    return plain if plain.isascii() and plain.isdigit() else None


def _date(text: str) -> str | None:
    found = _DAY.match(text.replace(" ", ""))
    if found is None or (text.isdigit() and len(text) != 8):
        return None
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None


def _amount(text: str) -> str | None:
    found = _AMOUNT.match(text.replace(" ", "").removeprefix("¥").removesuffix("元").replace(",", ""))
    return None if found is None else f"{int(found[1])}.{(found[2] or '').ljust(2, '0')}"


def _msisdn(text: str) -> str | None:
    found = _MSISDN.match(text.translate(_BETWEEN))
    return None if found is None else found[1]


def _check_digit(text: str) -> str | None:
    plain = _digits(text)
    if plain is None or len(plain) < 2:
        return None
    total = 0
    for place, char in enumerate(reversed(plain)):
        digit = int(char) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return plain if total % 10 == 0 else None


_READERS: Mapping[Kind, Callable[[str], str | None]] = {
    "digits": _digits,
    "date": _date,
    "amount": _amount,
    "msisdn": _msisdn,
    "check_digit": _check_digit,
}
