"""Two who look like one and are not: said once, shown to all, undone, and asked anew when they have changed."""

from uuid import uuid4

from sqlalchemy import text

from careline.modules.directory.customers import rules
from careline.modules.directory.customers.repository import custody
from careline.modules.directory.customers.views import ContactKind, CustomerView, MergeWanted, NewContactPoint
from tests.support.office import Doors, Office, code_of

EMAIL = NewContactPoint(kind=ContactKind.EMAIL, value="shared@example.com")


async def twins(office: Office) -> tuple[CustomerView, CustomerView]:
    writer = await office.staff("customer:write")
    wang, other = await office.customer(), await office.customer(name="王晓敏")
    for one in (wang, other):
        await office.customers.add_contact_point(writer, one.id, one.version, EMAIL)
    views = await office.customers.views(office.tenant.id, [wang.id, other.id])
    return views[wang.id], views[other.id]


async def asked(doors: Doors, office: Office, who: object) -> list[set[str]]:
    items = (await doors.get(who, "/customer-duplicates")).json()["items"]  # type: ignore[arg-type]
    return [{one["one"]["id"], one["other"]["id"]} for one in items]


async def test_who_was_said_to_be_two_is_not_asked_about_until_something_changes(office: Office) -> None:
    wang, other = await twins(office)
    merger = await office.staff("customer:merge", name="周文静")
    async with office.doors(office.customers_router()) as doors:
        assert await asked(doors, office, merger) == [{str(wang.id), str(other.id)}]
        body = {"customer_id": str(other.id), "other_id": str(wang.id)}
        assert (await doors.post(merger, "/dismissed-pairs", body)).status_code == 204
        assert await asked(doors, office, merger) == []
        assert (await doors.get(merger, f"/customers/{wang.id}/duplicates")).json()["items"] == []
        assert (await doors.get(merger, f"/customers/{other.id}/duplicates")).json()["items"] == []
        (said,) = (await doors.get(merger, "/dismissed-pairs")).json()["items"]
        assert (said["by_name"], said["changed"]) == ("周文静", False)

        writer = await office.staff("customer:write")
        phone = NewContactPoint(kind=ContactKind.PHONE, value="13911112222")
        await office.customers.add_contact_point(writer, wang.id, wang.version, phone)
        assert await asked(doors, office, merger) == [{str(wang.id), str(other.id)}]
        assert (await doors.get(merger, "/dismissed-pairs")).json()["items"][0]["changed"] is True
        assert (await doors.post(merger, "/dismissed-pairs", body)).status_code == 204
        assert await asked(doors, office, merger) == []

        path = f"/dismissed-pairs/{wang.id}/{other.id}"
        assert (await doors.delete(merger, path)).status_code == 204
        assert await asked(doors, office, merger) == [{str(wang.id), str(other.id)}]
        assert code_of(await doors.delete(merger, path)) == "pair-not-dismissed"
    done = [one for one in await office.audited(office.tenant.id) if one.startswith("customer.pair-")]
    assert done == ["customer.pair-dismissed", "customer.pair-dismissed", "customer.pair-restored"]
    async with office.database.system_reading() as reading:
        kept = str((await reading.execute(text("SELECT mark FROM dismissed_pair"))).all())
    assert "shared" not in kept


async def test_who_has_many_ways_to_be_reached_has_duplicates_too(office: Office) -> None:
    wang, other = await twins(office)
    writer = await office.staff("customer:write")
    for number in range(rules.CONTACT_POINTS_MAX - 1):
        phone = NewContactPoint(kind=ContactKind.PHONE, value=f"139111100{number:02}")
        await office.customers.add_contact_point(writer, wang.id, wang.version + number, phone)
    found = await office.customers.duplicates(office.tenant.id, wang.id)
    assert ([one.customer.id for one in found.items], found.more) == ([other.id], False)


async def test_who_may_not_and_what_is_no_pair(office: Office) -> None:
    wang, other = await twins(office)
    merger, reader = await office.staff("customer:merge"), await office.staff("customer:read")
    foreign = await office.staff("customer:merge", tenant=office.other)
    async with office.doors(office.customers_router()) as doors:
        body = {"customer_id": str(wang.id), "other_id": str(other.id)}
        assert code_of(await doors.post(reader, "/dismissed-pairs", body)) == "permission-missing"
        assert code_of(await doors.post(foreign, "/dismissed-pairs", body)) == "customer-not-found"
        same = {"customer_id": str(wang.id), "other_id": str(wang.id)}
        assert code_of(await doors.post(merger, "/dismissed-pairs", same)) == "pair-of-one"
        nobody = {"customer_id": str(wang.id), "other_id": str(uuid4())}
        assert code_of(await doors.post(merger, "/dismissed-pairs", nobody)) == "customer-not-found"
        assert (await doors.get(merger, "/dismissed-pairs")).json() == {"items": [], "next": None}
        await doors.post(merger, "/dismissed-pairs", body)
        assert (await doors.get(foreign, "/dismissed-pairs")).json()["items"] == []
        assert code_of(await doors.delete(foreign, f"/dismissed-pairs/{wang.id}/{other.id}")) == "pair-not-dismissed"


async def test_a_merge_forgets_what_was_said_of_the_absorbed_and_the_list_has_pages(office: Office) -> None:
    wang, other = await twins(office)
    merger = await office.staff("customer:merge")
    third = await office.customer(name="李明")
    for one, two in ((wang, third), (other, third), (wang, other)):
        await office.customers.dismissing.dismiss(merger, one.id, two.id)
    first, following = await office.customers.dismissing.listed(office.tenant.id, after=None, limit=2)
    rest, end = await office.customers.dismissing.listed(office.tenant.id, after=following, limit=2)
    assert (len(first), len(rest), end) == (2, 1, None)
    wanted = MergeWanted(absorbed_id=other.id, version=wang.version, absorbed_version=other.version)
    await office.customers.merge(merger, wang.id, wanted)
    left, _ = await office.customers.dismissing.listed(office.tenant.id, after=None, limit=10)
    assert [{pair.one.id, pair.other.id} for pair in left] == [{wang.id, third.id}]


async def test_who_is_erased_is_in_no_pair(office: Office) -> None:
    wang, other = await twins(office)
    await office.customers.dismissing.dismiss(await office.staff("customer:merge"), wang.id, other.id)
    async with office.database.transaction(office.tenant.id) as tx:
        await custody.remove(tx, [other.id])
    assert await office.customers.dismissing.listed(office.tenant.id, after=None, limit=10) == ([], None)
