"""Pure rules: waits, lifetimes, logins, passwords, gaps."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.kernel.errors import Invalid
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.permissions import (
    BUILT_IN_ROLES,
    PERMISSIONS,
    AdministratorKind,
    Scope,
    kept_apart,
    widest,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@given(st.integers(0, 10_000), st.integers(0, 50), st.integers(1, 10_000))
def test_waits_never_shrink_and_never_pass_the_longest(failures: int, free: int, longest_s: int) -> None:
    longest = timedelta(seconds=longest_s)
    wait = rules.wait_after(failures, free=free, longest=longest)

    assert timedelta() <= wait <= longest
    assert wait <= rules.wait_after(failures + 1, free=free, longest=longest)
    assert (wait == timedelta()) == (failures < free)


def test_the_wait_doubles() -> None:
    waits = [rules.wait_after(n, free=5, longest=timedelta(minutes=15)).total_seconds() for n in range(3, 20)]

    assert waits[:8] == [0, 0, 1, 2, 4, 8, 16, 32]
    assert waits[-1] == 900


@given(st.text())
def test_a_login_is_stored_in_one_form_or_refused(text: str) -> None:
    try:
        login = rules.checked_login(text)
    except Invalid:
        return
    assert login == rules.checked_login(login.upper())
    assert login.isascii()
    assert "\x00" not in login


@pytest.mark.parametrize("text", ["", " ", "a b", "-a", "a.", "a" * 65, "陈", "a\nb", "a\x00", "' or 1=1 --"])
def test_no_login(text: str) -> None:
    with pytest.raises(Invalid):
        rules.checked_login(text)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password-too-short"),
        ("x" * 129, "password-too-long"),
        ("aaaaaaaaaaaaaaaa", "password-too-simple"),
        ("my-8021-is-long", "password-too-simple"),
        ("lonely \ud800 surrogate", "text-not-unicode"),
    ],
)
def test_passwords_that_are_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.checked_password(password, login="8021")

    assert refusal.value.code == code


def test_a_session_ends_by_idleness_and_by_age() -> None:
    def ended(idle: timedelta, left: timedelta) -> bool:
        return rules.session_ended(NOW, last_used_at=NOW - idle, expires_at=NOW + left)

    second = timedelta(seconds=1)
    assert not ended(rules.SESSION_IDLE - second, second)
    assert ended(rules.SESSION_IDLE, second)
    assert ended(second, timedelta())


@given(st.lists(st.integers(1, 30), unique=True), st.integers(1, 30), st.integers(0, 30))
def test_gaps_are_exactly_what_is_missing(numbers: list[int], first: int, size: int) -> None:
    last = first + size - 1
    inside = sorted(number for number in numbers if number >= first)
    missing = [number for start, end in rules.gaps(inside, first, last) for number in range(start, end + 1)]

    assert missing == [number for number in range(first, last + 1) if number not in numbers]


def test_a_gap_as_wide_as_an_attacker_likes_costs_nothing() -> None:
    assert rules.gaps([], 1, 10**15) == [(1, 10**15)]


def test_the_token_for_requests_differs_for_each_session() -> None:
    one, two = rules.new_token(), rules.new_token()

    assert one != two
    assert len(one) == 43
    assert rules.csrf_token(one) == rules.csrf_token(one) != rules.csrf_token(two)
    assert one not in (rules.token_hash(one), rules.csrf_token(one))


def test_several_roles_give_the_widest_scope() -> None:
    held = widest(
        [
            {"case:read": "own", "user:manage": "department"},
            {"case:read": "tenant", "user:manage": "own", "moon:walk": "tenant", "case:write": "galaxy"},
        ]
    )

    assert held == {"case:read": Scope.TENANT, "user:manage": Scope.DEPARTMENT}


def test_the_three_administrators_share_no_power() -> None:
    powers: dict[AdministratorKind, set[str]] = {kind: set() for kind in AdministratorKind}
    for role in BUILT_IN_ROLES:
        if role.administrator is not None:
            powers[role.administrator] |= set(role.permissions) - {"org:read", "service-account:read"}

    assert all(powers.values())
    for one, other in itertools.combinations(AdministratorKind, 2):
        assert not powers[one] & powers[other]
        assert not kept_apart([one, other])
    assert kept_apart([AdministratorKind.SYSTEM, AdministratorKind.SYSTEM, None])


def test_built_in_roles_name_permissions_that_exist() -> None:
    assert {code for role in BUILT_IN_ROLES for code in role.permissions} == set(PERMISSIONS)
