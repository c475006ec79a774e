"""Values read aloud: what is said is the value, of every amount, number and date there is."""

import contextlib
import re
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.modules.contact.flows.engine.reading import english, mandarin
from careline.modules.contact.flows.engine.reading.formats import FORMATS, Unreadable, formatted

DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2, "幺": 1}
SMALL = {"十": 10, "百": 100, "千": 1000}
WORDS = {word: number for number, word in enumerate(english._SMALL)} | {
    word: 10 * number for number, word in enumerate(english._TENS) if word
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
FEN = st.integers(min_value=-(10**14), max_value=10**14)


def heard_mandarin(said: str) -> int:
    """A number as somebody understands it who hears it."""
    if said.startswith("负"):
        return -heard_mandarin(said[1:])
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        if unit in said:
            before, _, after = said.rpartition(unit) if unit == "亿" else said.partition(unit)
            return heard_mandarin(before) * worth + (heard_mandarin(after) if after else 0)
    total, digit = 0, 0
    for char in said:
        if char in SMALL:
            total, digit = total + (digit or 1) * SMALL[char], 0
        else:
            digit = DIGITS[char]
    return total + digit


def heard_english(said: str) -> int:
    if said.startswith("minus "):
        return -heard_english(said.removeprefix("minus "))
    total = here = 0
    for word in said.replace("-", " ").split():
        if word == "hundred":
            here *= 100
        elif word in SCALES:
            total, here = total + here * SCALES[word], 0
        elif word != "and":
            here += WORDS[word]
    return total + here


def heard_amount(said: str) -> int:
    sign = -1 if said.startswith("负") else 1
    found = re.fullmatch(r"负?(?:(?P<yuan>.+?)元)?(?:(?P<jiao>.)角|零)?(?:(?P<fen>.)分)?", said)
    assert found is not None, said
    yuan = heard_mandarin(found["yuan"]) if found["yuan"] else 0
    return sign * (yuan * 100 + DIGITS[found["jiao"] or "零"] * 10 + DIGITS[found["fen"] or "零"])


@given(st.integers(min_value=-mandarin.LARGEST, max_value=mandarin.LARGEST))
def test_every_number_is_heard_as_it_is_in_mandarin(number: int) -> None:
    assert heard_mandarin(mandarin.cardinal(number)) == number
    assert "零零" not in mandarin.cardinal(number)


@given(st.integers(min_value=-english.LARGEST, max_value=english.LARGEST))
def test_every_number_is_heard_as_it_is_in_english(number: int) -> None:
    assert heard_english(english.cardinal(number)) == number


@given(FEN)
def test_every_amount_is_heard_as_it_is(fen: int) -> None:
    written = f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
    assert heard_amount(formatted(written, "amount", "zh-CN", aloud=True)) == fen
    said = formatted(written, "amount", "en", aloud=True).removeprefix("minus ")
    yuan, _, rest = said.partition(" yuan")
    if not _:
        yuan, rest = "zero", said
    rest = rest.removeprefix(" and ").removesuffix(" fen")
    assert heard_english(yuan) * 100 + (heard_english(rest) if rest else 0) == abs(fen)


@pytest.mark.parametrize(
    ("fen", "chinese", "english_words"),
    [
        (0, "零元", "zero yuan"),
        (5, "五分", "five fen"),
        (50, "五角", "fifty fen"),
        (105, "一元零五分", "one yuan and five fen"),
        (200, "两元", "two yuan"),
        (1250, "十二元五角", "twelve yuan and fifty fen"),
        (-3001, "负三十元零一分", "minus thirty yuan and one fen"),
        (10_000_050, "十万元五角", "one hundred thousand yuan and fifty fen"),
    ],
)
def test_amounts_as_a_cashier_says_them(fen: int, chinese: str, english_words: str) -> None:
    assert (mandarin.amount(fen), english.amount(fen)) == (chinese, english_words)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (10, "十"),
        (11, "十一"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (2222, "两千二百二十二"),
        (20_000, "两万"),
        (100_010, "十万零一十"),
        (10_0000_0000, "十亿"),
        (1_0000_0001, "一亿零一"),
        (10**12, "一万亿"),
        (10**12 + 2 * 10**8, "一万零两亿"),
    ],
)
def test_numbers_as_they_are_said(number: int, said: str) -> None:
    assert mandarin.cardinal(number) == said


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_heard_as_it_is(day: date) -> None:
    said = formatted(day.isoformat(), "date", "zh-CN", aloud=True)
    found = re.fullmatch(r"(.{4})年(.+)月(.+)日", said)
    assert found is not None
    year = int("".join(str(DIGITS[char]) for char in found[1]))
    assert date(year, heard_mandarin(found[2]), heard_mandarin(found[3])) == day
    assert formatted(day.isoformat(), "date", "en", aloud=True).startswith(f"the {english.ordinal(day.day)} of ")


