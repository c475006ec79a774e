"""What may be said, and what a visitor may give of themselves."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.kernel.ids import new_id
from careline.modules.contact.conversations import rules


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("你好", "你好"),
        ("<script>alert(1)</script> & 'x'", "<script>alert(1)</script> & 'x'"),
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("a\x1b[31mb\x07c\x85d", "a[31mbcd"),
        ("  两边的空格留着  ", "  两边的空格留着  "),
        ("👨\u200d👩\u200d👧 和\u3000全角", "👨\u200d👩\u200d👧 和\u3000全角"),
        ("字" * 4000, "字" * 4000),
        ("字" * 4000 + "\x08" * 4000, "字" * 4000),
    ],
)
def test_text_is_stored_as_given_but_for_control_characters(given_text: str, stored: str) -> None:
    assert rules.message_text(given_text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "message-empty"),
        (" \n\t ", "message-empty"),
        ("\x01\x02", "message-empty"),
        ("a\x00b", "text-holds-nul"),
        ("half \ud83d pair", "text-not-unicode"),
        ("字" * 4001, "text-too-long"),
        ("字" * 100_000, "text-too-long"),
    ],
)
def test_text_that_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.message_text(text)
    assert (refused.value.code, refused.value.field) == (code, "text")


@given(st.text(alphabet=st.characters(), max_size=9000))
def test_what_is_taken_can_be_stored_and_shown(text: str) -> None:
    try:
        stored = rules.message_text(text)
    except Invalid:
        return
    stored.encode("utf-8")
    assert 0 < len(stored) <= rules.MAX_TEXT
    assert all(char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") for char in stored)
    assert rules.message_text(stored) == stored, "what was stored is compared with what is sent again"


@pytest.mark.parametrize(
    ("number", "kept"),
    [(None, None), ("", None), ("  ", None), ("138 1234-6021", "13812346021"), ("+8613812346021", "+8613812346021")],
)
def test_numbers_that_are_claimed(number: str | None, kept: str | None) -> None:
    assert rules.claimed_number(number) == kept


@pytest.mark.parametrize("number", ["12", "1" * 16, "13812346021;drop", "１３８１２３４６０２１", "+", "1+38"])
def test_numbers_that_are_none(number: str) -> None:
    with pytest.raises(Invalid, match="number-not-a-number"):
        rules.claimed_number(number)


def test_names_are_one_line_and_may_be_missing() -> None:
    assert rules.visitor_name(" 王\n小\t敏 ") == "王 小 敏"
    assert rules.visitor_name("李\u202eabc\u202c") == "李abc"
    assert rules.visitor_name(" \n ") is None
    assert rules.visitor_name("\u202e") is None
    assert rules.visitor_name(None) is None
    with pytest.raises(Invalid, match="text-too-long"):
        rules.visitor_name("长" * 41)


@pytest.mark.parametrize("locale", ["zh-CN", "en", "zh-Hans-CN"])
def test_locales(locale: str) -> None:
    assert rules.visitor_locale(locale) == locale


@pytest.mark.parametrize("locale", ["", "中文", "en_US", "x" * 9, "../../etc"])
def test_locales_that_are_none(locale: str) -> None:
    with pytest.raises(Invalid, match="locale-unknown"):
        rules.visitor_locale(locale)


def test_a_topic_is_known_only_as_it_is_published() -> None:
    known = new_id()
    assert rules.topic_id(rules.conversation_topic(known)) == known
    assert rules.topic_id(f"conversation:{str(known).upper()}") is None
    assert rules.topic_id(f"conversation:{known.hex}") is None
    assert rules.topic_id("conversation") is None
    assert rules.topic_id("conversation:1") is None
