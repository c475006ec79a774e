"""A supervisor asks why a contact waits, or why it is with whom it is; nobody else is told."""

from uuid import uuid4

from careline.modules.core.routing.views import Chosen
from tests.modules.contact.supervision.conftest import Floor
from tests.support.office import code_of, without_permission


async def why(floor: Floor, interaction_id: object) -> dict[str, object]:
    answer = await floor.doors.get(floor.supervisor, f"/floor/contacts/{interaction_id}/why")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    return {"state": shown["state"], "by": shown["agent_name"], "codes": [one["code"] for one in shown["why"]]}


async def test_it_says_why_from_the_first_minute_to_the_last(floor: Floor) -> None:
    contacts = floor.contacts
    waiting = await floor.waits()
    assert (await why(floor, waiting.id))["codes"][0] == "waits-nobody-in-queue"  # type: ignore[index]
    agent = await contacts.agent()
    assert agent.id is not None
    known = await contacts.office.identity.users(agent.tenant_id, [agent.id])
    name = known[agent.id].display_name
    offered = await why(floor, waiting.id)
    assert (offered["state"], offered["by"]) == ("offered", name)
    assert offered["codes"][0] == "waits-offered"  # type: ignore[index]
    assert "next-in-line" in offered["codes"]  # type: ignore[operator]
    offer = contacts.offer_to(agent)
    await contacts.doors.post(agent, f"/offers/{offer.id}/decline", {"token": offer.token})
    declined = await why(floor, waiting.id)
    assert (declined["state"], declined["by"]) == ("waiting", None)
    assert declined["codes"][:2] == ["waits-all-declined", "waits-declined-until"]  # type: ignore[index]
    contacts.clock.advance(61)
    shard = await contacts.shards.of(agent.tenant_id)
    await shard.run(shard.pass_time)
    assert (await contacts.accepts(agent)).status_code == 200
    taken = await why(floor, waiting.id)
    assert (taken["state"], taken["by"]) == ("engaged", name)
    assert "offered-again" in taken["codes"]  # type: ignore[operator]
    await contacts.routing.choose(agent.tenant_id, agent.id, Chosen.NOT_READY, "meal")
    second = await floor.waits("赵芳")
    assert (await why(floor, second.id))["codes"][0] == "waits-nobody-ready"  # type: ignore[index]


async def test_only_who_watches_the_floor_is_told_and_only_of_what_is_here(floor: Floor) -> None:
    waiting = await floor.waits()
    stranger = without_permission(floor.supervisor, "floor:view")
    assert (await floor.doors.get(stranger, f"/floor/contacts/{waiting.id}/why")).status_code == 403
    gone = await floor.doors.get(floor.supervisor, f"/floor/contacts/{uuid4()}/why")
    assert (gone.status_code, code_of(gone)) == (404, "contact-not-here")
