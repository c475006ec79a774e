"""A waiting contact is put into another queue, or before all others; what rings rings no more."""

from uuid import UUID, uuid4

import pytest

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor
from careline.modules.core.routing.views import Chosen
from tests.modules.contact.supervision.conftest import SECOND_QUEUE, Floor
from tests.support.contacts import QUEUE
from tests.support.office import code_of, without_permission


async def move(floor: Floor, interaction_id: UUID, **wanted: object) -> int:
    body = {"reason": "wrong_queue", **wanted}
    answer = await floor.doors.post(floor.supervisor, f"/floor/waiting/{interaction_id}/move", body)
    await floor.contacts.settled()
    return answer.status_code


async def three_wait(floor: Floor) -> list[UUID]:
    found = []
    for name in ("王小敏", "李辉", "赵芳"):
        found.append((await floor.waits(name)).id)
        floor.contacts.clock.advance(30)
    return found


async def test_who_waits_is_listed_in_order_with_masked_names(floor: Floor) -> None:
    waiting = await three_wait(floor)
    answer = await floor.doors.get(floor.supervisor, f"/floor/queues/{floor.queue(QUEUE)}/waiting", limit=2)
    first = answer.json()
    rest = await floor.doors.get(
        floor.supervisor, f"/floor/queues/{floor.queue(QUEUE)}/waiting", limit=2, after=first["next"]
    )

    items = first["items"] + rest.json()["items"]
    assert [UUID(item["interaction_id"]) for item in items] == waiting
    assert [item["position"] for item in items] == [1, 2, 3]
    assert [item["customer"]["name_masked"] for item in items] == ["王*敏", "李*", "赵*"]
    assert "王小敏" not in answer.text
    assert rest.json()["next"] is None


async def test_the_last_one_is_put_before_all_others_and_is_served_first(floor: Floor) -> None:
    one, two, three = await three_wait(floor)
    assert await move(floor, three, front=True, reason="urgent") == 204

    assert await floor.waiting_in(QUEUE) == [three, one, two]
    agent = await floor.contacts.agent()
    assert agent.id is not None
    offers = floor.contacts.routing.offers_of(agent.tenant_id, agent.id)
    assert min(offers, key=lambda offer: offer.id).interaction_id == three, "they can take three: the first one counts"
    assert "contact.moved" in await floor.contacts.office.audited(agent.tenant_id)


async def test_two_who_are_put_to_the_front_stand_in_the_order_in_which_it_was_done_last_first(floor: Floor) -> None:
    one, two, three = await three_wait(floor)
    await move(floor, two, front=True)
    await move(floor, three, front=True)
    await move(floor, three, front=True)

    assert await floor.waiting_in(QUEUE) == [three, two, one]


async def test_it_waits_in_the_other_queue_and_its_journey_says_so(floor: Floor) -> None:
    one, two, three = await three_wait(floor)
    assert await move(floor, two, queue_id=str(floor.queue(SECOND_QUEUE))) == 204

    assert await floor.waiting_in(QUEUE) == [one, three]
    assert await floor.waiting_in(SECOND_QUEUE) == [two]
    interaction = await floor.contacts.interaction(two)
    assert (interaction.state, interaction.queue_id) == ("queued", floor.queue(SECOND_QUEUE))
    agent = await floor.contacts.agent()
    shown = (await floor.contacts.doors.get(floor.supervisor, f"/interactions/{two}")).json()
    assert [part["queue_name"] for part in shown["segments"] if part["kind"] == "queue"] == ["宽带报障", "套餐与资费"]
    moved = [one.event for one in await floor.contacts.office.log() if one.event.name == "routing.item-moved"]
    assert len(moved) == 1
    assert agent.id is not None


async def test_a_place_at_the_front_outlives_a_restart(floor: Floor) -> None:
    one, two, three = await three_wait(floor)
    await move(floor, three, front=True)
    shard = await floor.contacts.shards.of(floor.contacts.office.tenant.id)
    shard._sound = False
    await shard.run(lambda engine, now: engine.tick(now))

    assert await floor.waiting_in(QUEUE) == [three, one, two]


