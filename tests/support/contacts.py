"""Conversations over real directory, routing and telephony. The test is the flow: it puts contacts into the queue.

Take the fixture ``contacts``; each test that does runs on both databases.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter

from careline.infra.http import Visitor
from careline.infra.jobs.jobs import Jobs
from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.infra.telemetry.load import Load
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations import wiring
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.contact.telephony import wiring as telephony
from careline.modules.contact.telephony.views import FlowChoice
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.services.agents import Agents
from careline.modules.core.routing.services.items import Items
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import Chosen, Media, NewItem, OfferView
from tests.support.fake_voice import FakeCaller, FakePhone, FakeVoice
from tests.support.office import Doors, Office

QUEUE = "faults"
NUMBER = "10086"
DESK = ("desk:use", "customer:read", "history:view")

DISPOSITIONS = [
    ("fault", "故障", "Fault", None),
    ("fault.solved", "已解决", "Solved", "fault"),
    ("fault.visit", "上门处理", "Visit", "fault"),
    ("other", "其他", "Other", None),
]


class KnownRatings:
    """Stands for surveys."""

    def __init__(self) -> None:
        self.scores: dict[UUID, int] = {}

    async def ratings(self, tenant_id: TenantId, interaction_ids: object) -> dict[UUID, int]:
        return dict(self.scores)


async def no_flows(_tenant_id: TenantId) -> list[FlowChoice]:
    """There are none: numbers are given to the centre as a seed does."""
    return []


class Contacts:
    """A centre that takes calls and chats."""

    doors: Doors

    def __init__(self, office: Office, recordings: Path, limits: wiring.Limits | None = None) -> None:
        self.office = office
        self.database, self.bus, self.clock, self.hub = office.database, office.bus, office.clock, office.hub
        self.shards = Shards(self.database, self.clock, office.people, office.hours, new_id())
        self.routing = Routing(self.shards, Items(self.shards), Agents(self.shards))
        self.voice = FakeVoice(clock=self.clock)
        self.load = Load(self.clock, self.database.longest_wait)
        self.ratings = KnownRatings()
        self.jobs = Jobs(self.database, self.clock)
        self.files = recordings / "sent"
        self.store = FolderStore(self.files, StoreKey(recordings / "keys/files.key"))
        opening = wiring.build_opening(self.database, office.customers, self.routing, office.identity)
        self.vault = telephony.vault_in(self.database, recordings, recordings / "plain", recordings / "keys")
        self.calls = telephony.build(
            self.database,
            self.bus,
            self.clock,
            self.voice,
            opening,
            telephony.Below(self.routing, office.people, office.identity, office.hours, office.customers),
            self.vault,
            self.jobs,
            self.load,
            no_flows,
        )
        below = wiring.Below(office.identity, office.customers, office.people, self.routing)
        self.module = wiring.build(
            self.database,
            self.bus,
            office.live,
            self.jobs,
            self.clock,
            opening,
            below,
            self.calls.facade,
            self.ratings,
            self.load,
            wiring.Storage(self.store, lambda: b"s" * 32),
            limits,
        )
        self.conversations = self.module.facade

    async def start(self) -> None:
        await self.bus.start()
        for tenant in (self.office.tenant, self.office.other):
            async with self.database.transaction(tenant.id) as tx:
                await self.routing.add_queue(tx, code=QUEUE, name="宽带报障", media=list(Media), needs=[])
                await self.conversations.provide_dispositions(tx, DISPOSITIONS)
            await self.routing.open_tenant(tenant.id)
        async with self.database.transaction(self.office.tenant.id) as tx:
            await self.calls.facade.add_number(tx, NUMBER, "hotline")
        await self.voice.start(self.calls.listener)

    async def stop(self) -> None:
        await self.routing.stop()

    def router(self) -> APIRouter:
        """All routes, with the path of files."""
        router = self.module.router()
        router.routes.append(self.module.files)
        return router

    async def settled(self) -> None:
        """Until nothing is on its way any more, nor anything that it caused."""
        while True:
            await self.voice.settle()
            await self.shards.settled()
            await self.bus.settled()
            if not (self.voice._tasks or self.shards._tasks or self.bus._tasks):
                return

    # People

    async def agent(self, *more: str, name: str = "陈晓岚") -> Actor:
        """An agent at their desk, ready."""
        actor = await self.office.agent(*DESK, *more, name=name)
        await self.ready(actor)
        return actor

    async def ready(self, actor: Actor) -> None:
        assert actor.id is not None
        await self.routing.choose(actor.tenant_id, actor.id, Chosen.READY, None)
        await self.settled()

    async def visitor(
        self, *, name: str | None = "李辉", msisdn: str | None = None, tenant: str = "demo", locale: str = "zh-CN"
    ) -> Visitor:
        """Somebody who has opened the page."""
        entered = await self.doors.post(
            None, "/visitor", {"tenant": tenant, "name": name, "msisdn": msisdn, "locale": locale}
        )
        assert entered.status_code == 201, entered.text
        return await self.conversations.visitor_of(entered.json()["token"])

    # What they do

    async def says(self, who: Visitor, text: str, client_id: UUID | None = None) -> httpx.Response:
        body = {"client_id": str(client_id or uuid4()), "text": text}
        return await self.doors.post(who, "/visitor/messages", body)

    async def replies(
        self, agent: Actor, conversation_id: object, text: str, client_id: UUID | None = None
    ) -> httpx.Response:
        body = {"client_id": str(client_id or uuid4()), "text": text}
        return await self.doors.post(agent, f"/conversations/{conversation_id}/messages", body)

    async def sends(
        self, who: Visitor | Actor, content: bytes, *, name: str = "账单.png", path: str = "/visitor", **more: object
    ) -> httpx.Response:
        """A file; ``path`` is ``/visitor`` or the conversation's."""
        params = {"client_id": uuid4(), "name": name, **more}
        query = httpx.QueryParams({key: str(value) for key, value in params.items()})
        return await self.doors.raw(who, "POST", f"{path}/files?{query}", content)

    async def link(self, who: Visitor | Actor, message: dict[str, Any], path: str = "/visitor") -> str:
        """Where somebody finds the file of a message."""
        answer = await self.doors.get(who, f"{path}/files/{message['attachment']['id']}/link")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["path"])

    async def serves(self, who: Visitor | Actor | None, path: str, **headers: str) -> httpx.Response:
        """What a browser gets at a link."""
        return await self.doors.raw(who, "GET", path, b"", **headers)

    def on_disk(self) -> list[str]:
        """The files that the store holds."""
        return sorted(found.name for found in self.files.rglob("*") if found.is_file())

    async def opened(self, who: Visitor, text: str = "宽带断了") -> InteractionView:
        """A visitor's first message, and the interaction that it opened."""
        answer = await self.says(who, text)
        assert answer.status_code == 201, answer.text
        await self.settled()
        return await self.interaction(UUID(answer.json()["interaction_id"]), who.tenant_id)

    async def interaction(self, interaction_id: UUID, tenant_id: TenantId | None = None) -> InteractionView:
        return await self.conversations.interaction(tenant_id or self.office.tenant.id, interaction_id)

    async def asks_for_a_person(self, interaction: InteractionView, media: Media = Media.CHAT) -> None:
        """What the flow's step ``enqueue`` does."""
        item = NewItem(
            id=new_id(), interaction_id=interaction.id, media=media, queue=QUEUE, enqueued_at=self.clock.now()
        )
        async with self.database.transaction(interaction.tenant_id) as tx:
            await self.conversations.enter_queue(tx, interaction.id, QUEUE)
            await self.routing.enqueue(tx, item)
        await self.settled()

    def offer_to(self, agent: Actor) -> OfferView:
        assert agent.id is not None
        offers = self.routing.offers_of(agent.tenant_id, agent.id)
        assert offers, "nothing is offered to them"
        return offers[0]

    async def accepts(self, agent: Actor, offer: OfferView | None = None) -> httpx.Response:
        taken = offer or self.offer_to(agent)
        answer = await self.doors.post(agent, f"/offers/{taken.id}/accept", {"token": taken.token})
        await self.settled()
        return answer

    async def chat(self, agent: Actor, who: Visitor, text: str = "宽带断了") -> InteractionView:
        """A chat that the agent has taken."""
        interaction = await self.opened(who, text)
        await self.asks_for_a_person(interaction)
        answer = await self.accepts(agent)
        assert answer.status_code == 200, answer.text
        return await self.interaction(interaction.id)

    async def phone_of(self, agent: Actor) -> FakePhone:
        """The phone at an agent's desk."""
        agents = await self.office.people.agents(agent.tenant_id)
        return self.voice.phone(next(known.endpoint for known in agents if known.id == agent.id))

    async def call(self, number: str | None) -> tuple[FakeCaller, InteractionView]:
        """A call that has arrived."""
        caller = await self.voice.call(NUMBER, caller_number=number)
        await self.settled()
        found = [
            item.subject for item in await self.office.log() if item.event.name == "conversations.interaction-opened"
        ]
        return caller, await self.interaction(found[-1])

    async def talk(self, agent: Actor) -> tuple[FakeCaller, FakePhone, InteractionView]:
        """A call that the agent has taken."""
        phone = await self.phone_of(agent)
        caller, interaction = await self.call("13900001111")
        await self.asks_for_a_person(interaction, Media.VOICE)
        await phone.rings()
        await phone.answer()
        await self.settled()
        return caller, phone, interaction

    async def wraps_up(
        self, agent: Actor, interaction: InteractionView, code: str | None = "fault.solved", *, draft: bool = False
    ) -> httpx.Response:
        answer = await self.doors.put(
            agent,
            f"/interactions/{interaction.id}/wrap-up",
            {"disposition": code, "note": "光猫重启后恢复", "draft": draft},
        )
        await self.settled()
        return answer

    async def state_word(self, agent: Actor) -> str:
        assert agent.id is not None
        return (await self.routing.agent_state(agent.tenant_id, agent.id)).state


@pytest.fixture
async def contacts(office: Office, tmp_path: Path) -> AsyncIterator[Contacts]:
    contacts = Contacts(office, tmp_path, wiring.Limits(speaking_burst=10_000, places_round_s=0))
    await contacts.start()
    async with office.doors(contacts.router()) as doors:
        contacts.doors = doors
        yield contacts
    await asyncio.sleep(0)
    await contacts.stop()


def picked(answer: dict[str, object], *names: str) -> tuple[object, ...]:
    """Some fields of an answer, in the order asked for."""
    return tuple(answer[name] for name in names)
