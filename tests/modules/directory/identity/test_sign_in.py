"""Signing in: right and wrong look alike, and guessing gets slow for who guesses only."""

import asyncio

import pytest
from sqlalchemy import func, select, text

from careline.infra.database.database import Database
from careline.infra.sealing import Sealing
from careline.kernel.errors import NotSignedIn, TooMany
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import SessionRow, ThrottleRow, UserRow
from careline.modules.directory.identity.services.passwords import MAX_WAITING, Passwords
from careline.modules.directory.identity.services.throttle import throttle_keys
from careline.modules.directory.identity.views import Opened, PasswordCost, TenantView, UserChange, UserView
from tests.support.clock import FakeClock
from tests.support.house import CHEAP, PASSWORD

HERE = "192.0.2.1"


async def sign_in(
    identity: Identity, login: str = "8021", password: str = PASSWORD, address: str = HERE, replaces: str | None = None
) -> Opened:
    return await identity.sign_in("demo", login, password, address=address, user_agent="test", replaces=replaces)


async def session_count(database: Database) -> int:
    async with database.system_reading() as reading:
        return int((await reading.execute(select(func.count()).select_from(SessionRow))).scalar_one())


async def refusals(identity: Identity, times: int, **wanted: str) -> list[str]:
    codes = []
    for _ in range(times):
        try:
            await sign_in(identity, **wanted)
        except (NotSignedIn, TooMany) as refusal:
            codes.append(refusal.code)
    return codes


async def test_the_right_password_opens_a_session(identity: Identity, agent: UserView) -> None:
    opened = await sign_in(identity, " 8021 ")
    who = await identity.authenticate(opened.token)

    assert who == opened.signed_in
    assert who.user == agent
    customers = {"customer:read", "customer:reveal", "customer:write", "customer:password", "history:view"}
    assert who.actor.permissions == {"desk:use", "case:read", "case:write", *customers}


async def test_the_token_is_stored_nowhere(identity: Identity, agent: UserView, database: Database) -> None:
    opened = await sign_in(identity)

    async with database.system_reading() as reading:
        stored = (await reading.execute(select(SessionRow.token_hash))).scalars().all()
        hashes = (await reading.execute(select(UserRow.password_hash))).scalars().all()
    assert stored == [rules.token_hash(opened.token)]
    assert all(one is not None and one.startswith("$argon2id$") for one in hashes)


WRONG = (
    ("demo", "8021", "wrong password 1"),
    ("demo", "8021", ""),
    ("demo", "9999", PASSWORD),
    ("nobody", "8021", PASSWORD),
    ("demo", "8021\x00", PASSWORD),
    ("demo'; DROP TABLE tenant; --", "8021", PASSWORD),
    ("demo", "' OR '1'='1", "' OR '1'='1"),
    ("demo", "8021", "x" * 5000),
    ("demo", "8021", "\ud800"),
    ("\x00", "\x00", "\x00"),
    ("demo", "x" * 5000, PASSWORD),
)


async def test_every_refusal_is_the_same(identity: Identity, agent: UserView, database: Database) -> None:
    for number, (tenant_code, login, password) in enumerate(WRONG):
        with pytest.raises(NotSignedIn) as refusal:
            await identity.sign_in(tenant_code, login, password, address=f"192.0.2.{number}", user_agent="x")

        assert (refusal.value.code, refusal.value.params) == ("sign-in-failed", {})
    assert await session_count(database) == 0


async def test_another_tenant_knows_nobody_of_ours(
    identity: Identity, agent: UserView, other_tenant: TenantView, database: Database
) -> None:
    with pytest.raises(NotSignedIn):
        await identity.sign_in(other_tenant.code, "8021", PASSWORD, address=HERE, user_agent="x")

    assert await session_count(database) == 0


async def test_an_inactive_user_cannot_sign_in(identity: Identity, agent: UserView, system: Actor) -> None:
    await identity.change_user(system, agent.id, UserChange(active=False))

    assert await refusals(identity, 1) == ["sign-in-failed"]


async def test_unknown_logins_cost_a_hash_as_known_ones_do(identity: Identity, agent: UserView) -> None:
    """Time is not measured, which would be luck on a busy machine: the same work is seen to be done."""
    checked: list[bool] = []
    real = Passwords.check

    async def check(self: Passwords, stored: str | None, password: str) -> bool:
        checked.append(stored is None)
        return await real(self, stored, password)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Passwords, "check", check)
        await refusals(identity, 1, password="not the password")
        await refusals(identity, 1, login="9999")

    assert checked == [False, True]


async def test_nobodys_password_is_nobodys() -> None:
    passwords = Passwords(CHEAP)

    assert not await passwords.check(None, "nobody has this password")
    passwords.close()


