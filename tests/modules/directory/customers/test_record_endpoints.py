"""The record over HTTP: who may, what is refused, and what hostile input meets."""

from typing import Any
from uuid import uuid4

import pytest

from careline.kernel.tenancy import Actor
from careline.modules.directory.customers.views import CustomerView
from tests.support.office import Doors, Office, code_of, without_permission

ALL = ("customer:read", "customer:write", "customer:manage", "customer:reveal")


@pytest.fixture
async def me(office: Office) -> Actor:
    return await office.staff(*ALL)


@pytest.fixture
async def wang(office: Office) -> CustomerView:
    return await office.customer()


async def changes(doors: Doors, who: Actor, wang: CustomerView) -> dict[str, tuple[int, str]]:
    """Every way to change something of a customer, with the status and code of its answer."""
    line, base = wang.subscriptions[0].id, f"/customers/{wang.id}"
    asked = {
        "PATCH": await doors.raw(who, "PATCH", base, b'{"version":1,"level":"gold"}'),
        "point": await doors.post(
            who, f"{base}/contact-points", {"version": 1, "kind": "email", "value": "a@example.com"}
        ),
        "unpoint": await doors.raw(who, "DELETE", f"{base}/contact-points/{uuid4()}?version=1", b""),
        "user": await doors.post(who, f"{base}/lines/{line}/users", {"version": 1, "name": "赵小宝"}),
        "unuser": await doors.raw(who, "DELETE", f"{base}/lines/{line}/users/{uuid4()}?version=1", b""),
        "note": await doors.post(who, f"{base}/notes", {"text": "你好"}),
        "renote": await doors.put(who, f"{base}/notes/{uuid4()}", {"text": "你好", "version": 1}),
        "consent": await doors.post(
            who, f"{base}/consents", {"purpose": "marketing", "given": True, "how": "call", "proof": "好"}
        ),
    }
    return {name: (answer.status_code, code_of(answer) if answer.is_error else "") for name, answer in asked.items()}


async def test_a_record_is_read_and_leaves_a_trace(office: Office, me: Actor, wang: CustomerView) -> None:
    async with office.doors(office.customers_router()) as doors:
        answer = await doors.get(me, f"/customers/{wang.id}/record")

    assert answer.status_code == 200
    shown = {
        "customer",
        "contact_points",
        "line_users",
        "notes",
        "note_count",
        "notes_next",
        "consents",
        "consent_count",
    }
    assert set(answer.json()) == shown
    assert answer.json()["customer"]["name_masked"] == "王*敏"
    assert (await office.audited(office.tenant.id))[-1] == "customer.record-opened"


async def test_the_list_finds_and_masks(office: Office, me: Actor, wang: CustomerView) -> None:
    async with office.doors(office.customers_router()) as doors:
        for q in ("王小敏", "wxm", "xiaomin", "13800", "wang 138"):
            page = (await doors.get(me, "/customers", q=q)).json()
            assert [item["id"] for item in page["items"]] == [str(wang.id)], q
            assert (page["more"], page["next"]) == (False, None)
            assert "王小敏" not in str(page)
            assert set(page["items"][0]) == {
                "id", "name_masked", "kind", "level", "since", "tags", "lines", "lines_in_all",
            }  # fmt: skip
        everybody = (await doors.get(me, "/customers")).json()
        assert [item["id"] for item in everybody["items"]] == [str(wang.id)]
        assert (await doors.get(me, "/customers", q="   ")).json() == everybody


async def test_a_search_that_finds_one_alone_leaves_a_trace_without_what_was_typed(
    office: Office, me: Actor, wang: CustomerView
) -> None:
    other, asked = await office.staff(*ALL), ("王小敏", "wxm", "wangxiaomin")
    async with office.doors(office.customers_router()) as doors:
        before = len(await office.audited(office.tenant.id))
        for who, q in ((me, "王小敏"), (me, "wxm"), (other, "wangxiaomin"), (me, "李雷")):
            await doors.get(who, "/customers", q=q)
        await doors.get(me, "/customers")
        assert (await office.audited(office.tenant.id))[before:] == ["customer.found", "customer.found"]
        office.clock.advance(minutes=11)
        await doors.get(me, "/customers", q="wxm")
        await office.customer(name="王小明")
        await doors.get(other, "/customers", q="王小")
        assert (await office.audited(office.tenant.id))[before + 2 :] == ["customer.found", "customer.registered"]
    async with office.database.reading(office.tenant.id) as reading:
        told = [str(one) for one in await office.identity.export_audit(reading, 0)]
    assert str(wang.id) in told[before]
    assert not any(text in entry for entry in told for text in asked)


@pytest.mark.parametrize(
    "params",
    [{"q": "12"}, {"q": "x" * 65}, {"q": "a b c d e"}, {"q": "%_%"}, {"after": "x"}, {"limit": 0}, {"limit": 201}],
)
async def test_searches_that_are_refused_name_the_field(
    office: Office, me: Actor, params: dict[str, str | int]
) -> None:
    async with office.doors(office.customers_router()) as doors:
        answer = await doors.get(me, "/customers", **params)

    assert answer.status_code == 422
    assert next(iter(params)) in str(answer.json()["field"])


