"""Passwords that everybody thinks of, and those that are long and one's own."""

import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine.guessable import _WORDS, is_guessable

COMMON = [
    "password1234",
    "P@ssw0rd2026!",
    "123456789012",
    "qwertyuiop123",
    "1qaz2wsx3edc",
    "woaini1314520",
    "Careline10086!",
    "admin12345678",
    "abcdefghijklm",
    "zyxwvutsrqpon",
    "iloveyou520520",
    "aaaaaaaaaaaab",
    "xyxyxyxyxyxyxy",
    "Shanghai20260101",
    "Welcome-Welcome-1",
    "密码密码密码密码密码密码",
]
OWN = [
    "correct horse battery",
    "a wholly different one",
    "白云下面有三只灰色的鹤在喝水",
    "Tr0ub4dor&3 zinc",
    "xkqd-7mwp-a2vn",
    "password of the blue heron",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_thinks_of_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.checked_password(password, login="8021")
    assert refusal.value.code in ("password-too-common", "password-too-simple")


@pytest.mark.parametrize("password", OWN)
def test_long_ones_of_ones_own_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert rules.checked_password(password, login="8021", name="陈晓岚") == password


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6), st.sampled_from(["", "-", " ", "!", "_"]))
def test_nothing_but_words_of_the_list_is_guessable(words: list[str], between: str) -> None:
    assert is_guessable(between.join(words))
    assert is_guessable(between.join(words).upper())


def test_what_chance_makes_is_taken() -> None:
    for _ in range(300):
        made = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16))

        assert not is_guessable(made), made


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    assert is_guessable(text) in (True, False)


@pytest.mark.parametrize(
    ("password", "login", "name"),
    [
        ("my number is 8021 today", "8021", ""),
        ("chen xiaolan at the desk", "8021", "Chen Xiaolan"),
        ("陈晓岚的密码不告诉你们大家", "8021", "陈晓岚"),
    ],
)
def test_login_and_name_may_not_be_in_it(password: str, login: str, name: str) -> None:
    with pytest.raises(Invalid, match="password-too-simple"):
        rules.checked_password(password, login=login, name=name)
