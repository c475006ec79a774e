"""Calls: stored before anything else, answered by one agent, recorded when announced, ended whole."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from careline.infra.database.database import Database
from careline.infra.database.log import read_subject
from careline.kernel.errors import NotFound, TransientFailure
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.errors import CallGone
from careline.modules.contact.telephony.events import CallEnded, CallRecovered, RecordingEnded
from careline.modules.contact.telephony.ports import EndCause, InboundCall, LegRole
from careline.modules.contact.telephony.views import AgentLeft, CallState, Connected, KeyPressed
from careline.modules.core.routing.events import ItemAssigned
from careline.modules.core.routing.views import Media, MediumState
from careline.modules.directory.people.events import AgentChanged
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock
from tests.support.fake_voice import FakeCaller, FakePhone, FakeVoice
from tests.support.hotline import NUMBER, Hotline, nothing_left


@pytest.fixture
def voice() -> FakeVoice:
    return FakeVoice()


@pytest.fixture
async def centre(sqlite_url: str, clock: FakeClock) -> AsyncIterator[Centre]:
    database = Database(sqlite_url, clock)
    people = StaticPeople()
    people.add("8021")
    people.add("8022")
    centre = Centre(database, clock, people, TenantId(new_id()))
    yield centre
    await centre.stop()
    await database.close()


@pytest.fixture
async def hotline(centre: Centre, voice: FakeVoice, tmp_path: Path) -> Hotline:
    hotline = Hotline(centre, voice, tmp_path / "recordings")
    await centre.start()
    await hotline.add_number()
    return await hotline.start()


@pytest.fixture
def phone(voice: FakeVoice) -> FakePhone:
    return voice.phone("agent-test-8021")


async def talking(hotline: Hotline, phone: FakePhone, *, record: bool = False) -> FakeCaller:
    """A caller who talks with 8021."""
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    call = hotline.opening.calls[-1]
    await hotline.telephony.answer(call.id)
    await hotline.centre.ready(hotline.centre.people.known[0])
    await hotline.queue(call.id, record=record)
    await phone.rings()
    await phone.answer()
    await hotline.settled()
    assert caller.talks_to
    return caller


async def test_an_arrival_and_its_interaction_are_one_fact(hotline: Hotline) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    (call,) = hotline.opening.calls
    stored = await hotline.telephony.call(hotline.centre.tenant_id, call.id)
    assert stored == call
    assert (stored.caller_number, stored.entry_flow, stored.state) == ("13812346021", "hotline", CallState.WAITING)
    assert not caller.answered
    with pytest.raises(NotFound):
        await hotline.telephony.call(TenantId(new_id()), call.id)


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
    assert all(item.path.is_file() for item in found)
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


async def test_a_caller_stranded_by_a_lost_link_begins_anew(hotline: Hotline) -> None:
    caller = await hotline.voice.call(NUMBER)
    await hotline.queue(hotline.opening.calls[0].id)
    await hotline.voice.lose_link("link lost")
    hotline.voice.strand(caller.leg)
    await hotline.voice.regain_link(hotline.listener)
    await hotline.voice.bring_back(caller.leg)
    await hotline.settled()
    first, second = [await hotline.telephony.call(hotline.centre.tenant_id, call.id) for call in hotline.opening.calls]
    assert (first.state, second.state) == (CallState.ENDED, CallState.WAITING)
    assert len(hotline.sessions) == 1


async def test_a_leg_that_nobody_knows_goes_to_the_safe_dialplan(hotline: Hotline, restart: Restart) -> None:
    hotline.opening.refuses = True
    await hotline.voice.lose_link()
    stranger = hotline.voice.leave_stranger(LegRole.CALLER)
    orphan = hotline.voice.leave_stranger(LegRole.AGENT)
    again = await restart()
    assert again.voice.in_safety(stranger)
    assert again.voice.is_gone(orphan)
    await again.centre.stop()


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
        arrived_at=hotline.centre.clock.now(),
    )
    await hotline.listener.call_arrived(again)
    await hotline.settled()
    second = hotline.opening.calls[1]
    assert (await hotline.telephony.call(hotline.centre.tenant_id, first.id)).state is CallState.ENDED
    assert (await hotline.telephony.call(hotline.centre.tenant_id, second.id)).state is CallState.WAITING
    assert phone.ringing is None
    assert len(hotline.sessions) == 1


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