@pytest.mark.parametrize(
    ("value", "form", "chinese", "english_words", "written"),
    [
        (
            "2026-11-24",
            "date",
            "二零二六年十一月二十四日",
            "the twenty-fourth of November, twenty twenty-six",
            "24 November 2026",
        ),
        ("2008-01-02", "date", "二零零八年一月二日", "the second of January, two thousand and eight", "2 January 2008"),
        ("09:05", "time", "九点零五分", "nine oh five", "09:05"),
        ("14:00", "time", "十四点整", "fourteen o'clock", "14:00"),
        ("02:12:30", "time", "两点十二分", "two twelve", "02:12"),
        ("3730", "duration", "一小时两分钟十秒", "one hour two minutes ten seconds", "1 h 2 min 10 s"),
        ("0", "duration", "零秒", "zero seconds", "0 s"),
        (
            "13812346021",
            "phone",
            "幺三八，幺二三四，六零二幺",
            "one three eight, one two three four, six zero two one",
            "138 1234 6021",
        ),
        ("10086", "phone", "幺零零八六", "one zero zero eight six", "10086"),
        ("123456", "digits", "一二三四，五六", "one two three four, five six", "123456"),
        ("2", "ordinal", "第二", "second", "no. 2"),
        ("21", "ordinal", "第二十一", "twenty-first", "no. 21"),
        ("112", "ordinal", "第一百一十二", "one hundred and twelfth", "no. 112"),
        ("2.50", "number", "二点五", "two point five", "2.5"),
        ("-3", "number", "负三", "minus three", "-3"),
    ],
)
def test_what_is_said_and_what_is_written(
    value: str, form: str, chinese: str, english_words: str, written: str
) -> None:
    assert formatted(value, form, "zh-CN", aloud=True) == chinese
    assert formatted(value, form, "en-GB", aloud=True) == english_words
    assert formatted(value, form, "en", aloud=False) == written


def test_other_languages_get_what_is_written() -> None:
    assert formatted("12.5", "amount", "fr", aloud=True) == "CNY 12.50"


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=30))
def test_what_cannot_be_read_is_refused_and_breaks_nothing(form: str, value: str) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(formatted(value, form, "zh-CN", aloud=True), str)


def test_a_refusal_does_not_show_the_value() -> None:
    with pytest.raises(Unreadable) as refused:
        formatted("4539-secret", "amount", "zh-CN", aloud=True)
    assert str(refused.value) == "this cannot be read as amount"


def test_every_step_of_a_day_has_a_time() -> None:
    for minutes in range(0, 24 * 60, 7):
        at = (timedelta(minutes=minutes).seconds // 3600, minutes % 60)
        assert "点" in mandarin.clock(time(*at))


SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "form", "zone", "told"),
    [
        ("2026-11-24T23:30:00Z", "date", SHANGHAI, "2026年11月25日"),
        ("2026-11-24T23:30:00Z", "time", SHANGHAI, "07:30"),
        ("2026-11-24T23:30:00+08:00", "date", SHANGHAI, "2026年11月24日"),
        ("2026-11-24T23:30:00", "time", SHANGHAI, "23:30"),
        ("2026-11-24", "date", SHANGHAI, "2026年11月24日"),
        ("09:05Z", "time", SHANGHAI, "17:05"),
        ("09:05", "time", SHANGHAI, "09:05"),
        ("2026-07-01T09:05Z", "time", ZoneInfo("Europe/Berlin"), "11:05"),
    ],
)
def test_a_moment_with_a_zone_is_told_in_the_centres(value: str, form: str, zone: ZoneInfo, told: str) -> None:
    assert formatted(value, form, "zh-CN", aloud=False, zone=zone) == told


@pytest.mark.parametrize(
    ("value", "form"), [("09:05Z", "time"), ("2026-11-24 soon", "date"), ("9999-12-31T23:59Z", "date")]
)
def test_a_moment_that_cannot_be_placed_is_not_told(value: str, form: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    with pytest.raises(Unreadable):
        formatted(value, form, "zh-CN", aloud=False, zone=zone)