async def test_without_the_permission_nothing_is_read_or_changed(office: Office, me: Actor, wang: CustomerView) -> None:
    nobody, reader = await office.staff(), without_permission(me, "customer:write", "customer:manage")
    async with office.doors(office.customers_router()) as doors:
        before = (await doors.get(me, f"/customers/{wang.id}/record")).json()
        for path in ("/customers", f"/customers/{wang.id}", f"/customers/{wang.id}/record", "/customer-tags"):
            assert code_of(await doors.get(nobody, path)) == "permission-missing"
        answers = await changes(doors, reader, wang)
        assert set(answers.values()) == {(403, "permission-missing")}
        for answer in (
            await doors.post(reader, "/customer-tags", {"name": "新词"}),
            await doors.put(reader, f"/customer-tags/{uuid4()}", {"retired": True}),
        ):
            assert code_of(answer) == "permission-missing"
        assert (await doors.get(me, f"/customers/{wang.id}/record")).json() == before
        assert (await doors.get(me, "/customer-tags")).json() == {"items": []}


async def test_another_tenants_customer_does_not_exist(office: Office, me: Actor, wang: CustomerView) -> None:
    foreign = await office.staff(*ALL, tenant=office.other)
    async with office.doors(office.customers_router()) as doors:
        before = (await doors.get(me, f"/customers/{wang.id}/record")).json()
        answers = await changes(doors, foreign, wang)
        assert {status for status, _ in answers.values()} == {404}
        assert (await doors.get(foreign, f"/customers/{wang.id}/record")).status_code == 404
        assert (await doors.get(foreign, "/customers", q="wxm")).json()["items"] == []
        assert (await doors.get(me, f"/customers/{wang.id}/record")).json() == before


async def test_everything_can_be_changed_by_who_saw_it(office: Office, me: Actor, wang: CustomerView) -> None:
    base = f"/customers/{wang.id}"
    async with office.doors(office.customers_router()) as doors:
        tag = (await doors.post(me, "/customer-tags", {"name": "老客户"})).json()
        assert tag["name"] == "老客户"
        body = b'{"version":1,"level":"gold","language":"en","tags":["\xe8\x80\x81\xe5\xae\xa2\xe6\x88\xb7"]}'
        record = (await doors.raw(me, "PATCH", base, body)).json()
        assert (record["customer"]["level"], record["customer"]["tags"]) == ("gold", ["老客户"])
        late = await doors.raw(me, "PATCH", base, b'{"version":1,"level":"silver"}')
        assert (late.status_code, code_of(late), late.json()["params"]) == (409, "customer-changed", {"version": 2})

        point = {"version": 2, "kind": "address", "use": "work", "value": "示例市桂花路 18 号", "preferred": True}
        made = await doors.post(me, f"{base}/contact-points", point)
        (shown,) = made.json()["contact_points"]
        assert (made.status_code, shown["use"], shown["preferred"]) == (201, "work", True)
        assert "桂花路 18 号" not in made.text
        wanted = {"what": "contact_point", "contact_point_id": shown["id"]}
        assert (await doors.post(me, f"{base}/reveal", wanted)).json() == {"value": "示例市桂花路 18 号"}
        gone = await doors.raw(me, "DELETE", f"{base}/contact-points/{shown['id']}?version=3", b"")
        assert gone.json()["contact_points"] == []

        (note,) = (await doors.post(me, f"{base}/notes", {"text": "早上联系"})).json()["notes"]
        again = await doors.put(me, f"{base}/notes/{note['id']}", {"text": "晚上联系", "version": 1})
        assert [one["text"] for one in again.json()["notes"][0]["earlier"]] == ["早上联系"]
        retired = await doors.put(me, f"/customer-tags/{tag['id']}", {"retired": True})
        assert retired.json()["retired"] is True


HOSTILE: tuple[Any, ...] = (None, [], "x", {"version": 1}, {"version": 2**40, "level": "gold"}, {"text": "a" * 9000})


@pytest.mark.parametrize("body", HOSTILE)
async def test_bodies_that_fit_nothing(office: Office, me: Actor, wang: CustomerView, body: Any) -> None:
    base = f"/customers/{wang.id}"
    async with office.doors(office.customers_router()) as doors:
        for path in ("notes", "consents", "contact-points", f"lines/{wang.subscriptions[0].id}/users"):
            assert (await doors.post(me, f"{base}/{path}", body)).status_code == 422
        kept = (await doors.get(me, f"{base}/record")).json()

    assert kept["customer"]["version"] == 1
    assert kept["notes"] == kept["consents"] == []


async def test_script_in_what_is_written_stays_text(office: Office, me: Actor, wang: CustomerView) -> None:
    said = "<script>alert(1)</script> ' OR 1=1 -- \u202e"
    async with office.doors(office.customers_router()) as doors:
        answer = await doors.post(me, f"/customers/{wang.id}/notes", {"text": said})

    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["notes"][0]["text"] == said
