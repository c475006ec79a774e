"""The service password (服务密码) of a line: six digits that the customer alone knows. Pure.

Which ones are refused because everybody thinks of them, how long who fails has to wait, and what a form that the
customer fills in is.
"""

import enum
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from careline.kernel.errors import Invalid

DIGITS = 6
FORM_LIFETIME = timedelta(minutes=5)
FORM_TRIES = 3
ENTRY_MAX = 40
"""Characters that are looked at at all, spaces and full-width digits included."""

PART_OF_NUMBER = 4
"""So many digits in a row that stand in the customer's number, too, are too many: people take the last four."""

FEWEST_DIGITS = 3
BIRTHS = range(1920, 2030)
"""Years that somebody is born in, or married."""

FORGET_AFTER = timedelta(hours=24)
FIELD = "password"

_LADDERS = ("01234567890", "09876543210")
_KEYPAD = frozenset(("147258", "258369", "147369", "369258", "258147", "147852", "159357", "357159", "159753"))
_LUCKY = frozenset(("168168", "188188", "520131", "521314", "131452", "100861", "110086", "888666", "666888"))


class FormPurpose(enum.StrEnum):
    """What the customer is asked for: the password that they have, or one that they choose."""

    ENTER = "enter"
    CHOOSE = "choose"


class FormOutcome(enum.StrEnum):
    """How a form ended: proved, tried too often, chosen, or taken back by the agent."""

    PASSED = "passed"
    FAILED = "failed"
    CHOSEN = "chosen"
    WITHDRAWN = "withdrawn"


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """Under which key wrong tries are counted, how many are free, and how long the wait grows after them."""

    key: str
    free: int
    longest: timedelta


class PasswordForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form that a customer is shown in a contact. ``asked_by`` is the agent who asked for it."""

    id: UUID
    interaction_id: UUID
    subscription_id: UUID
    purpose: FormPurpose
    asked_by: UUID
    asked_at: datetime
    expires_at: datetime
    msisdn_masked: str
    tries: int = 0
    outcome: FormOutcome | None = None

    @property
    def tries_left(self) -> int:
        """How often it may still be filled in."""
        return max(0, FORM_TRIES - self.tries) if self.outcome is None else 0

    def is_open(self, now: datetime) -> bool:
        """Whether it may be filled in."""
        return self.outcome is None and now < self.expires_at and self.tries < FORM_TRIES


class PasswordKept(msgspec.Struct, frozen=True, kw_only=True):
    """That a line has a service password, since when, and who let it be chosen; never the password."""

    subscription_id: UUID
    set_at: datetime
    set_by: UUID | None


class PasswordWays(msgspec.Struct, frozen=True, kw_only=True):
    """What of a customer's lines can be asked for: those with a password, and those whose may be chosen anew."""

    kept: list[UUID]
    choosable: list[UUID]
    form: PasswordForm | None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed, compared with what is kept: counted already, and to be written down by ``settle``."""

    form: PasswordForm
    fits: bool


def key_of_line(subscription_id: UUID) -> str:
    """Under what wrong tries at a line are counted."""
    return f"line:{subscription_id}"


def keys_of_line(subscription_id: UUID) -> str:
    """Under what wrong tries at the keypad of whoever calls from a line are counted."""
    return f"keys:{subscription_id}"


def keyed_limits(subscription_id: UUID) -> tuple[Limit, ...]:
    """Under what a wrong try at the keypad is counted. No agent asks for it, so many calls could be made: the keypad's
    own wait is long. Its owner may still prove who they are to an agent, whom the line's short wait is for."""
    minute, quarter = timedelta(minutes=1), timedelta(minutes=15)
    return (
        Limit(key=key_of_line(subscription_id), free=6, longest=minute),
        Limit(key=keys_of_line(subscription_id), free=6, longest=quarter),
    )


def limits(subscription_id: UUID, agent_id: UUID, visitor_id: UUID | None) -> tuple[Limit, ...]:
    """Under what a wrong try is counted: the line, the agent who asked, and whoever fills in the form.

    The line's own wait is short, so that who guesses elsewhere cannot keep its owner out; who guesses waits for long.
    """
    minute, quarter = timedelta(minutes=1), timedelta(minutes=15)
    found = [
        Limit(key=key_of_line(subscription_id), free=6, longest=minute),
        Limit(key=f"agent:{agent_id}", free=10, longest=quarter),
    ]
    if visitor_id is not None:
        found.append(Limit(key=f"visitor:{visitor_id}", free=3, longest=quarter))
    return tuple(found)


def wait_after(failures: int, limit: Limit) -> timedelta:
    """How long to wait before the next try: nothing for the first ones, then 4 s, doubling up to the longest."""
    if failures < limit.free:
        return timedelta()
    doubled = min(failures - limit.free + 2, 32)
    return min(timedelta(seconds=2**doubled), limit.longest)


def typed(text: str) -> str:
    """What was typed as it is compared: spaces and full-width digits are how people type. Raises ``Invalid``."""
    plain = "".join(unicodedata.normalize("NFKC", text[:ENTRY_MAX]).split())
    if len(text) > ENTRY_MAX or len(plain) != DIGITS or not (plain.isascii() and plain.isdigit()):
        raise Invalid("service-password-not-digits", field=FIELD, digits=DIGITS)
    return plain


def checked_choice(text: str, numbers: Collection[str]) -> str:
    """A password that may be chosen; ``numbers`` are the customer's. Raises ``Invalid`` naming the rule it breaks."""
    password = typed(text)
    if _is_simple(password):
        raise Invalid("service-password-too-simple", field=FIELD)
    if _is_date(password):
        raise Invalid("service-password-is-date", field=FIELD)
    if any(_shares(password, number) for number in numbers):
        raise Invalid("service-password-in-number", field=FIELD)
    return password


def _is_simple(password: str) -> bool:
    """Ladders, also in halves (123321), repetitions, few different digits, ways over the keypad, lucky numbers."""
    half = password[: DIGITS // 2]
    ladders = any(password in ladder for ladder in _LADDERS)
    halves = all(any(part in ladder for ladder in _LADDERS) for part in (half, password[DIGITS // 2 :]))
    repeated = any(password == password[:size] * (DIGITS // size) for size in (1, 2, 3))
    doubled = all(password[at] == password[at + 1] for at in range(0, DIGITS, 2))
    few = len(set(password)) < FEWEST_DIGITS
    mirrored = password == password[::-1]
    return ladders or halves or repeated or doubled or few or mirrored or password in _KEYPAD | _LUCKY


def _is_date(password: str) -> bool:
    """A day with a year of two digits in any order that people write, or a year of four at either end."""
    one, two, three = (int(password[at : at + 2]) for at in (0, 2, 4))
    days = (_is_day(month, day) for month, day in ((two, three), (one, two), (two, one)))
    return any(days) or any(year in BIRTHS for year in (int(password[:4]), int(password[2:])))


def _is_day(month: int, day: int) -> bool:
    try:
        date(2000, month, day)  # a leap year: people are born on the 29th of February, too
    except ValueError:
        return False
    return True


def _shares(password: str, number: str) -> bool:
    parts = (password[at : at + PART_OF_NUMBER] for at in range(DIGITS - PART_OF_NUMBER + 1))
    return any(part in number or part[::-1] in number for part in parts)
