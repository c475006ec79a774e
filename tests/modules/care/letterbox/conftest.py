"""The letterbox over contacts with their flows: a queue whose hours are over, and a customer who comes too late."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from careline.adapters.bss.systems import HttpBusinessSystems
from careline.infra.http import Visitor
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.care.cases import wiring as cases
from careline.modules.care.letterbox import wiring
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.contact.flows import wiring as flows
from careline.modules.contact.flows.ports import Speech
from careline.modules.core.hours.views import Calendar, DatedException, Span
from careline.modules.core.routing.services.queue_settings import QueueKeeper
from careline.modules.core.routing.views import Media, QueueSettings
from tests.support.contacts import QUEUE, Contacts
from tests.support.office import NO_KEY, Office
from tests.support.waiting import until

CONSENT = "同意用所留方式回复。"
SORRY, REMINDER, THANKS, NOTHING = "现在没有客服。", "请填写下面的留言。", "收到了。", "没有收到留言。"
MORNINGS = (Span(start=8 * 60, end=12 * 60),)


def step(**more: Any) -> dict[str, Any]:
    return {
        "kind": "take_message",
        "queue": QUEUE,
        "text": {"zh-CN": SORRY, "en": "Nobody is here."},
        "consent": {"zh-CN": CONSENT, "en": "I agree to be answered this way."},
        "reminder": {"zh-CN": REMINDER},
        "next": "thanks",
        "otherwise": "nothing",
        **more,
    }


def definition(**more: Any) -> dict[str, Any]:
    to = dict.fromkeys(("overflow", "closed", "message"), "message")
    return {
        "start": "person",
        "safety": "nothing",
        "steps": {
            "person": {"kind": "enqueue", "queue": QUEUE, "next": "thanks", "lost": "nothing", **to},
            "message": step(**more),
            "thanks": {"kind": "hang_up", "text": {"zh-CN": THANKS}},
            "nothing": {"kind": "hang_up", "text": {"zh-CN": NOTHING}},
        },
    }


class NoSpeech:
    """Nothing is spoken in a chat."""

    def speaks(self, language: str) -> bool:
        return language == "zh-CN"

    async def render(self, text: str, language: str) -> Path:
        raise AssertionError(f"{text} was to be spoken in {language}")


class Centre:
    """A centre that takes messages."""

    def __init__(self, contacts: Contacts) -> None:
        self.contacts, office = contacts, contacts.office
        below = cases.Below(office.identity, office.customers, office.people, contacts.conversations)
        self.cases = cases.build(contacts.database, office.live, below)
        mine = wiring.Below(office.identity, contacts.routing, contacts.conversations, self.cases.facade)
        self.letterbox = wiring.build(contacts.database, contacts.bus, contacts.jobs, mine)
        self.flows = self.build_flows()

    def build_flows(self) -> flows.FlowsModule:
        contacts, office = self.contacts, self.contacts.office
        below = flows.Below(
            contacts.conversations,
            contacts.calls.facade,
            contacts.routing,
            office.customers,
            office.identity,
            office.hours,
        )
        speech: Speech = NoSpeech()
        sealing = NO_KEY
        outside = flows.Outside(speech=speech, systems=HttpBusinessSystems(()), sealing=sealing)
        return flows.build(
            contacts.database, contacts.bus, contacts.jobs, contacts.clock, below, outside, self.letterbox.steps
        )

    async def publish(self, **more: Any) -> None:
        actor = system_actor(self.contacts.office.tenant.id)
        await self.flows.facade.create(actor, "webchat", "会话", definition(**more), entry_channel="webchat")
        await self.flows.facade.publish(actor, "webchat")

    async def set_queue(self, **rules: Any) -> None:
        """What an administrator sets, and the shard hears."""
        await self._set(lambda now: msgspec.structs.replace(now, rules=msgspec.structs.replace(now.rules, **rules)))

    async def set_media(self, *media: Media) -> None:
        await self._set(lambda now: msgspec.structs.replace(now, media=list(media)))

    async def _set(self, change: Callable[[QueueSettings], QueueSettings]) -> None:
        office = self.contacts.office
        actor = system_actor(office.tenant.id)
        keeper = QueueKeeper(self.contacts.database, office.people, office.identity, office.hours)
        (queue,) = await keeper.queues(actor)
        await keeper.change(actor, queue.id, change(queue.settings))
        await (await self.contacts.shards.of(actor.tenant_id)).learn_queues()
        await self.contacts.settled()

    async def only_in_the_mornings(self, *holidays: DatedException) -> None:
        office = self.contacts.office
        weekly = (*[MORNINGS] * 5, (), ())
        calendar = Calendar(time_zone="Asia/Shanghai", weekly=weekly, exceptions=holidays)
        made = await office.hours.make(system_actor(office.tenant.id), "早班", calendar)
        await self.set_queue(calendar_id=made.id)

    async def tick(self) -> None:
        shard = await self.contacts.shards.of(self.contacts.office.tenant.id)
        await shard.run(shard.pass_time)
        await self.contacts.settled()

    async def asked(self, guest: Visitor, text: str = "宽带断了") -> InteractionView:
        """A customer comes and is asked for a message."""
        answer = await self.contacts.says(guest, text)
        assert answer.status_code == 201, answer.text
        await until(lambda: self.notice(guest, "message-asked-for"), "the form")
        return await self.contacts.interaction(UUID(answer.json()["interaction_id"]))

    async def leave(self, guest: Visitor, interaction: InteractionView, **more: Any) -> httpx.Response:
        return await self.contacts.doors.post(guest, "/visitor/left-messages", letter(interaction, **more))

    async def thread(self, guest: Visitor) -> list[dict[str, Any]]:
        answer = await self.contacts.doors.get(guest, "/visitor/messages?after=0")
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def bot_said(self, guest: Visitor) -> list[str]:
        return [item["text"] for item in await self.thread(guest) if item["author"] == "bot"]

    async def notice(self, guest: Visitor, code: str) -> dict[str, Any] | None:
        found = [item["params"] for item in await self.thread(guest) if item["code"] == code]
        assert len(found) < 2, f"{code} was said twice"
        return found[0] if found else None

    async def open_cases(self, actor: Actor) -> list[dict[str, Any]]:
        answer = await self.contacts.doors.get(actor, "/cases?state=open")
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def is_over(self) -> None:
        await until(lambda: not self.flows.facade.running(), "the end of the flow")


def letter(interaction: InteractionView, **more: Any) -> dict[str, Any]:
    return {
        "interaction_id": str(interaction.id),
        "client_id": str(uuid4()),
        "text": "宽带断了三天\n请上门",
        "reach": "138 1234-6021",
        "consent": True,
        **more,
    }


@pytest.fixture
async def centre(office: Office, tmp_path: Path) -> AsyncIterator[Centre]:
    contacts = Contacts(office, tmp_path)
    centre = Centre(contacts)
    router = contacts.router()
    for more in (centre.cases.router, centre.letterbox.router, centre.flows.router):
        router.include_router(more())
    async with office.doors(router) as contacts.doors:
        await contacts.start()
        await centre.publish()
        await centre.set_queue(closed=True)
        yield centre
        await centre.flows.facade.stop()
        await contacts.stop()
