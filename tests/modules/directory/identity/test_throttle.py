"""Slower for who guesses, and for nobody else, whatever they do: as laws over any course of events."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from careline.infra.database.database import Database
from careline.kernel.errors import NotSignedIn, TooMany
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.services.throttle import of_code, of_secret, of_sign_in, throttle_keys
from careline.modules.directory.identity.views import UserView
from tests.support.clock import FakeClock
from tests.support.house import PASSWORD

ADDRESSES = st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", "", "junk"])
LOGINS = st.text(max_size=8)


@given(st.integers(0, 10_000), st.integers(0, 50), st.integers(0, 3600))
def test_waits_grow_and_end(failures: int, free: int, longest_s: int) -> None:
    longest = timedelta(seconds=longest_s)
    wait = rules.wait_after(failures, free=free, longest=longest)

    assert timedelta() <= wait <= longest, "a wait that does not end is a lock"
    assert wait <= rules.wait_after(failures + 1, free=free, longest=longest)
    assert (wait == timedelta()) or failures >= free


@given(st.lists(st.tuples(st.sampled_from(["demo", "other"]), LOGINS, ADDRESSES), max_size=6))
def test_two_meet_under_one_key_only_when_they_are_the_same(tries: list[tuple[str, str, str]]) -> None:
    """No key belongs to a login alone: who fails elsewhere slows nobody here."""
    for one in tries:
        for other in tries:
            mine, theirs = throttle_keys(*one), throttle_keys(*other)
            if mine.login == theirs.login:
                assert (one[0], one[1].strip().lower()) == (other[0], other[1].strip().lower())
                assert mine.address == theirs.address
            assert mine.login != theirs.address


def test_codes_and_secrets_have_counters_of_their_own(agent: UserView) -> None:
    keys = throttle_keys("demo", agent.login, "192.0.2.1")
    all_keys = [limit.key for limit in of_sign_in(keys)]
    all_keys += [of_code(agent.id).key, of_secret("service-token", "192.0.2.1").key]
    all_keys += [of_secret("invitation", "192.0.2.1").key]

    assert len(set(all_keys)) == len(all_keys)


async def test_a_storm_from_elsewhere_leaves_the_owner_alone(
    identity: Identity, agent: UserView, clock: FakeClock, database: Database
) -> None:
    """Whatever the storm is made of – logins, tokens, links – the owner comes in at the first try."""
    for number in range(40):
        address = f"198.51.100.{number % 4}"
        for attempt in (
            identity.sign_in("demo", agent.login, "wrong password 1", address=address, user_agent="x"),
            identity.sign_in("demo", agent.login, "wrong password 1", address=address, user_agent="x", code="1"),
        ):
            try:
                await attempt
            except (NotSignedIn, TooMany):
                clock.advance(number % 3)

    await identity.sign_in("demo", agent.login, PASSWORD, address="192.0.2.1", user_agent="x")
