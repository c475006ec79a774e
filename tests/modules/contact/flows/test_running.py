"""What becomes of a visitor whose flow cannot be run."""

import asyncio
from typing import Any

import pytest

from careline.infra.database.failures import DatabaseUnreachable
from careline.kernel.ids import new_id
from careline.kernel.tenancy import system_actor
from careline.modules.contact.conversations.events import InteractionOpened
from careline.modules.contact.conversations.views import Channel, InteractionState
from careline.modules.contact.flows import wiring
from careline.modules.contact.flows.services import running
from careline.modules.contact.flows.services.running import APOLOGY
from careline.modules.directory.customers.views import Assurance
from tests.modules.contact.flows.test_language import hotline
from tests.support.contacts import QUEUE, Contacts
from tests.support.waiting import until


def with_an_unknown_queue(queue: str) -> dict[str, Any]:
    """A flow that asks for a person in a queue, and does so again when that fails."""
    person = {"kind": "enqueue", "queue": queue, "next": "bye", "lost": "bye"}
    return hotline() | {
        "start": "person",
        "safety": "again",
        "steps": {"person": person, "again": person, "bye": {"kind": "hang_up"}},
    }


async def words(contacts: Contacts, guest: Any) -> list[str]:
    answer = await contacts.doors.get(guest, "/visitor/messages?after=0")
    return [item["text"] for item in answer.json()["items"] if item["author"] == "bot"]


async def test_a_caller_who_left_before_their_flow_began_is_not_served(
    contacts: Contacts, flows: wiring.FlowsModule, caplog: pytest.LogCaptureFixture
) -> None:
    gone = InteractionOpened(
        interaction_id=new_id(), conversation_id=new_id(), channel=Channel.VOICE, assurance=Assurance.NONE
    )
    async with contacts.database.transaction(contacts.office.tenant.id) as tx:
        tx.emit(gone, subject=gone.interaction_id)
    await until(lambda: not flows.facade.running())

    assert caplog.records == []
    assert contacts.voice.commands == []


@pytest.mark.parametrize("there_is_a_flow", [False, True])
async def test_a_visitor_whose_flow_cannot_be_run_is_told_and_let_go(
    contacts: Contacts, flows: wiring.FlowsModule, there_is_a_flow: bool
) -> None:
    if there_is_a_flow:
        actor = system_actor(contacts.office.tenant.id)
        await flows.facade.create(actor, "chat", "聊天", with_an_unknown_queue("nowhere"), entry_channel="webchat")
        await flows.facade.publish(actor, "chat")
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await until(lambda: not flows.facade.running())
    await contacts.settled()
    assert (await contacts.interaction(interaction.id)).state is InteractionState.CLOSED
    assert await words(contacts, guest) == [APOLOGY["zh-CN"]]


async def test_a_flow_that_the_database_broke_goes_on_when_it_is_back(
    contacts: Contacts, flows: wiring.FlowsModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody but a restart would take up a visitor who is with a machine that has stopped."""
    actor = system_actor(contacts.office.tenant.id)
    await flows.facade.create(actor, "chat", "聊天", with_an_unknown_queue(QUEUE), entry_channel="webchat")
    await flows.facade.publish(actor, "chat")
    refused: list[str] = []
    database, write = contacts.database, contacts.database._write

    def away(tenant_id: Any, actor: str) -> Any:
        task = asyncio.current_task()
        if task is None or not task.get_name().startswith("flow:") or len(refused) == 5:
            return write(tenant_id, actor)
        refused.append(task.get_name())
        raise DatabaseUnreachable("Connection refused")

    monkeypatch.setattr(database, "_write", away)
    monkeypatch.setattr(running, "TRY_AGAIN_S", (0,))
    guest = await contacts.visitor()
    interaction = await contacts.opened(guest)
    await until(lambda: contacts.routing.place(actor.tenant_id, interaction.id) == 1, "a place in the queue")
    assert len(refused) == 5
    assert await words(contacts, guest) == []

    assert (await contacts.doors.post(guest, "/visitor/end", {})).status_code == 204
    await until(lambda: not flows.facade.running(), "the end of the flow")


def greeting() -> dict[str, Any]:
    """A flow that says what it knows of the visitor's language, and lets go."""
    other = {"zh-CN": "别的语言", "en": "another language"}
    which = {"kind": "condition", "fact": "language", "is_one_of": ["en"], "then": "english", "otherwise": "bye"}
    return hotline() | {
        "start": "which",
        "safety": "bye",
        "steps": {
            "which": which,
            "english": {"kind": "say", "text": {"zh-CN": "您好", "en": "Hello"}, "next": "bye"},
            "bye": {"kind": "hang_up", "text": other},
        },
    }


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ["Hello", "another language"]),
        ("en-GB", ["Hello", "another language"]),
        ("zh-CN", ["别的语言"]),
        ("fr", ["别的语言"]),
    ],
)
async def test_a_flow_speaks_the_language_that_the_visitor_reads(
    contacts: Contacts, flows: wiring.FlowsModule, locale: str, said: list[str]
) -> None:
    actor = system_actor(contacts.office.tenant.id)
    await flows.facade.create(actor, "chat", "聊天", greeting(), entry_channel="webchat")
    await flows.facade.publish(actor, "chat")
    guest = await contacts.visitor(locale=locale)
    await contacts.opened(guest)
    await until(lambda: not flows.facade.running())
    assert await words(contacts, guest) == said
