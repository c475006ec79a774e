"""What is kept of a service password, over HTTP too: that there is one, and nothing that it could be told from."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from careline.infra.sealing import Sealing
from careline.kernel.errors import Conflict, NotFound, Unavailable
from careline.kernel.tenancy import system_actor
from careline.modules.directory.customers.services.service_passwords import PURPOSE
from careline.modules.directory.customers.views import FormPurpose, MergeWanted
from tests.support.office import Office, code_of

RIGHT = "738629"


async def sealed(office: Office) -> str:
    async with office.database.system_reading() as reading:
        return str((await reading.execute(text("SELECT sealed_hash FROM service_password"))).scalar_one())


async def test_what_is_kept_opens_with_the_key_of_its_line_only(office: Office, tmp_path: Path) -> None:
    wang, ming = await office.customer(), await office.customer(name="李明")
    line, other = wang.subscriptions[0].id, ming.subscriptions[0].id
    await office.customers.service_passwords.provide(system_actor(office.tenant.id), line, RIGHT)
    kept = await sealed(office)
    assert RIGHT not in kept
    key = Sealing(tmp_path / "keys/seal.key")
    hashed = key.open(kept, purpose=PURPOSE, bound_to=str(line)).decode()
    assert hashed.startswith("$argon2id$")
    assert await office.identity.passwords.check(hashed, RIGHT)
    async with office.database.transaction(office.tenant.id) as tx:
        await tx.execute(
            text("UPDATE service_password SET subscription_id = :other"),
            {"other": other.hex if tx.dialect == "sqlite" else other},
        )
    agent = await office.agent("desk:use")
    async with office.database.transaction(office.tenant.id) as tx:
        form = await office.customers.service_passwords.ask(tx, agent, ming.id, uuid4(), other, FormPurpose.ENTER)
    with pytest.raises(Unavailable, match="service-password-unreadable"):
        await office.customers.service_passwords.compare(agent, form.interaction_id, form.id, RIGHT)


async def test_the_record_says_that_there_is_one_and_takes_it_away(office: Office) -> None:
    wang = await office.customer()
    line = wang.subscriptions[0].id
    reader, trusted = await office.staff("customer:read"), await office.staff("customer:read", "customer:password")
    async with office.doors(office.customers_router()) as doors:
        path = f"/customers/{wang.id}/service-passwords"
        assert (await doors.get(reader, path)).json() == {"items": []}
        await office.customers.service_passwords.provide(system_actor(office.tenant.id), line, RIGHT)
        (shown,) = (await doors.get(reader, path)).json()["items"]
        assert shown.keys() == {"subscription_id", "set_at"}
        assert shown["subscription_id"] == str(line)

        one = f"/customers/{wang.id}/lines/{line}/service-password"
        assert code_of(await doors.delete(reader, one)) == "permission-missing"
        foreign = await office.staff("customer:read", "customer:password", tenant=office.other)
        assert code_of(await doors.get(foreign, path)) == "customer-not-found"
        assert code_of(await doors.delete(foreign, one)) == "customer-not-found"
        stranger = f"/customers/{(await office.customer(name='李明')).id}/lines/{line}/service-password"
        assert code_of(await doors.delete(trusted, stranger)) == "subscription-not-found"
        assert len((await doors.get(reader, path)).json()["items"]) == 1
        assert (await doors.delete(trusted, one)).status_code == 204
        assert (await doors.get(reader, path)).json() == {"items": []}
        assert code_of(await doors.delete(trusted, one)) == "service-password-not-set"
    assert [name for name in await office.audited(office.tenant.id) if name.startswith("service-password")] == [
        "service-password.set",
        "service-password.removed",
    ]


async def test_it_goes_with_the_line_when_two_are_merged(office: Office) -> None:
    wang, twin = await office.customer(), await office.customer()
    line = twin.subscriptions[0].id
    await office.customers.service_passwords.provide(system_actor(office.tenant.id), line, RIGHT)
    wanted = MergeWanted(absorbed_id=twin.id, version=wang.version, absorbed_version=twin.version)
    await office.customers.merge(await office.staff("customer:merge"), wang.id, wanted)
    for known in (wang.id, twin.id):
        kept = await office.customers.service_passwords.kept(office.tenant.id, known)
        assert [one.subscription_id for one in kept] == [line]


async def test_no_line_no_password(office: Office) -> None:
    system = system_actor(office.tenant.id)
    foreign = await office.customer(tenant=office.other)
    for line in (uuid4(), foreign.subscriptions[0].id):
        with pytest.raises(NotFound, match="subscription-not-found"):
            await office.customers.service_passwords.provide(system, line, RIGHT)
    wang = await office.customer()
    agent = await office.agent("desk:use")
    async with office.database.transaction(office.tenant.id) as tx:
        with pytest.raises(Conflict, match="service-password-not-set"):
            await office.customers.service_passwords.ask(
                tx, agent, wang.id, uuid4(), wang.subscriptions[0].id, FormPurpose.ENTER
            )
