"""What is sent again after a lost answer, or twice at once, is written once; a contact point stands there once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.customers.repository import notes
from careline.modules.directory.customers.views import (
    ContactKind,
    ContactUse,
    CustomerView,
    MergeWanted,
    NewContactPoint,
)
from tests.modules.directory.customers.test_customers import WANG
from tests.support.clock import FakeClock
from tests.support.office import Doors, Office, code_of

MAY = ("customer:read", "customer:write", "customer:manage")
SAID: dict[str, dict[str, Any]] = {
    "notes": {"text": "早上联系\r\n别太早"},
    "consents": {"purpose": "research", "given": True, "how": "call", "proof": "同意参加研究 ", "proof_version": "v3"},
}
OTHER: dict[str, list[dict[str, Any]]] = {
    "notes": [{"text": "晚上联系"}],
    "consents": [
        {"given": False},
        {"purpose": "marketing"},
        {"basis": "separate"},
        {"how": "hall"},
        {"proof": "不记得"},
        {"proof_version": "v4"},
    ],
}
BOTH = pytest.mark.parametrize("kind", list(SAID))


@pytest.fixture
async def me(office: Office) -> Actor:
    return await office.staff(*MAY)


@pytest.fixture
async def wang(office: Office) -> CustomerView:
    return await office.customer()


@pytest.fixture
async def doors(office: Office) -> AsyncIterator[Doors]:
    async with office.doors(office.customers_router()) as doors:
        yield doors


@pytest.fixture
async def elsewhere(office: Office, database_url: str, clock: FakeClock) -> AsyncIterator[Office]:
    """The same centre in another process, which has connections of its own."""
    database = Database(database_url, clock)
    elsewhere = Office(database, clock)
    elsewhere.tenant, elsewhere.other = office.tenant, office.other
    yield elsewhere
    await elsewhere.bus.stop()
    elsewhere.identity.close()
    await database.close()


async def written(doors: Doors, who: Actor, customer: CustomerView, kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await doors.get(who, f"/customers/{customer.id}/{kind}")).json()["items"]
    return items


async def noted(office: Office) -> list[str]:
    told = ("customer.note-written", "customer.consent-given", "customer.consent-withdrawn")
    return [action for action in await office.audited(office.tenant.id) if action in told]


@BOTH
async def test_what_is_sent_again_is_written_once(
    doors: Doors, office: Office, me: Actor, wang: CustomerView, kind: str
) -> None:
    wanted = SAID[kind] | {"client_id": str(uuid4())}
    answers = await asyncio.gather(*(doors.post(me, f"/customers/{wang.id}/{kind}", wanted) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert [answer.json()[kind] for answer in answers] == [answers[0].json()[kind]] * 4
    assert (len(await written(doors, me, wang, kind)), len(await noted(office))) == (1, 1)

    anew = await doors.post(me, f"/customers/{wang.id}/{kind}", wanted | {"client_id": str(uuid4())})
    bare = [await doors.post(me, f"/customers/{wang.id}/{kind}", SAID[kind]) for _ in range(2)]
    assert [answer.status_code for answer in (anew, *bare)] == [201, 201, 201]
    assert (len(await written(doors, me, wang, kind)), len(await noted(office))) == (4, 4)


@BOTH
async def test_two_processes_at_once_write_it_once(
    doors: Doors, office: Office, elsewhere: Office, me: Actor, wang: CustomerView, kind: str
) -> None:
    async with elsewhere.doors(elsewhere.customers_router()) as others:
        for _ in range(5):
            wanted = SAID[kind] | {"client_id": str(uuid4())}
            both = [one.post(me, f"/customers/{wang.id}/{kind}", wanted) for one in (doors, others, doors, others)]
            answers = await asyncio.gather(*both)
            assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert (len(await written(doors, me, wang, kind)), len(await noted(office))) == (5, 5)


@pytest.mark.parametrize("stored", [True, False])
async def test_who_comes_while_it_is_being_written_waits_for_what_becomes_of_it(
    office: Office, elsewhere: Office, me: Actor, wang: CustomerView, *, stored: bool
) -> None:
    assert me.id is not None
    name, first = uuid4(), uuid4()
    try:
        async with office.database.transaction(me.tenant_id, actor=me.ref) as tx:
            assert await notes.add_note(tx, wang.id, first, me.id, "早上联系", name)
            second = asyncio.create_task(elsewhere.customers.write_note(me, wang.id, "早上联系", name))
            await asyncio.sleep(0.1)
            assert not second.done()
            if not stored:
                raise _Undone
    except _Undone:
        pass
    outcome = await second
    assert outcome.again is stored
    (note,) = outcome.record.notes
    assert (note.id == first) is stored


class _Undone(Exception):
    """The first one dies before it is done."""


@BOTH
async def test_a_name_that_is_taken_for_something_else_is_refused(
    doors: Doors, office: Office, me: Actor, wang: CustomerView, kind: str
) -> None:
    wanted = SAID[kind] | {"client_id": str(uuid4())}
    assert (await doors.post(me, f"/customers/{wang.id}/{kind}", wanted)).status_code == 201
    colleague, other = await office.staff(*MAY, name="何芳"), await office.customer(name="李辉")
    attempts = [(me, wang, wanted | change) for change in OTHER[kind]]
    for who, customer, body in (*attempts, (colleague, wang, wanted), (me, other, wanted)):
        answer = await doors.post(who, f"/customers/{customer.id}/{kind}", body)
        assert (answer.status_code, code_of(answer), answer.json()["field"]) == (409, "client-id-taken", "client_id")
        assert "早上" not in answer.text
        assert "研究" not in answer.text
    assert len(await written(doors, me, wang, kind)) == 1
    assert await written(doors, me, other, kind) == []
    assert len(await noted(office)) == 1


@BOTH
async def test_a_name_is_taken_in_its_tenant_only(
    doors: Doors, office: Office, me: Actor, wang: CustomerView, kind: str
) -> None:
    wanted = SAID[kind] | {"client_id": str(uuid4())}
    assert (await doors.post(me, f"/customers/{wang.id}/{kind}", wanted)).status_code == 201
    foreign = await office.staff(*MAY, tenant=office.other)
    theirs = await office.customer(tenant=office.other)
    assert (await doors.post(foreign, f"/customers/{wang.id}/{kind}", wanted)).status_code == 404
    answer = await doors.post(foreign, f"/customers/{theirs.id}/{kind}", wanted | OTHER[kind][0])
    assert answer.status_code == 201
    assert len(await written(doors, me, wang, kind)) == 1


@BOTH
async def test_names_that_are_none(doors: Doors, me: Actor, wang: CustomerView, kind: str) -> None:
    names: tuple[Any, ...] = ("", "x", 7, [], {}, "0" * 4096, "' OR 1=1 --")
    for name in names:
        answer = await doors.post(me, f"/customers/{wang.id}/{kind}", SAID[kind] | {"client_id": name})
        assert (answer.status_code, answer.json()["field"]) == (422, "client_id")
    assert await written(doors, me, wang, kind) == []


async def test_a_note_that_says_something_else_by_now_is_still_the_same(
    doors: Doors, me: Actor, wang: CustomerView
) -> None:
    wanted = SAID["notes"] | {"client_id": str(uuid4())}
    (note,) = (await doors.post(me, f"/customers/{wang.id}/notes", wanted)).json()["notes"]
    for version, said in ((1, "晚上联系"), (2, "中午联系")):
        path = f"/customers/{wang.id}/notes/{note['id']}"
        assert (await doors.put(me, path, {"text": said, "version": version})).status_code == 200
    late = await doors.post(me, f"/customers/{wang.id}/notes", wanted)
    assert (late.status_code, [one["text"] for one in late.json()["notes"]]) == (200, ["中午联系"])
    taken = await doors.post(me, f"/customers/{wang.id}/notes", wanted | {"text": "中午联系"})
    assert (taken.status_code, code_of(taken)) == (409, "client-id-taken")


@BOTH
async def test_it_is_the_same_after_a_merge_under_either_id(
    doors: Doors, office: Office, me: Actor, wang: CustomerView, kind: str
) -> None:
    double = await office.customer()
    wanted = SAID[kind] | {"client_id": str(uuid4())}
    assert (await doors.post(me, f"/customers/{double.id}/{kind}", wanted)).status_code == 201
    merge = MergeWanted(absorbed_id=double.id, version=wang.version, absorbed_version=double.version)
    await office.customers.merge(me, wang.id, merge)
    for customer in (double, wang):
        answer = await doors.post(me, f"/customers/{customer.id}/{kind}", wanted)
        assert (answer.status_code, len(answer.json()[kind])) == (200, 1)


EMAIL = NewContactPoint(kind=ContactKind.EMAIL, value="wang@example.com")
PHONE = NewContactPoint(kind=ContactKind.PHONE, value="020-8765 4321")
ADDRESS = NewContactPoint(kind=ContactKind.ADDRESS, value="示例市桂花路 18 号")


async def points(office: Office, me: Actor, customer_id: UUID) -> list[tuple[str, str, bool]]:
    record = await office.customers.open_record(me, customer_id)
    return sorted((one.kind.value, one.use.value, one.preferred) for one in record.contact_points)


@pytest.mark.parametrize(
    ("point", "typed"),
    [
        (EMAIL, "WANG@Example.com"),
        (EMAIL, " ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
        (PHONE, "（020）87654321"),
        (ADDRESS, "示例市桂花路 18 号  "),
    ],
)
async def test_a_contact_point_that_is_there_is_not_added_again(
    doors: Doors, office: Office, me: Actor, wang: CustomerView, point: NewContactPoint, typed: str
) -> None:
    await office.customers.add_contact_point(me, wang.id, 1, point)
    wanted = {"version": 2, "kind": point.kind.value, "use": "home", "value": typed, "preferred": True}
    answer = await doors.post(me, f"/customers/{wang.id}/contact-points", wanted)
    assert (answer.status_code, code_of(answer), answer.json()["field"]) == (409, "contact-point-known", "value")
    assert await points(office, me, wang.id) == [(point.kind.value, "home", False)]

    for_bills = await doors.post(me, f"/customers/{wang.id}/contact-points", wanted | {"use": "billing"})
    assert for_bills.status_code == 201
    other = await office.customer(name="李辉")
    assert (await doors.post(me, f"/customers/{other.id}/contact-points", wanted | {"version": 1})).status_code == 201


async def test_a_customer_is_registered_with_each_contact_point_once(office: Office) -> None:
    typed = msgspec.structs.replace(EMAIL, value="Wang@example.com", preferred=True)
    new = msgspec.structs.replace(WANG, contact_points=(EMAIL, PHONE, typed))
    with pytest.raises(Conflict, match="contact-point-known"):
        await office.customers.register(system_actor(office.tenant.id), new)
    assert (await office.customers.latest(office.tenant.id, after=None, limit=5)).items == []


async def test_two_who_are_merged_have_each_contact_point_once_for_each_use(office: Office, me: Actor) -> None:
    for_bills = msgspec.structs.replace(EMAIL, use=ContactUse.BILLING)
    at_work = msgspec.structs.replace(PHONE, use=ContactUse.WORK, preferred=True)
    liked = msgspec.structs.replace(EMAIL, preferred=True)
    own = msgspec.structs.replace(ADDRESS, preferred=True)
    system = system_actor(office.tenant.id)
    new = msgspec.structs.replace(WANG, contact_points=(EMAIL, PHONE, own))
    one = await office.customers.register(system, new)
    number = msgspec.structs.replace(WANG.subscriptions[0], msisdn="13900000001")
    theirs = (liked, for_bills, at_work, msgspec.structs.replace(own, use=ContactUse.OTHER))
    other = await office.customers.register(
        system, msgspec.structs.replace(WANG, subscriptions=(number,), contact_points=theirs)
    )
    merge = MergeWanted(absorbed_id=other.id, version=one.version, absorbed_version=other.version)
    await office.customers.merge(me, one.id, merge)
    assert await points(office, me, one.id) == [
        ("address", "home", True),
        ("address", "other", False),
        ("email", "billing", False),
        ("email", "home", True),
        ("phone", "home", False),
        ("phone", "work", True),
    ]
    await office.customers.settle_merge(me.tenant_id, other.id)
    assert len(await points(office, me, one.id)) == 6
