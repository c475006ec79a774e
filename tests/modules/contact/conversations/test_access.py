"""Who may not: other agents, other tenants, other visitors, nobody. Every refusal also shows that nothing changed."""

from uuid import UUID, uuid4

import pytest

from careline.infra.http import Visitor
from careline.infra.realtime.connection import Principal
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.directory.identity.views import NewRole, UserChange
from tests.support.contacts import DESK, Contacts
from tests.support.office import Doors, code_of, without_permission


class Scene:
    """A chat between an agent and a visitor, with everybody who has no business in it."""

    def __init__(self, contacts: Contacts) -> None:
        self.contacts = contacts

    async def set(self) -> "Scene":
        contacts = self.contacts
        self.agent, self.guest = await contacts.agent(), await contacts.visitor()
        self.chat = await contacts.chat(self.agent, self.guest, "我的秘密")
        self.colleague = await contacts.agent(name="周凯")
        self.foreigner = await contacts.office.agent(*DESK, "floor:view", "customer:read", tenant=contacts.office.other)
        self.other_guest = await contacts.visitor(name="刘洋")
        self.strange_guest = await contacts.visitor(tenant="other")
        self.before = await self.everything()
        return self

    async def everything(self) -> tuple[InteractionView, list[object], int]:
        messages = (await self.contacts.doors.get(self.guest, "/visitor/messages")).json()["items"]
        return await self.contacts.interaction(self.chat.id), messages, len(await self.contacts.office.log())

    async def unchanged(self) -> bool:
        await self.contacts.settled()
        return await self.everything() == self.before


@pytest.fixture
async def scene(contacts: Contacts) -> Scene:
    return await Scene(contacts).set()


async def knock(doors: Doors, who: Actor | Visitor | None, chat: InteractionView) -> dict[str, tuple[int, str]]:
    """Everything that an agent can do with a chat, and how it was refused."""
    one, interaction = f"/conversations/{chat.conversation_id}", f"/interactions/{chat.id}"
    answers = {
        "messages": await doors.get(who, f"{one}/messages"),
        "send": await doors.post(who, f"{one}/messages", {"client_id": str(uuid4()), "text": "让我来"}),
        "read": await doors.post(who, f"{one}/read", {"seq": 1}),
        "typing": await doors.post(who, f"{one}/typing", None),
        "interaction": await doors.get(who, interaction),
        "end": await doors.post(who, f"{interaction}/end", None),
        "wrap-up": await doors.put(who, f"{interaction}/wrap-up", {"disposition": "other", "note": "", "draft": False}),
        "draft": await doors.put(who, f"{interaction}/wrap-up", {"disposition": None, "note": "x", "draft": True}),
    }
    return {name: (answer.status_code, code_of(answer)) for name, answer in answers.items()}


async def test_a_colleague_is_refused(scene: Scene) -> None:
    refused = await knock(scene.contacts.doors, scene.colleague, scene.chat)
    assert set(refused.values()) == {(403, "contact-not-yours")}
    assert await scene.unchanged()


async def test_another_tenant_finds_nothing(scene: Scene) -> None:
    refused = await knock(scene.contacts.doors, scene.foreigner, scene.chat)
    assert {status for status, _ in refused.values()} == {404}
    assert {code for _, code in refused.values()} == {"conversation-not-found", "interaction-not-found"}
    assert await scene.unchanged()


async def test_nobody_and_visitors_are_not_signed_in(scene: Scene) -> None:
    for who in (None, scene.guest):
        refused = await knock(scene.contacts.doors, who, scene.chat)
        assert set(refused.values()) == {(401, "not-signed-in")}
    assert await scene.unchanged()


async def test_who_may_not_use_the_desk_is_refused(scene: Scene) -> None:
    refused = await knock(scene.contacts.doors, without_permission(scene.agent, "desk:use"), scene.chat)
    assert set(refused.values()) == {(403, "permission-missing")}
    assert await scene.unchanged()


