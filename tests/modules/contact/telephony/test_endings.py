"""The end of a talk: nobody waits for a file, and what the database missed is stored when it is back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from careline.infra.database.database import Database
from careline.infra.database.failures import DatabaseUnreachable
from careline.kernel.ids import new_id
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.services import owed
from careline.modules.contact.telephony.views import AgentLeft, CallerGone, CallState, Connected
from tests.support.fake_voice import FakePhone
from tests.support.hotline import Hotline, nothing_left, talking
from tests.support.waiting import PATIENCE_S, until


async def until_told(hotline: Hotline, kind: type) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(await hotline.telephony.next_signal(hotline.opening.calls[-1].id), kind):
            pass


async def state_of(hotline: Hotline) -> str:
    agent = hotline.centre.people.known[0]
    return (await hotline.centre.routing.agent_state(hotline.centre.tenant_id, agent.id)).state


async def recorded(hotline: Hotline) -> list[str]:
    call = hotline.opening.calls[-1]
    return [item.state for item in await hotline.telephony.recordings(hotline.centre.tenant_id, call.id)]


@contextmanager
def nothing_is_finished(hotline: Hotline) -> Iterator[asyncio.Event]:
    """Recordings are so long that their files are being written all the time, until the event is set."""
    hotline.voice.finishing = asyncio.Event()
    yield hotline.voice.finishing
    hotline.voice.finishing.set()


async def test_what_the_caller_hears_next_waits_for_no_recording(hotline: Hotline, phone: FakePhone) -> None:
    await talking(hotline, phone, record=True)
    with nothing_is_finished(hotline):
        await phone.hang_up()
        await until_told(hotline, Connected)
        await until_told(hotline, AgentLeft)
        assert await state_of(hotline) == "after_contact_work"
        assert await recorded(hotline) == ["recording"]
    await hotline.settled()
    assert await recorded(hotline) == ["done"]


async def test_an_agent_is_free_before_the_recording_of_a_caller_who_left_is_sealed(
    hotline: Hotline, phone: FakePhone
) -> None:
    caller = await talking(hotline, phone, record=True)
    call = hotline.opening.calls[0]
    with nothing_is_finished(hotline):
        await caller.hang_up()
        await hotline.voice.settle()
        stored = await hotline.telephony.call(hotline.centre.tenant_id, call.id)
        assert (stored.state, await state_of(hotline)) == (CallState.ENDED, "after_contact_work")
    await hotline.settled()
    assert await recorded(hotline) == ["done"]


async def test_the_next_talk_of_a_caller_is_recorded_while_the_one_before_is_being_finished(
    hotline: Hotline, phone: FakePhone
) -> None:
    await talking(hotline, phone, record=True)
    with nothing_is_finished(hotline):
        await phone.hang_up()
        await until_told(hotline, Connected)
        await until_told(hotline, AgentLeft)
        agent, call = hotline.centre.people.known[0], hotline.opening.calls[0]
        await hotline.centre.routing.wrapped_up(hotline.centre.tenant_id, call.id, agent_id=agent.id)
        item = hotline.queue(call.id)
        queued = asyncio.create_task(item)
        await phone.rings()
        await phone.answer()
        await until_told(hotline, Connected)
        await until(lambda: hotline.sessions.by_call(call.id).recording_id is not None)  # type: ignore[union-attr]
        assert await recorded(hotline) == ["recording", "recording"]
    await queued
    await hotline.settled()
    assert await recorded(hotline) == ["done", "recording"]


async def test_an_orderly_end_waits_a_little_and_what_is_left_is_ended_later(
    hotline: Hotline, phone: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("careline.modules.contact.telephony.services.recording.ENDS_WITHIN_S", 0.01)
    caller = await talking(hotline, phone, record=True)
    with nothing_is_finished(hotline):
        await caller.hang_up()
        await hotline.voice.settle()
        await hotline.recorder.leave()
        assert await recorded(hotline) == ["recording"]
    now = hotline.centre.clock.now()
    assert await hotline.recorder.end_left(now - timedelta(minutes=10)) == 0, "somebody may be at it"
    assert await hotline.recorder.end_left(now + timedelta(minutes=1)) == 1
    assert await recorded(hotline) == ["done"]
    assert await hotline.recorder.end_left(now + timedelta(minutes=1)) == 0


async def test_a_recording_of_which_nothing_is_there_does_not_run_for_ever(hotline: Hotline, phone: FakePhone) -> None:
    """The end of the row could not be stored, and no file tells of it either."""
    caller = await talking(hotline, phone)
    call, recording_id = hotline.opening.calls[0], new_id()
    async with hotline.centre.database.transaction(hotline.centre.tenant_id) as tx:
        await repository.insert_recording(tx, recording_id, call.id)
    later = hotline.centre.clock.now() + timedelta(minutes=1)
    assert await hotline.recorder.end_left(later) == 0, "its call goes on"
    await caller.hang_up()
    await hotline.settled()
    assert await hotline.recorder.end_left(later) == 1
    assert await recorded(hotline) == ["lost"]


class Away:
    """The database is not reached by whoever writes."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refused = 0
        self.away = False
        write = database._write

        @asynccontextmanager
        async def reached(*args: Any) -> AsyncIterator[Any]:
            if self.away:
                self.refused += 1
                raise DatabaseUnreachable("Connection refused")
            async with write(*args) as tx:
                yield tx

        monkeypatch.setattr(database, "_write", reached)
        monkeypatch.setattr(owed, "PAUSES_S", (0.01,))


