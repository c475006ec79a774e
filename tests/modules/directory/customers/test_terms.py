"""What a customer is found by: every part of a number or name, and every way to type how a name sounds."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.directory.customers.engine.terms import (
    LONGEST_NAME,
    LONGEST_TERM,
    MOST_SOUNDS,
    Kind,
    Word,
    terms_of,
    words_of,
)
from careline.modules.directory.customers.services.readings import readings_of

FAMILY = "王李张刘陈单曾解查区仇"
GIVEN = "小敏明辉伟晨洋文涛重行长乐子轩雨桐"

names = st.builds(lambda first, rest: first + rest, st.sampled_from(FAMILY), st.text(GIVEN, min_size=1, max_size=3))
numbers = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def fits(query: str, terms: set[str]) -> bool:
    """Whether a search for the query finds who has these terms, as the database compares."""
    return all(any(low <= term < high for low, high in word.ranges() for term in terms) for word in words_of(query))


@given(numbers, st.data())
def test_any_part_of_a_number_finds_it(number: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, 8))
    end = data.draw(st.integers(start + 3, 11))

    assert fits(number[start:end], terms_of([number], [], readings_of))


@given(names, st.data())
def test_any_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))

    assert fits(name[start:end], terms_of([], [name], readings_of))


@given(names, st.data())
def test_any_way_to_type_a_usual_reading_finds_it(name: str, data: st.DataObject) -> None:
    syllables = [readings_of(char)[0] for char in name]
    start = data.draw(st.integers(0, len(name) - 1))
    typed = "".join(one if data.draw(st.booleans()) else one[0] for one in syllables[start:])
    cut = data.draw(st.integers(1, len(typed)))

    assert fits(typed[:cut], terms_of([], [name], readings_of))


@given(names, st.text(GIVEN + FAMILY, min_size=1, max_size=3))
def test_a_name_is_not_found_by_what_it_does_not_hold(name: str, part: str) -> None:
    assert fits(part, terms_of([], [name], readings_of)) == (part in name)


@given(st.text(max_size=60))
def test_any_text_makes_terms_or_is_refused(text: str) -> None:
    made = terms_of([], [text], readings_of)
    assert all(len(term) <= LONGEST_TERM + 2 for term in made)
    assert len(made) <= LONGEST_NAME * (1 + 8 * MOST_SOUNDS)
    with suppress(Invalid):
        assert words_of(text)


@pytest.mark.parametrize(
    "query", ["wangxiaomin", "wangxm", "wxm", "xiaomin", "xm", "WANG", "wang xm", "王xm", "王 min", "Ｗxm"]
)
def test_wang_xiaomin_is_found(query: str) -> None:
    assert fits(query, terms_of([], ["王小敏"], readings_of))
    assert not fits(query, terms_of([], ["李明辉"], readings_of))


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("单雄", ("shan", "dan")),
        ("曾伟", ("zeng", "ceng")),
        ("解明", ("xie", "jie")),
        ("查文涛", ("zha", "cha")),
        ("区小敏", ("ou", "qu")),
        ("仇明", ("qiu", "chou")),
        ("王乐", ("wangle", "wangyue")),
        ("吕小敏", ("lv", "lü")),
    ],
)
def test_a_character_with_several_readings_is_found_by_each(name: str, readings: tuple[str, ...]) -> None:
    for reading in readings:
        assert fits(reading, terms_of([], [name], readings_of)), reading


def test_names_of_other_scripts_and_companies_are_found() -> None:
    for name, queries in {
        "John Smith": ("john", "smith", "jsmith", "JOHN S"),
        "阿不都热依木·买买提": ("买买提", "阿不都", "maimaiti", "abd"),
        "示例物流集团有限公司": ("物流", "集团有限", "wuliujituan", "slwl", "youxian"),
        "示例ABC公司": ("abc", "示例abc", "gongsi"),
        "Ömer Şahin": ("şahin",),
    }.items():
        terms = terms_of([], [name], readings_of)
        assert [query for query in queries if not fits(query, terms)] == [], name


def test_numbers_are_asked_for_as_people_write_them() -> None:
    terms = terms_of(["13812346021", "02087654321"], [], readings_of)
    for query in (
        "138 1234",
        "138-1234-6021",
        "+86 138 1234 6021",
        "0086138",
        "8613812346021",
        "１３８１",
        "020-8765",
        "6021",
    ):
        assert fits(query, terms), query


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("12", "search-too-short"),
        ("王 02", "search-too-short"),
        ("  ", "search-empty"),
        ("%%%", "search-empty"),
        ("x" * 65, "search-too-long"),
        ("a b c d e", "search-too-many-words"),
    ],
)
def test_queries_that_are_refused(query: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        words_of(query)


def test_the_word_that_narrows_most_is_looked_up_first() -> None:
    assert words_of("w 6021 王小敏")[0] == Word(Kind.NAME, "王小敏")
    assert words_of("王 16038126021")[0] == Word(Kind.NUMBER, "16038126021")


def test_the_table_of_readings_is_whole() -> None:
    assert readings_of("王")[0] == "wang"
    assert readings_of("x") == ()
    assert sum(1 for code in range(0x4E00, 0x9FA6) if readings_of(chr(code))) > 20_000
