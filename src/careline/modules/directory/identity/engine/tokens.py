"""Tokens of service accounts: found in a log or a repository they are known as ours, and mistyped ones cost no look.

``cl_``, 40 signs by chance (238 bits), and 6 that the others make (CRC-32), all of 0-9 A-Z a-z.
"""

import re
import secrets
import string
import zlib

PREFIX = "cl_"
_SIGNS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BY_CHANCE, _CHECK = 40, 6
_TOKEN = re.compile(rf"cl_[0-9A-Za-z]{{{_BY_CHANCE + _CHECK}}}\Z")


def new_service_token() -> str:
    """A new token."""
    chance = "".join(secrets.choice(_SIGNS) for _ in range(_BY_CHANCE))
    return f"{PREFIX}{chance}{_checksum(chance)}"


def is_service_token(text: str) -> bool:
    """Whether this can be a token at all: the form is right and so is the checksum."""
    if not _TOKEN.match(text):
        return False
    chance = text[len(PREFIX) : -_CHECK]
    return _checksum(chance) == text[-_CHECK:]


def _checksum(chance: str) -> str:
    number = zlib.crc32(chance.encode())
    signs = ""
    for _ in range(_CHECK):
        number, index = divmod(number, len(_SIGNS))
        signs = _SIGNS[index] + signs
    return signs
