"""The database breaks while a flow puts its customer into a queue: they stand there once, whatever was stored."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from careline.infra.database.models import EventRow
from careline.kernel.tenancy import system_actor
from careline.modules.contact.flows import wiring
from careline.modules.contact.flows.services import running
from careline.modules.core.routing.events import ItemQueued
from careline.modules.core.routing.models import WorkItemRow
from tests.modules.contact.flows.test_language import hotline
from tests.modules.contact.flows.test_overflow import asking, bot_said, waits
from tests.support.contacts import NUMBER, QUEUE, Contacts
from tests.support.lost_answers import LostAnswers
from tests.support.waiting import until

WELCOME = "您好，正在为您转接人工。"


def greeting() -> dict[str, Any]:
    """Says welcome, asks for a person, and has another way of asking when that fails."""
    person = {"kind": "enqueue", "queue": QUEUE, "next": "bye", "lost": "bye"}
    return hotline() | {
        "start": "welcome",
        "safety": "sorry",
        "steps": {
            "sorry": {"kind": "say", "text": {"zh-CN": "抱歉，请稍候。"}, "next": "again"},
            "welcome": {"kind": "say", "text": {"zh-CN": WELCOME}, "next": "person"},
            "person": person,
            "again": person,
            "bye": {"kind": "hang_up"},
        },
    }


@pytest.fixture
def answers(contacts: Contacts, monkeypatch: pytest.MonkeyPatch) -> LostAnswers:
    monkeypatch.setattr(running, "TRY_AGAIN_S", (0,))
    return LostAnswers(contacts.database, monkeypatch)


async def in_line(contacts: Contacts, interaction_id: UUID) -> tuple[int, int]:
    """How many live rows they have, and how often the log says that they came."""
    rows = select(func.count()).where(WorkItemRow.interaction_id == interaction_id, WorkItemRow.state != "done")
    told = select(func.count()).where(EventRow.name == ItemQueued.name)
    async with contacts.database.system_reading() as reading:
        return (await reading.execute(rows)).scalar_one(), (await reading.execute(told)).scalar_one()


@pytest.mark.parametrize("away_for", [0, 3])
@pytest.mark.parametrize("goes_through", [False, True])
async def test_a_visitor_stands_in_line_once_and_is_greeted_once(
    contacts: Contacts,
    flows: wiring.FlowsModule,
    answers: LostAnswers,
    goes_through: bool,
    away_for: int,
) -> None:
    actor = system_actor(contacts.office.tenant.id)
    await flows.facade.create(actor, "chat", "聊天", greeting(), entry_channel="webchat")
    await flows.facade.publish(actor, "chat")
    guest = await contacts.visitor()
    answers.plan(ItemQueued.name, goes_through=goes_through, away_for=away_for)

    said = await contacts.says(guest, "宽带断了")
    await until(lambda: answers.lost == 1, "the broken commit")
    interaction_id = UUID(said.json()["interaction_id"])
    await waits(contacts, interaction_id)
    await contacts.settled()

    assert await in_line(contacts, interaction_id) == (1, 1)
    assert await bot_said(contacts, guest) == [WELCOME]
    offered = await contacts.agent()
    assert offered.id is not None
    assert len(contacts.routing.offers_of(actor.tenant_id, offered.id)) == 1
    assert (await contacts.doors.post(guest, "/visitor/end", {})).status_code == 204
    await until(lambda: not flows.facade.running(), "the end of the flow")
    await contacts.settled()
    assert (await in_line(contacts, interaction_id))[0] == 0
    assert contacts.routing.offers_of(actor.tenant_id, offered.id) == []


@pytest.mark.parametrize("goes_through", [False, True])
async def test_a_caller_stands_in_line_once(
    contacts: Contacts, flows: wiring.FlowsModule, answers: LostAnswers, goes_through: bool
) -> None:
    """Who calls is not kept in silence until the database is back: the flow's safety step is taken at once."""
    await publish_for_callers(contacts, flows)
    phone = await contacts.phone_of(await contacts.agent())
    answers.plan(ItemQueued.name, goes_through=goes_through, away_for=1)
    caller, interaction = await contacts.call("13812346021")
    await phone.rings()

    assert answers.lost == 1
    assert await in_line(contacts, interaction.id) == (1, 1)
    await caller.hang_up()
    await contacts.settled()
    assert (await in_line(contacts, interaction.id))[0] == 0
    assert phone.ringing is None


async def test_a_caller_for_whom_nothing_can_be_stored_is_handed_to_the_safe_dialplan(
    contacts: Contacts, flows: wiring.FlowsModule, answers: LostAnswers
) -> None:
    await publish_for_callers(contacts, flows)
    answers.plan(ItemQueued.name, goes_through=True, away_for=10_000)
    caller = await contacts.voice.call(NUMBER, caller_number="13812346021")
    await until(lambda: contacts.voice.in_safety(caller.leg), "the safe dialplan")
    assert not contacts.voice.failures, "what cannot be stored of the call's end is owed, and troubles no line"
    answers.away_for = 0
    await contacts.voice.lose_link()
    await contacts.voice.regain_link(contacts.calls.listener)
    await contacts.settled()

    agent = await contacts.agent()
    assert agent.id is not None
    assert contacts.routing.offers_of(agent.tenant_id, agent.id) == []


async def publish_for_callers(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    again = asking() | {"safety": "again"}
    again["steps"] |= {"again": again["steps"]["person"]}
    actor = system_actor(contacts.office.tenant.id)
    await flows.facade.create(actor, "hotline", "热线", again)
    await flows.facade.publish(actor, "hotline")
