"""What becomes of calls when the application dies, or loses its voice engine, and comes back."""

from pathlib import Path

import pytest

from careline.modules.contact.telephony.events import CallRecovered
from careline.modules.contact.telephony.ports import InboundCall, LegRole
from careline.modules.contact.telephony.views import AgentLeft, CallState
from careline.modules.core.routing.events import ItemAssigned
from tests.support.centre import Centre
from tests.support.fake_voice import FakePhone
from tests.support.hotline import NUMBER, Hotline, nothing_left, talking


class Restart:
    """The application dies and another one starts over the same database and voice engine."""

    def __init__(self, hotline: Hotline, folder: Path) -> None:
        self._old = hotline
        self._folder = folder

    async def __call__(self) -> Hotline:
        old = self._old.centre
        await self._old.voice.lose_link("application killed")
        await old.routing.stop()
        centre = Centre(old.database, old.clock, old.people, old.tenant_id)
        hotline = Hotline(centre, self._old.voice, self._folder)
        hotline.recovered = []  # type: ignore[attr-defined]

        async def heard(event: CallRecovered, _recorded: object) -> None:
            hotline.recovered.append(event)  # type: ignore[attr-defined]

        centre.bus.subscribe("test.recovered", CallRecovered, heard, durable=False)
        await centre.start(make_queues=False)
        await self._old.voice.regain_link(hotline.listener)
        await hotline.settled()
        return hotline


@pytest.fixture
def restart(hotline: Hotline, tmp_path: Path) -> Restart:
    return Restart(hotline, tmp_path / "recordings")


async def test_a_talk_goes_on_over_a_restart(hotline: Hotline, phone: FakePhone, restart: Restart) -> None:
    caller = await talking(hotline, phone, record=True)
    call = hotline.opening.calls[0]
    again = await restart()
    assert caller.talks_to
    assert [event.connected for event in again.recovered] == [True]  # type: ignore[attr-defined]
    await phone.hang_up()
    await again.settled()
    left = await again.telephony.next_signal(call.id)
    assert isinstance(left, AgentLeft)
    recordings = await again.telephony.recordings(again.centre.tenant_id, call.id)
    assert [item.state for item in recordings] == ["done"]
    await again.centre.stop()


async def test_who_left_during_a_restart_is_ended_and_nobody_stays_reserved(
    hotline: Hotline, phone: FakePhone, restart: Restart
) -> None:
    caller = await talking(hotline, phone)
    agent = hotline.centre.people.known[0]
    call = hotline.opening.calls[0]
    await hotline.voice.lose_link("application killed")
    await caller.hang_up()
    again = await restart()
    assert nothing_left(await again.voice.snapshot())
    assert (await again.telephony.call(again.centre.tenant_id, call.id)).state is CallState.ENDED
    state = await again.centre.routing.agent_state(again.centre.tenant_id, agent.id)
    assert state.state == "after_contact_work"
    await again.centre.stop()


async def test_a_phone_that_rang_at_a_crash_stops_and_the_caller_is_taken_up(
    hotline: Hotline, phone: FakePhone, restart: Restart
) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    await hotline.centre.ready(hotline.centre.people.known[0])
    await hotline.queue(hotline.opening.calls[0].id)
    await phone.rings()
    again = await restart()
    assert [event.connected for event in again.recovered] == [False]  # type: ignore[attr-defined]
    assert phone.ringing is None
    assert not caller.ended
    assert await again.centre.routing.readmit(again.centre.tenant_id, hotline.opening.calls[0].id)
    await again.settled()
    await phone.rings()
    await again.centre.stop()


async def test_a_caller_who_waited_with_the_safe_dialplan_keeps_call_and_place(
    hotline: Hotline, phone: FakePhone, restart: Restart
) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    call = hotline.opening.calls[0]
    item = await hotline.queue(call.id, record=True)
    await hotline.voice.lose_link("application killed")
    hotline.voice.strand(caller.leg)
    again = await restart()
    agent = again.centre.people.known[0]
    await again.centre.ready(agent)
    assert again.recovered == []  # type: ignore[attr-defined]
    assert phone.ringing is None, "nobody is rung for a caller who is not back"

    await again.voice.bring_back(caller.leg)
    await again.settled()

    assert [event.call_id for event in again.recovered] == [call.id]  # type: ignore[attr-defined]
    assert again.opening.calls == [], "it is the same call"
    assert await again.centre.routing.readmit(again.centre.tenant_id, call.id)
    await again.settled()
    await phone.rings()
    await phone.answer()
    await again.settled()
    assert caller.talks_to
    assigned = [event for event in again.centre.told if isinstance(event, ItemAssigned)]
    assert [event.enqueued_at for event in assigned] == [item.enqueued_at]
    recordings = await again.telephony.recordings(again.centre.tenant_id, call.id)
    assert [recording.state for recording in recordings] == ["recording"], "what was announced holds on"
    await again.centre.stop()