@pytest.fixture
def database_away(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Away:
    return Away(hotline.centre.database, monkeypatch)


async def test_a_caller_who_left_while_the_database_was_away_is_stored_when_it_is_back(
    hotline: Hotline, phone: FakePhone, database_away: Away
) -> None:
    caller = await talking(hotline, phone)
    call, tenant_id = hotline.opening.calls[0], hotline.centre.tenant_id
    database_away.away = True
    await caller.hang_up()
    await until(lambda: database_away.refused > 2)
    assert (await hotline.telephony.call(tenant_id, call.id)).state is CallState.CONNECTED
    assert nothing_left(await hotline.voice.snapshot())

    database_away.away = False
    await until(lambda: len(hotline.owed) == 0)
    await hotline.settled()

    stored = await hotline.telephony.call(tenant_id, call.id)
    assert (stored.state, await state_of(hotline)) == (CallState.ENDED, "after_contact_work")


async def test_an_agent_and_then_the_caller_left_while_the_database_was_away(
    hotline: Hotline, phone: FakePhone, database_away: Away
) -> None:
    """The caller hears at once what comes next; the ends are stored in their order."""
    caller = await talking(hotline, phone)
    call, tenant_id = hotline.opening.calls[0], hotline.centre.tenant_id
    signals = hotline.sessions.by_call(call.id).signals  # type: ignore[union-attr]
    database_away.away = True
    await phone.hang_up()
    await until(lambda: signals.qsize() == 2)
    await caller.hang_up()
    await until(lambda: len(hotline.owed) == 2)
    database_away.away = False
    await until(lambda: len(hotline.owed) == 0)
    await hotline.settled()

    told = [type(signals.get_nowait()) for _ in range(signals.qsize())]
    assert told == [Connected, AgentLeft, CallerGone]
    stored = await hotline.telephony.call(tenant_id, call.id)
    assert (stored.state, await state_of(hotline)) == (CallState.ENDED, "after_contact_work")


async def test_what_is_owed_is_tried_once_more_at_an_orderly_end(
    hotline: Hotline, phone: FakePhone, database_away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "PAUSES_S", (10 * PATIENCE_S,))
    caller = await talking(hotline, phone)
    database_away.away = True
    await caller.hang_up()
    await until(lambda: len(hotline.owed) == 1)
    await hotline.owed.leave()
    assert len(hotline.owed) == 1
    database_away.away = False
    await hotline.owed.leave()
    await hotline.settled()
    stored = await hotline.telephony.call(hotline.centre.tenant_id, hotline.opening.calls[0].id)
    assert stored.state is CallState.ENDED
