"""Sessions: how long they last, who may end them, and what ends with them."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select

from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, read_after
from careline.kernel.errors import Forbidden, Invalid, NotFound, NotSignedIn, TooMany
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.events import SessionEnded
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import SessionRow
from careline.modules.directory.identity.views import NewUser, Opened, TenantView, UserChange, UserView
from tests.support.clock import FakeClock
from tests.support.house import PASSWORD

NEW = "a wholly different one"


async def sign_in(identity: Identity, password: str = PASSWORD, user_agent: str = "Firefox") -> Opened:
    return await identity.sign_in("demo", "8021", password, address="192.0.2.1", user_agent=user_agent)


async def is_over(identity: Identity, opened: Opened) -> bool:
    try:
        await identity.authenticate(opened.token)
    except NotSignedIn:
        return True
    return False


async def ended(database: Database) -> list[str]:
    async with database.system_reading() as reading:
        entries = await read_after(reading, Cursor(), limit=500)
    facts = [entry.recorded.event for entry in entries if entry.recorded is not None]
    return [fact.cause for fact in facts if isinstance(fact, SessionEnded)]


async def test_an_idle_session_ends(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    opened = await sign_in(identity)
    clock.advance(rules.SESSION_IDLE.total_seconds() - 1)
    assert not await is_over(identity, opened)
    clock.advance(rules.SESSION_IDLE.total_seconds())
    assert await is_over(identity, opened)


async def test_use_keeps_a_session_until_its_absolute_end(
    identity: Identity, agent: UserView, clock: FakeClock
) -> None:
    opened = await sign_in(identity)
    for _ in range(11):
        clock.advance(hours=1)
        assert not await is_over(identity, opened)
    clock.advance(minutes=59)
    assert not await is_over(identity, opened)
    clock.advance(minutes=1)
    assert await is_over(identity, opened)


async def test_use_is_written_once_a_minute_at_most(
    identity: Identity, agent: UserView, clock: FakeClock, database: Database
) -> None:
    opened = await sign_in(identity)
    before = database.commits
    for _ in range(20):
        clock.advance(2)
        await identity.authenticate(opened.token)
    assert database.commits == before
    clock.advance(20)
    await identity.authenticate(opened.token)
    assert database.commits == before + 1


async def test_what_is_over_is_removed_and_told(
    identity: Identity, agent: UserView, clock: FakeClock, database: Database
) -> None:
    await sign_in(identity)
    clock.advance(hours=1)
    young = await sign_in(identity)
    clock.advance(hours=1)
    await identity.keep_house()

    assert await ended(database) == ["expired"]
    async with database.system_reading() as reading:
        assert (await reading.execute(select(SessionRow.id))).scalars().all() == [young.signed_in.session_id]


async def test_signing_out_ends_this_session_only(identity: Identity, agent: UserView, database: Database) -> None:
    one, two = await sign_in(identity), await sign_in(identity)
    await identity.sign_out(one.token)
    await identity.sign_out(one.token)

    assert (await is_over(identity, one), await is_over(identity, two)) == (True, False)
    assert await ended(database) == ["signed-out"]


async def test_ones_sessions_are_listed_and_revoked(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    one = await sign_in(identity, user_agent="Firefox\x00\x1b[31m" + "x" * 500)
    clock.advance(5)
    two = await sign_in(identity, user_agent="Chrome")
    actor = two.signed_in.actor
    listed = await identity.sessions(actor)

    assert [session.user_agent[:8] for session in listed] == ["Chrome", "Firefox["]
    assert len(listed[1].user_agent) <= 200
    assert listed[1].user_agent.isprintable()
    await identity.revoke_session(actor, one.signed_in.session_id)
    assert [session.id for session in await identity.sessions(actor)] == [two.signed_in.session_id]
    assert await is_over(identity, one)


async def test_nobody_revokes_what_is_anothers(
    identity: Identity, agent: UserView, system: Actor, other_tenant: TenantView
) -> None:
    opened = await sign_in(identity)
    colleague = await identity.create_user(system, NewUser(login="8022", display_name="林志佳"))
    stranger = await identity.create_user(
        system_actor(other_tenant.id), NewUser(login="8021", display_name="别家的", password=PASSWORD)
    )
    for who, tenant_id in ((colleague, system.tenant_id), (stranger, other_tenant.id)):
        actor = Actor(tenant_id=tenant_id, kind=opened.signed_in.actor.kind, id=who.id)
        assert await identity.sessions(actor) == []
        with pytest.raises(NotFound):
            await identity.revoke_session(actor, opened.signed_in.session_id)
    with pytest.raises(NotFound):
        await identity.revoke_session(opened.signed_in.actor, uuid4())

    assert not await is_over(identity, opened)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 5000, "\x00" * 43, "' OR 1=1 --", "测" * 43, "\ud800"])
async def test_junk_is_no_token(identity: Identity, agent: UserView, token: str) -> None:
    await sign_in(identity)
    with pytest.raises(NotSignedIn):
        await identity.authenticate(token)
    await identity.sign_out(token)


async def test_the_hash_of_a_token_is_no_token(identity: Identity, agent: UserView, database: Database) -> None:
    opened = await sign_in(identity)
    with pytest.raises(NotSignedIn):
        await identity.authenticate(rules.token_hash(opened.token))


async def test_a_new_password_ends_every_other_session(identity: Identity, agent: UserView, database: Database) -> None:
    one, two = await sign_in(identity), await sign_in(identity)
    await identity.change_own_password(two.signed_in, PASSWORD, NEW, address="192.0.2.1")

    assert (await is_over(identity, one), await is_over(identity, two)) == (True, False)
    assert await ended(database) == ["password-changed"]
    with pytest.raises(NotSignedIn):
        await sign_in(identity)
    await sign_in(identity, NEW)


async def test_a_new_password_needs_the_old_one_and_may_not_be_weak(identity: Identity, agent: UserView) -> None:
    one, two = await sign_in(identity), await sign_in(identity)
    with pytest.raises(Forbidden, match="password-wrong"):
        await identity.change_own_password(two.signed_in, "not the old one", NEW, address="192.0.2.1")
    with pytest.raises(Invalid, match="password-too-short"):
        await identity.change_own_password(two.signed_in, PASSWORD, "short", address="192.0.2.1")

    assert not await is_over(identity, one)
    await sign_in(identity)


async def test_guessing_the_old_password_is_slowed_too(identity: Identity, agent: UserView) -> None:
    opened = await sign_in(identity)
    for _ in range(rules.FREE_TRIES_LOGIN):
        with pytest.raises(Forbidden):
            await identity.change_own_password(opened.signed_in, "not the old one", NEW, address="192.0.2.1")
    with pytest.raises(TooMany):
        await identity.change_own_password(opened.signed_in, PASSWORD, NEW, address="192.0.2.1")

    assert not await is_over(identity, opened)


@pytest.mark.parametrize("change", [UserChange(password=NEW), UserChange(active=False)])
async def test_an_administrator_can_end_them_all(
    identity: Identity, agent: UserView, system: Actor, database: Database, change: UserChange
) -> None:
    one, two = await sign_in(identity), await sign_in(identity)
    await identity.change_user(system, agent.id, change)

    assert (await is_over(identity, one), await is_over(identity, two)) == (True, True)
    cause = "password-changed" if change.password else "deactivated"
    assert await ended(database) == [cause, cause]


async def test_a_password_changed_while_it_was_checked_opens_nothing(
    identity: Identity, agent: UserView, system: Actor
) -> None:
    """Either the old password came first and its session was ended, or it no longer fits."""
    tries = [sign_in(identity) for _ in range(4)]
    change = identity.change_user(system, agent.id, UserChange(password=NEW))
    results = await asyncio.gather(*tries, change, return_exceptions=True)

    for result in results[:-1]:
        assert isinstance(result, NotSignedIn) or (isinstance(result, Opened) and await is_over(identity, result))


async def test_what_one_may_do_is_asked_each_time(identity: Identity, agent: UserView, system: Actor) -> None:
    opened = await sign_in(identity)
    await identity.set_roles(system, agent.id, {})

    assert (await identity.authenticate(opened.token)).actor.permissions == frozenset()


async def test_keeping_house_writes_nothing_when_there_is_nothing_to_do(
    identity: Identity, agent: UserView, database: Database, clock: FakeClock
) -> None:
    await sign_in(identity)
    await identity.keep_house()
    before = database.commits
    clock.advance(30)
    await identity.keep_house()

    assert database.commits == before
