"""What desks and customers hear without asking, and who may listen."""

import json
from typing import Any
from uuid import UUID

from careline.infra.http import Visitor
from careline.infra.realtime.connection import Connection, Principal
from careline.kernel.tenancy import Actor
from tests.support.contacts import DESK, Contacts
from tests.support.office import without_permission


class Screen:
    """A realtime connection without its wire."""

    def __init__(self, contacts: Contacts, who: Actor | Visitor) -> None:
        self._contacts = contacts
        actor = who.actor if isinstance(who, Visitor) else who
        connection = contacts.hub.connect(Principal(actor=actor))
        assert connection is not None
        self.connection: Connection = connection
        self._unheard: list[dict[str, Any]] = []

    async def send(self, frame: dict[str, object]) -> list[dict[str, Any]]:
        self.heard()
        await self._contacts.hub.handle(self.connection, json.dumps(frame))
        await self._contacts.settled()
        return self.heard()

    async def follow(self, topic: str) -> bool:
        """Subscribe. What is told at once afterwards stays to be heard."""
        answer, *self._unheard = await self.send({"t": "sub", "topic": topic})
        return bool(answer["t"] == "subbed")

    async def command(self, name: str, **data: object) -> dict[str, Any]:
        heard = await self.send({"t": "cmd", "id": "1", "name": name, "data": data})
        return next(frame for frame in heard if frame["t"] in ("ok", "err"))

    def heard(self) -> list[dict[str, Any]]:
        """Everything that came since this was asked last."""
        waiting = [*self._unheard, *(json.loads(text) for text in self.connection._queue.values())]
        self._unheard = []
        self.connection._queue.clear()
        return waiting

    def events(self) -> list[tuple[str, Any]]:
        return [(frame["name"], frame["data"]) for frame in self.heard() if frame["t"] == "ev"]

    def leave(self) -> None:
        self._contacts.hub.gone(self.connection)


