"""Calls: stored before anything else, answered by one agent, recorded when announced, ended whole."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
import pytest

from careline.infra.database.log import read_subject
from careline.kernel.errors import NotFound, TransientFailure
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.errors import CallGone
from careline.modules.contact.telephony.events import CallEnded, RecordingEnded
from careline.modules.contact.telephony.ports import EndCause
from careline.modules.contact.telephony.views import AgentLeft, CallState, Connected, KeyPressed
from careline.modules.core.routing.views import Media, MediumState
from careline.modules.directory.people.events import AgentChanged
from tests.support.fake_voice import FakePhone, FakeVoice
from tests.support.hotline import NUMBER, Hotline, nothing_left, talking


async def test_an_arrival_and_its_interaction_are_one_fact(hotline: Hotline) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    (call,) = hotline.opening.calls
    stored = await hotline.telephony.call(hotline.centre.tenant_id, call.id)
    assert stored == call
    assert (stored.caller_number, stored.entry_flow, stored.state) == ("13812346021", "hotline", CallState.WAITING)
    assert not caller.answered
    with pytest.raises(NotFound):
        await hotline.telephony.call(TenantId(new_id()), call.id)


async def test_a_call_is_served_before_anybody_of_its_tenant_has_come(hotline: Hotline) -> None:
    await hotline.centre.shards.forget(hotline.centre.tenant_id)
    await hotline.voice.call(NUMBER, caller_number="13812346021")
    (call,) = hotline.opening.calls
    await hotline.queue(call.id)
    assert hotline.centre.routing.place(hotline.centre.tenant_id, call.id) == 1


async def test_what_cannot_be_stored_goes_to_the_safe_dialplan(hotline: Hotline) -> None:
    hotline.opening.refuses = True
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    await hotline.settled()
    assert hotline.voice.in_safety(caller.leg)
    assert len(hotline.sessions) == 0


async def test_an_unknown_number_is_refused(hotline: Hotline) -> None:
    caller = await hotline.voice.call("99999", caller_number=None)
    await hotline.settled()
    assert caller.ended
    assert hotline.opening.calls == []


async def test_caller_and_agent_are_brought_together(hotline: Hotline, phone: FakePhone) -> None:
    caller = await talking(hotline, phone)
    call = hotline.opening.calls[0]
    assert isinstance(await hotline.telephony.next_signal(call.id), Connected)
    stored = await hotline.telephony.call(hotline.centre.tenant_id, call.id)
    assert stored.state is CallState.CONNECTED
    assert not caller.music


async def test_an_agent_sees_no_number_but_a_masked_one(hotline: Hotline, phone: FakePhone) -> None:
    await hotline.voice.call(NUMBER, caller_number="13812346021")
    call = hotline.opening.calls[0]
    await hotline.centre.ready(hotline.centre.people.known[0])
    await hotline.queue(call.id)
    shown = await phone.rings()
    assert (shown.caller_number, shown.call_ref) == ("138****6021", str(call.id))


async def test_three_commits_at_most_from_invite_to_agent_invite(hotline: Hotline, phone: FakePhone) -> None:
    await hotline.centre.ready(hotline.centre.people.known[0])
    before = hotline.centre.database.commits
    await hotline.voice.call(NUMBER, caller_number="13812346021")
    await hotline.queue(hotline.opening.calls[0].id, record=True)
    await phone.rings()
    assert hotline.centre.database.commits - before <= 3


@pytest.mark.parametrize("announced", [True, False])
async def test_only_what_was_announced_is_recorded(hotline: Hotline, phone: FakePhone, announced: bool) -> None:
    caller = await talking(hotline, phone, record=announced)
    call = hotline.opening.calls[0]
    found = await hotline.telephony.recordings(hotline.centre.tenant_id, call.id)
    assert [item.state for item in found] == (["recording"] if announced else [])
    await caller.hang_up()
    await hotline.settled()
    found = await hotline.telephony.recordings(hotline.centre.tenant_id, call.id)
    assert [item.state for item in found] == (["done"] if announced else [])
    sizes = [await hotline.vault.size(hotline.centre.tenant_id, item.id) for item in found]
    assert sizes == ([44 + 4 * 800] if announced else [])
    assert list(hotline.recordings.rglob("*.wav")) == []
    assert await hotline.telephony.recordings(TenantId(new_id()), call.id) == []


async def test_a_caller_who_hangs_up_in_talk_frees_everything(hotline: Hotline, phone: FakePhone) -> None:
    caller = await talking(hotline, phone)
    await caller.hang_up()
    await hotline.settled()
    assert nothing_left(await hotline.voice.snapshot())
    assert len(hotline.sessions) == 0
    state = await hotline.centre.routing.agent_state(hotline.centre.tenant_id, hotline.centre.people.known[0].id)
    assert state.state == "after_contact_work"


async def test_nothing_rings_for_a_caller_who_left(hotline: Hotline, phone: FakePhone) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    await hotline.centre.ready(hotline.centre.people.known[0])
    await hotline.queue(hotline.opening.calls[0].id)
    await phone.rings()
    await caller.hang_up()
    await hotline.settled()
    assert phone.ringing is None
    assert nothing_left(await hotline.voice.snapshot())
    state = await hotline.centre.routing.agent_state(hotline.centre.tenant_id, hotline.centre.people.known[0].id)
    assert state.state == "ready"


@pytest.mark.parametrize(
    ("refuse", "blamed"),
    [
        (lambda phone: phone.decline(), False),
        (lambda phone: phone.give_up(), True),
    ],
)
async def test_a_call_not_taken_rings_at_the_next_agent(
    hotline: Hotline, refuse: Callable[[FakePhone], Awaitable[None]], blamed: bool
) -> None:
    first, second = hotline.centre.people.known
    phones = {agent.id: hotline.voice.phone(agent.endpoint) for agent in (first, second)}
    await hotline.centre.ready(first, second)
    await hotline.voice.call(NUMBER, caller_number="13812346021")
    item = await hotline.queue(hotline.opening.calls[0].id)
    chosen = hotline.centre.offer_of(item).agent_id
    other = second.id if chosen == first.id else first.id
    await phones[chosen].rings()
    await refuse(phones[chosen])
    await hotline.settled()
    await phones[other].rings()
    assert phones[chosen].ringing is None
    state = await hotline.centre.routing.agent_state(hotline.centre.tenant_id, chosen)
    assert (state.media[Media.VOICE].state is MediumState.SET_ASIDE) == blamed


async def test_an_agent_without_a_phone_is_set_aside_and_others_get_the_call(hotline: Hotline) -> None:
    first, second = hotline.centre.people.known
    phone = hotline.voice.phone(second.endpoint)
    await hotline.centre.ready(first)
    await hotline.voice.call(NUMBER, caller_number="13812346021")
    await hotline.queue(hotline.opening.calls[0].id)
    await hotline.settled()
    state = await hotline.centre.routing.agent_state(hotline.centre.tenant_id, first.id)
    assert state.media[Media.VOICE].state is MediumState.SET_ASIDE
    await hotline.centre.ready(second)
    await hotline.settled()
    await phone.rings()


async def test_after_the_agent_the_flow_goes_on_with_the_caller(hotline: Hotline, phone: FakePhone) -> None:
    caller = await talking(hotline, phone)
    call = hotline.opening.calls[0]
    await phone.hang_up()
    await hotline.settled()
    assert not caller.ended
    assert isinstance(await hotline.telephony.next_signal(call.id), Connected)
    left = await hotline.telephony.next_signal(call.id)
    assert isinstance(left, AgentLeft)
    assert not left.lost
    await caller.press("5")
    assert isinstance(await hotline.telephony.next_signal(call.id), KeyPressed)


async def test_commands_for_a_caller_who_left_say_so(hotline: Hotline) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number=None)
    call = hotline.opening.calls[0]
    await caller.hang_up()
    await hotline.settled()
    with pytest.raises(CallGone):
        await hotline.telephony.answer(call.id)
    with pytest.raises(CallGone):
        await hotline.telephony.next_signal(call.id)
    await hotline.telephony.hang_up(call.id, by="flow")


async def test_who_ended_a_call_is_told_once(hotline: Hotline) -> None:
    ended: list[CallEnded] = []

    caller = await hotline.voice.call(NUMBER, caller_number=None)
    call = hotline.opening.calls[0]
    await hotline.telephony.hang_up(call.id, by="flow")
    await hotline.settled()
    assert caller.ended
    async with hotline.centre.database.reading(hotline.centre.tenant_id) as reading:
        ended = [
            item.event for item in await read_subject(reading, call.id, limit=50) if isinstance(item.event, CallEnded)
        ]
    assert [(event.by, event.cause) for event in ended] == [("flow", EndCause.NORMAL.value)]


async def _does_not_answer(*_: object) -> None:
    raise TransientFailure("the node does not answer")


@pytest.mark.parametrize("broken", ["destroy_bridge", "stop_recording"])
@pytest.mark.parametrize("leaves", ["caller", "agent"])
async def test_an_engine_that_fails_at_the_end_keeps_no_agent(
    hotline: Hotline, phone: FakePhone, monkeypatch: pytest.MonkeyPatch, broken: str, leaves: str
) -> None:
    """The end of a talk is stored and its agent goes on, whatever the node makes of the last commands."""
    caller = await talking(hotline, phone, record=True)
    agent, call = hotline.centre.people.known[0], hotline.opening.calls[0]
    monkeypatch.setattr(hotline.voice, broken, _does_not_answer)
    await (caller if leaves == "caller" else phone).hang_up()
    await hotline.settled()

    tenant_id = hotline.centre.tenant_id
    stored = await hotline.telephony.call(tenant_id, call.id)
    assert stored.state is (CallState.ENDED if leaves == "caller" else CallState.WAITING)
    assert (await hotline.centre.routing.agent_state(tenant_id, agent.id)).state == "after_contact_work"


async def test_a_failing_recording_never_disturbs_the_call(
    hotline: Hotline, phone: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_spec: object) -> None:
        raise TransientFailure("disk full")

    monkeypatch.setattr(hotline.voice, "start_recording", fails)
    caller = await talking(hotline, phone, record=True)
    assert caller.talks_to
    found = await hotline.telephony.recordings(hotline.centre.tenant_id, hotline.opening.calls[0].id)
    assert [item.state for item in found] == ["lost"]
    async with hotline.centre.database.reading(hotline.centre.tenant_id) as reading:
        log = await read_subject(reading, hotline.opening.calls[0].id, limit=50)
    assert [item.event.lost for item in log if isinstance(item.event, RecordingEnded)] == [True]


async def test_a_number_is_in_force_as_soon_as_it_is_stored(hotline: Hotline) -> None:
    with suppress(ZeroDivisionError):
        async with hotline.centre.database.transaction(hotline.centre.tenant_id) as tx:
            await hotline.telephony.add_number(tx, "12580", "hotline")
            _ = 1 / 0
    refused = await hotline.voice.call("12580", caller_number=None)
    await hotline.settled()
    assert refused.ended
    async with hotline.centre.database.transaction(hotline.centre.tenant_id) as tx:
        await hotline.telephony.add_number(tx, "12580", "hotline")
    await hotline.voice.call("12580", caller_number=None)
    assert hotline.opening.calls[-1].called_number == "12580"


async def test_an_agent_who_changed_is_rung_where_they_are_now(
    hotline: Hotline, phone: FakePhone, voice: FakeVoice
) -> None:
    people, tenant = hotline.centre.people, hotline.centre.tenant_id
    caller = await talking(hotline, phone)
    await caller.hang_up()
    await hotline.settled()
    moved = msgspec.structs.replace(people.known[0], endpoint="agent-test-elsewhere")
    people.known[0] = moved
    async with hotline.centre.database.transaction(tenant) as tx:
        tx.emit(AgentChanged(agent_id=moved.id), subject=moved.id)
    await hotline.settled()
    await hotline.centre.routing.wrapped_up(tenant, hotline.opening.calls[0].id, agent_id=moved.id)

    await talking(hotline, voice.phone("agent-test-elsewhere"))
