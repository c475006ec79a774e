"""One value in one way: ``{balance|amount}``. For the ear it is said, for the eye it is written."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation

from careline.modules.contact.flows.engine.reading import english, mandarin

DIGITS_TOGETHER = 4
_LENGTH_OF_A_DAY = len("2026-11-24")
_PHONE = re.compile(r"(?P<country>\+?86)?(?P<number>1\d{10})\Z")
_PLAIN_NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,6})?\Z")


class Unreadable(ValueError):
    """A value is not of the kind that it is to be read as. The message does not hold it."""


Write = Callable[[str, str], str]
"""A value and the language (``zh`` or ``en``) to what is said or shown."""


def formatted(value: str, as_what: str, language: str, *, aloud: bool, zone: tzinfo = UTC) -> str:
    """A value as ``FORMATS`` says. Languages other than Chinese and English are read as they are written.

    A date or a time that says its zone is told as it is in ``zone``; one that says none stands as it is.
    """
    main = language.partition("-")[0].casefold()
    spoken, written = FORMATS[as_what]
    try:
        if as_what in ("date", "time"):
            value = _in_zone(value, as_what, zone)
        return spoken(value, main) if aloud and main in ("zh", "en") else written(value, main)
    except (ValueError, InvalidOperation, OverflowError):
        raise Unreadable(f"this cannot be read as {as_what}") from None


def _number(value: str) -> tuple[int, str, bool]:
    """The whole part, the digits after the point, and whether it is below zero."""
    if not _PLAIN_NUMBER.match(value):
        raise ValueError("no number")
    whole, _, fraction = value.lstrip("-").partition(".")
    return int(whole), fraction.rstrip("0"), value.startswith("-") and Decimal(value) != 0


def _whole(value: str) -> int:
    whole, fraction, negative = _number(value)
    if fraction:
        raise ValueError("no whole number")
    return -whole if negative else whole


def fen(value: str) -> int:
    """Money as whole fen, from yuan with at most two digits after the point."""
    whole, fraction, negative = _number(value)
    if len(fraction) > 2:
        raise ValueError("parts of a fen")
    return (-1 if negative else 1) * (whole * 100 + int((fraction + "00")[:2]))


def _seconds(value: str) -> int:
    found = _whole(value)
    if found < 0:
        raise ValueError("no length of time")
    return found


def _digits(value: str) -> str:
    if not value.isascii() or not value.isdigit():
        raise ValueError("not digits alone")
    return value


def _dialled(value: str) -> list[str]:
    """The groups in which a number is said: 138, 1234, 6021; a landline or a short number in fours, the rest first."""
    known = _PHONE.match(value)
    if known is not None:
        number = known["number"]
        return [number[:3], number[3:7], number[7:]]
    text = _digits(value.removeprefix("+"))
    first = len(text) % DIGITS_TOGETHER if len(text) > 6 else len(text)
    return [one for one in [text[:first], *_fours(text[first:])] if one]


def _fours(text: str) -> list[str]:
    return [text[at : at + DIGITS_TOGETHER] for at in range(0, len(text), DIGITS_TOGETHER)]


def _say_amount(value: str, main: str) -> str:
    return mandarin.amount(fen(value)) if main == "zh" else english.amount(fen(value))


def _write_amount(value: str, main: str) -> str:
    known = fen(value)
    plain = f"{'-' if known < 0 else ''}{abs(known) // 100}.{abs(known) % 100:02d}"
    return f"{plain} 元" if main == "zh" else f"CNY {plain}"


def _say_number(value: str, main: str) -> str:
    whole, fraction, negative = _number(value)
    if main == "zh":
        return mandarin.decimal(whole, fraction, negative=negative)
    return english.decimal(whole, fraction, negative=negative)


def _write_number(value: str, _main: str) -> str:
    whole, fraction, negative = _number(value)
    return f"{'-' if negative else ''}{whole}{'.' if fraction else ''}{fraction}"


def _in_zone(value: str, as_what: str, zone: tzinfo) -> str:
    """The day or the time of the day that it is in a zone."""
    if as_what == "date" and len(value) <= _LENGTH_OF_A_DAY:
        return value
    if as_what == "time":
        with suppress(ValueError):
            return _time_in_zone(time.fromisoformat(value), zone).isoformat()
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.date().isoformat() if as_what == "date" else moment.time().isoformat()


def _time_in_zone(known: time, zone: tzinfo) -> time:
    """Without its day it can be told only where clocks are never changed."""
    if known.tzinfo is None:
        return known
    winter, summer = (datetime.combine(date(2026, month, 1), known).astimezone(zone).time() for month in (1, 7))
    if winter != summer:
        raise ValueError("a time whose day nobody knows")
    return winter


def _say_date(value: str, main: str) -> str:
    known = date.fromisoformat(value)
    return mandarin.day(known) if main == "zh" else english.day(known)


def _write_date(value: str, main: str) -> str:
    known = date.fromisoformat(value)
    return f"{known.year}年{known.month}月{known.day}日" if main == "zh" else english.written_day(known)


def _time(value: str) -> time:
    return time.fromisoformat(value)


def _say_time(value: str, main: str) -> str:
    return mandarin.clock(_time(value)) if main == "zh" else english.clock(_time(value))


def _write_time(value: str, _main: str) -> str:
    return f"{_time(value):%H:%M}"


def _say_duration(value: str, main: str) -> str:
    return mandarin.duration(_seconds(value)) if main == "zh" else english.duration(_seconds(value))


def _write_duration(value: str, main: str) -> str:
    seconds = _seconds(value)
    units = ("小时", "分钟", "秒") if main == "zh" else ("h", "min", "s")
    parts = zip((seconds // 3600, seconds // 60 % 60, seconds % 60), units, strict=True)
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or f"0 {units[2]}"


def _say_digits(value: str, main: str) -> str:
    groups = _fours(_digits(value))
    if main == "zh":
        return "，".join(mandarin.digits(one) for one in groups)
    return ", ".join(english.digits(one) for one in groups)


def _say_phone(value: str, main: str) -> str:
    if main == "zh":
        return "，".join(mandarin.digits(one, one="幺") for one in _dialled(value))
    return ", ".join(english.digits(one) for one in _dialled(value))


def _say_ordinal(value: str, main: str) -> str:
    number = _whole(value)
    if number < 1:
        raise ValueError("nobody is the zeroth")
    return mandarin.ordinal(number) if main == "zh" else english.ordinal(number)


def _write_ordinal(value: str, main: str) -> str:
    number = _whole(value)
    return f"第 {number}" if main == "zh" else f"no. {number}"


def _as_it_is(value: str, _main: str) -> str:
    return value


FORMATS: Mapping[str, tuple[Write, Write]] = {
    "text": (_as_it_is, _as_it_is),
    "amount": (_say_amount, _write_amount),
    "number": (_say_number, _write_number),
    "date": (_say_date, _write_date),
    "time": (_say_time, _write_time),
    "duration": (_say_duration, _write_duration),
    "digits": (_say_digits, lambda value, _main: _digits(value)),
    "phone": (_say_phone, lambda value, _main: " ".join(_dialled(value))),
    "ordinal": (_say_ordinal, _write_ordinal),
}
"""By name: how it is said, how it is written. Money is yuan (``12.5``), a duration whole seconds, dates ISO 8601."""
