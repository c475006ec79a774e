"""Official holidays that are known as facts, to be taken over into a calendar and changed there."""

from datetime import date, timedelta

import msgspec

from careline.modules.core.hours.rules.opening import DatedException

MONDAY = 0
"""The notice names the days on which people work instead, not which weekday's times they have: Monday's are taken."""


class OfficialYear(msgspec.Struct, frozen=True, kw_only=True):
    """The holidays of a country (ISO 3166-1) in a year, with where they were published."""

    country: str
    year: int
    source: str
    days: tuple[DatedException, ...]


def _holidays(name: str, first: date, days: int) -> list[DatedException]:
    return [DatedException(day=first + timedelta(days=ahead), name=name) for ahead in range(days)]


def _make_up(name: str, *days: date) -> list[DatedException]:
    return [DatedException(day=day, name=f"{name}调休上班", like=MONDAY) for day in days]


_CHINA_2026 = [
    *_holidays("元旦", date(2026, 1, 1), 3),
    *_make_up("元旦", date(2026, 1, 4)),
    *_holidays("春节", date(2026, 2, 15), 9),
    *_make_up("春节", date(2026, 2, 14), date(2026, 2, 28)),
    *_holidays("清明节", date(2026, 4, 4), 3),
    *_holidays("劳动节", date(2026, 5, 1), 5),
    *_make_up("劳动节", date(2026, 5, 9)),
    *_holidays("端午节", date(2026, 6, 19), 3),
    *_holidays("中秋节", date(2026, 9, 25), 3),
    *_holidays("国庆节", date(2026, 10, 1), 7),
    *_make_up("国庆节", date(2026, 9, 20), date(2026, 10, 10)),
]

OFFICIAL = (
    OfficialYear(
        country="CN",
        year=2026,
        source="国务院办公厅关于2026年部分节假日安排的通知，2025年11月4日",
        days=tuple(sorted(_CHINA_2026, key=lambda one: one.day)),
    ),
)
"""What is published later is added here with its source; nothing is worked out or guessed."""


def official_days(country: str, year: int) -> tuple[DatedException, ...]:
    """The holidays and make-up working days of a country in a year; none when they are not known here."""
    return next((known.days for known in OFFICIAL if (known.country, known.year) == (country, year)), ())
