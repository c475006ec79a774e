"""Invitations: a password by a link, once."""

import asyncio

import pytest
from sqlalchemy import select, text

from careline.infra.database.database import Database
from careline.kernel.errors import Forbidden, Invalid, NotFound, NotSignedIn, TooMany
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import InvitationRow
from careline.modules.directory.identity.views import NewUser, UserChange, UserView
from tests.support.clock import FakeClock
from tests.support.house import PASSWORD

HERE = "192.0.2.1"
CHOSEN = "a wholly different one"


@pytest.fixture
async def newcomer(identity: Identity, system: Actor) -> UserView:
    return await identity.create_user(system, NewUser(login="8099", display_name="新来的", roles=("agent",)))


async def sign_in(identity: Identity, password: str) -> None:
    await identity.sign_in("demo", "8099", password, address=HERE, user_agent="x")


async def gone(identity: Identity, token: str, *, address: str = HERE) -> None:
    for attempt in (identity.invitations.look(token, address=address), accept(identity, token, address=address)):
        with pytest.raises((NotFound, TooMany)):
            await attempt


async def accept(identity: Identity, token: str, password: str = CHOSEN, *, address: str = HERE) -> None:
    await identity.invitations.accept(token, password, address=address)


async def test_a_link_sets_a_password_once(identity: Identity, system: Actor, newcomer: UserView) -> None:
    with pytest.raises(NotSignedIn):
        await sign_in(identity, "")
    made = await identity.invitations.issue(system, newcomer.id)
    shown = await identity.invitations.look(made.token, address=HERE)
    assert (shown.tenant_code, shown.login, shown.display_name) == ("demo", "8099", "新来的")

    await accept(identity, made.token)
    await sign_in(identity, CHOSEN)
    await gone(identity, made.token)


async def test_two_at_once_set_one_password(identity: Identity, system: Actor, newcomer: UserView) -> None:
    made = await identity.invitations.issue(system, newcomer.id)
    tries = (accept(identity, made.token, f"{CHOSEN} {number}") for number in range(4))
    results = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(one is None for one in results) == 1
    await sign_in(identity, f"{CHOSEN} {results.index(None)}")


async def test_a_weak_password_does_not_use_the_link_up(identity: Identity, system: Actor, newcomer: UserView) -> None:
    made = await identity.invitations.issue(system, newcomer.id)
    with pytest.raises(Invalid):
        await accept(identity, made.token, "password1234")
    await accept(identity, made.token)


async def test_a_link_ends_with_time_with_another_and_with_its_user(
    identity: Identity, system: Actor, newcomer: UserView, clock: FakeClock
) -> None:
    first = await identity.invitations.issue(system, newcomer.id)
    second = await identity.invitations.issue(system, newcomer.id)
    await gone(identity, first.token)
    clock.advance(days=3)
    await gone(identity, second.token)
    third = await identity.invitations.issue(system, newcomer.id)
    await identity.change_user(system, newcomer.id, UserChange(active=False))
    await gone(identity, third.token)


async def test_a_new_password_ends_the_sessions(identity: Identity, system: Actor, agent: UserView) -> None:
    opened = await identity.sign_in("demo", "8021", PASSWORD, address=HERE, user_agent="x")
    made = await identity.invitations.issue(system, agent.id)
    await identity.authenticate(opened.token)
    await accept(identity, made.token)

    with pytest.raises(NotSignedIn):
        await identity.authenticate(opened.token)


async def test_the_token_is_stored_nowhere(
    identity: Identity, system: Actor, newcomer: UserView, database: Database
) -> None:
    made = await identity.invitations.issue(system, newcomer.id)
    async with database.system_reading() as reading:
        assert (await reading.execute(select(InvitationRow.token_hash))).scalars().all() == [
            rules.token_hash(made.token)
        ]
        assert made.token not in str((await reading.execute(text("SELECT * FROM audit_entry"))).all())


async def test_guessing_links_is_slowed_and_a_good_one_is_not(
    identity: Identity, system: Actor, newcomer: UserView
) -> None:
    made = await identity.invitations.issue(system, newcomer.id)
    codes = []
    for junk in ("", "\x00", "x" * 100, "\ud800", *(rules.new_token() for _ in range(20))):
        with pytest.raises((NotFound, TooMany)) as refusal:
            await identity.invitations.look(junk, address=HERE)
        codes.append(refusal.value.code)
    assert codes == ["invitation-gone"] * rules.FREE_TRIES_ADDRESS + ["too-many-attempts"] * 4

    await accept(identity, made.token)


async def test_an_administrator_is_invited_by_the_machine_only(
    identity: Identity, system: Actor, newcomer: UserView, agent: UserView
) -> None:
    await identity.set_roles(system, agent.id, dict.fromkeys(["security_administrator"]))
    keeper = NewUser(login="keeper", display_name="管", password=PASSWORD, roles=("system_administrator",))
    await identity.create_user(system, keeper)
    by = (await identity.sign_in("demo", "keeper", PASSWORD, address=HERE, user_agent="x")).signed_in.actor

    with pytest.raises(Forbidden):
        await identity.invitations.issue(by, agent.id)
    await identity.invitations.issue(by, newcomer.id)


@pytest.mark.parametrize("how", ["reset", "set", "own"])
async def test_a_link_is_good_for_nothing_once_there_is_another_password(
    identity: Identity, system: Actor, newcomer: UserView, how: str
) -> None:
    await accept(identity, (await identity.invitations.issue(system, newcomer.id)).token)
    made = await identity.invitations.issue(system, newcomer.id)
    if how == "reset":
        await identity.reset_password(system, newcomer.id)
    elif how == "set":
        await identity.change_user(system, newcomer.id, UserChange(password=PASSWORD))
    else:
        opened = await identity.sign_in("demo", "8099", CHOSEN, address=HERE, user_agent="x")
        await identity.change_own_password(opened.signed_in, CHOSEN, PASSWORD, address=HERE)
    await gone(identity, made.token)
