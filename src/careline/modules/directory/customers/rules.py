"""Pure rules on customers: numbers in one form, masks that hide, how sure we are who speaks, what a consent needs."""

import enum
import re
import unicodedata
from datetime import timedelta

from careline.kernel.errors import Invalid
from careline.kernel.text import checked_text

_NOISE = re.compile(r"[\s()（）.·\-‐‑‒–—―]+")
_NUMBER = re.compile(r"\+?[0-9]{3,15}\Z")
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")
_SERVICE = re.compile(r"(?:[48]00\d{7}|[19]\d{2,5})\Z")
_WIDE = {ord(wide): plain for wide, plain in zip("０１２３４５６７８９＋", "0123456789+", strict=True)}
LONGEST_TEXT = 64

MASK = "*"

NOTE_OPEN_FOR = timedelta(minutes=30)
"""How long its author may change a note; afterwards, another note says what has become different."""
TEXT_MAX = 2000
NAME_MAX = 100
TAG_MAX = 20
TAGS_MAX = 20
CONTACT_POINTS_MAX = 20
ADDRESS_MAX = 200
EMAIL_MAX = 254
VERSION_MAX = 40

_EMAIL = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\]+\.[^\s@<>\"',;:()\[\]\\.]+\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z")


class ContactKind(enum.StrEnum):
    """What a contact point is."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


class ContactUse(enum.StrEnum):
    """What a contact point is for."""

    HOME = "home"
    WORK = "work"
    BILLING = "billing"
    OTHER = "other"


class ConsentPurpose(enum.StrEnum):
    """What personal information may be used for when the customer agrees."""

    MARKETING = "marketing"
    PERSONALISATION = "personalisation"
    RESEARCH = "research"
    LOCATION = "location"
    HEALTH = "health"
    VOICE = "voice"
    UNDER_14 = "under_14"


class ConsentBasis(enum.StrEnum):
    """What a use rests on: an agreement among others, one of its own (单独同意), a guardian's, or an emergency."""

    CONSENT = "consent"
    SEPARATE = "separate"
    GUARDIAN = "guardian"
    EMERGENCY = "emergency"


class ConsentWay(enum.StrEnum):
    """How the customer said it."""

    CALL = "call"
    CHAT = "chat"
    HALL = "hall"
    FORM = "form"
    MERGE = "merge"
    """Nobody said it anew: two records were one, and the stricter word of both counts."""


_SENSITIVE = (ConsentBasis.SEPARATE, ConsentBasis.GUARDIAN, ConsentBasis.EMERGENCY)
_BASES = {
    ConsentPurpose.LOCATION: _SENSITIVE,
    ConsentPurpose.HEALTH: _SENSITIVE,
    ConsentPurpose.VOICE: _SENSITIVE,
    ConsentPurpose.UNDER_14: (ConsentBasis.GUARDIAN, ConsentBasis.EMERGENCY),
}


def bases_of(purpose: ConsentPurpose) -> tuple[ConsentBasis, ...]:
    """What a use for this purpose may rest on, the usual basis first."""
    return _BASES.get(purpose, (ConsentBasis.CONSENT, ConsentBasis.SEPARATE))


def check_basis(purpose: ConsentPurpose, basis: ConsentBasis) -> None:
    """Raise ``Invalid`` ("consent-basis-not-enough") when the purpose needs another basis."""
    if basis not in bases_of(purpose):
        allowed = ", ".join(one.value for one in bases_of(purpose))
        raise Invalid("consent-basis-not-enough", field="basis", purpose=purpose.value, allowed=allowed)


class Assurance(enum.StrEnum):
    """How sure we are who speaks, the least sure first. A caller number alone never discloses or changes anything.

    Answers that an agent compared with the record are more than that, and less than a code that reached the line:
    families, and whoever found a bill, know some, too.
    """

    NONE = "none"
    CLAIMED = "claimed"
    CALLER_NUMBER = "caller_number"
    AGENT_CHECKED = "agent_checked"
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
    one a plain 86); a fixed one gets its 0 back, a service number (400, 800, short ones) has none. Numbers of other
    countries keep ``+``, also when 00 was dialled.
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
        return home if _MOBILE.match(home) or _SERVICE.match(home) or home.startswith("0") else f"0{home}"
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


def mask_contact(kind: ContactKind, value: str) -> str:
    """A contact point as it may be shown: ``w***@example.com``, an address up to about its city, a number as usual."""
    if kind is ContactKind.PHONE:
        return mask_number(value)
    if kind is ContactKind.EMAIL:
        name, _, domain = value.partition("@")
        return f"{name[:1] if len(name) > 1 else ''}{MASK * 3}@{domain}"
    shown = min(6, len(value) // 3)
    return value[:shown] + MASK * min(6, len(value) - shown)


def checked_contact(kind: ContactKind, value: str) -> str:
    """A contact point as it is stored: an email in small letters of usual width, as no provider tells them apart.

    Raises ``Invalid`` for ``value``: "number-not-usable", "email-not-usable".
    """
    if kind is ContactKind.ADDRESS:
        return checked_text(value, field="value", max_length=ADDRESS_MAX)
    if kind is ContactKind.EMAIL:
        email = checked_text(unicodedata.normalize("NFKC", value), field="value", max_length=EMAIL_MAX)
        if not _EMAIL.match(email):
            raise Invalid("email-not-usable", field="value")
        return email.lower()
    number = normal_number(value)
    if number is None:
        raise Invalid("number-not-usable", field="value")
    return number


def checked_language(tag: str) -> str:
    """A language as BCP 47 writes it: ``zh-CN``, ``ug``, ``en``. Raises ``Invalid`` ("language-not-usable")."""
    if not _LANGUAGE.match(tag):
        raise Invalid("language-not-usable", field="language")
    return tag
