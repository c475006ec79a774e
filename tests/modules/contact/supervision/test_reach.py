"""Who listens stays as long as their permission reaches the agent, wherever one of them goes meanwhile."""

import json
from typing import Any

from careline.infra.realtime.connection import Connection, Principal
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.directory.identity.views import NewRole, OrgUnitChange, UserChange
from tests.modules.contact.supervision.conftest import Floor

LISTENS = {"desk:use": "tenant", "floor:view": "department", "floor:listen": "department"}


class Scene:
    """A supervisor of a department listens to one of its agents, over HTTP and live."""

    chat: InteractionView
    line: Connection

    def __init__(self, floor: Floor) -> None:
        self.floor, self.contacts = floor, floor.contacts
        self.identity, self.system = floor.contacts.office.identity, system_actor(floor.contacts.office.tenant.id)

    async def set(self) -> "Scene":
        root, *_ = await self.identity.org_units(self.system.tenant_id)
        self.unit = await self.identity.add_org_unit(self.system, root.id, "一组")
        self.below = await self.identity.add_org_unit(self.system, self.unit.id, "一组甲")
        self.elsewhere = await self.identity.add_org_unit(self.system, root.id, "二组")
        self.agent = await self.contacts.agent()
        boss = await self.contacts.office.staff(name="沈波")
        self.boss = Actor(tenant_id=boss.tenant_id, kind=boss.kind, id=boss.id, permissions=frozenset(LISTENS))
        await self.identity.create_role(self.system, NewRole(code="listens", name="组长", permissions=LISTENS))
        await self.moves(self.boss, self.unit.id)
        await self.moves(self.agent, self.below.id)
        assert boss.id is not None
        await self.identity.set_roles(self.system, boss.id, {"listens": None})
        await self.contacts.settled()
        self.chat = await self.contacts.chat(self.agent, await self.contacts.visitor())
        answer = await self.floor.doors.put(
            self.boss, f"/floor/chats/{self.chat.id}/presence", {"presence": "listening"}
        )
        assert answer.status_code == 200, answer.text
        connection = self.contacts.hub.connect(Principal(actor=self.boss))
        assert connection is not None
        self.line = connection
        sub = {"t": "sub", "topic": f"conversation:{self.chat.conversation_id}", "from": None}
        await self.contacts.hub.handle(connection, json.dumps(sub))
        assert connection.topics == {sub["topic"]}
        return self

    async def moves(self, who: Actor, unit_id: Any) -> None:
        assert who.id is not None
        await self.identity.change_user(self.system, who.id, UserChange(org_unit_id=unit_id))
        await self.contacts.settled()

    async def listens(self) -> bool:
        """Whether they read what is said, and hear what comes."""
        path = f"/conversations/{self.chat.conversation_id}/participants"
        there = (await self.contacts.doors.get(self.agent, path)).json()
        shown = await self.contacts.conversations.participants(self.chat.tenant_id, self.chat.conversation_id)
        assert len(there) == 1, "who listens is not shown to the agent"
        if not any(one.user_id == self.boss.id for one in shown):
            assert self.line.topics == set() or not self.line.is_open
            return False
        return True


async def test_who_listens_goes_when_the_agent_is_of_another_department(floor: Floor) -> None:
    scene = await Scene(floor).set()
    await scene.moves(scene.agent, scene.unit.id)
    assert await scene.listens(), "still one of theirs"
    await scene.moves(scene.agent, scene.elsewhere.id)
    assert not await scene.listens()
    assert (await scene.contacts.office.audited(scene.chat.tenant_id))[-1] == "chat.left"


async def test_who_listens_goes_when_they_are_of_another_department(floor: Floor) -> None:
    scene = await Scene(floor).set()
    await scene.moves(scene.boss, scene.elsewhere.id)
    assert not await scene.listens()


async def test_who_listens_goes_when_the_department_is_elsewhere(floor: Floor) -> None:
    scene = await Scene(floor).set()
    change = OrgUnitChange(parent_id=scene.elsewhere.id)
    await scene.identity.change_org_unit(scene.system, scene.below.id, change, version=1)
    await scene.contacts.settled()
    assert not await scene.listens()


async def test_who_listens_goes_with_the_permission(floor: Floor) -> None:
    scene = await Scene(floor).set()
    assert scene.boss.id is not None
    await scene.identity.set_roles(scene.system, scene.boss.id, {})
    await scene.contacts.settled()
    assert not await scene.listens()


async def test_what_else_is_changed_lets_them_stay(floor: Floor) -> None:
    scene = await Scene(floor).set()
    assert scene.boss.id is not None
    await scene.identity.change_user(scene.system, scene.boss.id, UserChange(display_name="沈波涛"))
    await scene.contacts.settled()
    assert await scene.listens()
