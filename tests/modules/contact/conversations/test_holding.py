"""A call on hold as the desk sees it and as it is written down."""

from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.repository.interactions import segments
from careline.modules.contact.conversations.services.holding import Holding
from careline.modules.contact.conversations.views import InteractionView, SegmentKind
from careline.modules.contact.telephony.events import CallHeld, CallResumed
from tests.support.contacts import Contacts

HOLD = {"held": True}
RESUME = {"held": False}


async def held_since(contacts: Contacts, agent: Actor) -> str | None:
    [entry] = (await contacts.doors.get(agent, "/inbox")).json()["mine"]
    found: str | None = entry["held_since"]
    return found


async def asks(
    contacts: Contacts, agent: Actor, interaction: InteractionView, body: dict[str, bool]
) -> tuple[int, str]:
    answer = await contacts.doors.put(agent, f"/interactions/{interaction.id}/hold", body)
    await contacts.settled()
    return answer.status_code, "" if answer.status_code == 204 else answer.json()["code"]


async def holds(contacts: Contacts, interaction: InteractionView) -> list[float | None]:
    """How long each hold was, in seconds; None while it lasts."""
    async with contacts.database.reading(interaction.tenant_id) as reading:
        found = [one for one in await segments(reading, interaction.id) if one.kind is SegmentKind.HOLD]
    return [None if one.ended_at is None else (one.ended_at - one.started_at).total_seconds() for one in found]


async def stretches(contacts: Contacts, agent: Actor, interaction: InteractionView) -> list[tuple[str, float | None]]:
    """Kind of each stretch and, of holds, how long they were."""
    shown = (await contacts.doors.get(agent, f"/interactions/{interaction.id}")).json()
    seconds = iter(await holds(contacts, interaction))
    return [(one["kind"], next(seconds) if one["kind"] == "hold" else None) for one in shown["segments"]]


async def test_a_hold_is_shown_while_it_lasts_and_is_a_stretch_within_the_talk(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, _, interaction = await contacts.talk(agent)
    assert await held_since(contacts, agent) is None
    assert await asks(contacts, agent, interaction, HOLD) == (204, "")
    assert caller.music
    assert await held_since(contacts, agent) is not None
    contacts.clock.advance(30)
    assert await asks(contacts, agent, interaction, RESUME) == (204, "")
    assert await held_since(contacts, agent) is None
    assert caller.talks_to
    assert (await stretches(contacts, agent, interaction))[3:] == [("talk", None), ("hold", 30.0)]


async def test_a_caller_who_leaves_on_hold_ends_it(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, _, interaction = await contacts.talk(agent)
    await asks(contacts, agent, interaction, HOLD)
    contacts.clock.advance(10)
    await caller.hang_up()
    await contacts.settled()
    assert await held_since(contacts, agent) is None
    assert (await stretches(contacts, agent, interaction))[3:] == [("talk", None), ("hold", 10.0), ("wrap_up", None)]
    assert await asks(contacts, agent, interaction, RESUME) == (409, "no-talk-to-hold")


async def test_what_is_told_again_is_written_once(contacts: Contacts) -> None:
    agent = await contacts.agent()
    _, _, interaction = await contacts.talk(agent)
    for body, seconds in ((HOLD, 5), (RESUME, 7), (HOLD, 9)):
        await asks(contacts, agent, interaction, body)
        contacts.clock.advance(seconds)
    holding, told = Holding(contacts.database, contacts.calls.facade), 0
    for fact in await contacts.office.log():
        if isinstance(fact.event, CallHeld | CallResumed):
            await holding.changed(fact.tenant_id, fact.event, fact.occurred_at)
            told += 1
    assert told == 3
    assert [kind for kind, _ in await stretches(contacts, agent, interaction)].count("hold") == 2
    assert await holds(contacts, interaction) == [5.0, None]


async def test_nobody_else_may_hold_it_and_no_chat_can_be_held(contacts: Contacts) -> None:
    agent = await contacts.agent()
    caller, _, interaction = await contacts.talk(agent)
    other = await contacts.office.staff("desk:use", "floor:view")
    assert await asks(contacts, other, interaction, HOLD) == (403, "contact-not-yours")
    stranger = await contacts.office.staff("floor:view")
    assert (await asks(contacts, stranger, interaction, HOLD))[0] == 403
    assert caller.talks_to
    chatting = await contacts.agent(name="李文博")
    chat = await contacts.chat(chatting, await contacts.visitor())
    assert await asks(contacts, chatting, chat, HOLD) == (409, "no-talk-to-hold")