async def test_who_watches_the_floor_sees_what_goes_on_and_not_what_is_said(scene: Scene) -> None:
    watcher = await scene.contacts.office.staff("desk:use", "floor:view", "floor:listen")
    scene.before = await scene.everything()
    doors, chat = scene.contacts.doors, scene.chat
    assert (await doors.get(watcher, f"/interactions/{chat.id}")).status_code == 200
    for what in ("messages", "notes", "participants"):
        refused = await doors.get(watcher, f"/conversations/{chat.conversation_id}/{what}")
        assert (refused.status_code, code_of(refused)) == (403, "contact-not-yours"), what
    refused = await scene.contacts.replies(watcher, chat.conversation_id, "让我来")
    assert (refused.status_code, code_of(refused)) == (403, "contact-not-yours")
    assert (await doors.post(watcher, f"/conversations/{chat.conversation_id}/read", {"seq": 1})).status_code == 403
    assert (await doors.post(watcher, f"/interactions/{chat.id}/end", None)).status_code == 403
    assert await scene.unchanged()


async def test_who_watches_a_department_sees_the_contacts_of_its_agents_only(contacts: Contacts) -> None:
    identity, system = contacts.office.identity, system_actor(contacts.office.tenant.id)
    root, *_ = await identity.org_units(system.tenant_id)
    watcher, agent = await contacts.office.staff("desk:use", "floor:view"), await contacts.agent()
    assert watcher.id is not None
    assert agent.id is not None
    theirs = await identity.add_org_unit(system, root.id, "二组")
    await identity.change_user(system, watcher.id, UserChange(org_unit_id=theirs.id))
    watching = {"desk:use": "tenant", "floor:view": "department"}
    await identity.create_role(system, NewRole(code="watch", name="二组班长", permissions=watching))
    await identity.set_roles(system, watcher.id, {"watch": None})
    chat = await contacts.chat(agent, await contacts.visitor(), "我的秘密")
    path, words = f"/interactions/{chat.id}", f"/conversations/{chat.conversation_id}/messages"
    topics = [f"{kind}:{chat.conversation_id}" for kind in ("conversation", "colleagues")]
    assert (await contacts.doors.get(watcher, path)).status_code == 403
    await identity.change_user(system, agent.id, UserChange(org_unit_id=theirs.id))
    assert (await contacts.doors.get(watcher, path)).status_code == 200
    assert (await contacts.doors.get(watcher, words)).status_code == 403, "what is said is for who is in it"
    assert not any([await contacts.hub._allowed(Principal(actor=watcher), topic) for topic in topics])
    waiting = await contacts.opened(await contacts.visitor())
    seen = await contacts.doors.get(watcher, f"/interactions/{waiting.id}")
    assert seen.status_code == 200, "what waits is nobody's yet"


async def test_a_visitor_sees_and_ends_its_own_conversation_only(scene: Scene) -> None:
    doors = scene.contacts.doors
    for other in (scene.other_guest, scene.strange_guest):
        assert (await doors.get(other, "/visitor/messages")).json() == {"items": [], "next": None}
        assert (await doors.get(other, "/visitor/conversation")).json()["conversation_id"] is None
        assert (await doors.post(other, "/visitor/end", None)).status_code == 204
        assert (await doors.post(other, "/visitor/read", {"seq": 1})).status_code == 204
    assert await scene.unchanged()
    for path in ("/visitor/messages", "/visitor/conversation"):
        assert (await doors.get(None, path)).status_code == 401
        assert (await doors.get(scene.agent, path)).status_code == 401


async def test_an_offer_is_answered_by_its_agent_with_its_token(contacts: Contacts) -> None:
    agent = await contacts.agent()
    colleague = await contacts.office.agent(*DESK)
    interaction = await contacts.opened(await contacts.visitor())
    await contacts.asks_for_a_person(interaction)
    offer = contacts.offer_to(agent)
    assert (await contacts.doors.get(agent, f"/interactions/{interaction.id}")).status_code == 200
    messages = f"/conversations/{interaction.conversation_id}/messages"
    assert (await contacts.doors.get(agent, messages)).status_code == 200, "who is offered it may look"
    assert (await contacts.doors.get(colleague, messages)).status_code == 403
    for who, token in ((colleague, offer.token), (agent, "wrong")):
        for answer in ("accept", "decline"):
            refused = await contacts.doors.post(who, f"/offers/{offer.id}/{answer}", {"token": token})
            assert (refused.status_code, code_of(refused)) == (409, "offer-gone")
    assert (await contacts.interaction(interaction.id)).agent_id is None
    unknown = await contacts.doors.post(agent, f"/offers/{new_id()}/accept", {"token": "x"})
    assert (unknown.status_code, code_of(unknown)) == (409, "offer-gone")
    declined = await contacts.doors.post(agent, f"/offers/{offer.id}/decline", {"token": offer.token})
    assert declined.status_code == 204
    await contacts.settled()
    again = await contacts.doors.post(agent, f"/offers/{offer.id}/accept", {"token": offer.token})
    assert (again.status_code, code_of(again)) == (409, "offer-gone")


