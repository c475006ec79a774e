"""Service accounts: good for what somebody else approved, a year at most, gone when revoked, slow for who guesses."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, NotSignedIn, TooMany
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine.tokens import is_service_token, new_service_token
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import ServiceAccountRow
from careline.modules.directory.identity.permissions import (
    ADMINISTRATIVE,
    NEVER_BY_TOKEN,
    PERMISSIONS,
    AdministratorKind,
    Scope,
    kinds_of,
)
from careline.modules.directory.identity.views import (
    IssuedToken,
    NewServiceAccount,
    NewUser,
    TenantView,
    UserChange,
    UserView,
)
from tests.support.clock import FakeClock
from tests.support.house import PASSWORD

HERE = "192.0.2.1"
READS = {"case:read": Scope.TENANT}


@pytest.fixture
async def maker(identity: Identity, system: Actor) -> Actor:
    """One who keeps the system, and so makes service accounts."""
    wanted = NewUser(login="8001", display_name="周文静", password=PASSWORD, roles=("integrator",))
    await identity.create_user(system, wanted)
    opened = await identity.sign_in("demo", "8001", PASSWORD, address=HERE, user_agent="x")
    return opened.signed_in.actor


async def make(
    identity: Identity,
    maker: Actor,
    clock: FakeClock,
    *,
    name: str = "报表系统",
    permissions: dict[str, Scope] | None = None,
    days: float = 90,
) -> IssuedToken:
    wanted = NewServiceAccount(
        name=name,
        permissions=READS if permissions is None else permissions,
        expires_at=clock.now() + timedelta(days=days),
    )
    made = await identity.service_accounts.create(maker, wanted)
    await identity.service_accounts.approve(system_actor(maker.tenant_id), made.account.id)
    return made


async def refused(identity: Identity, token: str, *, address: str = HERE) -> str:
    with pytest.raises((NotSignedIn, TooMany)) as refusal:
        await identity.service_accounts.authenticate(token, address=address)
    return str(refusal.value.code)


def test_tokens_have_a_checksum() -> None:
    token = new_service_token()

    assert is_service_token(token)
    assert token.startswith("cl_")
    assert len(token) == 49


@given(st.text(max_size=80), st.integers(0, 48))
def test_other_texts_are_no_tokens(junk: str, place: int) -> None:
    token = new_service_token()
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    assert not is_service_token(changed)
    assert not is_service_token(token + junk) or junk == ""
    assert not is_service_token(junk)
    assert not is_service_token(token + "\n")


async def test_a_token_stands_for_its_account(identity: Identity, maker: Actor, clock: FakeClock) -> None:
    made = await make(identity, maker, clock)
    caller = await identity.service_accounts.authenticate(made.token, address=HERE)

    assert caller.actor == Actor(
        tenant_id=maker.tenant_id,
        kind=ActorKind.SERVICE,
        id=made.account.id,
        permissions=frozenset({"case:read"}),
    )
    assert caller.actor.ref == f"service:{made.account.id}"
    assert await identity.names(maker.tenant_id, [made.account.id]) == {made.account.id: "报表系统"}


async def test_the_token_is_stored_nowhere(
    identity: Identity, maker: Actor, clock: FakeClock, database: Database
) -> None:
    made = await make(identity, maker, clock)
    async with database.system_reading() as reading:
        stored = (await reading.execute(select(ServiceAccountRow.token_hash))).scalars().all()
        told = str((await reading.execute(text("SELECT * FROM audit_entry"))).all())
    assert stored == [rules.token_hash(made.token)]
    assert made.token not in told


async def test_some_things_are_nothing_for_a_token(
    identity: Identity, maker: Actor, clock: FakeClock, database: Database
) -> None:
    for code in PERMISSIONS:
        if code not in NEVER_BY_TOKEN:
            await make(identity, maker, clock, name=code, permissions={code: Scope.TENANT})
            continue
        with pytest.raises(DomainError) as refusal:
            await make(identity, maker, clock, name=code, permissions={**READS, code: Scope.TENANT})
        assert (refusal.value.code, refusal.value.params) == ("permission-never-by-token", {"permission": code})
    async with database.system_reading() as reading:
        made = set((await reading.execute(select(ServiceAccountRow.name))).scalars().all())
    assert made == set(PERMISSIONS) - NEVER_BY_TOKEN


def test_no_token_has_what_two_administrators_have() -> None:
    """Its maker, a system administrator, holds it."""
    given = kinds_of(set(PERMISSIONS) - NEVER_BY_TOKEN)
    assert given == {AdministratorKind.SYSTEM}
    assert ADMINISTRATIVE["service-account:manage"] is AdministratorKind.SYSTEM


async def test_it_is_good_for_nothing_until_somebody_else_approved_it(
    identity: Identity, maker: Actor, system: Actor, clock: FakeClock, other_tenant: TenantView
) -> None:
    wanted = NewServiceAccount(name="报表系统", permissions=READS, expires_at=clock.now() + timedelta(days=9))
    made = await identity.service_accounts.create(maker, wanted)
    account = made.account.id
    new = NewUser(login="sec", display_name="安全", password=PASSWORD, roles=("security_administrator",))
    await identity.create_user(system, new)
    approver = (await identity.sign_in("demo", "sec", PASSWORD, address=HERE, user_agent="x")).signed_in.actor
    stranger = system_actor(other_tenant.id)

    assert await refused(identity, made.token) == "token-not-approved"
    with pytest.raises(Forbidden, match="permission-missing"):
        await identity.service_accounts.approve(maker, account)
    with pytest.raises(NotFound):
        await identity.service_accounts.approve(stranger, account)
    await identity.service_accounts.approve(approver, account)
    await identity.service_accounts.approve(approver, account)
    caller = await identity.service_accounts.authenticate(made.token, address=HERE)
    assert caller.actor.permissions == {"case:read"}
    with pytest.raises(Forbidden, match="permission-missing"):
        await identity.service_accounts.refuse(maker, account)
    await identity.service_accounts.refuse(approver, account)
    assert await refused(identity, made.token) == "token-unknown"
    with pytest.raises(Conflict, match="service-account-revoked"):
        await identity.service_accounts.approve(approver, account)

    page = await identity.audit_page(system, before=None, limit=50)
    told = [(one.action, one.actor) for one in page.items if one.subject == str(account)]
    assert told == [
        ("service-account.revoked", approver.ref),
        ("service-account.approved", approver.ref),
        ("service-account.created", maker.ref),
    ]


async def test_nobody_approves_what_oneself_made(
    identity: Identity, maker: Actor, clock: FakeClock, database: Database
) -> None:
    """Also one who came to hold both kinds by another way than a grant."""
    wanted = NewServiceAccount(name="报表系统", permissions=READS, expires_at=clock.now() + timedelta(days=9))
    made = await identity.service_accounts.create(maker, wanted)
    async with database.system_transaction() as tx:
        both = '{"service-account:manage": "tenant", "role:grant": "tenant"}'
        await tx.execute(text("UPDATE role SET permissions = :both WHERE code = 'integrator'"), {"both": both})
    with pytest.raises(Forbidden, match="own-service-account"):
        await identity.service_accounts.approve(maker, made.account.id)
    assert await refused(identity, made.token) == "token-not-approved"


async def test_its_reach_is_one_that_is_enforced(identity: Identity, maker: Actor, clock: FakeClock) -> None:
    with pytest.raises(Invalid, match="scope-not-enforced"):
        await make(identity, maker, clock, permissions={"routing:manage": Scope.OWN})


@pytest.mark.parametrize(
    ("name", "permissions", "days", "code", "field"),
    [
        ("x", {}, 90, "permissions-missing", "permissions"),
        ("x", {"case:fly": Scope.OWN}, 90, "permission-unknown", "permissions"),
        ("x", READS, 0, "expiry-not-usable", "expires_at"),
        ("x", READS, -1, "expiry-not-usable", "expires_at"),
        ("x", READS, 367, "expiry-not-usable", "expires_at"),
        ("  ", READS, 90, "text-empty", "name"),
        ("x\x00", READS, 90, "text-not-printable", "name"),
        ("x" * 61, READS, 90, "text-too-long", "name"),
    ],
)
async def test_what_cannot_be_made(
    identity: Identity,
    maker: Actor,
    clock: FakeClock,
    name: str,
    permissions: dict[str, Scope],
    days: float,
    code: str,
    field: str,
) -> None:
    with pytest.raises(DomainError) as refusal:
        await make(identity, maker, clock, name=name, permissions=permissions, days=days)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert (await identity.service_accounts.page(maker, part="", after="", limit=9)).items == []


async def test_a_name_is_taken_once(identity: Identity, maker: Actor, clock: FakeClock) -> None:
    await make(identity, maker, clock)
    with pytest.raises(Conflict, match="service-account-exists"):
        await make(identity, maker, clock)


async def test_it_ends_on_its_day(identity: Identity, maker: Actor, clock: FakeClock) -> None:
    made = await make(identity, maker, clock, days=1)
    clock.advance(hours=23, minutes=59)
    await identity.service_accounts.authenticate(made.token, address=HERE)
    clock.advance(minutes=1)

    assert await refused(identity, made.token) == "token-expired"


async def test_revoking_works_at_once_and_only_in_the_own_tenant(
    identity: Identity, maker: Actor, clock: FakeClock, other_tenant: TenantView
) -> None:
    made = await make(identity, maker, clock)
    stranger = Actor(tenant_id=other_tenant.id, kind=ActorKind.USER, id=maker.id, permissions=maker.permissions)
    with pytest.raises(NotFound):
        await identity.service_accounts.revoke(stranger, made.account.id)
    await identity.service_accounts.authenticate(made.token, address=HERE)

    await identity.service_accounts.revoke(maker, made.account.id)
    await identity.service_accounts.revoke(maker, made.account.id)
    assert await refused(identity, made.token) == "token-unknown"


async def test_its_life_is_audited(identity: Identity, maker: Actor, system: Actor, clock: FakeClock) -> None:
    made = await make(identity, maker, clock)
    await identity.service_accounts.revoke(maker, made.account.id)
    await identity.service_accounts.revoke(maker, made.account.id)

    page = await identity.audit_page(system, before=None, limit=9)
    told = [(one.action, one.actor, one.subject) for one in page.items if one.action.startswith("service-account")]
    subject = str(made.account.id)
    assert told == [
        ("service-account.revoked", maker.ref, subject),
        ("service-account.approved", system.ref, subject),
        ("service-account.created", maker.ref, subject),
    ]


async def test_the_last_use_is_remembered(identity: Identity, maker: Actor, clock: FakeClock) -> None:
    made = await make(identity, maker, clock)
    for _ in range(3):
        clock.advance(40)
        await identity.service_accounts.authenticate(made.token, address=HERE)

    ((view, by),) = (await identity.service_accounts.page(maker, part="报表", after="", limit=9)).items
    assert view.last_used_at is not None
    assert clock.now() - view.last_used_at < rules.TOUCH_EVERY
    assert by == "周文静"


async def test_guessing_is_slowed_and_a_good_token_never_is(identity: Identity, maker: Actor, clock: FakeClock) -> None:
    made = await make(identity, maker, clock)
    told = [await refused(identity, new_service_token()) for _ in range(rules.FREE_TRIES_ADDRESS + 3)]

    assert told == ["token-unknown"] * rules.FREE_TRIES_ADDRESS + ["too-many-attempts"] * 3
    await identity.service_accounts.authenticate(made.token, address=HERE)


async def test_accounts_are_found_by_a_part_of_the_name_page_by_page(
    identity: Identity, maker: Actor, clock: FakeClock
) -> None:
    for number in range(5):
        await make(identity, maker, clock, name=f"Sync {number}")
    await make(identity, maker, clock, name="100% else")
    found, after = [], ""
    while True:
        page = await identity.service_accounts.page(maker, part="sync", after=after, limit=2)
        found += [view.name for view, _ in page.items]
        if page.next is None:
            break
        after = page.next

    assert found == [f"Sync {number}" for number in range(5)]
    assert len((await identity.service_accounts.page(maker, part="%", after="", limit=9)).items) == 1


async def test_a_token_may_do_nothing_with_users_beyond_its_scope(
    identity: Identity, system: Actor, clock: FakeClock, agent: UserView
) -> None:
    """A department scope counts from the department of whoever made the token."""
    keeper = await identity.create_user(
        system,
        NewUser(login="keeper", display_name="管理员", password=PASSWORD, roles=("system_administrator", "integrator")),
    )
    by = (await identity.sign_in("demo", keeper.login, PASSWORD, address=HERE, user_agent="x")).signed_in.actor
    (root,) = await identity.org_units(by.tenant_id)
    below = await identity.add_org_unit(system, root.id, "下级")
    made = await make(identity, by, clock, permissions={"org:read": Scope.DEPARTMENT})
    actor = (await identity.service_accounts.authenticate(made.token, address=HERE)).actor
    page = await identity.user_page(actor, after="", limit=9)
    assert {user.login for user, _ in page.items} == {"8021", "keeper"}
    assert below.parent_id == root.id


async def test_a_department_counts_from_the_makers(
    identity: Identity, maker: Actor, system: Actor, clock: FakeClock, agent: UserView
) -> None:
    watches = {"floor:view": Scope.DEPARTMENT}
    made = await make(identity, maker, clock, permissions=watches)
    caller = await identity.service_accounts.authenticate(made.token, address=HERE)
    await identity.check_reach(caller.actor, agent.id, "floor:view")
    [root, *_] = await identity.org_units(system.tenant_id)
    below = await identity.add_org_unit(system, root.id, "一组")
    assert maker.id is not None
    await identity.change_user(system, maker.id, UserChange(org_unit_id=below.id))
    narrow = await make(identity, maker, clock, name="一组大屏", permissions=watches)
    caller = await identity.service_accounts.authenticate(narrow.token, address=HERE)
    with pytest.raises(Forbidden, match="outside-your-scope"):
        await identity.check_reach(caller.actor, agent.id, "floor:view")