async def test_what_rings_at_an_agent_is_taken_back(floor: Floor) -> None:
    agent = await floor.contacts.agent()
    waiting = await floor.waits()
    offer = floor.contacts.offer_to(agent)
    assert offer.interaction_id == waiting.id
    assert agent.id is not None
    await floor.contacts.routing.choose(agent.tenant_id, agent.id, Chosen.NOT_READY, "meal")
    assert await move(floor, waiting.id, queue_id=str(floor.queue(SECOND_QUEUE))) == 204

    assert floor.contacts.routing.offers_of(agent.tenant_id, agent.id) == []
    assert await floor.waiting_in(SECOND_QUEUE) == [waiting.id]
    refused = await floor.contacts.doors.post(agent, f"/offers/{offer.id}/accept", {"token": offer.token})
    assert code_of(refused) == "offer-gone"


@pytest.mark.parametrize("end", ["taken", "left"])
async def test_what_waits_no_more_is_not_moved(floor: Floor, end: str) -> None:
    agent = await floor.contacts.agent() if end == "taken" else None
    waiting = await floor.waits()
    if agent is not None:
        assert (await floor.contacts.accepts(agent)).status_code == 200
    else:
        await floor.contacts.routing.withdraw(waiting.tenant_id, waiting.id)
    before = await floor.contacts.office.audited(waiting.tenant_id)

    assert await move(floor, waiting.id, front=True) == 409
    assert await floor.contacts.office.audited(waiting.tenant_id) == before


async def test_what_makes_no_sense_is_refused_and_changes_nothing(floor: Floor) -> None:
    one, two, _ = order = await three_wait(floor)
    path = f"/floor/waiting/{two}/move"
    for body, status, code in (
        ({"reason": "urgent"}, 422, "nowhere-to-move"),
        ({"reason": "urgent", "queue_id": str(floor.queue(QUEUE))}, 422, "nowhere-to-move"),
        ({"reason": "urgent", "queue_id": str(uuid4())}, 404, "queue-not-found"),
        ({"reason": "because", "front": True}, 422, "field-invalid"),
        ({"front": True}, 422, "field-invalid"),
        ({"reason": "urgent", "queue_id": "x"}, 422, "field-invalid"),
    ):
        answer = await floor.doors.post(floor.supervisor, path, body)
        assert (answer.status_code, code_of(answer)) == (status, code), body
    assert (
        await floor.doors.post(floor.supervisor, f"/floor/waiting/{uuid4()}/move", {"reason": "urgent", "front": True})
    ).status_code == 409
    assert (await floor.doors.get(floor.supervisor, f"/floor/queues/{uuid4()}/waiting")).status_code == 404

    assert await floor.waiting_in(QUEUE) == order
    assert one in order


async def test_only_who_may_and_nobody_of_another_centre(floor: Floor) -> None:
    office = floor.contacts.office
    waiting = await floor.waits()
    stranger: Actor = await office.staff("floor:view", "floor:direct", tenant=office.other)
    lesser = without_permission(floor.supervisor, "floor:direct")
    for who, status in ((lesser, 403), (None, 401), (stranger, 409)):
        body = {"reason": "urgent", "front": True, "queue_id": str(floor.queue(SECOND_QUEUE))}
        assert (await floor.doors.post(who, f"/floor/waiting/{waiting.id}/move", body)).status_code == status
    theirs = await floor.doors.get(stranger, f"/floor/queues/{floor.queue(QUEUE)}/waiting")
    assert theirs.status_code == 404
    blind = without_permission(floor.supervisor, "floor:view")
    assert (await floor.doors.get(blind, f"/floor/queues/{floor.queue(QUEUE)}/waiting")).status_code == 403

    assert await floor.waiting_in(QUEUE) == [waiting.id]


async def test_a_refused_move_leaves_it_waiting_since_it_came(floor: Floor) -> None:
    [one, *_] = await three_wait(floor)
    tenant = floor.contacts.office.tenant.id

    async def refuses(_tx: Transaction) -> None:
        raise Conflict("interaction-not-queueable")

    entered_at = (await floor.contacts.shards.of(tenant)).ledger.by_interaction[one].entered_at
    floor.contacts.clock.advance(60)
    with pytest.raises(Conflict):
        await floor.contacts.routing.move(
            floor.supervisor, one, queue_id=floor.queue(SECOND_QUEUE), front=False, beside=refuses
        )
    item = (await floor.contacts.shards.of(tenant)).ledger.by_interaction[one]
    assert item.entered_at == entered_at