async def test_an_accept_whose_answer_was_lost_is_sent_again(contacts: Contacts) -> None:
    agent, colleague = await contacts.agent(), await contacts.agent(name="王磊")
    interaction = await contacts.opened(await contacts.visitor())
    await contacts.asks_for_a_person(interaction)
    offers = [contacts.routing.offers_of(one.tenant_id, one.id) for one in (agent, colleague) if one.id]
    (offer,) = offers[0] or offers[1]
    taker, other = (agent, colleague) if offers[0] else (colleague, agent)
    path, right = f"/offers/{offer.id}/accept", {"token": offer.token}
    first = await contacts.doors.post(taker, path, right)
    await contacts.settled()
    again = await contacts.doors.post(taker, path, right)

    assert (first.status_code, again.status_code) == (200, 200), again.text
    assert again.json()["interaction_id"] == first.json()["interaction_id"] == str(interaction.id)
    for who, token in ((other, offer.token), (taker, "wrong"), (taker, "\u4e2d")):
        refused = await contacts.doors.post(who, path, {"token": token})
        assert (refused.status_code, code_of(refused)) == (409, "offer-gone")
    assert len([one for one in await contacts.office.log() if one.event.name == "routing.item-assigned"]) == 1
    await contacts.doors.post(taker, f"/interactions/{interaction.id}/end", {})
    await contacts.settled()
    over = await contacts.doors.post(taker, path, right)
    assert (over.status_code, code_of(over)) == (409, "offer-gone")


async def test_an_agent_who_is_done_sees_the_old_contact_and_not_the_new_one(contacts: Contacts) -> None:
    agent, guest = await contacts.agent(), await contacts.visitor()
    first = await contacts.chat(agent, guest)
    await contacts.doors.post(guest, "/visitor/end", None)
    await contacts.settled()
    messages = f"/conversations/{first.conversation_id}/messages"
    second = await contacts.opened(guest, "新的事情")
    assert (await contacts.doors.get(agent, messages)).status_code == 200, "still writing it down"
    assert (await contacts.wraps_up(agent, first)).status_code == 204
    assert (await contacts.doors.get(agent, messages)).status_code == 403
    assert (await contacts.doors.get(agent, f"/interactions/{second.id}")).status_code == 403
    assert (await contacts.doors.get(agent, f"/interactions/{first.id}")).status_code == 200


async def test_a_customers_history_needs_its_permission_and_its_tenant(contacts: Contacts) -> None:
    customer = await contacts.office.customer()
    number = await contacts.office.customers.reveal(
        await contacts.office.staff("customer:reveal"), customer.id, "msisdn", customer.subscriptions[0].id
    )
    agent = await contacts.agent()
    opened = []
    for _ in range(3):
        contacts.clock.advance(60)
        _, interaction = await contacts.call(number)
        opened.append(str(interaction.id))
    path = f"/customers/{customer.id}/interactions"
    first = (await contacts.doors.get(agent, path, limit=2)).json()
    rest = (await contacts.doors.get(agent, path, limit=2, after=first["next"])).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == opened[::-1]
    assert rest["next"] is None
    refused = await contacts.doors.get(without_permission(agent, "history:view"), path)
    assert (refused.status_code, code_of(refused)) == (403, "permission-missing")
    foreigner = await contacts.office.staff("history:view", tenant=contacts.office.other)
    foreign = await contacts.doors.get(foreigner, path)
    assert (foreign.status_code, code_of(foreign)) == (404, "customer-not-found")
    for wrong in ("nonsense", "2026-01-01~x", f"2026-01-01T00:00:00~{UUID(int=1)}"):
        bad = await contacts.doors.get(agent, path, after=wrong)
        assert (bad.status_code, code_of(bad)) == (422, "position-unknown")