async def test_a_caller_who_leaves_the_safe_dialplan_is_ended(hotline: Hotline, restart: Restart) -> None:
    caller = await hotline.voice.call(NUMBER)
    call = hotline.opening.calls[0]
    await hotline.queue(call.id)
    await hotline.voice.lose_link("application killed")
    hotline.voice.strand(caller.leg)
    again = await restart()
    assert (await again.telephony.call(again.centre.tenant_id, call.id)).state is CallState.WAITING
    await caller.hang_up()
    await again.settled()
    assert (await again.telephony.call(again.centre.tenant_id, call.id)).state is CallState.ENDED
    assert not await again.centre.routing.readmit(again.centre.tenant_id, call.id)
    assert len(again.sessions) == 0
    await again.centre.stop()


@pytest.mark.parametrize("linked", [True, False])
async def test_a_caller_whom_the_safe_dialplan_took_over_keeps_call_and_place(
    hotline: Hotline, phone: FakePhone, linked: bool
) -> None:
    """Because the link was lost, or because the keeper had sent them away before we were back."""
    caller = await hotline.voice.call(NUMBER)
    call, routing, tenant_id = hotline.opening.calls[0], hotline.centre.routing, hotline.centre.tenant_id
    agent = hotline.centre.people.known[0]
    await hotline.centre.ready(agent)
    item = await hotline.queue(call.id)
    await phone.rings()
    if not linked:
        await hotline.voice.lose_link("link lost")
    hotline.voice.strand(caller.leg)
    if not linked:
        await hotline.voice.regain_link(hotline.listener)
    await hotline.settled()
    assert phone.ringing is None, "nobody is rung for a caller who is away"
    assert (await routing.agent_state(tenant_id, agent.id)).state == "ready", "and nobody is blamed"

    await hotline.voice.bring_back(caller.leg)
    assert await routing.readmit(tenant_id, call.id)
    await hotline.settled()

    assert len(hotline.opening.calls) == len(hotline.sessions) == 1
    await phone.rings()
    await phone.answer()
    await hotline.settled()
    assert caller.talks_to
    assigned = [event for event in hotline.centre.told if isinstance(event, ItemAssigned)]
    assert [event.enqueued_at for event in assigned] == [item.enqueued_at]


async def test_an_agent_whose_caller_is_taken_away_is_free_after_writing_up(hotline: Hotline, phone: FakePhone) -> None:
    caller = await talking(hotline, phone)
    hotline.voice.strand(caller.leg)
    await hotline.settled()
    assert phone.talking is None
    agent = hotline.centre.people.known[0]
    state = await hotline.centre.routing.agent_state(hotline.centre.tenant_id, agent.id)
    assert state.state == "after_contact_work"
    await caller.hang_up()
    await hotline.settled()
    assert len(hotline.sessions) == 0
    assert nothing_left(await hotline.voice.snapshot())


async def test_a_leg_that_nobody_knows_goes_to_the_safe_dialplan(hotline: Hotline, restart: Restart) -> None:
    hotline.opening.refuses = True
    await hotline.voice.lose_link()
    stranger = hotline.voice.leave_stranger(LegRole.CALLER)
    orphan = hotline.voice.leave_stranger(LegRole.AGENT)
    again = await restart()
    assert again.voice.in_safety(stranger)
    assert again.voice.is_gone(orphan)
    await again.centre.stop()


async def test_a_caller_whom_the_safe_dialplan_brings_back_begins_anew(hotline: Hotline, phone: FakePhone) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    first = hotline.opening.calls[0]
    await hotline.centre.ready(hotline.centre.people.known[0])
    await hotline.queue(first.id)
    await phone.rings()
    again = InboundCall(
        leg=caller.leg,
        node="voice-1",
        trunk="demo",
        called_number=NUMBER,
        caller_number="13812346021",
        answered=True,
        arrived_at=hotline.centre.clock.now(),
    )
    await hotline.listener.call_arrived(again)
    await hotline.settled()
    second = hotline.opening.calls[1]
    assert (await hotline.telephony.call(hotline.centre.tenant_id, first.id)).state is CallState.ENDED
    assert (await hotline.telephony.call(hotline.centre.tenant_id, second.id)).state is CallState.WAITING
    assert phone.ringing is None
    assert len(hotline.sessions) == 1
