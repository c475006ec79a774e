"""Queues made and changed while the centre works: over HTTP, by an administrator, in force at once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from careline.kernel.ids import new_id
from careline.modules.core.routing.views import Chosen, Media, NewItem
from tests.support.house import Browser, House

RULES: dict[str, Any] = {
    "strategy": "round-robin",
    "priority_step_s": 30,
    "relaxation": [{"after_s": 60, "lower_by": 1, "drop": [], "join": []}],
    "preferred_wait_s": 15,
    "max_waiting": 20,
    "max_wait_s": 300,
    "overflow": "goodbye",
    "overflow_to": None,
    "calendar_id": None,
    "closed": False,
    "decline_pause_s": 90,
    "set_aside_s": 45,
}
WANTED: dict[str, Any] = {
    "name": "夜间值班",
    "media": ["chat"],
    "needs": [{"skill": "tariff", "level": 3}],
    "target": 0.9,
    "target_seconds": 30,
    "ring_seconds": 15,
    "wrap_up_seconds": 60,
    "rules": RULES,
}


def with_rules(**rules: Any) -> dict[str, Any]:
    return {**WANTED, "rules": {**RULES, **rules}}


@pytest.fixture
async def admin(house: House) -> Browser:
    return await house.sign_in("sysadmin")


async def made(admin: Browser, code: str, body: dict[str, Any] = WANTED) -> dict[str, Any]:
    answer = await admin.ask("POST", "/api/v1/queues", json={"code": code, **body})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def changed(admin: Browser, queue: dict[str, Any], **more: Any) -> httpx.Response:
    body = {name: value for name, value in {**queue, **more}.items() if name not in ("id", "code")}
    return await admin.ask("PUT", f"/api/v1/queues/{queue['id']}", json=body)


async def heard(house: House) -> None:
    await house.careline.bus.catch_up()
    await house.careline.bus.settled()
    await house.careline.routing.facade._shards.settled()


async def asked(house: House, queue: str) -> NewItem:
    now = house.careline.clock.now()
    item = NewItem(id=new_id(), interaction_id=new_id(), media=Media.CHAT, queue=queue, enqueued_at=now)
    async with house.careline.database.transaction(house.tenant.id) as tx:
        await house.careline.routing.facade.enqueue(tx, item)
    await heard(house)
    return item


async def test_a_queue_is_made_shown_and_audited(house: House, admin: Browser) -> None:
    queue = await made(admin, "night")
    again = (await admin.ask("GET", f"/api/v1/queues/{queue['id']}")).json()
    assert again == queue
    assert {name: queue[name] for name in WANTED} == WANTED
    assert queue["version"] == 1
    listed = (await admin.ask("GET", "/api/v1/queues", params={"q": "夜间"})).json()
    assert [one["code"] for one in listed["items"]] == ["night"]
    auditor = await house.sign_in("auditor")
    entries = (await auditor.ask("GET", "/api/v1/audit")).json()["items"]
    assert any(one["action"] == "queue.created" and one["params"]["code"] == "night" for one in entries)


async def test_a_changed_queue_is_in_force_at_once(house: House, admin: Browser) -> None:
    queue = await made(admin, "night")
    await heard(house)
    routing, tenant_id = house.careline.routing.facade, house.tenant.id
    agents = {one.number: one.id for one in await house.careline.people.facade.agents(tenant_id)}
    await routing.choose(tenant_id, agents["8022"], Chosen.READY, None)  # tariff 2
    item = await asked(house, "night")
    assert routing.place(tenant_id, item.interaction_id) == 1
    assert routing.offers_of(tenant_id, agents["8022"]) == []

    answer = await changed(admin, queue, needs=[{"skill": "tariff", "level": 2}])
    assert (answer.status_code, answer.json()["version"]) == (200, 2), answer.text
    await heard(house)
    (offer,) = routing.offers_of(tenant_id, agents["8022"])
    assert offer.item_id == item.id, "what waits asks for what its queue asks for now"
    assert [one.code for one in offer.why if one.code.startswith("skill")] == ["skill-highest"]


async def test_two_who_change_the_same_queue_do_not_overwrite_each_other(admin: Browser) -> None:
    queue = await made(admin, "night")
    assert (await changed(admin, queue, name="一")).status_code == 200
    late = await changed(admin, queue, name="二")
    assert (late.status_code, late.json()["code"]) == (409, "settings-changed")
    assert (await admin.ask("GET", f"/api/v1/queues/{queue['id']}")).json()["name"] == "一"
    fresh = {**queue, "version": 2}
    answers = await asyncio.gather(*(changed(admin, fresh, name=f"第{n}") for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def test_a_closed_queue_says_good_bye_and_what_waits_is_still_served(house: House, admin: Browser) -> None:
    queue = await made(admin, "night")
    await heard(house)
    routing, tenant_id = house.careline.routing.facade, house.tenant.id
    before = await asked(house, "night")
    await changed(admin, queue, rules={**RULES, "closed": True})
    await heard(house)
    after = await asked(house, "night")
    assert routing.place(tenant_id, after.interaction_id) is None
    assert routing.place(tenant_id, before.interaction_id) == 1


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({**WANTED, "name": "   "}, "text-empty", "name"),
        ({**WANTED, "name": "x" * 61}, "text-too-long", "name"),
        ({**WANTED, "media": []}, "number-out-of-range", "media"),
        ({**WANTED, "target": 1.2}, "number-out-of-range", "target"),
        ({**WANTED, "ring_seconds": 4}, "number-out-of-range", "ring_seconds"),
        ({**WANTED, "wrap_up_seconds": -1}, "number-out-of-range", "wrap_up_seconds"),
        ({**WANTED, "needs": [{"skill": "juggling", "level": 1}]}, "skill-unknown", "needs"),
        ({**WANTED, "needs": [{"skill": "tariff", "level": 6}]}, "number-out-of-range", "needs"),
        ({**WANTED, "needs": [{"skill": "tariff", "level": 1}] * 2}, "skill-twice", "needs"),
        (with_rules(max_wait_s=1), "number-out-of-range", "rules/max_wait_s"),
        (with_rules(decline_pause_s=-1), "number-out-of-range", "rules/decline_pause_s"),
        (with_rules(decline_pause_s=3601), "number-out-of-range", "rules/decline_pause_s"),
        (with_rules(set_aside_s=4), "number-out-of-range", "rules/set_aside_s"),
        (with_rules(overflow="queue"), "overflow-queue-needed", "rules/overflow_to"),
        (with_rules(overflow_to=str(uuid4())), "overflow-queue-needed", "rules/overflow_to"),
        (with_rules(overflow="queue", overflow_to=str(uuid4())), "queue-unknown", "rules/overflow_to"),
        (with_rules(relaxation=[{"after_s": 60}]), "relaxation-step-empty", "rules/relaxation"),
        (
            with_rules(relaxation=[{"after_s": 60, "lower_by": 1}, {"after_s": 60, "lower_by": 1}]),
            "relaxation-steps-not-ascending",
            "rules/relaxation",
        ),
        (with_rules(relaxation=[{"after_s": 9, "drop": ["roaming"]}]), "relaxation-drops-no-need", "rules/relaxation"),
        (with_rules(relaxation=[{"after_s": 9, "join": [str(uuid4())]}]), "queue-unknown", "rules/relaxation"),
    ],
)
async def test_what_is_wrong_is_named(admin: Browser, body: dict[str, Any], code: str, field: str) -> None:
    answer = await admin.ask("POST", "/api/v1/queues", json={"code": "night", **body})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field), answer.text


@pytest.mark.parametrize("code", ["", "Night", "9", "x" * 41, "a b", "夜"])
async def test_a_code_is_what_a_flow_can_name(admin: Browser, code: str) -> None:
    answer = await admin.ask("POST", "/api/v1/queues", json={"code": code, **WANTED})
    assert (answer.status_code, answer.json()["field"]) == (422, "code"), answer.text


async def test_a_code_is_one_queues(admin: Browser) -> None:
    await made(admin, "night")
    answer = await admin.ask("POST", "/api/v1/queues", json={"code": "night", **WANTED})
    assert (answer.status_code, answer.json()["code"]) == (409, "queue-code-taken")


async def test_overflow_leads_to_an_end(admin: Browser) -> None:
    first = await made(admin, "first")
    second = await made(admin, "second", with_rules(overflow="queue", overflow_to=first["id"]))
    circle = await changed(admin, first, rules={**RULES, "overflow": "queue", "overflow_to": second["id"]})
    assert (circle.status_code, circle.json()["code"]) == (422, "overflow-in-a-circle")
    itself = await changed(admin, first, rules={**RULES, "overflow": "queue", "overflow_to": first["id"]})
    assert itself.json()["code"] == "overflow-in-a-circle"
    both = {**with_rules(overflow="queue", overflow_to=first["id"]), "media": ["voice", "chat"]}
    refused = await admin.ask("POST", "/api/v1/queues", json={"code": "third", **both})
    assert (refused.json()["code"], refused.json()["field"]) == ("overflow-takes-not-all-media", "rules/overflow_to")
    no_chat = await changed(admin, first, media=["voice"])
    assert (no_chat.json()["code"], no_chat.json()["field"]) == ("overflow-takes-not-all-media", "media")


async def test_only_who_may_set_routing_may_see_or_set_it(house: House, admin: Browser) -> None:
    queue = await made(admin, "night")
    agent = await house.sign_in("8021")
    for method, path, body in (
        ("GET", "/api/v1/queues", None),
        ("POST", "/api/v1/queues", {"code": "mine", **WANTED}),
        ("GET", f"/api/v1/queues/{queue['id']}", None),
        ("PUT", f"/api/v1/queues/{queue['id']}", {**WANTED, "version": 1}),
    ):
        answer = await agent.ask(method, path, json=body)
        assert (answer.status_code, answer.json()["params"]) == (403, {"permission": "routing:manage"})


async def test_another_tenants_queue_does_not_exist(house: House, admin: Browser) -> None:
    queue = await made(admin, "night")
    stranger = await house.sign_in("stranger", tenant="demo2")
    answer = await changed(stranger, {**queue, "needs": []})
    assert (answer.status_code, answer.json()["code"]) == (404, "queue-not-found")
    named = with_rules(overflow="queue", overflow_to=queue["id"]) | {"needs": []}
    refused = await stranger.ask("POST", "/api/v1/queues", json={"code": "theirs", **named})
    assert refused.json()["code"] == "queue-unknown"
    assert UUID(queue["id"]) in house.ids_of(house.tenant.id)["routing_queue"]
