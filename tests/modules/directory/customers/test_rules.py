"""Numbers in one form, masks that never show more than they say, and how sure we are who speaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.directory.customers.rules import (
    MASK,
    Assurance,
    checked_msisdn,
    mask_name,
    mask_number,
    normal_number,
)

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812346021", "13812346021"),
        ("+8613812346021", "13812346021"),
        ("008613812346021", "13812346021"),
        ("8613812346021", "13812346021"),
        (" +86 138-1234-6021 ", "13812346021"),
        ("１３８１２３４６０２１", "13812346021"),
        ("+86 (138) 1234 6021", "13812346021"),
        ("+86 20 8765 4321", "02087654321"),
        ("020-87654321", "02087654321"),
        ("+86 400-880-0123", "4008800123"),
        ("+8610086", "10086"),
        ("+86 95588", "95588"),
        ("10086", "10086"),
        ("+44 20 7946 0018", "+442079460018"),
        ("0044 20 7946 0018", "+442079460018"),
    ],
)
def test_a_number_has_one_form(text: str, number: str) -> None:
    assert normal_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "anonymous",
        "12",
        "+86",
        "0086",
        "1" * 16,
        "1" * 5000,
        "138\x001234",
        "13812346021;drop",
        "١٣٨١٢٣٤٦٠٢١",
        "a" * 11,
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert normal_number(text) is None
    with pytest.raises(Invalid):
        checked_msisdn(text, field="msisdn")


@given(mobiles, st.sampled_from(["", "+86", "0086", "86", "+86 ", "0086-"]), st.sampled_from(["", " ", "-", "\u2011"]))
def test_a_mobile_number_is_the_same_however_it_is_written(number: str, prefix: str, gap: str) -> None:
    written = prefix + gap.join((number[:3], number[3:7], number[7:]))

    assert normal_number(written) == number
    assert mask_number(written) == mask_number(number) == f"{number[:3]}****{number[7:]}"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normal_number(text)

    assert once is None or normal_number(once) == once


@given(st.text(max_size=40) | mobiles)
def test_a_masked_number_hides_four_characters_or_all(text: str) -> None:
    shown = normal_number(text) or text
    masked = mask_number(text)

    assert len(masked) == len(shown)
    assert all(mask in (MASK, char) for mask, char in zip(masked, shown, strict=True))
    hidden = sum(mask == MASK and char != MASK for mask, char in zip(masked, shown, strict=True))
    visible = len(shown) - masked.count(MASK)
    assert visible <= 7
    assert visible == 0 or masked.count(MASK) >= 4
    assert hidden <= masked.count(MASK)


@given(st.text(max_size=20))
def test_masking_twice_reveals_nothing(text: str) -> None:
    masked = mask_number(text)
    again = mask_number(masked)

    assert all(second in (MASK, first) for first, second in zip(masked, again, strict=True))


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小敏", "王*敏"),
        ("王敏", "王*"),
        ("王", "*"),
        ("欧阳小敏", "欧**敏"),
        ("John Smith", "J*** S****"),
        ("X", "*"),
        ("", ""),
        ("阿依古丽·买买提", "阿******提"),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(min_size=1, max_size=30))
def test_a_masked_name_shows_two_characters_of_a_word_at_most(name: str) -> None:
    words, masked = name.split(), mask_name(name).split()

    assert len(words) == len(masked)
    for word, mask in zip(words, masked, strict=True):
        assert len(word) == len(mask)
        visible = sum(char != MASK for char in mask)
        assert visible <= 2
        assert visible < len(word) or set(word) == {MASK}


@given(st.sampled_from(Assurance), st.sampled_from(Assurance), st.sampled_from(Assurance))
def test_assurance_is_an_order(one: Assurance, two: Assurance, three: Assurance) -> None:
    assert one.satisfies(one)
    assert one.satisfies(two) or two.satisfies(one)
    assert not (one.satisfies(two) and two.satisfies(one)) or one is two
    assert not (one.satisfies(two) and two.satisfies(three)) or one.satisfies(three)


def test_a_caller_number_is_more_than_a_claim_and_less_than_a_code() -> None:
    assert Assurance.CALLER_NUMBER.satisfies(Assurance.CLAIMED)
    assert not Assurance.CALLER_NUMBER.satisfies(Assurance.ONE_TIME_CODE)
    assert Assurance.REAL_NAME.satisfies(Assurance.SERVICE_PASSWORD)
