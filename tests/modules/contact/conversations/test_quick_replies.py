"""Quick replies: the tenant's for all, one's own for oneself; counted when used, and nobody's change is lost."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from tests.support.contacts import Contacts, picked
from tests.support.office import code_of

GREETING = {"group": "问候", "language": "zh-CN", "title": "开场白", "text": "您好，{agent} 为您服务"}


async def writer(contacts: Contacts) -> Actor:
    return await contacts.office.staff("desk:use", "desk:manage")


async def made(contacts: Contacts, who: Actor, *, own: bool = False, **other: Any) -> dict[str, Any]:
    answer = await contacts.doors.post(who, "/quick-replies/mine" if own else "/quick-replies", {**GREETING, **other})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def usable(contacts: Contacts, who: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await contacts.doors.get(who, "/quick-replies")).json()
    return found


async def changed(contacts: Contacts, who: Actor, reply: dict[str, Any], **other: Any) -> httpx.Response:
    body = {**GREETING, "version": reply["version"], **other}
    return await contacts.doors.put(who, f"/quick-replies/{reply['id']}", body)


async def test_the_most_used_come_first(contacts: Contacts) -> None:
    admin, agent = await writer(contacts), await contacts.office.agent("desk:use")
    await made(contacts, admin, title="一")
    second = await made(contacts, admin, title="二")
    for _ in range(2):
        assert (await contacts.doors.post(agent, f"/quick-replies/{second['id']}/used", None)).status_code == 204
    assert [picked(one, "title", "used", "own") for one in await usable(contacts, agent)] == [
        ("二", 2, False),
        ("一", 0, False),
    ]


async def test_ones_own_are_nobody_elses(contacts: Contacts) -> None:
    admin, mine, other = await writer(contacts), await contacts.agent(), await contacts.agent(name="李娜")
    own = await made(contacts, mine, own=True, title="我的")
    assert own["own"] is True
    assert await usable(contacts, other) == []
    assert (await contacts.doors.get(admin, "/quick-replies/all")).json()["items"] == []
    place = f"/quick-replies/mine/{own['id']}"
    body = {**GREETING, "version": 1}
    assert (await contacts.doors.put(other, place, body)).status_code == 404
    assert (await contacts.doors.post(other, f"/quick-replies/{own['id']}/used", None)).status_code == 404
    assert (await contacts.doors.delete(other, place)).status_code == 404
    assert len(await usable(contacts, mine)) == 1, "somebody else's wish removes nothing"
    assert (await changed(contacts, admin, own)).status_code == 404
    assert (await contacts.doors.put(mine, place, body)).json()["version"] == 2
    assert (await contacts.doors.delete(mine, place)).status_code == 204
    assert await usable(contacts, mine) == []


async def test_of_two_who_change_one_the_second_is_told(contacts: Contacts) -> None:
    admin = await writer(contacts)
    reply = await made(contacts, admin)
    answers = await asyncio.gather(*(changed(contacts, admin, reply, title=name) for name in ("甲", "乙")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    assert code_of(refused) == "quick-reply-changed"
    assert "quick-reply.changed" in await contacts.office.audited(contacts.office.tenant.id)


async def test_what_is_retired_is_not_offered_and_comes_back(contacts: Contacts) -> None:
    admin = await writer(contacts)
    reply = await made(contacts, admin)
    place = f"/quick-replies/{reply['id']}/retired"
    retired = (await contacts.doors.put(admin, place, {"retired": True, "version": 1})).json()
    assert await usable(contacts, admin) == []
    assert [one["retired"] for one in (await contacts.doors.get(admin, "/quick-replies/all")).json()["items"]] == [True]
    await contacts.doors.put(admin, place, {"retired": False, "version": retired["version"]})
    assert len(await usable(contacts, admin)) == 1


async def test_the_audit_tells_what_was_changed_and_no_words(contacts: Contacts) -> None:
    admin, tenant_id = await writer(contacts), contacts.office.tenant.id
    reply = await made(contacts, admin, title="王小敏的退费")
    reply = (await changed(contacts, admin, reply, title="王小敏的话费")).json()
    await contacts.doors.put(admin, f"/quick-replies/{reply['id']}/retired", {"retired": True, "version": 2})
    async with contacts.database.reading(tenant_id) as reading:
        entries = await contacts.office.identity.export_audit(reading, 0)
    told = [(one.action, one.params) for one in entries if one.action.startswith("quick-reply.")]
    assert told == [
        ("quick-reply.added", {}),
        ("quick-reply.changed", {"fields": "group,language,text,title"}),
        ("quick-reply.changed", {"fields": "retired"}),
    ]


async def test_they_are_listed_in_pages_and_found(contacts: Contacts) -> None:
    admin = await writer(contacts)
    for title in ("退费", "100%", "套餐_变更"):
        await made(contacts, admin, title=title, group="业务")
    first = (await contacts.doors.get(admin, "/quick-replies/all", limit=2)).json()
    rest = (await contacts.doors.get(admin, "/quick-replies/all", limit=2, after=first["next"])).json()
    assert [one["title"] for one in first["items"] + rest["items"]] == ["退费", "100%", "套餐_变更"]

    async def found(q: str) -> list[str]:
        return [one["title"] for one in (await contacts.doors.get(admin, "/quick-replies/all", q=q)).json()["items"]]

    assert (await found("%"), await found("_"), await found("退")) == (["100%"], ["套餐_变更"], ["退费"])


async def test_only_who_manages_the_desk_writes_for_all(contacts: Contacts) -> None:
    admin, agent = await writer(contacts), await contacts.agent()
    foreign = await contacts.office.staff("desk:use", "desk:manage", tenant=contacts.office.other)
    reply = await made(contacts, admin)
    assert (await contacts.doors.post(agent, "/quick-replies", GREETING)).status_code == 403
    assert (await contacts.doors.get(agent, "/quick-replies/all")).status_code == 403
    assert (await changed(contacts, agent, reply)).status_code == 403
    assert (await changed(contacts, foreign, reply)).status_code == 404
    assert await usable(contacts, foreign) == []
    used = await contacts.doors.post(foreign, f"/quick-replies/{UUID(reply['id'])}/used", None)
    assert used.status_code == 404
    assert (await contacts.doors.post(agent, f"/quick-replies/{new_id()}/used", None)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "长" * 41},
        {"text": ""},
        {"text": "a\x00"},
        {"text": "长" * 2001},
        {"group": ""},
        {"x": 1},
    ],
)
async def test_what_is_none_is_refused(contacts: Contacts, wrong: dict[str, Any]) -> None:
    answer = await contacts.doors.post(await writer(contacts), "/quick-replies", {**GREETING, **wrong})
    assert answer.status_code == 422, answer.text


async def test_they_are_found_in_capitals_of_any_alphabet(contacts: Contacts) -> None:
    keeper = await contacts.office.staff("desk:manage")
    for title in ("ÉCLAIR 套餐", "ПРИВЕТ"):
        made = await contacts.doors.post(
            keeper, "/quick-replies", {"group": "外语", "language": "en", "title": title, "text": "x"}
        )
        assert made.status_code == 201, made.text
    for words, title in (("éclair", "ÉCLAIR 套餐"), ("привет", "ПРИВЕТ"), ("Éclair 套", "ÉCLAIR 套餐")):
        found = (await contacts.doors.get(keeper, "/quick-replies/all", q=words)).json()["items"]
        assert [one["title"] for one in found] == [title], words
