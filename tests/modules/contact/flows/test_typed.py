"""Typed words as keys."""

import pytest

from careline.modules.contact.flows.engine.typed import typed_key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("5", "5"),
        (" 5 ", "5"),
        ("５", "5"),
        ("⑤", "5"),
        ("5\ufe0f\u20e3", "5"),
        ("五", "5"),
        ("五分", "5"),
        ("5分", "5"),
        ("５分。", "5"),
        ("5 分吧", "5"),
        ("给五分", "5"),
        ("我打4分", "4"),
        ("三星", "3"),
        ("五颗星！", "5"),
        ("两分", "2"),
        ("Five", "5"),
        ("4 stars", "4"),
        ("press 1", "1"),
        ("我选2", "2"),
        ("1号键", "1"),
        ("0", "0"),
        ("*", "*"),
        ("＃", "#"),
        ("1、宽带报障", "1"),
        ("2. charges", "2"),
        ("٣", ""),
        ("15", ""),
        ("5.5", ""),
        ("5,000", ""),
        ("十", ""),
        ("5 minutes late", ""),
        ("50分", ""),
        ("五一放假吗", ""),
        ("非常好", ""),
        ("我要人工", ""),
        ("", ""),
        ("5" * 4000, ""),
        ("我选" * 2000, ""),
        ("1\u0000", ""),
    ],
)
def test_what_is_typed_is_read_as_a_person_means_it(typed: str, key: str) -> None:
    assert typed_key(typed) == key