async def test_guessing_gets_slow_for_who_guesses(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    codes = await refusals(identity, rules.FREE_TRIES_LOGIN + 3, password="wrong password 1")
    assert codes == ["sign-in-failed"] * rules.FREE_TRIES_LOGIN + ["too-many-attempts"] * 3

    with pytest.raises(TooMany) as refusal:
        await sign_in(identity)
    assert 0 < refusal.value.retry_after <= 1

    clock.advance(1)
    assert await refusals(identity, 2, password="wrong password 1") == ["sign-in-failed", "too-many-attempts"]
    clock.advance(1)
    with pytest.raises(TooMany):
        await sign_in(identity)  # the second wait is longer
    clock.advance(1)
    await sign_in(identity)


async def test_a_clock_that_goes_back_prolongs_no_wait(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    assert await refusals(identity, 9, password="wrong") == ["sign-in-failed"] * 5 + ["too-many-attempts"] * 4
    clock.set_back(hours=3)
    with pytest.raises(TooMany) as refusal:
        await sign_in(identity)
    assert refusal.value.retry_after == 1
    clock.advance(1)
    await sign_in(identity)


async def test_the_real_user_is_not_locked_out_from_elsewhere(identity: Identity, agent: UserView) -> None:
    await refusals(identity, 50, password="wrong password 1", address="198.51.100.7")

    await sign_in(identity, address="203.0.113.9")


async def test_one_address_is_slowed_whatever_login_it_tries(
    identity: Identity, agent: UserView, clock: FakeClock
) -> None:
    codes = []
    for number in range(rules.FREE_TRIES_ADDRESS + 2):
        codes += await refusals(identity, 1, login=f"{number}", password="wrong password 1")
    assert codes[-2:] == ["too-many-attempts"] * 2
    assert codes.count("sign-in-failed") == rules.FREE_TRIES_ADDRESS

    clock.advance(rules.LONGEST_WAIT_ADDRESS.total_seconds())
    await sign_in(identity)


async def test_ones_own_account_forgives_no_guessing(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    for number in range(rules.FREE_TRIES_ADDRESS - 1):
        await refusals(identity, 1, login=f"{number}")
    await sign_in(identity)

    assert await refusals(identity, 1, login="100") == ["sign-in-failed"]
    assert await refusals(identity, 1, login="101") == ["too-many-attempts"]


async def test_many_at_once_are_no_faster_than_one_by_one(identity: Identity, agent: UserView) -> None:
    tries = [refusals(identity, 1, password="wrong password 1") for _ in range(30)]
    codes = [code for one in await asyncio.gather(*tries) for code in one]

    assert codes.count("sign-in-failed") == rules.FREE_TRIES_LOGIN


async def test_old_failures_are_forgotten(
    identity: Identity, agent: UserView, clock: FakeClock, database: Database
) -> None:
    await refusals(identity, rules.FREE_TRIES_LOGIN, password="wrong password 1")
    clock.advance(rules.FORGET_FAILURES_AFTER.total_seconds())
    assert await refusals(identity, 2, password="wrong password 1") == ["sign-in-failed"] * 2

    clock.advance(rules.FORGET_FAILURES_AFTER.total_seconds() + 1)
    await identity.keep_house()
    async with database.system_reading() as reading:
        assert (await reading.execute(select(func.count()).select_from(ThrottleRow))).scalar_one() == 0


def test_throttle_keys_hold_no_address_and_take_ipv6_networks_together() -> None:
    one = throttle_keys("demo", "8021", "2001:db8:1:2::1")
    two = throttle_keys("demo", "8021", "2001:db8:1:2:ffff::9")
    far = throttle_keys("demo", "8021", "2001:db8:1:3::1")

    assert one == two != far
    assert throttle_keys("demo", "8021", HERE).address != throttle_keys("demo", "8021", "192.0.2.2").address
    assert throttle_keys("demo", "8021", "").address == throttle_keys("demo", "x", "no address").address
    assert "2001" not in one.address + one.login


async def test_signing_in_again_takes_a_new_token_and_ends_the_old_session(identity: Identity, agent: UserView) -> None:
    first = await sign_in(identity)
    second = await sign_in(identity, replaces=first.token)

    assert second.token != first.token
    with pytest.raises(NotSignedIn):
        await identity.authenticate(first.token)
    await identity.authenticate(second.token)


async def test_a_token_put_into_the_browser_beforehand_is_never_taken_over(identity: Identity, agent: UserView) -> None:
    planted = "A" * 43
    opened = await sign_in(identity, replaces=planted)

    assert opened.token != planted
    with pytest.raises(NotSignedIn):
        await identity.authenticate(planted)


async def test_a_hash_of_other_parameters_is_renewed(
    database: Database, clock: FakeClock, sealing: Sealing, identity: Identity, agent: UserView
) -> None:
    cost = PasswordCost(passes=2, memory_kib=64, lanes=1)
    dearer = Identity(database, clock, cost, sealing)
    await sign_in(dearer)
    dearer.close()

    async with database.system_reading() as reading:
        assert "t=2" in (await reading.execute(select(UserRow.password_hash))).scalar_one()
    await sign_in(dearer_again := Identity(database, clock, cost, sealing))
    dearer_again.close()


async def test_signing_in_is_audited_without_personal_values(
    identity: Identity, agent: UserView, system: Actor, database: Database
) -> None:
    await refusals(identity, 1, password="wrong password 1")
    await refusals(identity, 1, login="13812346021", password="my secret in the wrong box")
    await sign_in(identity)

    page = await identity.audit_page(system, before=None, limit=10)
    told = [(entry.action, entry.subject, entry.actor) for entry in page.items[:3]]
    assert told == [
        ("session.opened", str(agent.id), f"user:{agent.id}"),
        ("session.refused", None, "system"),
        ("session.refused", str(agent.id), "system"),
    ]
    async with database.system_reading() as reading:
        everything = str((await reading.execute(text("SELECT * FROM audit_entry"))).all())
        everything += str((await reading.execute(text("SELECT * FROM event_log"))).all())
    for secret in ("陈晓岚", "13812346021", "my secret", PASSWORD, HERE):
        assert secret not in everything


async def test_an_attack_on_hashing_is_turned_away_not_queued() -> None:
    passwords = Passwords(PasswordCost(passes=3, memory_kib=8192, lanes=1))
    asked = [passwords.check(None, "x" * 20) for _ in range(MAX_WAITING + 20)]
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(isinstance(answer, TooMany) for answer in answers) == 20
    assert await passwords.check(None, "y") is False
    passwords.close()


async def test_hashing_does_not_hold_up_the_event_loop() -> None:
    passwords = Passwords(PasswordCost())
    work = asyncio.ensure_future(passwords.hash(PASSWORD))
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 20
    passwords.close()
