"""What is one's own, one's department's, or all of the centre's, among contacts that are over: every way to them."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from careline.infra.realtime.connection import Principal
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.conversations.rules import MAX_SEQ
from careline.modules.contact.conversations.services.reached import Reached
from careline.modules.contact.conversations.views import InteractionView, ParticipantRole
from careline.modules.contact.telephony.repository import end_recording, insert_recording
from careline.modules.core.routing.views import Chosen
from careline.modules.directory.customers.views import CustomerView
from careline.modules.directory.identity.views import NewRole, UserChange
from tests.modules.contact.conversations.test_plans import listen, searches
from tests.support.contacts import Contacts
from tests.support.office import Doors, code_of, ids
from tests.support.pictures import png

HELD = {"desk:use": "tenant", "customer:read": "tenant", "floor:view": "tenant"}


class Scene:
    """One customer, whose chats were served by 何芳 of the first group and then by 周凯 of the second; one gave up."""

    customer: CustomerView
    first: InteractionView
    second: InteractionView
    given_up: InteractionView

    def __init__(self, contacts: Contacts) -> None:
        self.contacts, self.doors = contacts, contacts.doors
        self.system = system_actor(contacts.office.tenant.id)
        self._roles = 0

    async def set(self) -> "Scene":
        contacts, office = self.contacts, self.contacts.office
        root, *_ = await office.identity.org_units(self.system.tenant_id)
        self.units = [await office.identity.add_org_unit(self.system, root.id, name) for name in ("一组", "二组")]
        self.below = await office.identity.add_org_unit(self.system, self.units[0].id, "一组甲")
        self.customer = await office.customer()
        teller = await office.staff("customer:reveal")
        line = self.customer.subscriptions[0].id
        number = await office.customers.reveal(teller, self.customer.id, "msisdn", line)
        self.guest = await contacts.visitor(msisdn=number)
        self.he = await self.of_unit(await contacts.agent(name="何芳"), self.below.id)
        self.first = await self.served(self.he, "第一次")
        self.zhou = await self.of_unit(await contacts.agent(name="周凯"), self.units[1].id)
        self.second = await self.served(self.zhou, "第二次")
        self.given_up = await contacts.opened(self.guest, "没等到")
        await contacts.asks_for_a_person(self.given_up)
        await contacts.doors.post(self.guest, "/visitor/end", None)
        await contacts.settled()
        return self

    async def of_unit(self, actor: Actor, unit_id: UUID) -> Actor:
        assert actor.id is not None
        await self.contacts.office.identity.change_user(self.system, actor.id, UserChange(org_unit_id=unit_id))
        return actor

    async def may(self, actor: Actor, permissions: Mapping[str, str]) -> Actor:
        """The same one, by roles: how far a permission reaches is known of who holds roles."""
        identity = self.contacts.office.identity
        self._roles += 1
        code = f"role_{self._roles}"
        await identity.create_role(self.system, NewRole(code=code, name=code, permissions=dict(permissions)))
        assert actor.id is not None
        await identity.set_roles(self.system, actor.id, {code: None})
        return Actor(tenant_id=actor.tenant_id, kind=actor.kind, id=actor.id, permissions=frozenset(permissions))

    async def served(self, agent: Actor, text: str) -> InteractionView:
        """A chat with words, a file and a note, that is over and written up."""
        contacts = self.contacts
        chat = await contacts.chat(agent, self.guest, text)
        await contacts.sends(self.guest, png(2, 2))
        note = {"client_id": str(chat.id), "text": f"记：{text}", "mentions": []}
        noted = await contacts.doors.post(agent, f"/conversations/{chat.conversation_id}/notes", note)
        assert noted.status_code == 201, noted.text
        await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
        await contacts.settled()
        assert (await contacts.wraps_up(agent, chat)).status_code == 204
        assert agent.id is not None
        await contacts.routing.choose(agent.tenant_id, agent.id, Chosen.OFFLINE, None)
        return chat

    async def listed(self, who: Actor, **page: Any) -> list[UUID]:
        answer = await self.doors.get(who, f"/customers/{self.customer.id}/interactions", **page)
        assert answer.status_code == 200, answer.text
        return ids(answer.json()["items"])

    async def opens(self, who: Actor, chat: InteractionView) -> tuple[int, str]:
        answer = await self.doors.get(who, f"/customers/{self.customer.id}/interactions/{chat.id}")
        return answer.status_code, "" if answer.is_success else code_of(answer)


@pytest.fixture
async def scene(contacts: Contacts) -> Scene:
    return await Scene(contacts).set()


OUTSIDE = (403, "outside-your-scope")


async def test_a_history_shows_what_is_within_reach(scene: Scene) -> None:
    everything = [scene.given_up.id, scene.second.id, scene.first.id]
    lead = await scene.contacts.office.staff(name="周文静")
    await scene.of_unit(lead, scene.units[0].id)
    for scope, seen in (("tenant", everything), ("department", [scene.given_up.id, scene.first.id]), ("own", [])):
        lead = await scene.may(lead, {**HELD, "history:view": scope})
        assert await scene.listed(lead) == seen, scope
        for chat in (scene.first, scene.second, scene.given_up):
            assert await scene.opens(lead, chat) == ((200, "") if chat.id in seen else OUTSIDE), scope
    own = await scene.may(scene.he, {**HELD, "history:view": "own"})
    assert await scene.listed(own) == [scene.first.id]
    assert await scene.opens(own, scene.first) == (200, "")
    assert await scene.opens(own, scene.second) == OUTSIDE
    assert await scene.opens(own, scene.given_up) == OUTSIDE, "what nobody served is no one person's own"


async def test_what_nobody_served_belongs_to_those_who_serve_its_queue(scene: Scene) -> None:
    lead = await scene.of_unit(await scene.contacts.office.staff(), scene.units[1].id)
    lead = await scene.may(lead, {**HELD, "history:view": "department"})
    assert await scene.listed(lead) == [scene.given_up.id, scene.second.id]
    await scene.of_unit(scene.zhou, scene.units[0].id)
    assert await scene.listed(lead) == [], "nobody of theirs serves anybody"


async def test_pages_of_a_narrow_reach_are_whole(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careline.modules.contact.conversations.services.history.LOOKED_AT_ONCE", 2)
    for number in range(3):
        await scene.contacts.ready(scene.zhou)
        await scene.served(scene.zhou, f"再{number}")
    await scene.contacts.ready(scene.he)
    latest = await scene.served(scene.he, "又是我")
    own = await scene.may(scene.he, {**HELD, "history:view": "own"})
    path = f"/customers/{scene.customer.id}/interactions"
    first = (await scene.doors.get(own, path, limit=1)).json()
    rest = (await scene.doors.get(own, path, limit=1, after=first["next"])).json()
    assert ids(first["items"] + rest["items"]) == [latest.id, scene.first.id]
    assert rest["next"] is None


async def test_who_overheard_a_contact_made_it_nobodys(scene: Scene) -> None:
    contacts = scene.contacts
    await contacts.ready(scene.zhou)
    boss = await scene.of_unit(await contacts.office.staff(), scene.units[0].id)
    chat = await contacts.chat(scene.zhou, scene.guest, "听一听")
    assert boss.id is not None
    roles = {"listening": False, "whispering": False, "joined": True}
    lead = await scene.of_unit(await contacts.office.staff(), scene.units[0].id)
    lead = await scene.may(lead, {**HELD, "history:view": "department"})
    for role, seen in roles.items():
        kind = next(one for one in ParticipantRole if one.value == f"supervisor_{role}")
        await contacts.conversations.bring(boss, chat.conversation_id, boss.id, kind)
        assert (chat.id in await scene.listed(lead)) is seen, role


async def chat_in_hand(scene: Scene, scope: str | None) -> tuple[Actor, InteractionView]:
    """周凯 has the same customer in the same conversation again."""
    held = HELD if scope is None else {**HELD, "history:view": scope}
    await scene.contacts.ready(scene.zhou)
    agent = await scene.may(scene.zhou, held)
    return agent, await scene.contacts.chat(scene.zhou, scene.guest, "第三次")


async def words(doors: Doors, who: Actor, conversation_id: UUID, what: str, **page: Any) -> list[str]:
    answer = await doors.get(who, f"/conversations/{conversation_id}/{what}", **page)
    assert answer.status_code == 200, answer.text
    said = [one for one in answer.json()["items"] if one.get("author") in (None, "customer")]
    return [one["text"] for one in said if one.get("kind", "text") == "text"]


@pytest.mark.parametrize(
    ("scope", "said", "noted"),
    [
        ("tenant", ["第一次", "第二次", "没等到", "第三次"], ["记：第一次", "记：第二次"]),
        ("department", ["第二次", "没等到", "第三次"], ["记：第二次"]),
        ("own", ["第二次", "第三次"], ["记：第二次"]),
        (None, ["第二次", "第三次"], ["记：第二次"]),
    ],
)
async def test_the_words_before_are_read_as_far_as_one_reaches(
    scene: Scene, scope: str | None, said: list[str], noted: list[str]
) -> None:
    agent, chat = await chat_in_hand(scene, scope)
    assert await words(scene.doors, agent, chat.conversation_id, "messages") == said
    assert await words(scene.doors, agent, chat.conversation_id, "messages", before=MAX_SEQ) == said
    assert await words(scene.doors, agent, chat.conversation_id, "notes") == noted


async def test_files_of_before_are_found_as_far_as_one_reaches(scene: Scene) -> None:
    agent, chat = await chat_in_hand(scene, "tenant")
    path = f"/conversations/{chat.conversation_id}"
    sent = [one for one in (await scene.doors.get(agent, f"{path}/messages")).json()["items"] if one["attachment"]]
    theirs, mine = sent
    opened = await scene.contacts.link(agent, theirs, path)
    assert (await scene.contacts.serves(agent, opened)).status_code == 200
    agent = await scene.may(scene.zhou, {**HELD, "history:view": "own"})
    assert (await scene.contacts.serves(agent, opened)).status_code == 404, "a link of before opens it no more"
    refused = await scene.doors.get(agent, f"{path}/files/{theirs['attachment']['id']}/link")
    assert (refused.status_code, code_of(refused)) == (404, "file-not-found")
    assert (await scene.contacts.serves(agent, await scene.contacts.link(agent, mine, path))).status_code == 200


async def test_what_a_desk_needs_is_never_cut_off(scene: Scene) -> None:
    """Offered, in hand, passed on, asked in: with a role as narrow as it can be, the contact itself is whole."""
    contacts = scene.contacts
    narrow = {**HELD, "floor:view": "department", "history:view": "own"}
    helper = await scene.may(await contacts.agent(name="李娜"), narrow)
    chat = await contacts.opened(scene.guest, "急")
    await contacts.asks_for_a_person(chat)
    path = f"/conversations/{chat.conversation_id}"
    assert contacts.offer_to(helper).interaction_id == chat.id
    assert await words(scene.doors, helper, chat.conversation_id, "messages") == ["急"], "offered"
    assert (await contacts.accepts(helper)).status_code == 200
    assert await words(scene.doors, helper, chat.conversation_id, "messages") == ["急"], "in hand"
    other = await scene.may(await contacts.agent(name="周凯二"), narrow)
    wanted = {"user_id": str(other.id), "role": "consultant"}
    assert (await scene.doors.post(helper, f"{path}/participants", wanted)).status_code == 204
    assert await words(scene.doors, other, chat.conversation_id, "messages") == ["急"], "asked in"
    assert (await scene.doors.get(other, f"/interactions/{chat.id}")).status_code == 200
    passed = await scene.doors.post(
        helper, f"/interactions/{chat.id}/transfer", {"queue": None, "agent_id": str(other.id), "note": ""}
    )
    assert passed.status_code == 204, passed.text
    await contacts.settled()
    assert (await contacts.accepts(other)).status_code == 200
    assert await words(scene.doors, other, chat.conversation_id, "messages") == ["急"], "passed on"
    assert await words(scene.doors, helper, chat.conversation_id, "messages") == ["急"], "still writing it up"


async def test_a_floor_of_a_department_shows_no_contacts_of_others(scene: Scene) -> None:
    lead = await scene.of_unit(await scene.contacts.office.staff(), scene.units[0].id)
    lead = await scene.may(lead, {**HELD, "floor:view": "department", "history:view": "tenant"})
    assert (await scene.doors.get(lead, f"/interactions/{scene.first.id}")).status_code == 200
    assert (await scene.doors.get(lead, f"/interactions/{scene.second.id}")).status_code == 403
    assert await scene.opens(lead, scene.first) == (200, "")
    assert await scene.opens(lead, scene.second) == (403, "contact-not-yours"), "and they do not serve this customer"


async def test_recordings_are_listened_to_as_far_as_one_reaches(scene: Scene) -> None:
    contacts = scene.contacts
    await contacts.ready(scene.zhou)
    caller, _, talk = await contacts.talk(scene.zhou)
    await caller.hang_up()
    await contacts.settled()
    recording_id = new_id()
    contacts.vault.place(talk.tenant_id, recording_id).write_bytes(b"RIFF" + b"\x00" * 100)
    assert await contacts.vault.seal(talk.tenant_id, recording_id)
    async with contacts.database.transaction(talk.tenant_id) as tx:
        await insert_recording(tx, recording_id, talk.id)
        await end_recording(tx, recording_id, state="done")
    lead = await scene.of_unit(await contacts.office.staff(), scene.units[0].id)
    heard = {}
    async with contacts.office.doors(contacts.calls.router()) as doors:
        path = f"/recordings/{recording_id}/audio"
        for scope in ("own", "department", "tenant"):
            lead = await scene.may(lead, {"recording:listen": scope})
            heard[scope] = (await doors.get(lead, path)).status_code
        assert heard == {"own": 403, "department": 403, "tenant": 200}
        before = await contacts.office.audited(talk.tenant_id)
        lead = await scene.may(lead, {"recording:listen": "department"})
        refused = await doors.get(lead, path)
        assert (refused.status_code, code_of(refused)) == OUTSIDE
        assert "recording.listened" not in (await contacts.office.audited(talk.tenant_id))[len(before) :]
        await scene.of_unit(scene.zhou, scene.below.id)
        assert (await doors.get(lead, path)).status_code == 200, "they are of the department now"
        mine = await scene.may(scene.zhou, {"recording:listen": "own"})
        assert (await doors.get(mine, path)).status_code == 200


async def test_parts_of_a_recording_are_given_out_and_audited(scene: Scene) -> None:
    contacts, recording_id, sound = scene.contacts, new_id(), b"RIFF" + bytes(range(256)) * 1000
    await contacts.ready(scene.zhou)
    caller, _, talk = await contacts.talk(scene.zhou)
    await caller.hang_up()
    await contacts.settled()
    contacts.vault.place(talk.tenant_id, recording_id).write_bytes(sound)
    assert await contacts.vault.seal(talk.tenant_id, recording_id)
    async with contacts.database.transaction(talk.tenant_id) as tx:
        await insert_recording(tx, recording_id, talk.id)
        await end_recording(tx, recording_id, state="done")
    lead = await scene.may(await contacts.office.staff(), {"recording:listen": "tenant"})
    before = len(await contacts.office.audited(talk.tenant_id))
    async with contacts.office.doors(contacts.calls.router()) as doors:
        path = f"/recordings/{recording_id}/audio"
        whole = await doors.get(lead, path)
        part = await doors.raw(lead, "GET", path, b"", Range="bytes=65530-65549")
        beyond = await doors.raw(lead, "GET", path, b"", Range=f"bytes={len(sound)}-")
        for trick in ("..%2F..%2Fkeys%2Frecordings.key", f"{recording_id}.sealed", "%00", str(new_id())):
            assert (await doors.get(lead, f"/recordings/{trick}/audio")).status_code in (404, 422), trick
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, sound, "audio/wav")
    assert (part.status_code, part.content) == (206, sound[65_530:65_550])
    assert part.headers["content-range"] == f"bytes 65530-65549/{len(sound)}"
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(sound)}")
    audited = (await contacts.office.audited(talk.tenant_id))[before:]
    assert audited.count("recording.listened") == 2


async def test_a_topic_is_not_resumed_from_before_the_contact(scene: Scene) -> None:
    """What was said earlier lies in the hub's memory for whoever was cut off; it is not for who came later."""
    contacts = scene.contacts
    await contacts.ready(scene.he)
    old = await contacts.chat(scene.he, scene.guest, "只对何芳说")
    before = contacts.hub.position()
    await contacts.says(scene.guest, "还有一句")
    await contacts.settled()
    topics = [f"{kind}:{old.conversation_id}" for kind in ("conversation", "colleagues")]
    assert "还有一句" in await resumed(contacts, scene.he, topics[0], before)
    await contacts.doors.post(scene.he, f"/interactions/{old.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(scene.he, old)).status_code == 204
    assert scene.he.id is not None
    await contacts.routing.choose(scene.he.tenant_id, scene.he.id, Chosen.OFFLINE, None)
    agent, chat = await chat_in_hand(scene, "own")
    assert chat.conversation_id == old.conversation_id
    for topic in topics:
        said = await resumed(contacts, agent, topic, before)
        assert "还有一句" not in said
        assert '"reset"' in said, "and is told to fetch what it may see"


async def resumed(contacts: Contacts, who: Actor, topic: str, position: str) -> str:
    connection = contacts.hub.connect(Principal(actor=who))
    assert connection is not None
    await contacts.hub.handle(connection, json.dumps({"t": "sub", "topic": topic, "from": position}))
    contacts.hub.gone(connection)
    return json.dumps([json.loads(text) for text in connection._queue.values()], ensure_ascii=False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_narrow_reach_is_found_by_indices(scene: Scene) -> None:
    """However many contacts there were: those of one customer or conversation are looked through and no others."""
    contacts = scene.contacts
    heard = listen(contacts.database)
    lead = await scene.may(await contacts.office.staff(), {**HELD, "history:view": "department"})
    heard.clear()
    reached = Reached(contacts.database, contacts.office.identity, contacts.routing)
    given_up = await contacts.interaction(scene.given_up.id)
    found = await reached.those(lead, "history:view", [scene.first, scene.second, given_up])
    assert found == {scene.first.id, scene.second.id, given_up.id}, "they are below the whole centre"
    assert any("FROM participant" in statement for statement in heard)
    file = contacts.database.engine.url.database
    assert file is not None
    assert searches(heard, file) == {}
    tenant, one = scene.first.tenant_id.hex, scene.first.conversation_id.hex
    others = {
        f"SELECT id FROM interaction WHERE tenant_id='{tenant}' AND conversation_id='{one}' ORDER BY opened_at DESC",
        f"SELECT id FROM interaction WHERE tenant_id='{tenant}' AND customer_id='{one}' ORDER BY opened_at DESC",
        f"SELECT id FROM participant WHERE tenant_id='{tenant}' AND left_at IS NULL AND role IN ('supervisor_joined')",
    }
    assert searches(others, file) == {}
