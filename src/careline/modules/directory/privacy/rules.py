"""What may be asked by whom, and when it is due. Pure."""

from datetime import datetime, timedelta

from careline.kernel.errors import Invalid
from careline.modules.directory.privacy.errors import AssuranceTooLow, ContactTooOld

PROVING = ("one_time_code", "service_password", "real_name")
"""Levels at which somebody gets their data or has it erased. A caller number or a claim proves nothing."""

PAPERS = "real_name"
"""What staff may say by themselves, having seen the papers; every other level must stand in a contact."""

PROVED_WITHIN = timedelta(days=1)
"""So long a contact in which somebody was identified stands for who asks, when no other is named."""

COPY_LASTS = timedelta(days=7)
TAKEN_WITHIN = timedelta(days=1)
"""What a person took within this time counts, when there is a question of how many copies they take."""

STUCK_AFTER = timedelta(hours=3)
"""What should be done and is not so long after has failed as often as it was tried: it is tried again, and people see
it. Longer than all the tries of one job together."""

MOST_DAYS = 3650
MOST_COPIES = 1000


def check_assurance(said: str, *, in_contact: str | None) -> None:
    """Pass when who asks is identified. ``in_contact`` is the level of the contact that was named, None without one.

    Raises ``AssuranceTooLow``.
    """
    if said not in PROVING:
        raise AssuranceTooLow(said)
    if said == PAPERS:
        return
    if in_contact is None or in_contact not in PROVING or PROVING.index(in_contact) < PROVING.index(said):
        raise AssuranceTooLow(in_contact or "none")


def check_recent(contact_at: datetime, now: datetime) -> None:
    """Pass when a contact is young enough to stand for who asks now. Raises ``ContactTooOld``."""
    if contact_at < now - PROVED_WITHIN:
        raise ContactTooOld(hours=int(PROVED_WITHIN.total_seconds() // 3600))


def at_least(level: str) -> list[str]:
    """The proving levels that are enough for one; none when it is no proving level."""
    return list(PROVING[PROVING.index(level) :]) if level in PROVING else []


def due(asked_at: datetime, days: int) -> datetime:
    """When the answer has to be there."""
    return asked_at + timedelta(days=days)


def checked_days(value: int, field: str, *, least: int) -> int:
    """A number of days that can be meant. Raises ``Invalid`` naming the field."""
    if not least <= value <= MOST_DAYS:
        raise Invalid("days-out-of-range", field=field, min=least, max=MOST_DAYS)
    return value


def checked_copies(value: int) -> int:
    """How many copies a person may take in a day. Raises ``Invalid`` naming the field."""
    if not 1 <= value <= MOST_COPIES:
        raise Invalid("copies-out-of-range", field="copies_a_day", min=1, max=MOST_COPIES)
    return value
