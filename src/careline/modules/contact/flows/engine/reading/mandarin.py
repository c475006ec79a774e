"""Values in Mandarin, as a voice is to say them: no digit is left for the voice to guess at."""

from datetime import date, time

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
LARGEST = 10**16 - 1


def cardinal(number: int) -> str:
    """A whole number: 1005 is 一千零五, 20000 is 两万. Raises ``ValueError`` above ``LARGEST``."""
    if abs(number) > LARGEST:
        raise ValueError("too large to be read")
    if number < 0:
        return "负" + cardinal(-number)
    if number < 10:
        return _DIGITS[number]
    groups = []
    while number:
        groups.append(number % 10_000)
        number //= 10_000
    said = ""
    for place in reversed(range(len(groups))):
        group = groups[place]
        if group == 0:
            continue
        if said and (group < 1000 or (place + 1 < len(groups) and groups[place + 1] == 0)):
            said += "零"
        # 亿 stands for both groups above it: 万亿 loses its 亿 when the next group says it.
        unit = "万" if place == 3 and groups[2] else _GROUPS[place]
        said += _counted(group, first=not said) + unit if unit else _group(group, first=not said)
    return said


def _counted(group: int, *, first: bool) -> str:
    return "两" if group == 2 else _group(group, first=first)


def _group(group: int, *, first: bool) -> str:
    """1 … 9999. Only at the very beginning 一十 is said as 十."""
    said, zero = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            zero = bool(said)
            continue
        if zero:
            said, zero = said + "零", False
        if place == 1 and digit == 1 and first and not said:
            said += "十"
        else:
            said += ("两" if digit == 2 and place == 3 else _DIGITS[digit]) + _PLACES[place]
    return said


def counted(number: int) -> str:
    """A number before what is counted: 2 is 两."""
    return "两" if number == 2 else cardinal(number)


def decimal(whole: int, fraction: str, *, negative: bool) -> str:
    """A number with digits after the point."""
    said = ("负" if negative else "") + cardinal(whole)
    return said + ("点" + "".join(_DIGITS[int(one)] for one in fraction) if fraction else "")


def amount(fen: int) -> str:
    """Money: 元, 角 and 分, with a 零 where a 角 is left out. Nothing is 零元."""
    if fen < 0:
        return "负" + amount(-fen)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    said = counted(yuan) + "元" if yuan or fen == 0 else ""
    if jiao:
        said += _DIGITS[jiao] + "角"
    elif rest and yuan:
        said += "零"
    return said + (_DIGITS[rest] + "分" if rest else "")


def day(of: date) -> str:
    """A date; the year digit by digit."""
    year = "".join(_DIGITS[int(one)] for one in f"{of.year}")
    return f"{year}年{cardinal(of.month)}月{cardinal(of.day)}日"


def clock(of: time) -> str:
    """A time of day by the 24-hour clock."""
    hour = f"{counted(of.hour)}点"
    if of.minute == 0:
        return hour + "整"
    return f"{hour}{'零' if of.minute < 10 else ''}{cardinal(of.minute)}分"


def duration(seconds: int) -> str:
    """How long: hours, minutes, seconds, those that are none left out."""
    parts = ((seconds // 3600, "小时"), (seconds // 60 % 60, "分钟"), (seconds % 60, "秒"))
    return "".join(counted(number) + unit for number, unit in parts if number) or "零秒"


def digits(text: str, *, one: str = "一") -> str:
    """Digit by digit; ``one`` is 幺 where a number is dialled."""
    return "".join(one if char == "1" else _DIGITS[int(char)] for char in text)


def ordinal(number: int) -> str:
    """The how-manieth."""
    return "第" + cardinal(number)
