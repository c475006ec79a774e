"""Values in English, in words."""

from datetime import date, time

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LARGEST = 10**15 - 1


def cardinal(number: int) -> str:
    """A whole number in words. Raises ``ValueError`` above ``LARGEST``."""
    if abs(number) > LARGEST:
        raise ValueError("too large to be read")
    if number < 0:
        return "minus " + cardinal(-number)
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_SMALL[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return f"{_SMALL[number // 100]} hundred" + (f" and {cardinal(rest)}" if rest else "")
    scale, name = next(one for one in _SCALES if number >= one[0])
    rest = number % scale
    said = f"{cardinal(number // scale)} {name}"
    if not rest:
        return said
    return f"{said} and {cardinal(rest)}" if rest < 100 else f"{said} {cardinal(rest)}"


def decimal(whole: int, fraction: str, *, negative: bool) -> str:
    """A number with digits after the point."""
    said = ("minus " if negative else "") + cardinal(whole)
    return said + (f" point {digits(fraction)}" if fraction else "")


def amount(fen: int) -> str:
    """Money in yuan and fen. Nothing is zero yuan."""
    if fen < 0:
        return "minus " + amount(-fen)
    yuan, rest = divmod(fen, 100)
    if not rest:
        return f"{cardinal(yuan)} yuan"
    return f"{cardinal(yuan)} yuan and {cardinal(rest)} fen" if yuan else f"{cardinal(rest)} fen"


def day(of: date) -> str:
    """A date, the year as it is said: 2026 is twenty twenty-six, 2008 two thousand and eight."""
    century, rest = divmod(of.year, 100)
    if of.year % 1000 < 10:
        year = cardinal(of.year)
    elif rest == 0:
        year = f"{cardinal(century)} hundred"
    else:
        year = f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"
    return f"the {ordinal(of.day)} of {_MONTHS[of.month - 1]}, {year}"


def written_day(of: date) -> str:
    """A date as it is read."""
    return f"{of.day} {_MONTHS[of.month - 1]} {of.year}"


def clock(of: time) -> str:
    """A time of day by the 24-hour clock."""
    if of.minute == 0:
        return f"{cardinal(of.hour)} o'clock"
    return f"{cardinal(of.hour)} {'oh ' if of.minute < 10 else ''}{cardinal(of.minute)}"


def duration(seconds: int) -> str:
    """How long: hours, minutes, seconds, those that are none left out."""
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    said = [f"{cardinal(number)} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(said) or "zero seconds"


def digits(text: str) -> str:
    """Digit by digit."""
    return " ".join(_SMALL[int(char)] for char in text)


def ordinal(number: int) -> str:
    """The how-manieth."""
    front, mark, last = cardinal(number).rpartition("-" if number % 100 > 20 and number % 10 else " ")
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return f"{front}{mark}{_ORDINALS.get(last, regular)}"
