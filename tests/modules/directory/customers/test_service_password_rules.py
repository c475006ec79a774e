"""Which service passwords may be chosen, and how long who fails waits."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.directory.customers.engine.service_passwords import checked_choice, limits, typed, wait_after
from careline.modules.directory.customers.rules import Assurance

NUMBER = "13812346021"
LINE, AGENT, VISITOR = UUID(int=1), UUID(int=2), UUID(int=3)


def refusal(text: str, numbers: tuple[str, ...] = (NUMBER,)) -> str | None:
    try:
        checked_choice(text, numbers)
    except Invalid as refused:
        return refused.code if refused.field == "password" else f"{refused.code} of {refused.field}"
    return None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "too-simple"),
        ("654321", "too-simple"),
        ("890123", "too-simple"),
        ("456789", "too-simple"),
        ("000000", "too-simple"),
        ("111222", "too-simple"),
        ("121212", "too-simple"),
        ("593593", "too-simple"),
        ("123321", "too-simple"),
        ("739937", "too-simple"),
        ("448800", "too-simple"),
        ("147258", "too-simple"),
        ("520131", "too-simple"),
        ("900515", "is-date"),
        ("051590", "is-date"),
        ("150590", "is-date"),
        ("000229", "is-date"),
        ("199007", "is-date"),
        ("071990", "is-date"),
        ("199015", "is-date"),
        ("346021", "in-number"),
        ("602157", "in-number"),
        ("738629", None),
        ("381642", None),
        ("123405", "in-number"),
        ("064378", "in-number"),
        ("846027", "in-number"),
        ("578602", None),
        ("846072", None),
        ("12345", "not-digits"),
        ("1234567", "not-digits"),
        ("", "not-digits"),
        ("abcdef", "not-digits"),
        ("12 34 5", "not-digits"),
        ("٣٨٤٧٢٩", "not-digits"),
        ("９", "not-digits"),
        ("7" * 5000, "not-digits"),
        ("738\x0029", "not-digits"),
        ("\ud800", "not-digits"),
    ],
)
def test_what_everybody_thinks_of_is_refused(text: str, code: str | None) -> None:
    assert refusal(text) == (None if code is None else f"service-password-{code}")


def test_the_number_backwards_is_still_the_number() -> None:
    assert refusal("126857", (NUMBER,)) is None
    assert refusal("712068", (NUMBER,)) == "service-password-in-number"
    assert refusal("712068", ("13900001111",)) is None


def test_what_people_type_is_read() -> None:
    assert typed(" 738 629 ") == typed("７３８６２９") == "738629"


@given(st.text(max_size=60))
def test_anything_is_six_digits_or_refused(text: str) -> None:
    try:
        found = typed(text)
    except Invalid as refused:
        found = refused.code
    assert found == "service-password-not-digits" or (len(found) == 6 and found.isascii() and found.isdigit())


def test_most_passwords_are_left_to_choose_from() -> None:
    chance = random.Random(1)
    drawn = [f"{chance.randrange(1_000_000):06}" for _ in range(4000)]
    taken = [one for one in drawn if refusal(one) is None]
    assert 0.75 < len(taken) / len(drawn) < 0.95


def test_a_line_waits_for_a_minute_at_most_and_who_guesses_for_long() -> None:
    line, agent, visitor = limits(LINE, AGENT, VISITOR)
    assert [one.key.partition(":")[0] for one in (line, agent, visitor)] == ["line", "agent", "visitor"]
    assert {one.key for one in limits(LINE, AGENT, None)} == {line.key, agent.key}
    for limit in (line, agent, visitor):
        waits = [wait_after(failures, limit) for failures in range(1, 60)]
        assert waits == sorted(waits)
        assert waits[: limit.free - 1] == [timedelta()] * (limit.free - 1)
        assert waits[limit.free - 1] > timedelta()
        assert waits[-1] == limit.longest
    assert line.longest == timedelta(minutes=1)
    assert visitor.longest > line.longest


def test_a_password_is_surer_than_a_code_and_less_than_papers() -> None:
    assert Assurance.SERVICE_PASSWORD.satisfies(Assurance.ONE_TIME_CODE)
    assert not Assurance.ONE_TIME_CODE.satisfies(Assurance.SERVICE_PASSWORD)
    assert not Assurance.SERVICE_PASSWORD.satisfies(Assurance.REAL_NAME)
