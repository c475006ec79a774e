"""A caller on hold: what they hear, who may end it, and what becomes of the hold when one of those around it goes."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from careline.infra.database.log import Cursor, read_after
from careline.kernel.errors import AdapterFailure, TransientFailure
from careline.kernel.ids import new_id
from careline.modules.contact.telephony.errors import CallGone
from careline.modules.contact.telephony.events import CallHeld, CallResumed
from careline.modules.contact.telephony.ports import BridgeId, LegId
from careline.modules.contact.telephony.views import AgentLeft, Connected
from tests.modules.contact.telephony.test_restarts import Restart
from tests.support.fake_voice import FakeCaller, FakePhone
from tests.support.hotline import Hotline, nothing_left, talking


@pytest.fixture
def restart(hotline: Hotline, tmp_path: Path) -> Restart:
    return Restart(hotline, tmp_path / "recordings")


async def told(hotline: Hotline) -> list[str]:
    """What was told of holds, in order."""
    async with hotline.centre.database.system_reading() as reading:
        entries = await read_after(reading, Cursor(), limit=1000)
    events = [entry.recorded.event for entry in entries if entry.recorded is not None]
    return [one.name.removeprefix("telephony.call-") for one in events if isinstance(one, CallHeld | CallResumed)]


async def on_hold(hotline: Hotline, phone: FakePhone, *, record: bool = False) -> tuple[FakeCaller, UUID, UUID]:
    """The caller, the call, and the agent who holds it."""
    caller = await talking(hotline, phone, record=record)
    call, agent = hotline.opening.calls[-1].id, hotline.centre.people.known[0].id
    await hotline.telephony.hold(call, agent)
    await hotline.settled()
    assert (caller.music, caller.talks_to) == (True, [])
    return caller, call, agent


async def test_who_is_on_hold_hears_music_and_is_taken_back(hotline: Hotline, phone: FakePhone) -> None:
    caller, call, agent = await on_hold(hotline, phone)
    await hotline.telephony.resume(call, agent)
    await hotline.settled()
    assert caller.talks_to
    assert not caller.music
    assert await told(hotline) == ["held", "resumed"]


async def test_asked_twice_and_by_two_at_once_it_is_done_once(hotline: Hotline, phone: FakePhone) -> None:
    caller = await talking(hotline, phone)
    call, agent = hotline.opening.calls[-1].id, hotline.centre.people.known[0].id
    await asyncio.gather(*(hotline.telephony.hold(call, agent) for _ in range(3)))
    await asyncio.gather(*(hotline.telephony.resume(call, agent) for _ in range(3)))
    await hotline.telephony.resume(call, agent)
    await hotline.settled()
    assert await told(hotline) == ["held", "resumed"]
    assert caller.talks_to


async def test_only_who_talks_may_hold(hotline: Hotline, phone: FakePhone) -> None:
    caller = await talking(hotline, phone)
    call = hotline.opening.calls[-1].id
    for who, of in ((hotline.centre.people.known[1].id, call), (hotline.centre.people.known[0].id, new_id())):
        with pytest.raises(CallGone):
            await hotline.telephony.hold(of, who)
    assert caller.talks_to


async def test_a_caller_who_leaves_on_hold_leaves_nothing(hotline: Hotline, phone: FakePhone) -> None:
    caller, call, agent = await on_hold(hotline, phone)
    await caller.hang_up()
    await hotline.settled()
    assert nothing_left(await hotline.voice.snapshot())
    with pytest.raises(CallGone):
        await hotline.telephony.resume(call, agent)


@pytest.mark.parametrize("asked", [True, False])
async def test_an_agent_who_leaves_ends_the_hold_for_the_caller_who_stays(
    hotline: Hotline, phone: FakePhone, asked: bool
) -> None:
    caller, call, agent = await on_hold(hotline, phone, record=True)
    if asked:
        await hotline.telephony.hang_up_agent(call)
    else:
        await phone.hang_up()
    await hotline.settled()
    assert isinstance(await hotline.telephony.next_signal(call), Connected)
    left = await hotline.telephony.next_signal(call)
    assert isinstance(left, AgentLeft)
    assert (caller.music, caller.ended) == (False, False), "what they hear now is the flow's"
    (leg,) = (await hotline.voice.snapshot()).legs
    assert (leg.bridge, leg.aside) == (None, False)
    with pytest.raises(CallGone):
        await hotline.telephony.hold(call, agent)
    assert [one.state for one in await hotline.telephony.recordings(hotline.centre.tenant_id, call)] == ["done"]


async def test_an_agent_who_leaves_while_the_hold_is_made_leaves_no_music(
    hotline: Hotline, phone: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = await talking(hotline, phone)
    call, agent = hotline.opening.calls[-1].id, hotline.centre.people.known[0].id
    set_aside = hotline.voice.set_aside

    async def late(bridge: BridgeId, leg: LegId) -> None:
        await phone.hang_up()
        await hotline.settled()
        await set_aside(bridge, leg)

    monkeypatch.setattr(hotline.voice, "set_aside", late)
    with pytest.raises(CallGone):
        await hotline.telephony.hold(call, agent)
    assert not caller.music
    (leg,) = (await hotline.voice.snapshot()).legs
    assert (leg.bridge, leg.aside) == (None, False)


async def test_an_engine_that_fails_leaves_the_talk_as_it_was(
    hotline: Hotline, phone: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = await talking(hotline, phone)
    call, agent = hotline.opening.calls[-1].id, hotline.centre.people.known[0].id

    async def fails(_bridge: BridgeId, _leg: LegId) -> None:
        raise TransientFailure("no link")

    with monkeypatch.context() as broken:
        broken.setattr(hotline.voice, "set_aside", fails)
        with pytest.raises(AdapterFailure):
            await hotline.telephony.hold(call, agent)
    await hotline.telephony.hold(call, agent)
    await hotline.settled()
    assert (caller.music, await told(hotline)) == (True, ["held"])


async def test_a_hold_goes_on_over_a_restart(hotline: Hotline, phone: FakePhone, restart: Restart) -> None:
    caller, call, agent = await on_hold(hotline, phone, record=True)
    again = await restart()
    assert [event.connected for event in again.recovered] == [True]  # type: ignore[attr-defined]
    assert caller.music
    await again.telephony.hold(call, agent)
    await again.telephony.resume(call, agent)
    await again.settled()
    assert caller.talks_to
    assert await told(again) == ["held", "resumed"], "it was held already"
    await again.centre.stop()


async def test_who_is_on_hold_hears_no_prompt_of_a_flow(hotline: Hotline, phone: FakePhone) -> None:
    caller, call, _ = await on_hold(hotline, phone)
    heard = list(caller.heard)
    await hotline.telephony.play(call, [Path("word.wav")])
    await hotline.telephony.music(call, on=False)
    assert caller.heard == heard
    assert caller.music
