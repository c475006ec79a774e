"""A supervisor sets an agent's state: done, audited, and read by the agent with who and why."""

from uuid import uuid4

import pytest

from careline.kernel.tenancy import Actor
from careline.modules.core.routing.views import Chosen
from tests.modules.contact.supervision.conftest import Floor
from tests.support.office import code_of, without_permission

WHY = "早会，十分钟后回来"


async def orders_to(floor: Floor, agent: Actor) -> list[dict[str, object]]:
    answer = await floor.doors.get(agent, "/agent-state/orders")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


def path(agent: Actor, what: str = "state") -> str:
    return f"/floor/agents/{agent.id}/{what}"


@pytest.mark.parametrize(
    ("chosen", "reason"), [("not_ready", "meeting"), ("offline", None), ("ready", None)], ids=lambda one: str(one)
)
async def test_a_state_is_set_and_the_agent_reads_who_and_why(floor: Floor, chosen: str, reason: str | None) -> None:
    agent = await floor.contacts.agent()
    if chosen == "ready":
        assert agent.id is not None
        await floor.contacts.routing.choose(agent.tenant_id, agent.id, Chosen.NOT_READY, "meal")
    floor.contacts.clock.advance(60)
    wanted = {"chosen": chosen, "reason": reason, "note": WHY}
    answer = await floor.doors.put(floor.supervisor, path(agent), wanted)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["chosen"], answer.json()["reason"]) == (chosen, reason)
    assert ((await floor.state_of(agent)).chosen, (await floor.state_of(agent)).reason) == (chosen, reason)
    (order,) = await orders_to(floor, agent)
    assert (order["by_name"], order["note"], order["in_force"]) == ("周文静", WHY, True)
    assert (order["chosen"], order["reason"], order["signed_out"]) == (chosen, reason, False)
    assert (await floor.contacts.office.audited(agent.tenant_id))[-1] == "agent.state-set"


async def test_an_order_is_no_lock_and_is_over_when_the_agent_chooses(floor: Floor) -> None:
    agent = await floor.contacts.agent()
    floor.contacts.clock.advance(60)
    await floor.doors.put(floor.supervisor, path(agent), {"chosen": "not_ready", "reason": "training", "note": WHY})
    floor.contacts.clock.advance(5)
    await floor.contacts.ready(agent)

    (order,) = await orders_to(floor, agent)
    assert order["in_force"] is False
    assert order["note"] == WHY


async def test_orders_come_in_pages_the_newest_first(floor: Floor) -> None:
    agent = await floor.contacts.agent()
    for number in range(3):
        floor.contacts.clock.advance(1)
        wanted = {"chosen": "not_ready", "reason": "training", "note": f"第 {number} 次"}
        assert (await floor.doors.put(floor.supervisor, path(agent), wanted)).status_code == 200
    first = (await floor.doors.get(agent, "/agent-state/orders", limit=2)).json()
    rest = (await floor.doors.get(agent, "/agent-state/orders", limit=2, after=first["next"])).json()

    assert [one["note"] for one in first["items"] + rest["items"]] == ["第 2 次", "第 1 次", "第 0 次"]
    assert rest["next"] is None
    assert [one["in_force"] for one in first["items"] + rest["items"]] == [True, False, False]


async def test_who_is_signed_out_has_no_session_any_more(floor: Floor) -> None:
    office = floor.contacts.office
    agent = await floor.contacts.agent()
    answer = await floor.doors.post(floor.supervisor, path(agent, "sign-out"), {"note": "忘了下线"})

    assert answer.status_code == 200, answer.text
    assert (await floor.state_of(agent)).chosen is Chosen.OFFLINE
    (order,) = await orders_to(floor, agent)
    assert (order["signed_out"], order["note"]) == (True, "忘了下线")
    assert (await office.audited(agent.tenant_id))[-1] == "agent.signed-out"


async def test_what_is_refused_changes_nothing(floor: Floor) -> None:
    agent = await floor.contacts.agent()
    nobody = {"chosen": "ready", "reason": None, "note": WHY}
    before = await floor.contacts.office.audited(agent.tenant_id)
    for wanted, status, code in (
        ({"chosen": "not_ready", "reason": None, "note": WHY}, 422, "reason-needed"),
        ({"chosen": "offline", "reason": "meal", "note": WHY}, 422, "reason-not-wanted"),
        ({"chosen": "offline", "reason": None, "note": "   "}, 422, "text-empty"),
        ({"chosen": "offline", "reason": None, "note": "好" * 201}, 422, "text-too-long"),
        ({"chosen": "offline", "reason": None, "note": "a\u0000b"}, 422, "text-not-printable"),
        ({"chosen": "offline", "reason": None}, 422, "field-invalid"),
        ({"chosen": "gone", "reason": None, "note": WHY}, 422, "field-invalid"),
        ({**nobody, "more": 1}, 422, "field-invalid"),
    ):
        answer = await floor.doors.put(floor.supervisor, path(agent), wanted)
        assert (answer.status_code, code_of(answer)) == (status, code), wanted
    myself = await floor.doors.put(floor.supervisor, path(floor.supervisor), nobody)
    assert code_of(myself) == "order-to-oneself"
    unknown = await floor.doors.put(floor.supervisor, f"/floor/agents/{uuid4()}/state", nobody)
    assert unknown.status_code == 404

    assert (await floor.state_of(agent)).chosen is Chosen.READY
    assert await orders_to(floor, agent) == []
    assert await floor.contacts.office.audited(agent.tenant_id) == before


async def test_only_who_may_direct_does_and_nobody_of_another_centre(floor: Floor) -> None:
    office = floor.contacts.office
    agent = await floor.contacts.agent()
    lesser = without_permission(floor.supervisor, "floor:direct")
    stranger = await office.staff("floor:view", "floor:direct", tenant=office.other)
    wanted = {"chosen": "offline", "reason": None, "note": WHY}
    for who, status in ((lesser, 403), (None, 401), (stranger, 404)):
        assert (await floor.doors.put(who, path(agent), wanted)).status_code == status
        assert (await floor.doors.post(who, path(agent, "sign-out"), {"note": WHY})).status_code == status

    assert (await floor.state_of(agent)).chosen is Chosen.READY
    assert await orders_to(floor, agent) == []