async def test_an_offer_appears_and_goes(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor(name="李辉")
    desk = Screen(contacts, agent)
    assert await desk.follow(f"agent:{agent.id}")
    interaction = await contacts.opened(guest)
    await contacts.asks_for_a_person(interaction)
    heard = dict(desk.events())
    offer = contacts.offer_to(agent)
    card = heard["offer.made"]
    assert (card["id"], card["token"], card["media"]) == (str(offer.id), offer.token, "chat")
    assert card["customer"]["name_masked"] == "李*"
    assert card == (await contacts.doors.get(agent, "/inbox")).json()["offers"][0]
    assert heard["agent_state.changed"]["state"] == "reserved"
    state = heard["agent_state.changed"]
    assert set(state) == {"agent_id", "chosen", "reason", "state", "since", "media"}
    await contacts.accepts(agent)
    names = desk.events()
    assert ("offer.gone", {"id": str(offer.id), "cause": "accepted"}) in names
    assert ("inbox.changed", {"interaction_id": str(interaction.id)}) in names
    said = (await contacts.says(guest, "在吗")).json()
    await contacts.settled()
    assert ("inbox.changed", {"interaction_id": str(interaction.id), "said": said["seq"]}) in desk.events()


async def test_a_desk_hears_how_much_is_in_hand_also_while_the_agent_stays_engaged(contacts: Contacts) -> None:
    agent = await contacts.agent()
    desk = Screen(contacts, agent)
    await desk.follow(f"agent:{agent.id}")
    for number in (1, 2, 3):
        interaction = await contacts.chat(agent, await contacts.visitor())
        state = dict(desk.events())["agent_state.changed"]
        assert state["media"]["chat"]["used"] == number
        assert state["media"]["voice"]["withheld"] == "other_media"
    assert state["media"]["chat"]["withheld"] == "full"
    await contacts.doors.post(agent, f"/interactions/{interaction.id}/end", {})
    await contacts.wraps_up(agent, interaction)
    assert dict(desk.events())["agent_state.changed"]["media"]["chat"] == {
        "state": "engaged",
        "used": 2,
        "limit": 3,
        "withheld": None,
    }


async def test_a_desk_belongs_to_its_agent(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    colleague = await contacts.office.agent(*DESK, "floor:view")
    topic = f"agent:{agent.id}"
    for other in (colleague, guest, without_permission(agent, "desk:use")):
        assert not await Screen(contacts, other).follow(topic)
    assert not await Screen(contacts, agent).follow(topic.upper().replace("AGENT", "agent"))
    assert await Screen(contacts, agent).follow(topic)


async def test_a_desk_that_is_open_makes_its_agent_present(contacts: Contacts) -> None:
    told: list[tuple[UUID, bool]] = []
    agent = await contacts.office.agent(*DESK)
    presence = contacts.routing.presence

    async def heard(tenant_id: Any, agent_id: UUID, *, present: bool) -> None:
        told.append((agent_id, present))
        await presence(tenant_id, agent_id, present=present)

    contacts.routing.presence = heard  # type: ignore[method-assign]
    desk = Screen(contacts, agent)
    await desk.follow(f"agent:{agent.id}")
    desk.leave()
    await contacts.hub.close()
    assert told == [(agent.id, True), (agent.id, False)]


async def test_both_sides_hear_each_message_once_in_order(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    topic = f"conversation:{interaction.conversation_id}"
    desk, phone = Screen(contacts, agent), Screen(contacts, guest)
    assert await desk.follow(topic)
    assert await phone.follow(topic)
    for number in range(5):
        await contacts.says(guest, f"客户 {number}")
        await contacts.replies(agent, interaction.conversation_id, f"客服 {number}")
    await contacts.settled()
    stored = (await contacts.doors.get(guest, "/visitor/messages", after=2)).json()["items"]
    for screen in (desk, phone):
        heard = [data for name, data in screen.events() if name == "message.stored"]
        assert heard == stored, "what is told is what is stored"


async def test_typing_and_reading_are_told_to_the_other_side(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    conversation_id = str(interaction.conversation_id)
    desk, phone = Screen(contacts, agent), Screen(contacts, guest)
    await desk.follow(f"conversation:{conversation_id}")
    await phone.follow(f"conversation:{conversation_id}")
    assert (await phone.command("typing"))["t"] == "ok"
    assert (await phone.command("read", seq=2))["t"] == "ok"
    assert desk.events() == [("typing", {"author": "customer"}), ("read", {"author": "customer", "seq": 2})]
    phone.heard()
    await contacts.doors.post(agent, f"/conversations/{conversation_id}/typing", None)
    await contacts.doors.post(agent, f"/conversations/{conversation_id}/read", {"seq": 1})
    await contacts.doors.post(agent, f"/conversations/{conversation_id}/read", {"seq": 1})
    assert phone.events() == [("typing", {"author": "agent"}), ("read", {"author": "agent", "seq": 1})]
    colleague = Screen(contacts, await contacts.office.agent(*DESK))
    assert (await colleague.command("typing", conversation_id=conversation_id))["code"] == "contact-not-yours"
    assert (await colleague.command("read", conversation_id=conversation_id, seq=2))["code"] == "contact-not-yours"
    for seq in ("x", None, -1, 1.5, 2**31, 2**63, 10**300):
        for screen in (phone, desk):
            refused = await screen.command("read", seq=seq, conversation_id=conversation_id)
            assert refused["code"] == "command-invalid", seq
    assert (await phone.command("read", seq=2**31 - 1))["t"] == "ok", "nobody can have seen it, so no mark moves"
    assert [name for name, _ in phone.events()] == []


async def test_a_conversation_is_heard_by_those_in_it(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    topic = f"conversation:{interaction.conversation_id}"
    colleague = await contacts.office.agent(*DESK)
    watcher = await contacts.office.staff("desk:use", "floor:view")
    foreigner = await contacts.office.staff("desk:use", "floor:view", tenant=contacts.office.other)
    for who, allowed in (
        (agent, True),
        (guest, True),
        (watcher, False),
        (colleague, False),
        (foreigner, False),
        (await contacts.visitor(), False),
        (await contacts.visitor(tenant="other"), False),
    ):
        assert await Screen(contacts, who).follow(topic) is allowed


async def test_who_is_done_hears_no_more(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    first = await contacts.chat(agent, guest)
    topic = f"conversation:{first.conversation_id}"
    desk, phone = Screen(contacts, agent), Screen(contacts, guest)
    await desk.follow(topic)
    await phone.follow(topic)
    await contacts.doors.post(agent, f"/interactions/{first.id}/end", None)
    await contacts.settled()
    states = [data["state"] for name, data in phone.events() if name == "conversation.state"]
    assert states[-1] == "ended"
    await contacts.wraps_up(agent, first)
    desk.heard()
    await contacts.opened(guest, "新的事情")
    await contacts.says(guest, "只给下一位")
    await contacts.settled()
    said = [data["text"] for name, data in desk.events() if name == "message.stored"]
    assert said == []
    assert [data["text"] for name, data in phone.events() if name == "message.stored"] == ["新的事情", "只给下一位"]


async def test_a_message_of_another_process_is_read_from_its_table(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    interaction = await contacts.chat(agent, guest)
    phone = Screen(contacts, guest)
    await phone.follow(f"conversation:{interaction.conversation_id}")
    said = (await contacts.replies(agent, interaction.conversation_id, "您好")).json()
    await contacts.settled()
    phone.heard()
    told = [item for item in await contacts.office.log() if getattr(item.event, "seq", None) == said["seq"]]
    contacts.bus.publish(told)
    await contacts.settled()
    assert phone.events() == [("message.stored", said)]
