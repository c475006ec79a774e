"""What may be left, and how somebody can be reached. Pure."""

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta

from careline.kernel.errors import Invalid
from careline.kernel.text import checked_text

TEXT_MAX = 2000
REACH_MAX = 254
TITLE_LENGTH = 60

MOST_A_DAY = 3
"""Messages of one conversation, and for one number or address, within a day: who floods us with somebody else's number
makes us call them."""

DAY = timedelta(days=1)

KEPT_FOR = timedelta(days=180)
"""How long we know how to reach who left a message; a complaint and its regulator's clock are over by then."""

SOONEST = timedelta(minutes=1)
LATEST = timedelta(days=14)
"""How far a left message may be put off: whoever left it was promised an answer."""

MOST_TIMES = 5
"""How often it may be."""

BECAUSE_MAX = 200

_NUMBER = re.compile(r"^\+?[0-9]{7,15}$")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"^(?=.{{1,64}}@)[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]$"
)


def written(text: str) -> str:
    """What was written, with line ends as ``\\n``. Raises ``Invalid`` for ``text``."""
    return checked_text(text.replace("\r\n", "\n").replace("\r", "\n"), field="text", max_length=TEXT_MAX, lines=True)


def put_off_until(until: datetime, now: datetime) -> datetime:
    """A time to which a message may be put off. Raises ``Invalid`` for ``until``."""
    if not SOONEST <= until - now <= LATEST:
        raise Invalid("put-off-out-of-range", field="until", days=LATEST.days)
    return until


def put_off_because(text: str) -> str:
    """Why, in a few words. Raises ``Invalid`` for ``because``."""
    return checked_text(text, field="because", max_length=BECAUSE_MAX)


def title_of(text: str) -> str:
    """The first line, as the title of the case."""
    first = " ".join(text.split("\n", 1)[0].split())
    return first if len(first) <= TITLE_LENGTH else f"{first[: TITLE_LENGTH - 1]}…"


def typed_reach(text: str) -> str:
    """What was typed as a number or address, in plain letters and digits (full-width ones are folded)."""
    if len(text) > 2 * REACH_MAX:
        raise Invalid("reach-not-usable", field="reach")
    return unicodedata.normalize("NFKC", text).strip()


def checked_email(typed: str) -> str:
    """An address for mail, its domain in small letters. Raises ``Invalid`` ("reach-not-usable")."""
    if len(typed) > REACH_MAX or not _EMAIL.match(typed):
        raise Invalid("reach-not-usable", field="reach")
    name, _, domain = typed.partition("@")
    return f"{name}@{domain.lower()}"


def checked_number(number: str | None) -> str:
    """A number that can be called back, as it is stored. Raises ``Invalid`` ("reach-not-usable")."""
    if number is None or not _NUMBER.match(number):
        raise Invalid("reach-not-usable", field="reach")
    return number


def mask_email(address: str) -> str:
    """``w***@example.com``."""
    name, _, domain = address.partition("@")
    return f"{name[:1] if len(name) > 1 else ''}***@{domain}"


def digest(text: str, reach: str) -> str:
    """By which the same message sent again is known from another one."""
    return hashlib.sha256(f"{reach}\0{text}".encode()).hexdigest()
