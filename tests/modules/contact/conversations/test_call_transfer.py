"""A call is passed on: its caller keeps their place, and is with one agent at a time."""

from typing import Any

from careline.kernel.tenancy import Actor
from tests.modules.contact.conversations.test_transfer import passes_on, takes_back
from tests.support.contacts import Contacts
from tests.support.office import code_of


async def test_a_call_is_passed_on_and_not_taken_back(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, _, call = await contacts.talk(agent)
    second = await contacts.agent(name="李娜")
    phone = await contacts.phone_of(second)
    assert (await passes_on(contacts, agent, call)).status_code == 204
    await contacts.settled()
    assert not caller.ended
    assert not caller.talks_to
    assert [entry["state"] for entry in await in_hand(contacts, agent)] == ["after_contact_work"]
    back = await takes_back(contacts, agent, call)
    assert (back.status_code, code_of(back)) == (409, "transfer-not-of-a-call")
    assert (await passes_on(contacts, agent, call)).status_code in (403, 409), "nobody passes on twice"

    await phone.rings()
    await phone.answer()
    await contacts.settled()

    assert caller.talks_to
    assert [entry["state"] for entry in await in_hand(contacts, second)] == ["talking"]
    shown = (await contacts.doors.get(second, f"/interactions/{call.id}")).json()
    kinds = [segment["kind"] for segment in shown["segments"]]
    assert kinds == ["flow", "queue", "ring", "talk", "wrap_up", "queue", "ring", "talk"], kinds
    assert [one["outcome"] for one in shown["transfers"]] == ["answered"]
    assert (await contacts.wraps_up(agent, call)).status_code == 204
    await caller.hang_up()
    await contacts.settled()
    assert [entry["state"] for entry in await in_hand(contacts, second)] == ["after_contact_work"]


async def test_a_caller_who_leaves_while_they_are_passed_on_ends_the_transfer(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, _, call = await contacts.talk(agent)
    second = await contacts.agent(name="李娜")
    phone = await contacts.phone_of(second)
    await passes_on(contacts, agent, call)
    await phone.rings()
    await caller.hang_up()
    await contacts.settled()
    assert phone.ringing is None
    shown = (await contacts.doors.get(agent, f"/interactions/{call.id}")).json()
    assert [one["outcome"] for one in shown["transfers"]] == ["left"]
    assert await contacts.state_word(second) == "ready"


async def in_hand(contacts: Contacts, agent: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await contacts.doors.get(agent, "/inbox")).json()["mine"]
    return found
